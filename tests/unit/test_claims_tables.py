"""Rows of CSV and Parquet: grouped into claims, none lost, one bad row costs itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_support import FACTS, lines_of, rejects_of, written
from whopays.claims import ReadReport, Reject, read_claims, rows
from whopays.diagnostics import DiagnosticError
from whopays.model.claim import Claim
from whopays.model.values import NONE, UNKNOWN

REV = "claim_revenue_codes"
HEAD = "claim_id,line,revenue_code,billed\n"


def _read(folder: Path, text: str | bytes) -> list[Claim | Reject]:
    return list(read_claims(written(folder, "c.csv", text), FACTS))


def _codes(found: list[Claim | Reject]) -> dict[tuple[str, str], object]:
    return {(line.claim_id, line.number): line.read(REV) for line in lines_of(found)}


def test_rows_of_a_claim_become_one_claim(tmp_path: Path) -> None:
    found = _read(tmp_path, HEAD + "A,1,0450,1.00\nA,2,120,2.00\nB,1,,\n")
    a, b = (each for each in found if isinstance(each, Claim))
    assert [line.number for line in a.lines] == ["1", "2"]
    assert [line.record for line in a.lines] == [2, 3]
    assert a.lines[0].read(REV) == ("0120", "0450")
    assert (b.lines[0].read(REV), b.lines[0].read("billed")) == (NONE, UNKNOWN)


def test_a_claim_whose_rows_stand_apart_has_the_facts_of_all_of_them(
    tmp_path: Path,
) -> None:
    found = _read(tmp_path, HEAD + "A,1,0450,1\nB,1,0300,1\nA,2,0120,2\n")
    whole = ("0120", "0450")
    assert _codes(found) == {
        ("A", "1"): whole,
        ("B", "1"): ("0300",),
        ("A", "2"): whole,
    }


def test_a_very_long_claim_is_yielded_in_pieces_with_all_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST_RUN", 3)
    text = HEAD + "".join(f"A,{n},{n:04d},1\n" for n in range(1, 9))
    found = _read(tmp_path, text)
    assert len(found) == 3
    assert set(_codes(found).values()) == {tuple(f"{n:04d}" for n in range(1, 9))}


@pytest.mark.parametrize("gap", ["", "B,1,0300,1\n"])
def test_a_line_that_comes_again_is_rejected(tmp_path: Path, gap: str) -> None:
    found = _read(tmp_path, HEAD + f"A,1,0450,1\n{gap}A,1,0120,2\nA,2,0120,2\n")
    (reject,) = rejects_of(found)
    assert (reject.field, reject.claim_id, reject.line) == ("line", "A", "1")
    assert reject.record == 3 + bool(gap)
    assert _codes(found)[("A", "1")] is UNKNOWN
    assert lines_of(found)[0].read("revenue_code") == "0450"


def test_a_rejected_row_makes_gathered_codes_of_its_claim_unknown(
    tmp_path: Path,
) -> None:
    found = _read(tmp_path, HEAD + "A,1,0450,1\nA,2,0120,x\nB,1,0300,1\n")
    assert _codes(found) == {("A", "1"): UNKNOWN, ("B", "1"): ("0300",)}


@pytest.mark.parametrize("bad", ["A,2,0120", "A,2,0120,1,1", ",2,0120,1", '"A,2,0,1'])
def test_a_row_of_no_claim_may_belong_to_its_neighbours(
    tmp_path: Path, bad: str
) -> None:
    found = _read(
        tmp_path, HEAD + f"Z,1,0300,1\nA,1,0450,1\n{bad}\nB,1,0300,1\nC,1,,1\n"
    )
    assert [reject.record for reject in rejects_of(found)] == [4]
    assert _codes(found) == {
        ("Z", "1"): ("0300",),
        ("A", "1"): UNKNOWN,
        ("B", "1"): UNKNOWN,
        ("C", "1"): NONE,
    }


def test_in_a_file_that_is_not_grouped_it_may_belong_to_any_split_claim(
    tmp_path: Path,
) -> None:
    text = "A,1,0450,1\nB,1,0300,1\nA,2,0120,1\nC,1,0300,1\nD,1,0300,1\nbad\n"
    assert _codes(_read(tmp_path, HEAD + text))[("A", "1")] is UNKNOWN


def test_an_open_quotation_mark_costs_its_own_row_only(tmp_path: Path) -> None:
    rows_after = "".join(f"B{n},1,0300,1\n" for n in range(200))
    found = _read(tmp_path, HEAD + 'A,1,"0450,1\n' + rows_after)
    assert [reject.record for reject in rejects_of(found)] == [2]
    assert len(lines_of(found)) == 200


def test_two_open_quotation_marks_do_not_make_one_record_of_two(
    tmp_path: Path,
) -> None:
    found = _read(tmp_path, HEAD + 'A,1,"0450,1\nB,1,0300",1,1\nC,1,0300,1\n')
    assert [reject.record for reject in rejects_of(found)] == [2, 3]
    assert [line.record for line in lines_of(found)] == [4]


def test_a_quoted_cell_may_span_lines(tmp_path: Path) -> None:
    text = 'claim_id,line,payer,billed\nA,1,"x, ""y""",1.00\nB,1,"\n",2\nC,1,"a\nb",2\n'
    found = _read(tmp_path, text)
    assert [line.read("payer") for line in lines_of(found)] == ['x, "y"', UNKNOWN]
    assert [(r.record, r.field) for r in rejects_of(found)] == [(5, "payer")]


