"""What a term comes to: an amount, ambiguous, undefined, not applicable, undetermined."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from component_claims import NETWORK, book_of, said, told

PAID = """
term paid_amount by "A"
  per line
  is plan_paid + withhold
"""
LESSER = """
term limit by "A"
  per line
  is lesser of (contract_max, billed)
"""


def test_a_term_is_its_formula_with_the_numbers_of_the_line(tmp_path: Path) -> None:
    book = book_of(tmp_path, PAID)
    found = said(book, NETWORK)
    ((_, (answer,)),) = found.words

    assert (answer.status, answer.cents) == ("amount", 11_000)
    assert "plan_paid + withhold = $105.00 + $5.00" in book.tree(found)


def test_a_fact_that_is_missing_is_named_and_is_no_zero(tmp_path: Path) -> None:
    book = book_of(tmp_path, PAID)
    ((_, (answer,)),) = said(book, {"plan_paid": "1.00"}, adjudicated="no").words

    assert (answer.status, answer.cents) == ("undetermined", None)
    assert answer.needs == {"withhold"}


def test_an_adjudicated_line_has_zero_for_what_it_does_not_mention(
    tmp_path: Path,
) -> None:
    assert told(book_of(tmp_path, PAID), {"billed": "1.00"}) == ["0"]


def test_a_term_of_another_claim_type_is_not_applicable(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, PAID.replace("  per", "  when claim_type is pharmacy\n  per")
    )

    assert told(book, NETWORK) == ["not applicable"]
    assert told(book, NETWORK, claim_type="pharmacy") == ["11000"]
    ((_, (open_,)),) = said(book, NETWORK, claim_type=None).words
    assert open_.status == "undetermined"
    assert open_.needs == {"claim_type"}


def test_a_definition_that_is_missing_stays_so_and_the_custom_is_a_reading(
    tmp_path: Path,
) -> None:
    text = """
term paid_amount by "A"
  undefined because "each state says it"
  reading custom per line is plan_paid
"""
    ((_, (answer,)),) = said(book_of(tmp_path, text), NETWORK).words

    assert (answer.status, answer.cents) == ("undefined", None)
    custom = answer.reading("custom")
    assert custom is not None
    assert custom.cents == 10_500


def test_readings_that_agree_are_the_amount_and_others_are_ambiguous(
    tmp_path: Path,
) -> None:
    text = """
term owed by "A"
  per line
  reading with_bill is copay + balance_bill
  reading without is copay
  ambiguous because "it does not say"
"""
    book = book_of(tmp_path, text)

    assert told(book, NETWORK) == ["2000"]
    ((_, (answer,)),) = said(book, {"copay": "1.00", "balance_bill": "2.00"}).words
    assert answer.status == "ambiguous"
    assert [each.cents for each in answer.readings] == [300, 100]


def test_readings_of_two_levels_are_compared_on_one_line_only(tmp_path: Path) -> None:
    text = """
term charge by "A"
  reading one_line per line is billed
  reading whole_claim per claim is sum of billed
  ambiguous because "it does not say"
"""
    book = book_of(tmp_path, text)

    assert told(book, NETWORK) == ["25000"]
    assert told(book, NETWORK, {"billed": "0.00"}) == ["ambiguous"] * 3


def test_the_edition_of_the_service_date_answers_or_that_of_a_day_that_is_asked_for(
    tmp_path: Path,
) -> None:
    old = PAID.replace("  per", "  in force 2012-01-01 to 2020-12-31\n  per")
    new = """
term paid_amount by "A"
  in force 2021-01-01 onward
  per line
  is plan_paid
"""
    book = book_of(tmp_path, old, new)

    assert told(book, NETWORK, service_date="2020-12-31") == ["11000"]
    assert told(book, NETWORK, service_date="2021-01-01") == ["10500"]
    assert told(book, NETWORK, service_date="2011-12-31") == ["not applicable"]
    assert told(book, NETWORK) == ["undetermined"]
    claim = said(book, NETWORK).claim
    day = date(2015, 1, 1)
    ((_, (answer,)),) = book.said(claim, day=day).words
    assert answer.cents == 11_000


def test_a_definition_of_other_days_asks_for_no_fact(tmp_path: Path) -> None:
    old = """
term paid_amount by "A"
  when claim_type is pharmacy
  in force 2012-01-01 to 2020-12-31
  per line
  is plan_paid
"""
    book = book_of(tmp_path, old)

    found = told(book, NETWORK, service_date="2026-03-04", claim_type=None)
    assert found == ["not applicable"]


def test_two_definitions_of_a_word_are_told_apart_by_their_conditions(
    tmp_path: Path,
) -> None:
    medical = PAID.replace("  per", "  when claim_type is professional\n  per")
    pharmacy = """
term paid_amount by "A"
  when claim_type is pharmacy
  per claim
  is sum of client_due
