"""Limits, methods, orders and terms in the words of the text, as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whopays.model.conditions import Condition, number_text
from whopays.model.contract import Answer, Limit
from whopays.model.formulas import Let, Result
from whopays.model.money import dollars
from whopays.model.payments import Method, MethodSet, Order, Term, TermSet
from whopays.model.rules import Rules
from whopays.pages.tables import Standing, Table

_ALWAYS = "always"
_MONEY = "money"


def limit_text(limit: Limit) -> str:
    """Return what `limit` counts and who bears what of it, a line for each statement."""
    return "\n".join(_limit_lines(limit))


def _limit_lines(limit: Limit) -> Iterator[str]:
    yield f"applies to shares of {limit.applies_to}"
    yield f"counts {limit.counts.text}"
    period = f" per {limit.period}" if limit.period else ""
    since = f" from {limit.since}" if limit.since is not None else ""
    yield f"per {limit.per}{period}{since}"
    for at, tier in enumerate(limit.tiers):
        word = "then" if at else "first"
        up_to = ""
        if tier.up_to is not None:
            number = tier.up_to
            is_money = limit.unit == _MONEY and isinstance(number, int)
            up_to = (
                f" up to {dollars(int(number)) if is_money else number_text(number)}"
            )
        yield f"{word} {_who(tier.shares)}{up_to}"
    if limit.recover is not None:
        yield f"recover within {limit.recover.text}"
    if limit.yields_to:
        yield f"yields to {', '.join(limit.yields_to)}"


def _who(answer: Answer) -> str:
    """Return an answer as a tier has it: a party that bears all stands alone."""
    return answer.shares[0][0] if len(answer.shares) == 1 else answer.text


def amount_tables(rules: Rules) -> tuple[Table, ...]:
    """Return a table for each set of methods, each order, and each set of terms."""
    return (
        *map(_methods, rules.methods.values()),
        *map(_order, rules.orders.values()),
        *map(_terms, rules.terms.values()),
    )


def _called(each: MethodSet | Order | TermSet) -> str:
    return f"{each.id} {each.version}: {each.title}"


def _methods(methods: MethodSet) -> Table:
    columns = ("title", "when", "what it calculates")
    rows = tuple(map(_method, methods.methods.values()))
    return Table(_called(methods), "method", "", columns, (), rows)


def _method(method: Method) -> Standing:
    cells = (method.title, _when(method.when), "\n".join(_method_lines(method)))
    place = (method.span.source.name, method.span.line)
    cites = "; ".join(method.cites)
    return Standing(("method", method.id), method.id, "", cells, "", cites, *place)


def _method_lines(method: Method) -> Iterator[str]:
    yield f"for {', '.join(method.positions)}"
    if method.by_hand:
        yield "calculate by hand"
        return
    spread = f" spread by {', '.join(method.spread_by)}" if method.spread_by else ""
    yield f"per {method.level}{spread}"
    yield from _let_lines(method.lets)
    for result in (method.pay, method.patient, *method.carries):
        if result is not None:
            yield from _result_lines(result)
    if method.rounding != "half away":
        yield f"rounded {method.rounding}"
    yield from (f'breaks {b.promise} because "{b.why}"' for b in method.breaks)


def _let_lines(lets: Iterable[Let]) -> Iterator[str]:
    yield from (f"let {each.name} = {each.value.text}" for each in lets)


def _result_lines(result: Result, head: str = "") -> Iterator[str]:
    named = f" {result.name} =" if result.name else ""
    yield f"{head or result.kind}{named} {result.value.text}"
    yield from (f"not {each.kind} {each.value.text}" for each in result.bounds)


def _order(order: Order) -> Table:
    columns = ("title", "this ahead of other when")
    rows = [
        Standing(
            ("rule", rule.order, rule.id),
            rule.id,
            rule.when.text,
            (rule.title, rule.when.text),
            "",
            "; ".join(rule.cites),
            rule.span.source.name,
            rule.span.line,
        )
        for rule in order.rules
    ]
    if order.share_equally:
        place = (order.span.source.name, order.span.line)
        cells = ("share equally", "no rule decides any pair")
        rows.append(Standing(("rule",), "otherwise", "", cells, "", "", *place))
    return Table(_called(order), "rule", "", columns, (), tuple(rows))


def _terms(terms: TermSet) -> Table:
    columns = ("by", "when", "what it is")
    rows = tuple(map(_term, terms.terms))
    return Table(_called(terms), "term", "", columns, (), rows)


def _term(term: Term) -> Standing:
    days = [f"in force {period}" for period in term.in_force]
    when = "\n".join([_when(term.when), *days])
    by = f"{term.source}\n({term.called})" if term.called else term.source
    cells = (by, when, "\n".join(_term_lines(term)))
    place = (term.span.source.name, term.span.line)
    cites = "; ".join(term.cites)
    return Standing(("term", term.id), term.name, "", cells, "", cites, *place)


def _term_lines(term: Term) -> Iterator[str]:
    yield from _let_lines(term.lets)
    if term.value is not None:
        yield f"per {term.level}"
        yield from _result_lines(term.value)
    if term.holds is not None:
        yield f"holds when {term.holds.text}"
    for reading in term.readings:
        head = f"reading {reading.name} per {reading.value.level} is"
        yield from _result_lines(reading.value, head)
    for words, reason in (("ambiguous", term.ambiguous), ("undefined", term.undefined)):
        if reason:
            yield f'{words} because "{reason}"'


def _when(when: Condition | None) -> str:
    return when.text if when is not None else _ALWAYS
