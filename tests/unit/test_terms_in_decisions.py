"""Payment terms in what decides: conditions, limits and methods say whose word they mean."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accounts import FACTS, ORDER
from small_rules import written_rules
from whopays.analyse.proposals.generated import file_text
from whopays.api import load
from whopays.api.accounts import load_accounts
from whopays.api.check import check
from whopays.api.consolidate import consolidate
from whopays.diagnostics import DiagnosticError
from whopays.model.account import Account

WORDS = """\
edition 1

facts F "Facts"
  version 1
  fact claim_type is one of professional, pharmacy
  fact service_date is date
  fact procedure_code is code CPT or none
  fact member_id is text
  fact billed, allowed is money per line
  fact plan_paid, fee is money per line
  fact withhold is money per line or none else $0.00
end

terms WORDS "Words"
  version 1.0
  facts from F 1
end
term paid by "Guide"
  when claim_type is professional
  per line
  is plan_paid + withhold
end
term paid by "Atlas"
  per line
  is plan_paid
end
term part_paid by "Guide"
  per line
  is 50%
end
term kept by "Guide"
  per line
  holds when withhold > $0.00
end
term charge by "Guide"
  per line
  reading lines is billed
  reading fees is fee
  ambiguous because "the text says both"
end
term owed by "Guide"
  undefined because "each state describes its own"
end
term total by "Guide"
  per claim
  is sum of billed
end
"""
CONTRACT = """
catalog C "Catalog"
  version 1
  in force 2025-01-01 onward
  facts from F 1
  match by procedure_code
end
category "Visits"
  codes CPT 99201-99215
end

contract K "A contract"
  version 1
  in force 2025-01-01 onward
  party PLAN "The plan"
  party IPA "The group"
  facts from F 1
  categories from C 1
  terms from WORDS 1.0
  decide by service_date
end
responsibility A "Exhibit A"
  | category | when      | PLAN | IPA |
  | Visits   | WHEN      |  x   |     |
  | Visits   | not (WHEN)|      |  x  |
  otherwise unlisted
end
"""
METHODS = """
methods M "Methods"
  version 1
  facts from F 1
  terms from WORDS 1.0
end
"""
LARGE = 'paid by "Guide" > $100.00'


def _contract(when: str) -> str:
    return WORDS + CONTRACT.replace("WHEN", when)


def _test(given: str, expected: str) -> str:
    return (
        '\ntest "it"\n  contract K\n  given service_date 2025-03-04, procedure_code '
        f"CPT 99213\n  given {given}\n  expect {expected}\nend\n"
    )


def _run(folder: Path, text: str) -> list[str]:
    (folder / "k.rules").write_text(text, encoding="utf-8")
    results = load(folder, engine="reference").run_tests()
    return [problem for result in results for problem in result.problems]


def _codes(folder: Path, text: str) -> list[str]:
    (folder / "k.rules").write_text(text, encoding="utf-8")
    with pytest.raises(DiagnosticError) as caught:
        load(folder)
    return [f"{each.code}: {each.message}" for each in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("when", "given", "expected"),
    [
        (LARGE, "claim_type professional, plan_paid $96.00, withhold $4.01", "PLAN"),
        (LARGE, "claim_type professional, plan_paid $96.00, withhold $4.00", "IPA"),
        # What does not apply is none, and no comparison with none holds.
        (LARGE, "claim_type pharmacy, plan_paid $960.00", "IPA"),
        (LARGE, "claim_type professional", "undetermined needs plan_paid"),
        (LARGE, "plan_paid $960.00", "undetermined needs claim_type"),
        ('paid by "Guide" is given', "claim_type pharmacy", "IPA"),
        ('part_paid by "Guide" >= 50%', "claim_type pharmacy", "PLAN"),
        ('kept by "Guide"', "withhold $4.00", "PLAN"),
        ('kept by "Guide"', "claim_type pharmacy", "IPA"),
        ('charge by "Guide" > $10.00', "billed $20.00, fee $20.00", "PLAN"),
        ('charge by "Guide" > $10.00', "billed $20.00, fee $30.00", "undetermined"),
        (
            'paid by "Atlas" < billed',
            "plan_paid $960.00, billed $960.01",
            "PLAN",
        ),
        ('billed > paid by "Atlas"', "plan_paid $960.00, billed $960.00", "IPA"),
        # A test may say what the term comes to, whatever its parts.
        (LARGE, 'paid by "Guide" $100.01', "PLAN"),
    ],
)
def test_a_term_in_a_condition_is_worked_out_for_the_line(
    when: str, given: str, expected: str, tmp_path: Path
) -> None:
    assert _run(tmp_path, _contract(when) + _test(given, expected)) == []


def test_readings_that_differ_leave_a_line_open_and_the_term_itself_is_asked_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "k.rules").write_text(
        _contract('charge by "Guide" > $10.00'), encoding="utf-8"
    )
    document = {
        "claim_id": "1",
        "service_date": "2025-03-04",
        "procedure_code": "99213",
        "lines": [{"line": "1", "billed": "20.00", "fee": "5.00"}],
    }
    (line,) = load(tmp_path).decide(document)

    assert line.status == "undetermined"
    assert line.needs == ('charge by "Guide"',)


@pytest.mark.parametrize(
    ("needs", "problem"),
    [
        ('charge by "Guide"', ""),
        (
            'billed, charge by "Guide"',
            'expected needs billed, charge by "Guide", got charge by "Guide"',
        ),
    ],
)
def test_a_test_names_the_term_that_no_fact_settles(
    needs: str, problem: str, tmp_path: Path
) -> None:
    text = _contract('charge by "Guide" > $10.00')
    text += _test("billed $20.00, fee $30.00", f"undetermined needs {needs}")
    text += (
        METHODS
        + f"""
