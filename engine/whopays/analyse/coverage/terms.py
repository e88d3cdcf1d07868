"""What the tests of a dictionary touch: its definitions, their readings and editions.

A test touches the definition that answers a line or the claim of it, the readings whose
amounts it expects, and the first or the last day of an edition if a line is of that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from whopays.analyse.coverage.demands import Mark, mark
from whopays.analyse.coverage.items import (
    MISSING,
    TOUCHED,
    Coverage,
    Covered,
    Item,
    Key,
)
from whopays.analyse.term_testing import TermTests
from whopays.analyse.testing import Result
from whopays.model.payments import Term, TermSet
from whopays.model.rules import Rules
from whopays.terms.definitions import DAY


def term_coverage(rules: Rules, results: Iterable[Result]) -> list[Coverage]:
    """Return, dictionary by dictionary, what its tests touch: of those that have tests.

    Only a test that passes, and that expects something, touches anything.
    """
    by_word: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        of = result.case.payment
        if of is not None and of.kind == "term":
            by_word.setdefault((of.id, of.source), []).append(result)
    tests = TermTests(rules)
    found = []
    for block in rules.terms.values():
        words = dict.fromkeys((term.name, term.source) for term in block.terms)
        own = [each for word in words for each in by_word.get(word, ())]
        if own:
            found.append(_coverage(block, own, tests))
    return found


def _coverage(block: TermSet, results: Sequence[Result], tests: TermTests) -> Coverage:
    touched: dict[Key, list[str]] = {}
    for result in results:
        if result.state == "passed":
            for key in dict.fromkeys(_touches(result, tests)):
                touched.setdefault(key, []).append(result.case.title)
    states = Counter(each.state for each in results)
    return Coverage(
        block.id,
        states["passed"],
        states["failed"],
        states["later"],
        sum(each.case.unreviewed for each in results if each.state == "passed"),
        tuple(
            Covered(item, TOUCHED, tuple(touched[item.key]))
            if item.key in touched
            else Covered(item, MISSING)
            for term in block.terms
            for item in _items(term)
        ),
    )


def _items(term: Term) -> Iterator[Item]:
    at = mark(term.span)
    called = f" ({term.called})" if term.called else ""
    named = f"{term.id}{called}"
    yield Item("term", named, "answers", "answers", term.span, ("term", at))
    for reading in term.readings:
        said = f"comes to an amount by its reading {reading.name}"
        yield Item(
            "reading", named, "answers", said, term.span, _reading(at, reading.name)
        )
    for period in term.in_force:
        for side, day in (("first", period.first), ("last", period.last)):
            if day is not None:
                said = f"{named} answers on the {side} day of an edition, {day}"
                yield Item("day", named, side, said, term.span, ("edition", at, day))


def _reading(at: Mark, name: str) -> Key:
    return "reading", at, name


def _touches(result: Result, tests: TermTests) -> Iterator[Key]:
    case = result.case
    if case.payment is None:
        return
    expected = case.payment.expected
    if not any(
        each.word or each.amounts or each.needs or each.percent is not None
        for each in expected
    ):
        return
    days = {line.get(DAY) for line in case.lines}
    names = {name for each in expected for name, _ in each.amounts if name}
    for answer in tests.answers(case.payment, case):
        if answer.term is None:
            continue
        at = mark(answer.term.span)
        yield "term", at
        yield from (
            _reading(at, each.name) for each in answer.readings if each.name in names
        )
        yield from (("edition", at, day) for day in days)
