"""All coverages of an account in turn: the order, each payment, and the balance.

The account always balances: billed = payments + patient + write-off. A negative write-off
is a credit balance, and is reported as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from whopays.coordinate.ahead import Ahead
from whopays.coordinate.established import Established, established
from whopays.coordinate.method import run
from whopays.coordinate.ordering import Ranked, ranked
from whopays.coordinate.paid import Paid
from whopays.coordinate.pairs import Ahead as PairAhead
from whopays.coordinate.pairs import Pairs
from whopays.coordinate.payments import (
    EXPECTED,
    MISSING,
    POSTED,
    Payment,
    cents_of,
    payment_of,
)
from whopays.coordinate.reading import determined_for, sight_of
from whopays.coordinate.reads import facts_read
from whopays.diagnostics import nearest
from whopays.model.account import REFUSED, Account, Coverage
from whopays.model.facts import Fact
from whopays.model.payments import Method
from whopays.model.values import UNKNOWN, Value

PRIMARY, SECONDARY, TERTIARY, EQUAL = "primary", "secondary", "tertiary", "equal"
BALANCED, UNDETERMINED, BY_HAND, ERROR = "balanced", "undetermined", "by_hand", "error"
_EQUAL_SHARE = "equal_share"
_BILLED = "billed"
_SHARE, _REMAINING = "patient_share", "remaining_patient_share"


@dataclass(frozen=True)
class Payer:
    """What came of one coverage.

    `place` counts from 1, and is shared by plans that share equally. `expected` is what
    it should pay, by its method or alone; `payment` is what counts for the payers behind
    it. `variance` is posted less expected, where both are known. `problem` says why
    nothing can be said.
    """

    coverage: Coverage
    place: int
    position: str
    method: Method | None
    paid: Paid | None
    expected: int | None
    payment: Payment
    problem: str = ""

    @property
    def variance(self) -> int | None:
        """Posted less expected, in cents; None where one of them is not known."""
        if self.payment.basis != POSTED or self.payment.cents is None:
            return None
        return None if self.expected is None else self.payment.cents - self.expected

    @property
    def balances(self) -> dict[str, int | None]:
        """What is left of the member's balances with this plan."""
        return self.paid.balances if self.paid is not None else {}


@dataclass(frozen=True)
class Settled:
    """The whole account, in integer cents.

    `status`: balanced, undetermined, by_hand or error. `is_expected`: some payment has
    not been posted yet. `write_off` below zero is a credit balance, `refund` the same as
    a positive amount. `needs` are what would settle it; `why` says the rest.
    `established` are facts that were worked out.
    """

    account: Account
    order: Ranked
    payers: tuple[Payer, ...]
    status: str
    billed: int | None
    payments: int | None
    patient: int | None
    write_off: int | None
    is_expected: bool
    needs: tuple[str, ...]
    why: str = ""
    established: tuple[Established, ...] = ()

    @property
    def refund(self) -> int:
        """The credit balance that is due back, zero where there is none."""
        return max(0, -(self.write_off or 0))


