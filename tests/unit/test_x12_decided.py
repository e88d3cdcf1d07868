"""X12 files decided whole: nothing lost, the same by either engine, told in the outputs."""

from __future__ import annotations

import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bench.x12_file import write
from claims_support import FACTS, written
from command_line import Command
from whopays.api import RuleBook, load
from whopays.batch.folder import records
from whopays.claims import OPEN_FACTS, ReadReport, Reject, read_claims
from whopays.claims.x12 import segments as segments_of
from whopays.model.claim import Claim
from whopays.reference import decide
from x12_writer import above, claim, line
from x12_writer import written as x12

#: Claims and service lines of the shared files, and the rejects that are not lines.
FOLDERS = {
    "837p-tr3-examples": (18, 47, 0),
    "837i-tr3-examples": (5, 8, 0),
    # Three segments of unknown id in one file.
    "imsweb-837p": (644, 644, 3),
}


@pytest.fixture(scope="module")
def book(root: Path) -> RuleBook:
    return load(root / "rulesets/contracts/riverbend-commercial")


def _services(path: Path) -> int:
    """Return how many service lines `path` has, by looking for their ids alone."""
    text = path.read_text("ascii")
    return len(re.findall(r"(?:^|[~_\n\r])SV[12][*~]", text))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_line_of_the_shared_files_is_decided_or_rejected(
    book: RuleBook, shared: Path, tmp_path: Path, folder: str
) -> None:
    files = sorted((shared / "data/x12" / folder).iterdir())
    claims, services, others = FOLDERS[folder]
    assert sum(map(_services, files)) == services
    totals, _ = book.decide_files(files, tmp_path / "out")
    decided = list(records(tmp_path / "out/decisions.jsonl"))
    rejected = list(records(tmp_path / "out/rejects.jsonl"))
    assert (totals.lines, totals.rejects) == (len(decided), len(rejected))
    assert len(decided) + len(rejected) == services + others
    heads = [each for path in files for each in _clm(path)]
    assert len(heads) == claims
    # Where a claim says its number, it is that of the decision or reject.
    told = {each["claim_id"] for each in [*decided, *rejected]} - {""}
    assert told <= set(heads)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    for each in manifest["inputs"]:
        fates = each["account"]["by_id"].values()
        counted = sum(
            one["used"] + one["kept"] + sum(one["skipped"].values()) for one in fates
        )
        assert counted == each["account"]["segments"] > 0


def _clm(path: Path) -> list[str]:
    text = path.read_text("ascii")
    return re.findall(r"(?:^|[~_\n\r])CLM[*~]([^*~]+)", text)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_reference_decides_the_lines_of_the_shared_files_alike(
    book: RuleBook, shared: Path, folder: str
) -> None:
    (contract,) = book.rules.contracts.values()
    seen = 0
    for path in sorted((shared / "data/x12" / folder).iterdir())[:12]:
        for each in book.read(path):
            if isinstance(each, Claim) and seen < 60:
                for made in each.lines:
                    seen += 1
                    ours = book.decide_line(made).decision.outcome
                    assert ours.status == decide(contract, made).status
    assert seen


def _decided(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def _office(folder: Path) -> Path:
    lines = line(1, "99213", "120"), line(2, "bad", "5")
    text = x12([*above(), *claim("C-1", "120", *lines)])
    return written(folder, "claims.837", text.replace("PER*", "XYZ*"))


def test_decide_writes_remarks_rejects_and_the_account(
    whopays: Command, root: Path, tmp_path: Path
) -> None:
    rules = root / "rulesets/contracts/riverbend-commercial"
    path, out = _office(tmp_path), tmp_path / "out"
    told = whopays("decide", path, "--rules", rules, "-o", out)
    assert told.code == 3
    assert "note: claims.837: CLM02 is not the sum of the charges" in told.err
    (decision,) = records(out / "decisions.jsonl")
    assert (decision["claim_id"], decision["record"]) == ("C-1", 21)
    rejects = [
        (each["record"], each["field"]) for each in records(out / "rejects.jsonl")
    ]
    assert rejects == [(6, ""), (25, "SV101-2")]
    (remark,) = records(out / "remarks.jsonl")
    assert (remark["record"], remark["field"], remark["claim_id"]) == (
        19,
        "CLM02",
        "C-1",
    )
    manifest = _decided(out)
    assert manifest["counts"]["remarks"] == 1
    assert manifest["inputs"][0]["account"]["by_id"]["CLM"]["used"] == 1


def test_the_remarks_are_in_parquet_too(
    whopays: Command, root: Path, tmp_path: Path
) -> None:
    rules = root / "rulesets/contracts/riverbend-commercial"
    out = tmp_path / "out"
    options = ("--rules", rules, "--format", "parquet", "-o", out)
    whopays("decide", _office(tmp_path), *options)
    (remark,) = pq.read_table(out / "remarks.parquet").to_pylist()
    assert remark["reason"] == "is not the sum of the charges of the lines"


def test_explain_reads_x12_and_notes_what_it_read_on(
    whopays: Command, root: Path, tmp_path: Path
) -> None:
    rules = root / "rulesets/contracts/riverbend-commercial"
    told = whopays("explain", _office(tmp_path), "--rules", rules, "--claim", "C-1")
    assert told.code == 3
    assert "claim C-1, line 1" in told.out
    assert "note: claims.837: CLM02 is not the sum" in told.err


def test_two_claims_of_one_number_are_both_decided(
    book: RuleBook, tmp_path: Path
) -> None:
    one = claim("C-1", "10", line(1, "99213", "10"))
    path = written(tmp_path, "twice.837", x12([*above(), *one, *one]))
    found = [each for each in book.read(path) if not isinstance(each, Reject)]
    assert [each.id for each in found] == ["C-1", "C-1"]
    book.decide_files([path], tmp_path / "out")
    places = [each["record"] for each in records(tmp_path / "out/decisions.jsonl")]
    assert len(places) == len(set(places)) == 2


def test_reading_many_claims_takes_no_more_memory_than_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments_of, "_CHUNK", 2_048)  # fewer claims show it
    peaks = []
    for claims in (100, 400):
        segments = [
            *above(),
            *(
                each
                for number in range(claims)
                for each in claim(f"C-{number}", "10", line(1, "99213", "10"))
            ),
        ]
        path = written(tmp_path, f"{claims}.837", x12(segments))
        tracemalloc.start()
        report = ReadReport()
        for _ in read_claims(path, FACTS, None, OPEN_FACTS, report):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.lines == claims
    few, many = peaks
    assert many < 1.2 * few


def test_the_file_of_the_benchmark_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "bench.837"
    segments = write(path, 12)
    report = ReadReport()
    found = list(read_claims(path, FACTS, None, OPEN_FACTS, report))
    assert [each.id for each in found if isinstance(each, Claim)] == [
        f"C-{number}" for number in range(12)
    ]
    assert (report.lines, report.rejects) == (24, 0)
    assert report.account["segments"] == segments
    assert not report.take_remarks()
