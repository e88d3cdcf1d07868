"""What a change shall lead to: another answer, another share of a party, one answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from whopays.analyse.changes.change import Goal
from whopays.diagnostics import nearest
from whopays.model.contract import Answer
from whopays.model.outcome import Outcome
from whopays.program.compile import Program

_PART = re.compile(r"([A-Z][A-Z0-9-]*)(?:\s+(\d+(?:\.\d+)?)%|\s+(\d+)/(\d+))?")
_STATUSES = ("not covered", "unlisted", "ambiguous", "by hand", "no contract")


class GoalError(ValueError):
    """The answer that is asked for can't be; the text says why, and which can."""


@dataclass(frozen=True)
class Wanted:
    """A goal, and what it is in words."""

    words: str
    reached: Goal


def another(now: Outcome) -> Wanted:
    """Return the goal of any other answer; of a settled one where there is none yet."""
    if now.status == "undetermined":
        return Wanted("settle it", lambda other: other.status != "undetermined")
    return Wanted("change the answer", lambda other: other.key != now.key)


def other_share(now: Outcome, party: str) -> Wanted:
    """Return the goal that `party` bears another share than it does, or none."""
    before = _share(now, party)

    def reached(other: Outcome) -> bool:
        if other.status == "undetermined":
            return False
        return now.status == "undetermined" or _share(other, party) != before

    if now.status == "undetermined":
        return Wanted(f"settle what {party} bears", reached)
    return Wanted(f"change what {party} bears", reached)


def _share(outcome: Outcome, party: str) -> Fraction:
    shares = outcome.answer.shares if outcome.answer is not None else ()
    return sum((part for bearer, part in shares if bearer == party), Fraction())


def this_answer(text: str, programs: Iterable[Program]) -> Wanted:
    """Return the goal of the answer that `text` says: `PLAN`, `PLAN 60%, IPA 40%`.

    A status will do as well: `not covered`. Raise `GoalError` if no clause answers so.
    """
    wanted = " ".join(text.split())
    words = f"make it {wanted}"
    if wanted in _STATUSES:
        status = wanted.replace(" ", "_")
        return Wanted(words, lambda other: other.status == status)
    shares = _shares(wanted)
    known = list(dict.fromkeys(_answers(programs)))
    if shares is None or not any(frozenset(a.shares) == shares for a in known):
        texts = (a.text for a in known if a.kind == "shares")
        options = [*(each.removesuffix(" 100%") for each in texts), *_STATUSES]
        raise GoalError(_no_such(wanted, options))

    def reached(other: Outcome) -> bool:
        given = other.answer.shares if other.answer is not None else ()
        return other.status == "decided" and frozenset(given) == shares

    return Wanted(words, reached)


def _no_such(wanted: str, options: list[str]) -> str:
    near = nearest(wanted, options)
    hint = f" Did you mean `{near}`?" if near else ""
    listed = "; ".join(options[:8])
    more = f"; and {len(options) - 8} more" if len(options) > 8 else ""  # noqa: PLR2004
    return f"No clause answers `{wanted}`.{hint} The answers are: {listed}{more}."


def _shares(text: str) -> frozenset[tuple[str, Fraction]] | None:
    found = []
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        read = _PART.fullmatch(part)
        if read is None:
            return None
        party, percent, over, under = read.groups()
        if percent is not None:
            share = Fraction(percent) / 100
        elif over is not None and int(under):
            share = Fraction(int(over), int(under))
        elif over is None and len(parts) == 1:
            share = Fraction(1)
        else:
            return None
        found.append((party, share))
    return frozenset(found)


def _answers(programs: Iterable[Program]) -> Iterator[Answer]:
    for program in programs:
        for version in program.versions:
            text = version.text
            for grid in text.grids:
                yield from (row.answer for row in (*grid.rows, *grid.otherwise))
            yield from (exception.answer for exception in text.exceptions)
