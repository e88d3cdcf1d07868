"""What ships: contracts without errors, tests that pass, sample claims as they were."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from whopays.api import RuleBook, check, load
from whopays.claims import Reject

RULESETS = Path(__file__).parents[2] / "rulesets"
EXPECTED = Path(__file__).parent / "expected"
CONTRACTS = sorted(path for path in (RULESETS / "contracts").iterdir() if path.is_dir())
CLAIMS = sorted(RULESETS.glob("contracts/*/claims/*.json"))
LATER = ("limit", "route")


def _name(path: Path) -> str:
    return path.stem


_checked = cache(check)  # a whole contract takes seconds


@pytest.mark.parametrize("folder", CONTRACTS, ids=_name)
def test_a_shipped_contract_has_exactly_one_answer_everywhere(folder: Path) -> None:
    report = _checked(folder)
    assert [each for each in report.diagnostics if each.is_error] == []
    assert len(report.contracts) == 1
    for checked in report.contracts.values():
        assert checked.entries > 0
        assert checked.unproved == 0


@pytest.mark.parametrize("folder", CONTRACTS, ids=_name)
def test_the_places_in_a_report_are_those_of_any_machine(folder: Path) -> None:
    for found in _checked(folder).record()["diagnostics"]:
        for label in found["labels"]:
            assert not Path(label["file"]).is_absolute()
            assert ".." not in Path(label["file"]).parts
            assert label["line"] > 0
            assert label["column"] > 0
        assert str(RULESETS.parent) not in f"{found}"


@pytest.mark.parametrize("engine", ["durable", "reference"])
@pytest.mark.parametrize("folder", CONTRACTS, ids=_name)
def test_the_tests_of_a_shipped_contract_pass(folder: Path, engine: str) -> None:
    results = load(folder, engine=engine).run_tests()
    assert results
    assert [each for each in results if each.state == "failed"] == []
    for each in results:
        if each.state == "later":
            assert any(word in " ".join(each.problems) for word in LATER)


@pytest.mark.parametrize("kind", ["facts", "catalog"])
def test_the_facts_and_the_catalog_stand_without_a_contract(kind: str) -> None:
    report = check(RULESETS / kind)
    assert report.diagnostics == ()
    assert report.contracts == {}


def test_all_rulesets_can_be_read_together() -> None:
    report = check(RULESETS)
    errors = [each.code for each in report.diagnostics if each.is_error]
    # The contracts are of different plans, whose claims come apart by product alone.
    assert set(errors) <= {"C008"}
    assert len(report.contracts) == len(CONTRACTS)


@pytest.fixture(scope="module")
def books() -> dict[Path, RuleBook]:
    return {path.parents[1]: load(path.parents[1]) for path in CLAIMS}


def test_there_are_sample_claims_and_no_expectation_without_one() -> None:
    assert CLAIMS
    assert {path.stem for path in EXPECTED.iterdir()} == {path.stem for path in CLAIMS}


@pytest.mark.parametrize("path", CLAIMS, ids=_name)
def test_a_sample_claim_is_explained_as_before(
    path: Path, books: dict[Path, RuleBook], update_expected: bool
) -> None:
    book = books[path.parents[1]]
    told: list[str] = []
    for each in book.read(path):
        assert not isinstance(each, Reject), each
        told.extend(book.decide_line(line).explain("tree") for line in each.lines)
    text = "\n\n".join(told) + "\n"
    expected = EXPECTED / f"{path.stem}.txt"
    if update_expected:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_the_tests_of_coordination_pass_and_reach_every_method(engine: str) -> None:
    book = load(RULESETS / "cob", engine=engine)
    results = book.run_tests()

    assert [each for each in results if each.state != "passed"] == []
    text = "".join(
        path.read_text("utf-8") for path in (RULESETS / "cob").glob("methods-*.rules")
    )
    for methods in book.rules.methods.values():
        for name in methods.methods:
            assert f"  method {name}\n" in text


def test_rules_of_anybody_find_the_shipped_facts_and_order(tmp_path: Path) -> None:
    text = """edition 1

order MINE "Mine"
  version 1
  facts from COB 2026.1
  rules from NAIC-2013 2026.1
  otherwise share equally
end
"""
    path = tmp_path / "mine.rules"
    path.write_text(text, encoding="utf-8")

    assert check(path).diagnostics == ()
