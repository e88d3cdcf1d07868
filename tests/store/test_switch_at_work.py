"""What the switch of a facility brings, at the commands: reports, worklist, accounts, ad hoc."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Command
from office import document, first
from own_methods import OWN

PROFILES = """\
profiles:
  BLUE:
    payer: Blue Shield
    secondary: BILLED-LESS-PAID
    language_category: favorable
    reprice: yes
  RED:
    payer: Red
"""
GIVEN = ("--order", "as-given")


class Office:
    """A folder with a store, its profiles and two accounts."""

    def __init__(
        self, whopays: Command, patch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        self.whopays = whopays
        self.patch = patch
        self.store = folder / "office.db"
        self.accounts = folder / "a.jsonl"
        self.one = folder / "one.json"
        documents = [document("A", first(), "BLUE"), document("B", first(), "RED")]
        self.accounts.write_text("\n".join(map(json.dumps, documents)), "utf-8")
        self.one.write_text(json.dumps(documents[0]), encoding="utf-8")
        (folder / "p.yaml").write_text(PROFILES, encoding="utf-8")
        self.must("store", "init", "Mercy")
        self.must("store", "add-profiles", folder / "p.yaml", "--why", "first load")

    def must(self, *words: str | Path) -> str:
        told = self.whopays(*words)
        assert told.code == 0, told.err
        return told.out

    def refused(self, *words: str | Path) -> str:
        told = self.whopays(*words)
        assert told.code == 2, told.out
        return " ".join(told.err.split())

    def be(self, user: str) -> None:
        """Let another person sit down."""
        self.patch.setenv("WHOPAYS_USER", user)

    def switch(self, *words: str) -> None:
        self.must("store", "facility", *words)


@pytest.fixture
def office(whopays: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOPAYS_STORE", str(tmp_path / "office.db"))
    monkeypatch.setenv("WHOPAYS_USER", "ann")
    return Office(whopays, monkeypatch, tmp_path)


def test_before_the_switch_results_stand_in_the_reports_alone(office: Office) -> None:
    report = office.must("cob", "report", "favorable", office.accounts, *GIVEN)
    settled = office.refused("cob", "settle", office.one, "--store", office.store)
    repriced = office.refused(
        *("cob", "reprice", office.one, "--store", office.store, "-o", "out")
    )
    worklist = office.refused("cob", "worklist", office.accounts, *GIVEN)

    assert "$400.00" in report
    assert "they stand in the reports alone" in settled
    assert "they stand in the reports alone" in repriced
    assert "comes with coordination fully enabled" in worklist
    assert not Path("out").exists()


def test_after_the_switch_they_are_shown_on_accounts_and_in_the_worklist(
    office: Office,
) -> None:
    office.switch("--coordination", "on")

    assert "$400.00" in office.must(
        "cob", "settle", office.one, "--store", office.store, *GIVEN
    )
    assert "$400.00" in office.must("cob", "worklist", office.accounts, *GIVEN)
    assert "$400.00" in office.must(
        "cob", "report", "favorable", office.accounts, *GIVEN
    )


def test_a_facility_that_makes_no_reports_has_none(office: Office) -> None:
    office.switch("--reports", "off")

    said = office.refused("cob", "report", "exception", office.accounts, *GIVEN)

    assert "this facility does not make the reports" in said


@pytest.mark.parametrize(
    ("settings", "user", "begins", "refused"),
    [
        ((), "ann", (), "has not enabled ad hoc"),
        (("--ad-hoc", "on"), "ann", (), ""),
        (("--ad-hoc", "on"), "ann", ("--from", "BLUE"), ""),
        (("--ad-hoc", "on"), "bob", (), "needs the right `calculate`"),
        (("--coordination", "on"), "ann", (), ""),
        (("--coordination", "on"), "ann", ("--from", "FIRST"), ""),
        (("--coordination", "on"), "ann", ("--from", "BLUE"), "this one is secondary"),
        (("--coordination", "on"), "bob", (), "needs the right `calculate`"),
    ],
)
def test_ad_hoc_calculation_follows_the_switch_and_the_rights(
    office: Office,
    settings: tuple[str, ...],
    user: str,
    begins: tuple[str, ...],
    refused: str,
) -> None:
    if settings:
        office.switch(*settings)
    office.be(user)
    words: tuple[str, ...]
    words = ("cob", "calculate", str(office.one), "--store", str(office.store))
    words = (*words, *GIVEN, *begins)

    if refused:
        assert refused in office.refused(*words)
    else:
        assert "STANDARD-PRIMARY" in office.must(*words)


def test_an_ad_hoc_calculation_is_stored_nowhere_and_on_no_report(
    office: Office,
) -> None:
    office.switch("--ad-hoc", "on")
    log = office.must("store", "log")
    report = office.must("cob", "report", "favorable", office.accounts, *GIVEN)

    office.must("cob", "calculate", office.one, "--store", office.store, *GIVEN)

    assert office.must("store", "log") == log
    assert office.must("cob", "report", "favorable", office.accounts, *GIVEN) == report


BULK = ("cob", "profiles", "set", "--all", "--reprice", "no", "--why", "a test")


def test_a_bulk_update_of_the_store_is_kept_with_its_why(office: Office) -> None:
    said = office.must(*BULK)

    assert "2 profiles changed" in said
    assert office.must("store", "log").count("a test") == 2
    assert "reprice: no" in office.must("store", "show", "RED")


def test_a_dry_run_changes_nothing_in_the_store(office: Office) -> None:
    log = office.must("store", "log")

    office.must(*BULK[:-2], "--dry-run")

    assert office.must("store", "log") == log


@pytest.mark.parametrize(
    ("prepared", "said"),
    [
        (("store", "facility", "--coordination", "on"), "check out, edit, check in"),
        (("store", "facility", "--second-person", "on"), "second person"),
        (("store", "check-out", "RED", "--reason", "mine"), "RED"),
    ],
)
def test_a_bulk_update_is_refused_as_a_whole(
    office: Office,
    prepared: tuple[str, ...],
    said: str,
) -> None:
    office.must("store", "allow", "bob", "edit")
    office.must(*prepared)
    log = office.must("store", "log")
    office.be("bob")

    assert said in office.refused(*BULK)
    assert office.must("store", "log") == log


def test_methods_of_contracts_in_the_store_are_used(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "own.rules").write_text(OWN, encoding="utf-8")
    office.must("store", "add-contract", "own.rules", "--name", "OWN", "--why", "ours")

    office.must(
        *("cob", "profiles", "set", "--where", "id=BLUE"),
        "--method",
        "HALF",
        "--why",
        "x",
    )

    assert "$200.00" in office.must(
        "cob", "report", "favorable", office.accounts, *GIVEN
    )


def test_without_profiles_and_without_a_store_it_is_told_what_to_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WHOPAYS_STORE")

    said = office.refused("cob", "report", "favorable", office.accounts)
    both = office.refused(
        *("cob", "report", "favorable", office.accounts),
        *("--profiles", "p.yaml", "--store", office.store),
    )

    assert "--profiles FILE" in said
    assert "give one of the two" in both
