"""The command line with `--format html`: where a page goes, and what is told beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Command
from page_structure import read_page
from small_rules import GRID, rules, written_rules

COLUMNS = "claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed"
TEST = """\
test "A visit inside the area"
  contract K
  given procedure_code CPT 99213, area inside, product HMO, service_date 2025-03-04
  expect IPA 100%
end
"""
HTML = ("--format", "html")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return written_rules(tmp_path, rules(TEST))


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    rows = [
        f"{claim},1,HMO,2025-03-04,99213,,{area},100.00"
        for claim, area in (("A", "inside"), ("B", "outside"), ("C", "upstairs"))
    ]
    path.write_text("\n".join((COLUMNS, *rows, "")), encoding="utf-8")
    return path


def headings(text: str) -> list[str]:
    page = read_page(text)
    assert page.problems == []
    return page.texts("h1")


def test_page_goes_to_standard_output_and_nothing_beside_it(
    whopays: Command, sound: Path
) -> None:
    told = whopays("check", sound, *HTML)

    assert (told.code, told.err) == (0, "")
    assert headings(told.out) == ["Check of K"]


def test_page_goes_into_a_file_and_the_counts_are_told(
    whopays: Command, sound: Path, tmp_path: Path
) -> None:
    out = tmp_path / "check.html"

    told = whopays("check", sound, *HTML, "-o", out)

    assert (told.code, told.out) == (0, f"written to {out}\nno errors, no warnings\n")
    assert headings(out.read_text("utf-8")) == ["Check of K"]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [
        "check.html"
    ]


def test_page_of_rules_with_errors_is_written_and_the_exit_code_is_1(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules(grid=GRID.replace("Rooms", "Roms ")))
    out = tmp_path / "check.html"

    told = whopays("check", folder, *HTML, "-o", out)

    assert told.code == 1
    assert told.out.endswith("1 error, no warnings\n")
    assert "✗ not usable" in read_page(out.read_text("utf-8")).text


def test_page_replaces_an_older_page(
    whopays: Command, sound: Path, tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    whopays("check", sound, *HTML, "-o", out)

    whopays("test", sound, *HTML, "-o", out)

    assert headings(out.read_text("utf-8")) == ["Tests of K"]


def test_page_does_not_replace_a_rule_file(whopays: Command, sound: Path) -> None:
    path = sound / "small.rules"
    before = path.read_bytes()

    told = whopays("check", sound, *HTML, "-o", path)

    assert told.code == 2
    assert f"{path} is there, and is no page of HTML; name another file." in told.err
    assert path.read_bytes() == before


def test_page_into_a_folder_that_is_not_there_is_exit_code_2(
    whopays: Command, sound: Path, tmp_path: Path
) -> None:
    told = whopays("check", sound, *HTML, "-o", tmp_path / "gone" / "page.html")

    assert told.code == 2
    assert f"There is no folder {tmp_path / 'gone'}." in told.err


def test_page_that_can_not_be_written_is_told_by_the_name_that_was_given(
    whopays: Command, sound: Path
) -> None:
    told = whopays("check", sound, *HTML, "-o", "/proc/page.html")

    assert told.code == 2
    assert told.err == "error: /proc/page.html: No such file or directory\n"


@pytest.mark.parametrize("command", ["check", "test"])
def test_file_for_a_page_without_the_format_is_exit_code_2(
    whopays: Command, sound: Path, tmp_path: Path, command: str
) -> None:
    told = whopays(command, sound, "-o", tmp_path / "page.html")

    assert told.code == 2
    assert "`-o` is for a page; add `--format html`." in told.err
    assert not (tmp_path / "page.html").exists()


def test_dash_is_standard_output(whopays: Command, sound: Path) -> None:
    told = whopays("check", sound, *HTML, "-o", "-")

    assert headings(told.out) == ["Check of K"]


def test_page_on_a_terminal_comes_with_a_note(
    whopays: Command, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    told = whopays("check", sound, *HTML)

    assert told.err == (
        "note: this is a page for a browser; `-o FILE` writes it into a file\n"
    )


def test_page_of_tests_has_the_coverage_where_it_is_asked_for(
    whopays: Command, sound: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tests.html"

    without = whopays("test", sound, *HTML)
    told = whopays("test", sound, "--coverage", *HTML, "-o", out)

    assert "what the tests touch" not in without.out
    assert told.out == f"written to {out}\n1 passed, 0 failed, 0 not run\n"
    assert "K: what the tests touch" in out.read_text("utf-8")


def test_page_of_tests_that_fail_is_exit_code_1(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules(TEST.replace("IPA", "PLAN")))

    told = whopays("test", folder, *HTML)

    assert told.code == 1
    assert "✗ failed" in read_page(told.out).text


def test_page_explains_all_lines_and_names_the_rejects(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound, *HTML)

    assert told.code == 3
    page = read_page(told.out)
    assert [each[:15] for each in page.texts("article")] == [
        "Claim A, line 1",
        "Claim B, line 1",
    ]
    assert "claims.csv 4 C 1 area" in page.text.replace("\n", " ")
    assert str(claims.parent) not in told.out
    assert "upstairs" not in told.out


def test_page_of_one_claim_says_nothing_of_the_others(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound, "--claim", "B", *HTML)

    page = read_page(told.out)
    assert len(page.texts("article")) == 1
    assert page.texts("h2")[0] == "Claim B, line 1"
    assert "could not be read" not in page.text


def test_page_says_what_would_change_each_line(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays(
        *("explain", claims, "--rules", sound, "--claim", "A", *HTML),
        *("--what-would-change", "--to", "PLAN"),
    )

    page = read_page(told.out)
    assert page.problems == []
    assert "area is outside (now inside) → PLAN 100%" in page.texts("li")


def test_page_says_by_which_contract_and_as_known_on_which_day(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays(
        *("explain", claims, "--rules", sound, "--claim", "A", *HTML),
        *("--contract", "K", "--known-on", "2025-02-03"),
    )

    text = " ".join(read_page(told.out).text.split())
    assert "as known on 2025-02-03, by contract K." in text


def test_page_of_too_many_lines_is_refused(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    row = claims.read_text("utf-8").splitlines()[1]
    many = "\n".join(row.replace("A,1,", f"A,{n},") for n in range(1, 2002))
    claims.write_text(f"{COLUMNS}\n{many}\n", encoding="utf-8")

    told = whopays(
        "explain", claims, "--rules", sound, *HTML, "-o", tmp_path / "page.html"
    )

    assert told.code == 2
    assert "A page holds 2,000 lines at most; choose a claim by `--claim`." in told.err
    assert not (tmp_path / "page.html").exists()


def test_same_rules_give_the_same_bytes_wherever_and_however_they_run(
    root: Path, tmp_path: Path
) -> None:
    pages = set()
    grid = GRID.replace("| Visits   | area is outside |  x   |     |\n", "")
    grid = grid.replace("| Rooms    |                 |", "| Rooms | area is inside |")
    for seed in ("1", "2", "3"):
        folder = tmp_path / seed
        folder.mkdir()
        sound = written_rules(folder, rules(TEST, grid=grid))
        ran = subprocess.run(
            [sys.executable, "-m", "whopays", "check", str(sound), *HTML],
            env={
                **os.environ,
                "PYTHONPATH": str(root / "engine"),
                "PYTHONHASHSEED": seed,
                "TZ": f"UTC+{seed}",
            },
            cwd=folder,
            capture_output=True,
            check=True,
        )
        pages.add(ran.stdout)

    assert len(pages) == 1
    assert b"sometimes or always, for (3)<" in pages.pop()
