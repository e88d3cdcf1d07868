"""Batches: nothing lost, the same bytes again, nothing half written."""

from __future__ import annotations

import errno
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from small_rules import book_of, rules
from whopays.api import RuleBook
from whopays.batch import parquet
from whopays.batch import run as batch
from whopays.batch.folder import OutputExistsError, records
from whopays.batch.jsonl import facts_of
from whopays.batch.parts import Parts
from whopays.batch.work import FORMATS, Done
from whopays.columns import records as of_columns

HEAD = "claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed\n"
ROWS = (
    "A,1,HMO,2025-03-04,99213,,inside,100.01",
    "A,2,HMO,2025-03-04,,0120,inside,100.00",
    "B,1,HMO,2025-03-04,99213,,outside,-7.77",
    "B,2,HMO,2025-03-04,99213,,,50.00",
    "C,1,HMO,2025-03-04,99213,,upstairs,50.00",
    "D,1,MA,2025-03-04,99213,,inside,50.00",
    "E,1,HMO,2025-03-04,10000,,inside,50.00",
    "F,1,HMO,2025-03-04,,0120,inside,",
    "G,1,HMO,2025-03-04,,0120,inside,0.01",
    "H,1,HMO,not a date,,0120,inside,0.01",
)
OUTPUTS = ("decisions", "explanations", "rejects", "remarks")


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, rules())


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    return path


