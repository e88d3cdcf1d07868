"""What `decide` reads: several files, patterns, files that are named twice."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from command_line import Command
from small_rules import book_of, rules
from whopays.api import RuleBook, load
from whopays.batch.folder import records
from whopays.batch.inputs import NoMatchError, found, names

HEAD = "claim_id,line,product,service_date,procedure_code,area,allowed\n"


def _claims(path: Path, name: str, lines: int = 2) -> Path:
    path.parent.mkdir(exist_ok=True)
    rows = (f"{name},{at},HMO,2025-03-04,99213,inside,1.00\n" for at in range(lines))
    path.write_text(
        HEAD + "".join(rows) + f"{name},x,HMO,soon,99213,inside,1\n", "utf-8"
    )
    return path


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, rules())


def test_a_pattern_is_all_its_files_in_order(book: RuleBook, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        _claims(tmp_path / f"claims-{name}.csv", name)
    totals, _ = book.decide_files(
        [tmp_path / "claims-*.csv"], tmp_path / "out", chunk=1
    )
    told = [each["claim_id"] for each in records(tmp_path / "out/decisions.jsonl")]
    assert told == ["a", "a", "b", "b", "c", "c"]
    rejects = list(records(tmp_path / "out/rejects.jsonl"))
    assert [(each["file"], each["record"]) for each in rejects] == [
        (f"claims-{name}.csv", 4) for name in "abc"
    ]
    assert (totals.lines, totals.rejects) == (6, 3)


def test_a_file_that_is_named_twice_is_read_once_and_told(
    book: RuleBook, tmp_path: Path
) -> None:
    path = _claims(tmp_path / "claims.csv", "a")
    link = tmp_path / "other.csv"
    os.link(path, link)
    again = tmp_path / "sub" / ".." / "claims.csv"
    (tmp_path / "sub").mkdir()
    given = [path, again, tmp_path / "cl*.csv", link]
    totals, notes = book.decide_files(given, tmp_path / "out")
    assert totals.lines == 4
    assert [note.rpartition("/")[2] for note in notes] == [
        "claims.csv is given twice, and is read once",
        "claims.csv is given twice, and is read once",
        "other.csv has the same content as claims.csv; both are read",
    ]


def test_a_pattern_without_a_file_is_told(whopays: Command, tmp_path: Path) -> None:
    book_of(tmp_path, rules())
    told = whopays(
        *("decide", tmp_path / "clams-*.csv", "--rules", tmp_path / "rules"),
        *("-o", tmp_path / "out"),
    )
    assert told.code == 2
    assert told.err == f"error: no file is called like {tmp_path / 'clams-*.csv'}\n"
    assert not (tmp_path / "out").exists()
    with pytest.raises(NoMatchError):
        found([tmp_path / "[ab].csv"])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = _claims(tmp_path / "claims[1].csv", "a")
    assert found([path]) == ([path], [])


def test_files_of_one_name_are_told_apart_by_their_folders(
    book: RuleBook, tmp_path: Path
) -> None:
    paths = [_claims(tmp_path / part / "claims.csv", part) for part in ("x", "y")]
    book.decide_files(paths, tmp_path / "out")
    rejects = list(records(tmp_path / "out/rejects.jsonl"))
    assert [each["file"] for each in rejects] == ["x/claims.csv", "y/claims.csv"]
    text = (tmp_path / "out/manifest.json").read_text("utf-8")
    assert [each["name"] for each in json.loads(text)["inputs"]] == [
        "x/claims.csv",
        "y/claims.csv",
    ]
    assert str(tmp_path) not in text
    assert names([tmp_path / "a.csv"]) == ["a.csv"]


def test_decisions_of_several_files_do_not_hang_on_the_chunk(
    book: RuleBook, tmp_path: Path
) -> None:
    for at, lines in enumerate((1, 7, 2, 1)):
        _claims(tmp_path / f"claims-{at}.csv", f"c{at}", lines)
    outs = []
    for chunk in (1, 3, 100):
        out = tmp_path / f"out-{chunk}"
        book.decide_files([tmp_path / "claims-*.csv"], out, form="parquet", chunk=chunk)
        whole = {
            path.name: path.read_bytes()
            for path in out.iterdir()
            if path.name != "run.json"
        }
        outs.append(whole)
    assert outs[0] == outs[1] == outs[2]


def test_totals_of_columns_are_those_of_the_records(root: Path, tmp_path: Path) -> None:
    folder = root / "rulesets/contracts/riverbend-commercial"
    sample = load(folder, engine="reference")
    totals, _ = sample.decide_files(
        [folder / "claims/*.json"], tmp_path / "out", chunk=3, form="jsonl"
    )
    by_party: Counter[str] = Counter()
    lines_by_party: Counter[str] = Counter()
    by_category: Counter[str] = Counter()
    needs: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for each in records(tmp_path / "out/decisions.jsonl"):
        statuses[each["status"]] += 1
        needs.update(each["needs"])
        for share in each["shares"]:
            lines_by_party[share["bearer"]] += 1
            if share["cents"] is not None:
                by_party[share["bearer"]] += share["cents"]
                by_category[each["category"] or "(no category)"] += share["cents"]
    assert totals.statuses == statuses
    assert totals.needs == needs
    assert totals.lines_by_party == lines_by_party
    assert totals.cents_by_party == by_party
    assert totals.cents_by_category == by_category
    assert totals.cents_decided == sum(by_party.values())
