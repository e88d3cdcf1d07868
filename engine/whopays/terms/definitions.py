"""The definitions of each word by each source, and which of them holds at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from whopays.amounts.formula import Run
from whopays.model.payments import Term
from whopays.model.values import UNKNOWN
from whopays.terms.rows import CLAIM, LINE

DAY = "service_date"


@dataclass(frozen=True)
class Word:
    """One word of one source: its definitions, by days and conditions."""

    name: str
    source: str
    definitions: tuple[Term, ...]

    @property
    def id(self) -> str:
        """How the word is named in formulas."""
        return self.definitions[0].id


def words_of(terms: Iterable[Term]) -> dict[tuple[str, str], Word]:
    """Return the words that `terms` define, in the order written."""
    found: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        found.setdefault((term.name, term.source), []).append(term)
    return {key: Word(*key, tuple(each)) for key, each in found.items()}


@dataclass(frozen=True)
class Found:
    """Which definition holds; or none, and why; or what would have to be known."""

    term: Term | None
    needs: frozenset[str] = frozenset()
    why: str = ""


def levels_of(term: Term) -> frozenset[str]:
    """Return the levels at which `term` says anything."""
    found = {reading.value.level for reading in term.readings}
    if term.value is not None:
        found.add(term.level)
    if term.holds is not None:
        found.add(LINE)
    return frozenset(found or {CLAIM})


def holding(word: Word, run: Run, level: str, day: date | None) -> Found:
    """Return the definition of `word` that holds where `run` stands.

    `level` is line or claim, or empty for either; `day` stands in place of the
    service date.
    """
    here = [term for term in word.definitions if not level or level in levels_of(term)]
    certain: list[Term] = []
    needs: set[str] = set()
    late: list[bool] = []
    for term in here:
        in_force = _in_force(term, run, day)
        when = True if term.when is None else run.truth(term.when)
        late.append(in_force is False)
        if in_force is False or when is False:
            continue
        if in_force and when:
            certain.append(term)
            continue
        if in_force is None:
            needs.add(DAY)
        if when is None and term.when is not None:
            needs.update(run.open_facts(term.when))
    if len(certain) == 1:
        return Found(certain[0])
    if certain:
        return Found(None, frozenset(), "two of its definitions hold here")
    if needs:
        return Found(None, frozenset(needs))
    why = "no definition is in force on the day" if late and all(late) else ""
    return Found(None, frozenset(), why)


def _in_force(term: Term, run: Run, day: date | None) -> bool | None:
    """Tell whether `term` is in force; None where the day is not known.

    Lines of several days decide it for a claim if they all say the same.
    """
    if not term.in_force:
        return True
    if day is not None:
        days = {day}
    elif run.at is not None:
        days = {run.sight.of_line(DAY, run.at)}  # type: ignore[arg-type]
    else:
        rows = range(len(run.sight.lines))
        days = {run.sight.of_line(DAY, at) for at in rows}  # type: ignore[misc]
    if UNKNOWN in days or any(not isinstance(each, date) for each in days):
        return None
    said = {any(each in period for period in term.in_force) for each in days}
    return said.pop() if len(said) == 1 else None
