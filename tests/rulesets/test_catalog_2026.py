"""The catalog of 2026: each category takes a line of its own, and no rank is idle."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

import whopays
from occurring import occurring
from whopays.api import RuleBook, check
from whopays.api.rulefiles import read_rules
from whopays.checks import check_catalog
from whopays.model.catalog import Catalog
from whopays.model.codes import SHAPES, CodeSet
from whopays.model.conditions import Includes, InCodes, atoms

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "rulesets/catalog/2026"
CODE_FACTS = ("revenue_code", "procedure_code")
#: No code or condition leads there: contracts name them, or treat other services as them.
BY_NAME = {
    "Advanced imaging",
    "Allergy",
    "Ambulance",
    "Anesthesia",
    "Behavioral health",
    "Dialysis",
    "Emergency room",
    "Hearing services",
    "Long-term acute hospital",
    "Maternity",
    "Newborn care",
    "Ostomy, urological and wound supplies",
    "Preventive services",
    "Primary care visits",
    "Rehabilitation therapies",
    "Specialist visits",
    "Substance use",
    "Surgery - professional",
    "Vision services",
}


class Case(NamedTuple):
    """A line that a category takes, and one beside it that `other` takes instead."""

    category: str
    line: dict[str, str]
    beside: dict[str, str]
    other: str


def _facts(text: str) -> dict[str, str]:
    return dict(fact.split("=") for fact in text.split(" "))


def _cases() -> list[Case]:
    path = HERE / "catalog-2026-lines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [Case(name, _facts(a), _facts(b), other) for name, a, b, other in rows]


CASES = _cases()


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    rules, found = read_rules(FOLDER)
    assert found == []
    (only,) = rules.catalogs.values()
    return only


@pytest.fixture(scope="module")
def folder(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a contract that has a row for each category that a line can reach."""
    reached = [name for name in catalog.categories if name not in BY_NAME]
    rows = "".join(f"  | {name} | x |\n" for name in reached)
    text = f"""edition 1

contract ALL "A row for each category"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  products HMO
  party PLAN "Plan"
  facts from STANDARD 2026.1
  categories from {catalog.id} {catalog.version}
  decide by service_date
end

responsibility A "Exhibit A"
  | category | PLAN |
{rows}  otherwise unlisted
end
"""
    made = tmp_path_factory.mktemp("all")
    (made / "all.rules").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def book(folder: Path) -> RuleBook:
    return whopays.load(folder)


def _category(book: RuleBook, facts: dict[str, str]) -> str:
    """Return the category that a line with `facts` alone is placed in, or nothing."""
    line: dict[str, object] = {
        "line": "1",
        "service_date": "2026-03-04",
        "area": "inside",
        "place_of_service": None,
        "bill_type": None,
        "drg": None,
        "principal_diagnosis": None,
        "modifiers": None,
        **dict.fromkeys(CODE_FACTS),
        **facts,
    }
    if "modifiers" in facts:
        line["modifiers"] = [facts["modifiers"]]
    claim = {"claim_id": "C-1", "product": "HMO", "lines": [line]}
    (decision,) = book.decide(claim)
    assert decision.status in {"decided", "unlisted"}, facts
    if decision.status == "unlisted":
        return ""
    return decision.because[0].removeprefix('A "').removesuffix('"')


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.category)
def test_a_category_takes_its_line_and_leaves_the_one_beside_it(
    case: Case, book: RuleBook
) -> None:
    assert _category(book, case.line) == case.category
    assert _category(book, case.beside) == case.other
    assert case.other != case.category


def test_every_category_is_reached(catalog: Catalog) -> None:
    shown = [case.category for case in CASES]

    assert sorted({*shown, *BY_NAME}) == sorted(catalog.categories)
    assert len(shown) == len(set(shown))
    assert not BY_NAME & set(shown)


def test_what_is_reached_by_name_alone_has_neither_codes_nor_condition(
    catalog: Catalog,
) -> None:
    bare = {
        name
        for name, each in catalog.categories.items()
        if not each.codes and each.when is None
    }
    assert bare == BY_NAME


def test_there_are_as_many_categories_as_an_exhibit_may_ask_for(
    catalog: Catalog,
) -> None:
    assert len(catalog.categories) >= 120
    assert len(catalog.titles) > 1.5 * len(catalog.categories)


def test_categories_that_can_hold_the_same_line_are_ranked(catalog: Catalog) -> None:
    assert check_catalog(catalog) == []


def test_no_rank_follows_from_the_others(catalog: Catalog) -> None:
    followed = [
        (before, behind)
        for before, behind in catalog.ranked
        if behind in _without(catalog, (before, behind)).later[before]
    ]
    # A child goes before its parent; a rank carries that on to what comes after.
    links = [each for each in followed if each[1] in catalog.ancestors[each[0]]]
    assert followed == links


def test_no_rank_is_idle(catalog: Catalog) -> None:
    """Without a rank, two categories would hold the same line; some stand for all."""
    idle = [
        pair
        for pair in list(catalog.ranked)[::8]
        if not check_catalog(_without(catalog, pair))
    ]
    assert idle == []


def _without(catalog: Catalog, pair: tuple[str, str]) -> Catalog:
    rest = {each: span for each, span in catalog.ranked.items() if each != pair}
    return replace(catalog, ranked=rest)


def test_every_row_of_a_contract_that_names_them_all_can_act(
    folder: Path, catalog: Catalog
) -> None:
    report = check(folder)

    assert [each for each in report.diagnostics if each.is_error] == []
    (checked,) = report.contracts.values()
    assert checked.unproved == 0
    assert checked.tables >= len(catalog.categories) - len(BY_NAME)


