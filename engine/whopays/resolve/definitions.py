"""Definitions: each is resolved after those that it uses, and stays within bounds.

A chain of definitions is as long as its author makes it, so nothing here calls itself
along one. Written out, a definition that uses another twice is twice as large: forty of
these are a million million tests, which is told and not tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label, Severity, Span, did_you_mean
from whopays.model import conditions as model
from whopays.model.graphs import circles, in_order
from whopays.resolve.circles import places, shown_circle
from whopays.resolve.report import Report
from whopays.syntax import nodes

Resolve = Callable[[nodes.Condition], model.Condition | None]


class Definitions:
    """The `define` blocks of one section, resolved as they are asked for.

    `known` are definitions that are resolved already.
    """

    def __init__(
        self,
        blocks: dict[str, nodes.DefineBlock],
        known: dict[str, model.Condition],
        report: Report,
        resolve: Resolve,
    ) -> None:
        self.blocks = blocks
        self.report = report
        self.resolved: dict[str, model.Condition | None] = {**known}
        self._resolve = resolve
        self._mentioned: set[str] = set()
        self._depths: dict[str, int] = {}
        self._sizes: dict[str, int] = {}

    def has(self, name: str) -> bool:
        """Tell whether `name` is a definition."""
        return name in self.blocks or name in self.resolved

    def get(self, name: str) -> model.Condition | None:
        """Return the condition that `name` stands for; None after errors."""
        if name not in self.resolved:
            waiting = in_order(name, self._uses, self.resolved)
            # What leads back to a name of a circle finds nothing there.
            self.resolved.update(dict.fromkeys(waiting))
            for each in waiting:
                self.resolved[each] = self._named(each)
        return self.resolved[name]

    def use(self, node: nodes.Condition) -> None:
        """Resolve the definitions that `node` mentions."""
        for name in self.used(node):
            self._mentioned.add(name)
            self.get(name)

    def warn_of_vain(self, older: dict[str, nodes.DefineBlock]) -> None:
        """Warn of those that define a name of `older` anew and are used by nothing.

        Who writes one may think that what stands is read by it from now on.
        """
        for name, block in self.blocks.items():
            old = older.get(name)
            if old is None or old is block or name in self._mentioned:
                continue
            self.report.warn(
                Diagnostic(
                    "R033",
                    f"`{name}` is defined anew, and nothing in this amendment uses it",
                    (
                        Label(block.name.span),
                        Label(old.name.span, "what stands keeps this meaning"),
                    ),
                    "a definition holds in its own text: clauses that are to have this "
                    "meaning are written again below it, with their ids",
                    severity=Severity.WARNING,
                )
            )

    def is_small(self, node: nodes.Condition) -> bool:
        """Tell whether `node`, with its definitions written out, is within bounds.

        If not, it is reported.
        """
        size = self._size(node)
        if size > bounds.MOST_TESTS:
            self._too_large(
                f"this condition has more than {bounds.MOST_TESTS:,} tests, with its "
                "definitions written out",
                node.span,
            )
            return False
        before, self.report.tests = self.report.tests, self.report.tests + size
        if before <= bounds.MOST_TESTS_IN_ALL < self.report.tests:
            self._too_large(
                "the conditions of these rules have more than "
                f"{bounds.MOST_TESTS_IN_ALL:,} tests, with their definitions written out",
                node.span,
            )
        return self.report.tests <= bounds.MOST_TESTS_IN_ALL

    def _named(self, name: str) -> model.Condition | None:
        block = self.blocks[name]
        depth = 1 + max((self._depths.get(n, 0) for n in self._uses[name]), default=0)
        self._depths[name] = depth
        if depth > bounds.DEEPEST_CHAIN:
            if depth == bounds.DEEPEST_CHAIN + 1:
                self.report.error(
                    "P020",
                    f"`{name}` is at the end of more than {bounds.DEEPEST_CHAIN} "
                    "definitions, each of which uses the one before",
                    block.name.span,
                    "a definition can use facts directly",
                )
            return None
        inner = self._resolve(block.when)
        if inner is None:
            return None
        self._sizes[name] = self._size(block.when)
        return model.Named(name, inner)

    def _size(self, node: nodes.Condition) -> int:
        return sum(
            self._sizes.get(atom.fact.text, 1) if self._is_use(atom) else 1
            for atom in atoms(node)
        )

    @cached_property
    def _uses(self) -> dict[str, tuple[str, ...]]:
        """The definitions that each one uses; circles are reported."""
        found = {
            name: tuple(dict.fromkeys(self.used(block.when)))
            for name, block in self.blocks.items()
        }
        for circle in circles(found):
            first, *others = [self.blocks[each].name.span for each in circle]
            self.report.error(
                "R012",
                f"definitions use each other: {shown_circle(circle)}",
                first,
                "one of them has to do with facts alone",
                also=places(others, "and this one"),
            )
        return found

    def used(self, node: nodes.Condition) -> Iterator[str]:
        """Yield the definitions that `node` mentions."""
        return (atom.fact.text for atom in atoms(node) if self._is_use(atom))

    def _is_use(self, atom: nodes.Atom) -> bool:
        return atom.op == "holds" and atom.fact.text in self.blocks

    def _too_large(self, message: str, span: Span) -> None:
        self.report.error(
            "P020", message, span, "a definition that is used twice counts twice"
        )


def atoms(node: nodes.Condition) -> Iterator[nodes.Atom]:
    """Yield the tests in `node` from left to right."""
    match node:
        case nodes.AllOf(parts) | nodes.AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case nodes.Negated(part):
            yield from atoms(part)
        case _:
            yield node


def is_misspelt(defined: nodes.Word, used: nodes.Word, report: Report) -> bool:
    """Report a definition that nothing uses, where `used` is its name more than once."""
    if report.is_lost(used.text) or _count(defined) > 1 or _count(used) == 1:
        return False
    report.error(
        "R001",
        f"`{defined.text}` is defined and not used; `{used.text}` is used and not defined",
        defined.span,
        did_you_mean(defined.span, used.text),
        also=[Label(used.span, "used here")],
    )
    report.lose_name(used.text)
    return True


def _count(name: nodes.Word) -> int:
    """Return how often `name` stands in its file."""
    whole = rf"(?<![\w.\-]){re.escape(name.text)}(?![\w\-])"
    return len(re.findall(whole, name.span.source.text))
