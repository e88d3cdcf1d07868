"""Methods that break promises, declare it, or cannot be proved: exactly what is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from whopays.api.proofs import Proofs, prove_methods
from whopays.diagnostics import render_all
from whopays.model.payments import PROMISES

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "grammar" / "corpus" / "proved").glob("*.rules"))
SHIPPED = ROOT / "rulesets" / "cob"
PAGE = ROOT / "grammar" / "diagnostics.md"


def _stem(path: Path) -> str:
    return path.stem


def _said(found: Proofs) -> str:
    return "\n".join([found.table(), "", render_all(found.diagnostics), ""])


@pytest.mark.parametrize("path", FILES, ids=_stem)
def test_the_proofs_of_a_file_say_exactly_what_is_expected(
    path: Path, *, update_expected: bool
) -> None:
    said = _said(prove_methods(path))
    expected = path.with_suffix(".expected")

    if update_expected:
        expected.write_text(said, encoding="utf-8")

    assert said == expected.read_text(encoding="utf-8")


def test_the_table_of_what_ships_is_the_one_that_ships(
    *, update_expected: bool
) -> None:
    found = prove_methods(SHIPPED)
    (page,) = SHIPPED.glob("proofs-*.txt")
    said = f"{found.table()}\n"

    if update_expected:
        page.write_text(said, encoding="utf-8")

    assert said == page.read_text(encoding="utf-8")
    assert [each.message for each in found.diagnostics] == []
    assert found.faults == []


def test_each_promise_has_a_method_that_breaks_it_and_is_found() -> None:
    found = prove_methods(ROOT / "grammar" / "corpus" / "proved" / FILES[1].name)
    broken = {e.promise for e in found.findings if e.status == "counterexample"}

    assert broken == set(PROMISES)


def test_every_code_of_a_proof_names_the_file_that_shows_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for path in FILES:
        for code in {each.code for each in prove_methods(path).diagnostics}:
            section = re.search(
                rf"^## {code} .*?(?=^## )", page, re.DOTALL | re.MULTILINE
            )

            assert section is not None
            assert f"corpus/proved/{path.name}" in section[0]
