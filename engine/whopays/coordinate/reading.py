"""What the method of one plan sees of an account: its own words, and those ahead of it.

`own_…` is the plan that is being calculated, `primary_…` the first in order, `prior_…`
all that are ahead; later payers are never visible. The names are those of the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from whopays.amounts.sight import Sight
from whopays.coordinate.allowed import Allowed, allowed_by
from whopays.coordinate.determined import Determined, obligated_to_accept
from whopays.coordinate.payments import Payment
from whopays.model.account import Account, Coverage
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Method
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import NONE, UNKNOWN, Value

_OWN, _PRIMARY, _MEDICARE = "own_", "primary_", "medicare_"
_SHARE, _OTAF = "patient_share", "otaf"
_ALLOWED_BY_ALL = (
    "prior_allowed_highest",
    "prior_allowed_lowest",
    "prior_allowed_total",
)
#: What is worked out of other amounts, where nobody states it.
_WORKED_OUT = frozenset({*_ALLOWED_BY_ALL, "primary_allowed", _OTAF})
#: Kinds of plans that are programs of a government.
_GOVERNMENT = frozenset(
    {
        *("medicare", "medicaid", "tricare", "veterans", "indian_health"),
        *("title_v", "public_program"),
    }
)


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


def determined_for(
    method: Method, account: Account, own: Coverage, ahead: Sequence[Ahead]
) -> tuple[Determined, ...]:
    """Return how the amounts were determined that `method` reads and nobody states."""
    if method.reads.isdisjoint(_WORKED_OUT):
        return ()
    found = _Reader(account, own, tuple(ahead)).determined
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
        """Return what all payers ahead paid together: nothing, where there are none."""
        if not self.ahead:
            return UNKNOWN if at is None else 0
        return _paid(self.ahead, at)

    def primary_allowed(self, at: int | None) -> Value:
        """Return what the first payer allowed: stated, or paid and patient's share."""
        found = self.allowed[:1]
        return _one(self._at(found, at), sum) if found else UNKNOWN

    def prior_highest(self, at: int | None) -> Value:
        """Return the highest that a payer ahead allowed."""
        return _one(self._at(self.allowed, at), max)

    def prior_lowest(self, at: int | None) -> Value:
        """Return the lowest that a payer ahead allowed."""
        return _one(self._at(self.allowed, at), min)

    def prior_total(self, at: int | None) -> Value:
        """Return what all payers ahead allowed, added up."""
        return _one(self._at(self.allowed, at), sum)

    @cached_property
    def allowed(self) -> tuple[Allowed | None, ...]:
        """What each payer ahead allowed."""
        count = len(self.account.lines)
        return tuple(
            allowed_by(each.coverage, each.payment, count) for each in self.ahead
        )

    def _at(self, payers: Sequence[Allowed | None], at: int | None) -> list[int] | None:
        """Return the amounts of `payers` on a line, or of the claim; None: not there.

        All are of lines, or all of the claim as a whole.
        """
        known = [each for each in payers if each is not None]
        if not known or len(known) < len(payers):
            return None
        by_line = all(each.lines for each in known)
        if by_line == (at is None):
            return None
        return [each.total if at is None else each.lines[at] for each in known]

    def remaining(self, at: int | None) -> Value:
        """Return what is left to the patient after all payers ahead."""
        if not self.ahead:
            return UNKNOWN
        last = self.ahead[-1].coverage
        found = _said(last, "remaining_patient_share", at)
        return _said(last, _SHARE, at) if found is UNKNOWN else found

    def otaf(self, at: int | None) -> Value:
        """Return what the provider is obligated to accept from the first payer.

        As it was reported; else what that payer allowed, if the provider has to accept
        it, and none if it has not.
        """
        if not self.ahead:
            return UNKNOWN
        first = self.ahead[0].coverage
        found = _said(first, _OTAF, at)
        if found is UNKNOWN:
            found = self._given(_OTAF, at)
        if found is not UNKNOWN or self._is_reported(first):
            return found
        contracted = _contracted(first)
        if contracted is False:
            return NONE if at is None else UNKNOWN
        return self.primary_allowed(at) if contracted is True else UNKNOWN

    def _is_reported(self, first: Coverage) -> bool:
        """Tell whether some part of the claim has an amount: then nothing is added."""
        places = (None, *range(len(self.account.lines)))
        return any(
            _said(first, _OTAF, at) is not UNKNOWN
            or self._given(_OTAF, at) is not UNKNOWN
            for at in places
        )

    def government(self, at: int | None) -> Value:
        """Tell whether the first payer is a government program, by its kind if it must be."""
        if not self.ahead or at is not None:
            return UNKNOWN
        first = self.ahead[0].coverage
        said = _said(first, "is_government", at)
        kind = first.facts.get("kind", UNKNOWN)
        if said is not UNKNOWN or kind is UNKNOWN:
            return said
        return kind in _GOVERNMENT

    def cash_value(self, at: int | None) -> Value:
        """Return the value of the service of a capitated first payer."""
        if not self.ahead:
            return UNKNOWN
        return _said(self.ahead[0].coverage, "cash_value", at)

    @property
    def determined(self) -> dict[str, tuple[Determined, ...]]:
        """How the amounts were determined that nobody states, by the facts they make."""
        of_all = tuple(d for each in self.allowed if each for d in each.determined)
        first = self.allowed[0] if self.allowed else None
        of_first = first.determined if first is not None else ()
        found = dict.fromkeys(_ALLOWED_BY_ALL, of_all)
        found["primary_allowed"] = of_first
        if first is None or not self.ahead or self._is_reported(self.ahead[0].coverage):
            return found
        if _contracted(self.ahead[0].coverage) is True:
            count = len(first.lines)
            parts = first.lines or (first.total,)
            lines = range(count) if count > 1 else (None,)
            accepted = map(obligated_to_accept, parts, lines)
            found[_OTAF] = (*of_first, *accepted)
        return found


_DERIVED: dict[str, Callable[[_Reader, int | None], Value]] = {
    "primary_paid": _Reader.primary_paid,
    "prior_paid": _Reader.prior_paid,
    "primary_allowed": _Reader.primary_allowed,
    "prior_allowed_highest": _Reader.prior_highest,
    "prior_allowed_lowest": _Reader.prior_lowest,
    "prior_allowed_total": _Reader.prior_total,
    "remaining_patient_share": _Reader.remaining,
    "otaf": _Reader.otaf,
    "primary_is_government": _Reader.government,
    "cash_value": _Reader.cash_value,
}


def _contracted(coverage: Coverage) -> Value:
    """Tell whether the provider has to accept what a plan allows; UNKNOWN if not said."""
    whole = coverage.of_claim("contracted")
    of_lines = {line.get("contracted", UNKNOWN) for line in coverage.lines}
    return of_lines.pop() if whole is UNKNOWN and len(of_lines) == 1 else whole


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


def _one(found: list[int] | None, of: Callable[[list[int]], int]) -> Value:
    return UNKNOWN if found is None else of(found)
