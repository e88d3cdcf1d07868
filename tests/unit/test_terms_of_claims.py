"""Components of claims: JSON, tables, remittances, and what other payers have said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from component_claims import NETWORK, book_of, document
from whopays.api.terms import Balance, ComponentClaim, TermBook, load_terms
from x12_writer import Segment, provider, room, stay, subscriber, written

PAID = """
term paid_amount by "A"
  per line
  is plan_paid + withhold
"""


@pytest.fixture
def book(tmp_path: Path) -> TermBook:
    return book_of(tmp_path, PAID)


def read(book: TermBook, path: Path, **options: Any) -> list[ComponentClaim]:
    found = list(book.read(path, **options))
    assert all(isinstance(each, ComponentClaim) for each in found)
    return [each for each in found if isinstance(each, ComponentClaim)]


def remittance(*segments: Segment) -> str:
    return written([("BPR", "I", "0", "C", "CHK"), ("LX", "1"), *segments], "835")


def test_an_adjudicated_line_has_fifteen_components_and_another_none(
    book: TermBook,
) -> None:
    (row,) = book.claim(document(NETWORK)).rows
    assert (row.is_adjudicated, row.cents("copay"), row.cents("denied")) == (
        True,
        2000,
        0,
    )

    bare = book.claim(document({"billed": "1.00"}, adjudicated="no"))
    assert bare.rows[0].is_adjudicated is False
    assert bare.rows[0].cents("denied") is None


def one_line(folder: Path, form: str, cells: dict[str, str | None]) -> Path:
    """Write a claim of one line, in JSON (silent or with nulls), CSV or Parquet."""
    file = folder / f"claims.{form.partition(' ')[0]}"
    every = {"claim_id": "C-9", "line": "1", **cells}
    if form == "csv":
        texts = (text or "" for text in every.values())
        file.write_text(f"{','.join(every)}\n{','.join(texts)}\n", encoding="utf-8")
    elif form == "parquet":
        types = {name: pa.string() for name in every}
        columns = {name: pa.array([text], types[name]) for name, text in every.items()}
        parquet.write_table(pa.table(columns), file)
    else:
        kept = {n: t for n, t in cells.items() if t is not None or form == "json null"}
        claim = {"claim_id": "C-9", "lines": [{"line": "1", **kept}]}
        file.write_text(json.dumps(claim), encoding="utf-8")
    return file


@pytest.mark.parametrize("form", ["json", "json null", "csv", "parquet"])
@pytest.mark.parametrize("said", ["yes", "no", None])
def test_nothing_a_null_and_an_empty_cell_give_no_component(
    book: TermBook, tmp_path: Path, form: str, said: str | None
) -> None:
    cells = {"plan_paid": "1.00", "copay": None, "billed": "1.00", "adjudicated": said}
    (claim,) = read(book, one_line(tmp_path, form, cells))
    (row,) = claim.rows

    assert row.cents("plan_paid") == 100
    assert row.cents("copay") == (0 if said == "yes" else None)
    assert row.is_adjudicated is (True if said == "yes" else None)
    told = [check.identity for check in Balance().take(claim)]
    assert told == ([] if said == "yes" else ["I1"])


def test_parts_of_the_claim_as_a_whole_stay_with_it(book: TermBook) -> None:
    claim = book.claim(
        document(NETWORK, {"level": "claim", "discount": "5.00", "plan_paid": "-5.00"})
    )

    assert [row.level for row in claim.rows] == ["line", "claim"]
    assert claim.rows[0].cents("discount") == 8000
    assert claim.rows[1].cents("discount") == 500


def test_totals_are_stated_beside_the_rows(book: TermBook) -> None:
    claim = book.claim(document(NETWORK, {"level": "total", "billed": "250.00"}))

    assert len(claim.rows) == 1
    assert claim.totals["billed"] == 25_000


def test_a_table_has_components_as_columns(book: TermBook, tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    names = ("claim_id", "line", "adjudicated", *NETWORK)
    cells = ("C-9", "1", "yes", *NETWORK.values())
    table.write_text(f"{','.join(names)}\n{','.join(cells)}\n", encoding="utf-8")
    (claim,) = read(book, table)

    assert claim.rows[0].cents("withhold") == 500
    assert claim.rows[0].is_adjudicated


def test_facts_that_a_file_lacks_can_be_given_for_all_its_lines(tmp_path: Path) -> None:
    book_of(tmp_path, PAID)
    rules = tmp_path / "words.rules"
    book = load_terms(rules, "adjudicated yes, claim_type dental, plan_paid $9.00")
    (row,) = book.claim({"claim_id": "C", "lines": [{"plan_paid": "1.00"}]}).rows

    assert row.facts["claim_type"] == "dental"
    assert (row.cents("plan_paid"), row.cents("copay")) == (100, 0)


def test_adjustments_of_a_remittance_are_components(
    book: TermBook, tmp_path: Path
) -> None:
    file = tmp_path / "paid.835"
    text = remittance(
        ("CLP", "C-1", "1", "250", "105", "60", "12", "1"),
        ("SVC", "HC:99213", "250", "105"),
        ("DTM", "472", "20260304"),
        ("CAS", "CO", "45", "80", "", "104", "5"),
        ("CAS", "PR", "1", "30", "", "2", "10", "3", "3", "20"),
    )
    file.write_text(text, encoding="utf-8")
    (claim,) = read(book, file)
    (row,) = claim.rows

    names = ("discount", "withhold", "deductible", "coinsurance", "copay", "plan_paid")
    assert [row.cents(name) for name in names] == [8000, 500, 3000, 1000, 2000, 10500]
    assert row.is_adjudicated
    assert book.said(claim).words[0][1][0].cents == 11_000


def test_what_prior_payers_did_is_known_as_one_amount_alone(
    book: TermBook, tmp_path: Path
) -> None:
    file = tmp_path / "paid.835"
    text = remittance(
        ("CLP", "C-1", "2", "300", "20", "", "12", "1"),
        ("SVC", "HC:99213", "300", "20"),
        ("CAS", "OA", "23", "270"),
        ("CAS", "CO", "45", "10"),
    )
    file.write_text(text, encoding="utf-8")
    (claim,) = read(book, file)
    (row,) = claim.rows

    assert row.is_adjudicated
    assert row.cents("prior_payer_impact") == 27_000
    assert row.cents("medicare_credited") is None
    assert row.cents("discount") is None
    assert row.joint is not None
    assert row.joint.cents == 28_000


def test_a_reversal_of_a_remittance_is_one(book: TermBook, tmp_path: Path) -> None:
    file = tmp_path / "paid.835"
    text = remittance(
        ("CLP", "C-1", "22", "-250", "-170", "", "12", "1"),
        ("SVC", "HC:99213", "-250", "-170"),
        ("CAS", "CO", "45", "-80"),
    )
    file.write_text(text, encoding="utf-8")
    (claim,) = read(book, file)

    assert claim.rows[0].is_reversed
    assert claim.rows[0].cents("discount") == -8000


def test_a_claim_with_other_payers_is_shown_as_each_has_seen_it() -> None:
    shared = Path(__file__).parents[3] / "shared" / "data" / "x12" / "837p-tr3-examples"
    if not shared.is_dir():
        pytest.skip("the examples of the guide are not here")
    book = load_terms()
    found = read(book, shared / "demo.cob.example3.C.837")

    assert [each.source for each in found] == ["claim sent", "other payer"]
    sent, payer = found
    assert [row.is_adjudicated for row in sent.rows] == [False] * len(sent.rows)
    assert all(row.is_adjudicated for row in payer.lines)
    assert payer.payer


def test_what_a_provider_calls_not_covered_is_no_component(
    book: TermBook, tmp_path: Path
) -> None:
    file = tmp_path / "stay.837"
    bill = stay("C-1", "100", room(1, "0120", "100"))
    text = written([*provider(1), *subscriber(2, 1), *bill], "837I")
    assert "*DA*3~" in text
    file.write_text(text.replace("*DA*3~", "*DA*3**40~"), encoding="utf-8")
    (claim,) = read(book, file)

    assert claim.rows[0].cents("noncovered") is None
    assert claim.rows[0].is_adjudicated is False
