"""One claim as rows of a layout: what is written, what stays empty, and why.

Nothing that is missing is written as zero. An element is empty as the layout wants it, or
because there is no amount, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from whopays.amounts.sight import amount
from whopays.amounts.units import MONEY, Units
from whopays.model.facts import Fact, Kind
from whopays.model.money import dollars
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.terms.answers import (
    AMBIGUOUS,
    AMOUNT,
    NO,
    NOT_APPLICABLE,
    UNDEFINED,
    UNDETERMINED,
    YES,
    Answer,
    Read,
    needed,
)
from whopays.terms.definitions import Word
from whopays.terms.evaluate import Evaluation
from whopays.terms.layout import CLAIM_ID, LEFT_OUT, LINE_NUMBER, Element, Layout
from whopays.terms.rows import CHARGE, CLAIM, COMPONENTS, PAID, ComponentClaim, Row
from whopays.terms.seen import Seen, seen

WRITTEN: Final = "written"
BY_LAYOUT: Final = "by the layout"
NO_CODE: Final = "no code"
PERCENT: Final = "a percent"
OTHER_LEVEL: Final = "of the claim"
#: Why an element is empty, in the order of reports; the first two are no problem.
EMPTY: Final = (
    BY_LAYOUT,
    NOT_APPLICABLE,
    UNDETERMINED,
    AMBIGUOUS,
    UNDEFINED,
    OTHER_LEVEL,
    NO_CODE,
    PERCENT,
)
_FINE: Final = frozenset({WRITTEN, BY_LAYOUT, NOT_APPLICABLE})


@dataclass(frozen=True)
class Cell:
    """An element of a row: its text if it is written, else why it is empty.

    `needs` are the facts for want of which it is undetermined.
    """

    status: str
    text: str = ""
    why: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something that a reader of the file has to know, at a line or of the claim."""

    place: str
    element: str
    status: str
    why: str
    is_error: bool
    needs: tuple[str, ...] = ()


@dataclass
class Exported:
    """A claim in a layout: a row of cells for each line that is in the file."""

    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Exporter:
    """Writes claims in `layout`, by the words of a dictionary and the facts of lines."""

    layout: Layout
    words: Mapping[tuple[str, str], Word]
    facts: Mapping[str, Fact]

    def export(self, claim: ComponentClaim) -> Exported:
        """Return the rows of `claim`, and what is wrong with them."""
        found = Exported()
        sight = seen(claim, self.facts)
        at_claim = _Claim(self, sight, Evaluation(self.words, sight))
        for at, row in enumerate(claim.rows):
            if row.level == CLAIM and claim.lines:
                found.problems.extend(_in_no_line(row))
                continue
            if self.layout.denied == LEFT_OUT:
                is_denied = _is_denied(row)
                if is_denied:
                    found.left_out += 1
                    continue
                if is_denied is None:
                    why = "the layout leaves denied lines out: is this one denied?"
                    found.problems.append(
                        Problem(row.label, "the line", UNDETERMINED, why, is_error=True)
                    )
            cells = tuple(at_claim.cell(each, at) for each in self.layout.elements)
            found.rows.append(cells)
            found.problems.extend(self._told(cells, row))
        return found

    def _told(self, cells: tuple[Cell, ...], row: Row) -> Iterator[Problem]:
        for element, cell in zip(self.layout.elements, cells, strict=True):
            is_missing = element.required and cell.status not in {WRITTEN, BY_LAYOUT}
            if is_missing or cell.status not in _FINE:
                where = (row.label, element.label)
                yield Problem(*where, cell.status, cell.why, is_missing, cell.needs)


