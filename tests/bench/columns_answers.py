"""What the sides of the columnar benchmark answer a line, in one form, to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain

from bench.columns_rules import PARTIES
from bench.generate import Clause, Generated, name, when_text

#: The clause that answers, as an explanation names it, and the cents of each party.
Answer = tuple[str, tuple[int | None, ...]]


def because(clause: Clause) -> str:
    """Return how an explanation names `clause`."""
    if clause.id != "A":
        return clause.id
    when = f" when {when_text(clause)}" if clause.tests else ""
    return f'A "{name(clause.place)}"{when}'


class Shares:
    """The answers of clauses, each prepared once."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._prepared = {id(each): (because(each), *divided(each)) for each in clauses}

    def answer(self, clause: Clause, cents: int) -> Answer:
        """Return what `clause` comes to for an amount of `cents`, zero or more."""
        said, first, second, part, whole = self._prepared[id(clause)]
        one = (2 * cents * part + whole) // (2 * whole)
        found: list[int | None] = [None] * len(PARTIES)
        found[first] = one
        if second >= 0:
            found[second] = cents - one
        return said, tuple(found)


def divided(clause: Clause) -> tuple[int, int, int, int]:
    """Return the first bearer, the second or -1, and the first's share as a fraction.

    In the order of parties. For two bearers the largest remainder is a rounding of the
    first's share, a half going to the first.
    """
    shares = sorted((PARTIES.index(party), part) for party, part in clause.shares)
    first, text = shares[0]
    second = shares[1][0] if len(shares) > 1 else -1
    part = {"x": Fraction(1), "50%": Fraction(1, 2)}.get(text) or Fraction(text)
    return first, second, part.numerator, part.denominator


def clauses(parts: Iterable[Generated]) -> list[Clause]:
    """Return all clauses of all versions, one after the other."""
    return [clause for made in parts for clause in chain(*made.rows, *made.exceptions)]


def of_columns(
    columns: Mapping[str, list[int | None]], by: list[Clause]
) -> list[Answer]:
    """Return answers from a column `clause` of places in `by`, and one a party."""
    parties = zip(*(columns[party] for party in PARTIES), strict=True)
    return [
        (because(by[at or 0]), tuple(cents))
        for at, cents in zip(columns["clause"], parties, strict=True)
    ]
