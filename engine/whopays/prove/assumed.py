"""What is usual of amounts, and is assumed only where a proof needs it.

An inpatient rate may be above the charge (`shared/domain` has cases), so that an allowed
amount is below the charge is no law. A proof that needs it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from whopays.prove.stands import SEVERAL, Stand, of_several
from whopays.prove.symbols import Symbol, Symbols

#: The first is not above the second.
_NOT_ABOVE = (
    ("own_allowed", "billed"),
    ("otaf", "billed"),
    ("own_expected", "own_allowed"),
    ("own_expected", "billed"),
    ("own_benefit", "own_allowed"),
    ("own_benefit", "billed"),
    ("own_gross", "own_allowed"),
    ("primary_paid", "primary_paid_if_filed"),
    ("primary_paid", "primary_allowed"),
    ("primary_allowed", "billed"),
    ("prior_allowed_lowest", "billed"),
    ("prior_allowed_highest", "billed"),
    ("allowable_expense", "billed"),
    ("cash_value", "billed"),
)
#: What is left to the patient, and what was paid: both are parts of the charge, as the
#: adjustments of a claim balance (X12 837, loop 2320).
_OF_FIRST = (
    ("primary_patient_share",),
    ("primary_deductible", "primary_coinsurance", "primary_copay"),
    ("medicare_deductible", "medicare_coinsurance", "medicare_copay"),
)
_OF_ALL = (("remaining_patient_share",),)
_CHARGE = "billed"
_PAID = ("prior_paid", "primary_paid")
_OF_SEVERAL = "what one payer ahead paid or allowed is not above what all did"


@dataclass(frozen=True)
class Usual:
    """An assumption: in words, and for the prover."""

    text: str
    law: Any


def usual(stand: Stand, symbols: Symbols) -> list[Usual]:
    """Return what may be assumed of the facts that have been read, the rarer first."""
    known: Mapping[str, Symbol] = {**symbols.shared, **symbols.read()}
    # Where one plan is ahead, its payment is all that was paid.
    several = stand.ahead == SEVERAL
    found = list(_parts(_OF_ALL if several else _OF_FIRST + _OF_ALL, known))
    if several and (laws := of_several(symbols)):
        found.append(Usual(_OF_SEVERAL, z3.And(laws)))
    found.extend(
        Usual(f"{low} is not above {high}", known[low].value <= known[high].value)
        for low, high in _NOT_ABOVE
        if low in known and high in known
    )
    return found


def _parts(
    shares: tuple[tuple[str, ...], ...], known: Mapping[str, Symbol]
) -> Iterator[Usual]:
    paid = next((known[name] for name in _PAID if name in known), None)
    if paid is None or _CHARGE not in known:
        return
    for names in shares:
        read = [known[name] for name in names if name in known]
        if read:
            total = paid.value + sum(each.value for each in read)
            listed = ", ".join(each.fact.name for each in read)
            text = f"{listed} and {paid.fact.name} are parts of the charge"
            yield Usual(text, total <= known[_CHARGE].value)


def needed(
    all_: list[Usual], holds: Callable[[list[Usual]], bool]
) -> list[Usual] | None:
    """Return a smallest part of `all_` under which `holds`; None if it never does.

    Each is left out in turn, the first first, so none of those that stay can be.
    """
    if not holds(all_):
        return None
    kept = list(all_)
    for each in all_:
        fewer = [other for other in kept if other is not each]
        if holds(fewer):
            kept = fewer
    return kept
