"""`whopays terms compare`: where two sources differ, by how much, and because of what."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import Command
from component_claims import NETWORK, book_of, document
from whopays.api.comparison import comparison
from whopays.api.terms import TermBook, load_terms
from whopays.terms.compared import (
    DIFFERENT,
    NEITHER,
    ONE_SIDED,
    SAME,
    UNLIKE,
    Compared,
)
from whopays.terms.rows import COMPONENTS

CAPITATED = {
    "billed": "140.00",
    "discount": "40.00",
    "copay": "15.00",
    "prepaid": "85.00",
    "capitated": "yes",
}
README = Path(__file__).parents[2] / "README.md"
VOID = {name: f"-{amount}" for name, amount in NETWORK.items()}
SHIPPED = load_terms()


def _compared(
    book: TermBook, one: str, other: str, *lines: dict[str, str]
) -> list[Compared]:
    both = comparison(book, (one, other))
    return list(both.take(book.claim(document(*lines))))


def _of(folder: Path, one: str, other: str, *lines: dict[str, str]) -> list[Compared]:
    book = book_of(
        folder, f'term paid by "One"\n  {one}', f'term paid by "Other"\n  {other}'
    )
    return _compared(book, "One", "Other", *lines)


def test_a_difference_is_told_by_the_components_that_cause_it(tmp_path: Path) -> None:
    one = "per line\n  is plan_paid + withhold + prepaid"
    first, second = _of(
        tmp_path, one, "per line\n  is plan_paid", NETWORK, {**CAPITATED}
    )

    assert (first.difference, first.causes) == (500, {"withhold": 500})
    assert (second.difference, second.causes) == (8500, {"prepaid": 8500})


def test_a_sum_is_opened_where_the_other_source_has_a_part_of_it(
    tmp_path: Path,
) -> None:
    paid = "per line\n  is plan_paid + withhold"
    (opened,) = _of(tmp_path, "per line\n  is allowed", paid, NETWORK)
    (charge,) = _of(
        tmp_path, "per line\n  is billed", "per line\n  is allowed", NETWORK
    )
    (whole,) = _of(
        tmp_path,
        "per line\n  is allowed",
        "per line\n  is contract_max",
        {**NETWORK, "contract_max": "175.00"},
    )

    assert opened.causes == {"deductible": 3000, "copay": 2000, "coinsurance": 1000}
    assert charge.causes == {"discount": 8000}
    assert whole.causes == {"contract_max": -17500, "allowed": 17000}


def test_lets_choices_and_the_lesser_amount_are_looked_through(tmp_path: Path) -> None:
    one = "per line\n  let kept = withhold\n  is lesser of (billed, plan_paid + kept)"
    (found,) = _of(tmp_path, one, "per line\n  is plan_paid", NETWORK)

    assert found.causes == {"withhold": 500}


def test_what_names_do_not_explain_is_rounding(tmp_path: Path) -> None:
    part = "per line\n  is 33.33% * plan_paid"
    (found,) = _of(tmp_path, part, "per line\n  is plan_paid", NETWORK)

    assert found.difference == 3500 - 10500
    assert found.causes["bounds and rounding"] == Fraction(7, 20)
    assert sum(found.causes.values()) == found.difference


def test_a_void_differs_the_other_way(tmp_path: Path) -> None:
    one = "per line\n  is lesser of (billed, plan_paid + withhold)"
    (found,) = _of(tmp_path, one, "per line\n  is plan_paid", VOID)

    assert (found.difference, found.causes) == (-500, {"withhold": -500})


def test_lines_meet_an_amount_of_the_claim_as_their_sum(tmp_path: Path) -> None:
    whole = "per claim\n  is sum of plan_paid"
    (found,) = _of(
        tmp_path, "per line\n  is plan_paid + withhold", whole, NETWORK, NETWORK
    )

    assert (found.at, found.sides[0].is_sum) == (None, True)
    assert (found.sides[0].cents, found.sides[1].cents) == (22000, 21000)
    assert found.causes == {"withhold": 1000}


def test_no_amount_is_no_zero(tmp_path: Path) -> None:
    none = 'undefined because "it says nothing"'
    (found,) = _of(
        tmp_path,
        "per line\n  is prepaid",
        f"reading x per line is 0\n  {none}",
        NETWORK,
    )
    (open_,) = _of(tmp_path, "per line\n  is ucr", "per line\n  is addon", NETWORK)

    assert (found.outcome, found.difference) == (ONE_SIDED, None)
    assert open_.outcome == NEITHER


def test_sums_that_leave_places_out_do_not_say_in_all(
    whopays: Command, tmp_path: Path
) -> None:
    of_drug = {**NETWORK, "claim_type": "pharmacy"}
    of_visit = {**NETWORK, "claim_type": "professional"}
    file = tmp_path / "claims.json"
    file.write_text(json.dumps(document(of_drug, of_visit)), encoding="utf-8")

    run = whopays("terms", "compare", "Maine DSG", "Colorado", "--claims", file)

    same = "Maine DSG $110.00, Colorado DSG $110.00, the same"
    assert f"paid_amount where both have an amount (1 place): {same}" in run.out
    assert "in all" not in run.out


def test_a_percent_and_dollars_are_not_compared() -> None:
    line = {**NETWORK, "coinsurance_percent": "20", "capitated": "yes"}
    found = {
        each.word: each.outcome
        for each in _compared(SHIPPED, "Oregon", "Maine ch. 243", line)
    }

    assert found["coinsurance"] == UNLIKE
    assert found["capitated_service"] == SAME


AMOUNT = st.integers(-50_000, 50_000)
BY = tuple(dict.fromkeys(source for _, source in SHIPPED.words))
PAIRS = [
    pair
    for pair in combinations(BY, 2)
    if {name for name, by in SHIPPED.words if by == pair[0]}
    & {name for name, by in SHIPPED.words if by == pair[1]}
]


@given(
    st.sampled_from(PAIRS),
    st.lists(
        st.dictionaries(st.sampled_from(COMPONENTS), AMOUNT), min_size=1, max_size=3
    ),
    st.booleans(),
)
def test_causes_add_up_to_the_difference(
    pair: tuple[str, str], lines: list[dict[str, int]], reversed_: bool
) -> None:
    given_ = [
        {
            **{name: f"{cents / 100:.2f}" for name, cents in line.items()},
            "billed": f"{sum(line.values()) / 100:.2f}",
            "contract_max": "100.00",
            "reversal": "yes" if reversed_ else "no",
        }
        for line in lines
    ]
    both = comparison(SHIPPED, pair)
    for found in both.take(SHIPPED.claim(document(*given_))):
        if found.difference is not None:
            assert sum(found.causes.values()) == found.difference
            assert (found.outcome == DIFFERENT) == bool(found.causes)
            one, other = found.sides
            assert sum(one.parts.values()) == one.cents
            assert sum(other.parts.values()) == other.cents


# The command


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    file = tmp_path / "claims.json"
    file.write_text(json.dumps(document(NETWORK, CAPITATED)), encoding="utf-8")
    return file


def test_the_command_lists_differences_and_adds_them_up(
    whopays: Command, claims: Path
) -> None:
    run = whopays("terms", "compare", "colo", "Vermont", "--claims", claims)
    assert run.code == 0
    assert "the claim, paid_amount: $110.00 over all lines against $105.00" in run.out
    assert "$5.00 more: withhold $5.00" in run.out

    tuva = whopays("terms", "compare", "Tuva", "CARIN", "--claims", claims)
    assert "claim C-1, line 2, allowed_amount: $15.00 against $100.00" in tuva.out
    assert "differ by $90.00" in tuva.out
    assert "    prepaid -$85.00 in 1 place" in tuva.out


def test_the_readme_shows_what_the_command_prints(
    whopays: Command, tmp_path: Path
) -> None:
    file = tmp_path / "claim.json"
    file.write_text(json.dumps({**document(NETWORK), "claim_id": "C-8"}), "utf-8")
    shown = re.findall(r"```compare\n(.*?)```", README.read_text("utf-8"), re.DOTALL)

    assert [whopays("terms", "compare", "Tuva", "CARIN", "--claims", file).out] == shown


def test_the_command_has_the_same_as_data(whopays: Command, claims: Path) -> None:
    words = ("terms", "compare", "Tuva", "CARIN", "--claims", claims)
    run = whopays(*words, "--word", "allowed_amount", "--format", "json")
    *found, sums = map(json.loads, run.out.splitlines())

    assert [each["causes_cents"] for each in found] == [
        {"withhold": -500},
        {"prepaid": -8500},
    ]
    assert sums["words"]["allowed_amount"]["difference_cents"] == -9000
    assert sums["words"]["allowed_amount"]["cents"] == [18000, 27000]


def test_what_can_not_be_compared_is_refused_with_what_there_is(
    whopays: Command, claims: Path
) -> None:
    itself = whopays("terms", "compare", "colo", "colo", "--claims", claims)
    assert (itself.code, "compared with itself" in itself.err) == (2, True)
    word = whopays(
        *("terms", "compare", "colo", "Tuva", "--claims", claims),
        *("--word", "allowed_amount"),
    )
    assert "Colorado DSG has no allowed_amount; it has paid_amount" in word.err
    nothing = whopays("terms", "compare", "colo", "Minnesota", "--claims", claims)
    assert "no word in common: Colorado DSG has paid_amount" in nothing.err
