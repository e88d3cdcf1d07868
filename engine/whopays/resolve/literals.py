"""Literals: dates, money, numbers, percents, codes, checked narrowly.

The grammar lexes them wide, so that what is typed in another custom (a US date, a
`$250`) gets the exact text to write instead.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction

from whopays.diagnostics import Remedy, Span, did_you_mean, rewrite
from whopays.model.codes import (
    SHAPES,
    CodeSet,
    is_code,
    normal_code,
    shape_example,
)
from whopays.model.contract import percent
from whopays.model.values import Number
from whopays.resolve.report import Report
from whopays.syntax.nodes import CodeList, Literal, Word

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_US_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_LOOSE_DATE = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})")
_MONEY = re.compile(r"-?\$(\d{1,3}(,\d{3})+|\d+)\.\d{2}")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_LONG_NUMBER = "a number has twelve digits at most, and after its point six"
_FRACTION = re.compile(r"(\d{1,6})/(\d{1,6})")
#: How many digits the codes of a system have that begin with zeros.
_WIDTHS = {"REV": 4, "TOB": 4, "POS": 2, "MSDRG": 3}
#: A type of bill with `x` for a digit before its last one.
_ANY_DIGIT = re.compile(r"0[0-9X]{2}[0-9A-ZX]")
_NDC = (5, 4, 2)
#: The day that spreadsheets count as 0.
_DAY_NUMBER_0 = date(1899, 12, 30)
_LARGEST = 10**14  # cents; a trillion dollars is a typing mistake


def date_of(text: str, span: Span, report: Report) -> date | None:
    """Return the ISO date `text`, or report what to write."""
    whole = _DATE.fullmatch(text)
    if whole:
        try:
            return date(*map(int, whole.groups()))
        except ValueError:
            report.error(
                "R004",
                f"`{text}` is not a day of the calendar",
                span,
                _days_of(int(whole[1]), int(whole[2])),
            )
            return None
    report.error("R004", f"`{_clip(text)}` is not a date", span, _as_date(text, span))
    return None


def _as_date(text: str, span: Span) -> Remedy:
    """Return the remedy for a date in another custom: most likely the American one."""
    us = _US_DATE.fullmatch(text)
    if us:
        first, second, year = (int(part) for part in us.groups())
        year += 2000 if year < 100 else 0  # noqa: PLR2004 - two digits
        if _is_day(year, first, second):
            more = ", if the month comes first" if second <= 12 else ""  # noqa: PLR2004 - months
            return rewrite(span, f"{year:04d}-{first:02d}-{second:02d}", more)
        if _is_day(year, second, first):
            return rewrite(span, f"{year:04d}-{second:02d}-{first:02d}")
    if re.fullmatch(r"[3-7]\d{4}", text):
        counted = _DAY_NUMBER_0 + timedelta(days=int(text))
        return rewrite(
            span, counted.isoformat(), ", if it is the number of a spreadsheet"
        )
    loose = _LOOSE_DATE.fullmatch(text)
    if loose:
        year, month, day = (int(part) for part in loose.groups())
        if _is_day(year, month, day):
            return rewrite(span, f"{year:04d}-{month:02d}-{day:02d}")
    return Remedy("a date is year, month and day, such as 2026-03-04")


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _misgrouped(text: str) -> bool:
    """Tell whether commas stand where no thousands end: what is meant can't be told."""
    _, *groups = text.lstrip("-$").partition(".")[0].split(",")
    return any(len(group) != len("000") for group in groups)


def money_of(text: str, span: Span, report: Report) -> int | None:
    """Return the cents of `$1,234.56`, or report what to write."""
    if _MONEY.fullmatch(text):
        cents = int(re.sub(r"[$,.]", "", text))
        if abs(cents) <= _LARGEST:
            return cents
        report.error("R004", "this amount is too large", span)
        return None
    bare = text.replace("$", "").replace(",", "").lstrip("-")
    remedy = Remedy("money always has two decimals, such as $250.00")
    if _misgrouped(text):
        remedy = Remedy("commas stand between thousands, such as $1,250.00")
    elif re.fullmatch(r"\d{1,12}\.?(\d{1,2})?", bare):
        whole, _, part = bare.partition(".")
        sign = "-" if text.startswith("-") else ""
        remedy = rewrite(span, f"{sign}${int(whole):,}.{part.ljust(2, '0')}")
    report.error("R004", f"`{_clip(text)}` is not an amount", span, remedy)
    return None


