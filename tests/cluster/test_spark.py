"""Deciding on Spark comes to the same bytes as deciding here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusters import REQUIRED, Cluster, in_one_process, lacking, standalone
from small_rules import CATALOG, FACTS, GRID, HEAD
from whopays import api

_MISSING = lacking()
pytestmark = pytest.mark.skipif(
    bool(_MISSING) and os.environ.get(REQUIRED) != "required", reason=_MISSING
)
_AREAS = ("inside", "outside", None, "elsewhere")
_CODES = ("99203", "99215", "99999", None)
_CLAIMS = 400
_PARQUET = "--format", "parquet"

_MORE_FACTS = """\
  fact claim_revenue_codes of claim is list of code REV or none
  fact member_id is text
"""
_CLAUSES = """\
exception E to A, A otherwise
  when claim_revenue_codes include REV 0450
  then PLAN
end
limit SL "Stop loss"
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $900.00
  then PLAN 80%, IPA 20%
end
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rules with a limit, and two files of claims with rejects, one without ages."""
    folder = tmp_path_factory.mktemp("claims")
    rules = folder / "rules"
    rules.mkdir()
    facts = FACTS.replace("end", f"{_MORE_FACTS}end")
    text = f"edition 1\n{facts}\n{CATALOG}\n{HEAD}\n{GRID}\n{_CLAUSES}"
    (rules / "k.rules").write_text(text, encoding="utf-8")
    _write(folder / "one.parquet", 0, ages=True)
    _write(folder / "other [2].parquet", 1, ages=False)
    return folder


def _write(path: Path, first: int, *, ages: bool) -> None:
    """Write claims of three lines; some rows have no line, no claim or a bad area."""
    rows: list[dict[str, Any]] = []
    for number in range(first, first + _CLAIMS):
        for at in range(3):
            turn = number * 3 + at
            row: dict[str, Any] = {
                "claim_id": f"C-{number}",
                "line": None if turn % 97 == 5 else str(at + 1),
                "member_id": f"M-{number % 7}",
                "product": "HMO",
                "claim_type": ("professional", "institutional")[number % 2],
                "service_date": f"2025-{number % 12 + 1:02d}-15",
                "procedure_code": _CODES[turn % 4],
                "revenue_code": ("0120", "0450", None)[turn % 3],
                "area": _AREAS[turn // 2 % 4],
                "network": "inside",
                "allowed": f"{turn}.{turn % 100:02d}",
            }
            rows.append({**row, "age": turn % 90} if ages else row)
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=100)


@pytest.fixture(scope="module")
def here(folder: Path) -> Path:
    """Return what a run in this process writes for both files."""
    out = folder / "here"
    book = api.load(folder / "rules")
    book.decide_files(_files(folder), out, form="parquet")
    return out


def _files(folder: Path) -> list[Path]:
    return [folder / "one.parquet", folder / "other [2].parquet"]


@pytest.fixture(scope="module", params=["local", "standalone"])
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("spark")
    if request.param == "local":
        yield in_one_process(folder)
    else:
        with standalone(folder) as found:
            yield found


def test_the_limit_of_these_rules_divides_lines(here: Path) -> None:
    limits = pq.read_table(here / "decisions.parquet").column("limits")
    assert limits.null_count < len(limits)
    assert (here / "balances.jsonl").stat().st_size


def test_a_cluster_writes_what_a_run_here_writes(
    cluster: Cluster, folder: Path, here: Path, tmp_path: Path
) -> None:
    out = tmp_path / "there"
    done = cluster.decide(
        *_files(folder), "--rules", folder / "rules", "-o", out, *_PARQUET
    )
    assert done.returncode == 3, done.stderr
    assert "rejected, see rejects in" in done.stderr
    assert "Traceback" not in done.stderr
    for path in sorted(each for each in here.iterdir() if each.name != "run.json"):
        assert (out / path.name).read_bytes() == path.read_bytes(), path.name
    for worker in cluster.workers:
        assert list(worker.glob("app-*/*")), f"{worker.name} had nothing to do"


def _manifest(out: Path) -> Any:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def test_a_table_is_decided_as_a_file_is(folder: Path, tmp_path: Path) -> None:
    spark = in_one_process(tmp_path / "spark")
    table = f"table:parquet.`{folder / 'one.parquet'}`"
    out = tmp_path / "there"
    done = spark.decide(table, "--rules", folder / "rules", "-o", out, *_PARQUET)
    assert done.returncode == 3, done.stderr
    book, here = api.load(folder / "rules"), tmp_path / "here"
    book.decide_files(_files(folder)[:1], here, form="parquet")
    assert _but_records(out) == _but_records(here)
    assert _manifest(out)["inputs"] == [{"name": table}]


def _but_records(out: Path) -> list[bytes]:
    rows = pq.read_table(out / "decisions.parquet").drop_columns(["record"]).to_pylist()
    return sorted(json.dumps(row, sort_keys=True, default=str).encode() for row in rows)


def test_a_file_that_is_no_table_is_named(folder: Path, tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text("claim_id,line\nC-1,1\n", encoding="utf-8")
    spark = in_one_process(tmp_path / "spark")
    done = spark.decide(claims, "--rules", folder / "rules", "-o", tmp_path / "there")
    assert done.returncode == 2
    assert f"{claims} is no Parquet file" in done.stderr
    assert not (tmp_path / "there").exists()