def test_bytes_that_are_not_text_cost_their_own_row(tmp_path: Path) -> None:
    found = _read(
        tmp_path, HEAD.encode() + b"A,1,0450,1\nB,\xff,1,1\n\nC,1,0450,\x00\n"
    )
    assert [reject.record for reject in rejects_of(found)] == [3, 5]
    assert len(lines_of(found)) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("claim_id,lime\n", "M010"),
        ("claim_id,line,line\n", "M011"),
        ("", "M012"),
        ('claim_id,"line\n', "M012"),
    ],
)
def test_a_header_that_can_not_be_used_is_an_error_at_once(
    tmp_path: Path, header: str, code: str
) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_claims(written(tmp_path, "c.csv", header + "A,1\n" * bool(header)), FACTS)
    assert {each.code for each in caught.value.diagnostics} >= {code}


def test_line_ends_of_an_old_macintosh_are_told_for_what_they_are(
    tmp_path: Path,
) -> None:
    with pytest.raises(DiagnosticError, match="a carriage return alone"):
        read_claims(written(tmp_path, "c.csv", "claim_id,line\rA,1\r"), FACTS)


def test_columns_that_no_fact_declares_are_noted(tmp_path: Path) -> None:
    report = ReadReport()
    path = written(tmp_path, "c.csv", "claim_id|line|biled\nA|1|3\n")
    assert len(lines_of(read_claims(path, FACTS, report=report))) == 1
    (note,) = report.notes()
    assert "did you mean `billed`" in note


def test_a_file_of_no_known_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match="no format"):
        read_claims(written(tmp_path, "c.xlsx", "x"), FACTS)


_rows = st.lists(
    st.text(alphabet='AB12,"|x\n\r\x00é', max_size=12)
    | st.builds(
        "{},{},{},1.00".format,
        st.sampled_from("ABC"),
        st.integers(1, 4),
        st.sampled_from(["0450", "", "x"]),
    ),
    max_size=12,
)


@given(made=_rows)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_is_lost_and_none_is_read_twice(tmp_path: Path, made: list[str]) -> None:
    text = HEAD + "\n".join(made)
    found = _read(tmp_path, text)
    records = [line.record for line in lines_of(found)]
    records += [reject.record for reject in rejects_of(found)]
    assert len(records) == len(set(records))
    if '"' not in text:
        filled = [n for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        assert sorted(records) == filled[1:]


@given(made=st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gathered_codes_do_not_depend_on_the_order_of_rows(
    tmp_path: Path, made: list[tuple[str, int]]
) -> None:
    unique = [f"{claim},{n},{n:04d},1" for claim, n in dict.fromkeys(made)]
    as_made = _codes(_read(tmp_path, HEAD + "\n".join(unique)))
    ordered = _codes(_read(tmp_path, HEAD + "\n".join(sorted(unique))))
    assert as_made == ordered


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    import datetime as dt  # noqa: PLC0415
    import decimal  # noqa: PLC0415

    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {
            "claim_id": pa.array(["A", "A", "B", "B"]).dictionary_encode(),
            "line": [1, 2, 1, 1],
            "billed": pa.array([decimal.Decimal("1.10"), None, None, None]),
            "allowed": [1.1, 0.5, 1.005, 1.0],
            "service_date": [dt.date(2026, 3, 4)] * 4,
            "admission_date": pa.array([dt.datetime(2026, 3, 4)] * 4),  # noqa: DTZ001
            "revenue_code": ["450", "0120", "0300", None],
            "modifiers": [["59", "26"], [], None, None],
            "emergency": [True, False, None, None],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    found = list(read_claims(tmp_path / "c.parquet", FACTS))
    one, two, three = lines_of(found)
    assert (one.read("billed"), one.read("allowed")) == (110, 110)
    assert one.read("service_date") == dt.date(2026, 3, 4)
    assert one.read("admission_date") == dt.date(2026, 3, 4)
    assert (one.read("modifiers"), two.read("modifiers")) == (("26", "59"), NONE)
    assert (one.read("emergency"), two.read("emergency")) == (True, False)
    assert two.read(REV) == ("0120", "0450")
    assert (three.record, three.read("allowed")) == (4, 100)
    assert [(r.record, r.field) for r in rejects_of(found)] == [(3, "allowed")]


def test_a_parquet_file_that_is_none_or_has_structs_is_an_error(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    with pytest.raises(DiagnosticError, match="M012"):
        read_claims(written(tmp_path, "c.parquet", "PAR1 nonsense"), FACTS)
    made = {"claim_id": ["A"], "line": ["1"], "billed": [{"a": 1}]}
    pq.write_table(pa.table(made), tmp_path / "s.parquet")
    with pytest.raises(DiagnosticError, match="M014"):
        read_claims(tmp_path / "s.parquet", FACTS)
