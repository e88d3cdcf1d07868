"""What the limits of a contract count of one line, and what comes of it.

`Entry` is narrow: what has to be kept of a line until its turn comes. Lines take their
turns in the order of governing date, claim and line; `count` is one turn, a pure
function of the entries of a line and of the balances before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from whopays.accumulate.balances import ANYTHING, Balance, Balances, Key
from whopays.accumulate.tiers import (
    borne,
    divided,
    is_left,
    only_tier,
    reach,
)
from whopays.model.contract import Limit
from whopays.model.money import dollars, spread
from whopays.model.values import Number

PAID, COUNTED, YIELDED, OPEN = "paid", "counted", "yielded", "open"
_MONEY = "money"


@dataclass(frozen=True)
class Entry:
    """One limit and one line that it may take.

    `key` None: nobody says whose count it is. `value` is what the line counts if the
    limit takes it, None while that is missing; `applies`: it surely takes it. `cents`
    are those of the bearer before any limit. `missing` is what would have to be known.
    `file_by` is the last day to claim back what the limit pays, as ISO text; empty where
    no day is said, or it is not known.
    """

    limit: Limit
    key: Key | None
    value: Number | None
    applies: bool
    cents: int | None
    missing: tuple[str, ...] = ()
    file_by: str = ""

    @property
    def counted(self) -> Balance:
        """What the line adds to the count."""
        whole = ANYTHING if self.value is None else Balance(self.value, self.value)
        return whole if self.applies else whole.or_nothing()


@dataclass(frozen=True)
class Taken:
    """What came of an entry.

    `state`: `paid` (others bear a part of what it counted), `counted` (the bearer keeps
    all), `yielded` (to the limits `to`), `open`. `parts` are what lies in each tier,
    None where that is open and makes no difference, or makes the amounts open (`note`
    says why). `moved` are the cents that each bearer bears more or less by it, `nobody`
    those that nobody bears.
    """

    entry: Entry
    state: str
    before: Balance | None = None
    after: Balance | None = None
    parts: tuple[Number, ...] | None = None
    moved: dict[str, int] = field(default_factory=dict)
    nobody: int = 0
    to: tuple[str, ...] = ()
    note: str = ""


def count(
    entries: Sequence[Entry], balances: Balances, order: tuple[str, ...]
) -> tuple[Taken, ...]:
    """Count one line, and return what came of each entry, those that go first first.

    `order` is that of the parties. `balances` stand after the line when it returns.
    """
    done: dict[str, Taken] = {}
    for entry in _first_first(entries):
        before = [done[name] for name in entry.limit.yields_to if name in done]
        done[entry.limit.id] = _turn(entry, before, balances, order)
    return tuple(_alone(list(done.values())))


def _first_first(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries, each after those that it yields to."""
    waiting, found = list(entries), list[Entry]()
    while waiting:
        names = {each.limit.id for each in waiting}
        ready = [e for e in waiting if names.isdisjoint(e.limit.yields_to)]
        found.extend(ready or waiting)  # a circle is refused where rules are read
        waiting = [e for e in waiting if e not in ready] if ready else []
    return found


def _turn(
    entry: Entry, others: list[Taken], balances: Balances, order: tuple[str, ...]
) -> Taken:
    ahead = tuple(each.entry.limit.id for each in others if each.state == PAID)
    if ahead:
        return Taken(entry, YIELDED, to=ahead)
    hangs_on = [each for each in others if each.state == OPEN]
    counted = entry.counted.or_nothing() if hangs_on else entry.counted
    if counted.exact == 0:
        return _nothing(entry, balances)
    if entry.key is None:
        return Taken(entry, OPEN, note=_unknown_key(entry))
    before, after = balances.add(entry.key, counted)
    here = Taken(entry, COUNTED, before, after)
    value = None if hangs_on or not entry.applies else entry.value
    if value is not None and before.exact is not None:
        return _divide(here, divided(entry.limit, before.exact, value), order)
    at = only_tier(entry.limit, *reach(before, counted))
    if at is not None and value is not None:
        parts = tuple(value if i == at else 0 for i in range(len(entry.limit.tiers)))
        return _divide(here, parts, order)
    if at is not None and is_left(entry.limit, at):
        return here
    return Taken(entry, OPEN, before, after, note=_why_open(entry, hangs_on))


