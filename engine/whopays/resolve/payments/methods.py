"""Methods of coordination: positions, level, gate, lets, what is paid, owed and carried."""

from __future__ import annotations

from dataclasses import replace

from whopays.diagnostics import Label, Span, nearest, rewrite
from whopays.model import formulas as model
from whopays.model.facts import Fact, Kind
from whopays.model.payments import PROMISES, Broken, Method, MethodSet
from whopays.resolve.conditions import Scope
from whopays.resolve.names import check_id
from whopays.resolve.payments.amounts import (
    BALANCE,
    CLAIM,
    LINE,
    MONEY,
    OWN_PAID,
    Amounts,
    FindTerm,
    Typed,
    level_of,
)
from whopays.resolve.payments.crossed import crossed
from whopays.resolve.payments.dictionary import Dictionary
from whopays.resolve.payments.lets import lets
from whopays.resolve.report import Report
from whopays.resolve.sections import Section, defines_of
from whopays.syntax import nodes

_POSITIONS = ("secondary", "tertiary", "equal")
_LEVELS = (LINE, CLAIM)
#: The share of one of several equal plans; known to methods for equal plans.
EQUAL_SHARE = "equal_share"


def method_set(
    head: nodes.MethodsBlock,
    section: Section,
    facts: dict[str, Fact],
    dictionary: Dictionary,
) -> MethodSet:
    """Return the methods under `head`; what is wrong is reported by `dictionary`."""
    report = dictionary.report
    defines = defines_of(section, report)
    known = of_method(facts, head.id.span)
    terms = dictionary.fact
    Scope(dict(known), report, defines=defines, terms=terms).resolve_defines()
    found: dict[str, Method] = {}
    for block in section.members:
        if not isinstance(block, nodes.MethodBlock):
            continue
        check_id("method", block.id, report)
        if block.id.text in found:
            first = found[block.id.text].span
            report.twice("method", block.id.text, block.id.span, first)
            continue
        scope = Scope(dict(known), report, defines=defines, terms=terms)
        built = method(block, scope, dictionary.finder())
        words = dictionary.terms if dictionary.sets else ()
        found[block.id.text] = replace(built, terms=words)
    version = head.version.text if head.version else ""
    return MethodSet(head.id.text, version, head.title.text, facts, found, head.id.span)


def of_method(facts: dict[str, Fact], head: Span) -> dict[str, Fact]:
    """Return the facts that methods can name; whose `head` it is.

    A share of equal plans is counted, not claimed: no facts block has to declare it.
    """
    share = Fact(EQUAL_SHARE, Kind.NUMBER, head, of="claim")
    return {EQUAL_SHARE: share, **facts, **of_patient(facts)}