method CHARGE "The charge"
  for secondary
  per line
  pay charge by "Guide"
end
test "it"
  method CHARGE
  given billed $20.00, fee $30.00
  expect undetermined needs {needs}
end
"""
    )
    assert _run(tmp_path, text) == ([problem] * 2 if problem else [])


def test_a_needed_term_that_the_method_does_not_read_is_an_error(
    tmp_path: Path,
) -> None:
    text = (
        WORDS
        + METHODS
        + """
method CHARGE "The charge"
  for secondary
  per line
  pay charge by "Guide"
end
test "it"
  method CHARGE
  given billed $20.00, fee $30.00
  expect undetermined needs chrge by "Guide"
end
"""
    )
    assert _codes(tmp_path, text) == ['R009: there is no term `chrge by "Guide"`']


@pytest.mark.parametrize("word", ["paid", "charge", "kept", "part_paid"])
def test_tests_that_are_written_for_a_contract_on_terms_pass(
    word: str, tmp_path: Path
) -> None:
    asked = {"kept": "", "part_paid": " > 20%"}.get(word, " > $100.00")
    (tmp_path / "k.rules").write_text(
        _contract(f'{word} by "Guide"{asked}'), encoding="utf-8"
    )
    (survey,) = load(tmp_path).surveys()
    written = file_text(survey.contract, survey.tests)
    (tmp_path / "t.rules").write_text(written, encoding="utf-8")
    results = load(tmp_path, engine="reference").run_tests()

    assert len(results) > 2
    assert [each.problems for each in results if each.problems] == []


def test_a_limit_counts_a_term(tmp_path: Path) -> None:
    text = WORDS + CONTRACT.replace("WHEN", "claim_type is pharmacy")
    text += """
limit L-1 "The group's part"
  applies to shares of IPA
  counts paid by "Guide"
  per member per contract year
  first IPA up to $100.00
  then PLAN
end
test "The line crosses the threshold by what the guide calls paid"
  contract K
  given service_date 2025-03-04, procedure_code CPT 99213, member_id "M-1"
  given claim_type professional, allowed $50.00, plan_paid $26.00, withhold $4.00
  counted L-1 $90.00
  expect IPA $30.00, PLAN $20.00
end
test "What the term lacks is missing"
  contract K
  given service_date 2025-03-04, procedure_code CPT 99213, member_id "M-1"
  given claim_type professional, allowed $50.00
  expect IPA
end
"""
    assert _run(tmp_path, text) == []


def test_a_method_pays_and_gates_by_a_term(tmp_path: Path) -> None:
    text = (
        WORDS
        + """
methods M "Methods"
  version 1
  facts from F 1
  terms from WORDS 1.0
end
method HALF "Half of what was paid"
  for secondary
  per line
  when paid by "Guide" > $10.00
  let half = 50% of paid by "Guide"
  pay lesser of (half, allowed)
end
method WHOLE "What was charged, less what was paid"
  for secondary
  per claim
  pay total by "Guide" - sum of paid by "Atlas"
end
test "Half"
  method HALF
  given claim_type professional, plan_paid $96.00, withhold $4.00, allowed $80.00
  expect pay $50.00, half $50.00
end
test "The gate"
  method HALF
  given claim_type professional, plan_paid $9.00, allowed $80.00
  expect pay $0.00
end
test "What is missing"
  method HALF
  given claim_type professional, allowed $80.00
  expect undetermined needs plan_paid
end
test "The claim"
  method WHOLE
  line billed $60.00, plan_paid $20.00
  line billed $40.00, plan_paid $10.00
  expect pay $70.00
end
"""
    )

    assert _run(tmp_path, text) == []


def test_an_account_gives_the_parts_of_a_term_that_a_method_names(
    tmp_path: Path,
) -> None:
    words = """
terms WORDS "Words"
  version 1
  facts from F 1
end
term left by "Guide"
  per line
  is billed - prior_paid
end
"""
    methods = """