def _bytes(folder: Path) -> dict[str, bytes]:
    """Return the files of an output, but the one that tells of the run itself."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def _manifest(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "manifest.json").read_text("utf-8"))
    return found


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_every_record_is_in_the_decisions_or_in_the_rejects(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    totals, _ = book.decide_files([claims], tmp_path / "out")
    decisions = [
        (each["claim_id"], each["line"])
        for each in records(tmp_path / "out/decisions.jsonl")
    ]
    rejects = [
        (each["claim_id"], each["line"])
        for each in records(tmp_path / "out/rejects.jsonl")
    ]
    given = [tuple(row.split(",")[:2]) for row in ROWS]
    assert Counter(decisions) + Counter(rejects) == Counter(given)
    assert sorted(rejects) == [("C", "1"), ("H", "1")]
    assert (totals.lines, totals.rejects) == (8, 2)
    assert _manifest(tmp_path / "out")["counts"]["records"] == len(ROWS)


def test_each_decision_has_its_explanation_and_each_explanation_a_decision(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    book.decide_files([claims], tmp_path / "out")
    used = {each["explanation"] for each in records(tmp_path / "out/decisions.jsonl")}
    told = [each["id"] for each in records(tmp_path / "out/explanations.jsonl")]
    assert set(told) == used
    assert told == sorted(set(told))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_run_gives_the_same_bytes(
    claims: Path, tmp_path: Path, form: str
) -> None:
    out = []
    for name in ("one", "two"):
        book_of(tmp_path, rules()).decide_files([claims], tmp_path / name, form=form)
        out.append(_bytes(tmp_path / name))
    assert out[0] == out[1]
    assert "manifest.json" in out[0]


def test_a_second_run_replaces_the_first(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    claims.write_text(HEAD + ROWS[0] + "\n", encoding="utf-8")
    book.decide_files([claims], out, form="parquet")
    assert _manifest(out)["counts"]["records"] == 1
    assert not (out / "decisions.jsonl").exists()
    claims.write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    book.decide_files([claims], out)
    assert _bytes(out) == whole
    assert not _leftovers(tmp_path)


def test_a_folder_that_no_run_wrote_is_left_alone(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter-1").write_text("all my work")
    with pytest.raises(OutputExistsError, match="thesis exists and is not the output"):
        book.decide_files([claims], out)
    assert _bytes(out) == {"chapter-1": b"all my work"}
    assert not _leftovers(tmp_path)


def test_the_folder_may_be_the_one_that_we_are_in(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    book.decide_files([claims], Path())
    assert (tmp_path / "here/manifest.json").is_file()
    assert not _leftovers(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_left_alone(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputExistsError):
        book.decide_files([claims], tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_an_empty_folder_may_be_filled(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    book.decide_files([claims], tmp_path / "out")
    assert (tmp_path / "out/manifest.json").is_file()


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _full_after(times: int, real: Callable[..., Any]) -> Callable[..., Any]:
    left = iter(range(times))

    def write(*given: Any) -> Any:
        if next(left, None) is None:
            _full()
        return real(*given)

    return write


@pytest.mark.parametrize("times", [0, 1, 2, 5, 7])
def test_after_a_full_disk_there_is_no_output_and_the_run_goes_on(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    book.decide_files([claims], tmp_path / "undisturbed")
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Parts, "_put", _full_after(times, Parts._put))  # noqa: SLF001
        with pytest.raises(OSError, match="No space left"):
            book.decide_files([claims], out, chunk=2)
    assert not out.exists()
    assert bool(_leftovers(tmp_path)) == (times > 1)  # a chunk has two parts
    book.decide_files([claims], out, resume=True)
    assert _bytes(out) == _bytes(tmp_path / "undisturbed")
    assert not _leftovers(tmp_path)


@pytest.mark.parametrize("where", ["write_json", "swap"])
def test_a_full_disk_at_the_end_leaves_the_output_of_the_run_before(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    with monkeypatch.context() as patch:
        patch.setattr(batch, where, _full)
        with pytest.raises(OSError, match="No space left"):
            book.decide_files([claims], out, form="parquet")
    assert _bytes(out) == whole
    assert _leftovers(tmp_path) == [".out.part"]
    book.decide_files([claims], out)
    assert _bytes(out) == whole
    assert not _leftovers(tmp_path)


def test_a_full_disk_while_the_outputs_are_put_together_leaves_the_parts(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(parquet, "write_records", _full)
        with pytest.raises(OSError, match="No space left"):
            book.decide_files([claims], tmp_path / "out", form="parquet")
    assert not (tmp_path / "out").exists()
    book.decide_files([claims], tmp_path / "out", form="parquet", resume=True)
    book.decide_files([claims], tmp_path / "other", form="parquet")
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "other")


def test_a_rename_that_fails_puts_the_old_output_back(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "whole":
            raise OSError(errno.EIO, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="Input/output"):
        book.decide_files([claims], out)
    monkeypatch.undo()
    assert _bytes(out) == whole
    assert _leftovers(tmp_path) == [".out.part"]


def _parquet_rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    table = pq.read_table(folder / f"{name}.parquet")
    if name == "decisions":
        rows = pq.read_table(folder / "explanations.parquet").to_pylist()
        texts = {each["id"]: each["explanation"] for each in rows}
        yield from of_columns.records(table, facts_of(texts))
    elif name == "explanations":
        for row in table.to_pylist():
            found = json.loads(row["explanation"])
            assert found["id"] == row["id"]
            yield found
    else:
        yield from table.to_pylist()


@pytest.mark.parametrize("rows_at_once", [2, 50_000])
def test_parquet_holds_what_json_lines_hold(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows_at_once: int,
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", rows_at_once)
    book.decide_files([claims], tmp_path / "lines", form="jsonl")
    book.decide_files([claims], tmp_path / "columns", form="parquet")
    for name in OUTPUTS:
        lines = list(records(tmp_path / "lines" / f"{name}.jsonl"))
        assert lines or name == "remarks"  # a table is read on after nothing
        assert list(_parquet_rows(tmp_path / "columns", name)) == lines
    both = [_manifest(tmp_path / "lines"), _manifest(tmp_path / "columns")]
    assert both[0]["counts"] == both[1]["counts"]
    assert [each["format"] for each in both] == ["jsonl", "parquet"]


@pytest.mark.parametrize("partition", [None, "month"])
def test_the_bytes_are_the_same_for_any_chunk(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    partition: str | None,
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 3)
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("B,1,HMO,2025-03-04", "B,1,HMO,2025-04-04"), "utf-8")
    for chunk in (1, 3, 4, 100):
        book.decide_files(
            [claims],
            tmp_path / f"{chunk}",
            form="parquet",
            chunk=chunk,
            partition=partition,
        )
        assert _bytes(tmp_path / f"{chunk}") == _bytes(tmp_path / "1")


def test_decisions_divided_by_month_are_all_there_and_each_in_its_month(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    text = claims.read_text(encoding="utf-8")
    text = text.replace("B,1,HMO,2025-03-04", "B,1,HMO,2024-12-31")
    text = text.replace("G,1,HMO,2025-03-04", "G,1,HMO,")
    claims.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    book.decide_files([claims], out, form="parquet", partition="month", chunk=2)
    lines = {
        path.parent.name: [(row["claim_id"], row["line"]) for row in _rows(path)]
        for path in out.glob("decisions/*/*.parquet")
    }
    assert lines == {
        "month=2024-12": [("B", "1")],
        "month=2025-03": [
            *(("A", "1"), ("A", "2"), ("B", "2")),
            *(("D", "1"), ("E", "1"), ("F", "1")),
        ],
        "month=unknown": [("G", "1")],
    }
    names = {name for name in _manifest(out)["outputs"] if "month" in name}
    assert names == {f"decisions/{month}/part-0001.parquet" for month in lines}


def _rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return found


def test_the_manifest_has_the_digest_of_each_output(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out, form="parquet")
    there = {
        name: hashlib.sha256(text).hexdigest() for name, text in _bytes(out).items()
    }
    del there["manifest.json"]
    assert _manifest(out)["outputs"] == there


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_without_a_reject_has_an_empty_file_of_them(
    book: RuleBook, claims: Path, tmp_path: Path, form: str
) -> None:
    claims.write_text(HEAD + ROWS[0] + "\n", encoding="utf-8")
    book.decide_files([claims], tmp_path / "out", form=form)
    out = tmp_path / "out"
    lines = records(out / "rejects.jsonl")
    found = _parquet_rows(out, "rejects") if form == "parquet" else lines
    assert list(found) == []


def test_the_manifest_names_what_was_read_by_its_digest(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    book.decide_files([claims], tmp_path / "out")
    manifest = _manifest(tmp_path / "out")
    read = hashlib.sha256(claims.read_bytes()).hexdigest()
    assert manifest["inputs"] == [{"name": "claims.csv", "sha256": read}]
    text = (tmp_path / "rules/small.rules").read_bytes()
    written = hashlib.sha256(text).hexdigest()
    assert manifest["rules"] == [{"name": "small.rules", "sha256": written}]
    assert manifest["engine"] == "reference"
    assert str(tmp_path) not in json.dumps(manifest)


def test_every_decided_cent_is_in_one_sum_of_a_party(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    totals, _ = book.decide_files([claims], tmp_path / "out")
    counts = _manifest(tmp_path / "out")["counts"]
    decided = [
        each
        for each in records(tmp_path / "out/decisions.jsonl")
        if each["status"] == "decided" and each["amount_cents"] is not None
    ]
    amounts = sum(each["amount_cents"] for each in decided)
    assert amounts == 10001 + 10000 - 777 + 1
    assert sum(counts["cents_by_party"].values()) == amounts == counts["cents_decided"]
    assert sum(totals.cents_by_category.values()) == amounts
    for each in decided:
        assert sum(part["cents"] for part in each["shares"]) == each["amount_cents"]
    assert counts["by_status"] == {
        "decided": 5,
        "no_contract": 1,
        "undetermined": 1,
        "unlisted": 1,
    }


def test_no_file_is_decided_when_one_of_them_is_missing(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileNotFoundError):
        book.decide_files([claims, tmp_path / "gone.csv"], tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_the_progress_counts_every_line(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    told: list[Done] = []
    book.decide_files([claims], tmp_path / "out", chunk=3, progress=told.append)
    lines = [each.lines for each in told]
    assert lines == sorted(lines)
    assert lines[-1] == 8
    shares = [each.share for each in told if each.share is not None]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1