"""
    book = book_of(tmp_path, medical, pharmacy)

    assert told(book, NETWORK) == ["11000"]
    drug = {**NETWORK, "client_due": "9.00"}
    assert told(book, drug, claim_type="pharmacy") == ["900"]


def test_a_term_of_the_claim_adds_lines_and_what_is_given_for_the_whole(
    tmp_path: Path,
) -> None:
    book = book_of(
        tmp_path, 'term paid by "A"\n  per claim\n  is sum of (plan_paid + withhold)'
    )
    whole = {"level": "claim", "billed": "0.00", "plan_paid": "-5.00"}

    assert told(book, NETWORK, {"plan_paid": "1.00"}, whole) == ["10600"]


def test_what_is_given_for_the_claim_does_not_stand_for_lines_that_are_silent(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, 'term paid by "A"\n  per claim\n  is sum of discount')
    whole = {"level": "claim", "discount": "5.00"}

    assert told(book, {"copay": "1.00"}, whole, adjudicated="no") == ["undetermined"]


def test_what_only_the_claim_has_is_the_claims_amount(tmp_path: Path) -> None:
    book = book_of(tmp_path, 'term paid by "A"\n  per claim\n  is sum of member_paid')
    whole = {"level": "claim", "member_paid": "5.00"}

    assert told(book, NETWORK, NETWORK, whole) == ["500"]


def test_a_reversal_is_worked_out_with_its_signs_turned(tmp_path: Path) -> None:
    book = book_of(tmp_path, LESSER)

    assert told(book, {"billed": "250.00", "contract_max": "170.00"}) == ["17000"]
    assert told(book, {"billed": "-250.00", "contract_max": "-170.00"}) == ["-17000"]
    # Without the turn the lesser would be -$250.00.
    back = {"billed": "0.00", "contract_max": "-170.00", "reversal": "yes"}
    assert told(book, back) == ["0"]


def test_a_claim_that_mixes_lines_and_reversals_has_no_lesser_of_the_claim(
    tmp_path: Path,
) -> None:
    text = """
term limit by "A"
  per claim
  is lesser of (sum of plan_paid, sum of billed)
"""
    added = 'term paid by "A"\n  per claim\n  is sum of plan_paid'
    book = book_of(tmp_path, text, added)
    back = {name: f"-{amount}" for name, amount in NETWORK.items()}

    assert told(book, NETWORK, back) == ["undetermined", "0"]
    assert told(book, back, back) == ["-21000", "-21000"]
    shown = book.tree(said(book, NETWORK, back))
    assert "needs reversal (yes or no)" in shown
    assert (
        "give `reversal` on its lines so that all agree, or take the reversed" in shown
    )


def test_a_floor_acts_and_is_shown(tmp_path: Path) -> None:
    text = """
term left by "A"
  per claim
  is sum of plan_paid - sum of billed
    not below $0.00
"""
    book = book_of(tmp_path, text)
    found = said(book, NETWORK)

    assert told(book, NETWORK) == ["0"]
    assert "not below $0.00" in book.tree(found)


def test_a_lesser_of_given_skips_what_is_missing_and_any_other_does_not(
    tmp_path: Path,
) -> None:
    given = LESSER.replace("lesser of (", "lesser of given (")
    line = {"billed": "250.00", "contract_max": None}

    assert told(book_of(tmp_path, LESSER), line) == ["undetermined"]
    assert told(book_of(tmp_path, given), line) == ["25000"]


def test_a_term_stands_in_another_of_its_source_with_its_working(
    tmp_path: Path,
) -> None:
    other = """
term twice by "A"
  per claim
  is 2 * sum of paid_amount by "A"
"""
    book = book_of(tmp_path, PAID, other)

    assert told(book, NETWORK, NETWORK)[-1] == "44000"


def test_a_term_that_rests_on_an_undefined_one_is_undetermined(tmp_path: Path) -> None:
    none = 'term share by "A"\n  per line\n  undefined because "nobody says"'
    more = 'term more by "A"\n  per line\n  is share by "A" + copay'
    ((_, _), (_, (answer,))) = said(book_of(tmp_path, none, more), NETWORK).words

    assert answer.status == "undetermined"
    assert answer.needs == {'share by "A"'}


def test_a_percent_and_yes_and_no_are_no_amounts(tmp_path: Path) -> None:
    rate = 'term rate by "A"\n  per line\n  is coinsurance_percent'
    flag = 'term capitated_service by "A"\n  holds when capitated'
    book = book_of(tmp_path, rate, flag)
    found = said(book, {**NETWORK, "coinsurance_percent": "20", "capitated": "yes"})

    text = book.tree(found)
    assert "20%" in text
    assert "yes" in text
    assert told(book, {**NETWORK, "capitated": "no"})[-1] == "no"
    assert told(book, NETWORK)[-1] == "undetermined"


def test_given_and_computed_amounts_that_disagree_are_not_believed(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, 'term allowed by "A"\n  per line\n  is allowed')

    assert told(book, NETWORK) == ["17000"]
    assert told(book, {**NETWORK, "allowed": "170.00"}) == ["17000"]
    assert told(book, {**NETWORK, "allowed": "110.00"}) == ["undetermined"]


def test_a_definition_that_is_in_force_and_of_other_lines_is_not_told_as_out_of_force(
    tmp_path: Path,
) -> None:
    text = """
term paid_amount by "A"
  in force 2020-01-01 to 2025-12-31
  per line
  is plan_paid
end
term paid_amount by "A"
  in force 2026-01-01 onward
  when claim_type is pharmacy
  per line
  is plan_paid + withhold
"""
    book = book_of(tmp_path, text)

    later = said(book, NETWORK, service_date="2026-01-05")
    assert "not applicable" in book.tree(later)
    assert "in force" not in book.tree(later)
    before = said(book, NETWORK, service_date="2019-01-05")
    assert "no definition is in force on the day" in book.tree(before)