def _existing() -> list[tuple[str, str, int]]:
    """Return systems, beginnings of codes, and how many codes of published lists begin so.

    Beginnings, not codes: the lists of others stay with them; SOURCES.md names them.
    """
    path = HERE / "existing-codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [(system, start, int(many)) for system, start, many in rows]


def _can_begin(start: str) -> list[str]:
    return [start.replace("x", digit) for digit in "0123456789"]


def _expanded(codes: CodeSet) -> Iterator[str]:
    """Yield the codes in the ranges of `codes`: digits, before or after a letter."""
    for first, last in codes.ranges:
        at = 0 if first[0].isdigit() else 1
        end = len(first) if first[-1].isdigit() else len(first) - 1
        for number in range(int(first[at:end]), int(last[at:end]) + 1):
            yield f"{first[:at]}{number:0{end - at}}{first[end:]}"


def test_more_than_ten_thousand_existing_codes_are_claimed(catalog: Catalog) -> None:
    """Codes count where all that can begin alike is claimed: a lower bound."""
    listed = {"CPT": set[str](), "HCPCS": set[str](), "REV": set[str]()}
    diagnoses = []
    for category in catalog.categories.values():
        for codes in category.codes:
            if codes.system in listed:
                listed[codes.system].update(_expanded(codes))
        for atom in atoms(category.when) if category.when is not None else ():
            if isinstance(atom, InCodes) and atom.codes.system == "ICD10CM":
                diagnoses.append(atom.codes)  # noqa: PERF401 - two conditions nest
    claimed = dict.fromkeys((*listed, "ICD10CM"), 0)
    for system, start, many in _existing():
        if system == "ICD10CM":
            whole = any(start in codes for codes in diagnoses)
        else:
            whole = listed[system].issuperset(_can_begin(start))
        claimed[system] += many if whole else 0

    assert claimed["CPT"] > 11_000
    assert claimed["HCPCS"] > 6_000
    assert claimed["REV"] > 500
    assert claimed["ICD10CM"] > 4_500


def _written(catalog: Catalog) -> set[tuple[str, str, str]]:
    """Return category, system and range of all codes that the catalog mentions."""
    found = set()
    for name, category in catalog.categories.items():
        sets = list(category.codes)
        if category.when is not None:
            sets.extend(
                atom.codes
                for atom in atoms(category.when)
                if isinstance(atom, InCodes | Includes)
            )
        for codes in sets:
            for text in f"{codes}".removeprefix(codes.system).split(","):
                found.add((name, codes.system, text.strip().replace(".", "")))
    return found


def test_each_range_says_what_it_was_compared_with(catalog: Catalog) -> None:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    told = {(name, system, codes) for name, system, codes, *_ in rows}

    assert told == _written(catalog)
    assert len(told) == len(rows)


def test_a_range_is_confirmed_only_by_a_source_that_is_named() -> None:
    page = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    open_ranges = 0
    for _, _, codes, found, _, sources, confirmed in rows:
        assert bool(sources) == (confirmed != "not confirmed") == (found != "0"), codes
        assert all(f"| {source} |" in page for source in sources.split())
        open_ranges += confirmed == "not confirmed"

    assert f"| {open_ranges} |" in page


def test_the_codes_of_sample_claims_are_claimed(catalog: Catalog, shared: Path) -> None:
    found = occurring(shared / "data")
    codes = {each for each in found if SHAPES[each[0]].fullmatch(each[1])}
    sets = [codes for each in catalog.categories.values() for codes in each.codes]
    rest = {
        (system, code)
        for system, code in codes
        if not any(each.system == system and code in each for each in sets)
    }

    assert len(codes) > 100
    # Neither is a code of any release: samples with what stands for one.
    assert rest == {("CPT", "92999"), ("REV", "6767")}
    # These have not the shape of a code: placeholders, and a drug of Synthea.
    odd = {code for _, code in set(found) - codes}
    assert odd == {"1", "478331", "A", "M55", "M99"}


FAMILIES = """edition 1

contract USES "Rows for whole families, and for what no code tells"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  products HMO
  party PLAN  "Health Plan"
  party GROUP "Medical Group"
  facts from STANDARD 2026.1
  categories from STD 2026.1
  decide by service_date
end

responsibility A "Exhibit A"
  | category          | PLAN | GROUP |
  | Ambulance         |  x   |       |
  | Anesthesiology    |      |   x   |
  | PCP office visits |      |   x   |
  | Specialist visits |  x   |       |
  otherwise unlisted
end

treat T-1 "Office visits" as "Primary care visits"
  when provider_specialty in TAXONOMY 207Q00000X, 208D00000X
end

treat T-2 "Office visits" as "Specialist visits"
  when provider_specialty not in TAXONOMY 207Q00000X, 208D00000X
end

test "An ambulance, wherever"
  contract USES
  given procedure_code HCPCS A0427, claim_type professional
  given product HMO, service_date 2026-03-04
  expect PLAN 100% because A "Ambulance"
end

test "Anesthesia, wherever"
  contract USES
  given procedure_code CPT 00142, claim_type professional, place_of_service POS 22
  given product HMO, service_date 2026-03-04
  expect GROUP 100% because A "Anesthesia"
end

test "A family physician"
  contract USES
  given procedure_code CPT 99213, claim_type professional, place_of_service POS 11
  given provider_specialty TAXONOMY 207Q00000X, product HMO, service_date 2026-03-04
  expect GROUP 100% because T-1, A "Primary care visits"
end
"""


def test_a_contract_may_name_families_and_what_no_code_tells(tmp_path: Path) -> None:
    path = tmp_path / "families.rules"
    path.write_text(FAMILIES, encoding="utf-8")

    assert [each.code for each in check(path).diagnostics if each.is_error] == []
    assert [each.state for each in whopays.load(path).run_tests()] == ["passed"] * 3
