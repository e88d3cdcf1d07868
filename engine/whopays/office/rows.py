"""Accounts as the office sees them: a row for each payer, with its amount and its report.

The amount of a row is what the method of the plan's profile expects, and never depends on
the language category. A method by hand is a row of $0.00 with a flag, so that it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from whopays.coordinate.account import (
    EQUAL,
    PRIMARY,
    SECONDARY,
    TERTIARY,
    Payer,
    Settled,
)
from whopays.coordinate.paid import Paid
from whopays.coordinate.payments import EXPECTED, MISSING, POSTED
from whopays.explain.accounts.tree import paid_lines
from whopays.model.account import Account
from whopays.model.facts import Fact
from whopays.office.failures import (
    FAILURES,
    ORDER_UNDETERMINED,
    SHARES_EQUALLY,
    because,
    failure_of,
    is_found,
)
from whopays.office.profile import NONE, Profile
from whopays.office.states import REPRICE_FAILED, State
from whopays.office.switch import Facility

#: Characters of a working, as it stands in a cell.
LONGEST = 2_000


@dataclass(frozen=True)
class Row:
    """One payer of one account, or an account of which the second payer is not known.

    `number` is the account's number at the hospital, `where` its file and its record.
    `place` counts from 1; `position` is primary, secondary, tertiary or equal, and empty
    where no order is known; `plan` names all that it can be then. `report` is empty for a first payer. `reasons` are those of
    an exception; `failure` and `why` say why no amount was found, or no profile. `expected` is what the
    payer should pay and `posted` what it paid, in cents, None where that is not known.
    `basis` says of all payers ahead whether they have posted, or are expected to.
    """

    account: str
    number: str
    where: tuple[str, int]
    place: int
    position: str
    plan: str
    payer: str
    profile: str = ""
    day: date | None = None
    billed: int | None = None
    method: str = NONE
    category: str = NONE
    reprice: str = NONE
    report: str = ""
    reasons: tuple[str, ...] = ()
    failure: str = ""
    why: str = ""
    expected: int | None = None
    by_hand: bool = False
    basis: str = ""
    posted: int | None = None
    because: str = ""
    working: str = ""

    @property
    def difference(self) -> int | None:
        """Posted less expected; None where one of the two is not known, or by hand."""
        if self.posted is None or self.expected is None or self.by_hand:
            return None
        return self.posted - self.expected

    @property
    def is_second(self) -> bool:
        """Whether the three reports are about it: a second payer, or one not known."""
        return self.position in {SECONDARY, EQUAL, ""}


@dataclass(frozen=True)
class Rows:
    """Turns settled accounts into rows.

    `profile_of` returns the profile of a plan of an account, `against` why it has none,
    and `day_of` the service date.
    """

    facility: Facility
    facts: Mapping[str, Fact]
    profile_of: Callable[[Account, str], Profile | None]
    against: Callable[[Account, str], str]
    day_of: Callable[[Account], date | None]

    def of(self, settled: Settled, where: tuple[str, int]) -> Iterator[Row]:
        """Yield the rows of an account: one for each payer that stands alone in its place.

        An account with several plans has one row, and no other, that the three reports
        are about. Plans that share a place are that row if none stands second alone.
        """
        places = settled.order.places
        if not places:
            why = settled.order.why or FAILURES[ORDER_UNDETERMINED]
            names = (each.plan for each in settled.account.coverages)
            any_ = " or ".join(sorted(names))
            yield self._unknown(settled, where, any_, ORDER_UNDETERMINED, why)
            return
        payers = {each.coverage.plan: each for each in settled.payers}
        before: list[str] = []
        has_second = False
        for plans in places:
            if len(plans) == 1:
                has_second |= len(before) == 1
                yield self._of_payer(settled, where, plans[0], before, payers)
            before.extend(plans)
        if len(before) > 1 and not has_second:
            shared = next(each for each in places if len(each) > 1)
            why = FAILURES[SHARES_EQUALLY]
            alike = " = ".join(shared)
            yield replace(
                self._unknown(settled, where, alike, SHARES_EQUALLY, why),
                position=EQUAL,
            )

    def _of_payer(
        self,
        settled: Settled,
        where: tuple[str, int],
        plan: str,
        before: Sequence[str],
        payers: Mapping[str, Payer],
    ) -> Row:
        profile = self.profile_of(settled.account, plan)
        payer = payers.get(plan)
        row = self._begun(settled, where, plan, len(before))
        if profile is not None:
            row = replace(row, profile=profile.id, payer=profile.payer or plan)
        if payer is not None and payer.payment.basis == POSTED:
            row = replace(row, posted=payer.payment.cents)
        if not before:
            return replace(row, expected=payer.expected if payer is not None else None)
        method = None
        if profile is not None:
            method = self.facility.method_of(profile, row.position)
        state = State(
            profile is not None,
            method is not None,
            profile.language_category if profile is not None else NONE,
            profile.reprice if profile is not None else NONE,
            payer is not None and is_found(payer.paid),
        )
        row = replace(
            row,
            method=method or NONE,
            category=state.category,
            reprice=state.reprice,
            report=state.report,
            reasons=state.reasons,
        )
        if REPRICE_FAILED in state.reasons:
            failure, why = failure_of(settled, payer)
            return replace(row, failure=failure, why=why)
        if profile is None:
            return replace(row, why=self.against(settled.account, plan))
        if not state.is_tried or payer is None or payer.paid is None:
            return row
        return self._with_amount(
            row, settled, payer, [payers[p].payment.basis for p in before]
        )

    def _with_amount(
        self, row: Row, settled: Settled, payer: Payer, bases: Sequence[str]
    ) -> Row:
        paid = payer.paid
        if paid is None or paid.status == "by_hand":
            return replace(row, expected=0, by_hand=True, because="by hand")
        return replace(
            row,
            expected=paid.cents,
            basis=next((b for b in (MISSING, EXPECTED) if b in bases), POSTED),
            because=because(paid),
            working=self._working(settled, payer, paid),
        )

    def _working(self, settled: Settled, payer: Payer, paid: Paid) -> str:
        numbers, covers = settled.account.numbers, payer.coverage.covers
        covered = [at for at in range(len(settled.account.lines)) if covers(at)]
        lines = paid_lines(paid, numbers, covered, self.facts)
        text = "; ".join(map(str.strip, lines))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"

    def _begun(
        self, settled: Settled, where: tuple[str, int], plan: str, before: int
    ) -> Row:
        position = {0: PRIMARY, 1: SECONDARY}.get(before, TERTIARY)
        account = settled.account
        return Row(
            account.id,
            account.number or account.id,
            where,
            before + 1,
            position,
            plan,
            plan,
            day=self.day_of(account),
            billed=settled.billed,
        )

    def _unknown(
        self,
        settled: Settled,
        where: tuple[str, int],
        plans: str,
        failure: str,
        why: str,
    ) -> Row:
        """Return the row of an account of which no plan is known to stand second."""
        state = State(None)
        return replace(
            self._begun(settled, where, plans, 1),
            position="",
            report=state.report,
            reasons=state.reasons,
            failure=failure,
            why=why,
        )
