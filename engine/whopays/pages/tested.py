"""The page of the tests: how each came out, what they touch, and what they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from whopays.analyse.coverage.items import (
    IMPOSSIBLE,
    KINDS,
    MISSING,
    TOUCHED,
    Coverage,
    Covered,
)
from whopays.analyse.testing import Result
from whopays.pages.about import About
from whopays.pages.render import rendered

_STATES = {"later": "not run"}
_SHOWN_TESTS = 3
_MOST_GROUPS = 5_000  # of one list; a page of more is opened by nobody


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
class Shown:
    """One item: what it shows, the first tests that touch it, how many more do."""

    said: str
    tests: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Group:
    """The items of one clause, in the order of the text."""

    place: str
    clause: str
    items: tuple[Shown, ...]


@dataclass(frozen=True)
class Groups:
    """The first of a list of clauses, and how many more there are."""

    first: tuple[Group, ...]
    more: int


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
    about: About, results: Sequence[Result], coverage: Sequence[Coverage]
) -> str:
    """Return the page of the `results` of tests, and of the `coverage` by contract."""
    tests = [_tested(number, each) for number, each in enumerate(results, 1)]
    names = dict.fromkeys(each.contract for each in coverage or tests)
    return rendered(
        "tests.html",
        about,
        names=[name for name in names if name],
        tests=tests,
        counts=Counter(each.state for each in tests),
        unreviewed=sum(each.unreviewed and each.state == "passed" for each in tests),
        coverage=[_surveyed(number, each) for number, each in enumerate(coverage, 1)],
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
    found = [
        Group(place, clause, tuple(map(_shown, those)))
        for (place, clause), those in groupby(items, _owner)
    ]
    return Groups(tuple(found[:_MOST_GROUPS]), max(0, len(found) - _MOST_GROUPS))


def _owner(each: Covered) -> tuple[str, str]:
    span = each.item.span
    return f"{span.source.name}:{span.line}", each.item.clause


def _shown(each: Covered) -> Shown:
    more = max(0, len(each.tests) - _SHOWN_TESTS)
    return Shown(each.item.said, each.tests[:_SHOWN_TESTS], more)


def _reasons(items: Iterable[Covered]) -> Iterator[Reason]:
    """Yield the reasons, the one that stops most items first."""
    found: dict[str, list[Covered]] = {}
    for each in items:
        found.setdefault(each.why, []).append(each)
    for why, those in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Reason(why, len(those), _groups(those))
