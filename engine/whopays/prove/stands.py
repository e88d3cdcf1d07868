"""Where a plan stands, and what that makes sure of the payers ahead of it.

`primary_…` is the first payer, `prior_…` all that are ahead: of one payer ahead both say
the same (`coordinate/reading.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import z3

from whopays.prove.formulas import least, most
from whopays.prove.symbols import Symbol, Symbols

NOBODY, ONE, SEVERAL = 0, 1, 2
_PAID = ("primary_paid", "prior_paid")
_LOWEST, _FIRST, _HIGHEST, _TOTAL = (
    "prior_allowed_lowest",
    "primary_allowed",
    "prior_allowed_highest",
    "prior_allowed_total",
)
_SHARE = "primary_patient_share"
_ALLOWED = (_LOWEST, _FIRST, _HIGHEST, _TOTAL)
#: What each of two payers ahead allowed, where a method reads what they allowed together.
FIRST_ALLOWED, SECOND_ALLOWED = "first_allowed", "second_allowed"


@dataclass(frozen=True)
class Stand:
    """The position of a plan, and how many payers are ahead: none, one, or several."""

    position: str
    ahead: int


def stands_of(positions: tuple[str, ...]) -> tuple[Stand, ...]:
    """Return where a plan can stand that a method for `positions` is for."""
    found = []
    if "secondary" in positions:
        found.append(Stand("secondary", ONE))
    if "tertiary" in positions:
        found.append(Stand("tertiary", SEVERAL))
    if "equal" in positions:
        found.extend(Stand("equal", ahead) for ahead in (NOBODY, ONE, SEVERAL))
    return tuple(found)


def of_stand(stand: Stand, symbols: Symbols) -> list[Any]:
    """Return what is sure of the facts of the payers ahead, as far as they are read."""
    known = {**symbols.shared, **symbols.read()}
    if stand.ahead == NOBODY:
        return [
            _of_nobody(name, each) for name, each in known.items() if _is_ahead(name)
        ]
    if stand.ahead == SEVERAL:
        return []
    paid = [known[name] for name in _PAID if name in known]
    allowed = [known[name] for name in _ALLOWED if name in known]
    alike = [*pairwise(paid), *pairwise(allowed)]
    return [_same(one, other) for one, other in alike]


def of_sums(symbols: Symbols) -> list[Any]:
    """Return what an account settles by itself, so that no other amount can be built.

    A first payer's allowed amount that is not stated is what it paid and the patient's
    share; what a provider accepts who has to is what is allowed; and a capitated payer
    has paid the value of its service.
    """
    known = {**symbols.shared, **symbols.read()}
    found: list[Any] = []
    if _SHARE in known:
        parts = [known[name].given for name in (*_PAID, _SHARE) if name in known]
        allowed = [known[name].given for name in _ALLOWED if name in known]
        found.extend(z3.Implies(z3.And(parts), each) for each in allowed)
    if {"primary_contracted", "otaf"} <= known.keys():
        found.append(z3.Not(known["otaf"].unknown))
    if {"primary_capitated", "cash_value"} <= known.keys():
        paid = [known[name].value for name in _PAID if name in known][:1]
        value = known["cash_value"].value
        capitated = known["primary_capitated"].value
        found.extend(z3.Implies(capitated, value == each) for each in paid)
    return found


def _of_nobody(name: str, symbol: Symbol) -> Any:
    """Return that nobody has paid anything, and that all else is unknown."""
    if name == "prior_paid":
        return z3.And(symbol.given, symbol.value == 0)
    return symbol.unknown


def of_several(symbols: Symbols) -> list[Any]:
    """Return how the words for one and for all of several payers ahead go together.

    Not sure on a line: what was paid for the claim alone is divided over its lines, that
    of one payer otherwise than that of all.
    """
    known = {**symbols.shared, **symbols.read()}
    paid = [known[name] for name in _PAID if name in known]
    ranked = [known[n] for n in (_LOWEST, _FIRST, _HIGHEST) if n in known]
    if _TOTAL in known:
        ranked.append(known[_TOTAL])
    pairs = [*pairwise(paid), *pairwise(ranked)]
    found = [one.value <= other.value for one, other in pairs]
    if {_TOTAL, _LOWEST, _HIGHEST} <= known.keys():
        both = known[_LOWEST].value + known[_HIGHEST].value
        found.append(known[_TOTAL].value >= both)
    return found


def of_two(symbols: Symbols, charge: Any = None) -> list[Any]:
    """Return what makes an account with exactly two payers ahead of what was found.

    `charge`: what neither of them allows more than, if anything.
    """
    known = {**symbols.shared, **symbols.read()}
    first, second = z3.Int(FIRST_ALLOWED), z3.Int(SECOND_ALLOWED)
    means = {
        _FIRST: first,
        _HIGHEST: most(first, second),
        _LOWEST: least(first, second),
        _TOTAL: first + second,
    }
    found = [
        known[name].value == value for name, value in means.items() if name in known
    ]
    paid = [known[name] for name in _PAID if name in known]
    for one, other in pairwise(paid):
        found.extend((one.value <= other.value, z3.Implies(other.given, one.given)))
    together = [known[n].given for n in (_HIGHEST, _LOWEST, _TOTAL) if n in known]
    found.extend(one == other for one, other in pairwise(together))
    if together and _FIRST in known:
        found.append(z3.Implies(together[0], known[_FIRST].given))
    if charge is not None:
        found.extend((first <= charge, second <= charge))
    return [first >= 0, second >= 0, *found]


def _is_ahead(name: str) -> bool:
    return name in {"otaf", "cash_value"} or name.startswith(
        ("primary_", "prior_", "remaining_")
    )


def _same(one: Symbol, other: Symbol) -> Any:
    return z3.And(one.value == other.value, one.given == other.given)
