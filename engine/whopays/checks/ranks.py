"""What must be one of several: categories by rank, `decide by` and `match by` lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from whopays.checks.asked import Asked, Scope
from whopays.checks.diagrams import NO, YES, Node, TooLargeError
from whopays.checks.space import Space
from whopays.checks.witness import can_be_written, in_words
from whopays.diagnostics import Diagnostic, Label, Severity, Span
from whopays.model import conditions as model
from whopays.model.catalog import By, Category
from whopays.program.compile import Program

_STEPS = 2_000_000
_MOST_PAIRS = 500_000  # of categories that are looked at, one beside the other
_MOST_TOLD = 100
_SCOPE: Scope = ()  # no version's days play a part


def unranked(asked: Asked) -> Iterator[Diagnostic]:
    """Yield the pairs of categories that hold the same line and are not ranked."""
    catalog = asked.program.contract.catalog
    space = Space(asked, _STEPS)
    told = 0
    for number, (pair, code) in enumerate(_pairs(asked.program)):
        if number == _MOST_PAIRS or told == _MOST_TOLD:
            yield _not_all(catalog.span, told)
            return
        left, right = pair
        if right in catalog.later[left] or left in catalog.later[right]:
            continue
        one, other = catalog.categories[left], catalog.categories[right]
        try:
            example = _example(space, _met(space, one.when, other.when))
        except TooLargeError:
            told += 1
            space = Space(asked, _STEPS)
            yield _open(f"`{left}` and `{right}` both hold one line", one, other)
            continue
        if example is None:
            continue
        told += 1
        said = ", ".join(part for part in (code, example) if part)
        yield Diagnostic(
            "C004",
            f"`{left}` and `{right}` both hold the same line and are not ranked",
            (Label(one.span), Label(other.span)),
            f'a line `rank "{left}" before "{right}"` says it, or the other way round',
            (f"for example: {said}",) if said else (),
        )


def _pairs(program: Program) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield categories that may hold the same line, each pair once, and by which code."""
    catalog = program.contract.catalog
    seen: set[tuple[str, str]] = set()
    for fact in catalog.code_facts():
        for family, code in program.code_index(fact).representatives.items():
            for pair in combinations(sorted(str(name) for name in family), 2):
                if pair not in seen:
                    seen.add(pair)
                    yield pair, f"{fact} {catalog.facts[fact].written(code)}"
    codeless = sorted(
        name
        for name, each in catalog.categories.items()
        if not each.codes and each.when is not None
    )
    for pair in combinations(codeless, 2):
        yield pair, ""


def _not_all(span: Span, told: int) -> Diagnostic:
    return Diagnostic(
        "C007",
        f"after {told} pairs of categories that are not ranked the others were not "
        "looked at"
        if told
        else f"after {_MOST_PAIRS:,} pairs of categories the others were not looked at: "
        "whether they are to be ranked is not known",
        (Label(span),),
        "codes of their own tell categories apart",
        severity=Severity.WARNING,
    )


def _example(space: Space, node: Node) -> str | None:
    """Return facts that are in a case of `node`, in words, or None if it has none."""
    if node == NO:
        return None
    facts = space.facts(space.diagrams.one_case(node)) or {}
    if not can_be_written(facts):
        return ""
    return in_words(facts, space.program.contract.facts)


def _met(
    space: Space, one: model.Condition | None, other: model.Condition | None
) -> Node:
    """Return the cases in which both conditions hold."""
    node = space.diagrams.both(space.where(one, _SCOPE), space.where(other, _SCOPE))
    return space.domain(node)


def _open(what: str, one: By | Category, other: By | Category) -> Diagnostic:
    return Diagnostic(
        "C007",
        f"whether {what} could not be looked at: their conditions are too large",
        (Label(one.span), Label(other.span)),
        "ask for fewer facts at once",
        severity=Severity.WARNING,
    )


def exclusive(asked: Asked, lines: tuple[By, ...], words: str) -> Iterator[Diagnostic]:
    """Yield where not exactly one of the `lines` holds: `decide by`, `match by`."""
    space = Space(asked, _STEPS)
    try:
        yield from _exclusive(space, lines, words)
    except TooLargeError:
        yield _open(f"exactly one `{words}` line holds", lines[0], lines[-1])


def _exclusive(space: Space, lines: tuple[By, ...], words: str) -> Iterator[Diagnostic]:
    conditioned = [by for by in lines if by.when is not None]
    for one, other in combinations(conditioned, 2):
        if one.facts != other.facts and _met(space, one.when, other.when) != NO:
            yield Diagnostic(
                "C005",
                f"two `{words}` lines hold at the same time",
                (Label(one.span), Label(other.span)),
                "make their conditions exclusive",
            )
    if conditioned and len(conditioned) == len(lines):
        left = YES
        for by in conditioned:
            left = space.diagrams.without(left, space.where(by.when, _SCOPE))
        if space.domain(left) != NO:
            yield Diagnostic(
                "C005",
                f"no `{words}` line holds for some lines",
                (Label(conditioned[0].span),),
                f"add a `{words} … otherwise`",
            )
