"""What limits have to know of a line is the same by its way as by deciding it anew."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from column_lines import lines_of
from generate import draft, line_facts
from whopays.api import RuleBook
from whopays.model.claim import Line
from whopays.resolve import resolve
from whopays.syntax import parse

LIMITS = """\

limit L-1 "A limit"
  applies to shares of IPA
  counts allowed - fee
  when fee > $0.00
  per contract per contract year
  first IPA up to $100.00
  then PLAN 80%, IPA 20%
end

limit L-2 "Another"
  applies to shares of HOSP
  counts allowed
  per claim
  first HOSP up to $300.00
  then PLAN
end
"""


def drawn_book(chance: Random) -> RuleBook:
    """Draw a contract with limits, before its amendments."""
    text, mark, rest = draft(chance).text().partition("\namendment ")
    file, _ = parse("drawn.rules", f"{text.rstrip()}\n{LIMITS}{mark}{rest}")
    rules, problems = resolve([file], lambda *_: None)
    assert not [each for each in problems if each.is_error]
    return RuleBook(rules, (), engine="reference")


@settings(max_examples=30)
@given(
    st.randoms(use_true_random=True),
    st.sampled_from((0.0, 0.1, 0.3)),
)
def test_what_limits_know_of_a_line_is_the_same_by_its_way(
    chance: Random, part: float
) -> None:
    book = drawn_book(chance)
    lines = [
        Line(f"claim {at // 2}", str(at % 2), line_facts(chance, part), at)
        for at in range(120)
    ]

    ways = book.columnar().decide(lines_of(lines, book.facts)).waits or ()

    assert len(ways) == len(lines)
    for line, went in zip(lines, ways, strict=True):
        anew = book.waiting(line)
        assert bool(anew.entries) == (went is not None)
        if went is not None:
            assert book.waiting(line, went) == anew
