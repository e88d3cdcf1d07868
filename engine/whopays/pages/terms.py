"""The page of payment terms: a claim in every source's words, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from whopays.explain.terms.tree import row_text, sorted_words
from whopays.explain.terms.words import (
    amount_text,
    answer_text,
    place_text,
    reason_text,
    units_of,
    working_text,
)
from whopays.model.facts import Fact
from whopays.pages.about import About
from whopays.pages.render import rendered
from whopays.terms.answers import BESIDE, Answer
from whopays.terms.definitions import Word
from whopays.terms.rows import ComponentClaim

Words = Sequence[tuple[Word, tuple[Answer, ...]]]


@dataclass(frozen=True)
class _Line:
    """A row of a table: what one source says at one place, or one reading of it."""

    source: str
    called: str
    place: str
    amount: str
    working: str
    cites: str


def terms_page(
    about: About,
    claims: Sequence[tuple[ComponentClaim, Words]],
    facts: Mapping[str, Fact],
) -> str:
    """Return the page of `claims`, each in words with their answers."""
    shown = [
        {
            "label": claim.label,
            "rows": [(row.label, row_text(row)) for row in claim.rows],
            "groups": [
                (name, [line for word in group for line in _lines(claim, *word, facts)])
                for name, group in sorted_words(words)
            ],
        }
        for claim, words in claims
    ]
    return rendered("terms.html", about, claims=shown)


def _lines(
    claim: ComponentClaim,
    word: Word,
    answers: tuple[Answer, ...],
    facts: Mapping[str, Fact],
) -> Iterator[_Line]:
    alone = len(claim.rows) == 1
    for answer in answers:
        term = answer.term or word.definitions[0]
        cites = "; ".join(term.cites)
        place = "" if alone else place_text(claim, answer.at)
        if answer.status != BESIDE:
            amount = answer_text(answer, facts)
            working = reason_text(answer, word, facts)
            yield _Line(word.source, term.called, place, amount, working, cites)
        units = units_of(term, facts)
        for read in answer.readings:
            said = amount_text(read, units)
            amount = "undetermined" if said == "?" else said
            working = working_text(read, units)
            called = f"reading {read.name}"
            yield _Line(word.source, called, place, amount, working, "")