def number_of(text: str, span: Span, report: Report) -> Number | None:
    """Return a number, which may be a fraction such as 1/3, or report."""
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction[2]) > 0:
        return Fraction(int(fraction[1]), int(fraction[2]))
    if _NUMBER.fullmatch(text):
        return int(text) if "." not in text else Fraction(text)
    bare = re.sub(r"[$,%]", "", text)
    remedy = rewrite(span, bare) if _NUMBER.fullmatch(bare) else Remedy(_LONG_NUMBER)
    report.error("R004", f"`{_clip(text)}` is not a number", span, remedy)
    return None


def percent_of(text: str, span: Span, report: Report) -> Number | None:
    """Return the number before the percent sign, or report."""
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return number_of(text[:-1], span, report)
    bare = text.replace(" ", "").rstrip("%")
    remedy = Remedy("a percent is a number and its sign, such as 20%")
    if re.fullmatch(r"\d+\.\d{7,}", bare):
        remedy = Remedy(_LONG_NUMBER)
    if _NUMBER.fullmatch(bare):
        remedy = rewrite(span, f"{bare}%")
    report.error("R004", f"`{_clip(text)}` is not a percent", span, remedy)
    return None


def part_of(text: str, span: Span, report: Report) -> Fraction | None:
    """Return a share: `50%` or `1/3`; or report."""
    fraction = _FRACTION.fullmatch(text)
    # `50/50` is how people divide between two, not a part of one.
    if fraction and int(fraction[2]) > int(fraction[1]):
        return Fraction(int(fraction[1]), int(fraction[2]))
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return Fraction(text[:-1]) / 100
    message = f"`{_clip(text)}` is not a share"
    report.repeated("R004", message, span, _as_part(text, span))
    return None


def _as_part(text: str, span: Span) -> Remedy:
    bare = re.sub(r"\s*(percent|pct\.?|per cent)$", "%", text, flags=re.IGNORECASE)
    bare = bare.replace(" ", "").removesuffix(".")
    number = bare.rstrip("%")
    if re.fullmatch(r"0?\.\d{1,6}", bare):
        return rewrite(span, percent(Fraction(bare)))
    if _NUMBER.fullmatch(number) and Fraction(number) <= 100:  # noqa: PLR2004 - percent
        return rewrite(span, f"{number}%")
    fraction = _FRACTION.fullmatch(bare)
    if fraction and int(fraction[1]) + int(fraction[2]) == 100:  # noqa: PLR2004 - percent
        return Remedy("each party has a share of its own, such as 60% and 40%")
    if fraction and int(fraction[2]) > int(fraction[1]):
        return rewrite(span, bare)
    return Remedy("a share is a percent or a fraction, such as 50% or 1/3")


def system_of(word: Word, report: Report) -> str | None:
    """Return the code system that `word` names, or report."""
    if word.text in SHAPES:
        return word.text
    report.unknown("R005", "code system", word.text, word.span, SHAPES)
    return None


def code_set(
    node: CodeList, report: Report, allowed: Collection[str] = tuple(SHAPES)
) -> CodeSet | None:
    """Return the codes of `node`, each checked for its shape; or report.

    `allowed` are the systems that may be meant where codes are of another one.
    """
    system = system_of(node.system, report)
    if system is None:
        return None
    if is_of_other_system(node, allowed, report):
        return None
    ranges = [_ranges(system, item, report) for item in node.items]
    good = tuple(each for found in ranges for each in found)
    return CodeSet(system, good) if all(ranges) else None


def is_of_other_system(
    node: CodeList, allowed: Collection[str], report: Report
) -> bool:
    """Report codes that are all of one other system, and tell whether they are."""
    system = node.system.text
    other = _other_system(system, node, allowed)
    if other is None:
        return False
    report.error(
        "R004",
        f"{_these(node)} of {system}",
        node.items[0].span.to(node.items[-1].span),
        did_you_mean(node.system.span, other),
    )
    return True


def _other_system(system: str, node: CodeList, allowed: Collection[str]) -> str | None:
    """Return the one system of which all items are codes, if none is one of `system`."""
    ends = [normal_code(end) for item in node.items for end in item.text.split("-")]
    if any(is_code(system, end, written=True) for end in ends):
        return None
    if all(_filled(system, item.text) for item in node.items):
        return None  # a spreadsheet dropped their zeros
    found = [each for each in allowed if all(map(SHAPES[each].fullmatch, ends))]
    return found[0] if len(found) == 1 else None


def _these(node: CodeList) -> str:
    first = f"`{_clip(node.items[0].text)}`"
    if len(node.items) == 1:
        return f"{first} is not a code"
    return f"{first} and what follows are not codes"


