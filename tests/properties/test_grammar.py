"""Statements drawn from the grammar itself, in blocks where they may or may not stand."""

from __future__ import annotations

from pathlib import Path

import lark
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

import invariants
from whopays.syntax import surface

ROOT = Path(__file__).parents[2]
GRAMMAR = lark.Lark(
    (ROOT / "grammar" / "whopays.lark").read_text("utf-8"),
    parser="lalr",
    start=["statement", "condition", "answer", "reason"],
)
#: Names and values that files have, and some that they do not.
VALUES = {
    "WORD": [
        *("PLAN", "GROUP", "C", "C-3", "K", "STANDARD", "STD", "CPT", "REV", "days"),
        *(
            "network",
            "inside",
            "allowed",
            "age",
            "service_date",
            "billed",
            "HMO",
            "x_y",
        ),
    ],
    "LITERAL": ["1", "1.0", "2026.1", "2026-01-01", "50%", "1/3", "99213", "0450-0459"],
    "MONEY": ["$10.00", "$1,234.56", "-$5.00", "$250"],
    "STRING": ['"Office visits"', '"A title"', '"§4.2"', '""'],
}


def _written(terminal: lark.lexer.TerminalDef) -> st.SearchStrategy[str]:
    values = VALUES.get(terminal.name)
    if values is not None:
        return st.sampled_from([f" {value} " for value in values])
    if terminal.pattern.type == "str":
        return st.just(f" {terminal.pattern.value} ")
    return st.sampled_from([" <= ", " > "])


STATEMENTS = from_lark(
    GRAMMAR,
    start="statement",
    explicit={
        each.name: _written(each)
        for each in GRAMMAR.terminals
        if each.name not in GRAMMAR.ignore_tokens
    },
)
HEADS = {
    kind: surface.head_as_written(kind).replace("CONDITION", "emergency")
    for kind in surface.BLOCKS
}
ROWS = st.lists(
    st.sampled_from(["Office visits", "x", "50%", "", "PLAN", "category", "when"]),
    min_size=1,
    max_size=5,
).map(lambda cells: f"| {' | '.join(cells)} |")


@st.composite
def _blocks(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(sorted(HEADS)))
    lines = draw(st.lists(STATEMENTS | ROWS, max_size=6))
    end = draw(st.sampled_from(["end", "end", "end", ""]))
    return "\n".join([HEADS[kind], *(f"  {line.strip()}" for line in lines), end])


FILES = st.lists(_blocks() | STATEMENTS, max_size=6).map(
    lambda blocks: "\n\n".join(["edition 1", *blocks])
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(FILES)
def test_no_file_of_the_grammars_own_statements_breaks_anything(text: str) -> None:
    invariants.rules(text.encode("utf-8", "replace"))


@settings(max_examples=50)
@given(st.data())
def test_no_shipped_file_breaks_when_statements_are_put_into_it(
    data: st.DataObject,
) -> None:
    path = data.draw(
        st.sampled_from(sorted((ROOT / "grammar" / "corpus").glob("*/*.rules")))
    )
    lines = path.read_text("utf-8").split("\n")
    at = data.draw(st.integers(1, len(lines)))
    more = data.draw(st.lists(STATEMENTS | ROWS, min_size=1, max_size=2))

    invariants.rules("\n".join([*lines[:at], *more, *lines[at:]]).encode())
