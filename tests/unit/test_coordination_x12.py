"""Other payers of X12 claims: kept in order, balanced, and amounts only where sure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims_support import FACTS, written
from whopays.claims import OPEN_FACTS, ReadReport, read_claims
from whopays.model.claim import Claim
from whopays.model.coordination import Adjustment, Coordination
from whopays.model.values import UNKNOWN
from x12_writer import Segment, above, claim, line
from x12_writer import written as x12


def _payer(position: str, name: str, paid: str, *more: Segment) -> list[Segment]:
    return [
        ("SBR", position, "18", "G1", "", "", "", "", "", "CI"),
        *[each for each in more if each[0] == "CAS"],
        ("AMT", "D", paid),
        ("OI", "", "", "Y", "", "", "Y"),
        ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", "M1"),
        ("NM1", "PR", "2", name, "", "", "", "", "PI", f"ID-{name}"),
        *[each for each in more if each[0] != "CAS"],
    ]


def _svd(name: str, paid: str, *more: Segment) -> list[Segment]:
    return [
        ("SVD", f"ID-{name}", paid, ("HC", "99213"), "", "1"),
        *more,
        ("DTP", "573", "D8", "20260310"),
    ]


def _claims(tmp_path: Path, text: str) -> tuple[list[Claim], list[tuple[str, str]]]:
    report = ReadReport()
    path = written(tmp_path, "cob.837", text)
    found = list(read_claims(path, FACTS, None, OPEN_FACTS, report))
    remarks = [(each["field"], each["reason"]) for each in report.take_remarks()]
    return [each for each in found if isinstance(each, Claim)], remarks


def _secondary(
    *payers: list[Segment], position: str = "S", lines: list[Segment]
) -> str:
    whole = claim("C-1", "100", lines)
    loops = [segment for each in payers for segment in each]
    return x12([*above(position=position), *whole[:2], *loops, *whole[2:]])


FIRST = _payer("P", "ONE", "70")
ANSWER = _svd("ONE", "70", ("CAS", "CO", "45", "10"), ("CAS", "PR", "2", "20"))


def test_what_another_payer_said_is_kept_with_claim_and_line(tmp_path: Path) -> None:
    text = _secondary(FIRST, lines=line(1, "99213", "100", *ANSWER))
    (found,), remarks = _claims(tmp_path, text)
    said = found.coordination
    assert said is not None
    (payer,) = said.payers
    assert (said.position, said.charge) == ("S", 10000)
    assert (payer.position, payer.id, payer.name) == ("P", "ID-ONE", "ONE")
    assert (payer.paid, payer.filing_indicator, payer.balanced) == (7000, "CI", True)
    (answer,) = payer.of_line("1")
    assert (answer.paid, answer.procedure, answer.paid_on) == (
        7000,
        "99213",
        "20260310",
    )
    assert answer.adjustments == (
        Adjustment("CO", "45", 1000),
        Adjustment("PR", "2", 2000),
    )
    assert not remarks
    json.dumps(said.record())


def test_amounts_of_the_payers_ahead_are_facts_of_the_line(tmp_path: Path) -> None:
    two = _payer("S", "TWO", "15")
    more = _svd("TWO", "15", ("CAS", "OA", "23", "80"), ("CAS", "PR", "2", "5"))
    later = _payer("A", "LATE", "1")
    text = _secondary(
        two, FIRST, later, position="T", lines=line(1, "99213", "100", *ANSWER, *more)
    )
    (found,), _ = _claims(tmp_path, text)
    facts = found.lines[0].facts
    assert (facts["primary_paid"], facts["primary_allowed"]) == (7000, 9000)
    assert facts["prior_paid"] == 8500
    assert found.coordination is not None
    ahead = found.coordination.ahead()
    assert ahead is not None
    assert [each.name for each in ahead] == ["ONE", "TWO"]


@pytest.mark.parametrize(
    ("first", "answer", "remarked"),
    [
        # The line: 70 and 10 and 19 are not 100.
        (
            FIRST,
            _svd("ONE", "70", ("CAS", "CO", "45", "10"), ("CAS", "PR", "2", "19")),
            "SVD, CAS",
        ),
        # The claim: 71 and 30 are not 100.
        (_payer("P", "ONE", "71"), ANSWER, "AMT, CAS"),
        # The same adjustment at claim and line.
        (_payer("P", "ONE", "70", ("CAS", "CO", "45", "10")), ANSWER, "AMT, CAS"),
        (FIRST, _svd("ONE", ""), "SVD02"),
        (FIRST, _svd("ONE", "7O"), "SVD02"),
        (FIRST, _svd("ELSE", "70", ("CAS", "PR", "2", "30")), "SVD01"),
        ([each for each in FIRST if each[:2] != ("AMT", "D")], ANSWER, "AMT (D)"),
        (FIRST, _svd("ONE", "70", ("CAS", "ZZ", "45", "30")), "CAS01"),
        (FIRST, _svd("ONE", "70", ("CAS", "CO", "45")), "CAS03"),
    ],
)
def test_what_does_not_add_up_is_remarked_and_is_no_fact(
    tmp_path: Path, first: list[Segment], answer: list[Segment], remarked: str
) -> None:
    text = _secondary(first, lines=line(1, "99213", "100", *answer))
    (found,), remarks = _claims(tmp_path, text)
    assert remarked in [field for field, _ in remarks]
    (made,) = found.lines
    assert made.read("billed") == 10000
    for name in ("primary_paid", "primary_allowed", "prior_paid"):
        assert made.read(name) is UNKNOWN


@pytest.mark.parametrize(
    "change",
    [
        ("SBR*A", "SBX*A"),  # two payers in one loop
        ("SVD*ID-LATE", "SVX*ID-LATE"),
        ("OI*", "OX*"),
    ],
)
def test_a_segment_that_is_lost_leaves_all_amounts_open(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    late = _payer("A", "LATE", "70")
    more = _svd("LATE", "70", ("CAS", "CO", "45", "30"))
    text = _secondary(
        FIRST, late, position="B", lines=line(1, "99213", "100", *ANSWER, *more)
    )
    (whole,), _ = _claims(tmp_path, text)
    assert whole.lines[0].read("prior_paid") == 14000
    assert change[0] in text
    (found,), _ = _claims(tmp_path, text.replace(*change))
    assert found.lines[0].read("primary_paid") is UNKNOWN
    assert found.lines[0].read("prior_paid") is UNKNOWN
    assert found.lines[0].read("billed") == 10000


def test_an_adjustment_of_the_whole_claim_leaves_its_lines_open(tmp_path: Path) -> None:
    first = _payer("P", "ONE", "60", ("CAS", "CO", "45", "10"))
    text = _secondary(first, lines=line(1, "99213", "100", *ANSWER))
    (found,), remarks = _claims(tmp_path, text)
    assert not remarks
    assert found.coordination is not None
    assert found.coordination.payers[0].balanced
    assert found.lines[0].read("primary_paid") is UNKNOWN


def test_a_payment_without_any_adjudication_has_nothing_to_balance(
    tmp_path: Path,
) -> None:
    text = _secondary(FIRST, lines=line(1, "99213", "100"))
    (found,), remarks = _claims(tmp_path, text)
    assert not remarks
    assert found.coordination is not None
    assert found.coordination.payers[0].balanced is None
    assert found.lines[0].read("primary_paid") is UNKNOWN


@pytest.mark.parametrize(
    ("position", "other"), [("P", "S"), ("P", "P"), ("U", "P"), ("", "S")]
)
def test_payers_that_are_not_known_to_be_ahead_give_no_amounts(
    tmp_path: Path, position: str, other: str
) -> None:
    text = _secondary(
        _payer(other, "ONE", "70"),
        position=position,
        lines=line(1, "99213", "100", *ANSWER),
    )
    (found,), _ = _claims(tmp_path, text)
    assert found.coordination is not None
    assert found.lines[0].read("prior_paid") is UNKNOWN
    assert found.lines[0].read("primary_paid") is UNKNOWN


def test_a_line_that_was_answered_in_parts_has_their_sum(tmp_path: Path) -> None:
    parts = [
        *_svd("ONE", "30", ("CAS", "CO", "45", "10")),
        *_svd("ONE", "40", ("CAS", "PR", "2", "20")),
    ]
    text = _secondary(FIRST, lines=line(1, "99213", "100", *parts))
    (found,), remarks = _claims(tmp_path, text)
    assert not remarks
    assert found.lines[0].read("primary_paid") == 7000
    assert found.lines[0].read("primary_allowed") == 9000


def test_the_otaf_of_value_code_44_is_kept(tmp_path: Path) -> None:
    text = _secondary(FIRST, lines=line(1, "99213", "100", *ANSWER))
    text = text.replace("ABF:Z1159", "BE:44:::85.5")
    (found,), _ = _claims(tmp_path, text)
    assert found.coordination is not None
    assert found.coordination.otaf == 8550


def test_the_otaf_of_a_contract_segment_is_kept_of_the_claim_and_of_lines(
    tmp_path: Path,
) -> None:
    lines = line(1, "99213", "100", ("CN1", "09", "60"), *ANSWER)
    text = _secondary(FIRST, lines=lines).replace("HI*", "CN1*09*85.5~\nHI*", 1)
    (found,), _ = _claims(tmp_path, text)
    assert found.coordination is not None
    assert found.coordination.otaf == 8550
    assert found.coordination.otaf_by_line == (("1", 6000),)
    assert not found.coordination.otaf_open


@pytest.mark.parametrize("segment", ["CN1*09*8S", "CN1*09"])
def test_an_otaf_that_can_not_be_read_is_open_and_not_none(
    tmp_path: Path, segment: str
) -> None:
    text = _secondary(FIRST, lines=line(1, "99213", "100", *ANSWER))
    (found,), _ = _claims(tmp_path, text.replace("HI*", f"{segment}~\nHI*", 1))
    assert found.coordination is not None
    assert found.coordination.otaf is None
    assert found.coordination.otaf_open


def test_another_contract_says_nothing_of_what_is_obligated(tmp_path: Path) -> None:
    text = _secondary(FIRST, lines=line(1, "99213", "100", *ANSWER))
    (found,), _ = _claims(tmp_path, text.replace("HI*", "CN1*05*85.5~\nHI*", 1))
    assert found.coordination is not None
    assert found.coordination.otaf is None
    assert not found.coordination.otaf_open


def test_a_claim_without_other_payers_has_no_coordination(tmp_path: Path) -> None:
    text = x12([*above(), *claim("C-1", "100", line(1, "99213", "100"))])
    (found,), _ = _claims(tmp_path, text)
    assert found.coordination is None


@pytest.mark.parametrize(
    ("name", "payers"),
    [("A", 0), ("B", 1), ("C", 1)],
)
def test_the_coordination_examples_of_the_guide_balance(
    shared: Path, name: str, payers: int
) -> None:
    folder = shared / "data/x12/837p-tr3-examples"
    report = ReadReport()
    path = folder / f"demo.cob.example3.{name}.837"
    (found,) = read_claims(path, FACTS, None, OPEN_FACTS, report)
    assert isinstance(found, Claim)
    said = found.coordination or Coordination("", None, ())
    assert [each.balanced for each in said.payers] == [True] * payers or payers == 0
    assert not [each for each in report.take_remarks() if "add up" in each["reason"]]
