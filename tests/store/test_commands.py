"""`whopays store` as people type it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import Context

from command_line import Command, Told
from whopays.cli.store import command as store_commands
from whopays.office.profile_file import shipped_profiles


@pytest.fixture
def run(
    place: str, whopays: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.setenv("WHOPAYS_STORE", place)
    monkeypatch.setenv("WHOPAYS_USER", "ana")
    monkeypatch.chdir(tmp_path)
    assert whopays("store", "init", "General Hospital").code == 0
    return whopays


def _edit(path: str, old: str, new: str) -> None:
    file = Path(path)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def _ok(told: Told) -> str:
    assert told.code == 0, told.err
    return told.out


def test_a_day_at_the_store(run: Command) -> None:
    _ok(run("store", "facility", "--coordination", "on"))
    added = run("store", "add-profiles", shipped_profiles(), "--why", "first load")
    assert "added 5 profiles" in _ok(added)
    out = run("store", "check-out", "BLUE-PPO", "--reason", "rates")
    assert "is yours until" in _ok(out)
    assert "1 checked out" in _ok(run("store", "list"))
    _edit("BLUE-PPO/profile.yaml", "favorable", "unfavorable")
    done = _ok(run("store", "check-in", "BLUE-PPO", "--why", "page 7"))
    assert "BLUE-PPO is version 2 now" in done
    assert "language_category: favorable → unfavorable" in done
    log = _ok(run("store", "log", "BLUE-PPO"))
    assert "check-in  BLUE-PPO  version 2  page 7" in log
    assert "        language_category: favorable → unfavorable" in log
    restored = run("store", "restore", "BLUE-PPO", "--version", "1", "--why", "no")
    assert "version 3" in _ok(restored)
    shown = _ok(run("store", "show", "BLUE-PPO"))
    assert shown == _ok(run("store", "show", "BLUE-PPO", "--version", "1"))
    verified = _ok(run("store", "verify"))
    assert "7 versions" in verified
    assert "no problems" in verified
    head = verified.splitlines()[-1].removeprefix("head ")
    assert run("store", "verify", "--head", head).code == 0
    assert run("store", "verify", "--head", "0123").code == 1


def test_failed_tests_are_problems_of_the_rules(run: Command) -> None:
    Path("own.rules").write_text(FAILING, encoding="utf-8")

    ran = run("store", "add-contract", "own.rules", "--name", "OWN", "--why", "x")

    assert ran.code == 1
    assert '1 of 1 tests failed: "Half"' in ran.err
    assert "no items" in run("store", "list").out


FAILING = """\
edition 1

methods OWN "Own methods"
  version 1.0
  facts from COB 2026.1
end

method HALF "Half of what is left"
  for secondary
  per claim
  pay 50% * (sum of billed - sum of prior_paid)
end

test "Half"
  method HALF
  given billed $100.00, prior_paid $50.00
  expect pay $24.00
