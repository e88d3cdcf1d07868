"""Remittances: each dollar of a charge in one component, what does not add up told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from claims_support import written
from command_line import Command
from whopays.api.remittance import COLUMNS, read_remittance, rows
from whopays.claims import ReadReport, Reject
from whopays.claims.x12.leaves import LEAF_OF, leaf_of
from whopays.model.remittance import (
    LEAVES,
    PRIOR,
    UNASSIGNED,
    Payment,
    RemittedClaim,
)
from x12_writer import Segment
from x12_writer import written as x12


class Read:
    """A remittance as it was read."""

    def __init__(
        self, folder: Path, *segments: Segment, change: tuple[str, str] = ("", "")
    ) -> None:
        text = (
            x12(segments, "835").replace(*change) if change[0] else x12(segments, "835")
        )
        self.report = ReadReport()
        self.path = written(folder, "paid.835", text)
        found = list(read_remittance(self.path, self.report))
        self.claims = [each for each in found if isinstance(each, RemittedClaim)]
        self.payments = [each for each in found if isinstance(each, Payment)]
        self.rejects = [each for each in found if isinstance(each, Reject)]
        self.remarks = [
            (each["record"], each["field"]) for each in self.report.take_remarks()
        ]


def _bpr(amount: str) -> Segment:
    return ("BPR", "I", amount, "C", "CHK", *[""] * 11, "20260401")


def _clp(charge: str, paid: str, patient: str = "") -> Segment:
    return ("CLP", "C-1", "1", charge, paid, patient, "12", "P-1", "11", "1")


def _svc(charge: str, paid: str) -> Segment:
    return ("SVC", ("HC", "99213", "25"), charge, paid, "", "1")


PAID = (
    _bpr("105"),
    ("TRN", "1", "T-1", "1999999999"),
    ("N1", "PR", "PLAN"),
    ("N1", "PE", "CLINIC", "XX", "1234567893"),
    ("LX", "1"),
    _clp("250", "105", "60"),
    _svc("250", "105"),
    ("DTM", "472", "20260304"),
    ("CAS", "CO", "45", "80", "", "104", "5"),
    ("CAS", "PR", "1", "30", "", "2", "10", "", "3", "20"),
    ("AMT", "B6", "170"),
)


def test_the_worked_line_of_the_payment_terms_is_divided_as_they_do(
    tmp_path: Path,
) -> None:
    read = Read(tmp_path, *PAID)
    (claim,), (payment,) = read.claims, read.payments
    (line,) = claim.lines
    assert line.components.leaves == {
        "discount": 8000,
        "copay": 2000,
        "deductible": 3000,
        "coinsurance": 1000,
        "withhold": 500,
        "plan_paid": 10500,
    }
    assert line.components.total == line.charge == 25000
    assert (line.procedure, line.modifiers, line.allowed) == ("99213", ("25",), 17000)
    assert claim.balanced
    assert payment.balanced
    assert (payment.trace, payment.payer, payment.paid_on) == (
        "T-1",
        "PLAN",
        "20260401",
    )
    assert not read.remarks


@pytest.mark.parametrize(
    ("group", "reason", "leaf"),
    [
        ("CO", "45", "discount"),
        ("PR", "45", "balance_bill"),
        ("OA", "94", "discount"),
        ("CO", "24", "prepaid"),
        ("CO", "104", "withhold"),
        ("CO", "253", "payment_reduction"),
        ("CO", "b4".upper(), "payment_reduction"),
        ("PR", "1", "deductible"),
        ("PR", "2", "coinsurance"),
        ("PR", "3", "copay"),
        ("PR", "119", "member_other"),
        ("PR", "999", "member_other"),
        ("CO", "999", UNASSIGNED),
        ("OA", "1", UNASSIGNED),
        ("OA", "23", PRIOR),
        ("CO", "96", "noncovered"),
        ("PR", "204", "noncovered"),
        ("CO", "109", "denied"),
        ("PI", "29", "denied"),
        ("CO", "22", "denied"),
        ("CO", "100", "plan_paid"),
    ],
)
def test_group_and_reason_name_the_component(
    group: str, reason: str, leaf: str
) -> None:
    assert leaf_of(group, reason) == leaf


def test_every_reason_code_leads_to_one_known_component() -> None:
    assert set(LEAF_OF.values()) <= {*LEAVES, PRIOR}


def test_what_the_plan_paid_to_the_member_is_the_plans(tmp_path: Path) -> None:
    read = Read(
        tmp_path,
        _bpr("0"),
        _clp("50", "0"),
        _svc("50", "0"),
        ("CAS", "CO", "100", "50"),
    )
    parts = read.claims[0].lines[0].components
    assert (parts.leaves, parts.paid_to_member) == ({"plan_paid": 5000}, 5000)


def test_an_adjustment_of_the_claim_stays_with_the_claim(tmp_path: Path) -> None:
    read = Read(
        tmp_path,
        _bpr("450"),
        _clp("800", "450", "300"),
        ("CAS", "CO", "A2", "50"),
        _svc("800", "500"),
        ("CAS", "PR", "1", "300"),
    )
    (claim,) = read.claims
    assert claim.components.leaves == {"discount": 5000, "plan_paid": -5000}
    assert claim.balanced
    sums = dict.fromkeys(LEAVES, 0)
    for _, _, parts in claim.rows():
        for name, cents in parts.leaves.items():
            sums[name] += cents
    assert sum(sums.values()) == claim.charge
    assert sums["plan_paid"] == claim.paid


def test_a_reversal_turns_every_component_round(tmp_path: Path) -> None:
    turned = [
        tuple(_negative(each) for each in segment)
        if segment[0] in {"CAS", "SVC", "CLP", "BPR"}
        else segment
        for segment in PAID[:-1]
    ]
    (claim,) = Read(tmp_path, *turned).claims
    assert claim.balanced
    assert claim.lines[0].components.leaves["discount"] == -8000


def _negative(element: str | tuple[str, ...]) -> str | tuple[str, ...]:
    amounts = {"105", "250", "60", "80", "5", "30", "10", "20"}
    return f"-{element}" if element in amounts else element


def test_money_of_no_claim_is_in_the_balance_of_the_payment(tmp_path: Path) -> None:
    plb = ("PLB", "1234567893", "20261231", ("WO", "R-1"), "6.50", ("L6", ""), "-1")
    read = Read(tmp_path, _bpr("99.50"), *PAID[1:], plb)
    (payment,) = read.payments
    assert payment.balanced
    assert [(each.reason, each.cents) for each in payment.adjustments] == [
        ("WO", 650),
        ("L6", -100),
    ]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (("BPR*I*105", "BPR*I*104"), ["BPR02, PLB"]),
        (("*45*80*", "*45*79*"), ["SVC, CAS", "CLP, CAS"]),
        (("*250*105*60*", "*250*105*61*"), ["CLP05"]),
        (("*250*105**1", "*240*95**1"), ["CLP03"]),
        (("*45*80*", "*45*8O*"), ["CAS03"]),
        (("CAS*CO*45", "CAS*XX*45"), ["CAS01"]),
        (("SE*13*", "SE*15*"), ["SE01"]),
    ],
)
def test_what_does_not_add_up_is_reported_and_read_on(
    tmp_path: Path, change: tuple[str, str], fields: list[str]
) -> None:
    assert change[0] in x12(PAID, "835")
    read = Read(tmp_path, *PAID, change=change)
    assert [field for _, field in read.remarks] == fields
    (claim,), (payment,) = read.claims, read.payments
    assert len(claim.lines) == 1
    assert not (claim.balanced and payment.balanced) or fields[0] in {
        "CLP05",
        "CLP03",
        "SE01",
    }


def test_a_line_that_cannot_be_read_costs_itself_and_the_balance(
    tmp_path: Path,
) -> None:
    read = Read(tmp_path, *PAID, change=("*250*105**1", "*25O*105**1"))
    (reject,), (claim,) = read.rejects, read.claims
    assert (reject.field, reject.claim_id) == ("SVC02", "C-1")
    assert claim.lines == ()
    assert not claim.balanced


def test_a_claim_that_cannot_be_read_costs_each_of_its_lines(tmp_path: Path) -> None:
    read = Read(tmp_path, *PAID, change=("CLP*C-1*1*250", "CLP*C-1*1*x"))
    assert [each.field for each in read.rejects] == ["CLP03", "CLP03"]
    assert not read.claims
    assert not read.payments[0].balanced


def test_lines_of_a_claim_that_was_lost_are_in_no_other_claim(tmp_path: Path) -> None:
    patient = ("NM1", "QC", "1", "SMITH")
    lost = ("CPL", "C-2", "1", "10", "10")
    read = Read(tmp_path, *PAID, lost, patient, _svc("10", "10"))
    (claim,), (payment,) = read.claims, read.payments
    assert [each.charge for each in claim.lines] == [25000]
    assert claim.balanced
    assert not payment.balanced
    assert [each.reason for each in read.rejects] == [
        "is no segment of a remittance",
        "stands in no claim",
    ]


def test_every_segment_of_a_remittance_is_in_the_account(tmp_path: Path) -> None:
    read = Read(tmp_path, *PAID, ("XYZ", "1"))
    account = read.report.account
    counted = sum(
        each["used"] + each["kept"] + sum(each["skipped"].values())
        for each in account["by_id"].values()
    )
    assert counted == account["segments"] == len(PAID) + 1 + 6
    assert [each.reason for each in read.rejects] == ["is no segment of a remittance"]


def test_the_rows_of_a_claim_add_up_column_by_column(tmp_path: Path) -> None:
    read = Read(tmp_path, *PAID)
    (row,) = [each for each in rows(read.path) if isinstance(each, dict)]
    assert tuple(row) == COLUMNS
    parts = [f"{name}_cents" for name in (*LEAVES, PRIOR, UNASSIGNED)]
    assert sum(row[name] for name in parts) == row["charge_cents"] == 25000


# whopays remit


def test_remit_prints_a_table_csv_and_json_lines(
    whopays: Command, tmp_path: Path
) -> None:
    path = Read(tmp_path, *PAID).path
    told = whopays("remit", path)
    assert told.code == 0
    assert "withhold" in told.out
    assert "all claims and payments add up" in told.out
    told = whopays("remit", path, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(told.out))
    assert (row["withhold_cents"], row["plan_paid_cents"]) == ("500", "10500")
    told = whopays("remit", path, "--format", "jsonl")
    kinds = [json.loads(line)["kind"] for line in told.out.splitlines()]
    assert kinds == ["claim", "payment", "account"]


def test_remit_says_what_it_could_not_read(whopays: Command, tmp_path: Path) -> None:
    path = written(tmp_path, "c.837", x12([], "837P"))
    told = whopays("remit", path)
    assert told.code == 3
    assert "ST01 is 837, claims: `whopays decide` reads them" in told.err
    assert "no claim and no payment was read" in told.out
    assert whopays("remit", tmp_path / "gone.835").code == 2


@pytest.mark.parametrize(
    ("name", "paid", "balanced"),
    [
        ("cob-contractural-adjustment", 3400, True),
        ("managed-care", 94500, True),
        ("medicare-part-a", 15000000, True),
        ("secondary-payment", 122200, True),
        ("tertiary-payment", 18750, False),  # its line has a charge of another amount
    ],
)
def test_the_examples_of_the_guide_are_read_and_balanced(
    shared: Path, name: str, paid: int, balanced: bool
) -> None:
    path = shared / "data/x12/835-tr3-examples" / f"{name}.835"
    found = list(read_remittance(path))
    claims = [each for each in found if isinstance(each, RemittedClaim)]
    (payment,) = [each for each in found if isinstance(each, Payment)]
    assert claims
    assert payment.amount == paid
    assert payment.balanced
    assert all(each.balanced for each in claims) is balanced
    for claim in claims:
        if claim.balanced:
            parts = sum(each.total for _, _, each in claim.rows())
            assert parts == claim.charge
