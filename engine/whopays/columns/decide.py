"""Many lines decided at once: columns of values in, columns of decisions out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from whopays.columns.from_decisions import Decided, decided
from whopays.columns.lines import Lines
from whopays.columns.schema import schema
from whopays.decide.decision import Decision, with_interest
from whopays.decide.line import Decider
from whopays.model.claim import Line
from whopays.model.facts import Fact


class Columnar:
    """Decides lines by `deciders`, one for each contract, many at once.

    `decide` is the meaning: it decides one line alone. `bearers` and `facts` are those of
    the rules; what is decided has a column for each bearer and each fact that
    some contract mentions.
    """

    def __init__(
        self,
        deciders: Mapping[str, Decider],
        decide: Callable[[Line], Decision],
        bearers: Iterable[str],
        facts: Mapping[str, Fact],
    ) -> None:
        self._decide = decide
        self._deciders = deciders
        named = {name for each in deciders.values() for name in each.program.wide}
        known = dict(facts)
        for each in deciders.values():
            known.update(
                (n, each.program.contract.facts[n]) for n in each.program.terms
            )
        self.facts = {name: known[name] for name in sorted(named)}
        #: The Arrow schema of what is decided.
        self.schema = schema(bearers, self.facts)

    def decide(self, lines: Lines) -> Decided:
        """Return the decisions of `lines`, in their order, and the explanations named.

        The lines of a claim that stand together have their interest added up.
        """
        return decided(self._one_by_one(lines), self.schema, self.facts)

    def _one_by_one(self, lines: Lines) -> Iterator[tuple[Line, Decision]]:
        each = map(lines.line, range(len(lines)))
        for _, claim in groupby(each, lambda line: line.claim_id):
            own = list(claim)
            yield from zip(
                own, with_interest(list(map(self._decide, own))), strict=True
            )
