"""Pages for people: gathers what a page shows, and hands it to `whopays.pages`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from importlib import metadata
from typing import TYPE_CHECKING

from whopays.api.book import RuleBook
from whopays.api.check import Report
from whopays.api.line import LineDecision
from whopays.api.sarif import documented
from whopays.model.changes import Changes
from whopays.model.rules import Rules
from whopays.pages import About, Read, check_page, explain_page, tests_page
from whopays.pages.amounts import amount_tables
from whopays.resolve.versions import versions

if TYPE_CHECKING:
    from whopays.analyse.coverage.items import Coverage
    from whopays.analyse.mutants.mutation import Mutation
    from whopays.analyse.testing import Result
    from whopays.claims import Reject


def page_of_check(report: Report) -> str:
    """Return `report` as a page of HTML that needs nothing but itself."""
    contracts = {
        name: (contract, versions(contract, report.known_on)[0])
        for name, contract in report.rules.contracts.items()
    }
    return check_page(
        _about(report.rules, report.known_on),
        report.diagnostics,
        report.contracts,
        Read(contracts, amount_tables(report.rules)),
        documented(),
    )


def page_of_tests(
    book: RuleBook,
    results: Sequence[Result],
    coverage: Sequence[Coverage] = (),
    mutations: Sequence[Mutation] = (),
) -> str:
    """Return the `results` of tests of `book` as a page.

    `coverage` and `mutations` are shown where they are asked for.
    """
    about = _about(book.rules, contract=book.contract)
    return tests_page(about, results, coverage, mutations)


def page_of_lines(
    book: RuleBook,
    lines: Iterable[tuple[LineDecision, Changes | None]],
    rejects: Sequence[Reject] = (),
    why_not: str | None = None,
) -> str:
    """Return the explanations of `lines`, decided by `book`, as a page.

    A line may come with what would change its decision. `why_not` is a party of which each explanation says why it does not bear the line.
    """
    about = _about(book.rules, book.known_on, book.contract)
    decided = ((each.decision, changes) for each, changes in lines)
    return explain_page(about, decided, rejects, why_not)


def _about(
    rules: Rules, known_on: date | None = None, contract: str | None = None
) -> About:
    asked = (
        ("as known on", known_on.isoformat() if known_on else ""),
        ("by contract", contract or ""),
    )
    return About(
        metadata.version("whopays"),
        rules.sources,
        tuple((name, value) for name, value in asked if value),
    )
