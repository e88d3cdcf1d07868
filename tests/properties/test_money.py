"""Parts of an amount add up to it, to the cent, and so do their reversals."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from whopays.model.money import dollars, parse_cents, split

cents = st.integers(-(10**13), 10**13)


@st.composite
def shares(draw: st.DrawFn) -> tuple[Fraction, ...]:
    weights = draw(st.lists(st.integers(0, 100_000), min_size=1, max_size=6))
    weights[0] += 1  # someone bears it
    return tuple(Fraction(weight, sum(weights)) for weight in weights)


@given(cents, shares())
def test_the_parts_of_an_amount_add_up_to_it(
    amount: int, parts: tuple[Fraction, ...]
) -> None:
    assert sum(split(amount, parts)) == amount


@given(cents, shares())
def test_a_reversal_takes_back_exactly_what_each_party_bore(
    amount: int, parts: tuple[Fraction, ...]
) -> None:
    reversal = split(-amount, parts)
    assert reversal == tuple(-part for part in split(amount, parts))


@given(cents, shares())
def test_each_part_is_within_a_cent_of_the_exact_one(
    amount: int, parts: tuple[Fraction, ...]
) -> None:
    for part, share in zip(split(amount, parts), parts, strict=True):
        assert abs(part - amount * share) < 1


@given(cents, shares())
def test_who_has_no_share_bears_no_cent(
    amount: int, parts: tuple[Fraction, ...]
) -> None:
    for part, share in zip(split(amount, parts), parts, strict=True):
        assert share or not part


@given(cents, shares())
def test_a_larger_share_never_bears_less(
    amount: int, parts: tuple[Fraction, ...]
) -> None:
    borne = sorted(zip(parts, map(abs, split(amount, parts)), strict=True))
    assert [part for _, part in borne] == sorted(part for _, part in borne)


@given(cents)
def test_an_amount_that_is_written_out_reads_back_the_same(amount: int) -> None:
    plain = dollars(amount).replace("$", "").replace(",", "")
    assert parse_cents(plain) == amount
