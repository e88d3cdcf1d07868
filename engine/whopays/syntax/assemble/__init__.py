"""From the statements of a block to its node.

A block that lacks what it can't do without is reported and left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from whopays.diagnostics import Source, Span
from whopays.syntax import nodes, surface
from whopays.syntax.assemble import catalog, clocks, contract, payments, tests
from whopays.syntax.assemble.block import ReadBlock, Written
from whopays.syntax.build import Builder, parts
from whopays.syntax.problems import Problems

__all__ = ["Assembler", "ReadBlock"]

Made: TypeAlias = nodes.Block | nodes.RuleBlock | None

_MAKE: dict[str, Callable[[Written], Made]] = {
    "facts": catalog.facts,
    "catalog": catalog.catalog,
    "category": catalog.category,
    "contract": contract.contract,
    "responsibility": contract.grid,
    "define": contract.define,
    "exception": contract.exception,
    "treat": contract.treat,
    "amendment": contract.amendment,
    "limit": payments.limit,
    "route": clocks.route,
    "clock": clocks.clock,
    "regulation": clocks.regulation,
    "methods": payments.methods,
    "method": payments.method,
    "order": payments.order,
    "rule": payments.rule,
    "terms": payments.terms,
    "term": payments.term,
    "test": tests.test,
}
#: What a block can't do without.
_REQUIRED = {
    "define": ("when_line",),
    "exception": ("then_line",),
    "limit": ("applies", "counts", "per"),
    "route": ("then_duty",),
    "clock": ("then_pay",),
    "rule": ("ahead",),
    "test": ("expect",),
}


class Assembler:
    """Makes block nodes; what is wrong goes to `found`."""

    def __init__(self, source: Source, found: Problems) -> None:
        self.build = Builder(source)
        self.found = found

    def block(self, read: ReadBlock) -> Made:
        """Return the node of the block `read`, or None if it lacks something."""
        present = {rule for rule, _ in read.lines}
        lacking = [rule for rule in _REQUIRED.get(read.kind, ()) if rule not in present]
        if read.kind == "define" and parts(read.head)[1]:
            lacking = []
        if lacking:
            if not read.broken:
                self._lacks(read.kind, lacking[0], read.span)
            return None
        return _MAKE[read.kind](Written(read, self.build, self.found))

    def rank(self, tree: object, span: Span) -> nodes.RankLine:
        """Return a `rank` line."""
        first, later = parts(tree)  # type: ignore[arg-type]
        return nodes.RankLine(self.build.word(first), self.build.words(later), span)

    def _lacks(self, kind: str, rule: str, span: Span) -> None:
        word = surface.written(rule)
        self.found.report(
            "P016",
            f"this `{kind}` block has no `{word}`",
            span,
            f"it takes a line that begins with `{word}`",
        )