def of_patient(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Return the facts of the patient as rules write them: `patient.is_child`."""
    return {
        f"patient.{name}": replace(fact, name=f"patient.{name}", of="claim")
        for name, fact in facts.items()
        if fact.of == "patient"
    }


def method(
    block: nodes.MethodBlock, scope: Scope, terms: FindTerm | None = None
) -> Method:
    """Return the method `block`; what is wrong is reported."""
    report = scope.report
    level = _level(block, report)
    amounts = Amounts(scope, level, terms)
    named = lets(block.lets, amounts)
    when = scope.optional(block.when)
    by_kind: dict[str, list[model.Result]] = {
        "pay": [],
        "patient owes": [],
        "carry": [],
    }
    for line in block.amounts:
        if line.kind == "pay":
            _add(by_kind, line, amounts)
    paid = Typed(model.Read(OWN_PAID), MONEY, level)
    after = replace(amounts, own={**amounts.own, OWN_PAID: paid})
    for line in block.amounts:
        if line.kind != "pay":
            _add(by_kind, line, after)
    pay, patient = by_kind["pay"], by_kind["patient owes"]
    found = Method(
        block.id.text,
        block.title.text,
        tuple(word.text for word in block.cites),
        _positions(block, report),
        level,
        _spread(block, scope),
        when,
        named,
        pay[0] if pay else None,
        patient[0] if patient else None,
        tuple(by_kind["carry"]),
        _rounding(block, report),
        block.by_hand is not None,
        block.id.span,
        _breaks(block, report),
    )
    _hangs_together(block, found, scope)
    return found


def _add(
    found: dict[str, list[model.Result]], line: nodes.AmountLine, amounts: Amounts
) -> None:
    built = result(line, amounts)
    if built is not None:
        found[line.kind].append(built)


def result(
    line: nodes.AmountLine, amounts: Amounts, unit: str = MONEY
) -> model.Result | None:
    """Return `line` with its bounds; `unit` empty takes money and numbers alike."""
    name = line.name
    if name is not None:
        fact = amounts.scope.facts.get(name.text)
        if fact is None or level_of(fact) != BALANCE:
            facts = amounts.scope.facts.items()
            balances = [each for each, f in facts if level_of(f) == BALANCE]
            amounts.scope.report.unknown(
                "R001", "balance", name.text, name.span, balances
            )
            return None
    value = amounts.whole(line.value, unit)
    read = [(b.kind, amounts.whole(b.value, unit)) for b in line.bounds]
    if value is None or any(each is None for _, each in read):
        return None
    bounds = tuple(model.Bound(kind, b.value) for kind, b in read if b is not None)
    crossed(line.bounds, bounds, amounts.lets, amounts.scope.report)
    return model.Result(
        line.kind, name.text if name else "", value.value, bounds, amounts.level
    )


def _level(block: nodes.MethodBlock, report: Report) -> str:
    if block.per is None:
        if block.by_hand is None:
            report.missing(
                "this `method` block has no `per`",
                block.span,
                "it takes `per line` or `per claim`",
            )
        return CLAIM
    word = block.per.whom
    if word.text not in _LEVELS or block.per.period:
        report.unknown("R003", "level of a method", word.text, word.span, _LEVELS)
        # What was probably meant, so that its formulas are not accused as well.
        return nearest(word.text, _LEVELS) or CLAIM
    return word.text


def _positions(block: nodes.MethodBlock, report: Report) -> tuple[str, ...]:
    if not block.positions:
        report.missing(
            "this `method` block has no `for`",
            block.span,
            "it takes `for secondary, tertiary`, or `for equal`",
        )
    for word in block.positions:
        if word.text not in _POSITIONS:
            if word.text in {"primary", "first"}:
                message = f"a method is for a plan that is not the first: `{word.text}`"
                advice = "the first plan pays what it would pay alone"
                report.error("R003", message, word.span, advice)
                continue
            report.unknown("R003", "position", word.text, word.span, _POSITIONS)
    return tuple(word.text for word in block.positions)


def _spread(block: nodes.MethodBlock, scope: Scope) -> tuple[str, ...]:
    if block.per is None:
        return ()
    for word in block.per.spread_by:
        fact = scope.fact(word)
        if fact is not None and (fact.kind is not Kind.MONEY or fact.per != LINE):
            scope.report.error(
                "R023",
                f"`{fact.name}` is {fact.described}; a result is spread by amounts of "
                "the line",
                word.span,
            )
    if block.per.spread_by and block.per.whom.text == LINE:
        scope.report.error(
            "R026",
            "a result per line is not spread",
            block.per.span,
            rewrite(block.per.span, "per line"),
        )
    return tuple(word.text for word in block.per.spread_by)


def _rounding(block: nodes.MethodBlock, report: Report) -> str:
    if not block.rounded:
        return "half away"
    text = " ".join(word.text for word in block.rounded)
    if text != "half even":
        first, last = block.rounded[0].span, block.rounded[-1].span
        report.unknown("R003", "rounding", text, first.to(last), ("half even",))
    return text


def _breaks(block: nodes.MethodBlock, report: Report) -> tuple[Broken, ...]:
    found: dict[str, Broken] = {}
    for line in block.breaks:
        for word in line.promises:
            if word.text not in PROMISES:
                report.unknown("R003", "promise", word.text, word.span, PROMISES)
            elif word.text in found:
                report.error(
                    "R006",
                    f"`{word.text}` stands twice among what this method breaks",
                    word.span,
                    "keep one; a reason in quotes may say several things",
                    also=[Label(found[word.text].span, "first said here")],
                )
            else:
                why = line.because.text
                found[word.text] = Broken(word.text, why, word.span)
    if found and block.by_hand is not None:
        report.error(
            "R026",
            "this method is calculated by hand, and has no payment that breaks anything",
            block.breaks[0].span,
            "take the line out",
        )
    return tuple(found.values())


def _hangs_together(block: nodes.MethodBlock, found: Method, scope: Scope) -> None:
    report = scope.report
    kinds = {line.kind for line in block.amounts}
    if block.by_hand is not None and (kinds or block.lets):
        report.error(
            "R026",
            "this method is calculated by hand, and has a formula too",
            block.by_hand,
            "keep one of the two",
        )
    if block.by_hand is None and "pay" not in kinds:
        report.missing(
            "this `method` block has no `pay`",
            block.span,
            "it takes `pay AMOUNT`, or `calculate by hand`",
        )
    equal = "equal" in found.positions
    if equal and len(found.positions) > 1:
        report.error(
            "R026",
            "a method for equal plans is for no other position",
            block.positions[0].span.to(block.positions[-1].span),
            "two methods say it",
        )
    results = [each for each in (found.pay, found.patient) if each is not None]
    values = [*(let.value for let in found.lets), *(each.value for each in results)]
    values.extend(each.value for each in found.carries)
    values.extend(
        bound.value for each in (*results, *found.carries) for bound in each.bounds
    )
    read = {
        part.name
        for value in values
        for part in model.parts_of(value)
        if isinstance(part, model.Read)
    }
    if EQUAL_SHARE in read and not equal:
        report.error(
            "R026",
            f"`{EQUAL_SHARE}` is known to methods for equal plans only",
            block.id.span,
            "it belongs to a method `for equal`",
        )
    carried = {line.name.text for line in block.amounts if line.name is not None}
    for name in sorted(read):
        fact = scope.facts.get(name)
        if fact is not None and level_of(fact) == BALANCE and name not in carried:
            report.error(
                "R026",
                f"this method uses the balance `{name}` and does not say what is left "
                "of it",
                block.id.span,
                f"add `carry {name} = …`",
            )
