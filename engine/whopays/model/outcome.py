"""What was decided about a line, apart from how: the part that all engines must agree on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from whopays.model.contract import Answer

#: Every status a line can have (`rejected` is for what could not be read).
STATUSES = (
    "decided",
    "undetermined",
    "unlisted",
    "not_covered",
    "ambiguous",
    "by_hand",
    "no_contract",
    "rejected",
)
MOST_COMPLETIONS = 50_000
#: Between the names of compared facts that are unknown together.
SEPARATOR = "|"
_MOST_VALUES = 200  # of one fact, looked at for the best question
_MOST_PAIRED = 1_500  # leaves compared in pairs to find the facts that matter


@dataclass(frozen=True)
class Outcome:
    """The answer for one line.

    `clauses` are the ids of the clauses that gave it, `moved` those of the treats that
    moved the line, `category` where it stands after them and `landed` before (None:
    unlisted, or not one category). `needs` are the facts that would settle it, sorted;
    `minimised` False when there were too many completions to leave out any.
    """

    status: str
    answer: Answer | None = None
    clauses: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    category: str | None = None
    landed: str | None = None
    needs: tuple[str, ...] = ()
    minimised: bool = True
    note: str = ""
    best: str = field(default="", compare=False)

    @property
    def questions(self) -> tuple[str, ...]:
        """The facts needed, the best one to ask for first."""
        if self.best not in self.needs:
            return self.needs
        return (self.best, *(need for need in self.needs if need != self.best))

    @property
    def key(self) -> tuple[str, Answer | None]:
        """What two completions must have in common to count as the same answer."""
        return self.status, self.answer


class Keyed(Protocol):
    """What can be the same in two completions."""

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same then."""


Leaf = tuple[Mapping[str, int], Outcome]
Leaves = Sequence[tuple[Mapping[str, int], Keyed]]


def join(leaves: list[Leaf], asked: Iterable[str]) -> Outcome:
    """Return the outcome of a line of which `leaves` are all completions.

    A leaf holds, for each fact that was read, the set of its values as bits. `asked` are
    the facts to name when there are too many leaves to minimise.
    """
    first = leaves[0][1]
    outcomes = [outcome for _, outcome in leaves]
    if all(outcome.key == first.key for outcome in outcomes):
        return replace(
            first,
            clauses=_union(outcome.clauses for outcome in outcomes),
            moved=_union(outcome.moved for outcome in outcomes),
            category=_common(outcome.category for outcome in outcomes),
            landed=_common(outcome.landed for outcome in outcomes),
            note=first.note if len({o.note for o in outcomes}) == 1 else "",
        )
    needs, minimised, best = needs_of(leaves, asked)
    return Outcome(
        "undetermined",
        category=_common(outcome.category for outcome in outcomes),
        landed=_common(outcome.landed for outcome in outcomes),
        needs=needs,
        minimised=minimised,
        best=best,
    )


def needs_of(leaves: Leaves, asked: Iterable[str]) -> tuple[tuple[str, ...], bool, str]:
    """Return the facts that settle which of `leaves` a line is, and the best question.

    Between them: whether facts were left out that settle nothing.
    """
    if len(leaves) > _MOST_PAIRED:
        return tuple(sorted(set(asked))), False, ""
    keys = sorted(_needed(leaves))
    best = _best_question(leaves, tuple(keys))
    needs = tuple(sorted({n for key in keys for n in key.split(SEPARATOR)}))
    return needs, True, best.split(SEPARATOR)[0]


def _best_question(leaves: Leaves, needs: tuple[str, ...]) -> str:
    """Return the fact whose values leave the smallest share of leaves undetermined."""

    def still_open(fact: str) -> tuple[Fraction, str]:
        # Values that lie in the same leaves leave the same ones open.
        patterns = {
            frozenset(
                at for at, (bits, _) in enumerate(leaves) if value & bits.get(fact, ~0)
            )
            for value in _single_bits(leaves, fact)
        }
        left = 0
        for pattern in patterns:
            if len({leaves[at][1].key for at in pattern}) > 1:
                left += len(pattern)
        return Fraction(left, sum(map(len, patterns))), fact

    return min(map(still_open, needs))[1] if needs else ""


def _single_bits(leaves: Leaves, fact: str) -> list[int]:
    union = 0
    for bits, _ in leaves:
        union |= bits.get(fact, 0)
    return [1 << at for at in range(union.bit_length()) if union >> at & 1][
        :_MOST_VALUES
    ]


def _needed(leaves: Leaves) -> set[str]:
    """Return the facts that alone can turn one answer into another.

    Two leaves with different answers that can agree on every fact but one: that fact
    is needed. The set is unique, and no smaller one settles the line.
    """
    found: set[str] = set()
    every = {fact for bits, _ in leaves for fact in bits}
    keyed = [(bits, outcome.key) for bits, outcome in leaves]
    for at, (left, one) in enumerate(keyed):
        if found == every:
            break
        for right, other in keyed[at + 1 :]:
            if one == other:
                continue
            apart = [
                fact
                for fact, bits in left.items()
                if fact in right and not bits & right[fact]
            ]
            if len(apart) == 1:
                found.add(apart[0])
    return found


def _union(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({each for some in many for each in some}))


def _common(many: Iterable[str | None]) -> str | None:
    found = set(many)
    return found.pop() if len(found) == 1 else None
