"""Code packs: what they say of a line's codes, to whom, and what they never write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from code_packs import HEAD, MARKER, code_pack
from command_line import Command
from small_rules import rules, written_rules
from whopays.api import LineDecision, load
from whopays.batch.folder import records
from whopays.codes import load_pack
from whopays.diagnostics import DiagnosticError

CLAIM = {"claim_id": "A", "product": "HMO", "area": "inside", "allowed": "100.00"}


@pytest.fixture
def told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command(capsys, monkeypatch)


def decided(folder: Path, code: str, day: str | None, **more: str) -> LineDecision:
    book = load(
        written_rules(folder, rules()), engine="reference", codes=[code_pack(folder)]
    )
    claim: dict[str, Any] = {**CLAIM, **more, "lines": [{"procedure_code": code}]}
    if day is not None:
        claim["service_date"] = day
    (found,) = book.decide(claim)
    return found


def test_a_code_in_force_is_decided_without_a_note(tmp_path: Path) -> None:
    found = decided(tmp_path, "99213", "2025-03-04", revenue_code="")

    assert (found.status, found.shares) == ("decided", {"IPA": "100%"})
    assert found.record()["codes"]["not_in_force"] == []


@pytest.mark.parametrize(
    ("code", "day", "standing", "bound"),
    [
        ("99201", "2025-03-04", "retired", "2024-12-31"),
        ("99215", "2025-12-31", "not yet valid", "2026-01-01"),
        ("99214", "2025-04-30", "retired", "2025-02-28"),
        ("99212", "2025-03-04", "unlisted", None),
    ],
)
def test_a_code_out_of_force_is_told_and_its_fact_is_unknown(
    tmp_path: Path, code: str, day: str, standing: str, bound: str | None
) -> None:
    complete = code_pack(tmp_path, f"{HEAD}complete: yes\n")
    book = load(written_rules(tmp_path, rules()), engine="reference", codes=[complete])
    claim = {**CLAIM, "service_date": day, "lines": [{"procedure_code": code}]}
    (found,) = book.decide(claim)

    (note,) = found.record()["codes"]["not_in_force"]
    assert (note["standing"], note["bound"]) == (standing, bound)
    assert (note["code"], note["fact"]) == (code, "procedure_code")
    assert found.status == "undetermined"
    assert "procedure_code" in found.needs
    assert f"CPT {code} (procedure_code) is not in force on {day}" in found.explain()


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("99201", "2024-12-31"),
        ("99215", "2026-01-01"),
        ("99214", "2025-02-28"),
        ("99214", "2025-05-01"),
        ("99212", "2025-03-04"),
    ],
)
def test_bounds_are_included_and_an_open_list_says_nothing_of_others(
    tmp_path: Path, code: str, day: str
) -> None:
    assert decided(tmp_path, code, day).record()["codes"]["not_in_force"] == []


def test_a_line_is_decided_where_no_code_that_it_could_have_makes_a_difference(
    tmp_path: Path,
) -> None:
    """A revenue code does not help, for the procedure code is looked at first."""
    catalog = """\
catalog C "Catalog"
  version 1
  in force 2025-01-01 onward
  facts from F 1
  match by revenue_code, procedure_code otherwise
end
category "Visits"
  codes CPT 99201-99215
end
category "Rooms"
  codes REV 0100-0199
