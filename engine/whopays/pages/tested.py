"""The page of the tests: how each came out, what they touch, and what they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from whopays.analyse.coverage.items import (
    IMPOSSIBLE,
    KINDS,
    MISSING,
    TOUCHED,
    Coverage,
    Covered,
)
from whopays.analyse.mutants.mutation import Mutation
from whopays.analyse.testing import Result
from whopays.pages.about import About
from whopays.pages.groups import Entry, Groups, grouped
from whopays.pages.mutated import mutated
from whopays.pages.render import rendered

_STATES = {"later": "not run"}
_SHOWN_TESTS = 3


@dataclass(frozen=True)
class Tested:
    """One test and what came of it: passed, failed or not run."""

    number: int
    title: str
    contract: str
    place: str
    state: str
    unreviewed: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """How many items of one kind there are, and how many the tests touch."""

    name: str
    touched: int
    items: int
    missing: int
    impossible: int


@dataclass(frozen=True)
class Reason:
    """Items that can't be built for one reason."""

    why: str
    items: int
    groups: Groups


@dataclass(frozen=True)
class Surveyed:
    """What the tests of one contract touch and miss."""

    number: int
    contract: str
    passed: int
    kinds: tuple[Kind, ...]
    touched: int
    missing: int
    impossible: int
    missed: Groups
    shown: Groups
    reasons: tuple[Reason, ...]


def tests_page(
    about: About,
    results: Sequence[Result],
    coverage: Sequence[Coverage],
    mutations: Sequence[Mutation],
) -> str:
    """Return the page of the `results` of tests.

    By contract, it has the `coverage` and what the tests notice of `mutations`.
    """
    tests = [_tested(number, each) for number, each in enumerate(results, 1)]
    names = dict.fromkeys(each.contract for each in coverage or mutations or tests)
    return rendered(
        "tests.html",
        about,
        names=[name for name in names if name],
        tests=tests,
        counts=Counter(each.state for each in tests),
        unreviewed=sum(each.unreviewed and each.state == "passed" for each in tests),
        coverage=[_surveyed(number, each) for number, each in enumerate(coverage, 1)],
        mutations=[mutated(number, each) for number, each in enumerate(mutations, 1)],
    )


def _tested(number: int, result: Result) -> Tested:
    case = result.case
    return Tested(
        number,
        case.title,
        case.contract,
        f"{case.span.source.name}:{case.span.line}",
        _STATES.get(result.state, result.state),
        case.unreviewed,
        result.problems,
    )


def _surveyed(number: int, coverage: Coverage) -> Surveyed:
    kinds = tuple(
        Kind(
            KINDS[kind],
            count[TOUCHED],
            count.total(),
            count[MISSING],
            count[IMPOSSIBLE],
        )
        for kind, count in coverage.counts().items()
    )
    return Surveyed(
        number,
        coverage.contract,
        coverage.passed,
        kinds,
        sum(each.touched for each in kinds),
        sum(each.missing for each in kinds),
        sum(each.impossible for each in kinds),
        _groups(coverage.missing),
        _groups(coverage.of(TOUCHED)),
        tuple(_reasons(coverage.of(IMPOSSIBLE))),
    )


def _groups(items: Iterable[Covered]) -> Groups:
    return grouped(map(_entry, items))


def _entry(each: Covered) -> Entry:
    item, tests = each.item, each.tests
    more = max(0, len(tests) - _SHOWN_TESTS)
    return Entry(item.span, item.clause, item.said, tests[:_SHOWN_TESTS], more)


def _reasons(items: Iterable[Covered]) -> Iterator[Reason]:
    """Yield the reasons, the one that stops most items first."""
    found: dict[str, list[Covered]] = {}
    for each in items:
        found.setdefault(each.why, []).append(each)
    for why, those in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Reason(why, len(those), _groups(those))
