"""What the corpus of mistakes can't show: what is accepted, and what is told beside it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from small_rules import FACTS, rules, written_rules
from whopays.api import check
from whopays.cli.paint import say
from whopays.diagnostics import Diagnostic, Source, Span
from whopays.resolve import resolve
from whopays.resolve.literals import code_set
from whopays.resolve.report import Report
from whopays.syntax import format_text, parse
from whopays.syntax.nodes import CodeList, Word


def wrong(text: str) -> list[Diagnostic]:
    file, found = parse("a.rules", text)
    return found + resolve([file], lambda *_: None)[1]


def bills(*written: str) -> tuple[tuple[str, str], ...]:
    nowhere = Span(Source("", ""), 0, 0)
    items = tuple(Word(each, nowhere) for each in written)
    report = Report()
    found = code_set(CodeList(Word("TOB", nowhere), items, nowhere), report)
    assert not report.found
    assert found is not None
    return found.ranges


def test_an_x_in_a_type_of_bill_is_any_digit_wherever_it_stands() -> None:
    assert bills("0x11") == tuple((f"0{n}11", f"0{n}11") for n in range(10))
    assert bills("01x1")[9] == ("0191", "0191")
    assert len(bills("0xx1")) == 100
    assert bills("0x1x")[3] == ("031", "031")
    assert bills("011x") == (("011", "011"),)


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\u0085", "\f", "\v"])
def test_what_ends_lines_in_other_programs_may_stand_in_a_comment(char: str) -> None:
    text = rules(facts=FACTS.replace("version 1\n", f"version 1  # one{char}two\n"))

    assert wrong(text) == []
    assert f"# one{char}two\n" in format_text("a.rules", text)


def test_a_lost_exception_excuses_only_what_names_it() -> None:
    lost = 'exception E-1 @@ A "Rooms"\n  then PLAN\nend\n'
    named = "exception E-2 to E-1\n  then PLAN\nend\n"
    another = "exception E-3 to E-9\n  then PLAN\nend\n"

    assert [each.code for each in wrong(rules(lost, named))] == ["P001"]
    assert [each.code for each in wrong(rules(lost, named, another))] == [
        "P001",
        "R011",
    ]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_proved_goes_on_in_the_next_line_of_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    screen = _Terminal()
    monkeypatch.setattr(sys, "stdout", screen)

    say("  `otherwise` answers, sometimes or always, for: Dental, Vision")

    assert screen.getvalue() == (
        "  `otherwise` answers, sometimes or\n    always, for: Dental, Vision\n"
    )


ROWS = """\
responsibility A "Exhibit A"
  | category | when              | PLAN | IPA |
  | Visits   | {low:<17} |  x   |     |
  | Visits   | {high:<17} |      |  x  |
  | Visits   | {more:<17} | 1/2  | 1/2 |
  | Rooms    |                   | 1/3  | 2/3 |
  otherwise unlisted
end
"""


def told(folder: Path, low: str, high: str, more: str = "", *clauses: str) -> list[str]:
    """Return the warnings of a grid with these rows, the third only if it is given."""
    grid = ROWS.format(low=low, high=high, more=more)
    if not more:
        grid = grid.replace(f"  | Visits   | {'':<17} | 1/2  | 1/2 |\n", "")
    report = check(written_rules(folder, rules(*clauses, grid=grid)))
    assert not [each.message for each in report.diagnostics if each.is_error]
    return [each.message for each in report.diagnostics]


@pytest.mark.parametrize(
    ("low", "high", "where"),
    [
        ("age < 21", "age > 21", "`age` is 21"),
        ("age <= 20", "age >= 22", "`age` is 21"),
        (
            "service_date < 2026-07-01",
            "service_date > 2026-07-01",
            "`service_date` is 2026-07-01",
        ),
        ("allowed < $100.00", "allowed > $100.00", "`allowed` is $100.00"),
        (
            "age < 21 and area is inside",
            "area is inside and age > 21",
            "`age` is 21",
        ),
    ],
)
def test_one_value_between_two_rows_is_told(
    low: str, high: str, where: str, tmp_path: Path
) -> None:
    assert told(tmp_path, low, high) == [
        f"no row of `Visits` holds where {where}: `otherwise` answers"
    ]


@pytest.mark.parametrize(
    ("low", "high", "more"),
    [
        ("age < 21", "age >= 21", ""),
        ("age <= 20", "age >= 21", ""),  # ages have no halves
        ("age < 5", "age > 65", ""),  # the rest is left to `otherwise`
        ("age < 21", "age > 21", "age >= 21 and age <= 21"),
        ("age < 21 and area is inside", "age > 21 and area is outside", ""),
    ],
)
def test_rows_that_leave_no_single_value_out_are_not_told(
    low: str, high: str, more: str, tmp_path: Path
) -> None:
    assert told(tmp_path, low, high, more) == []


def test_an_exception_for_the_value_keeps_the_rows_quiet(tmp_path: Path) -> None:
    clause = "exception E-1 to A otherwise\n  when age >= 21 and age <= 21\n  then IPA\nend\n"

    assert told(tmp_path, "age < 21", "age > 21", "", clause) == []
