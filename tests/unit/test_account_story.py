"""One account as it goes on: expected, posted, corrected, overpaid, taken back.

Each test is a chapter, told through `whopays cob reprice` as a user would run it: a file of
accounts goes in, and what came of each is read from the results.

The patient has three plans. ALPHA goes first (it has covered longest), then BETA, then
GAMMA; both of these pay what the others left of the charge of $100.00.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from command_line import Command
from small_rules import written_rules

Record = dict[str, Any]
#: Takes account documents; returns results and rejects.
Reprice = Callable[..., tuple[list[Record], list[Record]]]


@pytest.fixture
def reprice(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Reprice:
    (tmp_path / "rules").mkdir()
    rules = written_rules(tmp_path / "rules", f"{FACTS}\n{METHODS}\n{ORDER}")
    whopays = Command(capsys, monkeypatch)

    def run(*documents: Record) -> tuple[list[Record], list[Record]]:
        text = "\n".join(map(json.dumps, documents))
        file, out = written(tmp_path, "accounts.jsonl", text), tmp_path / "out"
        told = whopays("cob", "reprice", file, "--rules", rules, "-o", out)
        results, rejects = (
            [json.loads(line) for line in (out / name).read_text().splitlines()]
            for name in ("accounts.jsonl", "rejects.jsonl")
        )
        assert told.code == (3 if rejects else 0)
        assert len(results) + len(rejects) == len(documents)
        return results, rejects

    return run


def account(name: str = "A", alpha: Record | None = None, **more: Any) -> Record:
    """Return an account of one line; `alpha` is what the first plan says of the claim."""
    return {
        "account_id": name,
        "lines": [{"line": "1", "billed": "100.00"}],
        "coverages": [
            plan("GAMMA", 2003, method="REST"),
            plan("BETA", 2002, method="REST"),
            plan("ALPHA", 2001, amounts=alpha or {}),
        ],
        **more,
    }


def plan(name: str, since: int, **more: Any) -> Record:
    facts = {"kind": "group", "covers_as": "dependent", "since": f"{since}-01-01"}
    return {"plan": name, "facts": facts, **more}


def payments(result: Record) -> dict[str, tuple[str, int | None]]:
    return {
        each["plan"]: (each["basis"], each["payment_cents"])
        for each in result["payers"]
    }


def test_1_before_any_payment_what_is_expected_counts_and_is_marked_so(
    reprice: Reprice,
) -> None:
    (found,), _ = reprice(account(alpha={"benefit": "80.00"}))

    assert payments(found) == {
        "ALPHA": ("expected", 8000),
        "BETA": ("expected", 2000),
        "GAMMA": ("expected", 0),
    }
    assert found["is_expected"]
    assert "ALPHA is expected to pay $80.00 (not posted yet)" in found["sentence"]


def test_2_the_payment_posts_and_all_behind_it_are_worked_out_again(
    reprice: Reprice,
) -> None:
    (_, found), _ = reprice(
        account("A", {"benefit": "80.00"}),
        account("A-posted", {"benefit": "80.00", "paid": "65.00"}, adjusts="A"),
    )

    assert payments(found)["ALPHA"] == ("posted", 6500)
    assert payments(found)["BETA"] == ("expected", 3500)
    alpha = found["payers"][0]
    assert (alpha["expected_cents"], alpha["variance_cents"]) == (8000, -1500)
    assert found["change"]["payers"]["BETA"]["payment_cents"] == 1500


def test_3_a_posted_payment_of_nothing_is_a_payment(reprice: Reprice) -> None:
    (found,), _ = reprice(account(alpha={"benefit": "80.00", "paid": "0.00"}))

    assert payments(found)["ALPHA"] == ("posted", 0)
    assert payments(found)["BETA"] == ("expected", 10000)


def test_4_what_is_neither_posted_nor_expected_is_missing_and_no_zero(
    reprice: Reprice,
) -> None:
    (found,), _ = reprice(account())

    assert payments(found)["ALPHA"] == ("missing", None)
    assert payments(found)["BETA"] == ("missing", None)
    assert found["status"] == "undetermined"
    assert found["write_off_cents"] is None
    assert found["needs"] == ["prior_paid"]
    assert "ALPHA has posted nothing" in found["sentence"]


def test_5_a_plan_that_posted_on_some_lines_alone_has_not_paid_a_known_amount(
    reprice: Reprice,
) -> None:
    document = account(alpha={"benefit": "80.00"})
    document["lines"].append({"line": "2", "billed": "50.00"})
    document["coverages"][2]["lines"] = [{"line": "1", "paid": "70.00"}]
    covered = json.loads(json.dumps({**document, "account_id": "B"}))
    covered["coverages"][2]["lines"].append({"line": "2", "covered": "no"})

    (some, all_it_covers), _ = reprice(document, covered)

    assert payments(some)["ALPHA"] == ("missing", None)
    assert "ALPHA has posted on some lines and not on all" in some["sentence"]
    # A line that it does not cover needs no payment.
    assert payments(all_it_covers)["ALPHA"] == ("posted", 7000)
    assert payments(all_it_covers)["BETA"] == ("expected", 8000)


def test_6_a_capitated_plan_counts_with_the_value_of_its_service(
    reprice: Reprice,
) -> None:
    cash = account("A", {"paid": "0.00", "cash_value": "60.00"})
    cash["coverages"][2]["capitated"] = "yes"
    unknown = account("B", {"paid": "0.00"})
    unknown["coverages"][2]["capitated"] = "yes"

    (valued, open_), _ = reprice(cash, unknown)

    assert payments(valued)["BETA"] == ("expected", 4000)
    assert payments(open_)["ALPHA"] == ("missing", None)
    assert "the value of its service is not known" in open_["sentence"]


def test_7_a_plan_that_says_another_goes_first_makes_the_account_wrong(
    reprice: Reprice,
) -> None:
    document = account("A", {"paid": "0.00"})
    document["coverages"][2]["refused"] = "yes"

    (found,), _ = reprice(document)

    assert found["status"] == "error"
    assert found["payers"] == []
    assert "ALPHA refused because another plan goes first" in found["sentence"]


def test_8_overpaid_is_a_credit_balance_with_the_refund_that_is_due(
    reprice: Reprice,
) -> None:
    document = account("A", {"paid": "80.00"})
    document["coverages"][1]["amounts"] = {"paid": "44.00"}

    (found,), _ = reprice(document)

    assert found["write_off_cents"] == -2400
    assert found["refund_cents"] == 2400
    assert "a credit balance of $24.00 is due back" in found["sentence"]
    assert found["billed_cents"] == sum(
        found[name] for name in ("payments_cents", "patient_cents", "write_off_cents")
    )


def test_9_a_corrected_first_payment_changes_all_below_and_the_difference_is_told(
    reprice: Reprice,
) -> None:
    (first, found), _ = reprice(
        account("A", {"paid": "70.00"}), account("A-2", {"paid": "55.00"}, adjusts="A")
    )

    change = found["change"]
    assert {n: each["payment_cents"] for n, each in change["payers"].items()} == {
        "ALPHA": -1500,
        "BETA": 1500,
        "GAMMA": 0,
    }
    for name in ("billed_cents", "payments_cents", "patient_cents", "write_off_cents"):
        assert change[name] == found[name] - first[name]
    assert change["sentence"] == (
        "Against A: ALPHA pays $15.00 less; BETA pays $15.00 more; GAMMA pays the same; "
        "the patient owes the same."
    )


def test_10_a_reversal_turns_every_sign_and_gives_the_balance_back(
    reprice: Reprice,
) -> None:
    document = account("A", {"paid": "70.00"})
    document["coverages"][1].update(
        method="RESERVE", amounts={"benefit": "20"}, balances={"reserve_left": "20"}
    )

    (first, back), _ = reprice(document, {"account_id": "A-back", "reverses": "A"})

    beta = next(each for each in first["payers"] if each["plan"] == "BETA")
    assert beta["balances_cents"] == {"reserve_left": 1000}
    assert back["balances_given_back"] == {"BETA": {"reserve_left": 1000}}
    for name in ("billed_cents", "payments_cents", "patient_cents", "write_off_cents"):
        assert first[name] + back[name] == 0
    for each in first["payers"]:
        turned = back["payers"][each["plan"]]
        assert turned["payment_cents"] == -each["payment_cents"]
    assert back["sentence"].startswith("Takes A back, of $100.00 billed")


def test_11_what_was_taken_back_stands_no_more_and_the_sums_say_so(
    reprice: Reprice, tmp_path: Path
) -> None:
    results, rejects = reprice(
        account("A", {"paid": "70.00"}),
        account("B", {"paid": "60.00"}),
        account("B-2", {"paid": "50.00"}, adjusts="B"),
        {"account_id": "A-back", "reverses": "A"},
        {"account_id": "A-again", "reverses": "A"},
        account("B-3", {"paid": "40.00"}, adjusts="B"),
        account("B-4", {"paid": "30.00"}, adjusts="B-2"),
    )

    assert [each["claim_id"] for each in rejects] == ["A-again", "B-3"]
    assert [each["field"] for each in rejects] == ["reverses", "adjusts"]
    assert len(results) == 5
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    # Of all these, B-4 alone stands.
    assert manifest["counts"]["cents_of_balanced"]["billed"] == 10000
    assert manifest["counts"]["by_status"] == {"balanced": 4, "reversal": 1}


def test_12_a_line_that_the_last_plan_does_not_cover_is_not_written_off_in_silence(
    reprice: Reprice,
) -> None:
    document = account("A")
    document["coverages"] = document["coverages"][1:]
    document["lines"].append({"line": "2", "billed": "50.00"})
    document["coverages"][0]["lines"] = [{"line": "2", "covered": "no"}]
    lines = [{"line": "1", "paid": "70.00"}, {"line": "2", "paid": "30.00"}]
    document["coverages"][1]["lines"] = lines
    told = json.loads(json.dumps({**document, "account_id": "B"}))
    told["coverages"][1]["lines"][1]["patient_share"] = "12.00"

    (silent, said), _ = reprice(document, told)

    assert silent["status"] == "undetermined"
    assert silent["why"].startswith("BETA does not cover line 2")
    assert (said["patient_cents"], said["write_off_cents"]) == (1200, 800)
