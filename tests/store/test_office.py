"""A person at the store: working folders, checks and tests before anything is kept."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from stores import Clock, Office
from whopays.api.office import Desk, Store, open_store
from whopays.api.office.contents import unpacked
from whopays.diagnostics import DiagnosticError
from whopays.office import Facility, Profile
from whopays.store import StoreError
from whopays.syntax.files import replace_text

PROFILES = """\
profiles:
  BLUE:
    title: Blue Shield PPO
    secondary: NON-DUPLICATION
    language_category: favorable
    reprice: yes
  RED:
    secondary: MANUAL
"""
RULES = """\
edition 1

methods OWN "Own methods"
  version 1.0
  facts from COB 2026.1
end

# What the contract of 2026 says.
method HALF "Half of what is left"
  for secondary
  per claim
  pay 50% * (sum of billed - sum of prior_paid)
    not below $0.00
end

test "Half of the rest"
  method HALF
  given billed $100.00, prior_paid $50.00
  expect pay $25.00
end
"""


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Return a file: what is tested here is the same on both databases."""
    return str(tmp_path / "office.db")


@pytest.fixture
def ana(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return ana at a store with two profiles and a contract with a method."""
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(PROFILES, encoding="utf-8")
    Path("own.rules").write_text(RULES, encoding="utf-8")
    desk = Desk(store, "ana")
    desk.add_profiles(Path("p.yaml"), "first load")
    desk.add_contract(Path("own.rules"), "OWN", "signed")
    return desk


def _edit(path: str, old: str, new: str) -> None:
    file = Path(path)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_checked_out_edited_and_checked_in_is_the_next_version(
    ana: Desk,
) -> None:
    ana.check_out("BLUE", "rates")
    _edit("BLUE/profile.yaml", "favorable", "unfavorable")
    _edit("BLUE/profile.yaml", "profiles:", "# of 2026\nprofiles:")

    done = ana.check_in("BLUE", "less is collected")

    version, _ = ana.store.version("BLUE")
    assert done.number == 2
    assert version.verdict.difference == ("language_category: favorable → unfavorable",)
    assert not Path("BLUE/.whopays").exists()
    ana.check_out("BLUE", "look", Path("again"))
    assert "# of 2026" in Path("again/profile.yaml").read_text("utf-8")


def test_comments_and_layout_are_kept_and_are_no_difference(ana: Desk) -> None:
    ana.check_out("OWN", "layout")
    _edit("OWN/own.rules", "  for secondary\n", "\n   for   secondary # only\n")

    ana.check_in("OWN", "layout")

    assert ana.store.version("OWN")[0].verdict.difference == ()


def test_a_contract_is_checked_and_tested_and_told_what_differs(ana: Desk) -> None:
    ana.check_out("OWN", "rate")
    _edit("OWN/own.rules", "50%", "40%")

    with pytest.raises(StoreError, match='1 of 1 tests failed: "Half of the rest"'):
        ana.check_in("OWN", "rate")
    assert ana.store.item("OWN").check_out is not None
    _edit("OWN/own.rules", "$25.00", "$20.00")
    ana.check_in("OWN", "rate")

    verdict = ana.store.version("OWN")[0].verdict
    assert verdict.checks == {"errors": 0, "warnings": 0, "tests": 1}
    assert verdict.difference == (
        "in methods OWN 1.0",
        '  changed: method HALF "Half of what is left"',
        "    - pay 50% * (sum of billed - sum of prior_paid)",
        "    + pay 40% * (sum of billed - sum of prior_paid)",
        'tests changed: test "Half of the rest"',
    )


def test_a_contract_with_an_error_is_not_kept(ana: Desk) -> None:
    ana.check_out("OWN", "rate")
    _edit("OWN/own.rules", "prior_paid)", "prior_payd)")

    with pytest.raises(DiagnosticError) as caught:
        ana.check_in("OWN", "rate")

    assert "own.rules" in caught.value.diagnostics[0].labels[0].span.source.name
    assert ana.store.item("OWN").current == 1


def test_profiles_may_name_methods_of_contracts_in_the_store(ana: Desk) -> None:
    ana.check_out("RED", "own method")
    _edit("RED/profile.yaml", "MANUAL", "HALF")
    assert ana.check_in("RED", "own method").number == 2

    ana.check_out("OWN", "rename")
    _edit("OWN/own.rules", "HALF", "THIRD")
    with pytest.raises(StoreError, match="profile RED could not be used any more"):
        ana.check_in("OWN", "rename")


def test_an_unknown_method_is_told_with_its_line_and_nothing_is_kept(ana: Desk) -> None:
    ana.check_out("RED", "rates")
    _edit("RED/profile.yaml", "MANUAL", "MANUEL")

    with pytest.raises(DiagnosticError) as caught:
        ana.check_in("RED", "rates")

    (told,) = caught.value.diagnostics
    assert (told.code, told.help) == ("M050", "did you mean `MANUAL`?")
    assert ana.store.item("RED").current == 1


def test_a_file_holds_the_profile_that_was_checked_out_alone(ana: Desk) -> None:
    ana.check_out("RED", "rates")
    _edit("RED/profile.yaml", "  RED:", "  GREEN:")

    with pytest.raises(DiagnosticError) as caught:
        ana.check_in("RED", "rates")

    assert [each.code for each in caught.value.diagnostics] == ["M054"]


def test_two_profiles_for_one_plan_do_not_come_in(ana: Desk) -> None:
    ana.check_out("RED", "rates")
    _edit("RED/profile.yaml", "plans: [RED]", "plans: [RED, BLUE]")

    with pytest.raises(StoreError, match="both be for the plan BLUE"):
        ana.check_in("RED", "rates")


def test_tertiary_methods_come_with_the_switch(ana: Desk) -> None:
    ana.check_out("RED", "tertiary")
    _edit("RED/profile.yaml", "tertiary: none", "tertiary: MANUAL")

    with pytest.raises(StoreError, match="write `tertiary: none` in RED"):
        ana.check_in("RED", "tertiary")
    ana.store.set_facility("ana", {"fully_enabled": True, "secondary_only": True})
    with pytest.raises(StoreError, match="chose secondary methods only"):
        ana.check_in("RED", "tertiary")
    ana.store.set_facility("ana", {"secondary_only": False})

    assert ana.check_in("RED", "tertiary").number == 2


def test_the_profiles_of_a_store_come_with_its_facility(ana: Desk) -> None:
    found = ana.profiles()

    assert [each.id for each in found.profiles] == ["BLUE", "RED"]
    assert found.facility == ana.store.facility()
    assert [name for name, _ in found.sources] == ["BLUE 1", "RED 1"]


def test_profiles_are_updated_in_bulk_before_the_switch_and_not_after(
    ana: Desk,
) -> None:
    changed = [
        Profile("BLUE", plans=("BLUE",), secondary="MAINTENANCE"),
        Profile("RED", plans=("RED",), secondary="MAINTENANCE"),
    ]

    done = ana.update_profiles(changed, "pre-load")

    assert [each.number for each in done] == [2, 2]
    assert "secondary: MANUAL → MAINTENANCE" in (
        ana.store.version("RED")[0].verdict.difference
    )
    ana.store.set_facility("ana", {"fully_enabled": True})
    with pytest.raises(StoreError, match="one at a time"):
        ana.update_profiles(changed, "again")


def test_a_working_folder_is_never_written_over(ana: Desk) -> None:
    ana.check_out("BLUE", "rates")
    _edit("BLUE/profile.yaml", "favorable", "unfavorable")

    _, folder, is_written = ana.check_out("BLUE", "longer", hours=24)

    assert not is_written
    assert "unfavorable" in (folder / "profile.yaml").read_text("utf-8")
    with pytest.raises(StoreError, match="there already"):
        ana.check_out("RED", "rates", Path("BLUE"))
    assert ana.store.item("RED").check_out is None


def test_work_on_an_older_version_is_not_checked_in(ana: Desk) -> None:
    clock = ana.store.clock
    assert isinstance(clock, Clock)
    ana.check_out("BLUE", "rates", Path("ana's"), hours=1)
    _edit("ana's/profile.yaml", "favorable", "unfavorable")
    clock.forward(2)
    ben = Desk(ana.store, "ben")
    ben.check_out("BLUE", "title", Path("ben's"))
    _edit("ben's/profile.yaml", "Blue Shield PPO", "Blue Shield")
    ben.check_in("BLUE", "title", Path("ben's"))

    with pytest.raises(StoreError, match="there already"):
        ana.check_out("BLUE", "rates", Path("ana's"))
    ana.check_out("BLUE", "rates", Path("new"))
    with pytest.raises(StoreError, match="made from version 1 of BLUE, and version 2"):
        ana.check_in("BLUE", "rates", Path("ana's"))

    assert "unfavorable" in Path("ana's/profile.yaml").read_text("utf-8")


def test_a_folder_that_can_not_be_written_whole_is_not_there(
    ana: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replace_text

    def full(path: Path, text: str) -> None:
        if path.name == ".whopays":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, text)

    monkeypatch.setattr("whopays.api.office.folders.replace_text", full)
    before = sorted(Path.cwd().iterdir())
    with pytest.raises(StoreError, match="No space"):
        ana.check_out("BLUE", "rates")
    assert sorted(Path.cwd().iterdir()) == before

    monkeypatch.undo()
    monkeypatch.chdir(before[0].parent)
    ana.check_out("BLUE", "rates")
    assert "BLUE" in Path("BLUE/profile.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"files": {"../x.rules": ""}}',
        b'{"files": {"/etc/x.rules": ""}}',
        b'{"files": {"a/../../x": ""}}',
        b'{"files": {"": ""}}',
        b'{"files": 7}',
        b"\xff",
    ],
)
def test_a_content_that_is_none_or_leads_outside_is_refused(body: bytes) -> None:
    with pytest.raises(StoreError, match="content of the store"):
        unpacked(body)


def test_a_folder_that_is_of_another_item_or_spoilt_is_refused(ana: Desk) -> None:
    ana.check_out("BLUE", "rates")
    ana.check_out("RED", "rates")

    with pytest.raises(StoreError, match="no working folder of RED"):
        ana.check_in("RED", "rates", Path("BLUE"))
    Path("RED/.whopays").write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="was changed: check out into another folder"):
        ana.check_in("RED", "rates")


def test_a_contract_of_many_files_keeps_them_all(
    ana: Desk, root: Path, tmp_path: Path
) -> None:
    folder = root / "rulesets" / "contracts" / "sunrise-valley"
    ana.add_contract(folder, "SUN-VAL", "signed")
    ana.check_out("SUN-VAL", "look", tmp_path / "out")

    names = {p.name for p in folder.iterdir() if p.suffix in {".rules", ".lock"}}
    found = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert found.keys() == {*names, ".whopays"}
    assert all((folder / name).read_bytes() == found[name] for name in names)


def test_a_second_person_judges_what_is_in_force_by_then(ana: Desk) -> None:
    ana.store.set_facility("ana", {"second_person": True})
    ana.check_out("RED", "own method")
    _edit("RED/profile.yaml", "MANUAL", "HALF")
    assert ana.check_in("RED", "own method").waits
    ana.store.set_facility("ana", {"second_person": False})
    ana.check_out("OWN", "rename")
    _edit("OWN/own.rules", "HALF", "THIRD")
    ana.check_in("OWN", "rename")

    with pytest.raises(DiagnosticError) as caught:
        Desk(ana.store, "ben").approve("RED")

    assert caught.value.diagnostics[0].code == "M050"
    assert ana.store.item("RED").proposal is not None


def test_what_was_sent_back_goes_on_from_its_text(ana: Desk) -> None:
    ana.store.set_facility("ana", {"second_person": True})
    ana.check_out("BLUE", "rates")
    _edit("BLUE/profile.yaml", "favorable", "unfavorable")
    ana.check_in("BLUE", "rates")
    ben = Desk(ana.store, "ben")
    ana.store.send_back("ben", "BLUE", "which page?")

    ana.check_out("BLUE", "page 7", Path("again"))
    assert "unfavorable" in Path("again/profile.yaml").read_text("utf-8")
    ana.check_in("BLUE", "rates, page 7", Path("again"))
    ben.approve("BLUE")

    version = ana.store.versions("BLUE")[-1]
    assert (version.who, version.approved_by) == ("ana", "ben")
    assert version.why == "rates, page 7"
    assert version.verdict.difference == ("language_category: favorable → unfavorable",)


def test_restoring_is_judged_by_what_is_in_force_today(ana: Desk) -> None:
    ana.check_out("RED", "own method")
    _edit("RED/profile.yaml", "MANUAL", "HALF")
    ana.check_in("RED", "own method")
    ana.restore("RED", 1, "back")
    ana.check_out("OWN", "rename")
    _edit("OWN/own.rules", "HALF", "THIRD")
    ana.check_in("OWN", "rename")

    with pytest.raises(DiagnosticError):
        ana.restore("RED", 2, "again")

    assert ana.store.item("RED").current == 3


def test_a_verdict_that_others_overtook_is_found_again(
    ana: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.check_out("RED", "plan of blue")
    _edit("RED/profile.yaml", "plans: [RED]", "plans: [RED, GREEN]")
    ben = Desk(open_store(ana.store.place, ana.store.clock), "ben")
    Path("g.yaml").write_text("profiles:\n  GREEN: {}\n", encoding="utf-8")
    real = Store.check_in
    overtaken: list[object] = []

    def check_in(store: Store, *words: object) -> object:
        if not overtaken:  # ben publishes between ana's verdict and her transaction
            overtaken.append(ben.add_profiles(Path("g.yaml"), "green"))
        return real(store, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "check_in", check_in)

    with pytest.raises(StoreError, match="both be for the plan GREEN"):
        ana.check_in("RED", "plan of blue")


def test_an_office_of_its_own_facility_is_named_once(tmp_path: Path) -> None:
    store = Office(str(tmp_path / "o.db"), facility=Facility("Mercy")).store()

    assert json.dumps(store.facility().name) == '"Mercy"'


def test_a_folder_that_can_not_be_written_leaves_a_check_out_that_is_told(
    ana: Desk,
) -> None:
    Path("taken").write_text("a file, and no folder", encoding="utf-8")

    with pytest.raises(StoreError, match="BLUE is checked out by you, and taken/BLUE"):
        ana.check_out("BLUE", "rates", Path("taken/BLUE"))
    _, folder, written = ana.check_out("BLUE", "rates", Path("other"))

    assert (folder.is_dir(), written) == (True, True)
