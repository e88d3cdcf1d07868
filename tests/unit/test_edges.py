"""Edges of the language that are easily lost: each once decided wrongly, or nearly."""

from __future__ import annotations

import signal
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from small_rules import FACTS, GRID, HEAD, rules, written_rules
from whopays.api import check, load
from whopays.cli.main import cli
from whopays.decide.line import Decider
from whopays.diagnostics import DiagnosticError
from whopays.engines.durable import Plain
from whopays.program.compile import Program

CLAIM = {
    "claim_id": "1",
    "product": "HMO",
    "claim_type": "professional",
    "service_date": "2025-06-01",
    "admission_date": None,
    "revenue_code": None,
    "network": "inside",
    "area": "inside",
    "age": 40,
    "lines": [{"line": 1, "procedure_code": "99205", "allowed": "100.01"}],
}


def codes_of(folder: Path, text: str) -> list[str]:
    return [each.code for each in check(written_rules(folder, text)).diagnostics]


def test_equal_shares_in_another_order_are_one_answer(tmp_path: Path) -> None:
    text = rules(
        'exception E-1 to A "Visits"\n  then PLAN 50%, IPA 50%\nend\n'
        'exception E-2 to A "Visits"\n  then IPA 50%, PLAN 50%\nend'
    )

    (decision,) = load(written_rules(tmp_path, text)).decide(CLAIM)

    assert decision.status == "decided"
    assert decision.because == ("E-1", "E-2")
    assert decision.cents == {"PLAN": 5001, "IPA": 5000}


def test_a_condition_on_days_that_the_text_is_not_in_force_can_never_act(
    tmp_path: Path,
) -> None:
    never = "exception E-1 to A\n  when service_date < 2024-01-01\n  then PLAN\nend"
    once = never.replace("2024", "2026")

    assert "C003" in codes_of(tmp_path, rules(never))
    assert codes_of(tmp_path, rules(once)) == []


def test_what_is_too_large_to_be_looked_at_is_said_and_not_called_dead(
    tmp_path: Path,
) -> None:
    chance = Random(7)  # noqa: S311 - the same each time
    names = [f"n{at}" for at in range(40)]
    facts = FACTS.replace("end\n", f"  fact {', '.join(names)} is yes or no\nend\n")
    # Facts that hang together in no order: no diagram of them is small.
    parts = [f"({' or '.join(chance.sample(names, 3))})" for _ in range(80)]
    halves = [" and ".join(parts[:39]), " and ".join(parts[39:78])]
    clauses = [
        f"define {name}\n  when {half}\nend"
        for name, half in zip(("one", "other"), halves, strict=True)
    ]
    clauses.append("exception E-1 to A\n  when one and other\n  then PLAN\nend")

    report = check(written_rules(tmp_path, rules(*clauses, facts=facts)))
    found = {each.code for each in report.diagnostics}

    assert "C007" in found
    assert "C003" not in found
    assert report.contracts["K"].too_large


def test_many_independent_exceptions_are_proved_however_many_cases_they_make(
    tmp_path: Path,
) -> None:
    names = [f"n{at}" for at in range(60)]
    facts = FACTS.replace("end\n", f"  fact {', '.join(names)} is number\nend\n")
    clauses = [
        f"exception E-{name.upper()} to A\n  when {name} > 1\n  then PLAN\nend"
        for name in names
    ]
    last = clauses[-1].replace("then PLAN", "then IPA")

    agreed = check(written_rules(tmp_path, rules(*clauses, facts=facts)))
    apart = check(written_rules(tmp_path, rules(*clauses[:-1], last, facts=facts)))

    assert agreed.diagnostics == ()
    assert agreed.contracts["K"].entries > 2**60
    assert [each.code for each in apart.diagnostics] == ["C002"] * 59


def test_a_treat_that_leads_back_through_the_parent_is_refused(tmp_path: Path) -> None:
    signal.signal(signal.SIGALRM, _too_long)  # it once went round for ever
    signal.alarm(20)
    catalog = 'category "Kin"\n  under "Visits"\n  codes CPT 99221-99223\nend\n'
    text = rules('treat T-1 "Visits" as "Kin"\nend').replace(
        'category "Rooms"', f'{catalog}category "Rooms"'
    )

    found = check(written_rules(tmp_path, text)).diagnostics
    signal.alarm(0)

    assert [each.code for each in found] == ["R012"]


def test_a_payer_needs_a_fact_that_says_it(tmp_path: Path) -> None:
    head = HEAD.replace("  products", '  for payer "Acme"\n  products')

    assert codes_of(tmp_path, rules(head=head)) == ["R001"]


