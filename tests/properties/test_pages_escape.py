"""Whatever rule files and claims hold, a page shows it as text and keeps its shape."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from page_structure import read_page
from small_rules import book_of, rules
from whopays import pages
from whopays.analyse.testing import Result
from whopays.api import LineDecision, RuleBook
from whopays.checks import Checked
from whopays.claims import Reject
from whopays.diagnostics import Diagnostic, Edit, Label, Severity, Source, Span
from whopays.model.changes import Becomes, Changes, ChangeSet, Way
from whopays.model.claim import Line
from whopays.model.contract import Contract, Text
from whopays.pages import About, Read, check_page, explain_page
from whopays.pages.render import visible
from whopays.pages.tables import Standing, Table
from whopays.resolve.versions import versions

# Surrogates too: a name of a file, or JSON, can bring them.
ANYTHING = st.text(st.characters(), min_size=1, max_size=40)
SCRIPT = "</td><script>alert('1')</script>&lt;\" onload=\"x"
TURNED = "\u202ereversed\u2066\x00\ud800"
TEST = """\
test "A visit"
  contract K
  given procedure_code CPT 99213, area inside
  given product HMO, service_date 2025-03-04
  expect PLAN 100%
end
"""


@cache
def book() -> RuleBook:
    with TemporaryDirectory() as folder:
        return book_of(Path(folder), rules(TEST))


def contract() -> Contract:
    return book().rules.contracts["K"]


def same(page: str, plain: str, text: str) -> None:
    """Check that `page` is built as `plain` is, and shows `text`."""
    found = read_page(page)
    assert found.problems == []
    assert found.skeleton == read_page(plain).skeleton
    assert _seen(text) in _seen(found.text)
    page.encode("utf-8")


def _seen(text: str) -> str:
    # What is quoted between backticks is shown without them.
    return re.sub(r"[`\s]", "", visible(text))


@given(ANYTHING)
@example(SCRIPT)
@example(TURNED)
def test_page_of_a_check_shows_any_text_as_text(text: str) -> None:
    few_lines = text.count("\n") < 3  # edits of more are not shown

    def page(text: str) -> str:
        source = Source(text, f"first\n{text}\n")
        place = Span(source, 6, 6 + len(text))
        edits = Edit(Span(source, 0, 5), "new"), Edit(place, f"-{text}-")
        found = Diagnostic(
            *("R001", text, (Label(place, text), Label(place)), text, (text,)),
            fix=edits if few_lines else (),
        )
        about = About("0", ((text, text),), ((text, text),))
        return check_page(
            about, (found, replace(found, code="Z999")), {}, Read({}, ()), {}
        )

    same(page(text), page("x"), text)


@given(ANYTHING)
@example(SCRIPT)
@example(TURNED)
def test_page_of_a_contract_shows_any_text_as_text(text: str) -> None:
    def page(text: str) -> str:
        given = contract()
        (grid,) = given.text.grids
        rows = tuple(
            replace(row, category=f"{number} {text}", cites=(text,))
            for number, row in enumerate(grid.rows)
        )
        parties = tuple(replace(each, name=text) for each in given.text.parties)
        spoiled = replace(
            given,
            title=text,
            text=Text((replace(grid, title=text, rows=rows),), parties=parties),
        )
        row = Standing(("term", text), text, "", (text,), "", text, text, 1)
        amounts = Table(text, "term", "", ("by",), (), (row,))
        checked = Checked(versions=1, by_otherwise={text})
        return check_page(
            About("0", ()),
            (Diagnostic("C001", text, (), severity=Severity.WARNING),),
            {"K": checked},
            Read({"K": (spoiled, versions(spoiled)[0])}, (amounts,)),
            {},
        )

    same(page(text), page("x"), text)


@given(ANYTHING)
@example(SCRIPT)
@example(TURNED)
def test_page_of_tests_shows_any_text_as_text(text: str) -> None:
    def page(text: str) -> str:
        (case,) = book().rules.tests
        named = replace(case, title=text, contract=text)
        return pages.tests_page(
            About("0", ()), (Result(named, "failed", (text,)),), (), ()
        )

    same(page(text), page("x"), text)


@given(ANYTHING)
@example(SCRIPT)
@example(TURNED)
def test_page_of_explanations_shows_any_text_as_text(text: str) -> None:
    def page(text: str) -> str:
        line = Line(text, text, {"product": "HMO", "area": text})
        decided: LineDecision = book().decide_line(line)
        reject = Reject("claims.csv", 1, text, text, text, text)
        way = Way((Becomes(text, text, text),), "decided", text, (text,), {})
        found = ChangeSet((text,), (way,))
        changes = Changes(
            text,
            settles=True,
            sets=(found,),
            largest=1,
            is_complete=True,
            fixed=(text,),
        )
        line_shown = (decided.decision, changes)
        return explain_page(About("0", ()), (line_shown,), (reject,), "PLAN")

    same(page(text), page("x"), text)
