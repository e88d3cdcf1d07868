"""Mappings: read with the place of each mistake, and applied to real files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from claims_support import FACTS, lines_of, rejects_of, written
from whopays.claims import (
    OPEN_FACTS,
    ReadReport,
    load_mapping,
    parse_mapping,
    read_claims,
    shipped_mappings,
)
from whopays.diagnostics import DiagnosticError, Source, render_all
from whopays.model.claim import Claim, Line
from whopays.model.values import NONE, UNKNOWN

TOP = "claim_id: ID\nline: N\nfacts:\n"


def _codes(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(DiagnosticError) as caught:
        parse_mapping(Source("m.yaml", text), FACTS)
    assert "m.yaml:" in render_all(caught.value.diagnostics)
    return [
        (each.code, each.labels[0].span.line, each.help)
        for each in caught.value.diagnostics
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "remedy"),
    [
        (TOP + "  biled: X", "M004", 4, "did you mean `billed`?"),
        (TOP + "  covers_as: X", "M004", 4, ""),
        (TOP + "  billed: {colum: X}", "M003", 4, "did you mean `column`?"),
        ("claim_d: ID\nline: N\nfacts: {}", "M003", 1, "did you mean `claim_id`?"),
        ("line: N\nfacts: {}", "M005", 1, ""),
        ("", "M005", 1, ""),
        (TOP + "  billed: {column: X, constant: '1'}", "M006", 4, ""),
        (TOP + "  billed: {columns: [X, Y]}", "M006", 4, ""),
        (TOP + "  billed: [X]", "M006", 4, ""),
        (TOP + "  billed: {column: X, format: '%Y%m%d'}", "M006", 4, ""),
        (TOP + "  drg: {column: X, join: ''}", "M006", 4, ""),
        (TOP + "  diagnoses: {columns: [A, B, C], version: [D, E], versions: ['0']}",
         "M006", 4, ""),
        (TOP + "  billed: {gather: revenue_code}", "M006", 4, ""),
        (TOP + "  service_date: {column: X, format: '%d.%m'}", "M007", 4, "%Y%m%d"),
        (TOP + "  billed: {column: X, unit: euros}", "M007", 4, "`dollars` or `cents`"),
        ("delimiter: '::'\n" + TOP + "  billed: X", "M007", 1, ""),
        (TOP + "  network: {constant: insid}", "M008", 4, "did you mean `inside`?"),
        (TOP + "  network: {column: X, values: {Y: in}}", "M008", 4, ""),
        (TOP + "  billed: X\n  billed: Y", "M009", 5, ""),
        (TOP + "  billed: &a X\n  allowed: *a", "M002", 4, ""),
        (TOP + "  billed: !!python/name:os.system X", "M002", 4, ""),
        ("[" * 5000, "M00", 1, ""),
        ("a: [", "M001", 1, ""),
        ("a: \x07", "M001", 1, ""),
        ("a: b\n---\nc: d", "M001", 2, ""),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_is_reported_where_it_stands(
    text: str, code: str, line: int, remedy: str
) -> None:
    found = _codes(text)
    assert found[0][0].startswith(code)
    assert found[0][1] == line
    assert remedy in found[0][2]


def test_all_mistakes_are_reported_in_one_run() -> None:
    text = TOP + "  biled: X\n  network: {constant: x}\n  drg: {colum: Y}"
    assert [code for code, _, _ in _codes(text)] == ["M004", "M008", "M003"]


def test_a_mapping_that_is_too_large_is_refused() -> None:
    with pytest.raises(DiagnosticError, match="M002"):
        parse_mapping(Source("m.yaml", "#" * 300_000), FACTS)


def test_a_shipped_mapping_that_is_not_there_is_reported() -> None:
    with pytest.raises(DiagnosticError) as caught:
        load_mapping("rif-carier", FACTS)
    assert "rif-carrier" in caught.value.diagnostics[0].help


def _lines(folder: Path, mapping: str, table: str) -> list[Line]:
    file = written(folder, "m.yaml", TOP + mapping)
    read = load_mapping(file, FACTS)
    return lines_of(read_claims(written(folder, "c.csv", table), FACTS, read))


def test_yaml_words_are_the_text_that_stands_there(tmp_path: Path) -> None:
    mapping = "  emergency: {column: E, values: {no: yes, on: no}}\n  revenue_code: {constant: 0450}"
    one, two = _lines(tmp_path, mapping, "ID,N,E\nA,1,no\nA,2,on\n")
    assert (one.read("emergency"), two.read("emergency")) == (True, False)
    assert one.read("revenue_code") == "0450"


def test_columns_are_joined_listed_or_taken_first(tmp_path: Path) -> None:
    mapping = (
        '  bill_type: {columns: [A, B, C], join: ""}\n'
        "  modifiers: {columns: [M, O]}\n"
        "  service_date: {first_of: [D, E]}\n"
        "  network: {column: F, values: {1: inside, 9: unknown}}\n"
        "  billed: {column: G, unit: cents, empty: none}\n"
        "  drg: {constant: none}\n"
        "  diagnoses: {column: H, separator: ' '}\n"
    )
    table = (
        "ID,N,A,B,C,M,O,D,E,F,G,H\n"
        "A,1,1,3,1,59,,,2026-03-04,1,150,F329 E11.9\n"
        "A,2, ,,,,,2026-03-05,x,9,,\n"
    )
    one, two = _lines(tmp_path, mapping, table)
    shown = ("bill_type", "modifiers", "network", "billed", "drg", "diagnoses")
    assert [one.read(fact) for fact in shown] == [
        *("0131", ("59",), "inside", 150, NONE, ("E119", "F329"))
    ]
    assert [two.read(fact) for fact in shown] == [NONE, NONE, UNKNOWN, NONE, NONE, NONE]
    assert str(one.read("service_date")) == "2026-03-04"
    assert str(two.read("service_date")) == "2026-03-05"


def test_a_part_of_a_joined_value_is_rejected(tmp_path: Path) -> None:
    mapping = written(
        tmp_path, "m.yaml", TOP + '  bill_type: {columns: [A, B], join: ""}'
    )
    table = written(tmp_path, "c.csv", "ID,N,A,B\nA,1,13,\n")
    found = read_claims(table, FACTS, load_mapping(mapping, FACTS))
    assert [reject.field for reject in rejects_of(found)] == ["bill_type"]


def test_a_code_of_another_version_is_unknown_not_misread(tmp_path: Path) -> None:
    mapping = (
        "  principal_diagnosis: {column: D, version: V, versions: ['0']}\n"
        "  diagnoses: {columns: [D, E], version: V, versions: ['0']}\n"
    )
    table = "ID,N,D,E,V\nA,1,V180,,9\nA,2,F329,V180,0\nA,3,,,\n"
    old, new, no = _lines(tmp_path, mapping, table)
    assert old.read("principal_diagnosis") is UNKNOWN
    assert old.read("diagnoses") is UNKNOWN
    assert new.read("diagnoses") == ("F329", "V180")
    assert no.read("principal_diagnosis") is NONE


def test_a_claim_fact_may_be_gathered_from_another_fact(tmp_path: Path) -> None:
    mapping = "  revenue_code: R\n  claim_revenue_codes: {gather: revenue_code}"
    assert _lines(tmp_path, mapping, "ID,N,R\nA,1,450\n")[0].read(
        "claim_revenue_codes"
    ) == ("0450",)


def test_a_column_that_the_file_lacks_is_an_error_before_anything_is_read(
    tmp_path: Path,
) -> None:
    mapping = load_mapping(written(tmp_path, "m.yaml", TOP + "  billed: AMOUNT"), FACTS)
    with pytest.raises(DiagnosticError) as caught:
        read_claims(written(tmp_path, "c.csv", "ID,N,AMOUNTS\n"), FACTS, mapping)
    (found,) = caught.value.diagnostics
    assert (found.code, found.labels[0].span.line) == ("M010", 4)
    assert found.help == "did you mean `AMOUNTS`?"


def test_every_shipped_mapping_can_be_read() -> None:
    assert {"tuva", "rif-carrier", "rif-outpatient", "rif-inpatient"} <= set(
        shipped_mappings()
    )
    for name in shipped_mappings():
        assert load_mapping(name, FACTS, OPEN_FACTS).fields


@pytest.mark.parametrize(
    ("name", "claims", "lines"),
    [("carrier", 37, 221), ("outpatient", 19, 19), ("inpatient", 16, 16)],
)
def test_the_synthetic_medicare_files_are_read_whole(
    shared: Path, name: str, claims: int, lines: int
) -> None:
    path = shared / "data" / "bfd-rif-synthea" / f"{name}.csv"
    report = ReadReport()
    mapping = load_mapping(f"rif-{name}", FACTS)
    found = list(read_claims(path, FACTS, mapping, report=report))
    assert sum(isinstance(each, Claim) for each in found) == claims
    assert (report.lines, report.rejects) == (lines, 0)
    column = "LINE_SBMTD_CHRG_AMT" if name == "carrier" else "REV_CNTR_TOT_CHRG_AMT"
    with path.open(newline="") as file:
        cells = [row[column] for row in csv.DictReader(file, delimiter="|")]
    in_cents = [int(f"{cell}.00".replace(".", "", 1).split(".")[0]) for cell in cells]
    assert [line.facts["billed"] for line in lines_of(found)] == in_cents
    assert not [
        line for line in lines_of(found) if line.read("service_date") is UNKNOWN
    ]


def test_the_tuva_mapping_fits_the_published_header(
    shared: Path, tmp_path: Path
) -> None:
    seeds = shared / "data" / "tuva" / "seeds"
    header = (seeds / "synthetic_data__medical_claim.csv").read_text().strip()
    given = {
        "claim_id": "T1",
        "claim_line_number": "1",
        "claim_type": "undetermined",
        "claim_start_date": "2026-03-04",
        "drg_code_type": "apr-drg",
        "drg_code": "123",
        "diagnosis_code_type": "icd-10-cm",
        "diagnosis_code_1": "F329",
        "in_network_flag": "1",
        "paid_amount": "80.00",
        "allowed_amount": "100.00",
        "coinsurance_amount": "20.00",
    }
    row = ",".join(given.get(name, "") for name in header.split(","))
    path = written(tmp_path, "c.csv", f"{header}\n{row}\n")
    (line,) = lines_of(read_claims(path, FACTS, load_mapping("tuva", FACTS)))
    assert line.read("claim_type") is UNKNOWN
    assert line.read("drg") is UNKNOWN
    assert line.read("network") == "inside"
    assert (line.read("allowed"), line.read("coinsurance")) == (10000, 2000)
    assert line.read("diagnoses") == ("F329",)
    assert line.read("copay") is NONE


# A mapping that is based on a shipped one


def _based(*lines: str, base: str = "rif-carrier") -> str:
    return "\n".join([f"based_on: {base}", *lines, ""])


def test_a_mapping_based_on_a_shipped_one_is_it_with_what_is_said_otherwise() -> None:
    shipped = load_mapping("rif-carrier", FACTS, OPEN_FACTS)
    said = _based("facts:", "  network: {constant: inside}", "  billed: CHARGED")
    own = parse_mapping(Source("m.yaml", said), FACTS, OPEN_FACTS)
    assert (own.claim_id, own.line) == (shipped.claim_id, shipped.line)
    assert (own.delimiter, own.quoted) == ("|", False)
    assert own.gather == shipped.gather
    fields = {each.fact.name: each for each in own.fields}
    assert len(fields) == len(own.fields)
    changed = {"network", "billed"}
    assert fields["network"].constant == "inside"
    assert fields["billed"].columns == ("CHARGED",)
    assert {n: f for n, f in fields.items() if n not in changed} == {
        each.fact.name: each for each in shipped.fields if each.fact.name != "billed"
    }


def test_it_may_say_another_delimiter_and_another_column_of_the_claim() -> None:
    said = _based("claim_id: ID", "line: N", "delimiter: ','", "quotes: yes")
    own = parse_mapping(Source("m.yaml", said), FACTS, OPEN_FACTS)
    assert (own.claim_id, own.line) == ("ID", "N")
    assert (own.delimiter, own.quoted) == (",", True)


def test_it_may_gather_a_fact_of_the_claim() -> None:
    said = _based("facts:", "  claim_revenue_codes: {gather: revenue_code}")
    own = parse_mapping(Source("m.yaml", said), FACTS, OPEN_FACTS)
    assert own.gather == {"claim_revenue_codes": "revenue_code"}


@pytest.mark.parametrize(
    ("base", "code", "remedy"),
    [
        ("rif-carier", "M013", "did you mean `rif-carrier`?"),
        ("../secret.yaml", "M013", "there are rif-carrier"),
        ("[rif-carrier]", "M013", "there are rif-carrier"),
    ],
)
def test_only_a_shipped_mapping_can_be_built_on(
    base: str, code: str, remedy: str
) -> None:
    ((found, line, told),) = _codes(_based("facts: {}", base=base))
    assert (found, line) == (code, 1)
    assert remedy in told
