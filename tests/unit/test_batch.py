"""Batches: nothing lost, the same bytes again, nothing half written."""

from __future__ import annotations

import errno
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq
import pytest

from small_rules import book_of, rules
from whopays.api import RuleBook
from whopays.batch import parquet
from whopays.batch import run as batch
from whopays.batch.run import OutputExistsError, records

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
JSON_COLUMNS = {
    *(
        "shares",
        "because",
        "needs",
        "misdirected_to",
        "route",
        "clock",
        "facts",
        "codes",
    )
}
#: Of a route and a clock, once more in columns of their own.
FLAT = {"route_by": None, "pay_by": None, "interest_cents": None}


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, rules())


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    return path


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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


@pytest.mark.parametrize("form", batch.FORMATS)
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


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _full_after(times: int, real: Callable[..., None]) -> Callable[..., None]:
    left = iter(range(times))

    def write(out: IO[str], record: dict[str, Any]) -> None:
        if next(left, None) is None:
            _full()
        real(out, record)

    return write


@pytest.mark.parametrize("times", [0, 3, len(ROWS), len(ROWS) + 2])
def test_a_full_disk_leaves_nothing(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(batch, "write_record", _full_after(times, batch.write_record))
    with pytest.raises(OSError, match="No space left"):
        book.decide_files([claims], tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("where", ["write_json", "swap"])
def test_a_full_disk_at_the_end_leaves_nothing(
    book: RuleBook,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(batch, where, _full)
    with pytest.raises(OSError, match="No space left"):
        book.decide_files([claims], tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_a_full_disk_while_writing_parquet_leaves_nothing(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(parquet, "_row", _full)
    with pytest.raises(OSError, match="No space left"):
        book.decide_files([claims], tmp_path / "out", form="parquet")
    assert sorted(tmp_path.iterdir()) == before


def test_a_failed_run_leaves_the_output_of_the_one_before(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    monkeypatch.setattr(batch, "write_record", _full_after(3, batch.write_record))
    with pytest.raises(OSError, match="No space left"):
        book.decide_files([claims], out)
    assert _bytes(out) == whole
    assert not _leftovers(tmp_path)


def test_a_rename_that_fails_puts_the_old_output_back(
    book: RuleBook, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(errno.EIO, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="Input/output"):
        book.decide_files([claims], out)
    monkeypatch.undo()
    assert _bytes(out) == whole
    assert not _leftovers(tmp_path)


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    for row in pq.read_table(path).to_pylist():
        if "explanation" in row and set(row) == {"id", "explanation"}:
            found = json.loads(row["explanation"])
            assert found["id"] == row["id"]
            yield found
        else:
            yield {
                name: json.loads(value) if name in JSON_COLUMNS else value
                for name, value in row.items()
            }


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
        flat = FLAT if name == "decisions" else {}
        rows = list(_parquet_rows(tmp_path / "columns" / f"{name}.parquet"))
        assert rows == [{**line, **flat} for line in lines]
    assert _manifest(tmp_path / "lines") == _manifest(tmp_path / "columns")


@pytest.mark.parametrize("form", batch.FORMATS)
def test_a_run_without_a_reject_has_an_empty_file_of_them(
    book: RuleBook, claims: Path, tmp_path: Path, form: str
) -> None:
    claims.write_text(HEAD + ROWS[0] + "\n", encoding="utf-8")
    book.decide_files([claims], tmp_path / "out", form=form)
    path = tmp_path / "out" / f"rejects.{form}"
    found = _parquet_rows(path) if form == "parquet" else records(path)
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
    told: list[int] = []
    book.decide_files([claims], tmp_path / "out", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 8
