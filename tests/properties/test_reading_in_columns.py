"""Reading in columns says of every file what reading row by row says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_support import FACTS, SPAN, written
from column_reading import lines_in, same_reading
from whopays.claims import Mapping, parse_mapping, read_claims, rows
from whopays.claims.mapping import identity_mapping
from whopays.columns.reading import (
    alike,
    delimited,
    gathered,
    kept,
    read_columns,
    read_table,
)
from whopays.diagnostics import DiagnosticError, Source
from whopays.model.facts import Fact, Kind

#: Those of the tests of readers, and facts of the claim that a file itself gives.
ALL = FACTS | {
    "claim_total": Fact("claim_total", Kind.MONEY, SPAN, of="claim"),
    "first_day": Fact("first_day", Kind.DATE, SPAN, of="claim"),
    "claim_kind": Fact("claim_kind", Kind.TEXT, SPAN, of="claim", or_none=True),
    "claim_modifiers": Fact(
        "claim_modifiers", Kind.CODES, SPAN, systems=("MODIFIER",), of="claim"
    ),
    "member": Fact("member", Kind.TEXT, SPAN, required=True),
    "paid_on": Fact("paid_on", Kind.DATE, SPAN, required=True),
}
LOOSE = {name: fact for name, fact in ALL.items() if not fact.required}
MANY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=30,
)
_MONEY = (
    "1.00", "-0.05", "-0", "12.5", "12.500", "12.345", "1e3", "", " 7 ", "007", ".5",
    "5.", "-", "+1", "1,000", "--1", "1-", "999999999999999.99", "1000000000000000",
    "12345678901234567", "123456789012345678", "x", "1.2.3", "٣", "1\x00", "-.5", "0.1",
)  # fmt: skip
_TEXTS = {
    "claim_id": (
        "A",
        "B",
        "C",
        "A ",
        "",
        " ",
        "é",
        "e\u0301",
        "x" * 1001,
        "1",
        "C\x00",
    ),
    "line": ("1", "2", "3", "10", " 1", "", "01", "é", "1\x07"),
    "revenue_code": ("450", "0450", "0120", "", "none", "45.0", "0300", " 450"),
    "modifiers": ("59", "59;26", "26 ; 59", "", ";", "5", "LT;RT;59"),
    "service_date": ("2026-01-02", "2026-02-30", "20260102", "", "2026-01-02 00:00:00"),
    "emergency": ("yes", "N", "1", "maybe", "", "TRUE"),
    "age": ("12", "12.50", "-1", "x", "", "1e2", "007"),
    "network": ("inside", "outside", "", "Inside"),
    "product": ("HMO", "anything", ""),
    "billed": _MONEY,
    "allowed": _MONEY,
    "claim_total": ("1.00", "1", "2", "", "x"),
    "first_day": ("2026-01-02", "2026-01-02 00:00:00", "2026-01-03", "", "x"),
    "claim_kind": ("a", "b", " a", ""),
    "member": ("M1", "M2", "", "é"),
    "paid_on": ("2026-01-02", "", "x"),
    "spare": ("1",),
}
_NAMES = ("claim_id", "line")


def _array(texts: list[str | None], draw: Callable[[Any], Any]) -> Any:
    """Return the texts as an Arrow array of text, in one of the ways to have it."""
    kinds = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
    array = pa.array(texts, pa.string())
    if draw(st.booleans()):
        lists = [None if text is None else [text, text] for text in texts]
        some = [each for each in lists if each is None or draw(st.booleans())]
        if len(some) == len(lists):
            return pa.array(lists, pa.list_(pa.string()))
    return array.cast(draw(st.sampled_from(kinds)))


_TYPED: tuple[tuple[Any, st.SearchStrategy[Any]], ...] = (
    (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)),
    (pa.uint64(), st.integers(0, 2**64 - 1) | st.integers(0, 500)),
    (pa.int8(), st.integers(-128, 127)),
    (pa.float64(), st.sampled_from([1.5, 0.1, -0.0, 0.0, 1e20, 12.345, float("nan")])),
    (pa.float32(), st.sampled_from([1.5, 0.25, -0.0, 450.0])),
    (pa.bool_(), st.booleans()),
    (pa.date32(), st.dates()),
    (pa.timestamp("us"), st.datetimes() | st.just(dt.datetime(2026, 1, 2))),  # noqa: DTZ001
    (pa.decimal128(9, 0), st.integers(-999, 999).map(Decimal)),
    (pa.decimal128(12, 2), st.decimals(-9999, 9999, places=2)),
    (pa.decimal128(12, 1), st.decimals(-9999, 9999, places=1)),
    (
        pa.decimal128(20, 4),
        st.decimals(-9999, 9999, places=4)
        | st.decimals(-9999, 9999, places=2)
        | st.just(Decimal(10) ** 15),
    ),
    (pa.decimal128(30, 9), st.sampled_from([Decimal(0), Decimal("1.5")])),
    (pa.decimal128(38, 2), st.sampled_from([Decimal(10) ** 30, Decimal("-1.25")])),
    (pa.null(), st.none()),
)


@st.composite
def _tables(draw: Callable[[Any], Any]) -> Any:
    count = draw(st.integers(1, 12))
    columns = {}
    others = [name for name in _TEXTS if name not in _NAMES]
    for name in (*_NAMES, *draw(st.sets(st.sampled_from(others), max_size=8))):
        if draw(st.integers(0, 3)) or name in _NAMES:
            pool = _TEXTS[name][:4] if draw(st.booleans()) else _TEXTS[name]
            texts = draw(_of(st.sampled_from(pool) | st.none(), count))
            columns[name] = _array(texts, draw)
        else:
            kind, values = draw(st.sampled_from(_TYPED))
            array = pa.array(draw(_of(values | st.none(), count)), kind)
            is_coded = draw(st.booleans()) and not pa.types.is_null(kind)
            columns[name] = array.dictionary_encode() if is_coded else array
    return pa.table(columns)


def _of(values: Any, count: int) -> Any:
    return st.lists(values, min_size=count, max_size=count)


@pytest.fixture(params=["as it is", "runs cut short", "no bits", "forgetful"])
def bounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that small tables would never meet."""
    if request.param == "runs cut short":
        monkeypatch.setattr(rows, "LONGEST_RUN", 3)
    elif request.param == "no bits":
        monkeypatch.setattr(gathered, "_BITS", 1)
    elif request.param == "forgetful":
        monkeypatch.setattr(kept, "_MOST", 2)