method REST "What was left, by the guide"
  for secondary
  per line
  when left by "Guide" > $10.00
  pay 50% of left by "Guide"
end
"""
    facts = FACTS.replace(
        "  facts from F 1\nend\n", "  facts from F 1\n  terms from WORDS 1\nend\n"
    )
    path = written_rules(tmp_path, f"{facts}\n{methods}\n{words}\n{ORDER}")
    book = load_accounts(path, engine="reference")
    plan = {"facts": {"kind": "group", "covers_as": "dependent"}}
    first = {**plan["facts"], "since": "2001-01-01"}
    second = {**plan["facts"], "since": "2002-01-01"}
    document = {
        "account_id": "A-1",
        "service_date": "2026-03-04",
        "lines": [{"line": "1", "billed": "100.00"}, {"line": "2", "billed": "20.00"}],
        "coverages": [
            {
                "plan": "ALPHA",
                "facts": first,
                "lines": [
                    {"line": "1", "paid": "70.00", "allowed": "90.00"},
                    {"line": "2", "paid": "15.00", "allowed": "20.00"},
                ],
            },
            {"plan": "BETA", "method": "REST", "facts": second},
        ],
    }
    account = book.account(document)
    assert isinstance(account, Account), account
    beta = book.settle(account).payers[1]

    assert beta.paid is not None
    assert (beta.paid.cents, beta.paid.lines) == (1500, (1500, 0))
    assert 'left by "Guide"' in book.tree(book.settle(account))


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (
            'owed by "Guide" > $1.00',
            (
                'R025: `owed by "Guide"` is undefined, and never has an amount: each state '
                "describes its own"
            ),
        ),
        (
            'total by "Guide" > $1.00',
            (
                'R023: `total by "Guide"` is an amount of the claim, and a condition is of a '
                "line"
            ),
        ),
        ('paid by "Gide" > $1.00', "R009: there is no definition of `paid` by `Gide`"),
        ('payed by "Guide" > $1.00', "R009: there is no term `payed`"),
        (
            'paid by "Guide" > paid by "Atlas"',
            (
                'R025: the same word by two sources stands here: `paid by "Guide"` and '
                '`paid by "Atlas"`'
            ),
        ),
        (
            'paid by "Guide"',
            'R003: `paid by "Guide"` is not yes or no, so it cannot stand alone',
        ),
    ],
)
def test_a_term_that_can_decide_nothing_is_refused(
    when: str, message: str, tmp_path: Path
) -> None:
    assert message in _codes(tmp_path, _contract(when))


def test_a_dictionary_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    text = _contract(LARGE).replace("WORDS 1.0\n  decide", "WORDS 1.1\n  decide")

    assert _codes(tmp_path, text) == ["R009: there is no `terms` block `WORDS 1.1`"]


def test_a_word_without_a_dictionary_says_what_the_head_lacks(tmp_path: Path) -> None:
    text = _contract(LARGE).replace("  terms from WORDS 1.0\n", "")

    assert _codes(tmp_path, text) == [
        'R025: `paid by "Guide"` is a term, and no dictionary is named here'
    ]


def test_two_dictionaries_with_one_word_are_an_error(tmp_path: Path) -> None:
    again = (
        'terms MORE "More"\n  version 1.0\n  facts from F 1\nend\n'
        'term paid by "Guide"\n  when claim_type is pharmacy\n  per line\n'
        "  is billed\nend\n"
    )
    named = "  terms from WORDS 1.0\n  terms from MORE 1.0\n"
    text = _contract(LARGE).replace("  terms from WORDS 1.0\n", named)

    assert _codes(tmp_path, text.replace("\ncatalog", f"\n{again}\ncatalog")) == [
        'R006: two dictionaries define `paid by "Guide"`: WORDS 1.0 and MORE 1.0'
    ]


def test_a_contract_on_a_term_is_checked_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "k.rules").write_text(
        _contract(LARGE).replace("not (paid", "not (billed > $5.00 and paid"),
        encoding="utf-8",
    )
    found = [each.message for each in check(tmp_path).diagnostics if each.is_error]

    assert found
    assert "paid by" in str(check(tmp_path).diagnostics)


def test_a_consolidated_text_brings_what_its_dictionary_builds_on(
    tmp_path: Path,
) -> None:
    text = _contract('net by "Guide" > $10.00').replace(
        "\ncatalog",
        'term net by "Guide"\n  per line\n  is fee by "Other" + billed\nend\n'
        'terms MORE "More"\n  version 2.0\n  facts from F 1\nend\n'
        'term fee by "Other"\n  per line\n  is plan_paid\nend\n\ncatalog',
        1,
    )
    (tmp_path / "k.rules").write_text(text, encoding="utf-8")
    whole = consolidate(tmp_path, date(2025, 3, 4))

    (alone := tmp_path / "alone").mkdir()
    given = _test("billed $6.00, plan_paid $5.00", "PLAN")
    assert _run(alone, whole + given) == []