def test_the_opposite_of_a_code_is_told_as_the_opposite(tmp_path: Path) -> None:
    text = rules(
        'exception E-1 to A "Visits"\n'
        "  when procedure_code is not CPT 99201\n  then PLAN\nend"
    )

    (decision,) = load(written_rules(tmp_path, text)).decide(CLAIM)

    assert "procedure_code is not CPT 99201" in decision.explain("tree")


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_two_facts_compared_and_both_unknown_are_both_needed(
    tmp_path: Path, engine: str
) -> None:
    text = rules(
        'exception E-1 to A "Visits"\n  when allowed > billed\n  then PLAN\nend'
    )
    line = {"line": 1, "procedure_code": "99205"}

    (decision,) = load(written_rules(tmp_path, text), engine=engine).decide(
        {**CLAIM, "lines": [line]}
    )

    assert set(decision.needs) == {"allowed", "billed"}


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_two_unknown_numbers_may_both_lie_beyond_what_is_mentioned(
    tmp_path: Path, engine: str
) -> None:
    """No number between 5 and 6 or above 6 is mentioned, and there is more than one."""
    facts = FACTS.replace("end\n", "  fact units is number\nend\n")
    for when in ("age > 5 and units > age", "age > 5 and units > age and units < 6"):
        text = rules(
            f'exception E-1 to A "Visits"\n  when {when}\n  then PLAN\nend', facts=facts
        )
        line = {"line": 1, "procedure_code": "99205"}
        claim = {name: value for name, value in CLAIM.items() if name != "age"}

        (decision,) = load(written_rules(tmp_path, text), engine=engine).decide(
            {**claim, "lines": [line]}
        )

        assert decision.status == "undetermined"
        assert set(decision.needs) == {"age", "units"}


def test_a_draft_is_reported_and_its_lines_are_by_hand(tmp_path: Path) -> None:
    grid = GRID.replace("|      |  x  |", "|  ?   |     |")
    folder = written_rules(tmp_path, rules(grid=grid))

    (found,) = check(folder).diagnostics
    (decision,) = load(folder).decide(CLAIM)

    assert (found.code, found.is_error) == ("C009", False)
    assert decision.status == "by_hand"


def test_rules_that_check_refuses_decide_no_file(tmp_path: Path) -> None:
    two = "exception E-{} to A\n  when age > 1\n  then {}\nend"
    text = rules(two.format(1, "PLAN"), two.format(2, "IPA"))
    claims = tmp_path / "claims.jsonl"
    claims.write_text('{"claim_id": "1", "lines": [{"line": 1}]}\n')
    arguments = ["decide", str(claims), "--rules", str(written_rules(tmp_path, text))]
    arguments += ["-o", str(tmp_path / "out")]

    refused = CliRunner().invoke(cli, arguments)
    unchecked = CliRunner().invoke(cli, [*arguments, "--unchecked"])

    assert refused.exit_code == 1
    assert "C002" in refused.output
    assert unchecked.exit_code == 0


def test_why_not_of_nobody_suggests_a_party(tmp_path: Path) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text('{"claim_id": "1", "lines": [{"line": 1}]}\n')
    folder = str(written_rules(tmp_path, rules()))

    found = CliRunner().invoke(
        cli, ["explain", str(claims), "--rules", folder, "--why-not", "PLAM"]
    )

    assert found.exit_code == 2
    assert "Did you mean `PLAN`?" in found.output


def test_a_clause_of_very_many_values_is_split_over_several_matchers(
    tmp_path: Path,
) -> None:
    clauses = [
        f'exception E-{at} to A "Visits"\n  when age > {at} and billed > ${at}.00\n'
        f"  then PLAN\nend"
        for at in range(150)
    ]
    claim = {
        **CLAIM,
        "lines": [
            {
                "line": 1,
                "procedure_code": "99205",
                "allowed": "1.00",
                "billed": "10.50",
            }
        ],
    }
    folder = written_rules(tmp_path, rules(*clauses))

    (ours,) = load(folder).decide(claim)
    (theirs,) = load(folder, engine="reference").decide(claim)

    assert ours.because == theirs.because
    assert len(ours.because) == 11


def test_a_mapping_that_does_not_exist_is_told_even_where_none_is_needed(
    tmp_path: Path,
) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text('{"claim_id": "1", "lines": [{"line": 1}]}\n')
    folder = str(written_rules(tmp_path, rules()))

    with pytest.raises(DiagnosticError) as told:
        load(folder).read(claims, "rif-carier")

    assert told.value.diagnostics[0].code == "M013"


def test_a_range_whose_ends_differ_in_length_is_told_as_such(tmp_path: Path) -> None:
    text = rules().replace("CPT 99201-99215", "CPT 99201-15")

    (found,) = check(written_rules(tmp_path, text)).diagnostics

    assert "not of one length" in found.message


def test_a_line_without_its_date_is_decided_before_the_contract_is_signed(
    tmp_path: Path,
) -> None:
    contract = load(written_rules(tmp_path, rules())).rules.contracts["K"]
    decider = Decider(Program(contract, date(2020, 1, 1)), Plain())

    found = decider.decide({"product": "HMO", "procedure_code": "99205"})

    assert found.outcome.status == "no_contract"


def _too_long(_number: int, _frame: object) -> None:
    raise TimeoutError("the check went round and round")


def test_an_absent_component_counts_as_zero_in_the_example_of_a_problem(
    tmp_path: Path,
) -> None:
    facts = FACTS.replace(
        "end\n", "  fact copay is money per line or none else $0.00\nend\n"
    )
    always = "copay > $0.00 or copay <= $0.00"
    text = rules(
        "exception E-1 to A\n  then PLAN\nend",
        f"exception E-2 to A\n  when {always}\n  then IPA\nend",
        facts=facts,
    )

    assert "C002" in codes_of(tmp_path, text)
    assert "C011" not in codes_of(tmp_path, text)
