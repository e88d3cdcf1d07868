"""Each shipped method is the formula that its source has, worked out here in plain fractions.

Nothing of the engine is used for the expected amounts: a method that ships without a
formula here fails.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whopays.amounts.sight import Sight
from whopays.api import load
from whopays.coordinate.method import run
from whopays.model.payments import Method
from whopays.model.values import NONE, Value

COB = Path(__file__).parents[2] / "rulesets" / "cob"
BOOK = load(COB, engine="reference")
METHODS: dict[str, Method] = {
    name: method
    for each in BOOK.rules.methods.values()
    for name, method in each.methods.items()
}
FACTS = next(iter(BOOK.rules.methods.values())).facts
BALANCES = ("reserve_left", "benefit_maximum_left", "own_deductible_left")

F = Fraction
Line = dict[str, int]


class Case:
    """One claim: the lines' amounts in cents, and what is told of the claim."""

    def __init__(
        self, lines: list[Line], told: dict[str, bool], share: Fraction, rate: Fraction
    ) -> None:
        self.lines = lines
        self.told = told
        self.share = share
        self.rate = rate

    def sum(self, name: str) -> Fraction:
        """Return the sum over the lines."""
        return F(sum(line[name] for line in self.lines))

    def otaf(self) -> int:
        """Return what the provider is obligated to accept, -1 where nobody says."""
        if any(line["otaf"] < 0 for line in self.lines):
            return -1
        return sum(line["otaf"] for line in self.lines)

    def whole(self) -> Case:
        """Return the claim as one line."""
        line = {name: int(self.sum(name)) for name in self.lines[0]}
        line["otaf"] = self.otaf()
        for name in ("own_gross", *BALANCES):
            line[name] = self.lines[0][name]
        return Case([line], self.told, self.share, self.rate)


def up(amount: Fraction) -> int:
    """Return whole cents, halves away from nothing; no amount here is below it."""
    return int(amount + F(1, 2))


def charge(line: Line) -> int:
    """Return the charge that Medicare counts: within it, what is obligated."""
    counts = 0 < line["otaf"] < line["billed"] and line["primary_paid"] > 0
    return line["otaf"] if counts else line["billed"]


def fee_schedule(line: Line, case: Case, paid: str, highest: str) -> Fraction:
    """42 CFR 411.33(a)."""
    if line[paid] >= line["billed"] or case.told["accepts_primary_as_full"]:
        return F(0)
    first = F(charge(line) - line[paid])
    second = case.rate * (line["own_allowed"] - line["own_deductible"])
    third = F(max(line["own_allowed"], line[highest]) - line[paid])
    return min(first, second, third)


def other_basis(line: Line, case: Case, paid: str) -> Fraction:
    """42 CFR 411.33(e)."""
    if line[paid] >= line["billed"] or case.told["accepts_primary_as_full"]:
        return F(0)
    shares = line["own_deductible"] + line["own_coinsurance"]
    gross = line["own_gross"]
    return F(
        min(
            gross - shares,
            gross - line[paid],
            charge(line) - line[paid],
            charge(line) - shares,
        )
    )


def listed(line: Line, case: Case) -> Fraction:
    """Return the parts of the first plan's cost share that a supplement lists."""
    words = ("deductible", "coinsurance", "copay")
    return F(sum(line[f"primary_{w}"] for w in words if case.told[f"own_fills_{w}"]))


def mob(line: Line, case: Case) -> Fraction:
    """Return maintenance of benefits before its floor."""
    base = line["own_allowed"] - line["prior_paid"] - line["own_deductible"]
    return case.rate * base - line["own_copay"]


def reserve(line: Line, _: Case) -> Fraction:
    """Return the ordinary benefit and what is drawn from the reserve."""
    left = line["allowable_expense"] - line["prior_paid"]
    ordinary = min(line["own_benefit"], left)
    return F(ordinary + min(line["reserve_left"], left - ordinary))


def filled(line: Line, basis: int) -> Fraction:
    """Return what fills up to `basis`, within the own benefit."""
    return F(min(line["own_benefit"], basis - line["prior_paid"]))


