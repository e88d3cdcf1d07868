"""A day in the billing office: what each step comes to is added up in plain arithmetic.

`make office` runs it with 10,000 accounts; WHOPAYS_OFFICE_ACCOUNTS says another number.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from command_line import Command, Told
from office_day import PROFILES, Case, amount, cases, document, posted
from whopays.api.office import open_store
from whopays.api.office.used import office_of_store
from whopays.cli.cob.tables import csv_of
from whopays.model.money import dollars, parse_cents
from whopays.office.columns import REPORT

COUNT = int(os.environ.get("WHOPAYS_OFFICE_ACCOUNTS", "200"))
REPORTS = ("favorable", "unfavorable", "exception")
Row = dict[str, str]
Reports = dict[str, list[Row]]
Figures = dict[str, tuple[int, int]]


@dataclass
class Day:
    """The commands of a day, as Ann and Bob type them in the office's folder."""

    whopays: Command
    patch: pytest.MonkeyPatch
    store: str
    files: list[Path]

    def __call__(self, *words: str | Path, user: str = "ann", code: int = 0) -> Told:
        """Run a command; it has to end with `code`."""
        self.patch.setenv("WHOPAYS_USER", user)
        told = self.whopays(*words)
        assert told.code == code, told.err
        return told

    def reports(self) -> Reports:
        """Return the rows of the three reports, as the store has the profiles now."""
        with office_of_store(open_store(self.store), order="as-given") as office:
            found = office.report(self.files).reports
        return {name: _rows(csv_of(REPORT, found.of(name))) for name in REPORTS}

    def printed(self) -> Reports:
        """Return the same, as the commands print them."""
        words = ("--order", "as-given", "--format", "csv")
        return {
            name: _rows(self("cob", "report", name, *self.files, *words).out)
            for name in REPORTS
        }

    def reprice(self, out: str) -> list[dict[str, Any]]:
        """Return what `cob reprice` writes into the folder `out`."""
        words = ("--store", self.store, "--order", "as-given", "-o", out)
        self("cob", "reprice", *self.files, *words)
        lines = (Path(out) / "accounts.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


def _rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


def _sums(rows: Reports) -> Figures:
    """Return accounts and cents of each report."""
    return {
        name: (
            len(each),
            sum(parse_cents(row["expected"]) for row in each if row["expected"]),
        )
        for name, each in rows.items()
    }


def _by_hand(found: Iterable[Case], settings: Mapping[str, tuple[str, str]]) -> Figures:
    """Return the same, worked out here; `settings` are category and method by plan."""
    sums = dict.fromkeys(REPORTS, (0, 0))
    for case in found:
        category, method = settings.get(case.plan, ("exception", ""))
        cents = amount(case, method) if method else None
        name = "exception" if cents is None else category
        accounts, before = sums[name]
        sums[name] = (accounts + 1, before + (cents or 0))
    return sums


def _written(path: Path, documents: Iterable[object]) -> Path:
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    return path


MORNING = {
    "ALDER": ("favorable", "BILLED-LESS-PAID"),
    "BIRCH": ("unfavorable", "ALLOWED-LESS-PAID-CAPPED"),
    "CEDAR": ("unfavorable", "MANUAL"),
}
LOADED = {**MORNING, "DOGWOOD": ("favorable", "OWN-ALLOWED-LESS-PAID")}
EVENING = {**LOADED, "BIRCH": ("unfavorable", "OWN-ALLOWED-LESS-PAID")}


def test_a_day_in_the_office_adds_up_at_each_step(
    whopays: Command, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOPAYS_STORE", place)
    found = cases(COUNT)
    accounts = _written(Path("accounts.jsonl"), map(document, found))
    Path("profiles.yaml").write_text(PROFILES, encoding="utf-8")
    day = Day(whopays, monkeypatch, place, [accounts])

    _profiles_are_loaded(day, found)
    _accounts_are_repriced(day, found)
    after = _payments_are_posted(day, found)
    _a_profile_is_changed(day, after)


def _profiles_are_loaded(day: Day, found: list[Case]) -> None:
    """Import profiles and change many at once: all of it before the switch."""
    day("store", "init", "Mercy Hospital")
    day("store", "add-profiles", "profiles.yaml", "--why", "first load")
    assert _sums(day.reports()) == _by_hand(found, MORNING)
    day("cob", "worklist", *day.files, code=2)

    chosen = ("cob", "profiles", "set", "--where", "payer=Dogwood*")
    bulk = (*chosen, "--reprice", "yes", "--language-category", "favorable")
    dry = day(*bulk, "--dry-run", "--accounts", "accounts.jsonl", "--order", "as-given")
    assert _sums(day.reports()) == _by_hand(found, MORNING)
    day(*bulk, "--why", "Dogwood is ready")
    loaded = _by_hand(found, LOADED)
    assert _sums(day.reports()) == loaded
    assert dollars(loaded["favorable"][1]) in dry.out

    day("store", "facility", "--coordination", "on")
    day(*bulk, "--why", "once more", code=2)
    assert _sums(day.printed()) == loaded


def _accounts_are_repriced(day: Day, found: list[Case]) -> None:
    """Reprice all: results, reports and worklist have the same dollars."""
    loaded = _by_hand(found, LOADED)
    results = day.reprice("repriced")
    assert len(results) == COUNT
    assert _expected(results) == sum(cents for _, cents in loaded.values())
    for name in ("favorable", "unfavorable"):
        asked = ("--language-category", name, "--order", "as-given", "--format", "csv")
        lines = _rows(day("cob", "worklist", *day.files, *asked).out)
        cents = [parse_cents(line["expected"]) for line in lines]
        assert (len(lines), sum(cents)) == loaded[name]
        assert cents == sorted(cents, reverse=True)


def _payments_are_posted(day: Day, found: list[Case]) -> list[Case]:
    """Post payments: a second file adjusts each account, and all is worked out anew."""
    after = [posted(case) for case in found]
    adjusted = (
        document(case, account_id=f"{case.name}-2", adjusts=case.name) for case in after
    )
    before = _expected(day.reprice("before"))
    day.files.append(_written(Path("payments.jsonl"), adjusted))
    reports = day.reports()
    assert _sums(reports) == _by_hand(after, LOADED)

    results = day.reprice("after")[COUNT:]
    now = _expected(results)
    assert now == sum(cents for _, cents in _sums(reports).values())
    assert now != before
    for case, later, result in zip(found, after, results, strict=True):
        moved = result["change"]["payers"][case.plan]["expected_cents"]
        assert moved == _moved(case, later)

    rows = [row for each in reports.values() for row in each]
    told = [parse_cents(row["posted"]) for row in rows if row["posted"]]
    assert sorted(told) == sorted(c.posted for c in after if c.posted is not None)
    for row in rows:
        if row["difference"]:
            left = parse_cents(row["posted"]) - parse_cents(row["expected"])
            assert parse_cents(row["difference"]) == left
    return after


def _moved(case: Case, later: Case) -> int | None:
    """Return by how much the second payer is expected to pay more; None if not known."""
    _, method = LOADED.get(case.plan, ("", "MANUAL"))
    was, now = (amount(each, method) for each in (case, later))
    if was is None or now is None or method == "MANUAL":
        return None
    return now - was


def _a_profile_is_changed(day: Day, after: list[Case]) -> None:
    """Check out, change, check in: the reports differ by this profile, and by no other."""
    before = day.reports()
    day("store", "allow", "bob", "edit")
    day("store", "check-out", "BIRCH", "--reason", "new contract")
    day("store", "check-out", "BIRCH", "--reason", "me too", user="bob", code=2)
    profile = Path("BIRCH") / "profile.yaml"
    said = profile.read_text("utf-8")
    changed = said.replace("ALLOWED-LESS-PAID-CAPPED", "OWN-ALLOWED-LESS-PAID")
    profile.write_text(changed, encoding="utf-8")
    assert day.reports() == before  # not before it is checked in
    day("store", "check-in", "BIRCH", "--why", "the contract of June")

    evening = day.printed()
    assert _sums(evening) == _by_hand(after, EVENING)
    assert _without(evening, "BIRCH") == _without(before, "BIRCH")
    assert evening != before
    log = day("store", "log").out
    assert "Dogwood is ready" in log
    assert "the contract of June" in log
    day("store", "verify")


def _expected(results: Iterable[dict[str, Any]]) -> int:
    """Return the cents expected of second payers by all results together."""
    return sum(
        payer["expected_cents"] or 0
        for each in results
        for payer in each["payers"]
        if payer["position"] == "secondary"
    )


def _without(reports: Reports, plan: str) -> Reports:
    return {
        name: [row for row in rows if row["plan"] != plan]
        for name, rows in reports.items()
    }