end
"""
    book = load(
        written_rules(tmp_path, rules(catalog=catalog)),
        engine="reference",
        codes=[code_pack(tmp_path)],
    )
    line = {"procedure_code": "99201", "revenue_code": "0120"}
    (found,) = book.decide({**CLAIM, "service_date": "2025-03-04", "lines": [line]})

    assert found.status == "decided"
    assert "99201" in found.explain()
    assert "99201" in found.explain("tree")


def test_without_a_service_date_only_a_code_of_all_days_is_believed(
    tmp_path: Path,
) -> None:
    found = decided(tmp_path, "99201", None)
    (note,) = found.record()["codes"]["not_in_force"]

    assert (note["standing"], note["day"]) == ("undated", None)
    assert decided(tmp_path, "99213", None).record()["codes"]["not_in_force"] == []


def test_the_edition_of_another_year_has_the_code(tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    later = code_pack(
        new, HEAD.replace("2025", "2026"), "code,valid_from\n99215,2025-07-01\n"
    )
    book = load(
        written_rules(tmp_path, rules()),
        engine="reference",
        codes=[code_pack(tmp_path), later],
    )
    line = {"procedure_code": "99215", "service_date": "2025-08-01"}
    (found,) = book.decide({**CLAIM, "lines": [line]})

    assert found.status == "decided"
    assert len(found.record()["codes"]["packs"]) == 2


def test_what_would_change_starts_from_what_counts_as_known(tmp_path: Path) -> None:
    found = decided(tmp_path, "99201", "2025-03-04")
    book = load(
        written_rules(tmp_path, rules()), engine="reference", codes=[tmp_path / "pack"]
    )
    changes = book.what_would_change(found)

    assert any("procedure_code" in each.facts for each in changes.sets)


def test_without_a_pack_nothing_is_said_of_codes(tmp_path: Path) -> None:
    book = load(written_rules(tmp_path, rules()), engine="reference")
    line = {"procedure_code": "99201", "service_date": "2025-03-04"}
    (found,) = book.decide({**CLAIM, "lines": [line]})

    assert found.status == "decided"
    assert found.record()["codes"] is None


def test_wording_is_for_named_users(tmp_path: Path) -> None:
    pack = load_pack(code_pack(tmp_path), wordings=True)

    assert pack.wording("CPT", "99213", "Ana  Lima").startswith(MARKER)
    assert pack.wording("CPT", "99213", "ana lima") == ""
    assert pack.wording("CPT", "99213", "eve") == ""
    assert pack.wording("CPT", "99213", "") == ""
    assert pack.wording("CPT", "99999", "ben") == ""
    assert MARKER not in repr(pack)
    assert "licensed for 2, 2 named" in pack.statement


def test_wording_is_not_read_where_it_is_not_asked_for(tmp_path: Path) -> None:
    assert load_pack(code_pack(tmp_path)).wording("CPT", "99213", "ben") == ""


def test_a_pack_for_everybody_needs_a_licence_for_everybody(tmp_path: Path) -> None:
    public = HEAD.replace("users: [Ana Lima, ben]", "users: everybody")
    with pytest.raises(DiagnosticError, match="licensed for 2"):
        load_pack(code_pack(tmp_path, public))
    public = public.replace("licensed_users: 2", "licensed_users: unlimited")
    pack = load_pack(code_pack(tmp_path, public), wordings=True)

    assert pack.wording("CPT", "99213", "").startswith(MARKER)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_no_output_of_a_batch_has_a_wording_and_the_manifest_names_the_pack(
    tmp_path: Path, told: Command, form: str
) -> None:
    folder, pack = written_rules(tmp_path, rules()), code_pack(tmp_path)
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,line,product,service_date,procedure_code,area,allowed\n"
        "A,1,HMO,2025-03-04,99201,inside,1.00\nA,2,HMO,2025-03-04,99213,inside,1.00\n",
        encoding="utf-8",
    )
    words = ("decide", claims, "--rules", folder, "--format", form)
    run = told(*words, "-o", tmp_path / "out", "--codes", pack, "--engine", "reference")

    assert run.code == 0
    assert "codes not in force on their day: retired (1)" in run.out
    assert "For tests alone" in run.err
    for path in (tmp_path / "out").iterdir():
        assert MARKER.encode() not in path.read_bytes()
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    (named,) = manifest["codes"]
    assert named["sha256"] == load_pack(pack).dates.digest
    assert manifest["counts"]["codes_not_in_force"] == {"retired": 1}
    if form == "jsonl":
        for record in records(tmp_path / "out/decisions.jsonl"):
            assert record["codes"]["packs"] == [named["sha256"]]


@pytest.mark.parametrize("form", ["sentence", "tree", "json", "html"])
def test_no_explanation_has_a_wording(tmp_path: Path, told: Command, form: str) -> None:
    folder, pack = written_rules(tmp_path, rules()), code_pack(tmp_path)
    claim = tmp_path / "claim.json"
    line = {"procedure_code": "99201", "service_date": "2025-03-04"}
    claim.write_text(json.dumps({**CLAIM, "lines": [line]}), encoding="utf-8")
    run = told(
        *("explain", claim, "--rules", folder, "--format", form, "--codes", pack),
        *("--engine", "reference"),
    )

    assert run.code == 0
    assert MARKER not in run.out + run.err
    assert "99201" in run.out
    assert "retired" in run.out


def test_a_pack_that_is_not_there_is_told_with_one_that_is(
    tmp_path: Path, told: Command
) -> None:
    folder, pack = written_rules(tmp_path, rules()), code_pack(tmp_path)
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps({**CLAIM, "lines": [{}]}), encoding="utf-8")
    run = told("explain", claim, "--rules", folder, "--codes", pack.with_name("pakc"))

    assert run.code == 1
    assert "M040" in run.err
    assert f"did you mean {pack}?" in run.err


def test_the_columns_of_those_who_publish_lists_are_known(tmp_path: Path) -> None:
    rows = "HCPC,LONG DESCRIPTION,DESCRIPTION,ADD DT,TERM DT\n99213,a,b,20200101,\n"
    with pytest.raises(DiagnosticError, match="the column `wording` twice"):
        load_pack(code_pack(tmp_path, rows=rows))
    pack = load_pack(code_pack(tmp_path, rows=rows.replace(",DESCRIPTION", ",OTHER")))

    ((period,),) = pack.dates.periods.values()
    assert str(period) == "2020-01-01 onward"


def test_a_changed_byte_is_another_digest(tmp_path: Path) -> None:
    before = load_pack(code_pack(tmp_path)).dates.digest
    after = load_pack(code_pack(tmp_path, rows="code\n99213\n")).dates.digest

    assert before != after
