"""Dates as files write them: ISO, or a format that a mapping declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from whopays.claims.records import FieldProblem

_PARTS = {
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    "%b": r"(?P<name>[A-Za-z]{3})",
}
_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
# Tables write a date as a moment at midnight; any other time of day is not a date.
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})([T ]00:00:00(\.0+)?Z?)?",
    re.ASCII,
)
_MONTH_DAY = re.compile(r"(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_LEAP_YEAR = 2000


@dataclass(frozen=True)
class DateFormat:
    """A date format: `text` as written, `pattern` what it accepts, in full."""

    text: str
    pattern: re.Pattern[str]

    def read(self, text: str) -> date:
        """Return the day that `text` names, or raise FieldProblem."""
        return _day(self.pattern, text, f"is not a date of the form {self.text}")


def date_format(text: str) -> DateFormat:
    """Return the format written as `%Y`, `%m`, `%d`, `%b` and separators.

    `%b` is an English three-letter month, whatever the machine's locale. ValueError if
    year, month and day are not each given once.
    """
    pattern, at = "", 0
    while at < len(text):
        part = text[at : at + 2]
        if part in _PARTS:
            pattern += _PARTS[part]
            at += 2
        elif text[at] == "%":
            raise ValueError("a date format is made of %Y, %m, %d and %b")
        else:
            pattern += re.escape(text[at])
            at += 1
    months = text.count("%m") + text.count("%b")
    if (text.count("%Y"), months, text.count("%d")) != (1, 1, 1):
        raise ValueError("a date format has %Y, %m or %b, and %d, each once")
    if re.search(r"%[Ymd]%[Ymd]", text):  # without separators, widths are fixed
        pattern = pattern.replace(r"\d{1,2}", r"\d{2}")
    return DateFormat(text, re.compile(pattern, re.ASCII))


def read_date(text: str, form: DateFormat | None) -> date:
    """Return the day that `text` names, by `form` or as ISO 8601."""
    if form is not None:
        return form.read(text)
    return _day(_ISO, text, "is not a date such as 2026-03-04")


def read_birthday(text: str, form: DateFormat | None) -> tuple[int, int]:
    """Return (month, day) of `MM-DD` or of a whole date, whose year is ignored."""
    if form is None and _MONTH_DAY.fullmatch(text):
        day = _day(_MONTH_DAY, text, "is not a month and day such as 03-04")
    else:
        day = read_date(text, form)
    return day.month, day.day


def _day(pattern: re.Pattern[str], text: str, reason: str) -> date:
    found = pattern.fullmatch(text)
    if found is None:
        raise FieldProblem(reason)
    parts = found.groupdict()
    try:
        month = (
            _MONTHS.index(parts["name"].lower()) + 1
            if "name" in parts
            else int(parts["month"])
        )
        return date(int(parts.get("year") or _LEAP_YEAR), month, int(parts["day"]))
    except ValueError:
        raise FieldProblem("is not a day of the calendar") from None
