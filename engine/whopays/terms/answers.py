"""What a term comes to at a place of a claim: an amount, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from whopays.amounts.formula import Calculated
from whopays.amounts.units import MONEY, PERCENT
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Term
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.model.worked import Worked

AMOUNT: Final = "amount"
YES: Final = "yes"
NO: Final = "no"
AMBIGUOUS: Final = "ambiguous"
UNDEFINED: Final = "undefined"
NOT_APPLICABLE: Final = "not applicable"
UNDETERMINED: Final = "undetermined"
#: The term itself is of another level, and readings of it are of this one.
BESIDE: Final = "beside"
_HUNDRED: Final = 100


@dataclass(frozen=True)
class Read:
    """One reading of a term at a place, with its working and the `lets` that it read.

    `unit` is money, number or percent.
    `is_turned`: the working has the signs of a reversal turned, `cents` has not.
    `opening` works out the shared amounts that it read, each with its components.
    """

    name: str
    level: str
    calculated: Calculated
    unit: str = MONEY
    is_turned: bool = False
    lets: tuple[Worked, ...] = ()
    opening: Callable[[], tuple[Worked, ...]] = field(
        default=tuple, compare=False, repr=False
    )

    @property
    def cents(self) -> int | None:
        """The amount in cents; None where it is missing something, or is a percent."""
        found = self.calculated.cents if self.unit == MONEY else None
        return -found if found is not None and self.is_turned else found


@dataclass(frozen=True)
class Answer:
    """What a term comes to at the place `at`: a row, or the claim (None).

    `read` is its amount with its working, `readings` those beside it. `needs` are the
    facts without which it is undetermined, `why` what else there is to say. `term` is
    the definition that holds here, None where none does.
    """

    status: str
    at: int | None
    term: Term | None
    read: Read | None = None
    readings: tuple[Read, ...] = ()
    needs: frozenset[str] = frozenset()
    why: str = ""

    @property
    def cents(self) -> int | None:
        """The amount in cents, if the answer is one."""
        if self.status != AMOUNT or self.read is None:
            return None
        return self.read.cents

    def reading(self, name: str) -> Read | None:
        """Return the reading `name`, or None."""
        return next((each for each in self.readings if each.name == name), None)


def needed(name: str, facts: Mapping[str, Fact]) -> str:
    """Return the name of what a term lacks, and what it may be where that is a word."""
    fact = facts.get(name)
    if fact is None or fact.kind not in {Kind.ONE_OF, Kind.YES_NO}:
        return name
    return f"{name} ({fact.type_text})"


def value_of(answer: Answer) -> Value:
    """Return `answer` as the value of a fact; none where the term does not apply."""
    if answer.status in {YES, NO}:
        return answer.status == YES
    if answer.status == NOT_APPLICABLE:
        return NONE
    if answer.status != AMOUNT or answer.read is None:
        return UNKNOWN
    if answer.read.unit == MONEY:
        return UNKNOWN if answer.cents is None else answer.cents
    exact = answer.read.calculated.exact
    if exact is None:
        return UNKNOWN
    return exact * _HUNDRED if answer.read.unit == PERCENT else exact
