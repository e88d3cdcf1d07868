"""Methods drawn at random, and accounts to try them on, for what is proved of methods."""

from __future__ import annotations

from random import Random

from whopays.model.account import Account, Coverage
from whopays.model.values import NONE, Value

FACTS = """\
edition 1

facts F "Facts"
  version 1
  fact billed        is money per line
  fact prior_paid    is money per line spread by primary_allowed, billed
  fact primary_paid  is money per line spread by primary_allowed, billed
  fact primary_allowed, prior_allowed_highest, prior_allowed_lowest is money per line
  fact prior_allowed_total, remaining_patient_share is money per line
  fact otaf          is money per line or none
  fact own_allowed, own_benefit is money per line
  fact own_percent   is percent
  fact own_units     is number
  fact reserve_left  is money per member per calendar year
  fact equal_share   is number
  fact in_network    is yes or no
  fact place         of plan is number
end

methods M "Methods"
  version 1
  facts from F 1
end
"""
ORDER = """\
order O "By place"
  version 1
  facts from F 1
  rule PLACE "The lower place first"
    this ahead of other when this.place < other.place
  end
  otherwise share equally
end
"""
_MONEY = (
    *("billed", "prior_paid", "primary_paid", "primary_allowed", "own_allowed"),
    *("prior_allowed_highest", "prior_allowed_lowest", "prior_allowed_total"),
    *("remaining_patient_share", "otaf", "own_benefit", "prior_paid", "own_allowed"),
)
_CONSTANTS = ("$0.00", "$7.01", "$50.00")
_RATES = ("80%", "1/3", "2", "own_percent", "own_units")
_PROMISES = ("floor", "ceilings", "own_allowed", "charge", "falling", "balance")


def drawn_method(chance: Random) -> str:
    """Return a method as text; `chance` decides all of it."""
    return _Drawn(chance).method()


class _Drawn:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.per = chance.choice(("line", "claim"))
        self.lets: list[str] = []

    def method(self) -> str:
        chance = self.chance
        positions = chance.choice(
            ("secondary", "tertiary", "secondary, tertiary", "equal")
        )
        self.equal = positions == "equal"
        lines = [f'method X "Drawn"\n  for {positions}\n  per {self.per}']
        if chance.random() < 0.3:
            lines.append(f"  when {self.condition()}")
        for name in ("a", "b", "c")[: chance.randint(0, 3)]:
            choice = (
                f"{self.amount(1)} if {self.condition()} else {self.amount(1)}"
                if chance.random() < 0.5
                else self.amount(2)
            )
            lines.append(f"  let {name} = {choice}")
            self.lets.append(name)
        lines.append(f"  pay {self.amount(3)}")
        lines.extend(self.bounds())
        if chance.random() < 0.6:
            lines.append(f"  patient owes {self.amount(1)} - own_paid")
            lines.extend(self.bounds())
        lines.append("  carry reserve_left = reserve_left - own_paid")
        lines.extend(self.bounds())
        if chance.random() < 0.3:
            lines.append("  rounded half even")
        return "\n".join([*lines, "end\n"])

    def bounds(self) -> list[str]:
        floor = ["    not below $0.00"] if self.chance.random() < 0.8 else []
        limit = (
            [f"    not above {self.amount(1)}"] if self.chance.random() < 0.5 else []
        )
        both = [*floor, *limit]
        self.chance.shuffle(both)
        return both

    def leaf(self) -> str:
        if self.lets and self.chance.random() < 0.4:
            return self.chance.choice(self.lets)
        name = self.chance.choice(_MONEY)
        return name if self.per == "line" else f"sum of {name}"

    def amount(self, depth: int) -> str:
        chance = self.chance
        kind = chance.random()
        if depth == 0 or kind < 0.2:
            return self.leaf()
        if kind < 0.5:
            sign = chance.choice("+--")
            return f"{self.amount(depth - 1)} {sign} {self.leaf()}"
        if kind < 0.75:
            word = chance.choice(("lesser", "greater"))
            given = chance.choice(("", "", "given "))
            parts = [self.amount(depth - 1) for _ in range(chance.randint(2, 3))]
            return f"{word} of {given}({', '.join(parts)})"
        if kind < 0.9:
            rates = (*_RATES, "equal_share") if self.equal else _RATES
            return f"{chance.choice(rates)} * {self.leaf()}"
        if kind < 0.95 and self.per == "claim":
            return "sum of (lesser of (own_allowed, billed))"
        return f"{self.leaf()} - {chance.choice((*_CONSTANTS, 'reserve_left'))}"

    def condition(self) -> str:
        chance = self.chance
        kind = chance.random()
        if kind < 0.2:
            return chance.choice(("in_network", "not in_network", "otaf is given"))
        if kind < 0.4:
            return f"{chance.choice(_MONEY)} > {chance.choice(_CONSTANTS)}"
        if kind < 0.7:
            one, other = chance.sample(sorted(set(_MONEY)), 2)
            return f"{one} {chance.choice(('<', '<=', '>'))} {other}"
        if kind < 0.8:
            return "own_percent < 90%"
        word = chance.choice(("and", "or"))
        return f"otaf < billed {word} {chance.choice(_MONEY)} >= $20.00"


def drawn_account(chance: Random, *, ahead: int, equal: int, tame: bool) -> Account:
    """Return an account with so many plans ahead of `PLAN`, and beside it.

    `tame`: amounts are as is usual, so that nothing is allowed above the charge.
    """
    count = chance.randint(1, 3)
    cents = (0, 1, 99, 100, 701, 5000, 12345)
    billed = [chance.choice(cents[3:]) for _ in range(count)]

    def some(most: int) -> int:
        return chance.randint(0, most) if tame else chance.choice(cents)

    plans = []
    share = list(billed)
    for place in range(ahead):
        lines: list[dict[str, Value]] = []
        for at in range(count):
            allowed = some(billed[at])
            paid = min(some(allowed), share[at]) if tame else some(allowed)
            share[at] -= paid
            line: dict[str, Value] = {"allowed": allowed, "paid": paid}
            line["patient_share"] = some(max(0, share[at]))
            line["otaf"] = chance.choice((NONE, some(billed[at])))
            lines.append(line)
        plans.append(Coverage(f"P{place}", {"place": place}, None, {}, tuple(lines)))
    own = []
    for charge in billed:
        allowed = some(charge)
        own.append({"allowed": allowed, "benefit": some(allowed)})
    said: dict[str, Value] = {
        "percent": chance.choice((0, 50, 80, 100)),
        "units": chance.choice((0, 1, 3)),
    }
    balances: dict[str, Value] = {"reserve_left": chance.choice((0, 777))}
    plans.extend(
        Coverage(name, {"place": ahead}, "X", said, tuple(own), balances)
        for name in ("PLAN", "Q1", "Q2")[: equal + 1]
    )
    lines_ = tuple({"billed": charge} for charge in billed)
    claim: dict[str, Value] = {"in_network": chance.random() < 0.5}
    return Account("A", claim, lines_, tuple(plans))