@pytest.mark.usefixtures("bounds")
@given(table=_tables(), size=st.sampled_from([1, 2, 5, 100]), strict=st.booleans())
@MANY
def test_parquet_files(tmp_path: Path, table: Any, size: int, strict: bool) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table, path, row_group_size=3 if size == 2 else 100)
    same_reading(path, ALL if strict else LOOSE, rows=size)


@pytest.mark.usefixtures("bounds")
@given(table=_tables(), size=st.sampled_from([1, 2, 100]))
@MANY
def test_a_table_in_memory_reads_as_its_file(
    tmp_path: Path, table: Any, size: int
) -> None:
    """Its batches share their dictionaries, those of a file do not."""
    path = tmp_path / "c.parquet"
    pq.write_table(table, path)
    lines, rejects = same_reading(path, LOOSE)
    chunks = list(read_table(table, LOOSE, rows=size))
    assert lines_in(chunks) == lines
    assert [
        replace(each, file=str(path)) for chunk in chunks for each in chunk.rejects
    ] == rejects


_rows = st.lists(
    st.text(alphabet='AB12,"|x\n\r\x00é \ufeff', max_size=12)
    | st.builds(
        "{},{},{},{}".format,
        st.sampled_from(["A", "B", "C", "", " A", "é", '"A"', '"A,"', '""']),
        st.integers(1, 4),
        st.sampled_from(["0450", "450", "", "x"]),
        st.sampled_from(["1.00", "", "x", '"1"', '"2"', '"1', '"1""', '"1"1', '1"2"']),
    ),
    max_size=14,
)


@pytest.fixture(params=[1, 9, 40, 8 << 20])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of so many bytes, which cut a small file anywhere."""
    monkeypatch.setattr(delimited, "_BLOCK", request.param)


@pytest.mark.usefixtures("bounds", "blocks")
@given(
    made=_rows,
    ends=st.sampled_from(["\n", "\r\n"]),
    size=st.sampled_from([1, 3, 100]),
)
@MANY
def test_delimited_files(tmp_path: Path, made: list[str], ends: str, size: int) -> None:
    text = ends.join(["claim_id,line,revenue_code,billed", *made]).encode()
    if size == 3:  # bytes that are no text
        text = text.replace("é".encode(), b"\xe9")
    same_reading(written(tmp_path, "c.csv", text), LOOSE, rows=size)


def test_claims_that_take_turns_have_the_codes_of_all_their_rows(
    tmp_path: Path,
) -> None:
    head = "claim_id,line,revenue_code,billed\n"
    rows_of = "B,1,0450,1\nA,1,0300,1\nB,2,0120,1\nA,2,,1\n"
    lines, _ = same_reading(written(tmp_path, "c.csv", head + rows_of), LOOSE, rows=1)
    codes = [facts["claim_revenue_codes"] for *_, facts in lines]
    assert codes == ["('0120', '0450')", "('0300',)"] * 2


_MAPPING = """
claim_id: claim_id
line: line
facts:
  service_date: {first_of: [D1, D2], format: "%d-%b-%Y"}
  admission_date: {column: D1, format: "%d-%b-%Y", empty: none}
  modifiers: {columns: [M1, M2, M3]}
  diagnoses: {columns: [X1, X2], version: [V1, V2], versions: ["0"]}
  principal_diagnosis: {column: X1, version: V1, versions: ["0"]}
  bill_type: {columns: [T1, T2], join: ""}
  network: {column: N, values: {I: inside, O: outside, "-": unknown}}
  claim_type: {constant: dental}
  billed: {column: C, unit: cents}
  allowed: {column: C, empty: none}
  copay: {column: C, values: {free: "0.00", "?": unknown}}
  revenue_code: R