@dataclass
class Coordinator:
    """Settles accounts by one order of benefits and the methods that coverages name.

    `facts` are the facts that methods may read.
    """

    pairs: Pairs | None
    methods: Mapping[str, Method]
    facts: Mapping[str, Fact]
    _read: dict[str, dict[str, Fact]] = field(default_factory=dict, repr=False)

    def settle(self, account: Account) -> Settled:
        """Return what each plan of `account` pays, and what is left."""
        account, known = self._known(account)
        return replace(self._settle(account), established=known)

    def _settle(self, account: Account) -> Settled:
        order = self._order(account)
        if not order.places:
            return _blank(account, order, UNDETERMINED, order.why, order.needs)
        refused = [c.plan for c in account.coverages if c.is_said(REFUSED)]
        if refused:
            why = (
                f"{', '.join(sorted(refused))} refused because another plan goes first: "
                "the order in which the claim was sent is wrong"
            )
            return _blank(account, order, ERROR, why)
        return self._settled(account, order, ())

    def with_method(self, settled: Settled, plan: str, method: str) -> Settled:
        """Return the account if `plan` paid by `method`: those ahead of it stay as they are.

        `settled` has payers, and `plan` is one of them.
        """
        coverages = tuple(
            replace(each, method=method) if each.plan == plan else each
            for each in settled.account.coverages
        )
        account = replace(settled.account, coverages=coverages)
        place = next(p.place for p in settled.payers if p.coverage.plan == plan)
        ahead = tuple(each for each in settled.payers if each.place < place)
        return self._settled(account, settled.order, ahead)

    def _settled(
        self, account: Account, order: Ranked, first: Sequence[Payer]
    ) -> Settled:
        """Return the account whose `first` payers are settled already."""
        payers = list(first)
        for at, plans in enumerate(order.places):
            if at < len({each.place for each in first}):
                continue
            ahead = [Ahead(each.coverage, each.payment) for each in payers]
            payers.extend(
                self._payer(account, account.coverage(plan), ahead, at, len(plans))
                for plan in plans
            )
        return _settled(account, order, tuple(payers))

    def order_of(self, account: Account) -> Ranked:
        """Return the order of the plans of `account`, without those that stand aside."""
        return self._order(self._known(account)[0])

    def _known(self, account: Account) -> tuple[Account, tuple[Established, ...]]:
        """Return `account` with the facts that follow from others."""
        return established(account, {} if self.pairs is None else self.pairs.facts)

    def _order(self, account: Account) -> Ranked:
        listed = [each.plan for each in account.coverages]
        aside = account.aside
        plans = [plan for plan in listed if plan not in aside] or listed
        pairs = self.pairs
        if pairs is None and len(plans) > 1 and account.unplaced:
            return Ranked((), (), account.unplaced)
        if len(plans) == 1 or pairs is None:
            places = tuple((plan,) for plan in plans)  # as they are given
            return Ranked(places, ())

        def decide(this: str, other: str) -> PairAhead:
            return pairs.decide(pair_facts(account, this, other))

        return ranked(plans, decide, share_equally=pairs.order.share_equally)

    def _payer(
        self,
        account: Account,
        coverage: Coverage,
        ahead: Sequence[Ahead],
        at: int,
        sharing: int,
    ) -> Payer:
        count = len(account.lines)
        place = at + 1
        if sharing > 1:
            position = EQUAL
        elif not ahead:
            alone = payment_of(replace_posted(coverage), count, None)
            payment = payment_of(coverage, count, None)
            return Payer(coverage, place, PRIMARY, None, None, alone.cents, payment)
        else:
            position = SECONDARY if len(ahead) == 1 else TERTIARY
        method = self.methods.get(coverage.method or "")
        problem = _unfit(coverage, method, position, self.methods)
        if method is None or problem:
            payment = payment_of(coverage, count, None)
            if payment.basis == EXPECTED:  # what it would pay alone is not its payment
                payment = Payment(MISSING, None, (None,) * count)
            return Payer(
                coverage, place, position, method, None, None, payment, problem
            )
        extra: dict[str, Value] = {}
        if position == EQUAL:
            extra[_EQUAL_SHARE] = Fraction(1, sharing)
        sight = sight_of(account, coverage, ahead, self._facts_of(method), extra)
        paid = _whole(run(method, sight), coverage, count)
        by = determined_for(method, account, ahead)
        paid = replace(paid, determined=by)
        payment = payment_of(coverage, count, paid)
        return Payer(coverage, place, position, method, paid, paid.cents, payment)

    def _facts_of(self, method: Method) -> Mapping[str, Fact]:
        """Return the facts that `method` reads."""
        found = self._read.get(method.id)
        if found is None:
            found = self._read[method.id] = facts_read(method, self.facts)
        return found


def pair_facts(account: Account, this: str, other: str) -> dict[str, Value]:
    """Return the facts of a pair of plans as the rules of an order write them."""
    found = dict(account.lines[0]) if account.lines else {}
    for line in account.lines[
        1:
    ]:  # a fact on which the lines differ is not one of both
        found = {k: v for k, v in found.items() if line.get(k, UNKNOWN) == v}
    found.update(account.claim)
    for side, plan in (("this", this), ("other", other)):
        for name, value in account.coverage(plan).facts.items():
            found[f"{side}.{name}"] = value
    return found


def replace_posted(coverage: Coverage) -> Coverage:
    """Return `coverage` as if it had posted nothing."""
    amounts = {k: v for k, v in coverage.amounts.items() if k != "paid"}
    lines = tuple({k: v for k, v in x.items() if k != "paid"} for x in coverage.lines)
    return replace(coverage, amounts=amounts, lines=lines)


def _unfit(
    coverage: Coverage,
    method: Method | None,
    position: str,
    known: Mapping[str, Method],
) -> str:
    if coverage.method is None:
        why = coverage.no_method or "no method is given for it"
        return f"{coverage.plan} stands {position}, and {why}"
    if method is None:
        near = nearest(coverage.method, known)
        hint = f" (did you mean {near}?)" if near else ""
        return f"there is no method {coverage.method}{hint}"
    if position not in method.positions:
        fits = " and ".join(method.positions)
        return f"{method.id} is for {fits} plans, and {coverage.plan} stands {position}"
    return ""


