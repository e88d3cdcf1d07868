"""Proofs of methods: what is found, what is told, and what is never passed over."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import small_rules
from command_line import Command
from whopays.api import load
from whopays.api.proofs import prove_methods
from whopays.coordinate.account import Payer
from whopays.model.facts import Fact
from whopays.model.payments import PROMISES, Method
from whopays.prove import replay, table
from whopays.prove.promises import Finding
from whopays.resolve.payments.methods import of_method

SHIPPED = Path(__file__).parents[2] / "rulesets" / "cob"
FACTS = """\
edition 1

facts F "Facts"
  version 1
  fact billed, own_allowed, own_benefit, allowable_expense is money per line
  fact prior_paid, primary_paid is money per line spread by billed
  fact primary_allowed, prior_allowed_highest is money per line
  fact otaf          is money per line or none
  fact own_percent   is percent
  fact equal_share   is number
  fact reserve_left  is money per member per calendar year
  fact network       is one of inside, outside
  fact first_treated is date
end

methods M "Methods"
  version 1
  facts from F 1
end

"""


def findings(folder: Path, method: str) -> dict[str, Finding]:
    """Return what came of the promises of the method `method`, by promise."""
    path = small_rules.written_rules(folder, FACTS + method)
    return {each.promise: each for each in prove_methods(path).findings}


def amounts(found: Finding) -> dict[str, object]:
    assert found.example is not None
    return dict(found.example.amounts)


def test_the_smallest_round_amounts_that_break_a_promise_are_shown(
    tmp_path: Path,
) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary
  per claim
  pay sum of own_allowed - sum of prior_paid
end
""",
    )

    assert found["floor"].status == "counterexample"
    assert amounts(found["floor"]) == {"own_allowed": 1000, "prior_paid": 2000}
    assert found["floor"].example is not None
    assert found["floor"].example.outcome == (("pay", -1000),)
    assert found["falling"].status == "proved"


def test_a_promise_that_only_cents_break_is_broken(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary
  per line
  let third = 1/3 * own_allowed
  pay third
    not above own_allowed
  patient owes third + third - own_paid - own_paid
end
""",
    )

    assert found["balance"].status == "counterexample"
    # A third of $20.00 is $6.67, and twice that is a cent more than two thirds.
    assert amounts(found["balance"])["own_allowed"] == 2000
    assert found["balance"].example is not None
    assert dict(found["balance"].example.outcome) == {"pay": 667, "patient owes": -1}
    assert found["ceilings"].status == "proved"


def test_half_a_cent_goes_where_the_method_says(tmp_path: Path) -> None:
    text = """method X "X"
  for secondary
  per line
  let cut = 50% * own_allowed
  pay cut
  patient owes cut + cut - own_paid - own_paid
"""
    away = findings(tmp_path, f"{text}end\n")["balance"]
    even = findings(tmp_path, f"{text}  rounded half even\nend\n")["balance"]

    # Half of $0.01 is $0.01, or $0.00; half of $0.03 is $0.02 both ways.
    assert amounts(away)["own_allowed"] == 1
    assert amounts(even)["own_allowed"] == 3


def test_what_is_missing_pays_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary
  per line
  when otaf is given
  pay otaf - prior_paid
    not below $0.00
    not above own_allowed
end
""",
    )

    assert {each.status for each in found.values()} == {"proved", "not asked"}


def test_lesser_of_given_is_tried_with_each_of_its_amounts_missing(
    tmp_path: Path,
) -> None:
    strict, given = (
        findings(
            tmp_path,
            f"""method X "X"
  for secondary
  per line
  pay lesser of {word}(own_allowed, otaf)
end
""",
        )["own_allowed"]
        for word in ("", "given ")
    )

    assert strict.status == "proved"
    # Without own_allowed there is nothing that the payment could be above.
    assert given.status == "proved"


def test_a_percent_that_is_a_fact_is_proved_for_every_percent(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary, tertiary
  per line
  pay own_percent * (own_allowed - prior_paid)
    not below $0.00
end
""",
    )

    assert found["own_allowed"].status == "proved"
    assert found["falling"].status == "proved"
    assert found["charge"].assumes == ("own_allowed is not above billed",)


def test_equal_plans_are_tried_as_equal_plans(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for equal
  per claim
  pay equal_share * sum of allowable_expense
end
""",
    )

    assert found["floor"].status == "proved"
    assert found["charge"].status == "counterexample"
    assert found["charge"].example is not None
    assert found["charge"].example.position == "equal"


