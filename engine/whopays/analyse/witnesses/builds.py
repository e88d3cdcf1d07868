"""Builds a claim for an item, or says why none can be built.

Drafts come from the tables; a draft counts only if the decision of it, by the same code
that looks at tests, touches the item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from whopays.analyse.coverage.bounds import bounds
from whopays.analyse.coverage.demands import (
    signings,
    withdrawal_key,
    withdrawals,
)
from whopays.analyse.coverage.items import Item, Key
from whopays.analyse.coverage.parts import Part
from whopays.analyse.coverage.touches import Touches, without
from whopays.analyse.witnesses.apart import claims_apart
from whopays.analyse.witnesses.drafts import AS_IT_IS, Draft, Drafts, Tweak
from whopays.analyse.witnesses.grounds import Ground, Grounds
from whopays.analyse.witnesses.landings import Landings
from whopays.analyse.witnesses.sites import Sites
from whopays.analyse.witnesses.upstream import Upstream
from whopays.checks.entries import TooManyEntriesError
from whopays.decide.line import Found, Way
from whopays.model import conditions as model
from whopays.model.claim import Line
from whopays.model.contract import ExceptionClause, Version
from whopays.model.outcome import Outcome
from whopays.model.values import Value
from whopays.program.compile import Program
from whopays.resolve import versions
from whopays.resolve.tests import complete

_DAY = timedelta(days=1)
_TRIES = 60
_TRUTHS = {"true": (True,), "false": (False,), "unknown": (True, False)}
NEVER = "no answer ever depends on it"
NO_EXAMPLE = "possible, no example found"
TOO_MANY = "too many combinations to look at"


#: What is built first: a test at a threshold often shows what others would, too.
_ORDER = (
    *("threshold", "target", "condition", "day", "known", "withdrawal"),
    *("treat", "exception", "otherwise", "row"),
)


@dataclass(frozen=True)
class Built:
    """A claim, and the keys of the items that it touches."""

    draft: Draft
    touches: frozenset[Key]


@dataclass(frozen=True)
class Proposals:
    """Claims that together touch every item that can be; `why` says it of the others."""

    built: tuple[Built, ...]
    why: dict[Key, str]


class Builder:
    """Builds claims for the items of one contract."""

    def __init__(self, touches: Touches) -> None:
        self.touches = touches
        self.program = touches.program
        self.contract = touches.contract
        landings = Landings(self.program)
        self.grounds = Grounds(landings)
        self.sites = Sites(self.program, self.grounds)
        self.drafts = Drafts(landings)
        self.upstream = Upstream(self.program, self.grounds, self.drafts)
        self._facts = self.contract.facts
        self._in_force: dict[date | None, tuple[Version, ...]] = {}

    def propose(self, items: Iterable[Item]) -> Proposals:
        """Return claims for all `items`, as few as are found in one go."""
        wanted = {item.key: item for item in items}
        left = dict(
            sorted(
                wanted.items(),
                key=lambda pair: (
                    _ORDER.index(pair[1].kind),
                    pair[1].side == "unknown",
                ),
            )
        )
        built: list[Built] = []
        why: dict[Key, str] = {}
        while left:
            item = left.pop(next(iter(left)))
            found = self.build(item)
            if isinstance(found, str):
                why[item.key] = found
                continue
            built.append(found)
            for key in found.touches:
                left.pop(key, None)
        return Proposals(tuple(_needed(built, frozenset(wanted))), why)

    def build(self, item: Item) -> Built | str:
        """Return a claim that touches `item`, or why there is none."""
        reason = self._unwritable(item)
        if reason:
            return reason
        self.sites.too_large = False
        tried = 0
        try:
            for draft in islice(self._drafts(item), _TRIES):
                tried += 1
                built = self.built(draft)
                if item.key in built.touches:
                    return built
        except TooManyEntriesError:
            return TOO_MANY
        if tried or self._is_tried(item):
            return NO_EXAMPLE
        return TOO_MANY if self.sites.too_large else NEVER

    def built(self, draft: Draft) -> Built:
        """Return `draft` with what it touches."""
        facts = complete(self.contract, dict(draft.given))
        return Built(draft, self.touches.of(facts, draft.category, draft.known_on))

    def in_force(self, known_on: date | None) -> tuple[Version, ...]:
        """Return the texts as known on a day, resolved for the reference."""
        if known_on not in self._in_force:
            self._in_force[known_on], _ = versions(self.contract, known_on)
        return self._in_force[known_on]

    def outcome(self, draft: Draft) -> Outcome:
        """Return the outcome of `draft` by tables."""
        decider = self.touches.hanging(draft.known_on).decider
        return decider.decide(self._read(draft), draft.category).outcome

    def ways(self, draft: Draft) -> tuple[Found, tuple[Way, ...]]:
        """Return the decision of `draft`, and each way to fill in what is unknown.

        A draft has few; raise `TooManyWaysError` otherwise.
        """
        line = self.touches.hanging(draft.known_on).follow(
            self._read(draft), draft.category
        )
        pairs = zip(line.ways, line.filled, strict=True)
        return line.found, tuple(Way(found, facts) for found, facts in pairs)

    def hung_on(self, draft: Draft) -> tuple[set[str], ...]:
        """Return facts that may be enough for the decision of `draft`, then more."""
        hanging = self.touches.hanging(draft.known_on)
        line = hanging.follow(self._read(draft), draft.category)
        found = {"product", *self.contract.catalog.code_facts()}
        found.update(by.facts[0] for by in self.contract.decide_by)
        return tuple(found | facts for facts in hanging.facts(line))

    def _read(self, draft: Draft) -> Mapping[str, Value]:
        facts = complete(self.contract, dict(draft.given))
        return self.program.facts_of(Line("test", "1", facts))

    def _is_tried(self, item: Item) -> bool:
        """Tell whether drafts for `item` are samples: none is then no proof."""
        if item.kind not in {"condition", "threshold"}:
            return False
        _, place, atom, _ = item.key
        truths = _TRUTHS.get(item.side, (True, False))
        return self.upstream.is_sampled(place, atom, truths)

    def _unwritable(self, item: Item) -> str:
        """Return why no test can have `item`, whatever the tables say."""
        if item.kind != "condition" or item.side != "unknown":
            return ""
        atom = _atom(item)
        reasons = [self._always_known(name) for name in model.atom_facts(atom)]
        return "" if "" in reasons else reasons[0]

    def _always_known(self, name: str) -> str:
        fact = self._facts[name]
        own = {"payer": self.contract.payer, "group": self.contract.group}
        if own.get(name) is not None:
            return f"a test has the contract's own {name} unless it gives another"
        if fact.required:
            return f"a claim without {name} is rejected"
        if fact.or_none and not fact.is_term:
            return f"in a test {name} is a value or none, never unknown"
        return ""

    # Drafts, by the kind of item

    def _drafts(self, item: Item) -> Iterator[Draft]:
        match item.key:
            case ("row" | "otherwise" | "exception" | "treat", place):
                for ground, clause in self.sites.of_clause(place):
                    yield from self._each(ground, ground.named(clause.id), AS_IT_IS)
            case ("target", place, text):
                for ground, clause in self.sites.of_clause(place, text):
                    if isinstance(clause, ExceptionClause):
                        bits = ground.replaced(clause, text)
                        yield from self._each(ground, bits, AS_IT_IS)
            case ("condition" | "threshold", place, atom, _):
                yield from self._conditions(item, place, atom)
            case ("day", *_):
                yield from self._days(item)
            case ("known", day, side):
                yield from self._signings(day, side)
            case ("withdrawal", *_):
                yield from self._withdrawn(item)
            case _:
                raise TypeError(item.key)

    def _conditions(self, item: Item, place: Any, atom: model.Atom) -> Iterator[Draft]:
        truths = _TRUTHS.get(item.side, (True, False))
        for tweak in self._tweaks(item, atom):
            if self.upstream.has(place):
                yield from self.upstream.claims(place, atom, truths, tweak)
                continue
            for ground, part in self.sites.parts(place):
                if atom in part.atoms:
                    bits = self._hung(ground, part, atom, truths, tweak)
                    yield from self._each(ground, bits, tweak)

    def _tweaks(self, item: Item, atom: model.Atom) -> Iterator[Tweak]:
        if item.kind == "threshold":
            yield Tweak(atom=atom, side=item.side)
        elif item.side == "unknown":
            for name in model.atom_facts(atom):
                if not self._always_known(name):
                    yield Tweak(left_out=frozenset({name}))
        else:
            yield AS_IT_IS

    def _each(
        self, ground: Ground, found: Iterator[int], tweak: Tweak
    ) -> Iterator[Draft]:
        for bits in found:
            yield from islice(self.drafts.on(ground, bits, tweak), _TRIES // 6)

    def _hung(
        self,
        ground: Ground,
        part: Part,
        atom: model.Atom,
        truths: tuple[bool, ...],
        tweak: Tweak,
    ) -> Iterator[int]:
        """Yield the entries in which the answer hangs on `atom`.

        Where its fact is left out, first those whose answer varies with that fact.
        """
        found = [
            bits for truth in truths for bits in ground.hung(part, atom, truth=truth)
        ]
        for fact in tweak.left_out:
            for varied in ground.varied(fact):
                yield from (bits & varied for bits in found if bits & varied)
            if fact not in self.upstream.facts:
                return
        yield from found

    def _days(self, item: Item) -> Iterator[Draft]:
        for bound in bounds(self.program):
            if bound.key == item.key:
                tweak = Tweak(day=bound.day)
                for one, other in (
                    (bound.governs, bound.instead),
                    (bound.instead, bound.governs),
                ):
                    if one is not None:
                        yield from claims_apart(self.drafts, one, other, tweak)

    def _signings(self, day: date, side: str) -> Iterator[Draft]:
        numbers = signings(self.program)[day].numbers
        after = self.touches.hanging(day).program
        before = self.touches.hanging(day - _DAY).program
        for version in after.versions:
            if not numbers or numbers.intersection(version.version.amendments):
                first = version.version.period.first
                known_on = day if side == "first" else day - _DAY
                tweak = Tweak(day=first, known_on=known_on)
                other = before.version_on(first)
                yield from claims_apart(self.drafts, version, other, tweak)

    def _withdrawn(self, item: Item) -> Iterator[Draft]:
        for amendment, change in withdrawals(self.program):
            if withdrawal_key(change) != item.key:
                continue
            kept = Program(
                without(self.contract, amendment, change), None, self.program
            )
            for version in self.program.versions:
                if amendment.number in version.version.amendments:
                    first = version.version.period.first
                    other = kept.version_on(first)
                    tweak = Tweak(day=first)
                    yield from claims_apart(self.drafts, version, other, tweak)


def _needed(built: list[Built], wanted: frozenset[Key]) -> Iterator[Built]:
    """Yield those of `built` without which an item would not be touched."""
    count = Counter(key for each in built for key in each.touches & wanted)
    for each in reversed(built):
        mine = each.touches & wanted
        if all(count[key] > 1 for key in mine):
            count.subtract(mine)
        else:
            yield each


def _atom(item: Item) -> Any:
    _, _, atom, _ = item.key
    return atom
