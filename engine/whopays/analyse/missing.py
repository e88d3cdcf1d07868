"""Proposes tests for what the tests of a contract miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from whopays.analyse.builds import Builder, Built
from whopays.analyse.demands import clauses_of
from whopays.analyse.drafts import Draft
from whopays.analyse.generated import Test, reasons_of
from whopays.analyse.hangs import seen_by_tests
from whopays.analyse.items import Item, Key
from whopays.analyse.titles import title
from whopays.model.claim import Line
from whopays.model.outcome import Outcome
from whopays.reference import decide
from whopays.resolve.tests import complete

_RANK = (
    *("threshold", "target", "day", "known", "withdrawal", "treat"),
    *("condition", "exception", "otherwise", "row"),
)


class DisagreementError(RuntimeError):
    """The tables and the reference decide a claim differently: a bug of whopays."""


def tests_for(
    builder: Builder, built: Iterable[Built], items: Iterable[Item], titles: set[str]
) -> list[Test]:
    """Return a test for each of `built`, in the order of the `items` that they show.

    `titles` are taken already. The outcomes are the reference's.
    """
    order = {item.key: (at, item) for at, item in enumerate(items)}
    found: list[tuple[int, Test]] = []
    taken = set(titles)
    covered: set[Key] = set()
    for each in built:
        mine = [key for key in each.touches if key in order and key not in covered]
        if not mine:
            continue
        covered.update(mine)
        slim = slimmed(builder, each, frozenset(mine))
        outcome = expected(builder, slim.draft)
        shown = min((order[key] for key in mine), key=_rank)
        name = title(builder.contract, shown[1], slim.draft.given, outcome)
        found.append((shown[0], _test(builder, name, slim.draft, outcome)))
    found.sort(key=lambda pair: pair[0])
    return [replace(test, title=_untaken(test.title, taken)) for _, test in found]


def _rank(place: tuple[int, Item]) -> tuple[int, bool, int]:
    at, item = place
    return _RANK.index(item.kind), item.side == "unknown", at


def _test(builder: Builder, name: str, draft: Draft, outcome: Outcome) -> Test:
    clauses = {
        clause.id: clause
        for version in builder.touches.hanging(draft.known_on).program.versions
        for clause in clauses_of(version)
    }
    reasons = reasons_of(outcome, clauses)
    return Test(name, builder.contract.id, draft, outcome, reasons)


def _untaken(name: str, taken: set[str]) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def slimmed(builder: Builder, built: Built, wanted: frozenset[Key]) -> Built:
    """Return `built` without the facts that it does not need to touch `wanted`."""
    best = built
    outcome = builder.outcome(built.draft)
    for name in list(built.draft.given):
        fewer = {n: value for n, value in best.draft.given.items() if n != name}
        draft = replace(built.draft, given=fewer)
        if seen_by_tests(builder.outcome(draft)) != seen_by_tests(outcome):
            continue
        tried = builder.built(draft)
        if wanted <= tried.touches:
            best = tried
    return best


def expected(builder: Builder, draft: Draft) -> Outcome:
    """Return the outcome by the reference; raise `DisagreementError` if tables differ."""
    facts = complete(builder.contract, dict(draft.given))
    line = Line("test", "1", facts)
    outcome = decide(
        builder.contract, line, known_on=draft.known_on, category=draft.category
    )
    tables = builder.outcome(draft)
    if outcome.needs != tables.needs:
        # Past so many ways to fill in what is unknown, the two name all that they asked.
        outcome = replace(outcome, needs=())
    if outcome.key != tables.key:
        raise DisagreementError(f"{dict(draft.given)}: {outcome} and {tables}")
    return outcome
