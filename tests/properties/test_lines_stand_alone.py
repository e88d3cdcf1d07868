"""A decision is a function of its line: nothing decided before it changes it."""

from __future__ import annotations

import random
from pathlib import Path

import whopays


def test_the_order_and_company_of_lines_never_change_a_record(root: Path) -> None:
    folder = root / "rulesets" / "contracts" / "riverbend-commercial"
    book = whopays.load(folder)
    lines = [
        line
        for path in sorted((folder / "claims").glob("*.json"))
        for claim in book.read(path)
        if isinstance(claim, whopays.Claim)
        for line in claim.lines
    ]
    first = {
        (line.claim_id, line.number): book.decide_line(line).record() for line in lines
    }

    assert len(first) > 20
    for seed in range(4):
        other = whopays.load(folder)
        chance = random.Random(seed)  # noqa: S311 - an order, not a secret
        some = chance.sample(lines, k=len(lines) // (seed + 1))
        for line in some:
            record = other.decide_line(line).record()
            assert record == first[line.claim_id, line.number]
