"""Facts of the claim that are gathered over its lines: `claim_revenue_codes`.

A list that misses a line would answer "does not include" wrongly. So it is unknown as
soon as one line of the claim was rejected or did not say its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value

_PREFIX = "claim_"


def gathered_from(
    facts: Mapping[str, Fact], said: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return, for each gathered fact of the claim, the fact of its lines.

    A list of codes `of claim` named `claim_Xs` gathers the code fact `X`, one named
    `claim_X` the list `X`; `said` (claim fact to line fact) overrides that.
    """
    found = dict(said or {})
    for name, fact in facts.items():
        if fact.of != "claim" or fact.kind is not Kind.CODES or name in found:
            continue
        rest = name.removeprefix(_PREFIX)
        for source in (rest.removesuffix("s"), rest):
            line_fact = facts.get(source)
            if rest != name and line_fact is not None and _fits(fact, line_fact):
                found[name] = source
                break
    return found


def _fits(fact: Fact, line_fact: Fact) -> bool:
    return (
        line_fact.of == "line"
        and line_fact.kind in {Kind.CODE, Kind.CODES}
        and set(line_fact.systems) <= set(fact.systems)
    )


@dataclass
class Gathered:
    """What the lines of one claim have said so far.

    `sources` maps facts of the claim to facts of lines; `given` holds the values that
    rows gave for facts of the claim themselves, which then are not gathered.
    """

    sources: Mapping[str, str]
    given: dict[str, Value] = field(default_factory=dict)
    _codes: dict[str, set[str]] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def add(self, facts: Mapping[str, Value]) -> None:
        """Take in the facts of one readable line."""
        for name, source in self.sources.items():
            value = facts.get(source, UNKNOWN)
            if isinstance(value, tuple):
                self._codes.setdefault(name, set()).update(map(str, value))
            elif isinstance(value, str):
                self._codes.setdefault(name, set()).add(value)
            elif value is not NONE:
                self._open.add(name)

    def give(self, name: str, value: Value) -> None:
        """Take in what one row says of the claim; two that differ make it unknown."""
        if self.given.setdefault(name, value) != value:
            self.given[name] = UNKNOWN

    def miss(self) -> None:
        """Take in that a line could not be read."""
        self._open.update(self.sources)

    def values(self) -> dict[str, Value]:
        """Return the facts of the claim: sorted codes, none, or unknown."""
        found: dict[str, Value] = {}
        for name in self.sources:
            if name in self._open:
                found[name] = UNKNOWN
            else:
                found[name] = tuple(sorted(self._codes.get(name, ()))) or NONE
        return found | self.given
