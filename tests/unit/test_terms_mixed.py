"""What does not mix in one definition of a term, and what the report offers instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from component_claims import NETWORK, book_of, told
from whopays.diagnostics import Diagnostic, DiagnosticError

PAID = """
term paid_amount by "A"
  per line
  is plan_paid
"""
WITHHELD = """
term paid_amount by "B"
  per line
  is plan_paid + withhold
"""


def wrong(folder: Path, *terms: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as raised:
        book_of(folder, *terms)
    return list(raised.value.diagnostics)


def offered(folder: Path, first: str, second: str, formula: str) -> Diagnostic:
    both = f'term both by "C"\n  per line\n  is {formula}'
    (found,) = wrong(folder, first, second, both)
    return found


def test_the_same_word_by_two_sources_is_named_twice_and_converted(
    tmp_path: Path,
) -> None:
    found = offered(tmp_path, PAID, WITHHELD, 'paid_amount by "A" + paid_amount by "B"')

    assert found.code == "R025"
    assert 'paid_amount by "A"' in found.message
    assert 'paid_amount by "B"' in found.message
    assert '`(paid_amount by "A" + withhold)`' in (found.help or "")


def test_the_conversion_is_what_the_fix_writes_and_it_is_taken(tmp_path: Path) -> None:
    found = offered(tmp_path, WITHHELD, PAID, 'paid_amount by "B" + paid_amount by "A"')
    (edit,) = found.fix
    assert edit.text == '(paid_amount by "B" - withhold)'

    mended = f'term both by "C"\n  per line\n  is paid_amount by "B" + {edit.text}'
    assert told(book_of(tmp_path, PAID, WITHHELD, mended), NETWORK)[-1] == "21500"


def test_words_that_mean_the_same_are_one(tmp_path: Path) -> None:
    again = PAID.replace('"A"', '"B"')
    found = offered(tmp_path, PAID, again, 'paid_amount by "A" + paid_amount by "B"')

    assert [edit.text for edit in found.fix] == ['paid_amount by "A"']


def test_what_is_no_sum_is_written_by_its_components(tmp_path: Path) -> None:
    lesser = 'term paid_amount by "B"\n  per line\n  is lesser of (plan_paid, billed)'
    found = offered(tmp_path, PAID, lesser, 'paid_amount by "A" + paid_amount by "B"')

    assert [edit.text for edit in found.fix] == ["(lesser of (plan_paid, billed))"]


def test_a_word_that_a_source_does_not_define_has_no_conversion(tmp_path: Path) -> None:
    none = 'term paid_amount by "B"\n  per line\n  undefined because "nobody says"'
    found = offered(tmp_path, PAID, none, 'paid_amount by "A" + paid_amount by "B"')

    assert found.fix == ()
    assert "has no single formula" in (found.help or "")


@pytest.mark.parametrize(
    "paid", ["medicare_paid", "other_insurance_paid", "other_source_paid", "prior_paid"]
)
def test_a_credited_amount_and_a_paid_one_do_not_mix_in_a_formula(
    tmp_path: Path, paid: str
) -> None:
    (found,) = wrong(
        tmp_path,
        f'term x by "A"\n  per line\n  let y = {paid}\n  is medicare_credited + y',
    )

    assert found.code == "R025"
    assert "medicare_credited" in found.message
    assert paid in found.message


def test_they_may_be_two_readings_of_one_word(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        'term x by "A"\n  per line\n  is medicare_credited\n  reading paid is medicare_paid',
    )

    assert told(book, {"medicare_credited": "8.00"}) == ["800"]


def test_terms_that_build_on_each_other_too_far_are_refused(tmp_path: Path) -> None:
    first = 'term t0 by "A"\n  per line\n  is billed'
    more = [
        f'term t{at} by "A"\n  per line\n  is t{at - 1} by "A"' for at in range(1, 50)
    ]

    assert [each.code for each in wrong(tmp_path, first, *more)] == ["P020"]
    assert told(book_of(tmp_path, first, *more[:40]), NETWORK)[-1] == "25000"


def test_long_chains_of_lets_and_choices_cost_no_stack(tmp_path: Path) -> None:
    lets = "".join(
        f"  let l{at} = l{at - 1} if network is inside else l{at - 1} - $0.01\n"
        for at in range(1, 199)
    )
    text = f'term x by "A"\n  per line\n  let l0 = billed\n{lets}  is l198'

    assert told(book_of(tmp_path, text), NETWORK, network="inside") == ["25000"]
    assert told(book_of(tmp_path, text), NETWORK, network="outside") == ["24802"]


def test_another_name_makes_no_payment_of_a_credit(tmp_path: Path) -> None:
    named = """
term credits by "C"
  per line
  let taken_off = prior_credited
  is taken_off
"""
    found = offered(tmp_path, PAID, named, 'credits by "C" + medicare_paid')

    assert found.code == "R025"
    assert "`prior_credited`, a credited amount, and `medicare_paid`" in found.message


def test_what_is_offered_opens_the_words_of_the_other_source(tmp_path: Path) -> None:
    held = 'term held by "B"\n  per line\n  is withhold'
    paid = 'term paid by "B"\n  per line\n  is held by "B" + plan_paid'
    both = 'term both by "C"\n  per line\n  is paid_amount by "A" + paid by "B"'
    (found,) = wrong(tmp_path, PAID, held, paid, both)
    (edit,) = found.fix

    assert edit.text == '(paid_amount by "A" + withhold)'
    mended = f'term both by "C"\n  per line\n  is paid_amount by "A" + {edit.text}'
    assert told(book_of(tmp_path, PAID, held, paid, mended), NETWORK)[-1] == "21500"


def test_no_credit_is_offered_beside_a_payment(tmp_path: Path) -> None:
    one = 'term credit by "D"\n  per line\n  is medicare_paid'
    other = 'term credit by "E"\n  per line\n  is medicare_credited'
    both = 'term both by "C"\n  per line\n  is credit by "D" + credit by "E"'
    found = wrong(tmp_path, one, other, both)

    assert {each.code for each in found} == {"R025"}
    assert [each.help for each in found if not each.fix] == [
        each.help for each in found
    ]
    assert (
        "the one is what a payer is credited with, the other what it paid; use one"
        in (each.help for each in found)
    )
