"""An account: the lines of one claim, its patient, and the plans that cover them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.model.spells import Spell
from whopays.model.values import UNKNOWN, Value

#: Words of a coverage that say how it stands, beside its amounts.
PAID, COVERED, CAPITATED, REFUSED = "paid", "covered", "capitated", "refused"


@dataclass(frozen=True)
class Coverage:
    """One plan of the patient, and what it says of the claim.

    `plan` is its id, `facts` are its facts for orders (`kind`, `covers_as`), `method` the
    method it pays by where it is not the first. `amounts` are its own words for the claim
    as a whole, `lines` those of each line, in the order of the account's: `paid` is what
    it posted, `allowed` and `benefit` are known to methods as `own_allowed`,
    `primary_allowed`. `balances` are the member's before this claim. Integer cents. `dated`
    are the values over time of facts that have any, in the order of their days.
    `no_method` says why it has no method, where more can be said than that none is given.
    """

    plan: str
    facts: Mapping[str, Value] = field(default_factory=dict)
    method: str | None = None
    amounts: Mapping[str, Value] = field(default_factory=dict)
    lines: tuple[Mapping[str, Value], ...] = ()
    balances: Mapping[str, Value] = field(default_factory=dict)
    no_method: str = ""
    dated: Mapping[str, tuple[Spell, ...]] = field(default_factory=dict)

    def of_line(self, word: str, at: int) -> Value:
        """Return its amount `word` of the line at the place `at`, or unknown."""
        return self.lines[at].get(word, UNKNOWN) if at < len(self.lines) else UNKNOWN

    def of_claim(self, word: str) -> Value:
        """Return its amount `word` of the claim as a whole, or unknown."""
        return self.amounts.get(word, UNKNOWN)

    def covers(self, at: int) -> bool:
        """Tell whether it covers the line at the place `at`: it does if nothing is said."""
        return self.of_line(COVERED, at) is not False

    @property
    def has_paid(self) -> bool:
        """True where it posted a payment that is not zero."""
        posted = [
            self.of_claim(PAID),
            *(line.get(PAID, UNKNOWN) for line in self.lines),
        ]
        return any(each not in {UNKNOWN, 0} for each in posted)

    def is_said(self, word: str) -> bool:
        """Tell whether `word` is yes for the claim."""
        return self.amounts.get(word, UNKNOWN) is True


@dataclass(frozen=True)
class Account:
    """The lines of one claim and the plans that cover the patient, in any order.

    `claim` are facts of the claim and of the patient (`patient.is_child`); `lines` the
    facts of each line, `numbers` what the lines are called. `unplaced` says why the
    order in which the plans are listed says nothing, where that is so. `number` is what
    the hospital calls it: several accounts, as several stays, may have one.
    """

    id: str
    claim: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...]
    coverages: tuple[Coverage, ...]
    numbers: tuple[str, ...] = ()
    record: int = 0
    unplaced: str = ""
    number: str = ""

    @property
    def aside(self) -> tuple[str, ...]:
        """The plans that cover no line and posted nothing: they have no part in it."""
        count = range(len(self.lines))
        return tuple(
            each.plan
            for each in self.coverages
            if not any(each.covers(at) for at in count) and not each.has_paid
        )

    def coverage(self, plan: str) -> Coverage:
        """Return the coverage of `plan`; KeyError if there is none."""
        for each in self.coverages:
            if each.plan == plan:
                return each
        raise KeyError(plan)