Amount = Callable[[Line, Case], Fraction | int]
#: What is paid, before the floor of nothing; of each line where the method is per line.
FORMULAS: dict[str, Amount] = {
    "BILLED-LESS-PAID": lambda x, _: min(x["billed"] - x["prior_paid"], x["billed"]),
    "EXPECTED-LESS-PAID": lambda x, _: min(
        x["own_expected"] - x["prior_paid"], x["own_expected"]
    ),
    "EXPECTED-LESS-PAID-CHARGE": lambda x, _: min(
        max(0, x["own_expected"] - x["prior_paid"]), x["billed"]
    ),
    "ALLOWED-LESS-PAID-CAPPED": lambda x, _: min(
        x["primary_allowed"] - x["primary_paid"], x["own_allowed"]
    ),
    "ALLOWED-LESS-PAID-TERTIARY-LITERAL": lambda x, _: min(
        x["prior_allowed_total"] - x["prior_paid"], x["own_allowed"]
    ),
    "ALLOWED-LESS-PAID-TERTIARY": lambda x, _: min(
        x["prior_allowed_highest"] - x["prior_paid"],
        x["billed"] - x["prior_paid"],
        x["own_allowed"],
    ),
    "ALLOWED-LESS-PAID": lambda x, _: x["primary_allowed"] - x["prior_paid"],
    "OWN-ALLOWED-LESS-PAID": lambda x, _: x["own_allowed"] - x["prior_paid"],
    "LESSER-OF-SHARE-AND-DIFFERENCE": lambda x, _: min(
        x["remaining_patient_share"], x["own_allowed"] - x["prior_paid"]
    ),
    "LESSER-OF-SHARE-DIFFERENCE-AND-BENEFIT": lambda x, _: min(
        x["remaining_patient_share"],
        x["own_allowed"] - x["prior_paid"],
        x["own_benefit"],
    ),
    "STANDARD-PRIMARY": lambda x, _: filled(x, x["primary_allowed"]),
    "STANDARD-SECONDARY": lambda x, _: filled(x, x["own_allowed"]),
    "STANDARD-HIGHEST": lambda x, _: filled(
        x, max(x["own_allowed"], x["prior_allowed_highest"])
    ),
    "STANDARD-LOWEST": lambda x, _: filled(
        x, min(x["own_allowed"], x["prior_allowed_lowest"])
    ),
    "STANDARD-BILLED": lambda x, _: filled(x, x["billed"]),
    "STANDARD-OTAF": lambda x, _: filled(x, charge(x)),
    "STANDARD-PATIENT-SHARE": lambda x, _: min(
        x["own_benefit"], x["remaining_patient_share"]
    ),
    "STANDARD-EXPENSE": lambda x, _: filled(x, x["allowable_expense"]),
    "STANDARD-EXPENSE-CREDITED": lambda x, _: filled(x, x["allowable_expense"]),
    "STANDARD-EXPENSE-LINE": lambda x, _: filled(x, x["allowable_expense"]),
    "NON-DUPLICATION": lambda x, _: x["own_benefit"] - x["prior_paid"],
    "NON-DUPLICATION-MAXIMUM": lambda x, _: (
        min(
            x["own_allowed"]
            - x["own_deductible"]
            - x["own_coinsurance"]
            - x["own_copay"],
            x["benefit_maximum_left"],
        )
        - x["prior_paid"]
    ),
    "MAINTENANCE": mob,
    "MAINTENANCE-MAXIMUM": lambda x, c: min(mob(x, c), F(x["benefit_maximum_left"])),
    "SUPPLEMENT": lambda x, _: x["remaining_patient_share"],
    "SUPPLEMENT-LISTED": listed,
    "MSP-FEE-SCHEDULE": lambda x, c: fee_schedule(
        x, c, "primary_paid", "primary_allowed"
    ),
    "MSP-NO-PROPER-CLAIM": lambda x, c: fee_schedule(
        x, c, "primary_paid_if_filed", "primary_allowed"
    ),
    "MSP-FEE-SCHEDULE-THIRD": lambda x, c: fee_schedule(
        x, c, "prior_paid", "prior_allowed_highest"
    ),
    "MSP-OTHER-BASIS": lambda x, c: other_basis(x, c, "primary_paid"),
    "MSP-OTHER-BASIS-THIRD": lambda x, c: other_basis(x, c, "prior_paid"),
    "MEDICARE-GOVERNMENT-PAID": lambda _x, _: 0,
    "MEDICAID-LAST": lambda x, _: x["own_allowed"] - x["prior_paid"],
    "MEDICAID-LAST-COPAY": lambda x, _: (
        x["own_allowed"] - x["prior_paid"] - x["own_copay"]
    ),
    "MEDICAID-BENEFIT-LESS-PAID": lambda x, _: x["own_benefit"] - x["prior_paid"],
    "MEDICAID-CROSSOVER-LINE": lambda x, _: min(
        x["medicare_deductible"] + x["medicare_coinsurance"],
        x["own_allowed"] - x["prior_paid"],
    ),
    "MEDICAID-CROSSOVER-CLAIM": lambda x, _: min(
        x["medicare_deductible"] + x["medicare_coinsurance"],
        x["own_allowed"] - x["prior_paid"],
    ),
    "MEDICAID-CROSSOVER-COPAY": lambda x, _: (
        min(
            x["medicare_deductible"] + x["medicare_coinsurance"],
            x["own_allowed"] - x["prior_paid"],
        )
        - x["own_copay"]
    ),
    "MEDICAID-CROSSOVER-FULL": lambda x, _: (
        x["medicare_deductible"] + x["medicare_coinsurance"]
    ),
    "MEDICAID-CROSSOVER-FULL-COPAY": lambda x, _: (
        x["medicare_deductible"] + x["medicare_coinsurance"] + x["medicare_copay"]
    ),
    "MEDICAID-CROSSOVER-DEDUCTIBLE": lambda x, _: (
        x["medicare_deductible"]
        + max(0, min(x["medicare_coinsurance"], x["own_allowed"] - x["prior_paid"]))
    ),
    "MEDICAID-ADVANTAGE-85": lambda x, _: (
        x["medicare_deductible"]
        + F(85, 100) * (x["medicare_coinsurance"] + x["medicare_copay"])
    ),
    "TRICARE-PARTICIPATING": lambda x, _: min(
        x["billed"] - x["prior_paid"], x["own_benefit"], x["remaining_patient_share"]
    ),
    "TRICARE-UNPAID-BALANCE": lambda x, _: min(
        x["billed"] - x["prior_paid"], x["own_benefit"]
    ),
    "TRICARE-NONPARTICIPATING": lambda x, _: min(
        F(115, 100) * x["own_allowed"] - x["prior_paid"],
        F(x["own_benefit"]),
        F(x["remaining_patient_share"]),
    ),
    "TRICARE-FOR-LIFE": lambda x, _: x["remaining_patient_share"],
    "TRICARE-CAPITATED": lambda x, _: min(
        x["remaining_patient_share"], x["own_benefit"]
    ),
    "EQUAL-SHARES": lambda x, c: min(
        c.share * (x["allowable_expense"] - x["prior_paid"]), F(x["own_benefit"])
    ),
    "RESERVE": reserve,
    "WASHINGTON": lambda x, _: min(
        x["allowable_expense"] - x["prior_paid"],
        x["benefit_maximum_left"] + x["reserve_left"],
    ),
    "CAPITATED-PRIMARY": lambda x, c: (
        min(x["own_benefit"], x["primary_patient_share"])
        if c.told["primary_capitated"]
        else 0
    ),
    "CLOSED-PANEL": lambda x, c: (
        filled(x, x["allowable_expense"])
        if c.told["primary_panel_used"] or x["prior_paid"] > 0
        else x["own_benefit"]
    ),
    "GOVERNMENT-EXCLUDED": lambda x, c: (
        0 if c.told["primary_is_government"] else filled(x, x["allowable_expense"])
    ),
    "AS-IF-ALONE": lambda x, _: x["own_benefit"],
}

