"""Synthetic Medicare files, decided whole: no record lost, and the reference agrees."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from whopays.api import RuleBook, load
from whopays.batch.folder import records
from whopays.claims import Reject
from whopays.model.outcome import Outcome
from whopays.reference import decide

FILES = ("carrier", "inpatient", "outpatient")


@pytest.fixture(scope="module")
def book(root: Path) -> RuleBook:
    return load(root / "rulesets/contracts/riverbend-commercial")


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data/bfd-rif-synthea"


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file without quotation marks, by plain splitting."""
    head, *rows = path.read_bytes().decode("ascii").rstrip("\n").split("\n")
    names = head.rstrip("\r").split("|")
    split = [row.rstrip("\r").split("|") for row in rows]
    assert {len(cells) for cells in split} == {len(names)}
    return [dict(zip(names, cells, strict=True)) for cells in split]


@pytest.mark.parametrize("name", FILES)
def test_every_record_is_a_decided_line_or_a_reject(
    book: RuleBook, folder: Path, tmp_path: Path, name: str
) -> None:
    path = folder / f"{name}.csv"
    rows = _rows(path)
    totals, _ = book.decide_files([path], tmp_path / "out", mapping=f"rif-{name}")
    decided = [
        (each["claim_id"], each["line"])
        for each in records(tmp_path / "out/decisions.jsonl")
    ]
    rejected = list(records(tmp_path / "out/rejects.jsonl"))
    assert len(decided) + len(rejected) == len(rows) > 0
    assert (totals.lines, totals.rejects) == (len(decided), len(rejected))
    line = "LINE_NUM" if name == "carrier" else "CLM_LINE_NUM"
    given = {(row["CLM_ID"], row[line]) for row in rows}
    assert set(decided) <= given
    assert len(given) - len(set(decided)) <= len(rejected)


@pytest.mark.parametrize("name", FILES)
def test_the_reference_decides_every_line_alike(
    book: RuleBook, folder: Path, name: str
) -> None:
    (contract,) = book.rules.contracts.values()
    lines = [
        line
        for each in book.read(folder / f"{name}.csv", f"rif-{name}")
        if not isinstance(each, Reject)
        for line in each.lines
    ]
    assert lines
    known: dict[str, Outcome] = {}
    for line in lines:
        ours = book.decide_line(line).decision.outcome
        key = repr(sorted(line.facts.items(), key=str))
        if key not in known:
            known[key] = decide(contract, line)
        theirs = known[key]
        if not (ours.minimised and theirs.minimised):
            ours = replace(ours, needs=(), minimised=True)
            theirs = replace(theirs, needs=(), minimised=True)
        assert ours == theirs, line


def test_the_allowed_amounts_of_the_carrier_file_are_divided_to_the_cent(
    book: RuleBook, folder: Path, tmp_path: Path
) -> None:
    path = folder / "carrier.csv"
    book.decide_files([path], tmp_path / "out", mapping="rif-carrier")
    allowed: dict[tuple[str, str], int] = {}
    for row in _rows(path):
        dollars, _, cents = row["LINE_ALOWD_CHRG_AMT"].partition(".")
        place = (row["CLM_ID"], row["LINE_NUM"])
        allowed[place] = int(dollars) * 100 + int(f"{cents:0<2}")
    divided = 0
    for each in records(tmp_path / "out/decisions.jsonl"):
        place = (each["claim_id"], each["line"])
        assert each["amount_cents"] == allowed[place]
        if each["status"] == "decided":
            divided += allowed[place]
            assert sum(part["cents"] for part in each["shares"]) == allowed[place]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    assert divided > 0
    assert sum(manifest["counts"]["cents_by_party"].values()) == divided


@pytest.fixture(scope="module")
def harbor(root: Path) -> Path:
    return root / "rulesets/contracts/harbor-medicare-advantage"


@pytest.fixture(scope="module")
def medicare_advantage(harbor: Path) -> RuleBook:
    return load(harbor)


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("carrier", {"decided": 194, "undetermined": 27}),
        ("inpatient", {"undetermined": 16}),
        ("outpatient", {"decided": 19}),
    ],
)
def test_a_mapping_that_says_what_the_plan_knows_decides_what_it_can(
    medicare_advantage: RuleBook,
    harbor: Path,
    folder: Path,
    name: str,
    statuses: dict[str, int],
) -> None:
    path, mapping = folder / f"{name}.csv", str(harbor / f"rif-{name}.yaml")
    found: Counter[str] = Counter()
    for each in medicare_advantage.read(path, mapping):
        assert not isinstance(each, Reject)
        for line in each.lines:
            outcome = medicare_advantage.decide_line(line).decision.outcome
            found[outcome.status] += 1
            asked = set(outcome.needs)
            assert not asked & {"hospice_elected_on", "esrd_since", "enrolled_from"}
    assert found == statuses
