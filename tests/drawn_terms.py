"""Lines in components, drawn by chance, and the words of all sources that ship."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from whopays.api.terms import TermBook, load_terms
from whopays.model.facts import Kind
from whopays.model.values import NONE, Value
from whopays.terms.rows import ComponentClaim, Row


@cache
def book() -> TermBook:
    return load_terms()


@cache
def amounts() -> list[str]:
    """Return the names of all amounts of a line that terms read."""
    shared = {n for n, fact in book().facts.items() if fact.formula is not None}
    return [
        name
        for name, fact in book().facts.items()
        if fact.kind is Kind.MONEY and fact.per == "line" and name not in shared
    ]


CENTS = st.one_of(st.just(NONE), st.integers(0, 1_000_000), st.just(0))
WORDS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {
        "claim_type": st.sampled_from(
            ["professional", "institutional", "dental", "pharmacy"]
        ),
        "capitated": st.booleans(),
        "accepts_assignment": st.booleans(),
    }
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[dict[str, Value], ...]:
    """Return facts of lines, each amount given, none, or left out."""
    words = draw(WORDS)
    found = []
    for _ in range(draw(st.integers(1, 3))):
        line: dict[str, Value] = {}
        line.update(words)
        names = draw(st.sets(st.sampled_from(amounts())))
        line.update({name: draw(CENTS) for name in names})
        line["reversal"] = False
        found.append(line)
    return tuple(found)


def claim_of(lines: tuple[dict[str, Value], ...]) -> ComponentClaim:
    return ComponentClaim(
        "C", tuple(Row(str(at), each) for at, each in enumerate(lines))
    )
