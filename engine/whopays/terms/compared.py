"""Two sources' words side by side: where they differ, by how much, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from whopays.amounts.units import MONEY, Units
from whopays.model.facts import Fact
from whopays.terms.answers import (
    AMOUNT,
    BESIDE,
    NO,
    NOT_APPLICABLE,
    YES,
    Answer,
)
from whopays.terms.causes import Parts, Taken, differing
from whopays.terms.definitions import Word
from whopays.terms.seen import Seen

SAME: Final = "same"
DIFFERENT: Final = "different"
#: One has an amount and the other has none; or the two are no amounts of one kind.
ONE_SIDED: Final = "one has no amount"
UNLIKE: Final = "not comparable"
NEITHER: Final = "neither has an amount"
_EXACT: Final = frozenset({AMOUNT, YES, NO})


@dataclass(frozen=True)
class Side:
    """What one source says at a place: a status, and cents if it is an amount of money.

    Of an amount per line at the place of the claim, the sum over its rows.
    """

    status: str
    cents: int | None = None
    parts: Parts = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    is_sum: bool = False


@dataclass(frozen=True)
class Compared:
    """One word of two sources at a place: a row, or the claim (None).

    `difference` is the first less the second, in cents, and `causes` sum up to it.
    """

    word: str
    at: int | None
    sides: tuple[Side, Side]
    outcome: str
    difference: int | None = None
    causes: Parts = field(default_factory=dict)


@dataclass
class Sum:
    """What the comparisons of one word come to over many claims; cents."""

    outcomes: Counter[str] = field(default_factory=Counter)
    cents: list[int] = field(default_factory=lambda: [0, 0])
    causes: Parts = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)

    @property
    def difference(self) -> int:
        """The first less the second, over all places where both have an amount."""
        return self.cents[0] - self.cents[1]

    def take(self, found: Compared) -> None:
        """Count `found`."""
        self.outcomes[found.outcome] += 1
        if found.difference is None:
            return
        for at, side in enumerate(found.sides):
            self.cents[at] += side.cents or 0
        for name, cents in found.causes.items():
            self.causes[name] = self.causes.get(name, 0) + cents
            self.places[name] += 1


def compared(
    seen: Seen,
    answers: tuple[tuple[Answer, ...], tuple[Answer, ...]],
    word: Word,
    facts: Mapping[str, Fact],
) -> Iterator[Compared]:
    """Yield what two sources say of `word` at each place where either says anything.

    `answers` are theirs on the claim `seen`. One per line and one per claim meet at the
    claim, with the sum over its rows.
    """
    by_place = tuple(
        {each.at: each for each in those if each.status != BESIDE} for those in answers
    )
    one, other = by_place
    rows = [*range(len(seen.by_row.lines))]
    places: list[int | None] = []
    if _of_rows(one) and _of_rows(other):
        places.extend(at for at in rows if at in one or at in other)
    if None in one or None in other:
        places.append(None)
    if not places:
        places = [at for at in rows if at in one or at in other]
    for at in places:
        sides = [_side(by_place[each], at, seen, facts) for each in (0, 1)]
        yield _compared(word.name, at, (sides[0], sides[1]), _taken(seen, at, facts))


def _of_rows(found: Mapping[int | None, Answer]) -> bool:
    return any(at is not None for at in found)


def _side(
    found: Mapping[int | None, Answer],
    at: int | None,
    seen: Seen,
    facts: Mapping[str, Fact],
) -> Side:
    if at in found:
        return _of_answer(found[at], _taken(seen, at, facts))
    rows = [each for each in found.values() if each.at is not None]
    if at is not None or not rows:
        return Side(NOT_APPLICABLE)
    sides = [_of_answer(each, _taken(seen, each.at, facts)) for each in rows]
    open_ = [each for each in sides if each.cents is None]
    if open_:
        return Side(open_[0].status, answers=open_[0].answers, is_sum=True)
    parts: Parts = {}
    for each in sides:
        for name, cents in each.parts.items():
            parts[name] = parts.get(name, 0) + cents
    cents = sum(each.cents or 0 for each in sides)
    return Side(AMOUNT, cents, parts, tuple(rows), is_sum=True)


def _taken(seen: Seen, at: int | None, facts: Mapping[str, Fact]) -> Taken:
    if at is None:
        turned = -1 if seen.is_turned else 1
        return Taken(facts, seen.as_whole.total, turned)
    sight = seen.by_row
    turned = -1 if seen.turned[at] else 1
    return Taken(facts, lambda name: sight.of_line(name, at), turned)


def _of_answer(answer: Answer, taken: Taken) -> Side:
    read, term = answer.read, answer.term
    if answer.status != AMOUNT or read is None or term is None:
        return Side(answer.status, answers=(answer,))
    lets = {let.name: let.unit for let in term.lets}
    unit = Units(taken.facts, lets).of(read.calculated.result.value)
    if unit != MONEY:
        return Side(unit, answers=(answer,))
    return Side(AMOUNT, read.cents, taken.parts(read), (answer,))


def _compared(
    word: str, at: int | None, sides: tuple[Side, Side], taken: Taken
) -> Compared:
    one, other = sides
    if one.cents is not None and other.cents is not None:
        gap = one.cents - other.cents
        causes = differing(one.parts, other.parts, taken) if gap else {}
        return Compared(word, at, sides, DIFFERENT if gap else SAME, gap, causes)
    if one.cents is not None or other.cents is not None:
        status = (other if one.cents is not None else one).status
        is_amount = status in {"percent", "number", *_EXACT}
        return Compared(word, at, sides, UNLIKE if is_amount else ONE_SIDED)
    both = {one.status, other.status}
    if both == {YES, NO}:
        return Compared(word, at, sides, DIFFERENT)
    if both in ({YES}, {NO}):
        return Compared(word, at, sides, SAME)
    if both <= {"percent", "number"}:
        return Compared(word, at, sides, _of_rates(one, other))
    is_told = bool(both & {"percent", "number", YES, NO})
    return Compared(word, at, sides, ONE_SIDED if is_told else NEITHER)


def _of_rates(one: Side, other: Side) -> str:
    rates = {
        each.answers[0].read.calculated.exact
        for each in (one, other)
        if each.answers[0].read is not None
    }
    return SAME if len(rates) == 1 and one.status == other.status else DIFFERENT
