"""What must hold of every term that ships, whatever the amounts of a claim are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_terms import amounts, book, claim_of, rows
from whopays.api.terms import Balance, Said
from whopays.model.values import Value
from whopays.terms.answers import AMOUNT
from whopays.terms.rows import COMPONENTS


def turned(line: dict[str, Value]) -> dict[str, Value]:
    """Return `line` as its reversal: each amount with its sign turned."""
    money = set(amounts())
    found = {
        name: -value if name in money and isinstance(value, int) else value
        for name, value in line.items()
    }
    return {**found, "reversal": True}


def answers(said: Said) -> dict[tuple[str, int | None], tuple[str, int | None]]:
    return {
        (word.id, each.at): (each.status, each.cents)
        for word, found in said.words
        for each in found
    }


@settings(max_examples=40, deadline=None)
@given(rows())
def test_a_reversal_comes_to_its_claim_with_the_sign_turned(
    lines: tuple[dict[str, Value], ...],
) -> None:
    forward = answers(book().said(claim_of(lines)))
    back = answers(book().said(claim_of(tuple(map(turned, lines)))))

    assert back == {
        key: (status, None if cents is None else -cents)
        for key, (status, cents) in forward.items()
    }


@settings(max_examples=40, deadline=None)
@given(rows())
def test_an_answer_is_an_amount_or_says_why_it_is_none(
    lines: tuple[dict[str, Value], ...],
) -> None:
    for _, found in book().said(claim_of(lines)).words:
        for each in found:
            assert (each.cents is None) or each.status == AMOUNT
            assert (each.status == "undetermined") == bool(each.needs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-1_000, 1_000_000), min_size=15, max_size=15),
    st.integers(-5, 5),
)
def test_a_charge_that_is_the_sum_of_its_components_balances_and_no_other(
    cents: list[int], more: int
) -> None:
    facts: dict[str, Value] = dict(zip(COMPONENTS, cents, strict=True))
    facts["billed"] = sum(cents) + more
    failed = Balance().take(claim_of((facts,)))

    partition = [each for each in failed if each.identity == "I1"]
    assert [each.difference for each in partition] == ([more] if more else [])