@dataclass
class _Claim:
    """One claim: what its words come to, each worked out once."""

    exporter: Exporter
    seen: Seen
    evaluation: Evaluation
    _answers: dict[tuple[str, str], dict[int | None, Answer]] = field(
        default_factory=dict
    )

    def cell(self, element: Element, at: int) -> Cell:
        """Return the element of the row at the place `at`."""
        row = self.seen.claim.rows[at]
        if element.fact == CLAIM_ID:
            return Cell(WRITTEN, self.seen.claim.id)
        if element.fact == LINE_NUMBER:
            if row.number:
                return Cell(WRITTEN, row.number)
            return Cell(OTHER_LEVEL, why="the claim has no lines")
        for name, wanted in element.only_when.items():
            value = self.seen.by_row.of_line(name, at)
            if value is UNKNOWN:
                return _open((name,), self.exporter.facts)
            if value != wanted:
                return Cell(BY_LAYOUT, why=element.empty)
        if element.word is not None:
            return self._word(element, element.word, at)
        return self._fact(element, at)

    def _fact(self, element: Element, at: int) -> Cell:
        name = element.fact
        value = self.seen.by_row.of_line(name, at)
        fact = self.exporter.facts[name]
        if value is UNKNOWN:
            return _open((name,), self.exporter.facts)
        if fact.kind is Kind.MONEY:
            # What is absent counts as $0.00 in formulas, and is not written as such.
            cents = None if value is NONE else amount(fact, value)
            if not isinstance(cents, int):
                return Cell(NOT_APPLICABLE, why=f"there is no {name}")
            return Cell(WRITTEN, _written(-cents if self.seen.turned[at] else cents))
        if value is NONE:
            return Cell(NOT_APPLICABLE, why=f"there is no {name}")
        return _coded(element, _plain(value))

    def _word(self, element: Element, key: tuple[str, str], at: int) -> Cell:
        if key not in self._answers:
            found = self.evaluation.answers(self.exporter.words[key])
            self._answers[key] = {each.at: each for each in found}
        answers = self._answers[key]
        answer = answers.get(at)
        if answer is None and len(self.seen.claim.rows) == 1:
            answer = answers.get(None)
        if answer is None:
            of_claim = answers.get(None)
            if of_claim is not None and of_claim.status != NOT_APPLICABLE:
                return Cell(OTHER_LEVEL, why="it is of the claim, not of a line")
            return Cell(NOT_APPLICABLE)
        if element.reading and answer.status != NOT_APPLICABLE:
            return self._reading(element, answer)
        if answer.status in {YES, NO}:
            return _coded(element, answer.status)
        if answer.status == AMOUNT and answer.read is not None:
            return self._amount(answer, answer.read)
        return self._without(answer)

    def _without(self, answer: Answer) -> Cell:
        if answer.needs:
            return _open(answer.needs, self.exporter.facts)
        return Cell(answer.status, why=answer.why)

    def _reading(self, element: Element, answer: Answer) -> Cell:
        read = answer.reading(element.reading)
        if read is not None:
            return self._amount(answer, read)
        if answer.term is None:
            return self._without(answer)
        known = {each.name for each in answer.term.readings}
        if element.reading in known:
            return Cell(OTHER_LEVEL, why="the reading is of the claim, not of a line")
        return Cell(UNDEFINED, why=f"the definition has no reading {element.reading}")

    def _amount(self, answer: Answer, read: Read) -> Cell:
        calculated = read.calculated
        lets = () if answer.term is None else answer.term.lets
        units = Units(self.exporter.facts, {let.name: let.unit for let in lets})
        if calculated.missing:
            return _open(calculated.missing, self.exporter.facts)
        if units.of(calculated.result.value) != MONEY or read.cents is None:
            return Cell(PERCENT, why="it is a percent, and no amount of dollars")
        return Cell(WRITTEN, _written(read.cents))


def _open(needs: Iterable[str], facts: Mapping[str, Fact]) -> Cell:
    names = tuple(sorted(needs))
    told = ", ".join(needed(name, facts) for name in names)
    return Cell(UNDETERMINED, why=f"needs {told}", needs=names)


def _written(cents: int) -> str:
    """Return dollars with a point and two places, as `-12.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)


def _coded(element: Element, word: str) -> Cell:
    if not element.codes:
        return Cell(WRITTEN, word)
    if word in element.codes:
        return Cell(WRITTEN, element.codes[word])
    return Cell(NO_CODE, why=f"the layout has no code for {word}")


def _is_denied(row: Row) -> bool | None:
    """Tell whether all that was charged is denied or not covered; None if unknown."""
    parts = [row.cents(each) for each in (CHARGE, "noncovered", "denied", PAID)]
    charge, noncovered, denied, paid = parts
    if charge is None or noncovered is None or denied is None or paid is None:
        return None
    return bool(denied) and not paid and charge == noncovered + denied


def _in_no_line(row: Row) -> Iterator[Problem]:
    """Yield what was given for the claim as a whole: it is not spread, so it is in no line."""
    parts = [(name, row.cents(name)) for name in (CHARGE, *COMPONENTS)]
    for name, cents in parts:
        if cents:
            why = f"given for the claim, in no line of the file: {dollars(cents)}"
            yield Problem(row.label, name, OTHER_LEVEL, why, is_error=True)