def test_equal_plans_behind_nobody_see_that_nothing_was_paid(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for equal
  per claim
  pay sum of prior_paid - lesser of given (sum of primary_paid, sum of own_allowed)
end
""",
    )

    # Behind a plan it pays nothing or more; behind nobody, less than nothing.
    assert found["floor"].status == "counterexample"
    assert amounts(found["floor"])["prior_paid"] == 0


def test_a_condition_on_codes_or_days_may_hold_or_fail(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary
  per line
  let due = own_allowed if network is inside and first_treated < 2026-01-01 else own_benefit
  pay due
    not above own_allowed
end
""",
    )

    assert found["own_allowed"].status == "proved"


def test_a_declared_promise_is_declared_with_its_amounts(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        """method X "X"
  for secondary
  per claim
  pay sum of own_benefit
  breaks charge because "the others are not looked at"
end
""",
    )

    assert found["charge"].status == "declared"
    assert amounts(found["charge"])["prior_paid"] == 10000


def test_without_its_floor_a_shipped_method_that_takes_away_is_found_out() -> None:
    found = {}
    for method, facts in shipped():
        if method.pay is None or not any(b.kind == "below" for b in method.pay.bounds):
            continue
        bare = without(method, "below")
        floor = next(e for e in table.proofs(bare, facts) if e.promise == "floor")
        found[method.id] = floor.status

    assert len(found) > 40
    # Sums of amounts that are not below zero need no floor.
    assert {name for name, status in found.items() if status != "counterexample"} == {
        *("MEDICAID-CROSSOVER-FULL", "MEDICAID-CROSSOVER-FULL-COPAY"),
        *("MEDICAID-CROSSOVER-DEDUCTIBLE", "MEDICAID-ADVANTAGE-85"),
        *("SUPPLEMENT", "SUPPLEMENT-LISTED", "TRICARE-FOR-LIFE", "AS-IF-ALONE"),
        *("CAPITATED-PRIMARY", "TRICARE-CAPITATED"),
        *("STANDARD-PATIENT-SHARE",),
    }


def test_without_its_ceiling_a_shipped_method_is_found_out() -> None:
    ((method, facts),) = (
        each for each in shipped() if each[0].id == "ALLOWED-LESS-PAID-CAPPED"
    )
    bare = without(method, "above")
    whole = {each.promise: each.status for each in table.proofs(method, facts)}
    found = {each.promise: each.status for each in table.proofs(bare, facts)}

    assert whole["own_allowed"] == "proved"
    assert found["own_allowed"] == "counterexample"
    assert found["ceilings"] == "not asked"


def shipped() -> Iterator[tuple[Method, dict[str, Fact]]]:
    for methods in load(SHIPPED, engine="reference").rules.methods.values():
        facts = of_method(methods.facts, methods.span)
        yield from ((method, facts) for method in methods.methods.values())


def without(method: Method, kind: str) -> Method:
    """Return `method` without the bounds of its payment that are of `kind`."""
    assert method.pay is not None
    bounds = tuple(each for each in method.pay.bounds if each.kind != kind)
    return replace(method, pay=replace(method.pay, bounds=bounds))


