"""Claims as they were sent (X12 837): what they state in all, and what payers left untold."""

from __future__ import annotations

from pathlib import Path

import pytest

from component_claims import book_of
from whopays.api.terms import Balance, ComponentClaim, TermBook
from whopays.terms.checks import Check
from x12_writer import Segment, above, claim, line, written

PAID = 'term paid_amount by "A"\n  per line\n  is plan_paid'
PAYER: list[Segment] = [
    ("SBR", "P", "18", "G1", "", "", "", "", "", "CI"),
    ("AMT", "D", "70"),
    ("OI", "", "", "Y", "", "", "Y"),
    ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", "M1"),
    ("NM1", "PR", "2", "ONE", "", "", "", "", "PI", "ID-ONE"),
]


@pytest.fixture
def book(tmp_path: Path) -> TermBook:
    return book_of(tmp_path, PAID)


def read(book: TermBook, folder: Path, *segments: Segment) -> list[ComponentClaim]:
    file = folder / "sent.837"
    file.write_text(written([*above(position="S"), *segments]), encoding="utf-8")
    return [each for each in book.read(file) if isinstance(each, ComponentClaim)]


def failed(claims: list[ComponentClaim]) -> list[Check]:
    return [check for each in claims for check in Balance().take(each)]


def with_payer(*answer: Segment, of_claim: tuple[Segment, ...] = ()) -> list[Segment]:
    """Return a claim of one line, $100.00, that the payer ahead has answered."""
    whole = claim("C-1", "100", line(1, "99213", "100", *answer))
    return [*whole[:2], PAYER[0], *of_claim, *PAYER[1:], *whole[2:]]


def test_a_total_that_is_not_the_sum_of_its_lines_is_told_without_other_payers(
    book: TermBook, tmp_path: Path
) -> None:
    lines = [line(1, "99213", "100"), line(2, "99214", "40")]

    (check,) = failed(read(book, tmp_path, *claim("C-1", "150", *lines)))
    assert (check.identity, check.is_hard, check.difference) == ("I9", True, 1_000)
    assert "$150.00" in check.text
    assert "$140.00" in check.text
    assert failed(read(book, tmp_path, *claim("C-1", "140", *lines))) == []


def test_a_total_is_not_compared_where_a_line_could_not_be_read(
    book: TermBook, tmp_path: Path
) -> None:
    unread = [each for each in line(2, "99214", "50") if each[0] != "SV1"]

    (sent,) = read(
        book, tmp_path, *claim("C-1", "150", line(1, "99213", "100"), unread)
    )
    assert len(sent.rows) == 1
    assert failed([sent]) == []


def test_what_a_payer_ahead_adjusted_without_an_amount_is_unknown_of_the_line(
    book: TermBook, tmp_path: Path
) -> None:
    answer: tuple[Segment, ...] = (
        ("SVD", "ID-ONE", "70", ("HC", "99213"), "", "1"),
        ("CAS", "CO", "45"),
        ("DTP", "573", "D8", "20260310"),
    )
    sent, payer = read(book, tmp_path, *with_payer(*answer))

    assert payer.rows[0].unknown() == ("discount",)
    assert "medicare_paid" not in sent.rows[0].facts
    (check,) = failed([sent, payer])
    assert (check.identity, check.place, check.is_hard) == ("I1", "line 1", True)
    assert check.text.endswith("given: discount; adjusted CO-45 without an amount")


def test_what_a_payer_ahead_adjusted_of_the_whole_claim_stays_of_the_claim(
    book: TermBook, tmp_path: Path
) -> None:
    of_claim: tuple[Segment, ...] = (("CAS", "PR", "2"),)
    _, payer = read(book, tmp_path, *with_payer(of_claim=of_claim))

    assert payer.rows[-1].label == "the claim as a whole"
    assert payer.rows[-1].unknown() == ("coinsurance",)
    assert [each.identity for each in failed([payer])] == ["I1"]