end
"""


def test_the_log_says_whose_change_it_was_and_what_was_checked(run: Command) -> None:
    passing = FAILING.replace("$24.00", "$25.00")
    Path("own.rules").write_text(passing, encoding="utf-8")
    _ok(run("store", "allow", "ben", "approve"))
    _ok(run("store", "facility", "--second-person", "on"))
    _ok(run("store", "add-contract", "own.rules", "--name", "OWN", "--why", "signed"))
    assert "show OWN --waiting" in run("store", "show", "OWN").err
    _ok(run("store", "approve", "OWN", "--user", "ben"))

    *_, approved, new, tests, checked = _ok(run("store", "log", "OWN")).splitlines()

    assert approved.endswith("ben  approve  OWN  version 1  a change by ana  signed")
    assert new.strip() == "new: methods OWN 1.0"
    assert tests.strip() == 'tests new: test "Half"'
    assert checked.strip() == "checked: no warnings, 1 test passed"


def test_records_are_for_programs(run: Command) -> None:
    _ok(run("store", "facility", "--coordination", "on"))
    run("store", "add-profiles", shipped_profiles(), "--why", "first load")
    run("store", "check-out", "UNION-TRUST", "--reason", "rates")

    items = json.loads(_ok(run("store", "list", "--out", "--format", "json")))
    trail = json.loads(_ok(run("store", "log", "--last", "1", "--format", "json")))
    facility = json.loads(_ok(run("store", "facility", "--format", "json")))
    verified = json.loads(_ok(run("store", "verify", "--format", "json")))

    assert [(each["name"], each["version"]) for each in items] == [("UNION-TRUST", 1)]
    assert items[0]["checked_out"]["by"] == "ana"
    assert trail[0]["what"] == "check-out"
    assert trail[0]["more"]["reason"] == "rates"
    assert facility["fully_enabled"] is True
    assert facility["rights"]["ana"] == ["edit", "approve", "calculate", "manage"]
    assert (verified["problems"], verified["head"]) == ([], trail[0]["digest"])


def test_a_second_person_at_the_terminal(run: Command) -> None:
    _ok(run("store", "facility", "--coordination", "on", "--second-person", "on"))
    run("store", "add-profiles", shipped_profiles(), "--why", "first load")

    assert "5 waiting" in _ok(run("store", "list"))
    own = run("store", "approve", "BLUE-PPO")
    assert own.code == 2
    assert "another person" in own.err
    _ok(run("store", "allow", "ben", "approve"))
    told = _ok(run("store", "approve", "BLUE-PPO", "--user", "ben"))
    assert "BLUE-PPO is version 1 now" in told
    assert "secondary: ALLOWED-LESS-PAID-CAPPED" in told
    _ok(run("store", "send-back", "UNION-TRUST", "--why", "?", "--user", "ben"))
    assert "is free" in _ok(run("store", "release", "UNION-TRUST"))
    _ok(run("store", "deny", "ben", "approve"))
    assert run("store", "approve", "GRANITE-HMO", "--user", "ben").code == 2
    assert "secondary" in _ok(run("store", "show", "GRANITE-HMO", "--waiting"))


class TestWrong:
    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        """Return a file: what is told is the same on both databases."""
        return str(tmp_path / "office.db")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("check-out", "NO-SUCH", "--reason", "x"), "the store has no NO-SUCH"),
            (("check-out", "BLUE", "--reason", " "), "--reason needs a few words"),
            (("check-in", "BLUE", "--why", "x"), "no working folder of BLUE"),
            (("show", "NO-SUCH"), "the store has no NO-SUCH"),
            (("log", "NO-SUCH"), "the store has no NO-SUCH"),
            (("init", "Again"), "already"),
            (("list", "--store", "no.db"), "there is no store no.db"),
            (("list", "--store", "mysql://x/y"), "a store is a file, or a database"),
            (
                ("allow", "ben", "--user", "eve", "edit"),
                "eve has not the right `manage`",
            ),
            (("add-contract", ".", "--name", "x y", "--why", "x"), "no name: capitals"),
            (("facility", "--user", " "), "say who you are"),
            (("lst",), "Did you mean `list`?"),
        ],
    )
    def test_what_is_wrong_is_told_in_words(
        self, run: Command, words: tuple[str, ...], told: str
    ) -> None:
        ran = run("store", *words)

        assert ran.code == 2
        assert told in ran.err


@pytest.mark.parametrize("name", store_commands.list_commands(Context(store_commands)))
def test_every_command_has_help(whopays: Command, name: str) -> None:
    told = whopays("store", name, "--help")

    assert told.code == 0
    assert f"whopays store {name}" in told.out


def test_without_the_libraries_it_is_told_what_to_install(
    whopays: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    ran = whopays("store", "list")

    assert ran.code == 2
    assert "pip install 'whopays[store]'" in ran.err
