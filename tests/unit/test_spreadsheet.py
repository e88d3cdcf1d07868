"""CSV for people: what a file says is never a formula, and never lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_support import written
from command_line import Command
from whopays.cli.spreadsheet import Sheet, guarded
from x12_writer import written as x12

_FORMULAS = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("  =1", "'  =1"),
        ("'s Gravenhage", "''s Gravenhage"),
        ("C-1", "C-1"),
        ("a=b", "a=b"),
        ("-120", "-120"),
        ("-120.50", "-120.50"),
        ("-1.2.3", "'-1.2.3"),
        ("two\rrows", "two rows"),
        ("", ""),
    ],
)
def test_a_text_that_would_be_a_formula_has_an_apostrophe(text: str, cell: str) -> None:
    assert guarded(text) == cell


@given(st.lists(st.one_of(st.text(), st.integers()), min_size=2, max_size=4))
def test_each_cell_stays_one_cell_and_is_no_formula(cells: list[str | int]) -> None:
    out = io.StringIO()
    Sheet(out, ("a", "b")).row(cells)
    _, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert len(row) == len(cells)
    for given_as, cell in zip(cells, row, strict=True):
        if isinstance(given_as, int):
            assert int(cell) == given_as
            continue
        breaks = str.maketrans("\t\r\n\0", "    ")
        said = given_as.translate(breaks)
        assert cell == (f"'{said}" if cell.startswith("'") else said)
        is_number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdecimal()
        assert is_number or not cell.lstrip().startswith(_FORMULAS)


def test_a_remittance_of_formulas_is_a_table_of_texts(
    whopays: Command, tmp_path: Path
) -> None:
    paid = [
        ("BPR", "I", "-10", "D", "CHK", *[""] * 11, "20260401"),
        ("LX", "1"),
        ("CLP", "=1+1", "22", "-10", "-10", "", "12", "@SUM(A1)", "11", "1"),
        ("SVC", ("HC", "+99213", "-25"), "-10", "-10", "", "1"),
    ]
    path = written(tmp_path, "paid.835", x12(paid, "835"))
    told = whopays("remit", path, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(told.out))
    assert (row["claim_id"], row["payer_claim_number"]) == ("'=1+1", "'@SUM(A1)")
    assert (row["charge_cents"], row["plan_paid_cents"]) == ("-1000", "-1000")
    assert row["procedure"].startswith("'+")


def test_a_list_of_codes_of_formulas_is_a_table_of_texts(
    whopays: Command, tmp_path: Path
) -> None:
    path = written(tmp_path, "codes.csv", "code,system\n99213,CPT\n=1+1,CPT\n")
    path = path.rename(tmp_path / "=codes.csv")
    told = whopays("catalog", "coverage", path, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert rows
    assert {row["file"] for row in rows} == {"'=codes.csv"}
