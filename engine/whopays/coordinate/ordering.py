"""The order of all plans of a patient, from what is said of each pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from whopays.coordinate.pairs import NEITHER, OTHER, THIS, UNDETERMINED, Ahead


@dataclass(frozen=True)
class Pair:
    """What was said of two plans, by id: which goes ahead, and by which rule."""

    this: str
    other: str
    ahead: Ahead

    @property
    def text(self) -> str:
        """The pair as a sentence without its end."""
        rule = f", by {', '.join(self.ahead.rules)}" if self.ahead.rules else ""
        if self.ahead.plan == THIS:
            return f"{self.this} goes ahead of {self.other}{rule}"
        if self.ahead.plan == OTHER:
            return f"{self.other} goes ahead of {self.this}{rule}"
        if self.ahead.plan == NEITHER:
            return f"no rule tells {self.this} and {self.other} apart"
        needs = ", ".join(_needs(self))
        return f"{self.this} and {self.other} are undetermined, needs {needs}"


@dataclass(frozen=True)
class Ranked:
    """The plans in their order: each place has one plan, or several that share equally.

    Empty where the order is undetermined; `why` says so, `needs` are facts that would
    settle it (`PLAN.fact`), where facts would.
    """

    places: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    why: str = ""
    needs: tuple[str, ...] = ()


def ranked(
    plans: Sequence[str], decide: Callable[[str, str], Ahead], *, share_equally: bool
) -> Ranked:
    """Return the order of `plans`; `decide` says which of two goes ahead.

    The result does not depend on the order in which they are given. Plans that no rule
    tells apart share equally if the order says so and they stand alike to all others.
    """
    names = sorted(plans)
    pairs = tuple(Pair(a, b, decide(a, b)) for a, b in combinations(names, 2))
    needs = tuple(sorted({need for pair in pairs for need in _needs(pair)}))
    open_ = [pair for pair in pairs if pair.ahead.plan == UNDETERMINED]
    if open_:
        return Ranked((), pairs, f"{open_[0].text}", needs)
    before = {name: _before(name, pairs) for name in names}
    ties = [pair for pair in pairs if pair.ahead.plan == NEITHER]
    if ties and not share_equally:
        return Ranked((), pairs, ties[0].text)
    classes = _classes(names, ties)
    for each in classes:
        why = _unlike(each, before, pairs)
        if why:
            return Ranked((), pairs, why)
    places = tuple(sorted(classes, key=lambda each: (len(before[each[0]]), each)))
    circle = _circle(places, before, pairs)
    return Ranked((), pairs, circle) if circle else Ranked(places, pairs)


def _needs(pair: Pair) -> list[str]:
    """Return what a pair needs, with the plan's own name for `this` and `other`."""
    found = []
    for need in pair.ahead.needs:
        side, dot, rest = need.partition(".")
        plan = {THIS: pair.this, OTHER: pair.other}.get(side) if dot else None
        found.append(f"{plan}.{rest}" if plan else need)
    return sorted(found)


def _before(name: str, pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the plans that go ahead of `name`."""
    ahead = {p.this for p in pairs if p.other == name and p.ahead.plan == THIS}
    behind = {p.other for p in pairs if p.this == name and p.ahead.plan == OTHER}
    return frozenset(ahead | behind)


def _classes(names: Sequence[str], ties: Sequence[Pair]) -> list[tuple[str, ...]]:
    """Return `names` by what no rule tells apart, one class each for the others."""
    leader = {name: name for name in names}
    for pair in ties:
        old, new = sorted((leader[pair.this], leader[pair.other]), reverse=True)
        leader = {n: new if first == old else first for n, first in leader.items()}
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(leader[name], []).append(name)
    return [tuple(each) for each in found.values()]


def _unlike(
    plans: tuple[str, ...], before: dict[str, frozenset[str]], pairs: Sequence[Pair]
) -> str:
    """Say why `plans` can't share equally, or nothing."""
    told = {(p.this, p.other): p for p in pairs}
    for one, other in combinations(plans, 2):
        pair = told[one, other]
        if pair.ahead.plan != NEITHER:
            third = next(p for p in plans if _is_tie(told, p, one))
            return (
                f"no rule tells {third} and {one} apart, and {pair.text}: they can't "
                "share equally"
            )
        if before[one] != before[other]:
            third = min(before[one] ^ before[other])
            return (
                f"no rule tells {one} and {other} apart, and they do not stand alike "
                f"to {third}: they can't share equally"
            )
    return ""


def _is_tie(told: dict[tuple[str, str], Pair], one: str, other: str) -> bool:
    pair = told.get((min(one, other), max(one, other)))
    return pair is not None and pair.ahead.plan == NEITHER


def _circle(
    places: Sequence[tuple[str, ...]],
    before: dict[str, frozenset[str]],
    pairs: Sequence[Pair],
) -> str:
    """Name three plans that go ahead of each other in a circle, with their rules."""
    firsts = [place[0] for place in places]
    for trio in combinations(firsts, 3):
        if all(len(before[name].intersection(trio)) == 1 for name in trio):
            said = [p.text for p in pairs if {p.this, p.other} <= set(trio)]
            return f"three plans go ahead of each other in a circle: {'; '.join(said)}"
    return ""
