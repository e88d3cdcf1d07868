"""Accounts of X12 claims: the other payers as coverages, in the order of their places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from small_rules import written_rules
from whopays.api.accounts import (
    AS_GIVEN,
    AccountBook,
    Filed,
    ReadReport,
    Reject,
    load_accounts,
)
from whopays.model.account import Account
from whopays.model.values import NONE, UNKNOWN
from x12_writer import Segment, above, claim, line
from x12_writer import written as x12


@pytest.fixture
def book(tmp_path: Path) -> AccountBook:
    path = written_rules(tmp_path, f"{FACTS}\n{METHODS}\n{ORDER}")
    return load_accounts(path, order=AS_GIVEN, method="REST", engine="reference")


def _payer(position: str, name: str, paid: str, *cas: Segment) -> list[Segment]:
    return [
        ("SBR", position, "18", "G1", "", "", "", "", "", "MA"),
        *cas,
        ("AMT", "D", paid),
        ("OI", "", "", "Y", "", "", "Y"),
        ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", "M1"),
        ("NM1", "PR", "2", name, "", "", "", "", "PI", name),
    ]


def _svd(name: str, paid: str, *cas: Segment) -> list[Segment]:
    service = ("SVD", name, paid, ("HC", "99213"), "", "1")
    return [service, *cas, ("DTP", "573", "D8", "20260310")]


def _read(  # noqa: PLR0913, PLR0917 - what a claim is made of
    book: AccountBook,
    folder: Path,
    payers: list[Segment],
    lines: list[Segment],
    position: str = "S",
    report: ReadReport | None = None,
) -> list[Filed | Reject]:
    whole = claim("C-1", "100", lines)
    text = x12([*above(position=position), *whole[:2], *payers, *whole[2:]])
    path = written(folder, "claims.837", text)
    return list(book.read(path, report or ReadReport()))


ANSWER = _svd("ONE", "70", ("CAS", "CO", "45", "10"), ("CAS", "PR", "2", "20"))


def test_other_payers_are_coverages_in_the_order_of_their_places(
    book: AccountBook, tmp_path: Path
) -> None:
    second = _svd("TWO", "15", ("CAS", "OA", "23", "80"), ("CAS", "PR", "2", "5"))
    payers = [*_payer("S", "TWO", "15"), *_payer("P", "ONE", "70")]

    (filed,) = _read(
        book, tmp_path, payers, line(1, "99213", "100", *ANSWER, *second), "T"
    )

    assert isinstance(filed, Filed)
    account = filed.account
    assert [each.plan for each in account.coverages] == ["ONE", "TWO", "RECEIVER"]
    assert account.coverages[0].lines == ({"paid": 7000, "patient_share": 2000},)
    assert account.coverages[0].facts == {"kind": "medicare", "covers_as": "subscriber"}
    settled = book.settle(account)
    assert [each.payment.cents for each in settled.payers] == [7000, 1500, 1500]
    assert (settled.status, settled.write_off) == ("balanced", 0)


def test_what_is_obligated_is_of_lines_or_of_the_claim_or_reported_as_none(
    book: AccountBook, tmp_path: Path
) -> None:
    def read(*more: Segment) -> Account:
        lines = line(1, "99213", "100", *more, *ANSWER)
        (filed,) = _read(book, tmp_path, _payer("P", "ONE", "70"), lines)
        assert isinstance(filed, Filed)
        return filed.account

    assert read().claim["otaf"] is NONE
    said = read(("CN1", "09", "85.50"))
    assert (said.claim.get("otaf"), said.lines[0]["otaf"]) == (None, 8550)
    unread = read(("CN1", "09", "8S"))
    assert ("otaf" in unread.claim, "otaf" in unread.lines[0]) == (False, False)


def test_a_posted_zero_of_another_payer_is_a_payment(
    book: AccountBook, tmp_path: Path
) -> None:
    nothing = _svd("ONE", "0", ("CAS", "PR", "1", "100"))
    (filed,) = _read(
        book, tmp_path, _payer("P", "ONE", "0"), line(1, "99213", "100", *nothing)
    )

    assert isinstance(filed, Filed)
    assert book.settle(filed.account).payers[1].expected == 10000


def test_an_adjustment_of_the_claim_stays_with_the_claim(
    book: AccountBook, tmp_path: Path
) -> None:
    payer = _payer("P", "ONE", "60", ("CAS", "PR", "3", "10"))
    (filed,) = _read(book, tmp_path, payer, line(1, "99213", "100", *ANSWER))

    assert isinstance(filed, Filed)
    said = filed.account.coverages[0]
    assert said.amounts == {"paid": -1000, "patient_share": 1000}
    assert book.settle(filed.account).payers[0].payment.cents == 6000


def test_a_payer_that_adjusted_the_claim_alone_says_what_it_left_to_the_patient(
    book: AccountBook, tmp_path: Path
) -> None:
    lines = line(1, "99213", "100")
    adjusted = ("CAS", "CO", "45", "20"), ("CAS", "PR", "1", "15", "", "45", "5")

    (whole,) = _read(book, tmp_path, _payer("P", "ONE", "60", *adjusted), lines)
    (short,) = _read(book, tmp_path, _payer("P", "ONE", "60", adjusted[1]), lines)
    (silent,) = _read(book, tmp_path, _payer("P", "ONE", "60"), lines)

    assert isinstance(whole, Filed)
    assert whole.account.coverages[0].amounts == {"paid": 6000, "patient_share": 1500}
    assert isinstance(short, Filed)
    assert short.account.coverages[0].amounts == {}
    assert isinstance(silent, Filed)
    assert silent.account.coverages[0].amounts == {"paid": 6000}


def test_lines_without_an_answer_leave_the_share_of_all_with_the_claim(
    book: AccountBook, tmp_path: Path
) -> None:
    lines = [*line(1, "99213", "60", *_svd("ONE", "50", ("CAS", "PR", "2", "10")))]
    payer = _payer("P", "ONE", "50", ("CAS", "PR", "1", "40"))

    (filed,) = _read(book, tmp_path, payer, [*lines, *line(2, "99213", "40")])

    assert isinstance(filed, Filed)
    said = filed.account.coverages[0]
    assert said.amounts == {"paid": 5000, "patient_share": 5000}
    assert said.lines == ()


def test_what_does_not_add_up_is_not_believed(
    book: AccountBook, tmp_path: Path
) -> None:
    wrong = _svd("ONE", "70", ("CAS", "PR", "2", "29"))
    report = ReadReport()
    lines = line(1, "99213", "100", *wrong)
    (filed,) = _read(book, tmp_path, _payer("P", "ONE", "70"), lines, report=report)

    assert "SVD, CAS" in " ".join(report.notes())
    assert isinstance(filed, Filed)
    assert filed.account.coverages[0].of_line("paid", 0) is UNKNOWN
    assert book.settle(filed.account).status == "undetermined"


def test_balance_billing_is_no_part_of_what_the_payer_allowed(
    book: AccountBook, tmp_path: Path
) -> None:
    answer = _svd("ONE", "70", ("CAS", "PR", "45", "10", "", "2", "20"))
    (filed,) = _read(
        book, tmp_path, _payer("P", "ONE", "70"), line(1, "99213", "100", *answer)
    )

    assert isinstance(filed, Filed)
    assert filed.account.coverages[0].of_line("patient_share", 0) == 2000


def test_a_claim_with_a_line_that_can_not_be_read_is_one_reject(
    book: AccountBook, tmp_path: Path
) -> None:
    lines = [*line(1, "99213", "50"), *line(2, "99213", "5O")]

    (reject,) = _read(book, tmp_path, _payer("P", "ONE", "0"), lines)

    assert isinstance(reject, Reject)
    assert (reject.claim_id, reject.field) == ("C-1", "SV102")


def test_payers_at_one_place_or_at_none_stand_in_no_order(
    book: AccountBook, tmp_path: Path
) -> None:
    lines = line(1, "99213", "100", *ANSWER)
    for position, receiver in (("P", "P"), ("U", "S")):
        payers = _payer(position, "ONE", "70")
        (filed,) = _read(book, tmp_path, payers, lines, receiver)

        assert isinstance(filed, Filed)
        settled = book.settle(filed.account)
        assert settled.status == "undetermined"
        assert "SBR01" in settled.why


@pytest.mark.parametrize(
    ("reason", "status", "basis"),
    [
        ("22", "error", None),
        ("24", "undetermined", "missing"),
        ("1", "balanced", "posted"),
    ],
)
def test_a_payment_of_nothing_is_taken_as_its_reason_says(
    book: AccountBook, tmp_path: Path, reason: str, status: str, basis: str | None
) -> None:
    nothing = _svd("ONE", "0", ("CAS", "CO", reason, "100"))
    lines = line(1, "99213", "100", *nothing)

    (filed,) = _read(book, tmp_path, _payer("P", "ONE", "0"), lines)

    assert isinstance(filed, Filed)
    settled = book.settle(filed.account)
    assert settled.status == status
    assert [each.payment.basis for each in settled.payers[:1]] == (
        [basis] if basis else []
    )


def _numbered(frequency: str, paid: str = "70") -> list[Segment]:
    left = str(90 - int(paid))
    answer = _svd("ONE", paid, ("CAS", "CO", "45", "10"), ("CAS", "PR", "2", left))
    whole = claim("C-1", "100", line(1, "99213", "100", *answer))
    head = ("CLM", "C-1", "100", "", "", ("11", "B", frequency), "Y", "A", "Y", "Y")
    original = [] if frequency == "1" else [("REF", "F8", "PAYER-7")]
    return [head, *original, whole[1], *_payer("P", "ONE", paid), *whole[2:]]


def test_claims_that_replace_or_void_another_adjust_or_reverse_it(
    book: AccountBook, tmp_path: Path
) -> None:
    claims = [_numbered("7"), _numbered("7", "60"), _numbered("8"), _numbered("8")]
    text = x12([*above(position="S"), *(each for one in claims for each in one)])
    path = written(tmp_path, "claims.837", text)

    counts, _ = book.reprice_files([path], tmp_path / "out")

    results = [
        json.loads(each)
        for each in (tmp_path / "out" / "accounts.jsonl").read_text().splitlines()
    ]
    # The first replaces a claim of another run, and stands alone.
    assert [(each.get("adjusts"), each.get("reverses")) for each in results] == [
        (None, None),
        ("C-1", None),
        (None, "C-1"),
    ]
    assert results[1]["change"]["payers"]["ONE"]["payment_cents"] == -1000
    assert results[2]["payers"]["ONE"]["payment_cents"] == -6000
    assert counts["rejects"] == 1
    assert counts["cents_of_balanced"]["billed"] == 0


def test_the_status_of_a_remittance_says_nothing_of_rank(
    book: AccountBook, tmp_path: Path
) -> None:
    """CLP02 says how a payer processed a claim: rank comes of SBR01 and of coverage."""
    remittance = x12([("CLP", "C-1", "1", "100", "70", "", "12", "ICN")], "835")
    path = written(tmp_path, "remittance.835", remittance)

    report = ReadReport()
    found = list(book.read(path, report))

    assert not any(isinstance(each, Filed) for each in found)


@pytest.mark.parametrize(
    ("indicator", "kind"),
    [
        ("CH", "tricare"),
        ("VA", "veterans"),
        ("WC", "workers_compensation"),
        ("AM", "no_fault"),
        ("LM", "liability"),
        ("TV", "title_v"),
        ("16", "medicare"),
        ("CI", None),
    ],
)
def test_the_filing_indicator_tells_the_kind_of_a_plan_as_far_as_it_can(
    tmp_path: Path, indicator: str, kind: str | None
) -> None:
    shipped = load_accounts(order=AS_GIVEN, engine="reference")
    payer = _payer("P", "ONE", "70")
    payer[0] = (*payer[0][:-1], indicator)

    (filed,) = _read(shipped, tmp_path, payer, line(1, "99213", "100", *ANSWER))

    assert isinstance(filed, Filed)
    assert filed.account.coverages[0].facts.get("kind") == kind