def _nothing(entry: Entry, balances: Balances) -> Taken:
    stands = balances.get(entry.key) if entry.key is not None else None
    parts = tuple(0 for _ in entry.limit.tiers)
    return Taken(entry, COUNTED, stands, stands, parts)


def _unknown_key(entry: Entry) -> str:
    of = ", ".join(entry.missing)
    return f"whose count of limit {entry.limit.id} it is is not known, for want of {of}"


def _why_open(entry: Entry, hangs_on: list[Taken]) -> str:
    name = entry.limit.id
    if hangs_on:
        other = hangs_on[0].entry.limit.id
        return f"limit {name} yields to {other}, and whether that pays is not known"
    if entry.missing:
        return f"what limit {name} counts of it is not known, for want of {', '.join(entry.missing)}"
    return (
        f"what limit {name} had counted before it is not known: an earlier line of "
        "the same count is open"
    )


def _divide(here: Taken, parts: tuple[Number, ...], order: tuple[str, ...]) -> Taken:
    """Return `here` with its `parts`, and who bears the cents of each."""
    entry, limit = here.entry, here.entry.limit
    passed_on = [at for at, part in enumerate(parts) if part and not is_left(limit, at)]
    base = (entry, PAID if passed_on else COUNTED, here.before, here.after, parts)
    if not passed_on or entry.cents is None:
        return Taken(*base)
    unsaid = [
        limit.tiers[at].shares.text
        for at in passed_on
        if limit.tiers[at].shares.kind not in {"shares", "not_covered"}
    ]
    if unsaid:
        return Taken(*base, note=f"a tier of limit {limit.id} answers {unsaid[0]}")
    cents = _in_cents(limit, parts, entry.cents)
    if cents is None:
        counts = dollars(int(entry.value or 0))
        return Taken(
            *base,
            note=f"limit {limit.id} counts {counts} of it, and {limit.applies_to} bears "
            f"{dollars(entry.cents)}: its tiers can't divide more than that",
        )
    moved = dict.fromkeys((limit.applies_to,), 0)
    nobody = 0
    for at in passed_on:
        moved[limit.applies_to] -= cents[at]
        tier = limit.tiers[at].shares
        if tier.kind == "not_covered":
            nobody += cents[at]
            continue
        for who, part in borne(tier, cents[at], order).items():
            moved[who] = moved.get(who, 0) + part
    return Taken(*base, moved=moved, nobody=nobody)


def _in_cents(
    limit: Limit, parts: tuple[Number, ...], cents: int
) -> tuple[int, ...] | None:
    """Return the cents of each tier; None where more is counted than the bearer has.

    Where a number is counted, the bearer's cents are spread over the tiers by it.
    """
    if limit.unit != _MONEY:
        weights: list[Number] = [abs(Fraction(part)) for part in parts]
        return spread(cents, weights)
    whole = tuple(int(part) for part in parts)
    least, most = min(0, cents), max(0, cents)
    return whole if least <= sum(whole) <= most else None


def _alone(taken: list[Taken]) -> list[Taken]:
    """Return `taken`; where two pay from one bearer's share, neither is believed.

    A checked contract has no such limits: one yields to the other.
    """
    found = list(taken)
    for at, each in enumerate(taken):
        rivals = [
            other.entry.limit.id
            for other in taken
            if other is not each
            and each.state == other.state == PAID
            and each.entry.limit.applies_to == other.entry.limit.applies_to
        ]
        if rivals:
            names = " and ".join(sorted((each.entry.limit.id, *rivals)))
            note = f"limits {names} both take it, and none yields to the other"
            found[at] = Taken(
                each.entry, PAID, each.before, each.after, each.parts, note=note
            )
    return found
