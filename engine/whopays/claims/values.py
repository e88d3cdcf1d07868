"""One raw cell becomes one value of the model, or a FieldProblem.

A raw cell is a string, a boolean, a whole number, a list of these, null, or the JSON
object `{"unknown": true}`. No reader ever makes a binary fraction of a number: JSON
numbers arrive as the text they were written in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from whopays.claims.codes import read_code
from whopays.claims.dates import DateFormat, read_birthday, read_date
from whopays.claims.records import FieldProblem, clean_text
from whopays.model.facts import Fact, Kind
from whopays.model.money import parse_cents
from whopays.model.values import NONE, UNKNOWN, Number, Value

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_CENTS = re.compile(r"-?\d{1,17}", re.ASCII)
_ZEROS = re.compile(r"(\.\d\d)0+", re.ASCII)
_YES_NO = {
    **dict.fromkeys(("yes", "true", "y", "1"), True),
    **dict.fromkeys(("no", "false", "n", "0"), False),
}
_MOST_CODES = 1_000  # in one list
_MOST_NAMED = 8  # parties in a reason


@dataclass(frozen=True)
class Form:
    """How a file writes a fact.

    `dates` is the format of dates (None: ISO), `separator` stands between the codes of
    a list in one cell, `cents` says that money is in whole cents instead of dollars,
    `empty` is what an empty cell means: "none", "unknown" or "" (as declared).
    """

    dates: DateFormat | None = None
    separator: str = ";"
    cents: bool = False
    empty: str = ""


PLAIN: Final = Form()
_Reader = Callable[[Fact, str, Form], Value]


def value_of(
    fact: Fact,
    raw: object,
    form: Form = PLAIN,
    open_facts: frozenset[str] = frozenset(),
) -> Value:
    """Return the value of `fact` that `raw` writes, or raise FieldProblem.

    An empty cell is none for a fact declared `or none`, else unknown. A fact in
    `open_facts` takes any word, whatever its options: a contract may extend them.
    """
    if isinstance(raw, dict):
        if len(raw) == 1 and raw.get("unknown") is True:
            return UNKNOWN
        raise FieldProblem("is not a value")
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return empty_value(fact, form)
    if fact.kind is Kind.CODES:
        return _codes(fact, raw, form)
    if isinstance(raw, bool):
        if fact.kind is Kind.YES_NO:
            return raw
        raise FieldProblem(f"is true or false, not {_expected(fact)}")
    if isinstance(raw, (list, tuple)):
        raise FieldProblem(f"is a list, not {_expected(fact)}")
    text = clean_text(raw)
    if fact.kind is Kind.ONE_OF and fact.name in open_facts:
        return text
    return _READERS[fact.kind](fact, text, form)


def empty_value(fact: Fact, form: Form = PLAIN) -> Value:
    """Return what an empty cell says about `fact`: none or unknown."""
    if form.empty:
        return NONE if form.empty == "none" else UNKNOWN
    return NONE if fact.or_none or fact.none_is_zero else UNKNOWN


def _expected(fact: Fact) -> str:
    return fact.kind.value if fact.kind is not Kind.CODE else "a code"


def _codes(fact: Fact, raw: object, form: Form) -> Value:
    if isinstance(raw, (list, tuple)):
        parts: Iterable[object] = raw
        if len(raw) > _MOST_CODES:
            raise FieldProblem(f"has more than {_MOST_CODES} codes")
    elif isinstance(raw, (str, int)) and not isinstance(raw, bool):
        whole = clean_text(raw)
        parts = whole.split(form.separator) if form.separator else [whole]
    else:
        raise FieldProblem("is not a list of codes")
    found = set()
    for part in parts:
        if part is None:
            continue
        text = clean_text(part)
        if text:
            found.add(read_code(text, fact.systems))
    return tuple(sorted(found)) or NONE


def _one_of(fact: Fact, text: str, form: Form) -> Value:
    del form
    if text not in fact.options:
        raise FieldProblem(f"is not one of {', '.join(fact.options)}")
    return text


def _party(fact: Fact, text: str, form: Form) -> Value:
    """Return a party by its id; where no contract says which there are, any."""
    del form
    if fact.options and text not in fact.options:
        known = ", ".join(fact.options[:_MOST_NAMED])
        more = ", …" if len(fact.options) > _MOST_NAMED else ""
        raise FieldProblem(f"is no party of these rules ({known}{more})")
    return text


def _yes_no(fact: Fact, text: str, form: Form) -> Value:
    del fact, form
    found = _YES_NO.get(text.casefold())
    if found is None:
        raise FieldProblem("is neither yes nor no")
    return found


def _number(fact: Fact, text: str, form: Form) -> Number:
    del fact, form
    if not _NUMBER.fullmatch(text):
        raise FieldProblem("is not a number such as 12 or 12.5")
    exact = Fraction(text)
    return int(exact) if exact.denominator == 1 else exact


def _percent(fact: Fact, text: str, form: Form) -> Value:
    return _number(fact, text.removesuffix("%").rstrip(), form)


def _money(fact: Fact, text: str, form: Form) -> Value:
    del fact
    if form.cents:
        if not _CENTS.fullmatch(text):
            raise FieldProblem("is not a whole number of cents")
        return int(text)
    whole = _ZEROS.sub(r"\1", text)  # 12.5000 is exact; 12.505 would need rounding
    try:
        if not whole.isascii():
            raise FieldProblem("is not an amount")
        return parse_cents(whole)
    except ValueError:
        raise FieldProblem(
            "is not an amount in dollars and cents such as 1234.50"
        ) from None


def _date(fact: Fact, text: str, form: Form) -> Value:
    del fact
    return read_date(text, form.dates)


def _birthday(fact: Fact, text: str, form: Form) -> Value:
    del fact
    return read_birthday(text, form.dates)


def _code(fact: Fact, text: str, form: Form) -> Value:
    del form
    return read_code(text, fact.systems)


def _text(fact: Fact, text: str, form: Form) -> Value:
    del fact, form
    return text


_READERS: dict[Kind, _Reader] = {
    Kind.ONE_OF: _one_of,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.BIRTHDAY: _birthday,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.MONEY: _money,
    Kind.CODE: _code,
    Kind.PARTY: _party,
    Kind.TEXT: _text,
}
