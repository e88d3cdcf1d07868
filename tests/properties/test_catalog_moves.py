"""Catalogs compared by ranges say of each code what comparing code by code would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from whopays.analyse.catalogs.moves import Diff, Move, diff
from whopays.diagnostics import render_all
from whopays.model.catalog import Catalog
from whopays.model.codes import SHAPES, CodeSet, edge_codes, normal_code
from whopays.resolve import resolve
from whopays.syntax import parse

_ENDS = {
    "CPT": ("99201", "99202", "99210", "99299", "99300", "0016T", "0017T", "0020T"),
    "HCPCS": ("A9998", "A9999", "B0000", "B0002", "J0135", "J9999"),
    "REV": ("0000", "0450", "0451", "0459", "9999"),
    "ICD10CM": ("F01", "F32", "F320", "F321", "F33", "F99", "F9Z", "G00", "G01"),
    "TOB": ("011", "012", "013", "0111", "0119"),
}
_HEAD = """\
edition 1

facts F "Facts"
  version 1
  fact code is code CPT, HCPCS, REV, ICD10CM, TOB or none
  fact age is number
end

catalog C "Catalog"
  version 1
  facts from F 1
  match by code otherwise
end
"""


@st.composite
def _code_line(draw: st.DrawFn) -> str:
    system = draw(st.sampled_from(sorted(_ENDS)))
    ranges = []
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.sampled_from(_ENDS[system]))
        alike = [
            each
            for each in _ENDS[system]
            if len(each) == len(first)
            and each >= first
            and each[-1].isalpha() == first[-1].isalpha()
        ]
        last = draw(st.sampled_from(alike))
        ends = [first] if first == last else [first, last]
        if system == "TOB":
            ends = [each.ljust(4, "x") for each in ends]
        ranges.append("-".join(ends))
    return f"  codes {system} {', '.join(ranges)}\n"


@st.composite
def _catalogs(draw: st.DrawFn) -> Catalog:
    blocks = []
    for name in draw(st.lists(st.sampled_from("ABC"), min_size=1, unique=True)):
        lines = draw(st.lists(_code_line(), min_size=1, max_size=3))
        blocks.append(f'category "{name}"\n{"".join(lines)}end\n')
    text = "\n".join((_HEAD, *blocks))
    file, problems = parse("c.rules", text)
    rules, more = resolve([file], lambda *_: None)
    wrong = [each for each in (*problems, *more) if each.is_error]
    assert not wrong, render_all(wrong)
    (found,) = rules.catalogs.values()
    return found


def _codes(catalogs: tuple[Catalog, ...]) -> set[tuple[str, str]]:
    """Return codes at the ends of all ranges, and a few beside and under them."""
    found = set()
    for catalog in catalogs:
        for category in catalog.categories.values():
            for codes in category.codes:
                for code in edge_codes(codes):
                    found.add((codes.system, code))
    for system, ends in _ENDS.items():
        for end in ends:
            for more in ("", "0", "1", "9", "A", "Z"):
                if SHAPES[system].fullmatch(end + more):
                    found.add((system, end + more))
    return found


def _listing(catalog: Catalog, system: str, code: str) -> frozenset[str]:
    return frozenset(
        name
        for name, category in catalog.categories.items()
        if any(each.system == system and code in each for each in category.codes)
    )


@given(_catalogs(), _catalogs())
def test_a_code_moves_if_and_only_if_other_services_claim_it(
    old: Catalog, new: Catalog
) -> None:
    found = diff(old, new)
    finder = found.where()
    for system, code in _codes((old, new)):
        before, after = _listing(old, system, code), _listing(new, system, code)
        move = finder.find(system, code)

        if before == after:
            assert move is None
        else:
            assert move is not None
            assert (move.before, move.after) == (before, after)
        for each in found.moves:
            if each.system == system:
                assert _is_written(each, code) == (each is move)


@given(_catalogs(), _catalogs())
def test_the_other_way_round_what_appeared_has_vanished(
    old: Catalog, new: Catalog
) -> None:
    there, back = diff(old, new), diff(new, old)

    assert _fates(there) == {
        (system, codes, after, before) for system, codes, before, after in _fates(back)
    }


@given(_catalogs())
def test_a_catalog_does_not_differ_from_itself(catalog: Catalog) -> None:
    assert diff(catalog, catalog).is_empty


def _fates(found: Diff) -> set[tuple[object, ...]]:
    return {(m.system, m.codes, m.before, m.after) for m in found.moves}


def _is_written(move: Move, code: str) -> bool:
    """Tell whether `code` is in a range of `move` as it is shown to people."""
    for piece in move.codes:
        itself = re.fullmatch(r"(\S+) itself", piece)
        if itself:
            if normal_code(itself[1]) == code:
                return True
            continue
        first, _, last = (part.rstrip("x") for part in piece.partition("-"))
        ends = (normal_code(first), normal_code(last or first))
        if move.system in {"ICD10CM", "TOB"}:
            if ends[0] <= code and code[: len(ends[1])] <= ends[1]:
                return True
        elif code in CodeSet(move.system, (ends,)):
            return True
    return False
