"""Limits agree with a plain loop: cent by cent, in every possible world, and in arrays."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whopays.accumulate.balances import Balance, Balances, Key
from whopays.accumulate.counting import COUNTED, OPEN, PAID, YIELDED, Entry, count
from whopays.columns.limits import Limited, Tiers, counted
from whopays.diagnostics import Source, Span
from whopays.model.contract import Answer, Limit, Tier
from whopays.model.formulas import Read

ORDER = ("PLAN", "IPA")
_SPAN = Span(Source("a.rules", ""), 0, 0)
ONLY_IPA = Answer("shares", (("IPA", Fraction(1)),))
OTHERS = (
    Answer("shares", (("PLAN", Fraction(4, 5)), ("IPA", Fraction(1, 5)))),
    Answer("shares", (("PLAN", Fraction(1, 3)), ("IPA", Fraction(2, 3)))),
    Answer("shares", (("PLAN", Fraction(1)),)),
)


def limit_of(name: str, up_to: list[int], yields_to: tuple[str, ...] = ()) -> Limit:
    """Return a limit of IPA: it bears all up to the first threshold."""
    answers = (ONLY_IPA, *OTHERS)[: len(up_to) + 1]
    ends: list[int | None] = [*up_to, None]
    tiers = tuple(Tier(*each) for each in zip(answers, ends, strict=True))
    where = ("IPA", (), Read("allowed"), "money", "member", "calendar year", None)
    return Limit(name, "", None, *where, tiers, yields_to, None, _SPAN)


def key_of(limit: Limit, whom: str) -> Key:
    """Return the key of a member's count."""
    return Key("K", limit.id, "member", whom, "calendar year", "2026-01-01", "money")


def by_cents(limit: Limit, before: int, cents: int) -> list[int]:
    """Return the parts of `cents`, each cent put into its tier by itself."""
    parts = [0] * len(limit.tiers)
    step = 1 if cents > 0 else -1
    at = before
    for _ in range(abs(cents)):
        # The cent that is added, or taken back, is the one between two counts.
        top = max(at, at + step)
        tier = next(
            number
            for number, each in enumerate(limit.tiers)
            if each.up_to is None or top <= each.up_to
        )
        parts[tier] += step
        at += step
    return parts


THRESHOLDS = st.lists(st.integers(1, 60), min_size=1, max_size=3, unique=True).map(
    sorted
)
CENTS = st.integers(-40, 60)


@given(THRESHOLDS, st.lists(CENTS, max_size=8), st.integers(-20, 50))
def test_every_cent_lies_in_its_tier(
    up_to: list[int], lines: list[int], opening: int
) -> None:
    limit = limit_of("L", up_to)
    key = key_of(limit, "M")
    balances = Balances({key: Balance(opening, opening)})
    stands = opening
    for cents in lines:
        (taken,) = count([Entry(limit, key, cents, True, cents)], balances, ORDER)

        assert list(taken.parts or ()) == by_cents(limit, stands, cents)
        assert sum(taken.moved.values()) == 0
        stands += cents
    assert balances.get(key).exact == stands


Uncertain = st.tuples(st.integers(0, 40), st.sampled_from(["sure", "when", "amount"]))


@given(THRESHOLDS, st.lists(Uncertain, min_size=1, max_size=5))
def test_what_is_decided_is_so_in_every_possible_world(
    up_to: list[int], lines: list[tuple[int, str]]
) -> None:
    """A line whose `when` is open counts or does not; a missing amount may be anything."""
    limit = limit_of("L", up_to)
    key = key_of(limit, "M")
    balances = Balances()
    taken = [
        count(
            [
                Entry(
                    limit,
                    key,
                    None if kind == "amount" else cents,
                    kind != "when",
                    cents,
                    ("x",),
                )
            ],
            balances,
            ORDER,
        )[0]
        for cents, kind in lines
    ]

    possible = {"sure": (1,), "when": (0, 1)}
    worlds = product(
        *(
            [cents * takes for takes in possible[kind]]
            if kind in possible
            else [-70, 0, 35, 70]
            for cents, kind in lines
        )
    )
    amounts: list[set[tuple[tuple[str, int], ...]]] = [set() for _ in lines]
    for world in worlds:
        own = Balances()
        for at, cents in enumerate(world):
            (exact,) = count(
                [Entry(limit, key, cents, True, cents)],
                own,
                ORDER,
            )
            moved = {name: part for name, part in exact.moved.items() if part}
            amounts[at].add(tuple(sorted(moved.items())))

    for each, seen, (_, kind) in zip(taken, amounts, lines, strict=True):
        if each.state != OPEN:
            moved = {name: part for name, part in each.moved.items() if part}
            assert seen == {tuple(sorted(moved.items()))}
        if kind == "amount":
            assert each.state == OPEN


