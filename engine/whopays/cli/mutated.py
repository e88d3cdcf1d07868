"""Which slips in a text its tests notice, as a table and a list for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from whopays.analyse.mutants.mutation import (
    EQUIVALENT,
    MISSED,
    NOTICED,
    REFUSED,
    Mutation,
    percent_text,
)
from whopays.cli.covered import table
from whopays.cli.problems import count

_HEAD = ("", "noticed", "missed", "no difference", "refused")
_STATES = (NOTICED, MISSED, EQUIVALENT, REFUSED)


def told(mutation: Mutation) -> Iterator[str]:
    """Yield the lines that say what the tests of one contract notice."""
    yield ""
    drawn = len(mutation.judged)
    of = f" of {mutation.made:,}" if drawn < mutation.made else ""
    yield (
        f"{mutation.contract}: {drawn:,}{of} slips, one at a time, "
        f"and {count(mutation.passed, 'passing test')}"
    )
    rows: list[tuple[str, ...]] = [_HEAD]
    for kind, counts in mutation.counts().items():
        rows.append((kind, *(str(counts[state]) for state in _STATES)))
    yield from table(rows)
    yield ""
    score = mutation.score
    noticed, missed = len(mutation.of(NOTICED)), len(mutation.of(MISSED))
    if score is None:
        yield "no slip makes a difference to any claim"
        return
    yield (
        f"{noticed:,} of {noticed + missed:,} slips that make a difference are noticed: "
        f"{percent_text(score)}"
    )
    yield from _missed(mutation)


def _missed(mutation: Mutation) -> Iterator[str]:
    """Yield the slips that no test notices, by the clause in which they are made."""
    missed = mutation.of(MISSED)
    if not missed:
        return
    yield ""
    yield "missed: no test notices"
    above = ("", 0, "")
    for each in missed:
        span, clause = each.mutant.span, each.mutant.clause
        place = (span.source.name, span.line, clause)
        if place != above:
            yield f"  {place[0]}:{place[1]}  {clause}"
            above = place
        yield f"      {each.mutant.text}"
        yield f"          decided otherwise: {each.example}"
