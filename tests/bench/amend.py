"""Amendments of a generated contract, as rule text: the same seed gives the same text.

Each changes some rows and one exception, and every second one brings an exception of its
own to all of a group. Some are signed late, some end, none is alone on its days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench.generate import Clause, Generated, answer_text, drawn_answer, name, when_text

_ROWS = 6
_FIRST = date(2026, 1, 15)


def amended(made: Generated, count: int, seed: int = 3) -> list[str]:
    """Return `count` amendments of the contract, each the text of a file."""
    random = Random(seed)  # noqa: S311 - nothing secret
    return [
        "\n".join(["edition 1", *_amendment(made, number, random), ""])
        for number in range(1, count + 1)
    ]


def _amendment(made: Generated, number: int, random: Random) -> Iterator[str]:
    first = _FIRST + timedelta(days=17 * number)
    signed = first + timedelta(days=random.choice((-60, -20, 45)))
    last = "onward"
    if number % 3 == 0:
        last = f"to {first + timedelta(days=120)}"
    yield f"amendment {number} to MADE version 1"
    yield f"  signed {signed}"
    yield f"  in force {first} {last}"
    for row in _rows(made, number, random):
        when = f" when {when_text(row)}" if row.tests else ""
        answer = answer_text(drawn_answer(random))
        cite = f'cites "Amendment {number}, {row.cite}"'
        yield f'  replace A "{name(row.place)}"{when} with {answer} {cite}'
    if number % 7 == 0:
        yield f'  rename party IPA "Group of {number}"'
    yield "end"
    group = number // 2 % len(made.exceptions)
    yield from _again(made, number, group, random)
    if number % 2 == 0:
        yield from _new(made, number, group, random)


def _rows(made: Generated, number: int, random: Random) -> list[Clause]:
    rows = [row for own in made.rows for row in own]
    start = number * _ROWS % (len(rows) // 2)
    return random.sample(rows[start : start + len(rows) // 4], _ROWS)


def _again(made: Generated, number: int, group: int, random: Random) -> Iterator[str]:
    """Yield an exception in the place of the first of its group."""
    old = made.exceptions[group][0]
    yield f"exception {old.id} to {', '.join(made.rows_of(group))}"
    yield f'  cites "Amendment {number}, {old.cite}"'
    yield f"  when {when_text(old)}"
    yield f"  then {answer_text(drawn_answer(random))}"
    yield "end"


def _new(made: Generated, number: int, group: int, random: Random) -> Iterator[str]:
    """Yield an exception to all of its group, in the place of an earlier one."""
    targets = [*made.rows_of(group), *(each.id for each in made.exceptions[group])]
    yield f"define far_{number}"
    yield f"  when miles_from_pcp > {10 + number} or network is outside"
    yield "end"
    yield f"exception Z-{group:03d} to {', '.join(targets)}"
    yield f'  cites "Amendment {number}, § 9"'
    yield f"  when far_{number} and allowed > $9,000.00"
    yield f"  then {answer_text(drawn_answer(random))}"
    yield "end"
