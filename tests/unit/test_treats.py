"""A treat moves what has nothing nearer: rows and treats of its own keep a category."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_rules import rules, written_rules
from whopays.api import load

KIN = 'category "Kin"\n  under "Visits"\n  codes CPT 99221-99223\nend\n'
SMALL = 'category "Small kin"\n  under "Kin"\n  codes CPT 99223\nend\n'
UP = 'treat T-1 "Visits" as "Rooms"\nend'
KIN_ROW = "  | Kin | | x | |\n"
ELSEWHERE = 'responsibility B "B"\n  | category | IPA |\n  | Kin | x |\nend'


@pytest.mark.parametrize("engine", ["durable", "reference"])
@pytest.mark.parametrize(
    ("clauses", "row", "landed", "moved"),
    [
        ([UP], "", "Rooms", ("T-1",)),
        ([UP], KIN_ROW, "Small kin", ()),
        ([UP, ELSEWHERE], "", "Small kin", ()),
        ([UP, 'treat T-2 "Kin" as "Rooms"\nend'], KIN_ROW, "Rooms", ("T-2",)),
        ([UP, 'treat T-2 "Kin" as "Rooms"\n  when age > 70\nend'], "", "Small kin", ()),
    ],
    ids=["nothing nearer", "a row", "a row of another grid", "a treat", "one not held"],
)
def test_a_treat_moves_categories_below_that_have_nothing_nearer(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    engine: str,
    clauses: list[str],
    row: str,
    landed: str,
    moved: tuple[str, ...],
) -> None:
    text = rules(*clauses).replace('category "Rooms"', f'{KIN}{SMALL}category "Rooms"')
    text = text.replace("  otherwise unlisted", f"{row}  otherwise unlisted")
    path = written_rules(tmp_path, text)
    claim = {
        "claim_id": "1",
        "product": "HMO",
        "claim_type": "professional",
        "service_date": "2026-03-01",
        "area": "inside",
        "network": "inside",
        "age": 40,
        "billed": "10.00",
        "allowed": "10.00",
        "lines": [{"line": 1, "procedure_code": "99223"}],
    }

    (decision,) = load(path, engine=engine).decide(claim)

    outcome = decision.decision.outcome
    assert outcome.category == landed
    assert outcome.moved == moved
