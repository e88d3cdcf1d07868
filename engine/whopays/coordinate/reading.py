"""What the method of one plan sees of an account: its own words, and those ahead of it.

`own_…` is the plan that is being calculated, `primary_…` the first in order, `prior_…`
all that are ahead; later payers are never visible. The names are those of the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whopays.amounts.sight import Sight
from whopays.coordinate.ahead import TOLD, WORKED_OUT, Ahead, PayersAhead, said
from whopays.coordinate.determined import Determined
from whopays.model.account import Account, Coverage
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Method
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import UNKNOWN, Value

_OWN, _PRIMARY, _MEDICARE = "own_", "primary_", "medicare_"
#: What a plan says of itself under the name by which its method asks for those ahead.
_OF_ITSELF = frozenset({"remaining_patient_share", "cash_value"})


def sight_of(
    account: Account,
    own: Coverage,
    ahead: Sequence[Ahead],
    facts: Mapping[str, Fact],
    extra: Mapping[str, Value],
) -> Sight:
    """Return what the method of `own` sees; `extra` are facts given beside (1/n)."""
    reader = _Reader(account, own, PayersAhead(account, tuple(ahead)))
    claim: dict[str, Value] = dict(extra)
    lines: list[dict[str, Value]] = [{} for _ in account.lines]
    balances = {}
    for name, fact in facts.items():
        if fact.kind is Kind.MONEY and fact.per == "member":
            balances[name] = reader.balance(name)
            continue
        whole = reader.value(name, None)
        if whole is not UNKNOWN:
            claim.setdefault(name, whole)
        for at, line in enumerate(lines):
            value = reader.value(name, at)
            if value is not UNKNOWN:
                line[name] = value
    for line in lines:
        with_shared(facts, line, shared_names(facts))
    found = Sight(facts, claim, tuple(lines), balances)
    return _covered(found, [own.covers(at) for at in range(len(lines))])


def determined_for(
    method: Method, account: Account, ahead: Sequence[Ahead]
) -> tuple[Determined, ...]:
    """Return how the amounts were determined that `method` reads and nobody states."""
    if method.reads.isdisjoint(WORKED_OUT):
        return ()
    found = PayersAhead(account, tuple(ahead)).determined
    read = [each for name, each in found.items() if name in method.reads]
    return tuple(dict.fromkeys(d for each in read for d in each))


def _covered(sight: Sight, covers: list[bool]) -> Sight:
    """Leave out the lines that the plan excludes, from charges and from payments."""
    if all(covers):
        return sight
    claim = dict(sight.claim)
    kept = [(at, dict(sight.lines[at])) for at, covered in enumerate(covers) if covered]
    for name, fact in sight.facts.items():
        if fact.kind is Kind.MONEY and fact.per == "line" and name in claim:
            for at, line in kept:
                value = sight.of_line(name, at)
                if value is not UNKNOWN:
                    line[name] = value
            del claim[name]
    return Sight(sight.facts, claim, tuple(line for _, line in kept), sight.balances)


@dataclass
class _Reader:
    """Finds the value of a fact: of the line at a place, or of the claim (place None)."""

    account: Account
    own: Coverage
    ahead: PayersAhead

    def balance(self, name: str) -> Value:
        """Return the member's balance before the claim; nothing given is missing."""
        return self.own.balances.get(name, UNKNOWN)

    def value(self, name: str, at: int | None) -> Value:
        """Return the fact `name`."""
        if name not in _OF_ITSELF:
            found = said(self.own, name, at)
            if found is not UNKNOWN:
                return found
        told = TOLD.get(name)
        if told is not None:
            return told(self.ahead, at)
        if name.startswith(_OWN):
            return said(self.own, name.removeprefix(_OWN), at)
        if name.startswith(_PRIMARY):
            first = self.ahead.first
            word = name.removeprefix(_PRIMARY)
            return UNKNOWN if first is None else said(first, word, at)
        if name.startswith(_MEDICARE):
            return self._medicare(name, at)
        return self._given(name, at)

    def _given(self, name: str, at: int | None) -> Value:
        if at is None:
            return self.account.claim.get(name, UNKNOWN)
        return self.account.lines[at].get(name, UNKNOWN)

    def _medicare(self, name: str, at: int | None) -> Value:
        for each in self.ahead.payers:
            if each.coverage.facts.get("kind") == "medicare":
                return said(each.coverage, name.removeprefix(_MEDICARE), at)
        return self._given(name, at)
