"""The facts that rules may mention: their types, and what an empty cell means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from whopays.diagnostics import Span
from whopays.model.codes import CodeSet, system_of
from whopays.model.conditions import value_text
from whopays.model.formulas import Formula
from whopays.model.values import NONE, Value


class Kind(Enum):
    """The type of a fact; the value is how the language calls it."""

    ONE_OF = "one of"
    YES_NO = "yes or no"
    DATE = "date"
    BIRTHDAY = "birthday"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    CODE = "code"
    CODES = "list of code"
    PARTY = "party"
    TEXT = "text"

    @property
    def is_ordered(self) -> bool:
        """True for the kinds that `<` and `>` compare."""
        return self in _ORDERED


_COUNTED = frozenset(
    {
        Kind.DATE,
        Kind.BIRTHDAY,
        Kind.NUMBER,
        Kind.PERCENT,
        Kind.CODE,
        Kind.PARTY,
    }
)
_ORDERED = frozenset({Kind.DATE, Kind.BIRTHDAY, Kind.NUMBER, Kind.PERCENT, Kind.MONEY})


@dataclass(frozen=True)
class Fact:
    """One declared fact.

    `options` are the words of a `one of`, or the parties there are where they are known;
    `systems` the code systems, `per` the level
    of money ("line", "claim", "member"), `of` what it is a fact of ("line", "claim",
    "plan", "patient"). `or_none`: an empty cell says that there is none. `none_is_zero`:
    none counts as $0.00. `computed`: a shared amount, by its formula's facts. `fixed`:
    nobody can change it, so no answer is sought by changing it. `formula`: how a shared
    amount is computed. `is_term`: a payment term in a condition, worked out for the line;
    no claim gives it.
    """

    name: str
    kind: Kind
    span: Span = field(compare=False, repr=False)
    options: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    per: str = "line"
    unit: str = ""
    of: str = "line"
    or_none: bool = False
    none_is_zero: bool = False
    required: bool = False
    spread_by: tuple[str, ...] = ()
    as_of: str = ""
    computed: tuple[str, ...] = ()
    formula: Formula | None = field(default=None, repr=False)
    fixed: bool = False
    is_term: bool = False

    @property
    def type_text(self) -> str:
        """The type in the words of the language, for messages."""
        if self.kind is Kind.ONE_OF:
            return f"one of {', '.join(self.options)}"
        if self.kind in {Kind.CODE, Kind.CODES}:
            return f"{self.kind.value} {', '.join(self.systems)}"
        if self.kind is Kind.MONEY:
            return f"money per {self.per}"
        return str(self.kind.value)

    def written(self, value: Value) -> str:
        """Return a value of the fact as a `given` of a test writes it."""
        if self.kind is Kind.TEXT and isinstance(value, str):
            return f'"{value}"'
        codes = (value,) if isinstance(value, str) else value
        if self.kind in {Kind.CODE, Kind.CODES} and isinstance(codes, tuple) and codes:
            return ", ".join(self._codes([str(code) for code in codes]))
        is_money, is_percent = self.kind is Kind.MONEY, self.kind is Kind.PERCENT
        return value_text(value, money=is_money, percent=is_percent)

    def _codes(self, codes: list[str]) -> Iterator[str]:
        """Yield `codes` system by system."""
        for system in self.systems:
            own = tuple((c, c) for c in codes if system_of(c, self.systems) == system)
            if own:
                yield str(CodeSet(system, own))

    @property
    def described(self) -> str:
        """The type as the end of a sentence: `age is a number`."""
        if self.kind in _COUNTED:
            return f"a {self.type_text}"
        if self.kind is Kind.CODES:
            return f"a list of codes {', '.join(self.systems)}"
        return self.type_text


@dataclass(frozen=True)
class FactSet:
    """The facts of one `facts` block, by name, in the order written."""

    id: str
    version: str
    title: str
    facts: dict[str, Fact]
    span: Span = field(compare=False, repr=False)


def as_counted(fact: Fact, value: Value) -> Value:
    """Return `value` as conditions see it: an absent component counts as $0.00."""
    return 0 if fact.none_is_zero and value is NONE else value
