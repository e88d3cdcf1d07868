"""`whopays test --coverage`, `--write-missing` and `--mutate`, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from small_rules import rules, written_rules
from whopays.cli.main import cli

TEST = """\
test "A room"
  contract K
  given revenue_code REV 0120, product HMO, service_date 2026-03-04
  expect PLAN 1/3, IPA 2/3 because A "Rooms"
end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the small contract and one test."""
    return written_rules(tmp_path, rules(TEST))


def run(*words: object) -> Result:
    """Run `whopays test` with these words."""
    return CliRunner().invoke(cli, ["test", *map(str, words), "--engine", "reference"])


def test_coverage_lists_what_is_missing_by_place(folder: Path) -> None:
    shown = run(folder, "--coverage").output

    assert "K: what 1 passing test touches" in shown
    assert ["rows", "1", "3", "2", "0"] in [each.split() for each in shown.split("\n")]
    assert 'small.rules:46  A "Visits" when area is inside\n      answers\n' in shown


def test_coverage_as_json_is_one_document(folder: Path) -> None:
    record = json.loads(run(folder, "--coverage", "--format", "json").stdout)

    assert [each["title"] for each in record["tests"]] == ["A room"]
    assert record["coverage"][0]["contract"] == "K"
    states = {each["state"] for each in record["coverage"][0]["items"]}
    assert states == {"touched", "missing"}


def test_verbose_lists_what_cannot_be_built(tmp_path: Path) -> None:
    clause = "exception X to A\n  when admission_date is given\n  then unlisted\nend\n"
    folder = written_rules(tmp_path, rules(clause))

    short, long = run(folder, "--coverage"), run(folder, "--coverage", "-v")

    why = "in a test admission_date is a value or none, never unknown"
    item = "where `admission_date is given` is unknown"
    assert f"   1  {why}" in short.output
    assert item not in short.output
    assert item in long.output


def test_missing_tests_are_written_beside_the_contract(folder: Path) -> None:
    shown = run(folder, "--write-missing").output
    path = folder / "k-missing.rules"

    assert f"tests written to {path}" in shown
    assert "generated, unreviewed" in path.read_text(encoding="utf-8")
    assert "nothing is missing" in run(folder, "--coverage").output


def test_passing_tests_that_nobody_read_are_told(folder: Path) -> None:
    run(folder, "--write-missing")

    shown = run(folder).output

    count = (folder / "k-missing.rules").read_text(encoding="utf-8").count("\ntest ")
    assert f"{count} of those that passed are generated and unreviewed" in shown


def test_nothing_is_written_where_nothing_is_missing(folder: Path) -> None:
    run(folder, "--write-missing")
    path = folder / "k-missing.rules"
    before = path.read_bytes()

    shown = run(folder, "--write-missing").output

    assert "K: nothing is missing, nothing is written" in shown
    assert path.read_bytes() == before


def test_a_file_that_is_there_keeps_what_it_holds(folder: Path) -> None:
    path = folder / "mine.rules"
    path.write_text("edition 1\n\n# mine\n", encoding="utf-8")

    run(folder, "--write-missing", path)

    assert path.read_text(encoding="utf-8").startswith("edition 1\n\n# mine\n")
    assert run(folder).exit_code == 0


@pytest.mark.parametrize("name", ["notes.txt", "../notes.rules"])
def test_a_file_that_is_no_rule_file_is_left_alone(folder: Path, name: str) -> None:
    path = folder / name
    path.write_text("Dear all,\n", encoding="utf-8")

    result = run(folder, "--write-missing", path)

    assert result.exit_code != 0
    assert path.read_text(encoding="utf-8") == "Dear all,\n"


def test_a_file_outside_the_rules_is_told(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.rules"

    shown = run(folder, "--write-missing", path).output

    assert f"{folder} does not contain {path}" in shown


def test_slips_are_told_with_a_score(folder: Path) -> None:
    shown = run(folder, "--mutate").output

    assert "slips that make a difference are noticed" in shown
    assert "missed: no test notices" in shown


def test_slips_as_json(folder: Path) -> None:
    words = ("--mutate", "--at-most", "3", "--seed", "7", "--format", "json")

    record = json.loads(run(folder, *words).stdout)

    (found,) = record["mutation"]
    assert found["judged"] == len(found["mutants"]) == 3
    assert found["made"] > 3


def test_one_contract_can_be_chosen(folder: Path) -> None:
    result = run(folder, "--coverage", "--contract", "NONE")

    assert result.exit_code != 0
    assert "NONE" in str(result.exception) + result.output


@pytest.mark.parametrize(
    "words",
    [("--at-most", "3"), ("--mutate", "--seed", "3"), ("--mutate", "--format", "html")],
)
def test_options_that_do_nothing_together_are_refused(
    folder: Path, words: tuple[str, ...]
) -> None:
    result = run(folder, *words)

    assert result.exit_code == 2
    assert "Error: " in result.output


def test_tests_that_fail_are_told_to_touch_nothing(folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(path.read_text().replace("expect PLAN 1/3, IPA 2/3", "expect PLAN"))

    shown = run(folder, "--coverage").output

    assert "(1 test that failed touch nothing)" in shown
