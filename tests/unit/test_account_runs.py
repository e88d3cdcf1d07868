"""A run over files of accounts: nothing is lost, nothing half-written, nothing told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from command_line import Command
from small_rules import written_rules
from whopays.api.account_book import AccountBook
from whopays.api.accounts import load_accounts

HELD = "Xq7"  # what a field of an account holds
HEADER = "account_id,line,plan,method,billed,paid,plan.since\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    return written_rules(tmp_path / "rules", f"{FACTS}\n{METHODS}\n{ORDER}")


@pytest.fixture
def whopays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command(capsys, monkeypatch)


def _account(name: str = "A-1", **more: Any) -> dict[str, Any]:
    lines = [{"line": "1", "billed": "100.00"}]
    coverages = [{"plan": "ALPHA", "amounts": {"paid": "70.00"}}]
    return {"account_id": name, "lines": lines, "coverages": coverages, **more}


def _rejects(out: Path) -> list[dict[str, Any]]:
    text = (out / "rejects.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_an_account_that_a_file_before_gave_is_rejected_and_names_that_file(
    rules: Path, tmp_path: Path
) -> None:
    one = written(tmp_path, "one.jsonl", json.dumps(_account()))
    two = written(tmp_path, "two.csv", f"{HEADER}A-1,1,,,5.00,,\nA-1,,P,,,1.00,\n")
    book = load_accounts(rules, engine="reference")

    book.reprice_files([one, two], tmp_path / "out")

    (reject,) = _rejects(tmp_path / "out")
    assert reject["file"] == str(two)
    assert reject["reason"] == "was given before in one.jsonl, at line 1"


def test_rows_of_no_account_are_rejected_each(rules: Path, tmp_path: Path) -> None:
    table = (
        f"{HEADER},1,,,5.00,,\n,2,,,6.00,,\nA-1,1,,,1.00,,\nA-1,,P,,,1.00,\n,,,,,9\n"
    )
    book = load_accounts(rules, engine="reference")

    counts, _ = book.reprice_files(
        [written(tmp_path, "a.csv", table)], tmp_path / "out"
    )

    rejects = _rejects(tmp_path / "out")
    assert [each["record"] for each in rejects] == [2, 3, 6]
    assert (counts["accounts"], counts["rejects"]) == (4, 3)


def test_the_manifest_counts_what_was_read_of_each_file_and_all_of_it_is_somewhere(
    rules: Path, tmp_path: Path
) -> None:
    lines = [_account(), {"account_id": "A-9"}, {"account_id": "R", "reverses": "A-7"}]
    one = written(tmp_path, "one.jsonl", "\n".join(map(json.dumps, lines)))
    two = written(tmp_path, "two.jsonl", f"{json.dumps(_account('A-2'))}\n[")
    book = load_accounts(rules, engine="reference")

    counts, _ = book.reprice_files([one, two], tmp_path / "out")

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    read = [(each["accounts"], each["rejects"]) for each in manifest["inputs"]]
    assert read == [(2, 1), (1, 1)]
    # The account that is to be reversed is not there: one more reject.
    assert (counts["accounts"], counts["rejects"]) == (5, 3)
    assert len((tmp_path / "out" / "accounts.jsonl").read_text().splitlines()) == 2


def test_a_run_that_fails_leaves_the_output_of_the_run_before_and_nothing_else(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "a.json", json.dumps(_account()))
    book = load_accounts(rules, engine="reference")
    book.reprice_files([file], tmp_path / "out")
    before = {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}
    there = {each.name for each in tmp_path.iterdir()}

    def fails(_: AccountBook, __: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(AccountBook, "reprice", fails)
    with pytest.raises(KeyboardInterrupt):
        book.reprice_files([file], tmp_path / "out")

    assert {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()} == (
        before
    )
    assert {each.name for each in tmp_path.iterdir()} == there


def test_a_file_without_a_good_header_is_noticed_before_anything_is_written(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    good = written(tmp_path, "a.json", json.dumps(_account()))
    bad = written(tmp_path, "b.csv", "account,line\nA,1\n")

    told = whopays(
        "cob", "reprice", good, bad, "--rules", rules, "-o", tmp_path / "out"
    )

    assert told.code == 1
    assert "has no column `account_id`" in told.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"lines": [{"billed": HELD}]},
        {"lines": [{"line": HELD, "billed": HELD}]},
        {"service_date": HELD},
        {"patient": {"is_child": HELD}},
        {"patient": HELD},
        {"coverages": [{"plan": "P", "facts": {"kind": HELD}}]},
        {"coverages": [{"plan": "P", "amounts": {"paid": f"-{HELD}"}}]},
        {"coverages": [{"plan": "P", "lines": [{"line": HELD}]}]},
        {"coverages": [{"plan": "P", "balances": {"reserve_left": [HELD]}}]},
        {"coverages": [{"plan": "P", "facts": {"size": [{"from": HELD}]}}]},
        {"coverages": HELD},
    ],
)
def test_what_an_account_holds_is_in_no_message(
    whopays: Command, rules: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    file = written(tmp_path, "a.json", json.dumps(_account(**change)))
    out = tmp_path / "out"

    runs = [
        whopays("cob", "reprice", file, "--rules", rules, "-o", out),
        whopays("cob", "settle", file, "--rules", rules),
        whopays("cob", "calculate", file, "--rules", rules),
    ]

    assert [run.code for run in runs] == [3, 3, 3]
    assert not any(HELD in run.out + run.err for run in runs)
    assert HELD not in (out / "rejects.jsonl").read_text()
