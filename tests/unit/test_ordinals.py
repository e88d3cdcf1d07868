"""Numbers between thresholds: on each side, few decimals, as many as are asked for."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from whopays.model.conditions import number_text
from whopays.program.ordinals import numbers

marks = st.sets(
    st.integers(-(10**9), 10**9).map(lambda at: Fraction(at, 10**6)),
    min_size=1,
    max_size=5,
)


@given(marks, st.integers(1, 4))
def test_there_are_numbers_on_each_side_and_between(
    mentioned: set[Fraction], count: int
) -> None:
    found = numbers(mentioned, count)
    ordered = sorted(mentioned)

    assert mentioned <= found
    assert sum(at < ordered[0] for at in found) == count
    assert sum(at > ordered[-1] for at in found) == count
    for low, high in pairwise(ordered):
        assert sum(low < at < high for at in found) == count


@given(marks)
def test_numbers_have_no_more_decimals_than_they_need(mentioned: set[Fraction]) -> None:
    ordered = sorted(mentioned)
    for low, high in pairwise(ordered):
        (inside,) = (at for at in numbers({low, high}, 1) if low < at < high)
        if high - low > Fraction(1, 10**6):
            assert "/" not in number_text(inside)


def test_numbers_are_whole_where_there_is_room() -> None:
    found = numbers({18, Fraction(41, 2)}, 1)

    assert found == {17, 18, 20, Fraction(41, 2), 21}
