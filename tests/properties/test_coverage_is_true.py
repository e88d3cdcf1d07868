"""Generated tests pass and miss nothing; what counts as touched was hung on indeed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from surveyed import surveyed
from whopays.analyse.coverage.demands import Mark, mark
from whopays.analyse.coverage.hangs import seen_by_tests
from whopays.analyse.mutants.mutants import edited
from whopays.model import conditions as model
from whopays.model.contract import Contract, Version
from whopays.model.facts import as_counted
from whopays.model.outcome import Outcome
from whopays.model.rules import TestCase
from whopays.model.values import UNKNOWN, Value
from whopays.reference import decide_known
from whopays.resolve import versions

#: A drawn contract does not shrink: a smaller seed is another contract.
seeds = st.integers(0, 10**9)
settle = settings(max_examples=12, phases=(Phase.explicit, Phase.reuse, Phase.generate))
_NOTICED = 0.97  # of the planted slips that change some outcome


@settle
@given(seeds)
def test_every_generated_test_passes_and_nothing_is_missing_then(seed: int) -> None:
    found = surveyed(seed)

    failed = [each for each in found.results if each.problems]
    assert [(each.case.title, each.problems) for each in failed] == []
    assert [each.item.text for each in found.after.coverage.missing] == []
    impossible = {each.item.key for each in found.before.coverage.of("cannot be built")}
    wanted = {each.key for each in found.before.items} - impossible
    assert wanted <= set(found.after.touched)


@settle
@given(seeds)
def test_what_counts_as_touched_changes_the_decision_if_it_is_otherwise(
    seed: int,
) -> None:
    found = surveyed(seed)
    items = {each.key: each for each in found.after.items}

    for result in found.results:
        for key in items.keys() & found.after.of_test(result):
            if key[0] == "condition" and key[3] != "unknown":
                before, after = turned(found.after.contract, result.case, *key[1:3])
                assert before is None or before != after, (result.case.title, key)
            if key[0] in {"row", "otherwise", "exception", "treat"}:
                names = reasons(found.after.contract, result.case)
                assert names is None or items[key].clause in names


def test_generated_tests_notice_nearly_every_planted_slip() -> None:
    states: Counter[str] = Counter()
    for seed in range(12):
        found = surveyed(seed)
        states.update(each.state for each in found.after.mutation(seed, 60).judged)

    assert states["noticed"] > 300
    assert states["noticed"] >= _NOTICED * (states["noticed"] + states["missed"])


# The reference, on a text in which one atom of one clause is turned


class Asked(Exception):
    """The reference asks a fact that is unknown."""


def turned(
    contract: Contract, case: TestCase, place: Mark, atom: model.Atom
) -> tuple[object, object]:
    """Return what a test sees of its line, and what if `atom` were turned at `place`."""
    in_force, _ = versions(contract, case.known_on)
    other = tuple(_turned(each, place, atom) for each in in_force)
    changed = _turned_head(contract, case, place, atom)
    pair = outcome(contract, in_force, case), outcome(changed, other, case)
    before, after = (each and seen_by_tests(each) for each in pair)
    return before, after


def outcome(
    contract: Contract, in_force: tuple[Version, ...], case: TestCase
) -> Outcome | None:
    """Return what the reference makes of a test's line; None if it asks the unknown."""
    facts = {
        name: as_counted(fact, case.lines[0].get(name, UNKNOWN))
        for name, fact in contract.facts.items()
    }

    def read(name: str) -> Value:
        if facts[name] is UNKNOWN:
            raise Asked
        return facts[name]

    try:
        return decide_known(contract, in_force, read, case.category)
    except Asked:
        return None


def _turned(version: Version, place: Mark, atom: model.Atom) -> Version:
    def turn(written: Any) -> Any:
        return replace(written, when=_with(written.when, atom))

    return replace(version, text=edited(version.text, place, turn))


def _turned_head(
    contract: Contract, case: TestCase, place: Mark, atom: model.Atom
) -> Contract:
    """Return `contract` with `atom` turned in its head or in its catalog."""

    def lines(found: Any) -> Any:
        return tuple(
            replace(by, when=_with(by.when, atom)) if mark(by.span) == place else by
            for by in found
        )

    categories = {
        name: replace(each, when=_with(each.when, atom))
        if mark(each.span) == place
        else each
        for name, each in contract.catalog.categories.items()
    }
    catalog = replace(
        contract.catalog,
        match_by=lines(contract.catalog.match_by),
        categories=categories,
    )
    changed = replace(contract, decide_by=lines(contract.decide_by), catalog=catalog)
    if mark(contract.span) != place or not isinstance(atom, model.IsOneOf | model.Is):
        return changed
    if atom.fact == "product":
        return replace(changed, products=_others(contract, atom))
    given = case.lines[0][atom.fact]
    own = getattr(contract, atom.fact)
    other: dict[str, Any] = {atom.fact: "nobody" if given == own else given}
    return replace(changed, **other)


def _others(contract: Contract, atom: model.Atom) -> tuple[str, ...]:
    options = contract.facts["product"].options
    left = tuple(each for each in options if each not in contract.products)
    assert isinstance(atom, model.IsOneOf)
    return left or ("none of these",)


def _with(when: Any, atom: model.Atom) -> Any:
    """Return `when` with `atom` negated wherever it stands."""
    match when:
        case model.All(parts):
            return model.All(tuple(_with(part, atom) for part in parts))
        case model.Any_(parts):
            return model.Any_(tuple(_with(part, atom) for part in parts))
        case model.Not(part):
            return model.Not(_with(part, atom))
        case model.Named(name, part):
            return model.Named(name, _with(part, atom))
        case _:
            return model.Not(when) if when == atom else when


def reasons(contract: Contract, case: TestCase) -> set[str] | None:
    """Return the clauses that the reference names for a test's line."""
    in_force, _ = versions(contract, case.known_on)
    found = outcome(contract, in_force, case)
    return None if found is None else {*found.clauses, *found.moved}
