"""`catalog coverage`: which codes of a list are claimed; nothing of the list is lost."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from code_packs import MARKER, code_pack
from command_line import Command
from small_catalogs import CATALOG, catalog_file, contract_folder
from whopays.analyse.catalogs.coverage import Claims, Coverage
from whopays.api.catalogs import find_catalog
from whopays.codes.lists import Entry, Unread, code_list
from whopays.codes.said import said_code
from whopays.diagnostics import DiagnosticError

LOOKED_AT = ("REV", "CPT", "HCPCS", "ICD10PCS")


@pytest.fixture
def cat(tmp_path: Path) -> str:
    return str(catalog_file(tmp_path))


def listed(folder: Path, text: str, name: str = "codes.csv", **more: str) -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = []
    for each in code_list(path, LOOKED_AT, **more).read():  # type: ignore[arg-type]
        if isinstance(each, Entry):
            found.append(f"{each.record} {each.system} {each.code}")
        else:
            found.append(f"{each.record} unread")
    return found


@pytest.mark.parametrize(
    "header",
    [
        *("system,code", "System;Code", "CODE_SYSTEM\tCODE", "coding system|code"),
        "\ufeffsystem,code",
    ],
)
def test_the_columns_and_what_divides_them_are_found(
    tmp_path: Path, header: str
) -> None:
    divider = next(char for char in ",;\t|" if char in header)
    rows = ["CPT|99213", "HCPCS|j9035", "Revenue|450", "ICD-10-CM|F32.9"]
    text = "\n".join([header, *(row.replace("|", divider) for row in rows)])

    assert listed(tmp_path, text) == [
        *("2 CPT 99213", "3 HCPCS J9035", "4 REV 0450", "5 ICD10CM F329"),
    ]


@pytest.mark.parametrize(
    ("header", "code", "entry"),
    [
        ("HCPCS Code", "99213", "CPT 99213"),
        ("hcpcs_cd", "J9035", "HCPCS J9035"),
        ("hcpcs_cpt", "J9035", "HCPCS J9035"),
        ("CPT", "99213", "CPT 99213"),
        ("Revenue Code", "450", "REV 0450"),
        ("revenue_center_code", "0450", "REV 0450"),
        ("Diagnosis Code", "F329", "ICD10CM F329"),
        ("ICD10PCS", "0DTJ4ZZ", "ICD10PCS 0DTJ4ZZ"),
        ("diagnosis_code_12", "F329", "ICD10CM F329"),
        ("PRNCPAL_DGNS_CD", "F329", "ICD10CM F329"),
        ("REV_CNTR", "0450", "REV 0450"),
        ("place_of_service_code", "2", "POS 02"),
        ("MS-DRG", "57", "MSDRG 057"),
        ("NDC", "00002751001", "NDC 00002751001"),
        ("code", "0450", "REV 0450"),
    ],
)
def test_a_column_says_by_its_name_of_which_system_its_codes_are(
    tmp_path: Path, header: str, code: str, entry: str
) -> None:
    assert listed(tmp_path, f"other,{header}\nx,{code}\n") == [f"2 {entry}"]


def test_a_list_without_a_header_is_read_from_its_first_line(tmp_path: Path) -> None:
    assert listed(tmp_path, "99213\n99214\n") == ["1 CPT 99213", "2 CPT 99214"]


def test_several_columns_of_codes_are_read_row_by_row(tmp_path: Path) -> None:
    text = "claim,cpt,revenue_code\nA,99213,450\nB,,0120\nC,,\n"

    assert listed(tmp_path, text) == [
        *("2 CPT 99213", "2 REV 0450", "3 REV 0120"),
    ]


def test_columns_of_codes_that_are_not_known_are_left_alone(tmp_path: Path) -> None:
    text = "icd9_dgns_cd_1,hcpcs_cd_2\nV180,99213\n"

    assert listed(tmp_path, text) == ["2 CPT 99213"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("code,code", "code"),
        ("system,code,Code", "code"),
        ("system,System,code", "system"),
    ],
)
def test_a_column_that_stands_twice_is_refused_and_not_passed_over(
    tmp_path: Path, header: str, name: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\nCPT,99213,99214\n", encoding="utf-8")

    with pytest.raises(DiagnosticError) as told:
        code_list(path, ("CPT",))
    assert f"more than one column `{name}`" in told.value.diagnostics[0].message


def test_columns_that_may_hold_codes_and_are_not_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code,system,hcpcs,price\n99213,CPT,99214,1\n", encoding="utf-8")

    assert code_list(path, ("CPT",)).described.endswith(
        "; not read: `hcpcs` (--column names it)"
    )


@pytest.mark.parametrize("code", ["450", "9928", "99213", "F32.9", "J9035", "23"])
def test_a_bare_code_is_the_one_that_a_lookup_takes_it_for(
    tmp_path: Path, code: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"code\n{code}\n", encoding="utf-8")
    looked_at = ("REV", "CPT", "HCPCS", "ICD10PCS")

    (entry,) = code_list(path, looked_at).read()
    said = said_code(code, looked_at)
    assert isinstance(entry, Entry)
    assert (entry.system, entry.code) == (said.system, said.code)


def test_rows_that_cannot_be_read_are_told_by_their_lines(tmp_path: Path) -> None:
    text = (
        "system,code,text\nCPT,99213,x\nFOO,1,x\nCPT,9921,x\nCPT,,x\nCPT,99214\n"
        'CPT,"99215,x\nCPT,99216,x\n'
    )

    assert listed(tmp_path, text) == [
        *("2 CPT 99213", "3 unread", "4 unread", "5 unread", "6 unread"),
        *("7 unread", "8 CPT 99216"),
    ]


def test_hostile_lists_cost_their_own_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_bytes(
        b"code\n99213\n\xff\xfe\n99214\n\x00\n" + b"9" * 100_000 + b"\n99215\n=1+1\n"
    )
    found = list(code_list(path, LOOKED_AT).read())

    assert [each.code for each in found if isinstance(each, Entry)] == [
        *("99213", "99214", "99215"),
    ]
    unread = [each for each in found if isinstance(each, Unread)]
    assert [each.record for each in unread] == [3, 5, 6, 8]
    assert not any("9999" in each.reason or "1+1" in each.reason for each in unread)


def test_a_list_whose_columns_are_not_known_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match="no column that is known to hold codes"):
        listed(tmp_path, "a,b\n1,2\n")
    with pytest.raises(DiagnosticError, match="has no column `c`"):
        listed(tmp_path, "a,b\n1,2\n", columns=("c",))  # type: ignore[arg-type]
    with pytest.raises(DiagnosticError, match="no code system `FOO`"):
        listed(tmp_path, "a,b\n1,2\n", columns=("b",), system="FOO")  # type: ignore[arg-type]
    assert listed(tmp_path, "a,b\n1,99213\n", columns=("b",)) == [  # type: ignore[arg-type]
        "2 CPT 99213"
    ]


def coverage_of(folder: Path, cat: str, text: str) -> Coverage:
    path = folder / "codes.csv"
    path.write_text(text, encoding="utf-8")
    coverage = Coverage(Claims(find_catalog(cat)))
    for _ in coverage.add(code_list(path, LOOKED_AT).read()):
        pass
    return coverage


def test_each_code_is_counted_once_by_every_service_that_claims_it(
    tmp_path: Path, cat: str
) -> None:
    text = "code\n99213\n99213\n99201\n99284\n0450\n99999\nF32.9\nZ99.9\n"
    found = coverage_of(tmp_path, cat, text)

    assert (found.codes, found.repeated, found.entries) == (7, 1, 8)
    assert found.claimed_by == {"Visits": 2, "Telehealth": 1, "Emergency room": 2}
    assert found.alone == {"Visits": 1, "Emergency room": 2}
    assert found.unclaimed == [("CPT", "99999"), ("ICD10CM", "Z999")]
    assert found.of_status("in conditions only") == 1
    assert found.idle == ["Long visits", "Mental health", "Scans, one", "Scans, two"]


def test_every_row_is_in_the_csv(whopays: Command, tmp_path: Path, cat: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code\n99213\nwhat?\n99213\n99999\n", encoding="utf-8")
    words = ("catalog", "coverage", path, "--catalog", cat, "--format", "csv")
    run = whopays(*words)
    rows = list(csv.DictReader(StringIO(run.out)))

    assert run.code == 3
    assert [(each["line"], each["status"], each["again"]) for each in rows] == [
        ("2", "claimed", ""),
        ("3", "unread", ""),
        ("4", "claimed", "yes"),
        ("5", "unclaimed", ""),
    ]
    assert rows[0]["categories"] == "Visits; Telehealth"
    assert "what" not in run.out + run.err
    assert "codes.csv, line 3" in run.err
    out = tmp_path / "out.csv"
    assert whopays(*words, "-o", out).code == 3
    assert out.read_text("utf-8") == run.out
    assert "is the list itself" in whopays(*words, "-o", path).err


def test_a_name_never_becomes_a_formula(whopays: Command, tmp_path: Path) -> None:
    cat = catalog_file(tmp_path, CATALOG.replace('"Dental"', '"=Dental"'))
    text = cat.read_text("utf-8").replace(
        "  when claim_type is dental\n", "  codes CPT 70000\n"
    )
    cat.write_text(text, encoding="utf-8")
    path = tmp_path / "codes.csv"
    path.write_text("code\n70000\n", encoding="utf-8")
    run = whopays("catalog", "coverage", path, "--catalog", cat, "--format", "csv")

    assert "'=Dental" in run.out


@pytest.mark.parametrize(
    ("codes", "code"),
    [("99213\n99284\n", 0), ("99213\n99999\n", 1), ("99999\n?\n", 3)],
)
def test_exit_codes_say_whether_all_is_claimed_and_read(
    whopays: Command, tmp_path: Path, cat: str, codes: str, code: int
) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(f"code\n{codes}", encoding="utf-8")

    assert whopays("catalog", "coverage", path, "--catalog", cat).code == code


def test_text_and_json_say_the_same(whopays: Command, tmp_path: Path, cat: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("system,code\nCPT,99213\nCPT,99999\nDX,F32.9\n", encoding="utf-8")
    words = ("catalog", "coverage", path, "--catalog", cat)
    text, record = (
        whopays(*words).out,
        json.loads(whopays(*words, "--format", "json").out),
    )

    assert "codes in `code`, of the system in `system`" in text
    assert "CPT: 1 of 2 claimed (50.0%), 1 by none" in text
    assert "ICD10CM: 0 of 1 claimed (0.0%), 1 asked for by conditions" in text
    assert "CPT 99999" in text
    assert record["counts"] == {"claimed": 1, "in conditions only": 1, "unclaimed": 1}
    assert record["unclaimed"] == [{"system": "CPT", "code": "99999"}]
    assert record["codes"] == sum(
        count for counts in record["by_system"].values() for count in counts.values()
    )


def test_a_contract_counts_its_own_services(whopays: Command, tmp_path: Path) -> None:
    rules = contract_folder(tmp_path)
    path = tmp_path / "codes.csv"
    path.write_text("code\n99202\n90834\n", encoding="utf-8")
    words = ("catalog", "coverage", path, "--rules", rules, "--format", "json")
    record = json.loads(whopays(*words).out)

    assert "services of contract K 1.0" in record["of"]
    assert [each["category"] for each in record["categories"]] == ["Visits"]
    assert record["unclaimed"] == [{"system": "CPT", "code": "90834"}]


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_code_pack_is_a_list_whose_wording_stays_inside(
    whopays: Command, tmp_path: Path, cat: str, form: str
) -> None:
    pack = code_pack(tmp_path)
    words = ("catalog", "coverage", pack, "--catalog", cat, "--format", form)
    run = whopays(*words)

    assert run.code == 0
    assert MARKER not in run.out + run.err
    assert "For tests alone." in run.err
    assert "99201" in run.out or form != "csv"


def test_several_lists_are_counted_together(
    whopays: Command, tmp_path: Path, cat: str
) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("code\n99213\n?\n", encoding="utf-8")
    second.write_text("hcpcs,revenue_code\n99213,0450\n", encoding="utf-8")
    words = ("catalog", "coverage", first, second, "--catalog", cat)
    run = whopays(*words, "--format", "csv")
    rows = [
        (each["file"], each["line"], each["code"])
        for each in csv.DictReader(StringIO(run.out))
    ]

    assert rows == [
        ("a.csv", "2", "99213"),
        ("a.csv", "3", ""),
        ("b.csv", "2", "99213"),
        ("b.csv", "2", "0450"),
    ]
    assert "unread: a.csv, line 3" in run.err
    assert "2 codes (1 more repeated)" in whopays(*words).out


def test_a_missing_list_is_told(whopays: Command, tmp_path: Path, cat: str) -> None:
    run = whopays("catalog", "coverage", tmp_path / "none.csv", "--catalog", cat)

    assert run.code == 2
    assert "No such file" in run.err


@pytest.mark.parametrize("first", ["code\r99213\r", "system,code\rCPT,99213\r"])
def test_a_list_with_the_line_ends_of_an_old_macintosh_says_how_to_save_it(
    whopays: Command, tmp_path: Path, cat: str, first: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(first.encode())
    run = whopays("catalog", "coverage", path, "--catalog", cat)

    assert run.code == 1
    assert "ends with a carriage return alone: save the file as CSV" in run.err
    assert "quotation" not in run.err
