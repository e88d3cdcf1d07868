"""Conditions with their names resolved, and what it means for one to hold.

`holds` is the meaning: two-valued, on facts that are all known. On none every
comparison is false. What is unknown is the reader's business: `read` may raise.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, TypeAlias

from whopays.model.codes import CodeSet
from whopays.model.money import dollars
from whopays.model.values import NONE, Scalar, Value

Read: TypeAlias = Callable[[str], Value]


@dataclass(frozen=True)
class Is:
    """`fact is VALUE`, and a bare yes-or-no fact."""

    fact: str
    value: Scalar
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether the fact has the value."""
        return read(self.fact) == self.value


@dataclass(frozen=True)
class IsOneOf:
    """`fact in A, B`."""

    fact: str
    values: tuple[Scalar, ...]
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether the fact has one of the values."""
        return read(self.fact) in self.values


@dataclass(frozen=True)
class InCodes:
    """`fact in POS 10, 11`, of a single code."""

    fact: str
    codes: CodeSet
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether the code is one of the set."""
        value = read(self.fact)
        return isinstance(value, str) and value in self.codes


@dataclass(frozen=True)
class Includes:
    """`fact include ICD10CM E08-E13`, of a list: some code of it is one of the set."""

    fact: str
    codes: CodeSet
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether some code of the list is one of the set."""
        value = read(self.fact)
        return isinstance(value, tuple) and any(
            isinstance(code, str) and code in self.codes for code in value
        )


@dataclass(frozen=True)
class IsGiven:
    """`fact is given`: it is not none."""

    fact: str
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether there is a value."""
        value = read(self.fact)
        return value is not NONE and value != ()


@dataclass(frozen=True)
class Compares:
    """`fact < VALUE`; `op` is one of `<`, `<=`, `>`, `>=`."""

    fact: str
    op: str
    value: Scalar
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether the comparison is true; on none it is false."""
        return compare(read(self.fact), self.op, self.value)


@dataclass(frozen=True)
class Shift:
    """`60 days after`: `count` is negative for before; `unit` days, months, years."""

    count: int
    unit: str

    def apply(self, day: date) -> date:
        """Return the shifted date; a month that is too short ends on its last day."""
        if self.unit == "days":
            return _clamped(day.toordinal() + self.count)
        months = self.count * (12 if self.unit == "years" else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        if not date.min.year <= year <= date.max.year:
            return date.max if self.count > 0 else date.min
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class ComparesFacts:
    """`service_date < 60 days after admission_date`, or two facts compared.

    `op` may also be `in month of` and `is`.
    """

    fact: str
    op: str
    other: str
    shift: Shift | None
    text: str

    def holds(self, read: Read) -> bool:
        """Tell whether the comparison is true; with a none in it, it is false."""
        left, right = read(self.fact), read(self.other)
        if left is NONE or right is NONE:
            return False
        if self.shift is not None and isinstance(right, date):
            right = self.shift.apply(right)
        if self.op == "is":
            return left == right
        if self.op == "in month of":
            return (
                isinstance(left, date)
                and isinstance(right, date)
                and (left.year, left.month) == (right.year, right.month)
            )
        return compare(left, self.op, right)


@dataclass(frozen=True)
class Named:
    """A condition under the name that `define` gave it."""

    name: str
    part: Condition

    @property
    def text(self) -> str:
        """The name."""
        return self.name

    def holds(self, read: Read) -> bool:
        """Tell whether the named condition holds."""
        return self.part.holds(read)


@dataclass(frozen=True)
class Not:
    """`not` before a condition."""

    part: Condition

    @property
    def text(self) -> str:
        """The condition as the language writes it."""
        if isinstance(self.part, IsGiven):
            return f"{self.part.fact} is not given"
        if isinstance(self.part, Is | IsOneOf | InCodes):
            name, _, rest = self.part.text.partition(" ")
            if rest.startswith("is "):
                return f"{name} is not {rest.removeprefix('is ')}"
            if rest.startswith("in "):
                return f"{name} not in {rest.removeprefix('in ')}"
        inner = self.part.text
        return f"not {inner}" if " " not in inner else f"not ({inner})"

    def holds(self, read: Read) -> bool:
        """Tell whether the part does not hold."""
        return not self.part.holds(read)


@dataclass(frozen=True)
class All:
    """Conditions joined by `and`; without any, always true."""

    parts: tuple[Condition, ...]

    @property
    def text(self) -> str:
        """The condition as the language writes it."""
        return " and ".join(_grouped(part) for part in self.parts) or "always"

    def holds(self, read: Read) -> bool:
        """Tell whether all hold."""
        return all(part.holds(read) for part in self.parts)


@dataclass(frozen=True)
class Any_:  # noqa: N801 - `Any` is taken by typing
    """Conditions joined by `or`."""

    parts: tuple[Condition, ...]

    @property
    def text(self) -> str:
        """The condition as the language writes it."""
        return " or ".join(_grouped(part) for part in self.parts)

    def holds(self, read: Read) -> bool:
        """Tell whether some part holds."""
        return any(part.holds(read) for part in self.parts)


Atom: TypeAlias = Is | IsOneOf | InCodes | Includes | IsGiven | Compares | ComparesFacts
Condition: TypeAlias = Atom | Named | Not | All | Any_

ALWAYS = All(())


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield the atoms of `condition` from left to right, with repetitions."""
    match condition:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part) | Named(_, part):
            yield from atoms(part)
        case _:
            yield condition


