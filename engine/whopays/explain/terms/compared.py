"""Two sources compared, in words and as data: what differs, by how much, because of what."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from whopays.explain.filled import shown
from whopays.explain.terms.record import claim_record
from whopays.explain.terms.words import place_text
from whopays.model.money import dollars
from whopays.model.worked import Number
from whopays.terms.compared import (
    DIFFERENT,
    NEITHER,
    ONE_SIDED,
    SAME,
    UNLIKE,
    Compared,
    Side,
    Sum,
)
from whopays.terms.rows import ComponentClaim

_OUTCOMES = (SAME, DIFFERENT, ONE_SIDED, UNLIKE, NEITHER)
_TITLES = ("same", "differ", "one has none", "not comparable", "neither")


def compared_text(found: Compared, claim: ComponentClaim) -> str:
    """Return a difference as one sentence: `claim C-8, line 1, paid_amount: …`."""
    one, other = map(_side_text, found.sides)
    text = f"{claim.label}, {place_text(claim, found.at)}, {found.word}: {one} against {other}"
    if found.difference is None:
        return text
    more = "more" if found.difference > 0 else "less"
    return (
        f"{text}, {dollars(abs(found.difference))} {more}: {causes_text(found.causes)}"
    )


def causes_text(causes: Mapping[str, Number]) -> str:
    """Return what makes a difference as a sum: `withhold $5.00 - prepaid $85.00`."""
    text = ""
    for name, cents in causes.items():
        sign = ("-" if cents < 0 else "") if not text else " - " if cents < 0 else " + "
        text += f"{sign}{name} {_money(max(cents, -cents))}"
    return text


def _money(cents: Number) -> str:
    return dollars(int(cents)) if cents == int(cents) else shown(cents, "money")


def _side_text(side: Side) -> str:
    if side.cents is not None:
        return dollars(side.cents) + (" over all lines" if side.is_sum else "")
    if side.answers and side.answers[0].read is not None and not side.answers[0].needs:
        return shown(side.answers[0].read.calculated.exact, "percent")
    needs = side.answers[0].needs if side.answers else frozenset()
    return f"{side.status} (needs {', '.join(sorted(needs))})" if needs else side.status


def sums_text(sums: Mapping[str, Sum], sources: tuple[str, str]) -> str:
    """Return the counts and sums of each word; amounts are of places where both have one."""
    wide = max(map(len, sums), default=0)
    head = "  ".join(title.rjust(len(title)) for title in _TITLES)
    lines = [f"  {'':<{wide}}  {head}"]
    for word, each in sums.items():
        counts = (
            f"{each.outcomes[outcome]:,}".rjust(len(title))
            for outcome, title in zip(_OUTCOMES, _TITLES, strict=True)
        )
        lines.append(f"  {word:<{wide}}  {'  '.join(counts)}")
    for word, each in sums.items():
        both = each.outcomes[SAME] + each.outcomes[DIFFERENT]
        if not both:
            continue
        one, other = (
            f"{source} {dollars(cents)}"
            for source, cents in zip(sources, each.cents, strict=True)
        )
        # What only one source has an amount for is in neither sum.
        where = (
            "in all"
            if both == sum(each.outcomes.values())
            else f"where both have an amount ({_places(both)})"
        )
        lines.append(f"{word} {where}: {one}, {other}{_apart(each)}")
    return "\n".join(lines)


def _apart(each: Sum) -> str:
    if not each.causes:
        return ", the same"
    text = f", differ by {dollars(abs(each.difference))}"
    for name, cents in each.causes.items():
        text += f"\n    {name} {_signed(cents)} in {_places(each.places[name])}"
    return text


def _places(count: int) -> str:
    return f"{count:,} {'place' if count == 1 else 'places'}"


def _signed(cents: Number) -> str:
    return f"{'-' if cents < 0 else '+'}{_money(max(cents, -cents))}"


def compared_record(found: Compared, claim: ComponentClaim) -> dict[str, Any]:
    """Return a difference as plain data; money is integer cents."""
    row = None if found.at is None else claim.rows[found.at]
    return {
        **claim_record(claim),
        "line": None if row is None else row.number or None,
        "level": "claim" if row is None else row.level,
        "word": found.word,
        "outcome": found.outcome,
        "sides": [_side_record(side) for side in found.sides],
        "difference_cents": found.difference,
        "causes_cents": {name: _plain(cents) for name, cents in found.causes.items()},
    }


def _side_record(side: Side) -> dict[str, Any]:
    needs = sorted(name for each in side.answers for name in each.needs)
    return {
        "status": side.status,
        "cents": side.cents,
        "needs": needs,
        "over_all_lines": side.is_sum,
    }


def sums_record(sums: Mapping[str, Sum], sources: tuple[str, str]) -> dict[str, Any]:
    """Return the counts and sums of each word as plain data."""
    return {
        "sources": list(sources),
        "words": {
            word: {
                "counts": {name: each.outcomes[name] for name in _OUTCOMES},
                "cents": each.cents,
                "difference_cents": each.difference,
                "causes_cents": {n: _plain(c) for n, c in each.causes.items()},
                "places": dict(each.places),
            }
            for word, each in sums.items()
        },
    }


def _plain(cents: Number) -> int | str:
    return int(cents) if cents == int(cents) else str(Fraction(cents))
