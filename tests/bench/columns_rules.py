"""The contract of the columnar benchmark: three versions in force, one after the other.

Each version is kept as parts besides, so that the other sides have the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from random import Random

from bench.generate import Clause, Generated, answer_text, drawn_answer, name, when_text
from bench.generate import generate as generated
from bench.pools import Test

STARTS = (date(2026, 1, 1), date(2026, 5, 1), date(2026, 9, 1))
PARTIES = ("PLAN", "IPA", "HOSP", "POOL")
_CHANGED = 30, 5  # rows and exceptions of an amendment
_AGE = re.compile(r"(age|units) (>=|<|>) (\d+)")
_MEETS = {"diagnoses": ("M170", "M171"), "modifiers": ("JG", "TB")}


@dataclass(frozen=True)
class Ask:
    """A test as data: `how` is `in`, `meets` (of a list), `is`, `>=`, `>` or `<`."""

    fact: str
    how: str
    values: tuple[str | int | bool, ...]


def asked(test: Test) -> Ask:
    """Return a drawn test as data, for sides that have a language of their own."""
    if found := _AGE.fullmatch(test.text):
        return Ask(found[1], found[2], (int(found[3]),))
    if test.fact in _MEETS:
        return Ask(test.fact, "meets", _MEETS[test.fact])
    if test.fact in {"emergency", "capitated"}:
        return Ask(test.fact, "is", (not test.text.startswith("not "),))
    listed = re.split(r" is | in [A-Z]+ ", test.text)[1]
    return Ask(test.fact, "in", tuple(listed.split(", ")))


@dataclass(frozen=True)
class Versions:
    """The contract on each of `STARTS`, as parts."""

    texts: tuple[str, ...]
    parts: tuple[Generated, ...]

    def write(self, folder: Path) -> Path:
        """Write the rule files into `folder`, made for it, and return it."""
        folder.mkdir(parents=True)
        for number, text in enumerate(self.texts):
            (folder / f"made-{number}.rules").write_text(text, encoding="utf-8")
        return folder


def versions(rows: int, *, seed: int = 1) -> Versions:
    """Return the contract of `rows` rows; the same seed gives the same text."""
    made = generated(rows, 40, min(120, rows), 10_000, seed)
    random = Random(seed)  # noqa: S311 - nothing secret
    texts, parts = [made.text], [made]
    for number, first in enumerate(STARTS[1:], 1):
        made, text = _amended(made, number, first, random)
        texts.append(text)
        parts.append(made)
    return Versions(tuple(texts), tuple(parts))


def _amended(
    made: Generated, number: int, first: date, random: Random
) -> tuple[Generated, str]:
    rows = list(chain.from_iterable(made.rows))
    exceptions = list(chain.from_iterable(made.exceptions))
    changed = {
        id(each): replace(
            each,
            shares=drawn_answer(random),
            cite=f"Amendment {number}, {each.cite.rpartition(', ')[2]}",
        )
        for each in (
            *random.sample(rows, _CHANGED[0]),
            *random.sample(exceptions, _CHANGED[1]),
        )
    }

    def put(groups: tuple[tuple[Clause, ...], ...]) -> tuple[tuple[Clause, ...], ...]:
        return tuple(
            tuple(changed.get(id(each), each) for each in own) for own in groups
        )

    found = replace(made, rows=put(made.rows), exceptions=put(made.exceptions))
    lines = _text(found, number, first, list(changed.values()))
    return found, "\n".join(["edition 1", *lines, ""])


def _text(
    made: Generated, number: int, first: date, changed: list[Clause]
) -> Iterator[str]:
    yield f"amendment {number} to MADE version 1"
    yield "  signed 2025-12-01"
    yield f"  in force {first} onward"
    for row in (each for each in changed if each.id == "A"):
        when = f" when {when_text(row)}" if row.tests else ""
        target = f'A "{name(row.place)}"{when}'
        yield f'  replace {target} with {answer_text(row.shares)} cites "{row.cite}"'
    yield "end"
    for each in (each for each in changed if each.id != "A"):
        group = made.exceptions[each.place]
        earlier = [other.id for other in group if other.id < each.id]
        targets = ", ".join((*made.rows_of(each.place), *earlier))
        yield f"exception {each.id} to {targets}"
        yield f'  cites "{each.cite}"'
        yield f"  when {when_text(each)}"
        yield f"  then {answer_text(each.shares)}"
        yield "end"