def one_code(system: str, word: Word, report: Report) -> str | None:
    """Return one whole code of `system`, or report."""
    code = normal_code(word.text)
    if is_code(system, code, written=False):
        return code
    _bad_code(system, word, report)
    return None


def _ranges(system: str, item: Word, report: Report) -> list[tuple[str, str]]:
    """Return the ranges of `item`: several for a type of bill such as `0x11`."""
    code = normal_code(item.text)
    if system == "TOB" and "X" in code.rstrip("X") and _ANY_DIGIT.fullmatch(code):
        heads = ["0"]
        for char in code.rstrip("X")[1:]:
            digits = "0123456789" if char == "X" else char
            heads = [f"{head}{digit}" for head in heads for digit in digits]
        return [(head, head) for head in heads]
    found = _range(system, item, report)
    return [] if found is None else [found]


def _range(system: str, item: Word, report: Report) -> tuple[str, str] | None:
    first, _, last = item.text.partition("-")
    ends = [_head(system, normal_code(end)) for end in _ends(item.text)]
    good = [is_code(system, end, written=True) for end in ends]
    lo, hi = ends[0], ends[-1]
    if not good[0] or (not all(good) and len(lo) == len(hi)):
        _bad_code(system, item, report)
        return None
    if len(lo) != len(hi):
        report.error(
            "R004",
            f"the two ends of `{item.text}` are not of one length",
            item.span,
            _as_long(first, last, item.span),
        )
        return None
    if lo > hi:
        report.error(
            "R004",
            f"the range `{item.text}` runs backwards",
            item.span,
            rewrite(item.span, f"{last}-{first}"),
        )
        return None
    return lo, hi


def _ends(text: str) -> tuple[str, ...]:
    first, dash, last = text.partition("-")
    return (first, last) if dash else (first,)


def _as_long(first: str, last: str, span: Span) -> Remedy:
    """Return the remedy for `0450-59`: the shorter end is taken for its last characters."""
    missing = len(first) - len(last)
    whole = first[:missing] + last
    if missing > 0 and whole > first:
        return rewrite(span, f"{first}-{whole}")
    return Remedy("both ends have the same number of characters")


def _head(system: str, code: str) -> str:
    return code.rstrip("X") if system == "TOB" and code.endswith("X") else code


def _bad_code(system: str, word: Word, report: Report) -> None:
    remedy = Remedy(f"a {system} code looks like {shape_example(system)}")
    text = normal_code(word.text)
    fitting = [each for each in SHAPES if SHAPES[each].fullmatch(text)]
    filled = _filled(system, word.text)
    dotted = re.fullmatch(r"(\w+)(?:\.{2,}|--+|_+)(\w+)", word.text)
    listed = [normal_code(each) for each in word.text.split("/")]
    if filled is not None:
        remedy = rewrite(word.span, filled)
    elif dotted:
        remedy = rewrite(word.span, f"{dotted[1]}-{dotted[2]}")
    elif len(listed) > 1 and all(
        is_code(system, each, written=True) for each in listed
    ):
        remedy = rewrite(word.span, word.text.replace("/", ", "))
    elif system in {"CPT", "HCPCS"} and fitting and fitting[0] in {"CPT", "HCPCS"}:
        remedy = Remedy(f"this is a {fitting[0]} code; a list has codes of one system")
    elif fitting:
        what = " or ".join(fitting[:3])
        remedy = Remedy(f"{remedy.words}; this has the shape of {what}")
    report.error(
        "R004", f"`{_clip(word.text)}` is not a code of {system}", word.span, remedy
    )


def _filled(system: str, text: str) -> str | None:
    """Return codes with the zeros that spreadsheets drop, if that makes them codes."""
    if system == "NDC":
        parts = text.split("-")
        if len(parts) != len(_NDC):
            return None
        padded = [part.zfill(size) for part, size in zip(parts, _NDC, strict=True)]
        whole = "".join(padded)
        return whole if SHAPES["NDC"].fullmatch(whole) else None
    width = _WIDTHS.get(system)
    ends = _ends(text)
    if width is None or not all(re.fullmatch(r"\d+[Xx]?", end) for end in ends):
        return None
    whole = "-".join(end.zfill(width) for end in ends)
    fits = all(SHAPES[system].fullmatch(normal_code(end)) for end in _ends(whole))
    return whole if fits and whole != text else None


def text_of(literal: Literal) -> str:
    """Return how `literal` was written, for messages."""
    return f'"{literal.text}"' if literal.kind == "string" else literal.text


def _days_of(year: int, month: int) -> str:
    if year < 1 or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return "a month is 01 to 12"
    return f"{year:04d}-{month:02d} has {monthrange(year, month)[1]} days"


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004
