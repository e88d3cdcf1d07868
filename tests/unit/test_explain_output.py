"""An output folder explains its decisions itself, in the words of `explain` of the claims."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from command_line import Command
from small_rules import HEAD, book_of, rules
from whopays.api import load
from whopays.batch import parquet

WAYS: dict[str, tuple[str, ...]] = {
    "jsonl": (),
    "parquet": ("--format", "parquet"),
    "months": ("--format", "parquet", "--partition-by", "month"),
}
ROWS = """\
claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed
A-1,1,HMO,2025-03-04,99213,,inside,100.01
A-1,2,HMO,2025-04-04,,0120,inside,100.00
A-1,3,HMO,not a date,,0120,inside,1.00
“B” 2,1,HMO,2025-03-04,99213,,,1.00
00C,1,MA,2025-03-04,99213,,,1.00
"""


@pytest.fixture(params=WAYS)
def out(
    request: pytest.FixtureRequest,
    whopays: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Return the output of the small claims, one of each way to write it."""
    monkeypatch.setattr(parquet, "_ROWS", 2)
    named = HEAD.replace('"The group"', '"The „group“"')
    book_of(tmp_path, rules(head=named))
    (tmp_path / "claims.csv").write_text(ROWS, "utf-8")
    told = whopays(
        *("decide", tmp_path / "claims.csv", "--rules", tmp_path / "rules"),
        *("-o", tmp_path / "out", "--chunk", "2"),
        *WAYS[request.param],
    )
    assert told.code == 3, told.err
    return tmp_path / "out"


@pytest.mark.parametrize("form", ["sentence", "tree", "json"])
@pytest.mark.parametrize("more", [(), ("--line", "1"), ("--why-not", "IPA")])
def test_it_says_what_explain_says_of_the_claim(
    whopays: Command, out: Path, form: str, more: tuple[str, ...]
) -> None:
    rules_too = ("--rules", out.parent / "rules")
    shutil.move(out, out.parent / "elsewhere")
    for claim in ("“B” 2", "00C", "A-1"):
        asked = ("--claim", claim, "--format", form, *more)
        of_claims = whopays("explain", out.parent / "claims.csv", *rules_too, *asked)
        of_output = whopays("explain", out.parent / "elsewhere", *asked)
        assert of_output.out == of_claims.out
        assert of_output.out


def test_the_page_is_that_of_the_claim(whopays: Command, out: Path) -> None:
    asked = ("--claim", "A-1", "--line", "2", "--format", "html")
    rules_too = ("--rules", out.parent / "rules")
    of_claims = whopays("explain", out.parent / "claims.csv", *rules_too, *asked)
    assert whopays("explain", out, *asked).out == of_claims.out
    assert "bears" in of_claims.out


def test_every_sample_claim_is_told_alike(
    whopays: Command, root: Path, tmp_path: Path
) -> None:
    folder = root / "rulesets/contracts/riverbend-commercial"
    book = load(folder, engine="reference")
    names = sorted((folder / "claims").glob("*.json"))
    book.decide_files([folder / "claims/*.json"], tmp_path / "out", form="parquet")
    for path in names:
        claim = re.findall(r'"claim_id": "([^"]+)"', path.read_text("utf-8"))[0]
        told = whopays("explain", tmp_path / "out", "--claim", claim).out
        (read,) = book.read(path)
        expected = [each.explain("tree") for each in book.decide(read)]  # type: ignore[arg-type]
        assert told == "\n".join(expected) + "\n"


def test_what_a_limit_counted_is_told(whopays: Command, tmp_path: Path) -> None:
    limit = (
        'limit SL "Stop loss"\n  cites "§6.4"\n  applies to shares of IPA\n'
        "  counts allowed\n  per member per contract year\n"
        "  first IPA up to $100.00\n  then PLAN 80%, IPA 20%\nend\n"
    )
    book_of(tmp_path, rules(limit))
    head, *rows = ROWS.splitlines()
    rows = [f"{head},member_id", *(f"{row},M" for row in rows if row.startswith("A"))]
    (tmp_path / "claims.csv").write_text("\n".join(rows), "utf-8")
    rules_too = ("--rules", tmp_path / "rules")
    ways = ("--format", "parquet", "-o", tmp_path / "out")
    whopays("decide", tmp_path / "claims.csv", *rules_too, *ways)
    of_claims = whopays(
        "explain", tmp_path / "claims.csv", *rules_too, "--claim", "A-1"
    )
    told = whopays("explain", tmp_path / "out", "--claim", "A-1")
    assert told.out == of_claims.out
    assert "Limit SL (§6.4) counts $100.01, and goes from $0.00 to $100.01" in told.out


def test_a_rejected_line_is_told_with_its_reason(whopays: Command, out: Path) -> None:
    told = whopays("explain", out, "--claim", "A-1", "--line", "3")
    assert told.code == 3
    assert told.out == ""
    assert told.err == (
        "rejected: claims.csv, record 4: service_date is not a date such as 2026-03-04\n"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("A-9",), "there is no claim A-9 in this output"),
        (("a 1",), "there is no claim a 1 in this output; did you mean A-1?"),
        (("C",), "there is no claim C in this output; did you mean 00C?"),
        (
            ("A-1", "--line", "9"),
            "claim A-1 has no line 9 in this output; it has 1, 2, 3",
        ),
    ],
)
def test_what_is_not_there_is_told(
    whopays: Command, out: Path, asked: tuple[str, ...], said: str
) -> None:
    told = whopays("explain", out, "--claim", *asked)
    assert (told.code, told.out, told.err) == (2, "", f"error: {said}\n")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "Name the claim in this output, by `--claim`."),
        (("--claim", "A-1", "--rules", "r"), "leave out `--rules`"),
        (("--claim", "A-1", "--what-would-change"), "leave out `--what-would-change`"),
        (
            ("--claim", "A-1", "--why-not", "PLANN"),
            "no party `PLANN`. Did you mean `PLAN`",
        ),
    ],
)
def test_what_makes_no_sense_of_an_output_is_refused(
    whopays: Command, out: Path, more: tuple[str, ...], said: str
) -> None:
    told = whopays("explain", out, *more)
    assert told.code == 2
    assert said in told.err


def test_a_folder_of_something_else_is_told(whopays: Command, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "my app"}', "utf-8")
    told = whopays("explain", tmp_path, "--claim", "A")
    assert told.code == 2
    assert "is not the manifest of a run of `whopays decide`" in told.err


def test_of_a_large_output_only_what_may_have_the_claim_is_read(
    book_of_many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    real = pq.ParquetFile.read_row_group

    def read_row_group(self: pq.ParquetFile, group: int, **more: Any) -> Any:
        read.append(group)
        return real(self, group, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", read_row_group)
    table = parquet.rows_of(book_of_many, {"claim_id": "C-07", "line": "1"})
    assert table.column("claim_id").to_pylist() == ["C-07"]
    assert set(read) == {3}
    assert parquet.rows_of(book_of_many, {"claim_id": "D"}) is None


@pytest.fixture
def book_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return decisions of ten claims, two in each row group."""
    monkeypatch.setattr(parquet, "_ROWS", 2)
    head = ROWS.splitlines()[0]
    rows = (f"C-{at:02d},1,HMO,2025-03-04,99213,,inside,1.00" for at in range(10))
    (tmp_path / "claims.csv").write_text("\n".join((head, *rows)), "utf-8")
    book = book_of(tmp_path, rules())
    book.decide_files([tmp_path / "claims.csv"], tmp_path / "out", form="parquet")
    return tmp_path / "out/decisions.parquet"