def test_where_the_engine_pays_otherwise_it_is_a_fault_and_not_an_example(
    tmp_path: Path, whopays: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_rules.written_rules(
        tmp_path,
        f"""{FACTS}method X "X"
  for secondary
  per claim
  pay sum of own_allowed - sum of prior_paid
end
""",
    )
    settled = replay.settled

    def off_by_a_cent(*args: object) -> Payer:
        payer = settled(*args)  # type: ignore[arg-type]
        assert payer.paid is not None
        assert payer.paid.cents is not None
        return replace(payer, paid=replace(payer.paid, cents=payer.paid.cents + 1))

    monkeypatch.setattr(table, "settled", off_by_a_cent)
    run = whopays("cob", "prove", str(path))

    assert run.code == 4
    assert "fault" in run.out
    assert "pay: -1000 cents by the prover, -999 by the engine" in run.err
    assert "C017" not in run.err


def test_the_exit_code_says_whether_there_is_something_to_mend(
    tmp_path: Path, whopays: Command
) -> None:
    text = f"""{FACTS}method X "X"
  for secondary
  per claim
  pay sum of own_benefit
"""
    path = small_rules.written_rules(tmp_path, f"{text}end\n")
    open_ = whopays("cob", "prove", str(path))
    why = '  breaks charge because "the others are not looked at"\n'
    path = small_rules.written_rules(tmp_path, f"{text}{why}end\n")
    declared = whopays("cob", "prove", str(path))

    assert (open_.code, declared.code) == (1, 0)
    assert "error[C017]" in open_.err
    assert "6 promises: 3 proved, 1 declared, 2 not asked" in declared.out


def test_json_has_each_promise_with_its_assumptions_and_its_amounts_in_cents(
    whopays: Command,
) -> None:
    run = whopays("cob", "prove", "--method", "NON-DUPLICATION", "--format", "json")
    record = json.loads(run.out)
    (method,) = record["methods"]
    by_promise = {each["promise"]: each for each in method["promises"]}

    assert run.code == 0
    assert tuple(by_promise) == PROMISES
    assert by_promise["charge"]["status"] == "proved"
    assert by_promise["charge"]["assumes"] == ["own_benefit is not above billed"]
    assert record["prover"].startswith("z3 ")
    assert record["assumed_throughout"]

    run = whopays("cob", "prove", "--method", "AS-IF-ALONE", "--format", "json")
    (method,) = json.loads(run.out)["methods"]
    (broken,) = (each for each in method["promises"] if each["example"])
    (account,) = broken["example"]["accounts"]
    assert (
        broken["declared"]
        == "without coordination, what the others pay is not looked at"
    )
    assert account["facts"] == {
        "billed": 10000,
        "prior_paid": 10000,
        "own_benefit": 1000,
    }
    assert account["outcome_cents"] == {"pay": 1000}


def test_records_follow_the_schema_that_is_published(whopays: Command) -> None:
    schema = json.loads(whopays("schema", "proofs").out)
    corpus = Path(__file__).parents[2] / "grammar" / "corpus" / "proved"
    for path in (SHIPPED, *sorted(corpus.glob("*.rules"))):
        record = json.loads(whopays("cob", "prove", path, "--format", "json").out)

        Draft202012Validator(schema).validate(record)


def test_without_the_extra_it_is_said_how_to_get_it(
    whopays: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    run = whopays("cob", "prove")

    assert run.code == 2
    assert "pip install 'whopays[prove]'" in run.err


def test_a_misspelt_method_has_a_hint(whopays: Command) -> None:
    run = whopays("cob", "prove", "--method", "SUPPLEMNT")

    assert run.code == 2
    assert "there is no method SUPPLEMNT; did you mean SUPPLEMENT?" in run.err


def test_rules_without_a_method_are_no_table_of_nothing(
    tmp_path: Path, whopays: Command
) -> None:
    run = whopays("cob", "prove", str(small_rules.written_rules(tmp_path, FACTS)))

    assert run.code == 2
    assert "these rules have no method" in run.err


def test_a_long_chain_of_lets_is_proved_and_tried_as_a_short_one(
    tmp_path: Path,
) -> None:
    lets = "".join(
        f"  let a{at} = lesser of (a{at - 1} - prior_paid, own_allowed)\n"
        for at in range(1, 60)
    )
    found = findings(
        tmp_path,
        f"""method X "X"
  for secondary
  per line
  let a0 = own_allowed
{lets}  pay a59
end
""",
    )

    assert found["own_allowed"].status == "proved"
    assert found["floor"].status == "counterexample"


def test_what_takes_too_long_is_said_and_not_passed_over(tmp_path: Path) -> None:
    lets = "".join(
        f"  let a{at} = greater of (a{at - 1} + a{at - 1}, billed - a{at - 1}, "
        f"lesser of (a{at - 1}, prior_paid))\n"
        for at in range(1, 150)
    )
    path = small_rules.written_rules(
        tmp_path,
        f"""{FACTS}method X "X"
  for secondary
  per line
  let a0 = own_percent * own_allowed
{lets}  pay a149
end
""",
    )
    found = {e.promise: e for e in prove_methods(path, seconds=1).findings}

    assert found["charge"].status == "not provable"
    assert found["charge"].why == "no answer within 1 second"
