"""A claim in every source's words as a JSON record; money is integer cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from whopays.amounts.units import MONEY, Units
from whopays.explain.filled import filled, shown
from whopays.explain.terms.words import reason_text, units_of
from whopays.model.facts import Fact
from whopays.terms.answers import Answer, Read
from whopays.terms.checks import Check
from whopays.terms.definitions import Word
from whopays.terms.rows import CHARGE, COMPONENTS, ComponentClaim, Row


def terms_record(
    claim: ComponentClaim,
    words: Sequence[tuple[Word, tuple[Answer, ...]]],
    facts: Mapping[str, Fact],
) -> dict[str, Any]:
    """Return `claim` in `words` as plain data; an amount that is none is null, never 0."""
    return {
        **claim_record(claim),
        "rows": [_row(row) for row in claim.rows],
        "terms": [
            {
                "name": word.name,
                "source": word.source,
                "answers": [_answer(each, word, claim, facts) for each in answers],
            }
            for word, answers in words
        ],
    }


def claim_record(claim: ComponentClaim) -> dict[str, Any]:
    """Return which claim it is, and whose view."""
    return {
        "claim_id": claim.id,
        "payer": claim.payer or None,
        "from": claim.source,
        "record": claim.record,
    }


def check_record(check: Check, claim: ComponentClaim) -> dict[str, Any]:
    """Return an identity that does not hold as plain data."""
    return {
        **claim_record(claim),
        "identity": check.identity,
        "place": check.place,
        "severity": "error" if check.is_hard else "warning",
        "difference_cents": check.difference,
        "text": check.text,
    }


def _row(row: Row) -> dict[str, Any]:
    joint = row.joint
    return {
        "line": row.number or None,
        "level": row.level,
        "record": row.record,
        "adjudicated": row.is_adjudicated,
        "reversed": row.is_reversed,
        "charge_cents": row.cents(CHARGE),
        "components_cents": {name: row.cents(name) for name in COMPONENTS},
        "joint": None
        if joint is None
        else {"components": list(joint.names), "cents": joint.cents},
        "in_no_component_cents": sum(each.cents for each in row.unassigned),
    }


def _answer(
    answer: Answer, word: Word, claim: ComponentClaim, facts: Mapping[str, Fact]
) -> dict[str, Any]:
    term = answer.term
    row = None if answer.at is None else claim.rows[answer.at]
    units = None if term is None else units_of(term, facts)
    return {
        "line": row.number or None if row is not None else None,
        "level": "claim" if row is None else row.level,
        "status": answer.status,
        "called": term.called or None if term is not None else None,
        "cites": list(term.cites) if term is not None else [],
        "in_force": [str(each) for each in term.in_force] if term is not None else [],
        **_amounts(answer.read, units),
        "needs": sorted(answer.needs),
        "why": reason_text(answer, word, facts) if answer.read is None else answer.why,
        "readings": [
            {"name": read.name, "level": read.level, **_amounts(read, units)}
            for read in answer.readings
        ],
    }


def _amounts(read: Read | None, units: Units | None) -> dict[str, Any]:
    if read is None or units is None:
        return {"cents": None, "percent": None, "formula": None, "filled": None}
    calculated = read.calculated
    is_money = units.of(calculated.result.value) == MONEY
    exact = calculated.exact
    percent = None if is_money or exact is None else str(Fraction(exact) * 100)
    return {
        "cents": read.cents if is_money else None,
        "percent": percent,
        "formula": calculated.worked.text,
        "filled": filled(calculated.worked, units),
        "value": shown(exact, "money" if is_money else "percent"),
        "missing": sorted(calculated.missing),
        "signs_turned": read.is_turned,
    }
