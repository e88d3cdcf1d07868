"""Orders of benefits: rules for a pair of plans, and the rules of other orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label, Severity, Span
from whopays.model.facts import Fact
from whopays.model.payments import Order, OrderRule
from whopays.resolve.conditions import Scope
from whopays.resolve.names import check_id
from whopays.resolve.payments.methods import of_patient
from whopays.resolve.payments.symmetric import is_symmetric
from whopays.resolve.report import Report
from whopays.resolve.sections import Section, defines_of
from whopays.syntax import nodes

#: Returns the order that a reference names, or None after errors.
FindOrder = Callable[[nodes.Reference], Order | None]


def order(
    head: nodes.OrderBlock,
    section: Section,
    facts: dict[str, Fact],
    find: FindOrder,
    report: Report,
) -> Order:
    """Return the order `head`, the rules of other orders at their places."""
    scope = Scope(of_pair(facts), report, defines=defines_of(section, report))
    scope.resolve_defines()
    found: list[OrderRule] = []
    seen: dict[str, Span] = {}
    for step in head.steps:
        if len(found) > bounds.MOST_RULES:
            break
        if isinstance(step, nodes.RulesFrom):
            other = find(step.order)
            found.extend(other.rules if other is not None else ())
            continue
        check_id("rule", step.id, report)
        first = seen.setdefault(step.id.text, step.id.span)
        if first is not step.id.span:
            report.twice("rule", step.id.text, step.id.span, first)
        built = _rule(step, head, scope)
        if built is not None:
            found.append(built)
    if len(found) > bounds.MOST_RULES:
        report.error(
            "P020",
            f"this order has more than {bounds.MOST_RULES} rules, with those that it "
            "takes from others",
            head.span,
            "rules that it has already are taken once more in vain",
        )
    if not head.steps:
        report.missing(
            "this `order` block has no `rule`",
            head.span,
            'write `rule ID "title"`, `this ahead of other`, `when …`, `end`',
        )
    version = head.version.text if head.version else ""
    return Order(
        head.id.text,
        version,
        head.title.text,
        facts,
        tuple(found),
        head.share_equally,
        head.id.span,
    )


def of_pair(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Return the facts of a pair of plans as rules write them: `this.`, `other.`."""
    found = {name: fact for name, fact in facts.items() if fact.of in {"line", "claim"}}
    for side in ("this", "other"):
        for name, fact in facts.items():
            if fact.of == "plan":
                full = f"{side}.{name}"
                found[full] = replace(fact, name=full, of="claim")
    return {**found, **of_patient(facts)}


def _rule(
    block: nodes.RuleBlock, head: nodes.OrderBlock, scope: Scope
) -> OrderRule | None:
    when = scope.condition(block.when)
    if when is None:
        return None
    if is_symmetric(when):
        scope.report.warn(
            Diagnostic(
                "R031",
                f"rule `{block.id.text}` can never decide: what it asks holds for both "
                "plans, or for neither",
                (Label(block.id.span),),
                "say what one plan has and the other has not, as `this.kind is group and "
                "other.kind is medicare`",
                severity=Severity.WARNING,
            )
        )
    return OrderRule(
        block.id.text,
        block.title.text,
        tuple(word.text for word in block.cites),
        when,
        head.id.text,
        block.id.span,
    )
