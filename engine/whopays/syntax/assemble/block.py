"""The statements of one block, and what several kinds of block have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark import Token, Tree

from whopays.diagnostics import Span
from whopays.syntax import nodes
from whopays.syntax.build import Builder, parts
from whopays.syntax.problems import Problems
from whopays.syntax.statements import Statement

Lines = list[tuple[str, Tree[Any]]]


@dataclass(frozen=True)
class ReadBlock:
    """The statements of one block.

    `inner` are the nodes of the blocks inside it.
    `broken`: a statement was left out already, so nothing is reported as missing.
    """

    kind: str
    head: Tree[Any]
    lines: Lines
    rows: list[Statement]
    inner: list[nodes.RuleBlock]
    span: Span
    broken: bool


class Written:
    """A block that is read: finds its statements, and builds what they say."""

    def __init__(self, read: ReadBlock, build: Builder, found: Problems) -> None:
        self.read = read
        self.build = build
        self.found = found

    @property
    def span(self) -> Span:
        """The head of the block."""
        return self.read.span

    @property
    def head(self) -> list[Any]:
        """What stands in the head."""
        return parts(self.read.head)

    def each(self, rule: str) -> Iterator[Tree[Any]]:
        """Yield the statements of the kind `rule`."""
        return (tree for kind, tree in self.read.lines if kind == rule)

    def first(self, rule: str) -> Tree[Any] | None:
        """Return the first statement of the kind `rule`, or None."""
        return next(self.each(rule), None)

    def has(self, rule: str) -> bool:
        """Tell whether there is a statement of the kind `rule`."""
        return self.first(rule) is not None

    def word(self, rule: str) -> nodes.Word | None:
        """Return the first word of the statement `rule`, or None."""
        tree = self.first(rule)
        return self.build.word(parts(tree)[0]) if tree else None

    def words(self, rule: str) -> tuple[nodes.Word, ...]:
        """Return the words of all statements of the kind `rule`."""
        found = [self.build.words(parts(tree)[0]) for tree in self.each(rule)]
        return tuple(word for words in found for word in words)

    def head_words(self) -> tuple[nodes.Word, ...]:
        """Return the names and titles in the head."""
        return tuple(self.build.word(part) for part in self.head)

    def when(self, rule: str = "when_line") -> nodes.Condition | None:
        """Return the condition of the block, or None."""
        tree = self.first(rule)
        return self.build.condition(parts(tree)[0]) if tree else None

    def cites(self) -> tuple[nodes.Word, ...]:
        """Return all citations."""
        return self.words("cites")

    def references(self, rule: str) -> tuple[nodes.Reference, ...]:
        """Return the ids with versions of the statements `rule`."""
        return tuple(
            nodes.Reference(*map(self.build.word, parts(tree)))
            for tree in self.each(rule)
        )

    def in_force(self) -> tuple[nodes.Dates, ...]:
        """Return the periods."""
        found = []
        for tree in self.each("in_force"):
            first, *rest = [part for part in parts(tree) if part is not None]
            last = None
            if rest and rest[0].type != "ONWARD":
                last = self.build.word(rest[0])
            found.append(
                nodes.Dates(self.build.word(first), last, self.build.span(tree))
            )
        return tuple(found)

    def by(self, rule: str) -> tuple[nodes.ByLine, ...]:
        """Return the `match by` or `decide by` lines."""
        return tuple(self._by(tree) for tree in self.each(rule))

    def _by(self, tree: Tree[Any]) -> nodes.ByLine:
        facts, condition = parts(tree)
        words = (
            (self.build.word(facts),)
            if isinstance(facts, Token)
            else self.build.words(facts)
        )
        when = self.build.condition(condition) if isinstance(condition, Tree) else None
        return nodes.ByLine(words, when, self.build.span(tree))

    def amount(self, tree: Tree[Any]) -> nodes.Formula:
        """Return an amount; a choice, which is a whole `let`, is reported."""
        value = self.build.choice(tree)
        if not isinstance(value, nodes.IfElse):
            return value
        self.report(
            "P022",
            "a choice stands in a `let` of its own",
            value.span,
            "a line `let NAME = A if CONDITION else B` gives it a name to use here"
            if self.read.kind in {"method", "term"}
            else "two of these blocks, each with its own `when`, say the same",
        )
        return value.otherwise

    def report(self, code: str, message: str, span: Span, remedy: str = "") -> None:
        """Add an error at `span`."""
        self.found.report(code, message, span, remedy)
