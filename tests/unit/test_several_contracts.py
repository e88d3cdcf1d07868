"""Several contracts in one folder: which one answers, and what is asked where it is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from small_rules import FACTS, HEAD, book_of, rules
from whopays.api import LineDecision
from whopays.explain.schema import DECISION

PAYERS = FACTS.replace("  fact product", "  fact payer is text\n  fact product")
OTHER = HEAD.replace("contract K", "contract L")
ROUTE = """\
route R-1 "All"
  then forward within 10 days of service_date
end
"""
GRID = """\
responsibility B "Exhibit B"
  | category | PLAN |
  | Visits   |  x   |
  otherwise unlisted
end
"""


def _decided(folder: Path, text: str, **facts: Any) -> LineDecision:
    given = {"product": "HMO", "service_date": "2025-03-04", "procedure_code": "99213"}
    chosen = {**given, "revenue_code": None, "area": "inside", **facts}
    line = {name: value for name, value in chosen.items() if value != "?"}
    (found,) = book_of(folder, text).decide(
        {"claim_id": "X", "lines": [{"line": 1, **line}]}
    )
    return found


def _by_product(folder: Path, **facts: Any) -> LineDecision:
    head = OTHER.replace("products HMO", "products MA")
    return _decided(folder, rules(head, GRID), **facts)


def _by_payer(folder: Path, **facts: Any) -> LineDecision:
    one = HEAD.replace("  products", '  for payer "One"\n  products')
    other = OTHER.replace("  products", '  for payer "Other"\n  products')
    return _decided(folder, rules(other, GRID, facts=PAYERS, head=one), **facts)


def _by_days(folder: Path, **facts: Any) -> LineDecision:
    head = HEAD.replace("2025-01-01 onward", "2025-01-01 to 2025-12-31")
    other = OTHER.replace("2025-01-01 onward", "2026-01-01 onward")
    return _decided(folder, rules(other, GRID, head=head), **facts)


def test_each_line_is_decided_by_its_own_contract(tmp_path: Path) -> None:
    assert _by_product(tmp_path, product="HMO").decision.contract == "K"
    assert _by_product(tmp_path, product="MA").decision.contract == "L"
    assert _by_payer(tmp_path, payer="One").decision.contract == "K"
    assert _by_payer(tmp_path, payer="Other").decision.contract == "L"
    assert _by_days(tmp_path).decision.contract == "K"
    assert _by_days(tmp_path, service_date="2026-03-04").decision.contract == "L"


def test_a_party_of_another_contract_is_not_believed(tmp_path: Path) -> None:
    facts = FACTS.replace(
        "  fact product", "  fact received_by is party\n  fact product"
    )
    head = OTHER.replace("products HMO", "products MA").replace("IPA", "STATE")
    text = rules(ROUTE, head, GRID, facts=facts)

    alone = _decided(tmp_path, text, received_by="PLAN")
    assert alone.record()["route"]["to"] == ["IPA"]
    assert "strangers" not in alone.record()
    found = _decided(tmp_path, text, received_by="STATE")
    record = found.record()
    assert record["contract"] == "K"
    assert record["misdirected_to"] == []
    assert record["route"]["state"] == "undetermined"
    assert record["strangers"] == ["received_by"]
    jsonschema.validate(record, DECISION)
    assert "received_by names no party of this contract; it counts as unknown" in (
        found.explain()
    )


@pytest.mark.parametrize(
    ("by", "needed"),
    [(_by_product, "product"), (_by_payer, "payer"), (_by_days, "service_date")],
)
def test_what_tells_the_contracts_apart_is_all_that_is_asked(
    tmp_path: Path, by: Any, needed: str
) -> None:
    decided = by(tmp_path, **{needed: "?"})
    assert (decided.status, decided.needs) == ("undetermined", (needed,))
    assert decided.explain() == f"Undetermined: needs {needed}."
    assert "Contract :" not in decided.explain("tree")


def test_two_contracts_that_nothing_tells_apart_are_decided_by_hand(
    tmp_path: Path,
) -> None:
    decided = _decided(tmp_path, rules(OTHER, GRID))
    assert decided.status == "by_hand"
    assert decided.explain() == "By hand: several contracts answer: K, L."


def test_a_line_of_no_contract_is_nobodys(tmp_path: Path) -> None:
    assert _by_payer(tmp_path, payer="A third").status == "no_contract"