@st.composite
def many(draw: st.DrawFn) -> tuple[list[Limit], list[tuple[int, list[int | None]]]]:
    """Draw limits of which later ones yield to earlier, and lines: a member, amounts."""
    limits: list[Limit] = []
    for number in range(draw(st.integers(1, 3))):
        earlier = [each.id for each in limits]
        to = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        limits.append(limit_of(f"L-{number}", draw(THRESHOLDS), tuple(to)))
    amounts = st.lists(st.none() | CENTS, min_size=len(limits), max_size=len(limits))
    lines = draw(st.lists(st.tuples(st.integers(0, 2), amounts), max_size=12))
    return limits, lines


@given(many(), st.randoms(use_true_random=False))
def test_arrays_say_what_a_plain_loop_says(
    drawn: tuple[list[Limit], list[tuple[int, list[int | None]]]], random: Any
) -> None:
    limits, lines = drawn
    rank = list(range(len(lines)))
    random.shuffle(rank)
    opening = [[random.randint(-9, 30) for _ in range(3)] for _ in limits]
    text = [random.randint(0, 1) for _ in lines]
    raised = [
        limit_of(each.id, [int(t.up_to) + 7 for t in each.tiers if t.up_to is not None])
        for each in limits
    ]
    names = {each.id: number for number, each in enumerate(limits)}
    given_: list[Limited] = []
    for number, limit in enumerate(limits):
        own = [at for at, (_, cents) in enumerate(lines) if cents[number] is not None]
        up_to = tuple(int(t.up_to) for t in limit.tiers if t.up_to is not None)
        # An amendment raises the thresholds.
        texts = [up_to, tuple(each + 7 for each in up_to)]
        given_.append(
            Limited(
                np.array(own, np.int64),
                np.array([lines[at][0] for at in own], np.int64),
                np.array([lines[at][1][number] for at in own], np.int64),
                np.array([text[at] for at in own], np.int32),
                [Tiers(each, (True, *(False for _ in each))) for each in texts],
                np.array(opening[number], np.int64),
                tuple(names[each] for each in limit.yields_to),
            )
        )

    found = counted(given_, np.array(rank, np.int64))

    stands = [list(each) for each in opening]
    for at in sorted(range(len(lines)), key=rank.__getitem__):
        member, cents = lines[at]
        paid: set[str] = set()
        for number, limit in enumerate(limits):
            value = cents[number]
            if value is None:
                continue
            row = int(np.flatnonzero(given_[number].line == at)[0])
            came = found[number]
            before = stands[number][member]
            yields = bool(paid.intersection(limit.yields_to))
            own_text = raised[number] if text[at] else limit
            parts = by_cents(own_text, before, 0 if yields else value)
            stands[number][member] += sum(parts)
            if any(parts[1:]):
                paid.add(limit.id)
            assert bool(came.yielded[row]) == yields
            assert bool(came.paid[row]) == any(parts[1:])
            assert came.before[row] == before
            assert came.after[row] == stands[number][member]
            assert came.parts[row].tolist() == parts


@given(many())
def test_one_turn_says_what_a_plain_loop_says(
    drawn: tuple[list[Limit], list[tuple[int, list[int | None]]]],
) -> None:
    limits, lines = drawn
    balances = Balances()
    stands = {(limit.id, member): 0 for limit in limits for member in range(3)}
    for member, cents in lines:
        entries = [
            Entry(limit, key_of(limit, str(member)), value, True, value)
            for limit, value in zip(limits, cents, strict=True)
            if value is not None
        ]
        taken = {e.entry.limit.id: e for e in count(entries, balances, ORDER)}
        paid: set[str] = set()
        for limit, value in zip(limits, cents, strict=True):
            if value is None:
                continue
            yields = bool(paid.intersection(limit.yields_to))
            parts = by_cents(limit, stands[limit.id, member], 0 if yields else value)
            stands[limit.id, member] += sum(parts)
            if any(parts[1:]):
                paid.add(limit.id)
            state = YIELDED if yields else PAID if any(parts[1:]) else COUNTED
            assert taken[limit.id].state == state
            if not yields:
                assert list(taken[limit.id].parts or ()) == parts


def test_a_count_that_does_not_fit_is_told() -> None:
    lines = np.arange(2, dtype=np.int64)
    limit = Limited(
        lines,
        np.zeros(2, np.int64),
        np.full(2, 2**61, np.int64),
        np.zeros(2, np.int32),
        [Tiers((100,), (True, False))],
        np.zeros(1, np.int64),
    )

    with pytest.raises(OverflowError):
        counted([limit], lines)


def test_no_lines_are_counted() -> None:
    nothing = np.zeros(0, np.int64)
    limit = Limited(
        nothing,
        nothing,
        nothing,
        np.zeros(0, np.int32),
        [Tiers((9,), (True, False))],
        nothing,
    )

    (found,) = counted([limit], nothing)

    assert found.parts.shape == (0, 2)
