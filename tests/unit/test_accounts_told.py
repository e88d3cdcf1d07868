"""Accounts for people: explanations, methods side by side, repricing, corrections."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from command_line import Command
from page_structure import read_page
from small_rules import written_rules
from whopays.api.accounts import load_accounts
from x12_writer import above, claim, line
from x12_writer import written as x12

BOUNDED = """\
method PART "A part of what is left"
  cites "Plan §7"
  for secondary, tertiary
  per line
  when otaf is given
  let left    = billed - prior_paid
  let charge  = otaf if otaf < billed else billed
  pay lesser of (own_percent * left, own_allowed)
    not below $0.00
    not above charge
  patient owes left - own_paid
    not below $0.00
end
"""


@pytest.fixture
def whopays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command(capsys, monkeypatch)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return written_rules(folder, f"{FACTS}\n{METHODS}\n{BOUNDED}\n{ORDER}")


def _plan(name: str, since: int, **more: Any) -> dict[str, Any]:
    facts = {"kind": "group", "covers_as": "dependent", "since": f"{since}-01-01"}
    return {"plan": name, "facts": facts, **more}


def _account(name: str = "A-1", paid: str | None = "70.00", **more: Any) -> Any:
    amounts = {} if paid is None else {"paid": paid}
    return {
        "account_id": name,
        "lines": [{"billed": "100.00", "allowable_expense": "100.00"}],
        "coverages": [
            _plan("BETA", 2002, method="REST"),
            _plan("ALPHA", 2001, amounts=amounts),
        ],
        **more,
    }


def _file(folder: Path, *documents: Any) -> Path:
    lines = "\n".join(map(json.dumps, documents))
    return written(folder, "accounts.jsonl", lines)


def test_an_account_is_explained_with_its_order_numbers_and_balance(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    told = whopays("cob", "settle", _file(tmp_path, _account()), "--rules", rules)

    assert told.code == 0
    *lines, digest = told.out.splitlines()
    assert re.fullmatch(r"  Rules: 1 file, SHA-256 [0-9a-f]{64}", digest)
    assert lines == [
        "account A-1",
        (
            "  Of $100.00 billed, ALPHA paid $70.00; BETA is expected to pay $30.00 (not "
            "posted yet); the patient owes $0.00, and $0.00 is written off."
        ),
        "  Billed $100.00 = payments $100.00 + patient $0.00 + write-off $0.00",
        '  Order O 1 "Order"',
        '    ALPHA goes ahead of BETA, by SINCE "Longer first"',
        (
            "      ALPHA.since < BETA.since (ALPHA.since is 2001-01-01, BETA.since is "
            "2002-01-01)"
        ),
        "  1. ALPHA, primary: paid $70.00",
        "  2. BETA, secondary: is expected to pay $30.00 (not posted yet)",
        '     method REST "What the others left of the charge", per claim',
        "     pay sum of billed - sum of prior_paid = $100.00 - $70.00 = $30.00",
        (
            "     patient owes sum of billed - sum of prior_paid - own_paid = $100.00 - "
            "$70.00 - $30.00 = $0.00"
        ),
    ]


def test_the_term_that_won_each_bound_that_acted_and_the_rounding_are_told(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account(paid="33.33")
    document["coverages"][0] = _plan(
        "BETA",
        2002,
        method="PART",
        amounts={"percent": "50", "allowed": "90.00", "otaf": "30.00"},
    )
    document["coverages"][1]["amounts"]["otaf"] = "30.00"
    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out

    assert 'method PART "A part of what is left" (Plan §7), per line' in out
    assert "when otaf is given: holds" in out
    assert (
        "pay lesser of (own_percent * left, own_allowed) = lesser of (50% * $66.67, "
        "$90.00) = $33.335: own_percent * left is the least, $33.335"
    ) in out
    assert "not above charge: acts, it is $30.00" in out

    document["coverages"][0]["amounts"]["otaf"] = "90.00"
    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out
    assert "acts" not in out
    assert "rounded from $33.335 to $33.34" in out


def test_a_gate_that_does_not_hold_is_told_and_pays_nothing(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0]["method"] = "PART"
    document["coverages"][1]["amounts"]["otaf"] = None

    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out

    assert "when otaf is given: does not hold, so the plan pays $0.00" in out
    assert "the patient owes $30.00" in out


def test_a_credit_balance_and_a_variance_are_told(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account(paid="80.00")
    document["coverages"][0]["amounts"] = {"paid": "44.00"}
    file = _file(tmp_path, document)

    out = whopays("cob", "settle", file, "--rules", rules).out
    record = json.loads(
        whopays("cob", "settle", file, "--rules", rules, "--format", "json").out
    )

    assert "BETA paid $44.00, $24.00 more than expected" in out
    assert "a credit balance of $24.00 is due back" in out
    assert record["refund_cents"] == 2400
    beta = record["payers"][1]
    assert (beta["basis"], beta["expected_cents"], beta["variance_cents"]) == (
        *("posted", 2000),
        2400,
    )
    assert record["order"]["pairs"][0]["rules"][0]["id"] == "SINCE"
    pay = beta["steps"][0]["pay"]
    assert pay["filled"] == "$100.00 - $80.00"
    assert [bound["acted"] for bound in pay["bounds"]] == [False, False]


def test_what_is_missing_is_named(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account(paid=None))

    out = whopays("cob", "settle", file, "--rules", rules).out

    assert "Undetermined: needs prior_paid." in out
    assert "pay sum of billed - sum of prior_paid = $100.00 - ? = ?" in out
    assert "not known, for want of prior_paid" in out


def test_every_method_that_fits_is_shown_side_by_side(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account())

    told = whopays("cob", "calculate", file, "--rules", rules)
    record = json.loads(
        whopays("cob", "calculate", file, "--rules", rules, "--format", "json").out
    )

    assert "account A-1: ALPHA → BETA" in told.out
    (plan,) = record["plans"]
    paid = {each["method"]: each["expected_cents"] for each in plan["methods"]}
    # EQUAL is for plans that share equally, and is not among them.
    assert paid == {
        "REST": 3000,
        "NONDUP": None,
        "RESERVE": None,
        "HAND": None,
        "PART": None,
    }
    assert "needs own_benefit" in told.out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--plan", "BETTA"], "the account has no plan BETTA; did you mean BETA?"),
        (["--order", "P"], "there is no order P; there are O 1"),
        (["--account", "A-7"], "accounts.jsonl has no account A-7"),
    ],
)
def test_what_is_mistyped_is_told(
    whopays: Command, rules: Path, tmp_path: Path, words: list[str], problem: str
) -> None:
    file = _file(tmp_path, _account())

    told = whopays("cob", "calculate", file, "--rules", rules, *words)

    assert told.code == 2
    assert problem in told.err


def test_the_plan_that_goes_first_has_no_method(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account())

    told = whopays("cob", "calculate", file, "--rules", rules, "--plan", "ALPHA")

    assert "ALPHA goes first: no method is for it." in told.out


def test_plans_stand_as_they_are_given_where_that_is_asked(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account())

    told = whopays("cob", "settle", file, "--rules", rules, "--order", "as-given")

    assert "1. BETA, primary" in told.out
    assert "Order: as the account gives the plans" in told.out


def test_repricing_writes_each_account_once_and_the_same_bytes_again(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    broken = _account("A-3")
    broken["lines"][0]["billed"] = "1.234"
    file = _file(tmp_path, _account(), _account("A-2", None), broken)

    told = whopays("cob", "reprice", file, "--rules", rules, "-o", tmp_path / "one")
    whopays("cob", "reprice", file, "--rules", rules, "-o", tmp_path / "two")

    assert told.code == 3
    results = _records(tmp_path / "one" / "accounts.jsonl")
    assert [(each["account_id"], each["status"]) for each in results] == [
        ("A-1", "balanced"),
        ("A-2", "undetermined"),
    ]
    (reject,) = _records(tmp_path / "one" / "rejects.jsonl")
    assert (reject["claim_id"], reject["field"]) == ("A-3", "lines[0].billed")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["counts"]["accounts"] == 3
    assert all(len(each["sha256"]) == 64 for each in manifest["rules"])
    for name in ("accounts.jsonl", "rejects.jsonl", "manifest.json"):
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_folder_that_holds_something_else_is_left_alone(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account())

    told = whopays("cob", "reprice", file, "--rules", rules, "-o", tmp_path)

    assert told.code == 2
    assert "is not the output of an earlier run" in told.err


def test_a_corrected_primary_payment_changes_all_behind_it_and_says_by_how_much(
    rules: Path, tmp_path: Path
) -> None:
    correction = _account("A-1b", "60.00", adjusts="A-1")
    correction["coverages"].append(_plan("GAMMA", 2003, method="REST"))
    before = _account()
    before["coverages"].append(_plan("GAMMA", 2003, method="REST"))
    book = load_accounts(rules, engine="reference")

    counts, _ = book.reprice_files(
        [_file(tmp_path, before, correction)], tmp_path / "o"
    )

    (_, found) = _records(tmp_path / "o" / "accounts.jsonl")
    assert counts["rejects"] == 0
    assert found["adjusts"] == "A-1"
    change = found["change"]
    assert change["payers"]["ALPHA"]["payment_cents"] == -1000
    assert change["payers"]["BETA"]["payment_cents"] == 1000
    assert change["payers"]["GAMMA"]["payment_cents"] == 0
    assert change["payments_cents"] == 0


def test_a_reversal_turns_all_signs_and_gives_balances_back(
    rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0] = _plan(
        "BETA",
        2002,
        method="RESERVE",
        amounts={"benefit": "20.00"},
        balances={"reserve_left": "20.00"},
    )
    book = load_accounts(rules, engine="reference")
    back = {"account_id": "R-1", "reverses": "A-1"}

    book.reprice_files([_file(tmp_path, document, back)], tmp_path / "o")

    first, second = _records(tmp_path / "o" / "accounts.jsonl")
    beta = first["payers"][1]
    assert beta["balances_cents"] == {"reserve_left": 1000}
    assert second["balances_given_back"] == {"BETA": {"reserve_left": 1000}}
    for name in ("billed_cents", "payments_cents", "patient_cents", "write_off_cents"):
        assert first[name] + second[name] == 0
    assert second["payers"]["BETA"]["payment_cents"] == -beta["payment_cents"]


@pytest.mark.parametrize("word", ["adjusts", "reverses"])
def test_what_was_taken_back_already_can_not_be_taken_back_again(
    rules: Path, tmp_path: Path, word: str
) -> None:
    again = (
        {"account_id": "R-2", "reverses": "A-1"}
        if word == "reverses"
        else _account("R-2", adjusts="A-1")
    )
    back = {"account_id": "R-1", "reverses": "A-1"}
    book = load_accounts(rules, engine="reference")

    book.reprice_files([_file(tmp_path, _account(), back, again)], tmp_path / "o")

    (reject,) = _records(tmp_path / "o" / "rejects.jsonl")
    assert (reject["claim_id"], reject["field"]) == ("R-2", word)


def test_facts_that_would_settle_the_order_are_named_by_their_plan(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    del document["coverages"][0]["facts"]["since"]

    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out

    assert "ALPHA and BETA are undetermined, needs BETA.since" in out
    assert "Needed: BETA.since" in out


def test_a_method_that_is_misspelt_is_told_with_what_was_meant(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0]["method"] = "RSET"

    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out

    assert "there is no method RSET (did you mean REST?)" in out


def test_the_page_of_an_account_shows_its_steps_and_escapes_what_it_is_given(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0]["plan"] = "<b>BETA"
    page = tmp_path / "account.html"
    words = ("--rules", rules, "--format", "html", "-o", page)

    told = whopays("cob", "settle", _file(tmp_path, document), *words)

    assert told.code == 0
    text = page.read_text(encoding="utf-8")
    assert read_page(text).problems == []
    assert "&lt;b&gt;BETA" in text
    assert "<b>BETA" not in text
    assert "sum of billed - sum of prior_paid = $100.00 - $70.00 = $30.00" in text
    assert "Billed $100.00 = payments $100.00 + patient $0.00" in text


def test_the_sentences_of_an_account_have_all_that_the_tree_has(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    file = _file(tmp_path, _account())
    words = ("cob", "settle", file, "--rules", rules, "--format")

    sentences = whopays(*words, "sentence").out.splitlines()
    tree = whopays(*words, "tree").out

    assert sentences[:3] == [
        (
            "Of $100.00 billed, ALPHA paid $70.00; BETA is expected to pay $30.00 (not "
            "posted yet); the patient owes $0.00, and $0.00 is written off."
        ),
        (
            'ALPHA goes ahead of BETA, by SINCE "Longer first": ALPHA.since < BETA.since '
            "(ALPHA.since is 2001-01-01, BETA.since is 2002-01-01)."
        ),
        (
            'BETA: method REST "What the others left of the charge", per claim; pay sum of '
            "billed - sum of prior_paid = $100.00 - $70.00 = $30.00; patient owes sum of "
            "billed - sum of prior_paid - own_paid = $100.00 - $70.00 - $30.00 = $0.00."
        ),
    ]
    assert sentences[-1].rstrip(".") == tree.splitlines()[-1].strip()


def test_the_page_of_a_comparison_shows_every_method_and_escapes_what_it_is_given(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0]["plan"] = "<b>BETA"
    page = tmp_path / "methods.html"
    words = ("--rules", rules, "--format", "html", "-o", page)

    told = whopays("cob", "calculate", _file(tmp_path, document), *words)

    assert told.code == 0
    text = page.read_text(encoding="utf-8")
    assert read_page(text).problems == []
    assert "&lt;b&gt;BETA" in text
    assert "<b>BETA" not in text
    assert "REST</a> (its own)" in text
    assert "sum of billed - sum of prior_paid = $100.00 - $70.00 = $30.00" in text
    assert "needs own_benefit" in text
    assert "by SINCE" in text


def test_a_page_of_an_order_that_is_open_says_what_would_settle_it(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    del document["coverages"][0]["facts"]["since"]
    words = ("--rules", rules, "--format", "html")

    text = whopays("cob", "calculate", _file(tmp_path, document), *words).out

    assert read_page(text).problems == []
    assert "No plan can be calculated" in text
    assert "<code>BETA.since</code>" in text


def test_a_method_for_plans_that_name_none_lets_those_behind_them_be_calculated(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    del document["coverages"][0]["method"]
    document["coverages"].append(_plan("GAMMA", 2003))
    words = ("cob", "calculate", _file(tmp_path, document), "--rules", rules)
    asked = (*words, "--plan", "GAMMA", "--format", "json")

    without = json.loads(whopays(*asked).out)
    record = json.loads(whopays(*asked, "--method", "REST").out)

    def rest(found: Any) -> Any:
        (plan,) = found["plans"]
        return next(each for each in plan["methods"] if each["method"] == "REST")

    assert rest(without)["needs"] == ["prior_paid"]
    assert rest(record)["expected_cents"] == 0


def test_an_id_that_several_accounts_of_a_file_have_is_told(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    claims = [
        segment
        for charge in ("100", "50")
        for segment in claim("C-1", charge, line(1, "99213", charge))
    ]
    path = written(tmp_path, "claims.837", x12([*above(), *claims]))
    words = ("cob", "settle", path, "--rules", rules, "--order", "as-given")

    assert "name one with --account" in whopays(*words).err
    told = whopays(*words, "--account", "C-1")
    assert told.code == 2
    assert "claims.837 has 2 accounts C-1: `cob reprice` settles each" in told.err


def test_an_order_by_rules_is_not_said_to_be_as_given_where_one_plan_is_left(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    document = _account()
    document["coverages"][0]["lines"] = [{"line": "1", "covered": "no"}]

    out = whopays("cob", "settle", _file(tmp_path, document), "--rules", rules).out

    assert "BETA covers no line of the account and has no part in it" in out
    assert "as the account gives the plans" not in out
