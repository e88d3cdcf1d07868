"""Literals: dates, money, numbers, percents, codes, checked narrowly.

The grammar lexes them wide, so that what is typed in another custom (a US date, a
`$250`) gets the exact text to write instead.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from fractions import Fraction

from whopays.diagnostics import Span
from whopays.model.codes import (
    SHAPES,
    CodeSet,
    is_code,
    normal_code,
    shape_example,
)
from whopays.model.values import Number
from whopays.resolve.report import Report
from whopays.syntax.nodes import CodeList, Literal, Word

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_US_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MONEY = re.compile(r"-?\$(\d{1,3}(,\d{3})+|\d+)\.\d{2}")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_FRACTION = re.compile(r"(\d{1,6})/(\d{1,6})")
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
    remedy = "a date is written year-month-day, such as 2026-03-04"
    us = _US_DATE.fullmatch(text)
    if us:
        month, day, year = (int(part) for part in us.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:  # noqa: PLR2004 - months and days
            remedy = f"write {year:04d}-{month:02d}-{day:02d}, if month comes first"
    loose = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if loose:
        year, month, day = (int(part) for part in loose.groups())
        remedy = f"write {year:04d}-{month:02d}-{day:02d}"
    report.error("R004", f"`{_clip(text)}` is not a date", span, remedy)
    return None


def money_of(text: str, span: Span, report: Report) -> int | None:
    """Return the cents of `$1,234.56`, or report what to write."""
    if _MONEY.fullmatch(text):
        cents = int(re.sub(r"[$,.]", "", text))
        if abs(cents) <= _LARGEST:
            return cents
        report.error("R004", "this amount is too large", span)
        return None
    bare = text.replace("$", "").replace(",", "").lstrip("-")
    remedy = "money always has two decimals, such as $250.00"
    if re.fullmatch(r"\d{1,12}\.?(\d{1,2})?", bare):
        whole, _, part = bare.partition(".")
        sign = "-" if text.startswith("-") else ""
        remedy = f"write {sign}${int(whole):,}.{part.ljust(2, '0')}"
    report.error("R004", f"`{_clip(text)}` is not an amount", span, remedy)
    return None


def number_of(text: str, span: Span, report: Report) -> Number | None:
    """Return a number, or report."""
    if _NUMBER.fullmatch(text):
        return int(text) if "." not in text else Fraction(text)
    report.error("R004", f"`{_clip(text)}` is not a number", span)
    return None


def percent_of(text: str, span: Span, report: Report) -> Number | None:
    """Return the number before the percent sign, or report."""
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return number_of(text[:-1], span, report)
    remedy = f"write {text}%" if _NUMBER.fullmatch(text) else ""
    report.error("R004", f"`{_clip(text)}` is not a percent", span, remedy)
    return None


def part_of(text: str, span: Span, report: Report) -> Fraction | None:
    """Return a share: `50%` or `1/3`; or report."""
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction[2]) > 0:
        return Fraction(int(fraction[1]), int(fraction[2]))
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return Fraction(text[:-1]) / 100
    remedy = "a share is a percent or a fraction, such as 50% or 1/3"
    if re.fullmatch(r"\d{1,3}", text):
        remedy = f"write {text}%"
    elif re.fullmatch(r"0?\.\d+", text):
        remedy = f"write {Fraction(text) * 100}%"
    report.error("R004", f"`{_clip(text)}` is not a share", span, remedy)
    return None


def system_of(word: Word, report: Report) -> str | None:
    """Return the code system that `word` names, or report."""
    if word.text in SHAPES:
        return word.text
    report.unknown("R005", "code system", word.text, word.span, SHAPES)
    return None


def code_set(node: CodeList, report: Report) -> CodeSet | None:
    """Return the codes of `node`, each checked for its shape; or report."""
    system = system_of(node.system, report)
    if system is None:
        return None
    ranges = [_range(system, item, report) for item in node.items]
    good = tuple(each for each in ranges if each is not None)
    return CodeSet(system, good) if len(good) == len(ranges) else None


def one_code(system: str, word: Word, report: Report) -> str | None:
    """Return one whole code of `system`, or report."""
    code = normal_code(word.text)
    if is_code(system, code, written=False):
        return code
    _bad_code(system, word, report)
    return None


def _range(system: str, item: Word, report: Report) -> tuple[str, str] | None:
    first, dash, last = item.text.partition("-")
    ends = [
        _head(system, normal_code(end)) for end in ((first, last) if dash else (first,))
    ]
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
            "write both ends with the same number of characters",
        )
        return None
    if lo > hi:
        report.error(
            "R004",
            f"the range `{item.text}` runs backwards",
            item.span,
            f"write {last}-{first}",
        )
        return None
    return lo, hi


def _head(system: str, code: str) -> str:
    return code.rstrip("X") if system == "TOB" and code.endswith("X") else code


def _bad_code(system: str, word: Word, report: Report) -> None:
    example = shape_example(system)
    remedy = f"a {system} code looks like {example}"
    text = normal_code(word.text)
    fitting = [each for each in SHAPES if SHAPES[each].fullmatch(text)]
    if re.fullmatch(r"\d{1,3}", text) and system in {"REV", "TOB"}:
        remedy = f"write {text.zfill(4)}"
    elif re.fullmatch(r"\d", text) and system == "POS":
        remedy = f"write {text.zfill(2)}"
    elif system == "NDC" and "-" in word.text:
        remedy = "write the eleven digits without hyphens"
    elif system in {"CPT", "HCPCS"} and fitting and fitting[0] in {"CPT", "HCPCS"}:
        remedy = f"this is a {fitting[0]} code; a list has codes of one system"
    report.error(
        "R004", f"`{_clip(word.text)}` is not a code of {system}", word.span, remedy
    )


def text_of(literal: Literal) -> str:
    """Return how `literal` was written, for messages."""
    return f'"{literal.text}"' if literal.kind == "string" else literal.text


def _days_of(year: int, month: int) -> str:
    if year < 1 or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return "a month is 01 to 12"
    return f"{year:04d}-{month:02d} has {monthrange(year, month)[1]} days"


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004
