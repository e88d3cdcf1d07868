"""Accounts of a day in the billing office, and what they come to in plain arithmetic.

The amounts are worked out here from the numbers that were drawn, without whopays: one
short function for each method that a profile of the day names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

PLANS = ("ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELM", "FIR")  # FIR has no profile
PROFILES = """\
profiles:
  ALDER:
    payer: Alder Insurance
    secondary: BILLED-LESS-PAID
    language_category: favorable
    reprice: yes
  BIRCH:
    payer: Birch Health
    secondary: ALLOWED-LESS-PAID-CAPPED
    language_category: unfavorable
    reprice: yes
  CEDAR:
    payer: Cedar Fund
    secondary: MANUAL
    language_category: unfavorable
    reprice: yes
  DOGWOOD:
    payer: Dogwood Trust
    secondary: OWN-ALLOWED-LESS-PAID
    language_category: none
    reprice: none
  ELM:
    payer: Elm Mutual
    language_category: favorable
    reprice: yes
"""


@dataclass(frozen=True)
class Case:
    """The cents of one account. `paid` is None where the first payer has not posted.

    `expected` is what it is expected to pay, None where that is not known either.
    """

    name: str
    plan: str
    billed: int
    allowed: int
    own: int
    paid: int | None
    expected: int | None
    posted: int | None = None

    @property
    def ahead(self) -> int | None:
        """What counts for the first payer: what it posted, else what is expected."""
        return self.expected if self.paid is None else self.paid


def cases(count: int, seed: int = 6) -> list[Case]:
    """Return `count` accounts, the same each time."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    found = []
    for number in range(count):
        billed = draw.randrange(10_000, 900_000)
        allowed = billed * draw.randrange(40, 96) // 100
        paid = draw.choice([0, allowed * 8 // 10, allowed, billed + 500])
        state = draw.randrange(10)
        found.append(
            Case(
                f"A-{number}",
                draw.choice(PLANS),
                billed,
                allowed,
                billed * draw.randrange(40, 96) // 100,
                paid if state < 6 else None,
                paid if state < 9 else None,
            )
        )
    return found


def posted(case: Case, seed: int = 7) -> Case:
    """Return `case` after the day's payments: the first payer paid, and some second ones."""
    draw = random.Random(f"{seed} {case.name}")  # noqa: S311 - not for secrets
    paid = case.allowed * draw.randrange(50, 101) // 100
    return replace(case, paid=paid, posted=draw.choice([None, 0, 12_345]))


def _not_below_zero(amount: int, most: int) -> int:
    return min(max(amount, 0), most)


def _billed_less_paid(case: Case, ahead: int) -> int:
    return _not_below_zero(case.billed - ahead, case.billed)


def _allowed_less_paid(case: Case, ahead: int) -> int:
    return _not_below_zero(case.allowed - ahead, case.own)


def _own_less_paid(case: Case, ahead: int) -> int:
    return _not_below_zero(case.own - ahead, case.own)


#: By the id of a method, what it comes to.
AMOUNTS: Mapping[str, Callable[[Case, int], int]] = {
    "BILLED-LESS-PAID": _billed_less_paid,
    "ALLOWED-LESS-PAID-CAPPED": _allowed_less_paid,
    "OWN-ALLOWED-LESS-PAID": _own_less_paid,
    "MANUAL": lambda _case, _ahead: 0,
}


def amount(case: Case, method: str) -> int | None:
    """Return the cents that a method expects; None where what it reads is not known."""
    if method == "MANUAL":
        return 0
    return None if case.ahead is None else AMOUNTS[method](case, case.ahead)


def text(cents: int) -> str:
    """Return cents as a file has them."""
    return f"{cents // 100}.{cents % 100:02d}"


def document(case: Case, **words: Any) -> dict[str, Any]:
    """Return the account document of a case."""
    first = {"allowed": case.allowed, "paid": case.paid, "expected": case.expected}
    second = {"allowed": case.own, "paid": case.posted}
    half = case.billed // 2
    return {
        "account_id": case.name,
        "service_date": "2026-03-04",
        "lines": [
            {"line": "1", "billed": text(half)},
            {"line": "2", "billed": text(case.billed - half)},
        ],
        "coverages": [
            {
                "plan": plan,
                "amounts": {n: text(c) for n, c in amounts.items() if c is not None},
            }
            for plan, amounts in (("FIRST", first), (case.plan, second))
        ],
        **words,
    }
