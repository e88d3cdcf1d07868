"""What the payers ahead say together: paid, allowed, obligated to accept, left to the patient.

Amounts are of a line, or of the claim as a whole (place None): what is known by line has no
part of the claim, and the other way round. Nobody's later word is visible here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from whopays.coordinate.allowed import Allowed, allowed_by
from whopays.coordinate.determined import Determined, obligated_to_accept
from whopays.coordinate.payments import Payment
from whopays.model.account import Account, Coverage
from whopays.model.values import NONE, UNKNOWN, Value

_SHARE, _OTAF, _CONTRACTED = "patient_share", "otaf", "contracted"
_REMAINING = "remaining_patient_share"
_ALLOWED_BY_ALL = (
    "prior_allowed_highest",
    "prior_allowed_lowest",
    "prior_allowed_total",
)
#: What is worked out of other amounts, where nobody states it.
WORKED_OUT = frozenset({*_ALLOWED_BY_ALL, "primary_allowed", _OTAF})
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


@dataclass
class PayersAhead:
    """All payers ahead of one plan of `account`, the first of them first."""

    account: Account
    payers: tuple[Ahead, ...]

    @property
    def first(self) -> Coverage | None:
        """The first payer, None where nobody is ahead."""
        return self.payers[0].coverage if self.payers else None

    def primary_paid(self, at: int | None) -> Value:
        """Return what the first payer paid."""
        return _paid(self.payers[:1], at)

    def prior_paid(self, at: int | None) -> Value:
        """Return what all payers ahead paid together: nothing, where there are none."""
        if not self.payers:
            return UNKNOWN if at is None else 0
        return _paid(self.payers, at)

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
            allowed_by(each.coverage, each.payment, count) for each in self.payers
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
        if not self.payers:
            return UNKNOWN
        last = self.payers[-1].coverage
        found = said(last, _REMAINING, at)
        return said(last, _SHARE, at) if found is UNKNOWN else found

    def otaf(self, at: int | None) -> Value:
        """Return what the provider is obligated to accept from the first payer.

        As it was reported; else what that payer allowed, if the provider has to accept
        it, and none if it has not.
        """
        found = self._reported(at)
        if found is not UNKNOWN or self._is_reported:
            return found
        contracted = self._contracted
        if contracted is False:
            return NONE if at is None else UNKNOWN
        return self.primary_allowed(at) if contracted is True else UNKNOWN

    def _reported(self, at: int | None) -> Value:
        if self.first is None:
            return UNKNOWN
        found = said(self.first, _OTAF, at)
        if found is not UNKNOWN:
            return found
        given = self.account.claim if at is None else self.account.lines[at]
        return given.get(_OTAF, UNKNOWN)

    @cached_property
    def _is_reported(self) -> bool:
        """Whether some part of the claim has an amount: then nothing is added."""
        places = (None, *range(len(self.account.lines)))
        return any(self._reported(at) is not UNKNOWN for at in places)

    @cached_property
    def _contracted(self) -> Value:
        """Whether the provider has to accept what the first payer allows."""
        if self.first is None:
            return UNKNOWN
        whole = self.first.of_claim(_CONTRACTED)
        of_lines = {line.get(_CONTRACTED, UNKNOWN) for line in self.first.lines}
        return of_lines.pop() if whole is UNKNOWN and len(of_lines) == 1 else whole

    def government(self, at: int | None) -> Value:
        """Tell whether the first payer is a government program, by its kind if it must be."""
        if self.first is None or at is not None:
            return UNKNOWN
        told = said(self.first, "is_government", at)
        kind = self.first.facts.get("kind", UNKNOWN)
        if told is not UNKNOWN or kind is UNKNOWN:
            return told
        return kind in _GOVERNMENT

    def cash_value(self, at: int | None) -> Value:
        """Return the value of the service of a capitated first payer."""
        return UNKNOWN if self.first is None else said(self.first, "cash_value", at)

    @property
    def determined(self) -> dict[str, tuple[Determined, ...]]:
        """How the amounts were determined that nobody states, by the facts they make."""
        of_all = tuple(d for each in self.allowed if each for d in each.determined)
        first = self.allowed[0] if self.allowed else None
        of_first = first.determined if first is not None else ()
        found = dict.fromkeys(_ALLOWED_BY_ALL, of_all)
        found["primary_allowed"] = of_first
        if first is not None and not self._is_reported and self._contracted is True:
            count = len(first.lines)
            parts = first.lines or (first.total,)
            lines = range(count) if count > 1 else (None,)
            accepted = map(obligated_to_accept, parts, lines)
            found[_OTAF] = (*of_first, *accepted)
        return found


#: The facts that are told by the payers ahead together, under their names.
TOLD: dict[str, Callable[[PayersAhead, int | None], Value]] = {
    "primary_paid": PayersAhead.primary_paid,
    "prior_paid": PayersAhead.prior_paid,
    "primary_allowed": PayersAhead.primary_allowed,
    "prior_allowed_highest": PayersAhead.prior_highest,
    "prior_allowed_lowest": PayersAhead.prior_lowest,
    "prior_allowed_total": PayersAhead.prior_total,
    "remaining_patient_share": PayersAhead.remaining,
    "otaf": PayersAhead.otaf,
    "primary_is_government": PayersAhead.government,
    "cash_value": PayersAhead.cash_value,
}


def said(coverage: Coverage, word: str, at: int | None) -> Value:
    """Return what a plan says of a line, or of the claim as a whole."""
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
