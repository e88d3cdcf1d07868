"""Reports as files: CSV and workbooks that hold the same, and run nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from command_line import Command
from office import document, first
from whopays.office.columns import COUNT, MONEY, TEXT, money
from whopays.office.workbook import Sheet, workbook

PROFILES = """\
profiles:
  BLUE:
    payer: '=HYPERLINK("http://x", "y")'
    secondary: BILLED-LESS-PAID
    language_category: favorable
    reprice: yes
  RED:
    secondary: MANUAL
    language_category: unfavorable
    reprice: yes
"""
ACCOUNTS = [
    document("=1+1", first(), {"plan": "BLUE", "amounts": {"paid": "350.00"}}),
    document("A-2", first(), "RED"),
    document("A-3", first(), "GREEN"),
    document("A-4", first(), "BLUE"),
    document("A-5", "BLUE"),
]


@pytest.fixture
def words(tmp_path: Path) -> tuple[str | Path, ...]:
    accounts, profiles = tmp_path / "accounts.jsonl", tmp_path / "p.yaml"
    accounts.write_text("\n".join(map(json.dumps, ACCOUNTS)), encoding="utf-8")
    profiles.write_text(PROFILES, encoding="utf-8")
    return (accounts, "--profiles", profiles, "--order", "as-given")


def _cells(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_the_terminal_shows_the_rows_and_how_all_accounts_divide(
    words: tuple[str | Path, ...], whopays: Command
) -> None:
    told = whopays("cob", "report", "favorable", *words)

    assert told.code == 0
    assert "$400.00" in told.out
    assert "A-2" not in told.out
    lines = [" ".join(line.replace("│", " ").split()) for line in told.out.splitlines()]
    assert lines[-6:] == [
        "favorable report 2 $800.00",
        "unfavorable report 1 $0.00",
        "of these by hand 1",
        "exception report 1",
        "all with a second payer 4",
        "accounts with one plan 1",
    ]


def test_csv_and_workbook_hold_the_same_rows(
    words: tuple[str | Path, ...], whopays: Command, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    printed = whopays("cob", "report", "favorable", *words, "--format", "csv")
    whopays("cob", "report", "favorable", *words, "-o", out)
    whopays("cob", "report", "favorable", *words, "-o", tmp_path / "out.csv")

    rows = list(csv.DictReader(io.StringIO(printed.out)))
    _, *cells = _cells(out, "Favorable")

    assert (tmp_path / "out.csv").read_text("utf-8") == printed.out
    assert len(rows) == len(cells) == 2
    assert [row["expected"] for row in rows] == ["400.00", "400.00"]
    assert [row[11] for row in cells] == [400, 400]
    assert [row[15] for row in cells] == [-50, None]
    assert rows[0]["difference"] == "-50.00"
    assert cells[0][6] == datetime(2026, 3, 4)  # noqa: DTZ001 - days have no zone


def test_no_cell_is_a_formula(
    words: tuple[str | Path, ...], whopays: Command, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    printed = whopays("cob", "report", "favorable", *words, "--format", "csv")
    whopays("cob", "report", "favorable", *words, "-o", out)

    row = next(csv.reader(io.StringIO(printed.out.split("\n", 1)[1])))
    cell = openpyxl.load_workbook(out)["Favorable"]["A2"]

    assert row[:3] == ["'=1+1", "'=1+1", '\'=HYPERLINK("http://x", "y")']
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    with ZipFile(out) as parts:
        sheets = [parts.read(n) for n in parts.namelist() if "worksheets/" in n]
    assert all(b"<f>" not in sheet and b"hyperlink" not in sheet for sheet in sheets)


def test_the_same_accounts_give_the_same_bytes(
    words: tuple[str | Path, ...], whopays: Command, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    whopays("cob", "report", "exception", *words, "-o", one)
    whopays("cob", "report", "exception", *words, "-o", other)

    assert one.read_bytes() == other.read_bytes()
    assert datetime.now().strftime("%Y-%m-%d").encode() not in one.read_bytes()  # noqa: DTZ005


def test_the_workbook_says_what_it_was_made_from(
    words: tuple[str | Path, ...], whopays: Command, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    whopays("cob", "report", "exception", *words, "-o", out)

    about = {str(row[0]): row[1:] for row in _cells(out, "About")}

    assert about["favorable report"] == [2, 800, None]
    assert {"accounts.jsonl", "p.yaml", "rules"} <= about.keys()
    assert len(str(about["p.yaml"][2])) == 64


@pytest.mark.parametrize("command", [("report", "exception"), ("worklist",)])
def test_an_order_that_is_not_known_is_told_with_what_to_do(
    words: tuple[str | Path, ...], whopays: Command, command: tuple[str, ...]
) -> None:
    given = whopays("cob", *command, *words)
    asked = whopays("cob", *command, *words[:-2])

    assert "as-given" not in given.err
    assert "which plan of 4 accounts pays second" in asked.err
    assert "`--order as-given`" in asked.err


def test_what_cannot_be_read_is_told_and_the_rest_is_reported(
    words: tuple[str | Path, ...], whopays: Command
) -> None:
    accounts = words[0]
    assert isinstance(accounts, Path)
    with accounts.open("a", encoding="utf-8") as file:
        file.write('\n{"account_id": "A-9"}')

    told = whopays("cob", "report", "favorable", *words)

    assert told.code == 3
    assert "record 6" in told.err
    assert "rejected" in told.out


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("accounts.jsonl", "Name a file .csv or .xlsx"),
        ("there.csv", "is another thing"),
        ("there.xlsx", "is another thing"),
        ("no/folder.csv", "There is no folder"),
    ],
)
def test_no_file_of_another_kind_is_written_over(
    words: tuple[str | Path, ...],
    whopays: Command,
    tmp_path: Path,
    output: str,
    said: str,
) -> None:
    for name in ("there.csv", "there.xlsx"):
        (tmp_path / name).write_text("account,mine\n", encoding="utf-8")

    told = whopays("cob", "report", "favorable", *words, "-o", tmp_path / output)

    assert told.code == 2
    assert said in told.err
    assert (tmp_path / "there.csv").read_text("utf-8") == "account,mine\n"


def test_a_report_is_written_over_the_one_of_yesterday(
    words: tuple[str | Path, ...], whopays: Command, tmp_path: Path
) -> None:
    for name in ("out.csv", "out.xlsx"):
        out = tmp_path / name
        whopays("cob", "report", "favorable", *words, "-o", out)
        before = out.read_bytes()

        told = whopays("cob", "report", "unfavorable", *words, "-o", out)

        assert told.code == 0
        assert out.read_bytes() != before


def test_more_rows_than_a_sheet_has_are_told(
    words: tuple[str | Path, ...],
    whopays: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("whopays.office.workbook.MOST_ROWS", 2)
    out = tmp_path / "out.xlsx"

    told = whopays("cob", "report", "favorable", *words, "-o", out)

    assert told.code == 2
    assert "at most 1 rows: write a file .csv" in told.err
    assert not out.exists()


def test_a_workbook_needs_a_file(
    words: tuple[str | Path, ...], whopays: Command
) -> None:
    told = whopays("cob", "report", "favorable", *words, "--format", "xlsx")

    assert (told.code, "-o FILE.xlsx" in told.err) == (2, True)


def test_cells_keep_cents_days_and_long_texts(tmp_path: Path) -> None:
    columns = (("text", TEXT), ("money", MONEY), ("count", COUNT), ("day", TEXT))
    row = ("x" * 40_000, 123_456_789_012_34, 7, date(2026, 3, 4))
    path = tmp_path / "w.xlsx"
    path.write_bytes(workbook([Sheet("One", columns, [row, (None, -5, None, None)])]))

    _, first_row, second_row = _cells(path, "One")

    assert str(first_row[0]).endswith("x …")
    assert len(str(first_row[0])) < 32_768
    assert str(first_row[1]) == "123456789012.34"
    assert first_row[2:] == [7, datetime(2026, 3, 4)]  # noqa: DTZ001
    assert second_row == [None, -0.05, None, None]


def test_a_day_that_excel_can_not_count_stands_in_its_cell_as_text(
    tmp_path: Path,
) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(workbook([Sheet("One", (("day", TEXT),), [(date(1850, 3, 4),)])]))

    assert _cells(path, "One")[1] == ["1850-03-04"]


def test_money_in_files_is_dollars_and_cents() -> None:
    assert [money(each) for each in (0, 5, -5, 123_456)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1234.56",
    ]
