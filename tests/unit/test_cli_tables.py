"""`whopays decide` and the tables that it fills: its worker, its shadow, what it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import Command
from planted_faults import dropped_conjunct
from small_rules import rules
from whopays.engines.filling import Filler

CLAIM = {
    "claim_id": "C-1",
    "product": "HMO",
    "service_date": "2026-03-04",
    "lines": [
        {"line": "1", "procedure_code": "99213", "area": "inside", "allowed": "10.00"}
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with rules and a claim; the user's cache folder is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "small.rules").write_text(rules(), encoding="utf-8")
    (tmp_path / "claim.json").write_text(json.dumps(CLAIM), encoding="utf-8")
    return tmp_path


def decided(whopays: Command, folder: Path, *more: str) -> dict[str, Any]:
    """Decide the claim and return what run.json says of tables."""
    claim, rules_ = str(folder / "claim.json"), str(folder / "small.rules")
    out = folder / "out"
    ran = whopays("decide", claim, "--rules", rules_, "-o", str(out), *more)
    assert ran.code == 0, ran.err
    (line,) = (out / "decisions.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == "decided"
    found: dict[str, Any] = json.loads((out / "run.json").read_text())["tables"]
    return found


def test_tables_are_filled_by_the_worker_and_shadowed(
    whopays: Command, folder: Path
) -> None:
    found = decided(whopays, folder)

    entries = found["entries"]
    assert found["engine"] == "durable"
    assert found["shadow"] == "all"
    assert entries["filled"] == entries["by_engine"] == entries["shadowed"] > 2
    assert found["incidents"] == found["notes"] == []


def test_a_second_run_fills_nothing(whopays: Command, folder: Path) -> None:
    first, second = decided(whopays, folder), decided(whopays, folder)

    assert second["entries"]["filled"] == 0
    assert second["entries"]["from_disk"] == first["entries"]["filled"]
    assert list((folder / "cache" / "whopays").glob("table-*.held"))


def test_no_cache_keeps_nothing(whopays: Command, folder: Path) -> None:
    decided(whopays, folder, "--no-cache")

    assert not list((folder / "cache").rglob("table-*"))


def test_a_folder_of_ones_own_may_be_named(whopays: Command, folder: Path) -> None:
    decided(whopays, folder, "--cache", str(folder / "mine" / "tables"))

    assert list((folder / "mine" / "tables").glob("table-*.held"))
    assert not list((folder / "cache").rglob("table-*"))


def test_a_folder_that_others_can_write_is_refused(
    whopays: Command, folder: Path
) -> None:
    shared = folder / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    claim, rules_ = str(folder / "claim.json"), str(folder / "small.rules")

    ran = whopays(
        *("decide", claim, "--rules", rules_, "-o", str(folder / "out")),
        *("--cache", str(shared)),
    )

    assert ran.code == 2
    assert "others can write into this folder" in ran.err
    assert not (folder / "out").exists()


def test_a_damaged_table_is_told(whopays: Command, folder: Path) -> None:
    filled = decided(whopays, folder)["entries"]["filled"]
    damaged = next((folder / "cache" / "whopays").glob("table-*.held"))
    damaged.write_bytes(damaged.read_bytes()[:-1])

    found = decided(whopays, folder)

    assert 0 < found["entries"]["filled"] < filled
    assert "filled anew" in found["notes"][0]


def test_what_a_failed_worker_did_not_answer_is_told_with_its_explanations(
    whopays: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = decided(whopays, folder)
    decisions = (folder / "out" / "decisions.jsonl").read_text()
    monkeypatch.setattr("whopays.engines.worker.sys.executable", "/bin/false")

    found = decided(whopays, folder, "--no-cache")

    assert right["explanations"] == []
    assert (folder / "out" / "decisions.jsonl").read_text() == decisions
    assert found["entries"]["by_engine"] == 0
    assert found["entries"]["by_evaluation"] == found["entries"]["filled"]
    assert "the worker is given up" in found["incidents"][-1]["what"]
    assert found["explanations"] == [json.loads(decisions)["explanation"]]
    told = whopays("explain", str(folder / "out"), "--claim", "C-1")
    assert "durable-rules failed in this run" in told.err


def test_what_went_wrong_is_told_by_the_run_that_goes_on(
    whopays: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = {**CLAIM, "claim_id": "C-2"}
    (folder / "second.json").write_text(json.dumps(second), encoding="utf-8")
    words = (
        *("decide", str(folder / "claim.json"), str(folder / "second.json")),
        *("--rules", str(folder / "small.rules"), "-o", str(folder / "out")),
        *("--no-cache", "--chunk", "1"),
    )
    with monkeypatch.context() as broken:
        broken.setattr("whopays.engines.worker.sys.executable", "/bin/false")
        broken.setattr(Filler, "report", _stopping(Filler.report))
        assert whopays(*words).code == 2

    assert whopays(*words, "--resume").code == 0

    about = json.loads((folder / "out" / "run.json").read_text())
    assert about["tables"]["incidents"] == []
    (earlier,) = about["tables_of_earlier_runs"]
    assert "the worker is given up" in earlier["incidents"][-1]["what"]
    told = whopays("explain", str(folder / "out"), "--claim", "C-1")
    assert "durable-rules failed in this run" in told.err


def _stopping(right: Callable[[Filler], Any]) -> Callable[[Filler], Any]:
    """Return what reports once, and then finds the disk full."""
    asked: list[Filler] = []

    def report(made: Filler) -> Any:
        asked.append(made)
        if len(asked) > 1:
            raise OSError(28, "No space left on device")
        return right(made)

    return report


@pytest.mark.parametrize("word", ["some", "0", "-1", "1.5", "9" * 5000])
def test_another_word_for_the_shadow_is_refused(
    whopays: Command, folder: Path, word: str
) -> None:
    claim, rules_ = str(folder / "claim.json"), str(folder / "small.rules")

    ran = whopays(
        *("decide", claim, "--rules", rules_, "-o", str(folder / "out")),
        *("--shadow", word),
    )

    assert ran.code == 2
    assert "is not all, off, or a number" in ran.err


def test_a_disagreement_stops_the_run_and_writes_nothing(
    whopays: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "exception X-1 to A\n  when area is inside and network is inside\n"
    text = f"{rules()}{rule}  then PLAN\nend\n"
    (folder / "small.rules").write_text(text, encoding="utf-8")
    claim, rules_ = str(folder / "claim.json"), str(folder / "small.rules")
    dropped_conjunct(monkeypatch)

    ran = whopays(
        *("decide", claim, "--rules", rules_, "-o", str(folder / "out")),
    )

    assert ran.code == 4
    assert "the engine and the reference disagree about entry" in ran.err
    assert "X-1" in ran.err
    assert not (folder / "out").exists()
    assert not list((folder / "cache").rglob("table-*.held"))