def _whole(paid: Paid, coverage: Coverage, count: int) -> Paid:
    """Put the lines that the plan does not cover back, at $0.00."""
    covered = [at for at in range(count) if coverage.covers(at)]
    if len(covered) == count:
        return paid
    lines: list[int | None] = [0] * count
    for at, cents in zip(covered, paid.lines, strict=True):
        lines[at] = cents
    return replace(paid, lines=tuple(lines))


def _settled(account: Account, order: Ranked, payers: tuple[Payer, ...]) -> Settled:
    billed = _billed(account)
    made = [payer.payment.cents for payer in payers]
    known = [each for each in made if each is not None]
    payments = sum(known) if len(known) == len(made) else None
    patient, why_not = _patient(payers, account)
    write_off = None
    if billed is not None and payments is not None and patient is not None:
        write_off = billed - payments - patient
    expected = any(payer.payment.basis == EXPECTED for payer in payers)
    why = next((payer.problem for payer in payers if payer.problem), why_not)
    needs = {need for p in payers if p.paid is not None for need in p.paid.missing}
    needs |= {n for p in payers if p.place == payers[-1].place for n in _owed_lacks(p)}
    if billed is None:
        needs.add(_BILLED)
    status = BALANCED if write_off is not None else UNDETERMINED
    if any(payer.paid is not None and payer.paid.status == BY_HAND for payer in payers):
        status = BY_HAND
    return Settled(
        account,
        order,
        payers,
        status,
        billed,
        payments,
        patient,
        write_off,
        expected,
        tuple(sorted(needs)),
        why,
    )


def _owed_lacks(payer: Payer) -> frozenset[str]:
    """Return what is missing of what the patient owes, by the method of `payer`."""
    return payer.paid.patient_missing if payer.paid is not None else frozenset()


def _billed(account: Account) -> int | None:
    """Return the charge: that of the lines, and what is charged for the claim alone."""
    charges = [cents_of(line.get(_BILLED, UNKNOWN)) for line in account.lines]
    known = [each for each in charges if each is not None]
    whole = cents_of(account.claim.get(_BILLED, UNKNOWN))
    if whole is not None and not known:
        return whole
    return (whole or 0) + sum(known) if len(known) == len(charges) else None


def _patient(payers: tuple[Payer, ...], account: Account) -> tuple[int | None, str]:
    """Return what the patient owes, by the last payer's word; where it has none, why."""
    last = payers[-1]
    count = len(account.lines)
    if last.position == PRIMARY:
        return _share_of(last.coverage, count), ""
    # Plans that share equally stand last together: each must say the same.
    owed = {p.paid.patient if p.paid else None for p in payers if p.place == last.place}
    patient = owed.pop() if len(owed) == 1 else None
    left_out = [at for at in range(count) if not last.coverage.covers(at)]
    if patient is None or not left_out:
        return patient, ""
    # Its method is about the lines that it covers. Of the others, those ahead speak.
    for at in left_out:
        share = _left_on_line(payers[:-1], at)
        if share is None:
            number = account.numbers[at] if account.numbers else str(at + 1)
            return None, (
                f"{last.coverage.plan} does not cover line {number}, and no plan ahead "
                "of it says what the patient owes on it"
            )
        patient += share
    return patient, ""


def _share_of(coverage: Coverage, count: int) -> int | None:
    """Return what a plan says that the patient owes, on all lines together."""
    of_lines = [cents_of(coverage.of_line(_SHARE, at)) for at in range(count)]
    known = [each for each in of_lines if each is not None]
    whole = cents_of(coverage.of_claim(_SHARE))
    if whole is not None:
        return whole + sum(known)
    return sum(known) if known and len(known) == count else None


def _left_on_line(ahead: Sequence[Payer], at: int) -> int | None:
    """Return what is left to the patient on a line after the last that covers it."""
    for payer in reversed(ahead):
        if payer.coverage.covers(at):
            left = cents_of(payer.coverage.of_line(_REMAINING, at))
            share = cents_of(payer.coverage.of_line(_SHARE, at))
            return share if left is None else left
    return None


def _blank(
    account: Account,
    order: Ranked,
    status: str,
    why: str,
    needs: tuple[str, ...] = (),
) -> Settled:
    return Settled(
        account, order, (), status, None, None, None, None, False, needs, why
    )
