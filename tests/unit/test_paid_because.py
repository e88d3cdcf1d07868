"""What gave an amount: lets, the terms that won, the bounds that acted; told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts import FACTS
from small_rules import written_rules
from whopays.amounts.sight import Sight
from whopays.api import load
from whopays.coordinate.method import run
from whopays.coordinate.paid import Paid
from whopays.explain.accounts.tree import paid_lines
from whopays.model.facts import Fact

METHOD = """
method A "A"
  for secondary
  per claim
{body}
end
"""


def worked(folder: Path, body: str, **line: int) -> tuple[Paid, dict[str, Fact]]:
    path = written_rules(folder, FACTS + METHOD.format(body=body))
    methods = load(path, engine="reference").rules.methods["M", "1"]
    balances: dict[str, Any] = {"reserve_left": line.pop("reserve_left", 0)}
    sight = Sight(methods.facts, {}, (line,), balances)
    return run(methods.methods["A"], sight), methods.facts


def told(paid: Paid, facts: dict[str, Fact]) -> list[str]:
    return list(paid_lines(paid, ("1",), [0], facts))


SUM = """\
  let one = lesser of (sum of own_benefit, sum of billed)
  let two = greater of (sum of own_allowed, sum of prior_paid)
  pay one + two
"""


def test_a_sum_of_lets_rests_on_each_and_on_what_won_in_them(tmp_path: Path) -> None:
    amounts = {"own_benefit": 30, "billed": 50, "own_allowed": 7, "prior_paid": 4}
    paid, facts = worked(tmp_path, SUM, **amounts)
    assert paid.cents == 37
    assert paid.because == ("one", "own_benefit", "two", "own_allowed")
    text = "\n".join(told(paid, facts))
    assert "pay one + two = $0.30 + $0.07 = $0.37" in text
    assert "sum of own_benefit is the least, $0.30" in text
    assert "sum of own_allowed is the greatest, $0.07" in text


def test_of_a_lesser_of_only_the_winner_is_named(tmp_path: Path) -> None:
    body = """\
  let left = sum of billed - sum of prior_paid
  pay lesser of (sum of own_benefit, left)
"""
    paid, _ = worked(tmp_path, body, own_benefit=30, billed=50, prior_paid=40)
    assert paid.because == ("left",)
    paid, _ = worked(tmp_path, body, own_benefit=30, billed=90, prior_paid=40)
    assert paid.because == ("own_benefit",)


def test_a_winner_without_a_name_is_told_as_it_is_written(tmp_path: Path) -> None:
    body = "  pay lesser of (sum of own_benefit, sum of billed - sum of prior_paid)\n"
    paid, _ = worked(tmp_path, body, own_benefit=30, billed=50, prior_paid=40)
    assert paid.because == ("sum of billed - sum of prior_paid",)


def test_bounds_that_acted_are_named_and_others_are_not(tmp_path: Path) -> None:
    body = """\
  pay sum of billed - sum of prior_paid
    not below $0.00
    not above sum of own_allowed
"""
    above, facts = worked(tmp_path, body, billed=90, prior_paid=10, own_allowed=50)
    assert above.because == ("not above sum of own_allowed",)
    assert "  not above sum of own_allowed: acts, it is $0.50" in told(above, facts)
    below, _ = worked(tmp_path, body, billed=10, prior_paid=90, own_allowed=50)
    assert below.because == ("not below $0.00",)
    none, _ = worked(tmp_path, body, billed=90, prior_paid=80, own_allowed=50)
    assert none.because == ()


def test_a_term_within_a_term_and_the_rounding_are_told(tmp_path: Path) -> None:
    body = "  pay 1/3 * greater of (lesser of (sum of billed, sum of own_allowed), sum of prior_paid)\n"
    paid, facts = worked(tmp_path, body, billed=100, prior_paid=10, own_allowed=150)
    (formula, rounding) = told(paid, facts)
    assert "lesser of (sum of billed, sum of own_allowed) is the greatest" in formula
    assert "sum of billed is the least, $1.00" in formula
    assert rounding.strip() == "rounded from $(1/3) to $0.33"


def test_behind_a_gate_nothing_gave_the_amount(tmp_path: Path) -> None:
    body = (
        "  when billed > $1.00\n  pay lesser of (sum of billed, sum of own_allowed)\n"
    )
    paid, facts = worked(tmp_path, body, billed=100, own_allowed=50)
    assert (paid.status, paid.because) == ("gate", ())
    assert "does not hold, so the plan pays $0.00" in told(paid, facts)[0]


@pytest.mark.parametrize(("open_", "won"), [(200, "own_allowed"), (50, "prior_paid")])
def test_of_a_choice_the_branch_taken_is_named(
    tmp_path: Path, open_: int, won: str
) -> None:
    body = """\
  let base = sum of own_allowed if billed > $1.00 else sum of prior_paid
  pay base
"""
    paid, _ = worked(tmp_path, body, billed=open_, own_allowed=7, prior_paid=9)
    assert paid.because == ("base", won)
