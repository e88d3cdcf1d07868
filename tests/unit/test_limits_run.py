"""Limits over files: lines in their order, months that chain, late lines, corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from small_rules import CATALOG, FACTS, HEAD, book_of, rules
from whopays.api import RuleBook
from whopays.batch.folder import records
from whopays.batch.limits.state import OpeningError

GIVEN = FACTS.replace(
    "  fact billed is", "  fact bill_type is code TOB or none\n  fact billed is"
)
GRID = """\
responsibility A "Exhibit A"
  | category | when | PLAN | IPA |
  | Visits   |      |      |  x  |
  | Rooms    |      | 1/3  | 2/3 |
  otherwise unlisted
end
"""
LIMIT = """\
limit SL "Stop loss"
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $100.00
  then PLAN 80%, IPA 20%
end
"""
COLUMNS = (
    "claim_id,line,member_id,product,service_date,procedure_code,bill_type,allowed"
)


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(
        tmp_path, rules(LIMIT, facts=GIVEN, catalog=CATALOG, head=HEAD, grid=GRID)
    )


Row = tuple[str, int, str, str, str]


def written(path: Path, rows: Iterable[Row], bill: str = "0111") -> Path:
    """Write claim, line, member, day and amount of each row as a CSV file."""
    lines = [
        f"{claim},{line},{member},HMO,{day},99213,{bill},{amount}"
        for claim, line, member, day, amount in rows
    ]
    path.write_text("\n".join([COLUMNS, *lines, ""]), encoding="utf-8")
    return path


def run(
    book: RuleBook, out: Path, files: Sequence[Path], **how: Any
) -> dict[tuple[str, str], dict[str, int | None]]:
    """Decide `files`, and return the cents of each line."""
    book.decide_files(list(files), out, **how)
    return {
        (each["claim_id"], each["line"]): {
            share["bearer"]: share["cents"] for share in each["shares"]
        }
        for each in records(out / "decisions.jsonl")
    }


JANUARY: list[Row] = [
    ("B", 1, "M1", "2026-01-20", "70.00"),
    ("A", 1, "M1", "2026-01-10", "60.00"),
    ("A", 2, "M2", "2026-01-10", "99.99"),
    ("C", 1, "", "2026-01-10", "10.00"),
]
FEBRUARY: list[Row] = [
    ("E", 1, "M2", "2026-02-01", "0.02"),
    ("D", 1, "M1", "2026-02-01", "10.00"),
]


def test_lines_count_in_their_order_whatever_the_order_of_the_file(
    book: RuleBook, tmp_path: Path
) -> None:
    found = run(book, tmp_path / "out", [written(tmp_path / "a.csv", JANUARY)])

    assert found["A", "1"] == {"IPA": 6000}
    assert found["B", "1"] == {"IPA": 4000 + 600, "PLAN": 2400}
    assert found["A", "2"] == {"IPA": 9999}
    assert found["C", "1"] == {"IPA": None}
    balances = list(records(tmp_path / "out" / "balances.jsonl"))
    assert [(each["whom"], each["amount"]) for each in balances] == [
        ("M1", "13000"),
        ("M2", "9999"),
    ]
    kept = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert kept["counts"]["cents_by_party"] == {"IPA": 6000 + 4600 + 9999, "PLAN": 2400}


def test_a_record_says_what_is_told_of_the_line_alone(
    book: RuleBook, tmp_path: Path
) -> None:
    run(book, tmp_path / "out", [written(tmp_path / "a.csv", JANUARY)])

    decided = {
        (each["claim_id"], each["line"]): each
        for each in records(tmp_path / "out" / "decisions.jsonl")
    }
    crossed = decided["B", "1"]
    assert crossed["because"] == ['A "Visits"', "SL"]
    assert crossed["shares"][1] == {
        "bearer": "PLAN",
        "cents": 2400,
        "payer": "PLAN",
        "share": "0%",
    }
    (limit,) = crossed["limits"]
    assert (limit["before"], limit["after"], limit["whom"]) == (6000, 13000, "M1")


def test_a_run_says_from_where_limits_count(book: RuleBook, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", JANUARY)
    out, balances = tmp_path / "out", tmp_path / "out" / "balances.jsonl"

    _, first = book.decide_files([path], out)
    _, second = book.decide_files([path], tmp_path / "next", opening=balances)

    assert first == ("limits count from zero, since no --opening is given",)
    assert second[0].startswith("limits count on from balances alone")


@pytest.mark.parametrize("how", [{"chunk": 1}, {"chunk": 3}])
def test_the_outputs_are_the_same_bytes_for_any_chunk(
    book: RuleBook, tmp_path: Path, how: dict[str, int]
) -> None:
    path = written(tmp_path / "a.csv", [*JANUARY, *FEBRUARY])
    run(book, tmp_path / "one", [path])
    run(book, tmp_path / "other", [path], **how)

    names = ["decisions", "balances", "counted", "changed"]
    for name in names:
        one, other = ((tmp_path / f / f"{name}.jsonl") for f in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("opening", ["january", "january/balances.jsonl"])
def test_months_chain(book: RuleBook, tmp_path: Path, opening: str) -> None:
    months = [
        written(tmp_path / "a.csv", JANUARY),
        written(tmp_path / "b.csv", FEBRUARY),
    ]
    whole = run(book, tmp_path / "whole", months)

    first = run(book, tmp_path / "january", months[:1])
    second = run(book, tmp_path / "february", months[1:], opening=tmp_path / opening)

    assert {**first, **second} == whole
    closing = (tmp_path / "february" / "balances.jsonl").read_bytes()
    assert closing == (tmp_path / "whole" / "balances.jsonl").read_bytes()
    assert list(records(tmp_path / "february" / "changed.jsonl")) == []


def test_a_late_line_takes_its_place_and_tells_what_it_changes(
    book: RuleBook, tmp_path: Path
) -> None:
    late: list[Row] = [("Z", 1, "M1", "2026-01-15", "40.00")]
    run(book, tmp_path / "january", [written(tmp_path / "a.csv", JANUARY)])

    _, notes = book.decide_files(
        [written(tmp_path / "b.csv", late)],
        tmp_path / "late",
        opening=tmp_path / "january",
    )

    assert notes == ("1 decision of earlier runs becomes another, see changed.jsonl",)
    (found,) = records(tmp_path / "late" / "decisions.jsonl")
    assert found["shares"][0]["cents"] == 4000
    (changed,) = records(tmp_path / "late" / "changed.jsonl")
    assert (changed["claim_id"], changed["line"]) == ("B", "1")
    assert changed["was"]["moved"] == {"IPA": -2400, "PLAN": 2400}
    assert changed["is"]["moved"] == {"IPA": -5600, "PLAN": 5600}


def test_a_corrected_line_takes_the_place_of_the_earlier_one(
    book: RuleBook, tmp_path: Path
) -> None:
    corrected: list[Row] = [("A", 1, "M1", "2026-01-10", "10.00")]
    run(book, tmp_path / "january", [written(tmp_path / "a.csv", JANUARY)])

    run(
        book,
        tmp_path / "corrected",
        [written(tmp_path / "b.csv", corrected)],
        opening=tmp_path / "january",
    )

    changed = {
        (each["claim_id"], each["line"]): each["is"]
        for each in records(tmp_path / "corrected" / "changed.jsonl")
    }
    assert changed["A", "1"] is None
    assert changed["B", "1"]["moved"] == {}
    balances = list(records(tmp_path / "corrected" / "balances.jsonl"))
    assert balances[0]["amount"] == "8000"


def test_a_claim_that_voids_another_is_not_counted_and_takes_it_back(
    book: RuleBook, tmp_path: Path
) -> None:
    files = [
        written(tmp_path / "a.csv", JANUARY),
        written(tmp_path / "b.csv", JANUARY[1:2], bill="0118"),
    ]
    book.decide_files(files, tmp_path / "out")

    found = {
        (each["claim_id"], each["line"], each["record"]): each
        for each in records(tmp_path / "out" / "decisions.jsonl")
    }
    assert len(found) == 5
    notes = [each["amounts_note"] for each in found.values() if each["amounts_note"]]
    assert any("takes an earlier claim back" in note for note in notes)
    assert any("a later claim takes its place" in note for note in notes)
    balances = list(records(tmp_path / "out" / "balances.jsonl"))
    assert balances[0]["amount"] == "7000"


def test_parquet_by_month_says_the_same(book: RuleBook, tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = written(tmp_path / "a.csv", [*FEBRUARY, *JANUARY])
    whole = run(book, tmp_path / "out", [path])
    book.decide_files([path], tmp_path / "months", form="parquet", partition="month")

    table = pq.read_table(tmp_path / "months" / "decisions")
    found = {
        (row["claim_id"], row["line"]): (row["cents_IPA"], row["cents_PLAN"])
        for row in table.to_pylist()
    }
    assert found == {
        key: (cents["IPA"], cents.get("PLAN")) for key, cents in whole.items()
    }


def test_lines_that_were_counted_and_changed_since_are_refused(
    book: RuleBook, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", JANUARY)
    run(book, tmp_path / "january", [path])
    counted = tmp_path / "january" / "counted.jsonl"
    counted.write_text(counted.read_text().replace("6000", "5000"))

    with pytest.raises(OpeningError, match="was changed since the run"):
        run(book, tmp_path / "out", [path], opening=tmp_path / "january")


GOOD = {
    "contract": "K",
    "limit": "SL",
    "per": "member",
    "whom": "M1",
    "period": "contract year",
    "first_day": "2026-01-01",
    "unit": "money",
    "at_least": "5000",
    "at_most": "5000",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "record 1: it is not JSON"),
        ("[" * 100_000, "record 1: it is not JSON"),
        ("[]", "record 1: it is no object"),
        (json.dumps({**GOOD, "limit": "SL-9"}), "has no limit SL-9"),
        (json.dumps({**GOOD, "contract": "Q"}), "there is no contract Q"),
        (json.dumps({**GOOD, "unit": "number"}), "does not count so"),
        (json.dumps({**GOOD, "at_least": 50.5}), "at_least is no exact number"),
        (json.dumps({**GOOD, "at_least": "9" * 99}), "at_least is no exact number"),
        (json.dumps({**GOOD, "at_least": "5001"}), "at_least is more than at_most"),
        (json.dumps({**GOOD, "first_day": "2026-13-01"}), "it can't be read"),
        (json.dumps({**GOOD, "whom": None}), "whom is no text"),
        (f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}", "record 2: the same count"),
        ("x" * 300_000, "record 1: it is too long"),
    ],
)
def test_opening_balances_that_are_none_are_told_by_record_and_field(
    book: RuleBook, tmp_path: Path, text: str, said: str
) -> None:
    opening = tmp_path / "opening.jsonl"
    opening.write_text(text, encoding="utf-8")

    with pytest.raises(OpeningError, match=said):
        run(
            book,
            tmp_path / "out",
            [written(tmp_path / "a.csv", JANUARY)],
            opening=opening,
        )


def test_an_opening_balance_is_counted_on(book: RuleBook, tmp_path: Path) -> None:
    opening = tmp_path / "opening.jsonl"
    opening.write_text(json.dumps(GOOD), encoding="utf-8")

    found = run(
        book, tmp_path / "out", [written(tmp_path / "a.csv", JANUARY)], opening=opening
    )

    assert found["A", "1"] == {"IPA": 5000 + 200, "PLAN": 800}


@pytest.mark.parametrize(
    ("days", "by"),
    [
        ("90 days of period_end", "2027-03-31"),
        ("5 days of service_date", "2026-01-25"),
        ("30 days of admission_date", None),
    ],
)
def test_what_a_limit_pays_is_listed_with_the_day_by_which_to_claim_it(
    tmp_path: Path, days: str, by: str | None
) -> None:
    limit = LIMIT.replace("end\n", f"  recover within {days}\nend\n")
    book = book_of(tmp_path, rules(limit, facts=GIVEN, grid=GRID))

    run(book, tmp_path / "out", [written(tmp_path / "a.csv", JANUARY)])

    (found,) = records(tmp_path / "out" / "recoveries.jsonl")
    assert (found["claim_id"], found["line"], found["limit"]) == ("B", "1", "SL")
    assert found["moved_cents"] == {"IPA": -2400, "PLAN": 2400}
    assert found["file_by"] == by
