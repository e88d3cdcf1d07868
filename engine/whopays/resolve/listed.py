"""Values that stand where a condition is expected: what was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from whopays.diagnostics import rewrite
from whopays.model.facts import Fact, Kind
from whopays.resolve.report import Report
from whopays.syntax import nodes


def value_alone(word: nodes.Word, having: list[str], report: Report) -> None:
    """Report a value that stands without its fact, one of `having`."""
    tests = [f"{name} is {word.text}" for name in having]
    report.error(
        "R001",
        f"`{word.text}` is a value, and no fact stands before it",
        word.span,
        rewrite(word.span, tests[0])
        if len(tests) == 1
        else f"what is meant may be {' or '.join(f'`{each}`' for each in tests[:4])}",
    )


def one_value_each(
    node: nodes.AnyOf,
    facts: Mapping[str, Fact],
    parties: Collection[str],
    report: Report,
) -> bool:
    """Report `fact is A or B`, where B is a value and no condition."""
    first = node.parts[0]
    if not isinstance(first, nodes.Atom) or first.op != "is":
        return False
    fact = facts.get(first.fact.text)
    operand = first.operands[0]
    others = [
        part.fact
        for part in node.parts[1:]
        if isinstance(part, nodes.Atom) and part.op == "holds"
    ]
    if fact is None or not isinstance(operand, nodes.Literal) or not others:
        return False
    values = {*fact.options, *(parties if fact.kind is Kind.PARTY else ())}
    if len(others) < len(node.parts) - 1 or not all(w.text in values for w in others):
        return False
    listed = ", ".join([operand.text, *(word.text for word in others)])
    report.error(
        "R003",
        f"`{others[0].text}` is a value of `{fact.name}`, not a condition",
        others[0].span,
        rewrite(node.span, f"{fact.name} in {listed}"),
    )
    return True
