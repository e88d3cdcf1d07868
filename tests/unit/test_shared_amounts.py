"""Shared amounts: computed from components, given, or given and computed alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_rules import FACTS, rules, written_rules
from whopays.api import LineDecision, load

SHARED = FACTS.replace("  fact allowed is money per line\n", "").replace(
    "end\n",
    "  fact paid is money per line\n"
    "  fact copay is money per line or none else $0.00\n"
    "  fact withhold is money per line or none else $0.00\n"
    "  amount allowed per line = paid + share\n"
    "  amount share per line = copay + withhold\n"
    "end\n",
    1,
)
LINE = {"line": 1, "procedure_code": "99205"}


def _decided(folder: Path, engine: str, *more: str, **amounts: object) -> LineDecision:
    path = written_rules(folder, rules(*more, facts=SHARED))
    claim = {
        "claim_id": "1",
        "product": "HMO",
        "claim_type": "professional",
        "service_date": "2025-06-01",
        "admission_date": None,
        "revenue_code": None,
        "network": "inside",
        "area": "outside",
        "age": 40,
        "lines": [{**LINE, **amounts}],
    }
    (decision,) = load(path, engine=engine).decide(claim)
    return decision


@pytest.mark.parametrize("engine", ["durable", "reference"])
@pytest.mark.parametrize(
    ("amounts", "cents"),
    [
        ({"paid": "80.00", "copay": "20.00", "withhold": None}, 10000),
        ({"paid": "80.00", "copay": None, "withhold": None}, 8000),
        ({"paid": "80.00", "copay": "20.00"}, None),
        ({"allowed": "99.00", "paid": "80.00", "copay": "20.00"}, 9900),
        ({"allowed": "99.99", "paid": "80.00", "share": "19.99"}, 9999),
    ],
    ids=["added up", "absent is zero", "one unknown", "given alone", "part given"],
)
def test_a_shared_amount_is_computed_where_all_its_components_are_there(
    tmp_path: Path, engine: str, amounts: dict[str, object], cents: int | None
) -> None:
    decision = _decided(tmp_path, engine, **amounts)

    assert decision.decision.amount == cents


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_a_shared_amount_that_its_components_contradict_is_not_believed(
    tmp_path: Path, engine: str
) -> None:
    over = 'exception E-1 to A "Visits"\n  when allowed > $95.00\n  then IPA\nend'
    amounts = {"paid": "80.00", "copay": "20.00", "withhold": None}

    alike = _decided(tmp_path, engine, over, **amounts, allowed="100.00")
    apart = _decided(tmp_path, engine, over, **amounts, allowed="90.00")
    plain = _decided(tmp_path, engine, **amounts, allowed="90.00")

    assert alike.shares == {"IPA": "100%"}
    assert apart.needs == ("allowed",)
    assert plain.decision.amount is None
    assert plain.decision.amounts_note == (
        "allowed is given, and its parts add up to another amount"
    )
