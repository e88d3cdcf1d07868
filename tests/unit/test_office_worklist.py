"""The worklist: who is expected to pay most, added up by account number and payer."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from command_line import Command
from office import ON, document, first, reported
from whopays.office import Profile
from whopays.office.rows import Row
from whopays.office.switch import Facility
from whopays.office.worklist import MOST, Asked, Line, Worklist, worklist

DAY = date(2026, 4, 3)
SAMPLES = Path(__file__).parents[2] / "rulesets" / "profiles"


def _row(number: str, payer: str, expected: int | None, **words: Any) -> Row:
    defaults = {
        "position": "secondary",
        "day": date(2026, 3, 4),
        "billed": 100_000,
        "category": "favorable",
        "method": f"M{expected}",
    }
    account = words.pop("account", number)
    place = words.pop("place", 2)
    return Row(
        **{
            "account": account,
            "number": number,
            "where": ("a.jsonl", 1),
            "place": place,
            "plan": payer,
            "payer": payer,
            "expected": expected,
            **defaults,
            **words,
        }
    )


def _list(*rows: Row, **asked: Any) -> Worklist:
    return worklist(rows, Asked(**asked), DAY)


def _labels(found: Worklist) -> list[tuple[str, str, int]]:
    return [(each.label, each.main.payer, each.expected) for each in found.lines]


def _only(found: Worklist) -> Line:
    (line,) = found.lines
    return line


ROWS = (
    _row("1", "BLUE", 100, account="1a"),
    _row("1", "BLUE", 300, account="1b", day=date(2026, 1, 1), posted=50),
    _row("1", "RED", 200, account="1c", category="unfavorable"),
    _row("2", "BLUE", 250),
    _row("2", "ACME", 900, position="primary", category="none"),
)


def test_the_most_dollars_stand_first_added_up_by_number_and_payer() -> None:
    found = _list(*ROWS)

    assert _labels(found) == [
        ("1 (2,3)", "BLUE", 400),
        ("2 (2,1)", "BLUE", 250),
        ("1 (2,3)", "RED", 200),
    ]


def test_what_cannot_be_added_is_that_of_the_account_of_which_most_is_expected() -> (
    None
):
    line = _list(*ROWS).lines[0]

    assert (line.main.account, line.main.method) == ("1b", "M300")
    assert line.age == 92  # from 1 January to 3 April
    assert (line.accounts, line.billed, line.posted, line.left) == (2, 200_000, 50, 350)


def test_all_records_are_a_line_for_each_account() -> None:
    found = _list(*ROWS, each=True)

    assert _labels(found) == [
        ("1 (2,3)", "BLUE", 300),
        ("2 (2,1)", "BLUE", 250),
        ("1 (2,3)", "RED", 200),
        ("1 (2,3)", "BLUE", 100),
    ]
    assert found.totals == _list(*ROWS).totals


@pytest.mark.parametrize(
    ("asked", "accounts"),
    [
        ({"categories": ("favorable",)}, ["1b", "2"]),
        ({"categories": ("unfavorable", "none")}, ["1c"]),
        ({"positions": ("primary",)}, ["2"]),
        ({"positions": ("tertiary",)}, []),
        ({"payers": ("red", "Nobody")}, ["1c"]),
        ({"older_than": 30}, ["1b"]),
        ({"older_than": 29}, ["1b", "2", "1c"]),
        ({"at_least": 250}, ["1b", "2"]),
        ({"at_least": 251}, ["1b"]),
        ({"not_posted": True}, ["2", "1c", "1a"]),
    ],
)
def test_filters(asked: dict[str, Any], accounts: list[str]) -> None:
    found = _list(*ROWS, **asked)

    assert [line.main.account for line in found.lines] == accounts
    assert found.count == len(accounts)


def test_the_totals_are_the_sums_of_the_lines() -> None:
    found = _list(*ROWS)

    assert [(t.payer, t.accounts, t.expected) for t in found.totals] == [
        ("BLUE", 3, 650),
        ("RED", 1, 200),
    ]
    assert sum(t.expected for t in found.totals) == sum(x.expected for x in found.lines)
    assert sum(t.left for t in found.totals) == sum(x.left or 0 for x in found.lines)


def test_a_payer_without_an_amount_is_counted_and_not_listed_as_zero() -> None:
    found = _list(_row("1", "BLUE", None), _row("2", "BLUE", 0))

    assert [line.label for line in found.lines] == ["2 (1,1)"]
    assert found.without == 1


def test_by_hand_has_nothing_left_that_is_known() -> None:
    line = _only(_list(_row("1", "BLUE", 0, by_hand=True)))

    assert (line.expected, line.left, line.by_hand) == (0, None, 1)


def test_an_unknown_service_date_has_no_age_and_is_not_older_than_anything() -> None:
    row = _row("1", "BLUE", 5, day=None)

    assert _only(_list(row)).age is None
    assert _list(row, older_than=0).lines == ()


def test_a_long_list_is_cut_and_its_totals_are_not() -> None:
    rows = [_row(str(at), "BLUE", at + 1) for at in range(MOST + 2)]

    found = _list(*rows)

    assert (len(found.lines), found.count) == (MOST, MOST + 2)
    assert found.lines[0].expected == MOST + 2
    assert found.totals[0].expected == sum(range(1, MOST + 3))


def test_accounts_of_one_number_are_one_line(tmp_path: Path) -> None:
    blue = Profile("BLUE", secondary="BILLED-LESS-PAID", reprice="yes", plans=("BLUE",))
    accounts = [
        document("A", first(), "BLUE", account_number="77"),
        document("B", first("500.00"), "BLUE", account_number="77"),
        document("C", first(), "BLUE"),
    ]

    rows = reported(tmp_path, accounts, [blue]).reports.rows

    assert _labels(worklist(rows, Asked(), DAY)) == [
        ("77 (2,2)", "BLUE", 90_000),
        ("C (2,1)", "BLUE", 40_000),
    ]


def test_the_worklist_comes_with_the_switch() -> None:
    assert ON.against_worklist() == ""
    assert "fully enabled" in Facility("H").against_worklist()


def test_the_command_filters_sorts_and_adds_up(whopays: Command) -> None:
    words = (SAMPLES / "sample-accounts.csv", "--profiles", SAMPLES / "sample.yaml")
    asked = ("--order", "as-given", "--language-category", "favorable")

    told = whopays("cob", "worklist", *words, *asked, "--on", "2026-06-30")
    table = whopays("cob", "worklist", *words, *asked, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.out)))

    assert told.code == 0
    assert told.out.index("$700.00") < told.out.index("$600.00")
    assert "4 $1,440.00 $140.00 $1,300.00" in " ".join(
        told.out.replace("│", "").split()
    )
    assert [row["expected"] for row in rows] == ["700.00", "600.00", "140.00"]
    assert rows[0]["account"] == "10001 (2,2)"


def test_a_payer_that_no_account_has_is_told_with_what_was_meant(
    whopays: Command,
) -> None:
    words = (SAMPLES / "sample-accounts.csv", "--profiles", SAMPLES / "sample.yaml")

    told = whopays(
        *("cob", "worklist", *words, "--order", "as-given"), "--payer", "Blue Sheild"
    )

    assert "did you mean Blue Shield?" in told.err
    assert "No payer that is asked for" in told.out


@pytest.mark.parametrize("amount", ["250", "$1,250.50"])
def test_dollars_are_read_as_people_write_them(whopays: Command, amount: str) -> None:
    words = (SAMPLES / "sample-accounts.csv", "--profiles", SAMPLES / "sample.yaml")

    told = whopays(
        *("cob", "worklist", *words, "--order", "as-given"), "--at-least", amount
    )

    assert told.code == 0


def test_dollars_that_are_none_are_told(whopays: Command) -> None:
    told = whopays("cob", "worklist", "a.json", "--profiles", "p", "--at-least", "much")

    assert told.code == 2
    assert "for example 250 or 1250.50" in told.err