def atom_facts(atom: Atom) -> tuple[str, ...]:
    """Return the facts that `atom` reads."""
    if isinstance(atom, ComparesFacts):
        return (atom.fact, atom.other)
    return (atom.fact,)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """Return the facts that `condition` mentions, each once, in order."""
    found = (fact for atom in atoms(condition) for fact in atom_facts(atom))
    return tuple(dict.fromkeys(found))


def both(left: Condition | None, right: Condition | None) -> Condition:
    """Return the condition that `left` and `right` hold; None always holds."""
    parts = tuple(
        inner
        for part in (left, right)
        if part is not None
        for inner in (part.parts if isinstance(part, All) else (part,))
    )
    return parts[0] if len(parts) == 1 else All(parts)


def normal(condition: Condition | None) -> str:
    """Return `condition` as text that is the same however it was written.

    Names are written out; what `and` or `or` joins, and what a list has, stands in one
    order, once.
    """
    match condition:
        case None:
            return ""
        case Named(_, part) | Not(Not(part)):
            return normal(part)
        case Not(Named(_, part)):
            return normal(Not(part))
        case Not(part):
            return f"not({normal(part)})"
        case All(parts) | Any_(parts):
            found = {normal(part) for part in _joined(condition, parts)}
            kind = "all" if isinstance(condition, All) else "any"
            return found.pop() if len(found) == 1 else f"{kind}({sorted(found)})"
        case _:
            plain = _in_order(condition)
            said = [getattr(plain, f.name) for f in fields(plain)]
            return f"{type(plain).__name__}{said[:-1]}"  # the last is its text


def _in_order(atom: Atom) -> Atom:
    """Return `atom` with what it lists, or compares, in one order."""
    match atom:
        case IsOneOf(fact, values, text):
            several = tuple(sorted(set(values), key=repr))
            if len(several) == 1:
                return Is(fact, several[0], text)
            return replace(atom, values=several)
        case InCodes(codes=codes) | Includes(codes=codes):
            ranges = tuple(sorted(set(codes.ranges)))
            return replace(atom, codes=replace(codes, ranges=ranges))
        case ComparesFacts(fact, op, other, None) if fact > other and op in _TURNED:
            return replace(atom, fact=other, op=_TURNED[op], other=fact)
        case _:
            return atom


#: What is asked of two facts, asked the other way round.
_TURNED = {
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
    "is": "is",
    "in month of": "in month of",
}


def _joined(outer: Condition, parts: tuple[Condition, ...]) -> Iterator[Condition]:
    """Yield `parts`, and in place of those that are joined as `outer` is, their parts."""
    for part in parts:
        plain = part
        while isinstance(plain, Named):
            plain = plain.part
        if isinstance(plain, All | Any_) and type(plain) is type(outer):
            yield from _joined(outer, plain.parts)
        else:
            yield part


def compare(left: Value, op: str, right: Value) -> bool:
    """Return `left op right`; false where one is none or they are of two types."""
    if left is NONE or right is NONE:
        return False
    a: Any = left
    b: Any = right
    if op == "<":
        return bool(a < b)
    if op == "<=":
        return bool(a <= b)
    if op == ">":
        return bool(a > b)
    return bool(a >= b)


def value_text(value: Value, *, money: bool = False, percent: bool = False) -> str:
    """Return `value` as the language writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if money and isinstance(value, int):
        return dollars(value)
    if isinstance(value, int | Fraction):
        return f"{number_text(value)}%" if percent else number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        if len(value) == 2 and isinstance(value[0], int):  # noqa: PLR2004 - a birthday
            return f"{value[0]:02d}-{value[1]:02d}"
        return ", ".join(map(str, value)) or "none"
    return value.value


def number_text(number: int | Fraction) -> str:
    """Return `number` with as many decimals as it needs, or as a fraction."""
    if isinstance(number, int):
        return str(number)
    exact = Fraction(number)
    if exact.denominator == 1:
        return str(exact.numerator)
    scaled = exact * 10**6
    if scaled.denominator == 1:
        sign, size = ("-" if scaled < 0 else ""), abs(scaled.numerator)
        whole, part = divmod(size, 10**6)
        return f"{sign}{whole}.{part:06d}".rstrip("0")
    return f"{exact.numerator}/{exact.denominator}"


def _grouped(part: Condition) -> str:
    return f"({part.text})" if isinstance(part, All | Any_) else part.text


def _clamped(ordinal: int) -> date:
    bounded = min(max(ordinal, date.min.toordinal()), date.max.toordinal())
    return date.min + timedelta(days=bounded - date.min.toordinal())
