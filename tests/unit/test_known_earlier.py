"""Programs of one contract share what they have made; what was known earlier may ask more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import small_rules as small
from whopays.decide.line import Decider
from whopays.engines.durable import Plain
from whopays.model.claim import Line
from whopays.program.compile import Program
from whopays.reference import decide


def test_a_text_that_a_later_signing_took_from_every_day_is_still_decided(
    tmp_path: Path,
) -> None:
    exception = "exception E to A\n  when {}\n  then PLAN\nend\n"
    amendment = (
        "amendment 1 to K version 1\n  signed 2025-06-01\n  in force 2025-01-01 onward\n"
        "end\n"
    )
    text = small.rules(
        exception.format("age > 64"), amendment, exception.format("network is outside")
    )
    contract = small.book_of(tmp_path, text).rules.contracts["K"]
    whole = Program(contract)
    early = Program(contract, date(2025, 5, 31), whole)
    facts = {"product": "HMO", "procedure_code": "99201", "area": "inside"}
    line = Line("C", "1", {**facts, "service_date": date(2025, 3, 1)})

    found = Decider(early, Plain()).decide(line.facts)

    assert found.outcome.needs == ("age",)
    assert found.outcome == decide(contract, line, known_on=date(2025, 5, 31))
