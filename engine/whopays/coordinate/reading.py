"""What the method of one plan sees of an account: its own words, and those ahead of it.

`own_…` is the plan that is being calculated, `primary_…` the first in order, `prior_…`
all that are ahead; later payers are never visible. The names are those of the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from whopays.amounts.sight import Sight
from whopays.coordinate.payments import Payment, cents_of
from whopays.model.account import Account, Coverage
from whopays.model.facts import Fact, Kind
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import NONE, UNKNOWN, Value

_OWN, _PRIMARY, _MEDICARE = "own_", "primary_", "medicare_"
_SHARE = "patient_share"
_CHARGE = "billed"


@dataclass(frozen=True)
class Ahead:
    """A payer ahead: its coverage and what it paid."""

    coverage: Coverage
    payment: Payment


def sight_of(
    account: Account,
    own: Coverage,
    ahead: Sequence[Ahead],
    facts: Mapping[str, Fact],
    extra: Mapping[str, Value],
) -> Sight:
    """Return what the method of `own` sees; `extra` are facts given beside (1/n)."""
    reader = _Reader(account, own, tuple(ahead))
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
    ahead: tuple[Ahead, ...]

    def balance(self, name: str) -> Value:
        """Return the member's balance before the claim; nothing given is missing."""
        return self.own.balances.get(name, UNKNOWN)

    def value(self, name: str, at: int | None) -> Value:
        """Return the fact `name`."""
        found = _said(self.own, name, at)
        if found is not UNKNOWN:
            return found
        derived = _DERIVED.get(name)
        if derived is not None:
            return derived(self, at)
        if name.startswith(_OWN):
            return _said(self.own, name.removeprefix(_OWN), at)
        if name.startswith(_PRIMARY):
            if not self.ahead:
                return UNKNOWN
            first = self.ahead[0].coverage
            return _said(first, name.removeprefix(_PRIMARY), at)
        if name.startswith(_MEDICARE):
            return self._medicare(name, at)
        return self._given(name, at)

    def _given(self, name: str, at: int | None) -> Value:
        if at is None:
            return self.account.claim.get(name, UNKNOWN)
        return self.account.lines[at].get(name, UNKNOWN)

    def _medicare(self, name: str, at: int | None) -> Value:
        for each in self.ahead:
            if each.coverage.facts.get("kind") == "medicare":
                return _said(each.coverage, name.removeprefix(_MEDICARE), at)
        return self._given(name, at)

    # Names that stand for several payers, or that one amount can be told from others

    def primary_paid(self, at: int | None) -> Value:
        """Return what the first payer paid."""
        return _paid(self.ahead[:1], at)

    def prior_paid(self, at: int | None) -> Value:
        """Return what all payers ahead paid together."""
        return _paid(self.ahead, at)

    def primary_allowed(self, at: int | None) -> Value:
        """Return what the first payer allowed: stated, or paid and patient's share."""
        return _allowed(self.ahead[0], at) if self.ahead else UNKNOWN

    def prior_allowed(self, at: int | None) -> list[int] | None:
        """Return what each payer ahead allowed, or None where one of them is unknown."""
        found = [cents_of(_allowed(each, at)) for each in self.ahead]
        known = [each for each in found if each is not None]
        return known if known and len(known) == len(found) else None

    def prior_highest(self, at: int | None) -> Value:
        """Return the highest that a payer ahead allowed."""
        found = self.prior_allowed(at)
        return UNKNOWN if found is None else max(found)

    def prior_lowest(self, at: int | None) -> Value:
        """Return the lowest that a payer ahead allowed."""
        found = self.prior_allowed(at)
        return UNKNOWN if found is None else min(found)

    def prior_total(self, at: int | None) -> Value:
        """Return what all payers ahead allowed, added up."""
        found = self.prior_allowed(at)
        return UNKNOWN if found is None else sum(found)

    def remaining(self, at: int | None) -> Value:
        """Return what is left to the patient after all payers ahead."""
        if not self.ahead:
            return UNKNOWN
        last = self.ahead[-1].coverage
        found = _said(last, "remaining_patient_share", at)
        return _said(last, _SHARE, at) if found is UNKNOWN else found

    def otaf(self, at: int | None) -> Value:
        """Return what the provider is obligated to accept from the first payer."""
        if not self.ahead:
            return UNKNOWN
        found = _said(self.ahead[0].coverage, "otaf", at)
        return self._given("otaf", at) if found is UNKNOWN else found


_DERIVED: dict[str, Callable[[_Reader, int | None], Value]] = {
    "primary_paid": _Reader.primary_paid,
    "prior_paid": _Reader.prior_paid,
    "primary_allowed": _Reader.primary_allowed,
    "prior_allowed_highest": _Reader.prior_highest,
    "prior_allowed_lowest": _Reader.prior_lowest,
    "prior_allowed_total": _Reader.prior_total,
    "remaining_patient_share": _Reader.remaining,
    "otaf": _Reader.otaf,
}


def _said(coverage: Coverage, word: str, at: int | None) -> Value:
    return coverage.of_claim(word) if at is None else coverage.of_line(word, at)


def _paid(ahead: Sequence[Ahead], at: int | None) -> Value:
    """Return what `ahead` paid: on a line where all are known by line, else as a whole."""
    if not ahead:
        return UNKNOWN
    by_line = all(each.payment.has_lines for each in ahead)
    if by_line == (at is None):
        return UNKNOWN
    found = [
        each.payment.cents if at is None else each.payment.lines[at] for each in ahead
    ]
    known = [each for each in found if each is not None]
    return sum(known) if len(known) == len(found) else UNKNOWN


def _allowed(payer: Ahead, at: int | None) -> Value:
    stated = _said(payer.coverage, "allowed", at)
    if stated is not UNKNOWN:
        return stated
    paid = _paid([payer], at)
    share = _said(payer.coverage, _SHARE, at)
    if isinstance(paid, int) and isinstance(share, int):
        return paid + share
    return UNKNOWN if NONE not in {paid, share} else NONE
