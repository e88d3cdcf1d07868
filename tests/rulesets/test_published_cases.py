"""Published worked cases come out as they were published, by the rules that ship.

Those of the field's notes are read in place, beside this repository; more stand in
`published-cases.yaml`. A case of a kind that nothing here can run fails: none is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims_support import written
from published import KINDS, Run
from whopays.api.accounts import (
    AccountBook,
    Filed,
    ReadReport,
    Settled,
    load_accounts,
)
from whopays.coordinate.determined import compromise_share
from whopays.coordinate.paid import Paid
from whopays.model.account import Account
from whopays.model.money import parse_cents
from x12_writer import above
from x12_writer import claim as x12_claim
from x12_writer import line as x12_line
from x12_writer import written as x12

ROOT = Path(__file__).parents[2]
COB = ROOT / "rulesets" / "cob"
NOTES = ROOT.parent / "shared" / "domain" / "cob-examples.yaml"
OWN = Path(__file__).parent / "published-cases.yaml"

#: What the shipped rules do not give as it was published: id, name, and why. Of orders
#: `test_published_orders` says so.
CONTRADICTED = {
    ("x12-drchrono-100", "otherwise"): (
        "that payer rejects a claim that does not add up; here the claim stays, what does "
        "not add up is not believed, a note says so, and the account is undetermined"
    ),
}


def _cases(path: Path, part: str) -> list[Any]:
    if not path.is_file():
        return []
    found = yaml.safe_load(path.read_text("utf-8"))[part]
    assert isinstance(found, list)
    return found


CALCULATED = [
    *_cases(NOTES, "calculation_examples"),
    *_cases(OWN, "calculation_examples"),
]
NO_ACCOUNTS = {"x12_cob_balance", "compromise_share"}


@pytest.fixture(scope="module")
def book() -> AccountBook:
    return load_accounts(COB, order="as-given")


def _settled(book: AccountBook, run: Run) -> tuple[Settled, Paid]:
    account = book.account(run.document)
    assert isinstance(account, Account), account
    settled = book.settle(account)
    paid = settled.payers[-1].paid
    assert paid is not None, settled.why
    return settled, paid


def _cents(amount: Fraction | int | None) -> Decimal | None:
    if amount is None:
        return None
    exact = Fraction(amount)
    cents = Decimal(exact.numerator) / Decimal(exact.denominator)
    return cents.quantize(Decimal(1), ROUND_HALF_UP)


def _found(name: str, settled: Settled, paid: Paid) -> Decimal | None:
    """Return what is called `name` in a result, in cents."""
    (step,) = paid.steps if paid.method.level == "claim" else paid.steps[:1]
    if name == "pay":
        return _cents(paid.cents)
    if name == "patient":
        return _cents(paid.patient)
    if name == "before bounds":
        assert step.pay is not None
        return _cents(step.pay.worked.value)
    if name.startswith("sum of "):
        terms = [part for let in step.lets for part in let.parts[0].parts]
        return next(_cents(each.value) for each in terms if each.text == name)
    if name.startswith("write_off less "):
        other = parse_cents(name.removeprefix("write_off less "))
        return _cents((settled.write_off or 0) - other)
    if name.endswith(" less write_off"):
        other = parse_cents(name.removesuffix(" less write_off"))
        return _cents(other - (settled.write_off or 0))
    return _cents(next(let.value for let in step.lets if let.text == name))


@pytest.mark.skipif(
    not NOTES.is_file(), reason="../shared is not beside this repository"
)
def test_the_notes_have_cases_and_each_is_run() -> None:
    cases = _cases(NOTES, "calculation_examples")
    assert len(cases) >= 17
    known = {*KINDS, *NO_ACCOUNTS}
    assert {each["method"] for each in cases} <= known


@pytest.mark.parametrize(
    "case",
    [each for each in CALCULATED if each["method"] not in NO_ACCOUNTS],
    ids=lambda case: case["id"],
)
def test_a_published_case_comes_out_as_it_was_published(
    book: AccountBook, case: dict[str, Any]
) -> None:
    assert case["method"] in KINDS, f"nothing runs a case of {case['method']}"
    run = KINDS[case["method"]](case["inputs"])
    settled, paid = _settled(book, run)
    for name, amount in case["expected"].items():
        found = _found(run.names[name], settled, paid)
        reason = CONTRADICTED.get((case["id"], name))
        wanted = Decimal(parse_cents(amount))
        assert (found == wanted) is (reason is None), (name, found, wanted, reason)


def _answered(folder: Path, charge: str, paid: str, off: str, share: str) -> Path:
    """Write an 837 claim that one payer answered: paid, adjusted, left to the patient."""
    other = [
        ("SBR", "P", "18", "G1", "", "", "", "", "", "CI"),
        ("AMT", "D", paid),
        ("OI", "", "", "Y", "", "", "Y"),
        ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", "M1"),
        ("NM1", "PR", "2", "ONE", "", "", "", "", "PI", "ONE"),
    ]
    answer = [
        ("SVD", "ONE", paid, ("HC", "99213"), "", "1"),
        ("CAS", "CO", "45", off),
        ("CAS", "PR", "2", share),
        ("DTP", "573", "D8", "20260310"),
    ]
    whole = x12_claim("C-1", charge, x12_line(1, "99213", charge, *answer))
    segments = [*above(position="S"), *whole[:2], *other, *whole[2:]]
    return written(folder, "claims.837", x12(segments))


@pytest.mark.parametrize(
    "case",
    [each for each in CALCULATED if each["method"] == "x12_cob_balance"],
    ids=lambda case: case["id"],
)
def test_what_a_payer_says_is_taken_only_if_it_adds_up_to_the_charge(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    assert case["expected"]["otherwise"] == "reject"
    assert CONTRADICTED[case["id"], "otherwise"]
    charge = str(Decimal(case["expected"]["must_equal"]))
    book = load_accounts(COB, order="as-given", method="BILLED-LESS-PAID")
    for off, is_believed in (("10", True), ("10.01", False), ("9.99", False)):
        path = _answered(tmp_path, charge, "70", off, "20")
        report = ReadReport()
        (filed,) = book.read(path, report)
        assert isinstance(filed, Filed)
        found = book.settle(filed.account)
        assert found.payers[0].payment.cents == (7000 if is_believed else None)
        assert (found.payers[1].expected is None) is not is_believed
        assert bool(report.notes()) is not is_believed


def _compromise(inputs: dict[str, str]) -> int:
    names = ("settlement", "settlement_costs", "settlement_in_full")
    amounts = [parse_cents(inputs[each]) for each in (*names, "settlement_medical")]
    return compromise_share(*amounts).cents


@pytest.mark.parametrize(
    "case",
    [each for each in CALCULATED if each["method"] == "compromise_share"],
    ids=lambda case: case["id"],
)
def test_a_published_compromise_comes_out_as_it_was_published(
    case: dict[str, Any],
) -> None:
    assert _compromise(case["inputs"]) == parse_cents(case["expected"]["share"])


AMOUNTS = [0, 1, 500, 1999, 2000, 2001, 8000, 12000]

Formula = Callable[[int, int, int], int]
#: Rules told in words alone: the method, and the formula as their text has it, over
#: what was paid, what the plan would pay or allow, and a cost share.
TEXTS: dict[str, tuple[str, Formula]] = {
    "in-405-iac-1-18-2": (
        "MEDICAID-CROSSOVER-CLAIM",
        lambda paid, allowed, share: (
            0 if paid >= allowed else min(allowed - paid, share)
        ),
    ),
    "fl-tpl": (
        "MEDICAID-LAST-COPAY",
        lambda paid, allowed, copay: max(0, allowed - paid - copay),
    ),
    "hmsa-drug": (
        "STANDARD-EXPENSE",
        lambda paid, eligible, normal: max(0, min(eligible - paid, normal)),
    ),
}


def _text_account(method: str, paid: int, amount: int, third: int) -> Run:
    def money(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"

    ahead = {
        "paid": money(paid),
        "deductible": "0.00",
        "coinsurance": money(third),
    }
    own = {
        "allowed": money(amount),
        "copay": money(third),
        "allowable_expense": money(amount),
        "benefit": money(third),
    }
    document = {
        "account_id": "TEXT",
        "lines": [{"billed": "1000.00"}],
        "coverages": [
            {"plan": "ONE", "facts": {"kind": "medicare"}, "lines": [ahead]},
            {"plan": "LAST", "method": method, "lines": [own]},
        ],
    }
    return Run(method, document, {})


@pytest.mark.skipif(
    not NOTES.is_file(), reason="../shared is not beside this repository"
)
def test_each_rule_that_the_notes_tell_in_words_is_run() -> None:
    notes = _cases(NOTES, "rule_texts_without_numbers")
    assert {each["id"] for each in notes} == set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_a_rule_told_in_words_is_what_its_method_gives(
    book: AccountBook, name: str
) -> None:
    method, formula = TEXTS[name]
    for paid in AMOUNTS:
        for amount in AMOUNTS:
            for third in AMOUNTS[:5]:
                run = _text_account(method, paid, amount, third)
                found = _settled(book, run)[1].cents
                assert found == formula(paid, amount, third), (paid, amount, third)
