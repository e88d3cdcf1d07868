"""Whatever is typed for a code, for facts or into a list: an answer in words, nothing lost."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from small_catalogs import CATALOG, catalog_file
from whopays.analyse.catalogs.lookup import lookup
from whopays.api.catalogs import find_catalog, given_facts
from whopays.codes.lists import Entry, Unread, code_list
from whopays.codes.pack_rows import read_rows
from whopays.codes.said import CodeError, said_code
from whopays.diagnostics import DiagnosticError
from whopays.model.codes import SHAPES

_LOOKED_AT = ("REV", "CPT", "HCPCS", "ICD10PCS")
with tempfile.TemporaryDirectory() as _folder:
    _CATALOG = find_catalog(str(catalog_file(Path(_folder), CATALOG)))
_typed = st.one_of(
    st.text(max_size=20),
    st.text("0123456789AFJTZ.- cptrevx", max_size=12),
    st.sampled_from(
        ["99213", "CPT 99213", "F32.9", "0450", "450", "J9035", "99213-25"]
    ),
)
_facts = st.lists(
    st.one_of(
        st.text(max_size=15),
        st.sampled_from(
            [
                *("age 70", "place_of_service 02", "claim_type dental", "network"),
                *("revenue_code 0450", "procedure_code none", "not emergency", "age"),
                *("modifiers 25", "26", "service_date 2026-01-01", "allowed $1.00"),
            ]
        ),
    ),
    max_size=4,
).map(", ".join)


@given(_typed, _facts)
def test_a_lookup_answers_or_says_what_is_wrong(typed: str, facts: str) -> None:
    try:
        said = said_code(typed, _LOOKED_AT)
        known = given_facts(facts, _CATALOG, None)
    except (CodeError, DiagnosticError):
        return
    assert SHAPES[said.system].fullmatch(said.code)
    found = lookup(_CATALOG, said.system, said.code, known)
    assert found.status in {"placed", "open", "tie", "nowhere", "not looked up"}
    assert (found.status == "placed") == bool(found.winner)


_cells = st.one_of(
    _typed,
    st.sampled_from(['"', '"a', "a,b", "=1", "\x00", "\ufeff", "CPT", "DX", ""]),
)


@given(st.lists(_cells, min_size=1, max_size=12))
def test_every_row_of_a_list_is_read_or_told(rows: list[str]) -> None:
    lines = [row.replace("\n", " ").replace("\r", " ") for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "codes.csv")
        path.write_text("\n".join(["code", *lines]), encoding="utf-8")
        found = list(code_list(path, _LOOKED_AT).read())

    told = [each.record for each in found]
    assert told == sorted(told)
    assert len(set(told)) == len(told)
    assert all(isinstance(each, Entry | Unread) for each in found)
    # What one record spans is told once, by its first line.
    plain = {n for n, line in enumerate(lines, 2) if line.strip() and '"' not in line}
    if not any('"' in line for line in lines):
        assert set(told) == plain


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused_in_words(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "codes.csv")
        path.write_bytes(raw)
        for read in (
            lambda: list(code_list(path, _LOOKED_AT).read()),
            lambda: read_rows(path, "pack", ("CPT",), wordings=True),
        ):
            with suppress(DiagnosticError):
                read()
