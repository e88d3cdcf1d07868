"""Numbers of many lines at once: shares of cents, and keys that are looked up."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from whopays.columns.interned import Keys, Pairs
from whopays.columns.shares import Split
from whopays.model.money import split

cents = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-999, 999))
weights = st.lists(st.integers(0, 10**6) | st.integers(0, 7), min_size=1, max_size=6)
several_keys = st.lists(st.integers(0, 2**62) | st.integers(0, 50), unique=True)


@given(cents, weights)
def test_amounts_are_split_as_one_amount_is(amounts: list[int], own: list[int]) -> None:
    own[0] += not sum(own)
    shares = [Fraction(each, sum(own)) for each in own]

    found = Split(shares).of(np.array(amounts, np.int64))

    told = [tuple(int(part[at]) for part in found) for at in range(len(amounts))]
    assert told == [split(each, shares) for each in amounts]


@given(st.lists(several_keys), several_keys)
def test_a_key_is_found_under_its_place_and_no_other_key_is(
    batches: list[list[int]], others: list[int]
) -> None:
    keys, known = Keys(), dict[int, int]()
    for batch in batches:
        new = [each for each in batch if each not in known]
        places = range(len(known), len(known) + len(new))
        known.update(zip(new, places, strict=True))
        keys.add(np.array(new, np.int64), np.array(places, np.int32))

    asked = [*known, *others]
    found = keys.find(np.array(asked, np.int64)).tolist()
    assert found == [known.get(each, -1) for each in asked]
    assert len(keys) == len(known)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_two_pairs_have_one_number_only_if_they_are_alike(
    several: list[tuple[int, int]],
) -> None:
    pairs = Pairs()
    drawn = np.array(several, np.int64).reshape(-1, 2)
    first = pairs.numbers(drawn[:, 0], drawn[:, 1]).tolist()

    assert len(set(zip(first, several, strict=True))) == len(set(several))
    assert len(set(first)) == len(set(several))
    assert pairs.numbers(drawn[:, 0], drawn[:, 1]).tolist() == first
