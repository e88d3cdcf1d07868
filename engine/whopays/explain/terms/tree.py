"""A claim in every source's words, side by side: a text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from whopays.explain.terms.words import (
    amount_text,
    answer_text,
    place_text,
    reason_text,
    units_of,
    working_text,
)
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.terms.answers import AMBIGUOUS, BESIDE, Answer, Read
from whopays.terms.checks import written
from whopays.terms.definitions import Word
from whopays.terms.rows import CHARGE, CLAIM, COMPONENTS, ComponentClaim, Row

ALL = "all"
Words = Sequence[tuple[Word, tuple[Answer, ...]]]


def terms_tree(
    claim: ComponentClaim, words: Words, facts: Mapping[str, Fact], reading: str = ""
) -> str:
    """Return `claim` in `words`; `reading` is shown beside each answer that has it."""
    return "\n".join(_lines(claim, words, facts, reading))


def _lines(
    claim: ComponentClaim, words: Words, facts: Mapping[str, Fact], reading: str
) -> Iterator[str]:
    yield claim.label
    for row in claim.rows:
        yield f"  {row.label}: {row_text(row)}"
    for name, group in sorted_words(words):
        yield ""
        yield f"  {name}"
        how = _How(claim, facts, reading, *_widths(group, facts))
        for word, answers in group:
            yield from _word(word, answers, how)


def sorted_words(words: Words) -> list[tuple[str, Words]]:
    """Return the words by name: what most sources have a word for comes first."""
    by_name: dict[str, list[tuple[Word, tuple[Answer, ...]]]] = {}
    for word, answers in words:
        by_name.setdefault(word.name, []).append((word, answers))
    return sorted(by_name.items(), key=lambda each: -len(each[1]))


@dataclass(frozen=True)
class _How:
    """The claim, and how its words are laid out: `source` and `amount` are widths."""

    claim: ComponentClaim
    facts: Mapping[str, Fact]
    reading: str
    source: int
    amount: int


def _widths(group: Words, facts: Mapping[str, Fact]) -> tuple[int, int]:
    amounts = [
        len(answer_text(each, facts)) for _, answers in group for each in answers
    ]
    return max(len(word.source) for word, _ in group), max(amounts, default=0)


def row_text(row: Row) -> str:
    """Return the charge and the components of a row, or that it has none."""
    charge = row.cents(CHARGE)
    whole = "charge not known" if charge is None else f"charge {dollars(charge)}"
    if charge is None and row.level == CLAIM:
        # The charge is that of the lines; what stands here has none of its own.
        whole = "of what is charged on its lines"
    if row.is_adjudicated is False:
        return f"{whole}, not adjudicated"
    parts = [(name, row.cents(name) or 0) for name in COMPONENTS]
    if row.joint:
        parts.append(("prior payers and discount", row.joint.cents))
    text = f"{whole}: {written(parts)}"
    if row.unassigned:
        text += f" + in no component {dollars(sum(a.cents for a in row.unassigned))}"
    missing = row.unknown()
    if len(missing) + sum(bool(cents) for _, cents in parts) == len(COMPONENTS):
        return f"{text}; no other component is known"
    return f"{text}; not known: {', '.join(missing)}" if missing else text


def _word(word: Word, answers: tuple[Answer, ...], how: _How) -> Iterator[str]:
    own = [each for each in answers if each.status != BESIDE]
    called = {_called(each, word) for each in own}
    told = [_told(each, word, how, with_called=len(called) > 1) for each in own]
    name = word.source.ljust(how.source)
    if len(own) == 1 or (len(set(told)) == 1 and own[0].cents is None):
        yield f"    {name}  {_told(own[0], word, how, with_called=True)}"
    else:
        title = called.pop() if len(called) == 1 else ""
        yield "  ".join(each for each in (f"    {name}", title, _total(own)) if each)
        places = [place_text(how.claim, each.at) for each in own]
        wide = max(map(len, places))
        for place, text in zip(places, told, strict=True):
            yield f"      {place.ljust(wide)}  {text}"
    for each in answers:
        several = len(how.claim.rows) > 1
        place = f"{place_text(how.claim, each.at)}, " if several else ""
        for read in _asked(each, how.reading):
            yield f"      {place}{_reading(each, read, how.facts)}"


def _called(answer: Answer, word: Word) -> str:
    term = answer.term or word.definitions[0]
    return f'"{term.called}"' if term.called else ""


def _total(answers: Sequence[Answer]) -> str:
    cents = [each.cents for each in answers if each.cents is not None]
    if len(cents) < len(answers) or any(each.at is None for each in answers):
        return ""
    return f"{dollars(sum(cents))} over all lines"


def _told(answer: Answer, word: Word, how: _How, *, with_called: bool) -> str:
    called = _called(answer, word) if with_called else ""
    amount = answer_text(answer, how.facts).rjust(how.amount)
    parts = (amount, called, reason_text(answer, word, how.facts))
    return "  ".join(each for each in parts if each)


def _asked(answer: Answer, reading: str) -> Iterator[Read]:
    """Yield the readings to show: those that are asked for, and all that disagree."""
    for read in answer.readings:
        if answer.status == AMBIGUOUS or reading in {ALL, read.name}:
            yield read


def _reading(answer: Answer, read: Read, facts: Mapping[str, Fact]) -> str:
    if answer.term is None:
        return read.name
    units = units_of(answer.term, facts)
    missing = sorted(read.calculated.missing)
    needs = f", needs {', '.join(missing)}" if missing else ""
    amount = "undetermined" if missing else amount_text(read, units)
    return f"reading {read.name}: {amount}  {working_text(read, units)}{needs}"