"""
_MAPPED = {
    "D1": ("30-May-2015", "30-Feb-2015", "", "x"),
    "D2": ("1-jan-2020", " ", "2020-01-01"),
    "M1": ("59", "", " ", "5"),
    "M2": ("26", "59", "LT "),
    "M3": ("RT", ""),
    "X1": ("F32.9", "F329", "V18", "x", ""),
    "X2": ("I10", ""),
    "V1": ("0", " 0", "9", ""),
    "V2": ("0", "9"),
    "T1": ("11", "", "13"),
    "T2": ("1", "7", ""),
    "N": ("I", " O ", "-", "inside", "x", ""),
    "C": ("100", "-5", "1.00", "free", "?", "", "12345678901234567"),
    "R": ("0450", "120", ""),
}


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return parse_mapping(Source("m.yaml", _MAPPING), LOOSE)


@st.composite
def _mapped(draw: Callable[[Any], Any]) -> Any:
    count = draw(st.integers(1, 8))
    pools = {"claim_id": ("A", "B"), "line": ("1", "2", "3", "4"), **_MAPPED}
    return pa.table(
        {
            name: _array(draw(_of(st.sampled_from(pool) | st.none(), count)), draw)
            for name, pool in pools.items()
        }
    )


@given(table=_mapped(), size=st.sampled_from([1, 3, 100]))
@MANY
def test_all_that_a_mapping_can_say(
    tmp_path: Path, mapping: Mapping, table: Any, size: int
) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table, path)
    same_reading(path, LOOSE, mapping, rows=size)


def test_each_kind_of_field_is_in_that_mapping(mapping: Mapping) -> None:
    plain = identity_mapping(("claim_id", "line", "billed"), LOOSE)
    assert len({each.how for each in (*mapping.fields, *plain.fields)}) == 5


def _broken(texts: list[bytes]) -> Any:
    """Return an array of texts that may be none."""
    return pa.array(texts, pa.binary()).view(pa.string())


_bytes = st.sampled_from([b"A", b"B", b"\xff", b"0450", b"1"])


@st.composite
def _not_text(draw: Callable[[Any], Any]) -> Any:
    count = draw(st.integers(1, 8))
    return pa.table(
        {
            name: _broken(draw(_of(_bytes, count)))
            for name in ("claim_id", "line", "revenue_code", "billed", "payer")
        }
    )


@given(table=_not_text(), size=st.sampled_from([1, 3, 100]))
@MANY
def test_bytes_that_are_not_text(tmp_path: Path, table: Any, size: int) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table, path)
    same_reading(path, LOOSE, rows=size)


def _damaged(whole: bytes, at: int) -> bytes:
    return whole[:at] + b"\xff\xff\xff" + whole[at + 3 :]


@pytest.mark.parametrize("place", range(1, 25, 3))
def test_a_parquet_file_that_is_damaged_is_an_error(tmp_path: Path, place: int) -> None:
    """Or, where the bytes are a value's, is read as another file that says so."""
    count = 40_000
    table = pa.table(
        {
            "claim_id": [f"C{at // 3}" for at in range(count)],
            "line": [str(at % 3) for at in range(count)],
            "revenue_code": ["0450", "0120", None, "0300"] * (count // 4),
            "billed": [f"{at}.25" for at in range(count)],
        }
    )
    path = tmp_path / "c.parquet"
    pq.write_table(table, path, row_group_size=10_000, compression="snappy")
    whole = path.read_bytes()
    path.write_bytes(_damaged(whole, place * (len(whole) - 3_000) // 25))
    with pytest.raises(DiagnosticError, match="M016"):
        list(read_columns(path, LOOSE, rows=17_000))
    with pytest.raises(DiagnosticError, match="M016"):
        list(read_claims(path, LOOSE))


_sequences = st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=12)


@pytest.mark.parametrize("is_alike", [False, True])
@given(made=_sequences)
@MANY
def test_sequences_are_alike_only_if_all_their_numbers_are(
    monkeypatch: pytest.MonkeyPatch, is_alike: bool, made: list[list[int]]
) -> None:
    """Even where all hashes are the same."""
    if is_alike:
        monkeypatch.setattr(alike, "_MIX", np.uint64(0))
    lengths = np.array([len(each) for each in made], np.int64)
    flat = np.array([number for each in made for number in each], np.int32)
    which, first = alike.alike(np.cumsum(lengths) - lengths, lengths, flat)
    assert [made[first[kind]] for kind in which] == made
    assert len(first) == len({tuple(each) for each in made})
