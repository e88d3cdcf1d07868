"""`catalog lookup`: who claims a code, who remains, who wins, and why."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from code_packs import MARKER, code_pack
from command_line import Command
from small_catalogs import catalog_file, contract_folder
from whopays.analyse.catalogs.lookup import Lookup
from whopays.api.catalogs import explain_code, find_catalog
from whopays.api.rulefiles import RulesFolderError
from whopays.codes.said import CodeError, said_code
from whopays.diagnostics import DiagnosticError

LOOKED_AT = ("REV", "CPT", "HCPCS", "ICD10PCS")


@pytest.fixture
def cat(tmp_path: Path) -> str:
    return str(catalog_file(tmp_path))


def states(found: Lookup) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {
        each.category: (each.state, each.reasons)
        for looked in found.looked
        for each in looked.candidates
    }


def test_each_candidate_has_the_range_by_which_it_claims_the_code(cat: str) -> None:
    found = explain_code("99215", catalog=cat)
    (looked,) = found.looked

    assert {each.category: each.ranges for each in looked.candidates} == {
        "Visits": ("CPT 99201-99215",),
        "Long visits": ("CPT 99214-99215",),
        "Telehealth": ("CPT 99202-99215",),
    }


def test_a_child_goes_before_its_parent_and_a_rank_before_both(cat: str) -> None:
    old = explain_code("99215", catalog=cat, facts="age 70, place_of_service 11")

    assert (old.status, old.winner, old.by_fact) == (
        *("placed", "Long visits"),
        "procedure_code",
    )
    assert states(old) == {
        "Visits": ("after", ("Long visits is under it",)),
        "Long visits": ("chosen", ("age >= 65",)),
        "Telehealth": ("failed", ("place_of_service in POS 02, 10",)),
    }
    far = explain_code("99215", catalog=cat, facts="age 70, place_of_service POS 02")
    assert far.winner == "Telehealth"
    assert states(far)["Long visits"] == (
        *("after",),
        ("Telehealth is ranked before it",),
    )


def test_facts_that_nobody_gave_are_asked_for_with_what_they_would_lead_to(
    cat: str,
) -> None:
    found = explain_code("99215", catalog=cat, facts="place_of_service 11")

    assert (found.status, found.needs) == ("open", ("age",))
    assert found.changes is not None
    told = {
        (way.becomes[0].condition, way.answer.strip())
        for each in found.changes.sets
        for way in each.ways
    }
    assert told == {("age >= 65", "Long visits"), ("age < 65", "Visits")}
    assert states(found)["Visits"] == ("open", ("unless Long visits does",))


def test_two_that_are_not_ranked_are_a_tie_whatever_their_names(cat: str) -> None:
    found = explain_code("70450", catalog=cat, facts="network inside")

    assert (found.status, found.ties) == ("tie", ("Scans, one", "Scans, two"))


def test_another_code_of_the_line_may_come_first(cat: str) -> None:
    facts = "revenue_code 0450, claim_type institutional, age 3, place_of_service 23"
    found = explain_code("99213", catalog=cat, facts=facts)

    assert (found.winner, found.by_fact) == ("Emergency room", "revenue_code")
    assert [each.fact for each in found.looked] == ["revenue_code", "procedure_code"]
    assert states(found)["Visits"] == (
        *("not reached",),
        ("revenue_code placed the line",),
    )


def test_a_code_that_nobody_claims_has_neighbours(cat: str) -> None:
    found = explain_code("99250", catalog=cat, facts="claim_type professional")

    assert (found.status, found.is_claimed) == ("nowhere", False)
    assert [(each.codes, each.categories) for each in found.near] == [
        ("CPT 99201-99215", ("Visits",)),
        ("CPT 99281-99285", ("Emergency room",)),
    ]


def test_a_service_without_codes_may_take_what_nobody_claims(cat: str) -> None:
    found = explain_code("99250", catalog=cat, facts="claim_type dental")

    assert (found.status, found.winner, found.by_fact) == ("placed", "Dental", "")


def test_a_code_that_only_conditions_ask_for_is_told_so(cat: str) -> None:
    found = explain_code("f32.9", catalog=cat)

    assert found.status == "not looked up"
    assert [(each.category, each.ranges) for each in found.mentioned] == [
        ("Mental health", ("principal_diagnosis in ICD10CM F01-F99",))
    ]


def test_only_services_with_a_row_are_candidates_of_a_contract(tmp_path: Path) -> None:
    rules = contract_folder(tmp_path)
    facts = "place_of_service 02, age 70"
    found = explain_code("99215", rules=rules, contract="K", facts=facts)

    assert found.winner == "Long visits"
    assert states(found)["Telehealth"] == ("no row", ())
    assert found.stated is not None
    assert [row.id for row in found.stated.rows(found.winner)] == ['A "Visits"']


def test_a_contract_is_read_on_the_day_that_governs(tmp_path: Path) -> None:
    rules = contract_folder(tmp_path)
    with pytest.raises(RulesFolderError, match="not in force on 2027-01-01"):
        explain_code("99215", rules=rules, facts="service_date 2027-01-01")
    with pytest.raises(RulesFolderError, match="not in force on 2024-01-01"):
        explain_code("99215", rules=rules, as_of=date(2024, 1, 1))


def test_facts_with_mistakes_are_told_with_what_to_write(cat: str) -> None:
    with pytest.raises(DiagnosticError) as wrong:
        explain_code("99215", catalog=cat, facts="clam_type dental, network beside")

    assert [each.help for each in wrong.value.diagnostics] == [
        "did you mean `claim_type`?",
        "did you mean `inside`?",
    ]


def test_the_code_and_the_facts_must_not_disagree(cat: str) -> None:
    with pytest.raises(CodeError, match="another procedure_code"):
        explain_code("99215", catalog=cat, facts="procedure_code 99213")
    same = explain_code("99281", catalog=cat, facts="procedure_code CPT 99281")
    assert same.winner == "Emergency room"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("REV 0450", "REV 0450"),
        ("rev 0636", "REV 0636"),
        ("99283", "CPT 99283"),
        (" cpt  99283 ", "CPT 99283"),
        ("CPT:99283", "CPT 99283"),
        ("j9035", "HCPCS J9035"),
        ("F32.9", "ICD10CM F32.9"),
        ("dx f329", "ICD10CM F32.9"),
        ("450", "REV 0450"),
        ("rev 450", "REV 0450"),
        ("DRG 57", "MSDRG 057"),
        ("pos 2", "POS 02"),
        ("0016t", "CPT 0016T"),
        ("hcpcs 99283", "CPT 99283"),
        ("00002-7510-01", "NDC 00002751001"),
        ("0DTJ4ZZ", "ICD10PCS 0DTJ4ZZ"),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, code: str) -> None:
    assert said_code(typed, LOOKED_AT).text == code


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "a code is missing"),
        ("450.0", "did you mean REV 0450?"),
        ("99283.0", "did you mean CPT 99283?"),
        ("99283-25", 'did you mean 99283, with --facts "modifiers MODIFIER 25"?'),
        ("99281-99285", "it is a range"),
        ("CTP 99283", "did you mean CPT?"),
        ("CPT J9035", "a code of CPT looks like 99285"),
        ("9928!", "did you mean REV 9928?"),
        ("x" * 200, "no more than 100 characters"),
        ("\uff19\uff19213", "codes look like"),
    ],
)
def test_what_is_no_code_is_told_with_what_was_meant(typed: str, hint: str) -> None:
    with pytest.raises(CodeError) as refused:
        said_code(typed, LOOKED_AT)

    assert hint in str(refused.value)


def test_a_slip_that_makes_another_code_is_told_as_well() -> None:
    assert said_code("j0l35", LOOKED_AT).also[0] == "HCPCS J0135"


def test_catalogs_that_ship_are_named_by_year_version_or_id() -> None:
    latest = find_catalog(None)

    for name in ("2026", latest.version, f"{latest.id} {latest.version}"):
        assert find_catalog(name).id == latest.id
    with pytest.raises(RulesFolderError, match="did you mean 2026"):
        find_catalog("2062")


def test_the_command_says_it_in_text_and_as_json(whopays: Command, cat: str) -> None:
    words = ("catalog", "lookup", "99215", "--catalog", cat)
    text = whopays(*words, "--facts", "age 70, place_of_service 11")
    data = whopays(*words, "--format", "json")

    assert (text.code, data.code) == (0, 0)
    assert "Long visits takes the line, by procedure_code." in text.out
    record = json.loads(data.out)
    assert record["status"] == "open"
    assert {each["category"] for each in record["candidates"]} == {
        *("Visits", "Long visits", "Telehealth"),
    }
    assert record["settled_by"]


def test_a_contract_that_ships_is_found_by_its_id(whopays: Command) -> None:
    run = whopays("catalog", "lookup", "J9035", "--contract", "RIVERBEND")

    assert run.code == 0
    assert "Rows of RIVERBEND for it" in run.out
    missed = whopays("catalog", "lookup", "J9035", "--contract", "RIVERBNED")
    assert missed.code == 2
    assert "did you mean RIVERBEND?" in missed.err


def test_wording_is_shown_to_named_users_on_the_terminal_alone(
    whopays: Command, cat: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = code_pack(tmp_path)
    words = ("catalog", "lookup", "99213", "--catalog", cat, "--codes", pack)

    piped = whopays(*words, "--user", "ben")
    assert MARKER not in piped.out + piped.err
    assert "shown on a terminal alone" in piped.out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    named = whopays(*words, "--user", "ben")
    assert f"wording: {MARKER} one" in named.out
    assert "For tests alone." in named.err
    for run in (
        whopays(*words),
        whopays(*words, "--user", "eve"),
        whopays(*words, "--user", "BEN"),
        whopays(*words, "--user", "ben", "--format", "json"),
    ):
        assert run.code == 0
        assert MARKER not in run.out + run.err
        assert "For tests alone." in run.err
    monkeypatch.setenv("WHOPAYS_USER", "Ana  Lima")
    assert MARKER in whopays(*words).out


def test_a_retired_code_is_told_with_its_dates(
    whopays: Command, cat: str, tmp_path: Path
) -> None:
    pack = code_pack(tmp_path)
    words = ("catalog", "lookup", "99201", "--catalog", cat, "--codes", pack)
    run = whopays(*words, "--facts", "service_date 2025-03-04")

    assert "in force to 2024-12-31" in run.out
    assert "99201 is not in force on 2025-03-04" in run.out
    record = json.loads(whopays(*words, "--format", "json").out)
    (told,) = record["packs"]
    assert told["not_in_force"] is False  # no day was given
    assert told["says"] == "in force to 2024-12-31"


def test_a_code_that_lacks_a_character_is_told(whopays: Command, cat: str) -> None:
    run = whopays("catalog", "lookup", "9921", "--catalog", cat)

    assert run.out.startswith("REV 9921 in catalog CAT 1.0\n")
    assert "(a code like CPT 99285 has one character more: is one missing?)" in run.out
    known = whopays("catalog", "lookup", "0450", "--catalog", cat)
    assert "one character more" not in known.out


@pytest.mark.parametrize("code", ["Z00.00", "Z0000", "E11.9", "f32.9"])
def test_a_whole_diagnosis_lacks_no_character(
    whopays: Command, cat: str, code: str
) -> None:
    run = whopays("catalog", "lookup", code, "--catalog", cat)

    assert run.out.startswith("ICD10CM ")
    assert "one character more" not in run.out


def test_only_codes_that_a_service_claims_are_said_to_be_meant(
    whopays: Command,
) -> None:
    assert "did you mean CPT 99281?" in whopays("catalog", "lookup", "9928I").err
    assert "did you mean" not in whopays("catalog", "lookup", "9928O").err


def test_a_file_that_is_no_rule_file_is_not_printed(
    whopays: Command, tmp_path: Path
) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text("claim,member\nC1,SECRET\n", encoding="utf-8")

    for run in (
        whopays("catalog", "lookup", "99213", "--catalog", str(claims)),
        whopays("check", str(claims)),
    ):
        assert run.code == 2
        assert "claims.csv is no rule file" in run.err
        assert "SECRET" not in run.out + run.err


def test_a_wrong_word_is_no_traceback(whopays: Command, cat: str) -> None:
    run = whopays("catalog", "lookup", "99283-25", "--catalog", cat)

    assert run.code == 2
    assert "did you mean 99283" in run.err
    assert whopays("catalog", "lokup").code == 2
