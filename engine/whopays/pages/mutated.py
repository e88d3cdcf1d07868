"""What the page of the tests says of slips: which are noticed, and which are missed."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.analyse.mutants.mutation import (
    EQUIVALENT,
    MISSED,
    NOTICED,
    REFUSED,
    Judged,
    Mutation,
    percent_text,
)
from whopays.pages.groups import Entry, Groups, grouped


@dataclass(frozen=True)
class Slips:
    """How many slips of one kind there are, by what the tests make of them."""

    name: str
    noticed: int
    missed: int
    equivalent: int
    refused: int


@dataclass(frozen=True)
class Mutated:
    """What the tests of one contract notice of slips; `score` is empty if none matters.

    `drawn` of the `made` slips were judged.
    """

    number: int
    contract: str
    drawn: int
    made: int
    score: str
    noticed: int
    missed: int
    kinds: tuple[Slips, ...]
    missed_by_clause: Groups


def mutated(number: int, mutation: Mutation) -> Mutated:
    """Return what is shown of `mutation`, the one of this number on its page."""
    kinds = (
        Slips(
            kind, *(counts[state] for state in (NOTICED, MISSED, EQUIVALENT, REFUSED))
        )
        for kind, counts in mutation.counts().items()
    )
    score = mutation.score
    return Mutated(
        number,
        mutation.contract,
        len(mutation.judged),
        mutation.made,
        "" if score is None else percent_text(score),
        len(mutation.of(NOTICED)),
        len(mutation.of(MISSED)),
        tuple(kinds),
        grouped(map(_entry, mutation.of(MISSED))),
    )


def _entry(judged: Judged) -> Entry:
    mutant = judged.mutant
    notes = (f"decided otherwise: {judged.example}",) if judged.example else ()
    return Entry(mutant.span, mutant.clause, mutant.text, notes)
