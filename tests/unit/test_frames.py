"""Tables in memory are decided as files of the same rows are, in and out by Arrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import whopays
from small_rules import book_of, rules
from whopays.api import RuleBook
from whopays.batch.folder import records
from whopays.columns.records import mentioned
from whopays.columns.records import records as of_columns

README = Path(__file__).parents[2] / "README.md"
COLUMNS: dict[str, list[Any]] = {
    "claim_id": ["A", "A", "B", "B", "C", "D", "H"],
    "line": [1, 2, 1, 2, 1, 1, 1],
    "product": ["HMO", "HMO", "HMO", "HMO", "HMO", "MA", "HMO"],
    "service_date": ["2025-03-04"] * 6 + ["not a date"],
    "procedure_code": ["99213", None, "99213", "99213", "99213", "99213", None],
    "revenue_code": [None, "0120", None, None, None, None, "0120"],
    "area": ["inside", "inside", "outside", None, "upstairs", "inside", "inside"],
    "allowed": [100.01, 100.0, -7.77, 50.0, 50.0, 50.0, 0.01],
    "colour": ["red"] * 7,
}
FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pyarrow": pa.table,
    "a batch of pyarrow": pa.record_batch,
    "a reader of pyarrow": lambda made: pa.table(made).to_reader(max_chunksize=2),
    "polars": pl.DataFrame,
    "polars, with categories": lambda made: pl.DataFrame(made).with_columns(
        pl.col("product", "area").cast(pl.Categorical)
    ),
    "pandas": pd.DataFrame,
    "pandas, with categories": lambda made: pd.DataFrame(made).astype(
        {"product": "category"}
    ),
}


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, rules())


def _of_file(book: RuleBook, folder: Path) -> tuple[list[Any], list[Any]]:
    """Return the decisions and rejects of a Parquet file with the same rows."""
    path = folder / "claims.parquet"
    pq.write_table(pa.table(COLUMNS), path)
    book.decide_files([path], folder / "out")
    decisions = list(records(folder / "out/decisions.jsonl"))
    rejects = list(records(folder / "out/rejects.jsonl"))
    return decisions, rejects


def _told(found: whopays.DecidedFrame) -> list[Any]:
    import json  # noqa: PLC0415

    explained = {
        each["id"]: mentioned(json.loads(each["explanation"]))
        for each in found.explanations.to_pylist()
    }
    return list(of_columns(found.decisions, explained.__getitem__))


@pytest.mark.parametrize("library", FRAMES)
def test_a_table_of_any_library_is_decided_as_a_file_is(
    book: RuleBook, tmp_path: Path, library: str
) -> None:
    decisions, rejects = _of_file(book, tmp_path)
    found = whopays.decide_frame(FRAMES[library](COLUMNS), book)
    assert _told(found) == decisions
    assert [
        {**each, "file": "claims.parquet"} for each in found.rejects.to_pylist()
    ] == rejects
    assert len(found) == 5
    assert len(rejects) == 2
    assert found.notes == (
        "no fact of a line or claim is called `colour`: ignored once",
    )


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_the_size_of_chunks_changes_nothing(book: RuleBook, chunk: int) -> None:
    whole = whopays.decide_frame(pa.table(COLUMNS), book)
    found = whopays.decide_frame(pa.table(COLUMNS), book, chunk=chunk)
    assert found.decisions.to_pylist() == whole.decisions.to_pylist()
    assert found.explanations.equals(whole.explanations)
    assert found.rejects.equals(whole.rejects)


def test_polars_and_pandas_take_what_comes_of_it(book: RuleBook) -> None:
    found = whopays.decide_frame(pl.DataFrame(COLUMNS), book)
    cents = [row["amount_cents"] for row in found.decisions.to_pylist()]
    frame: Any = pl.from_arrow(found.decisions)
    assert frame["amount_cents"].to_list() == cents
    assert pl.DataFrame(found)["claim_id"].to_list() == ["A", "A", "B", "B", "D"]
    assert found.decisions.to_pandas()["line"].tolist() == ["1", "2", "1", "2", "1"]
    assert pl.DataFrame(found.rejects).height == 2
    assert set(pl.DataFrame(found)["explanation"]) == set(
        pl.DataFrame(found.explanations)["id"]
    )


def test_rules_are_named_by_their_path_too(tmp_path: Path) -> None:
    path = tmp_path / "r.rules"
    path.write_text(rules(), encoding="utf-8")
    found = whopays.decide_frame(pa.table(COLUMNS), path, engine="reference")
    assert len(found) == 5


def test_an_empty_table_has_no_decisions(book: RuleBook) -> None:
    found = whopays.decide_frame(pa.table(COLUMNS).slice(0, 0), book)
    assert (len(found), found.rejects.num_rows, found.explanations.num_rows) == (
        0,
        0,
        0,
    )


def test_what_can_not_be_used_is_told(book: RuleBook) -> None:
    with pytest.raises(whopays.DiagnosticError, match=r"M010.*`claim_id`"):
        whopays.decide_frame(pa.table({"line": ["1"]}), book)
    with pytest.raises(whopays.DiagnosticError, match=r"M014.*`allowed` of a table"):
        whopays.decide_frame(
            pa.table({"claim_id": ["A"], "line": ["1"], "allowed": [{"a": 1}]}), book
        )
    with pytest.raises(TypeError, match="a list is no table"):
        whopays.decide_frame([1], book)
    with pytest.raises(TypeError, match="collect"):
        whopays.decide_frame(pl.DataFrame(COLUMNS).lazy(), book)
    with pytest.raises(ValueError, match="of the rule book"):
        whopays.decide_frame(pa.table(COLUMNS), book, contract="K")
    with pytest.raises(ValueError, match="one row"):
        whopays.decide_frame(pa.table(COLUMNS), book, chunk=0)


def test_the_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(
        r"```python\n([^`]*decide_frame[^`]*)```", README.read_text("utf-8")
    )
    (tmp_path / "sunrise.rules").write_text(rules(), encoding="utf-8")
    pq.write_table(pa.table(COLUMNS), tmp_path / "claims.parquet")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own example
    assert "status" in capsys.readouterr().out
