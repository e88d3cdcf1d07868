"""What a test expects of routes and clocks: `forward to GROUP by 2026-01-20`."""

from __future__ import annotations

from collections.abc import Iterable

from whopays.model.rules import ExpectedDuty
from whopays.resolve import literals
from whopays.resolve.report import Report
from whopays.resolve.testgiven import Item
from whopays.syntax import nodes

_DUTIES = {
    "forward": frozenset({"forward"}),
    "deny": frozenset({"deny"}),
    "forward or deny": frozenset({"forward", "deny"}),
}
_KINDS = ("route", "clock")
_FORMS = {
    "route": "it is written `forward to GROUP by 2026-01-20`, `no route` or `route undetermined`",
    "clock": "it is written `pay by 2026-02-14`, `no clock` or `clock undetermined`",
    "interest": "it is written `interest $12.33` or `interest $0.41 per day`",
}


def kind_of(item: Item) -> str:
    """Return whether `item` is about a route, a clock or interest; empty for neither."""
    words = [piece.text for piece in item]
    if words[0] in _DUTIES:
        return "route"
    if words[0] == "interest" and len(words) > 1:
        return "interest"
    if words[:2] == ["pay", "by"]:
        return "clock"
    both = {*words[:2]} & {*_KINDS}
    if len(words) > 1 and both and words[0] in {"no", *_KINDS}:
        return both.pop()
    return ""


def expected_duty(
    item: Item, parties: Iterable[str], report: Report
) -> ExpectedDuty | None:
    """Return what `item`, which is about a duty, expects, or report."""
    kind, words = kind_of(item), [piece.text for piece in item]
    if kind == "interest":
        return _interest(item, report)
    if words == ["no", kind]:
        return ExpectedDuty(kind, "none")
    if words == [kind, "undetermined"]:
        return ExpectedDuty(kind, "undetermined")
    duties = _DUTIES.get(words[0], frozenset())
    rest = item[1:]
    if kind == "route" and not duties:
        _wrong(item[-1], kind, report)
        return None
    to = ""
    if duties and len(rest) > 1 and rest[0].text == "to":
        to = rest[1].text
        if to not in parties:
            report.unknown("R019", "party", to, rest[1].span, parties)
            return None
        rest = rest[2:]
    by = _by(rest, kind, report)
    return None if by is None else ExpectedDuty(kind, "due", duties, to, by)


def _by(rest: Item, kind: str, report: Report) -> str | None:
    """Return the day in `by 2026-01-20`, empty where none is asked for, or report."""
    if not rest:
        return ""
    if len(rest) != 2 or rest[0].text != "by":  # noqa: PLR2004 - `by` and a day
        wrong = rest[0] if rest[0].text != "by" else rest[-1]
        _wrong(wrong, kind, report)
        return None
    if rest[1].text == "unknown":
        return "unknown"
    day = literals.date_of(rest[1].text, rest[1].span, report)
    return day.isoformat() if day is not None else None


def _interest(item: Item, report: Report) -> ExpectedDuty | None:
    words = [piece.text for piece in item]
    per_day = words[2:] == ["per", "day"]
    if item[1].kind != "money" or (len(words) > 2 and not per_day):  # noqa: PLR2004
        _wrong(item[1], "interest", report)
        return None
    cents = literals.money_of(item[1].text, item[1].span, report)
    if cents is None:
        return None
    return ExpectedDuty("interest", cents=cents, per_day=per_day)


def _wrong(piece: nodes.Literal, kind: str, report: Report) -> None:
    """Report the `piece` at which an item is not written as one of its kind is."""
    message = f"`{piece.text}` cannot stand here"
    report.error("R019", message, piece.span, _FORMS[kind])
