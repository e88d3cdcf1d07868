"""The published examples of remittances: read, balanced, and in five sources' words."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Command
from whopays.api.terms import Balance, ComponentClaim, TermBook, load_terms

ROOT = Path(__file__).parents[3] / "shared" / "data" / "x12"
FOLDER = ROOT / "835-tr3-examples"
SOURCES = ("CARIN", "Colorado DSG", "Premera", "T-MSIS", "X12 835")
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published examples are not here"
)


@pytest.fixture(scope="module")
def book() -> TermBook:
    return load_terms(facts="claim_type institutional")


def read(book: TermBook, name: str) -> list[ComponentClaim]:
    found = book.read(FOLDER / name)
    return [each for each in found if isinstance(each, ComponentClaim)]


def paid(book: TermBook, claim: ComponentClaim) -> dict[str, int | None]:
    """Return what each source calls paid, over all rows."""
    found: dict[str, int | None] = {}
    for word, answers in book.said(claim, SOURCES, ("paid_amount",)).words:
        cents = [each.cents for each in answers]
        known = [each for each in cents if each is not None]
        found[word.source] = sum(known) if len(known) == len(cents) else None
    return found


def test_one_example_does_not_balance_and_is_named_with_its_identities(
    book: TermBook,
) -> None:
    failed = {
        (path.name, check.identity)
        for path in sorted(FOLDER.iterdir())
        for claim in read(book, path.name)
        for check in Balance().take(claim)
    }

    # Its composite SVC01 is cut by the element separator: the charge is another element.
    assert failed == {("tertiary-payment.835", each) for each in ("I1", "I9", "I11")}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sample1.txt", "and $0.00 was paid"),
        ("sample2.txt", "they differ by $3,000.00"),
    ],
)
def test_samples_of_others_that_do_not_balance_are_named(
    whopays: Command, name: str, told: str
) -> None:
    run = whopays("balance", ROOT / "moov" / name)

    assert run.code == 1
    assert "error[I1]" in run.out
    assert "error[I11]" in run.out
    assert told in run.out


def test_adjustments_of_claim_and_line_come_to_what_each_source_calls_paid(
    book: TermBook,
) -> None:
    first, second = read(book, "managed-care.835")

    # CLP04 450.00: SVC03 500.00, less CAS CO A2 50.00 of the claim.
    assert paid(book, first) == dict.fromkeys(SOURCES, 45_000)
    assert paid(book, second) == dict.fromkeys(SOURCES, 49_500)


def test_a_claim_without_lines_is_one_row_with_its_date(book: TermBook) -> None:
    stay, _ = read(book, "medicare-part-a.835")

    assert [row.level for row in stay.rows] == ["claim"]
    assert str(stay.rows[0].facts["service_date"]) == "2002-08-16"
    assert paid(book, stay) == dict.fromkeys(SOURCES, 13_801_840)


def test_where_prior_payers_are_not_divided_what_is_left_over_is_not_known(
    book: TermBook,
) -> None:
    (claim,) = read(book, "cob-contractural-adjustment.835")

    assert paid(book, claim) == {**dict.fromkeys(SOURCES, 3_400), "Premera": None}


def test_each_prior_payer_of_a_claim_accounts_for_the_whole_charge(
    book: TermBook,
) -> None:
    balance = Balance()
    for path in sorted((ROOT / "837p-tr3-examples").glob("demo.cob*")):
        for claim in book.read(path):
            assert isinstance(claim, ComponentClaim)
            balance.take(claim)

    assert balance.held["I12"] > 0
    assert balance.errors == 0


def test_the_commands_print_and_name_them(whopays: Command) -> None:
    words = [part for source in SOURCES for part in ("--source", source)]
    for path in sorted(FOLDER.iterdir()):
        run = whopays("terms", path, *words, "--word", "paid_amount")
        assert run.code == 0
        assert run.out.count("X12 835") >= 1

    run = whopays("balance", *sorted(FOLDER.iterdir()))
    assert run.code == 1
    told = [line for line in run.out.splitlines() if line.startswith("error")]
    assert told
    assert all("tertiary-payment.835" in line for line in told)


def test_what_a_prior_payer_took_off_the_whole_claim_stands_beside_its_lines(
    book: TermBook,
) -> None:
    path = ROOT / "837p-tr3-examples" / "demo.cob.example3.C.837"
    sent, payer = (each for each in book.read(path) if isinstance(each, ComponentClaim))

    # AMT D 39.15: SVD02 40.00, 15.00 and 21.04, less CAS PR 36.89 of the claim.
    lines = [row.cents("other_insurance_paid") for row in sent.rows]
    assert lines == [4_000, 1_500, 2_104, -3_689]
    assert sent.rows[-1].cents("primary_patient_share") == 3_689
    assert [row.cents("plan_paid") for row in payer.rows] == lines


@pytest.mark.parametrize(
    ("given", "without", "place"),
    [
        ("166.50*30.00**", "166.50***", "line 1"),
        ("10323.64*912.00**", "10323.64***", "the claim as a whole"),
    ],
)
def test_a_payment_that_is_not_sent_is_not_zero(
    book: TermBook, tmp_path: Path, given: str, without: str, place: str
) -> None:
    text = (FOLDER / "secondary-payment.835").read_text(encoding="ascii")
    assert text.count(given) == 1
    file = tmp_path / "unsaid.835"
    file.write_text(text.replace(given, without), encoding="ascii")

    claims = [each for each in book.read(file) if isinstance(each, ComponentClaim)]
    of_place = {
        (check.identity, check.text, check.is_hard)
        for claim in claims
        for check in Balance().take(claim)
        if check.place == place
    }
    assert of_place == {("I1", "not all components are given: plan_paid", True)}
    (unsaid,) = (
        each for each in claims if any("plan_paid" in r.unknown() for r in each.rows)
    )
    assert paid(book, unsaid) == dict.fromkeys(SOURCES)