MONEY = tuple(
    name
    for name, fact in FACTS.items()
    if fact.kind.value == "money" and fact.per == "line" and fact.of == "line"
)
TOLD = tuple(
    name
    for name, fact in FACTS.items()
    if fact.kind.value == "yes or no" and fact.of == "line"
)
CENTS = st.one_of(st.integers(0, 30), st.integers(0, 20_000))


def test_each_shipped_method_has_a_formula_here() -> None:
    assert {name for name, each in METHODS.items() if not each.by_hand} == set(FORMULAS)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    count = draw(st.integers(1, 3))
    balances = {name: draw(CENTS) for name in (*BALANCES, "own_gross")}
    lines = []
    for _ in range(count):
        line = {name: draw(CENTS) for name in MONEY}
        line["otaf"] = draw(st.one_of(st.just(-1), CENTS))
        lines.append({**line, **balances})
    told = {name: draw(st.booleans()) for name in TOLD}
    share = F(1, draw(st.integers(2, 5)))
    rate = F(draw(st.sampled_from([0, 500, 625, 800, 1000])), 1000)
    return Case(lines, told, share, rate)


def _sight(case: Case) -> Sight:
    claim: dict[str, Value] = {
        **case.told,
        "equal_share": case.share,
        "own_gross": case.lines[0]["own_gross"],
        "own_plan_percent": case.rate * 100,
    }
    skipped = {*BALANCES, "own_gross"}
    lines: list[dict[str, Value]] = []
    for line in case.lines:
        seen: dict[str, Value] = {n: v for n, v in line.items() if n not in skipped}
        if line["otaf"] < 0:
            seen["otaf"] = NONE
        lines.append(seen)
    balances: dict[str, Value] = {name: case.lines[0][name] for name in BALANCES}
    return Sight(FACTS, claim, tuple(lines), balances)


