"""Limits of a contract: what counts, for whom and how long, the tiers."""

from __future__ import annotations

from datetime import date

from whopays.diagnostics import Label, Remedy, rewrite
from whopays.model.clocks import Days
from whopays.model.contract import PERIOD_END, Limit, Tier
from whopays.model.values import Number
from whopays.resolve import literals
from whopays.resolve.clauses import Clause, Clauses
from whopays.resolve.clocks import Under, days_of
from whopays.resolve.payments.amounts import LINE, MONEY, Amounts
from whopays.resolve.report import Report
from whopays.syntax import nodes

_WHOM = ("member", "contract", "claim")
_PERIODS = ("contract year", "calendar year")


def limits(members: list[Clause], clauses: Clauses) -> tuple[Limit, ...]:
    """Return the limits among `members`."""
    found = (_limit(b, clauses) for b in members if isinstance(b, nodes.LimitBlock))
    return tuple(each for each in found if each is not None)


def _limit(block: nodes.LimitBlock, clauses: Clauses) -> Limit | None:
    scope = clauses.scope
    when = scope.optional(block.when)
    known = clauses.bearer(block.applies_to)
    terms = clauses.dictionary.finder(scope.facts) if clauses.dictionary else None
    counts = Amounts(scope, LINE, terms).whole(block.counts, unit="")
    per = _per(block.per, clauses)
    unit = counts.unit if counts is not None else MONEY
    tiers = _tiers(block, unit, clauses)
    if not known or counts is None or per is None or tiers is None:
        return None
    if block.when is not None and when is None:
        return None
    recover = _recover(block, per[1], clauses)
    if block.recover is not None and recover is None:
        return None
    return Limit(
        block.id.text,
        block.title.text,
        when,
        block.applies_to.text,
        tuple(word.text for word in block.cites),
        counts.value,
        counts.unit,
        *per,
        tiers,
        tuple(word.text for word in block.yields_to),
        recover,
        block.id.span,
    )


def _recover(block: nodes.LimitBlock, period: str, clauses: Clauses) -> Days | None:
    """Return within which days what the limit pays is to be claimed back."""
    line = block.recover
    if line is None:
        return None
    if line.fact.text == PERIOD_END and not period:
        clauses.report.error(
            "R027",
            "a limit per claim has no period that ends",
            line.fact.span,
            "the days run from a date of the claim, such as `received_date`",
        )
        return None
    return days_of(line, Under(clauses.scope, clauses.calendar), PERIOD_END)


def _per(line: nodes.PerLine, clauses: Clauses) -> tuple[str, str, date | None] | None:
    """Return for whom and how long it counts, and from when contract years count."""
    report, whom = clauses.report, line.whom
    if whom.text not in _WHOM:
        report.unknown("R003", "way to count per", whom.text, whom.span, _WHOM)
        return None
    if line.spread_by:
        report.error(
            "R027",
            "a limit is not spread",
            line.span,
            rewrite(line.span, line.span.text.split(" spread")[0]),
        )
        return None
    period = " ".join(word.text for word in line.period)
    if whom.text == "claim":
        if period:
            report.error(
                "R027",
                "a limit per claim has no period",
                line.span,
                rewrite(line.span, "per claim"),
            )
            return None
        return whom.text, "", None
    if not period:
        report.error(
            "R027",
            f"a limit per {whom.text} counts over a period",
            line.span,
            rewrite(line.span, f"per {whom.text} per contract year"),
        )
        return None
    if period not in _PERIODS:
        span = line.period[0].span.to(line.period[-1].span)
        report.unknown("R003", "period", period, span, _PERIODS)
        return None
    return _since(line, whom.text, period, report)


def _since(
    line: nodes.PerLine, whom: str, period: str, report: Report
) -> tuple[str, str, date | None] | None:
    if line.since is None:
        return whom, period, None
    if period != _PERIODS[0]:
        report.error(
            "R027",
            "a calendar year begins on January 1, and a contract year on the day given",
            line.span,
            rewrite(line.span, f"per {whom} per {period}"),
        )
        return None
    since = literals.date_of(line.since.text, line.since.span, report)
    return None if since is None else (whom, period, since)


def _tiers(
    block: nodes.LimitBlock, unit: str, clauses: Clauses
) -> tuple[Tier, ...] | None:
    report = clauses.report
    if len(block.tiers) < 2 or block.tiers[0].up_to is None:  # noqa: PLR2004
        report.missing(
            "a limit has a tier up to a threshold, and one above it",
            block.span,
            f"a limit has tiers: `first {block.applies_to.text} up to $10,000.00`, `then …`",
            code="R027",
        )
        return None
    found: list[Tier] = []
    for at, line in enumerate(block.tiers):
        last = at == len(block.tiers) - 1
        answer = clauses.answer(line.shares)
        if answer is None:
            return None
        up_to = _threshold(line, unit, last=last, clauses=clauses)
        if up_to is None and not last:
            return None
        if not _rises(found, up_to, line, block, clauses):
            return None
        found.append(Tier(answer, up_to))
    return tuple(found)


def _threshold(
    line: nodes.TierLine, unit: str, *, last: bool, clauses: Clauses
) -> Number | None:
    report, literal = clauses.report, line.up_to
    if literal is None:
        if not last:
            report.error(
                "R027",
                "only the last tier has no threshold",
                line.span,
                "each tier but the last says `up to $…`",
            )
        return None
    if last:
        report.error(
            "R027",
            "nothing answers above the last tier",
            line.span,
            "the last tier has no `up to …`, or another tier follows it",
        )
        return None
    if (literal.kind == "money") != (unit == MONEY):
        report.error(
            "R024",
            f"the limit counts {'money' if unit == MONEY else 'a number'}, and this "
            f"threshold is {'a number' if unit == MONEY else 'money'}",
            literal.span,
            _threshold_help(literal, unit),
        )
        return None
    if unit == MONEY:
        return literals.money_of(literal.text, literal.span, report)
    return literals.number_of(literal.text, literal.span, report)


def _rises(
    found: list[Tier],
    up_to: Number | None,
    line: nodes.TierLine,
    block: nodes.LimitBlock,
    clauses: Clauses,
) -> bool:
    before = found[-1].up_to if found else None
    if before is None or up_to is None or up_to > before:
        return True
    clauses.report.error(
        "R027",
        "this threshold is not above the one before it",
        line.span,
        "the tiers stand from the lowest threshold to the highest",
        also=[Label(block.tiers[len(found) - 1].span, "the one before")],
    )
    return False


def _threshold_help(literal: nodes.Literal, unit: str) -> str | Remedy:
    if unit == MONEY and literal.text.isdigit() and len(literal.text) < 13:  # noqa: PLR2004
        return rewrite(literal.span, f"${int(literal.text):,}.00")
    return "" if unit == MONEY else "a number is written like 60"
