"""Routes and clocks of a contract: within which days, from which date, what interest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from whopays import bounds
from whopays.diagnostics import Remedy, Span, rewrite
from whopays.model.catalog import Period
from whopays.model.clocks import WORKING, Clock, Days, Interest, Rate, Route
from whopays.model.facts import Fact, Kind
from whopays.resolve import literals
from whopays.resolve.catalog import periods
from whopays.resolve.conditions import Scope
from whopays.resolve.names import check_id
from whopays.resolve.report import Report
from whopays.resolve.sections import Section, defines_of
from whopays.syntax import nodes

_UNITS = ("days", "calendar days", WORKING)
_STRETCHES = ("day", "month", "year", "calendar year")
_LONGEST = 4  # digits of a count of days
_HIGHEST = Fraction(10)  # 1,000%
#: A regulation is read without the contracts that use it and name a calendar.
_ANY = "any"


@dataclass(frozen=True)
class Under:
    """What a route or a clock stands under: the names it may use, and the calendar."""

    scope: Scope
    calendar: str

    @property
    def report(self) -> Report:
        """Where what is wrong is told."""
        return self.scope.report


def routes(members: Iterable[nodes.Block], under: Under) -> tuple[Route, ...]:
    """Return the routes among `members`."""
    found = (_route(b, under) for b in members if isinstance(b, nodes.RouteBlock))
    return tuple(each for each in found if each is not None)


def clocks(members: Iterable[nodes.Block], under: Under) -> tuple[Clock, ...]:
    """Return the clocks among `members`."""
    found = (_clock(b, under) for b in members if isinstance(b, nodes.ClockBlock))
    return tuple(each for each in found if each is not None)


def regulation(
    head: nodes.RegulationBlock,
    section: Section,
    facts: dict[str, Fact],
    report: Report,
) -> None:
    """Report what is wrong with the routes and clocks under `head`, by themselves.

    A regulation knows no parties: the contracts that use it have their own.
    """
    if head.version is None:
        report.missing(
            "this `regulation` block has no `version`",
            head.span,
            "it takes a line such as `version 2026.1`",
        )
    scope = Scope(facts, report, defines=defines_of(section, report))
    scope.resolve_defines()
    under = Under(scope, _ANY)
    seen: dict[str, Span] = {}
    for block in section.members:
        if isinstance(block, nodes.RouteBlock | nodes.ClockBlock):
            check_id("clause", block.id, report)
            first = seen.setdefault(block.id.text, block.id.span)
            if first is not block.id.span:
                report.twice("clause", block.id.text, block.id.span, first)
    routes(section.members, under)
    clocks(section.members, under)


def _in_force(lines: tuple[nodes.Dates, ...], under: Under) -> tuple[Period, ...]:
    if len(lines) > bounds.MOST_PERIODS:
        under.report.error(
            "P020",
            f"there are more than {bounds.MOST_PERIODS} periods",
            lines[bounds.MOST_PERIODS].span,
            "a rule of law is in force for one or two",
        )
        return ()
    return periods(lines, under.report)


def _route(block: nodes.RouteBlock, under: Under) -> Route | None:
    when = under.scope.optional(block.when)
    in_force = _in_force(block.in_force, under)
    days = days_of(block.then, under)
    if days is None or (block.when is not None and when is None):
        under.report.lose_name(block.id.text)
        return None
    return Route(
        block.id.text,
        block.title.text,
        when,
        tuple(word.text for word in block.cites),
        in_force,
        days,
        tuple(word.text for word in block.yields_to),
        block.id.span,
        block.then.duties,
    )


def _clock(block: nodes.ClockBlock, under: Under) -> Clock | None:
    when = under.scope.optional(block.when)
    in_force = _in_force(block.in_force, under)
    days = days_of(block.then, under)
    interest = None
    if block.interest is not None:
        interest = _interest(block, block.interest, under)
    elif block.rounded:
        under.report.error(
            "R040",
            "only interest is rounded, and this clock has none",
            block.rounded[0].span,
            "add a line such as `interest 15% per year`, or take this one out",
        )
    is_lost = block.interest is not None and interest is None
    if days is None or is_lost or (block.when is not None and when is None):
        under.report.lose_name(block.id.text)
        return None
    return Clock(
        block.id.text,
        block.title.text,
        when,
        tuple(word.text for word in block.cites),
        in_force,
        days,
        tuple(word.text for word in block.yields_to),
        block.id.span,
        interest,
    )


# Days


def days_of(
    line: nodes.DutyLine | nodes.DaysLine, under: Under, also: str = ""
) -> Days | None:
    """Return within which days of which date, or None after errors.

    `also` is a name beside the facts from which days may run.
    """
    scope, report = under.scope, under.report
    unit = _unit(line, under)
    if unit is None:
        return None
    count = line.count
    if not count.text.isdigit() or len(count.text) > _LONGEST:
        report.error("R004", "this is not a count of days", count.span)
        return None
    name = line.fact.text
    fact = None if also and name == also else scope.fact(line.fact)
    if fact is None and (not also or name != also):
        return None
    if fact is not None and fact.kind is not Kind.DATE:
        report.error(
            "R003",
            f"a deadline runs from a date; `{fact.name}` is {fact.described}",
            line.fact.span,
            _named(scope.facts, Kind.DATE, "dates"),
        )
        return None
    if unit == WORKING and not under.calendar:
        report.error(
            "R028",
            "working days need a calendar, and the contract names none",
            line.span,
            "add `calendar US-FEDERAL` to the head of the contract",
        )
        return None
    return Days(int(count.text), unit, name)


def _unit(line: nodes.DutyLine | nodes.DaysLine, under: Under) -> str | None:
    unit = " ".join(word.text for word in line.unit)
    if unit in _UNITS:
        return unit
    span = line.unit[0].span.to(line.unit[-1].span)
    if "business" in unit or "work" in unit:
        under.report.error(
            "R003",
            f"there is no unit of a deadline `{unit}`",
            span,
            rewrite(span, WORKING),
        )
    else:
        under.report.unknown("R003", "unit of a deadline", unit, span, _UNITS)
    return None


def _named(facts: Mapping[str, Fact], kind: Kind, what: str) -> str:
    names = [name for name, fact in facts.items() if fact.kind is kind]
    listed = ", ".join(f"`{name}`" for name in names[:6])
    return f"{what} are {listed}" if names else ""


# Interest


def _interest(
    block: nodes.ClockBlock, line: nodes.InterestLine, under: Under
) -> Interest | None:
    report = under.report
    rates = [_rate(each, under) for each in line.rates]
    rounding = _rounding(block, under)
    on = ""
    if line.on is not None:
        fact = under.scope.fact(line.on)
        if fact is None:
            return None
        if fact.kind is not Kind.MONEY or fact.per != "line":
            report.error(
                "R040",
                f"interest is on an amount of the line; `{fact.name}` is {fact.described}",
                line.on.span,
                _named(under.scope.facts, Kind.MONEY, "amounts"),
            )
            return None
        on = fact.name
    if line.extreme and len(rates) == 1:
        report.error(
            "R040",
            f"`{line.extreme} of` compares two rates or more",
            line.span,
            rewrite(_compared(line), line.rates[0].span.text),
        )
    good = tuple(rate for rate in rates if rate is not None)
    if len(good) < len(rates) or rounding is None:
        return None
    return Interest(line.extreme, good, on, rounding)


def _compared(line: nodes.InterestLine) -> Span:
    """Return where `greater of (…)` stands."""
    text, start = line.span.text, line.span.start
    first, last = text.index(line.extreme), text.rindex(")") + 1
    return Span(line.span.source, start + first, start + last)


def _rounding(block: nodes.ClockBlock, under: Under) -> str | None:
    text = " ".join(word.text for word in block.rounded)
    if text in {"", "half even"}:
        return text or "half away"
    span = block.rounded[0].span.to(block.rounded[-1].span)
    if text == "half up":
        under.report.error(
            "R003",
            "half a cent is rounded up where no line says otherwise",
            span,
            "take the line out; the other way is `rounded half even`",
        )
    else:
        under.report.unknown("R003", "rounding", text, span, ("half even",))
    return None


def _rate(node: nodes.RateTerm, under: Under) -> Rate | None:
    report = under.report
    unit = _stretch(node, under)
    amount = node.amount
    if unit is None:
        return None
    if unit == "month" and not node.begun:
        report.error(
            "R040",
            "months are of unequal length, so a rate per month counts begun months",
            node.span,
            rewrite(node.span, f"{node.span.text} or part"),
        )
        return None
    if node.begun and unit in {"day", "calendar year"}:
        report.error(
            "R040",
            f"`or part` does not go with `per {unit}`",
            node.span,
            rewrite(node.span, node.span.text.rsplit(" or", 1)[0].rstrip()),
        )
        return None
    if amount.kind == "money":
        cents = literals.money_of(amount.text, amount.span, report)
        if cents is not None and cents < 0:
            report.error("R040", "interest is not below $0.00", amount.span)
            return None
        return None if cents is None else Rate("money", cents, unit, node.begun)
    if amount.kind == "word":
        return _given(node, unit, under)
    part = _percent(amount, under)
    return None if part is None else Rate("percent", part, unit, node.begun)


def _stretch(node: nodes.RateTerm, under: Under) -> str | None:
    unit = " ".join(word.text for word in node.unit)
    if unit in _STRETCHES:
        return unit
    span = node.unit[0].span.to(node.unit[-1].span)
    if unit in {"annum", "12-month", "365 days"} or "annu" in unit:
        message = f"there is no stretch of time `{unit}`"
        under.report.error("R003", message, span, rewrite(span, "year"))
        return None
    under.report.unknown("R003", "stretch of time", unit, span, _STRETCHES)
    return None


def _percent(amount: nodes.Literal, under: Under) -> Fraction | None:
    text, span = amount.text, amount.span
    if not text.endswith("%"):
        remedy: str | Remedy = "a rate is a percent, such as 15%, or money"
        if text.replace(".", "", 1).isdigit():
            remedy = rewrite(span, f"{text}%")
        under.report.error("R040", "a rate is a percent or money", span, remedy)
        return None
    part = literals.number_of(text.removesuffix("%"), span, under.report)
    if part is None:
        return None
    if part > _HIGHEST * 100:
        under.report.error("R040", "this rate is above 1,000%", span)
        return None
    return Fraction(part) / 100


def _given(node: nodes.RateTerm, unit: str, under: Under) -> Rate | None:
    """Return a rate that the claim gives, by the name of a percent."""
    word = nodes.Word(node.amount.text, node.amount.span)
    fact = under.scope.fact(word)
    if fact is None:
        return None
    if fact.kind is not Kind.PERCENT:
        under.report.error(
            "R040",
            f"a rate is a percent; `{fact.name}` is {fact.described}",
            word.span,
            _named(under.scope.facts, Kind.PERCENT, "percents"),
        )
        return None
    return Rate("fact", fact.name, unit, node.begun)