def expected(method: Method, case: Case) -> int:
    """Return what the method pays on the claim, by the formula of its source."""
    formula = FORMULAS[method.id]
    if method.level == "claim":
        whole = case.whole()
        return up(max(F(0), F(formula(whole.lines[0], whole))))
    total = 0
    left = case.lines[0]["benefit_maximum_left"]
    for line in case.lines:
        line_now = {**line, "benefit_maximum_left": left}
        paid = up(max(F(0), F(formula(line_now, case))))
        total += paid
        left = max(0, left - paid)
    return total


@pytest.mark.parametrize("name", sorted(FORMULAS))
@settings(max_examples=30, deadline=None)
@given(case=cases())
def test_a_shipped_method_pays_what_its_formula_says(name: str, case: Case) -> None:
    method = METHODS[name]
    found = run(method, _sight(case))
    assert found.cents == expected(method, case), (name, case.lines, case.told)


def _pays(name: str, case: Case) -> int:
    cents = run(METHODS[name], _sight(case)).cents
    assert cents is not None
    return cents


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_methods_stand_to_each_other_as_the_field_says(case: Case) -> None:
    whole = case.whole()
    paid, alone = whole.sum("prior_paid"), whole.sum("own_benefit")
    # Non-duplication brings the total up to the own benefit, or what was paid.
    assert _pays("NON-DUPLICATION", whole) + paid == max(alone, paid)
    for name in ("PRIMARY", "SECONDARY", "HIGHEST", "LOWEST", "BILLED", "OTAF"):
        assert _pays(f"STANDARD-{name}", whole) <= alone
        assert _pays(f"STANDARD-{name}", whole) >= 0
    assert _pays("STANDARD-LOWEST", whole) <= _pays("STANDARD-SECONDARY", whole)
    assert _pays("STANDARD-SECONDARY", whole) <= _pays("STANDARD-HIGHEST", whole)
    # The corrected form never pays more than the charge that is left.
    left = max(F(0), whole.sum("billed") - paid)
    assert _pays("ALLOWED-LESS-PAID-TERTIARY", whole) <= left


@settings(max_examples=100, deadline=None)
@given(case=cases(), more=st.integers(1, 5000))
def test_more_from_those_ahead_is_never_more_from_this_plan(
    case: Case, more: int
) -> None:
    whole = case.whole()
    line = dict(whole.lines[0])
    for name in ("prior_paid", "primary_paid", "primary_paid_if_filed"):
        line[name] += more
    after = Case([line], whole.told, whole.share, whole.rate)
    # Where the first plan pays at all, two rules begin to count that did not before:
    # what is obligated, and a closed panel. Each can only take away.
    for name, method in METHODS.items():
        if not method.by_hand:
            assert _pays(name, after) <= _pays(name, whole), name
