"""Text to nodes: finds the blocks, reads their statements, reports every problem.

Never raises for what an author wrote. A statement that can't be read is reported and
left out; its block is kept, so that the rest of it is still looked at.
"""

from __future__ import annotations

import re
from typing import Any

from lark import Tree

from whopays import bounds
from whopays.diagnostics import (
    Diagnostic,
    Label,
    Remedy,
    Source,
    Span,
    insert,
    leave_out_lines,
    rewrite,
)
from whopays.syntax import surface
from whopays.syntax.assemble import Assembler, ReadBlock
from whopays.syntax.edition import edition, first
from whopays.syntax.mistakes.first import meant_first
from whopays.syntax.mistakes.unknown import (
    Beside,
    clipped,
    first_word,
    may_stand,
    unknown_line,
)
from whopays.syntax.mistakes.unless import joined, uncommented
from whopays.syntax.nodes import Block, LostBlock, RuleBlock, RuleFile
from whopays.syntax.opened import Opened
from whopays.syntax.problems import Problems
from whopays.syntax.read import read_tree, reader
from whopays.syntax.statements import Statement, comment_start, statements

#: A head with an id and a title.
_TITLED = re.compile(r'[a-z]+ +[^\s"]+ .*"')


def read_source(source: Source) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of `source` as it stands, and all that is wrong with its text."""
    written = statements(source)
    reading = _Reader(source, written)
    for number, statement in enumerate(written):
        reading.read(statement, number)
        if len(reading.found) >= bounds.MOST_PROBLEMS:
            return RuleFile(source, (), has_errors=True), reading.found
    reading.finish()
    unread = reading.found.unread(written)
    has_errors = any(each.is_error for each in reading.found)
    return RuleFile(source, tuple(reading.blocks), unread, has_errors), reading.found


class _Reader:
    """Reads statements one by one and closes blocks into nodes."""

    def __init__(self, source: Source, written: list[Statement]) -> None:
        self.source = source
        self._written = written
        # The number of the statement that is being read.
        self._number = 0
        self.blocks: list[Block] = []
        self.found = Problems(source)
        self._open: Opened | None = None
        self._seen_edition = False
        self._seen_any = False
        # The statement before the one that is being read.
        self._last: Statement | None = None
        # The place among the problems of a block that was not closed before the next.
        self._nested: int | None = None
        self._unclosed = ""
        # What follows a line outside any block is outside for the same reason.
        self._astray = False
        self._assembler = Assembler(source, self.found)

    def read(self, statement: Statement, number: int) -> None:
        """Take the next statement of the file, which is that of this `number`."""
        self._number = number
        if not self._seen_any:
            first(statement, self.found)
        self._seen_any = True
        block, word = self._open, statement.word
        if statement.is_row:
            self._row(statement)
        elif word == "end" and statement.span.text.split("#")[0].strip() == "end":
            self._end(statement)
        elif word == "end":
            self._long_end(statement)
        elif word == "edition":
            self._edition(statement)
        elif self._is_head(statement):
            self._start(statement)
        elif word == "rank" and block is None:
            self._rank(statement)
        elif block is None:
            self._outside(statement)
        else:
            self._line(block, statement)
        self._last = statement

    def finish(self) -> None:
        """Close the file."""
        while self._open is not None:
            self._missing_end(self._open, None)
            self._close()
        if not self._seen_any:
            place = Span(self.source, 0, 0)
            self.found.report(
                "P017", "this file is empty", place, "it begins with `edition 1`"
            )

    # Edition and heads

    def _edition(self, statement: Statement) -> None:
        tree = self._tree(statement, "statement")
        written = None if tree is None else str(tree.children[0])
        edition(statement, written, again=self._seen_edition, found=self.found)
        self._seen_edition = True

    def _is_head(self, statement: Statement) -> bool:
        word, block = statement.word, self._open
        if word not in surface.BLOCKS:
            return False
        second = statement.span.text.split()[1:2]
        if word in {"facts", "terms", "category"} and second == ["from"]:
            return False
        if word == "category" and block is not None and block.kind == "responsibility":
            return '"' in statement.span.text.split("|")[0]
        if word == "facts" and block is not None and '"' not in statement.span.text:
            return "facts" not in surface.first_words(block.kind)
        if block is not None and block.kind == "test" and word in surface.TESTED:
            # Inside a test these name what is tested; a head has a title.
            text = statement.span.text
            return (
                word != "term"
                and _TITLED.match(text[: comment_start(text)]) is not None
            )
        return True

    def _start(self, statement: Statement) -> None:
        self._astray = False
        kind = statement.word
        outer = None
        if kind in surface.INSIDE:
            outer = self._outer(kind, statement)
        else:
            while self._open is not None:
                self._missing_end(self._open, statement)
                self._close()
        tree = self._tree(statement, "statement")
        if tree is not None and _rule(tree) != f"{kind}_head":
            tree = None
            self.found.report(
                "P003",
                f"`{kind}` ends too early",
                statement.span,
                f"it is written `{surface.head_as_written(kind)}`",
            )
        self._open = Opened(kind, statement, tree, outer=outer, broken=tree is None)

    def _outer(self, kind: str, statement: Statement) -> Opened | None:
        """Return the block inside which `statement` opens another."""
        if self._open is not None and self._open.kind == kind:
            self._missing_end(self._open, statement)
            self._close()
        if self._open is None or self._open.kind != surface.INSIDE[kind]:
            self.found.report(
                "P005",
                f"a `{kind}` stands inside `{surface.INSIDE[kind]}` blocks only",
                statement.span,
                f"move it into the `{surface.INSIDE[kind]}` that it belongs to",
            )
        return self._open

    # Statements of a block

    def _line(self, block: Opened, statement: Statement) -> None:
        word = statement.word
        if word not in surface.first_words(block.kind):
            if block.outer and word in surface.first_words(block.outer.kind):
                self._missing_end(block, statement)
                self._close()
                self._line(block.outer, statement)
                return
            near = Beside(self._last, self._other_when(block))
            unknown_line(block, statement, near, self.found)
            return
        tree = self._tree(statement, "statement")
        if tree is None:
            block.broken = True
            return
        rule = _rule(tree)
        if block.kind == "test" and rule == "term_head":
            rule = "test_term"
        allowed = surface.BLOCKS[block.kind]
        if rule == "bound" and not block.takes_bound and block.broken:
            return
        if rule == "bound" and not block.takes_bound:
            self.found.report(
                "P005",
                "a bound stands under the amount that it bounds",
                statement.span,
                "its place is below `pay`, `patient owes`, `carry`, `is` or `reading`",
            )
            return
        if rule not in allowed:
            self.found.report(
                "P005",
                f"this cannot stand in a `{block.kind}` block",
                statement.span,
                may_stand(block.kind),
            )
            return
        first = next((each for kind, each in block.lines if kind == rule), None)
        if first is not None and not allowed[rule]:
            self._twice(block, tree, statement, first)
            return
        block.lines.append((rule, tree))

    def _other_when(self, block: Opened) -> Span | None:
        """Return the `when` of `block`, above this statement or below it."""
        above = [tree for rule, tree in block.lines if rule == "when_line"]
        if above:
            return self._assembler.build.span(above[0])
        for each in self._written[self._number + 1 :]:
            if each.word == "end" or each.word in surface.HEADS:
                return None
            if each.word == "when":
                return uncommented(each.span)
        return None

    def _twice(
        self, block: Opened, tree: Tree[Any], again: Statement, first: Tree[Any]
    ) -> None:
        place, rule = self._assembler.build.span(first), _rule(tree)
        remedy: str | Remedy = "keep one"
        if rule == "then_line":
            # Each may hold a part of the answer: neither is looked at alone.
            block.lines = [each for each in block.lines if each[0] != rule]
            block.broken = True
        if rule == "when_line":
            span = self._assembler.build.span(tree)
            reads = reader("when", "statement", self.found)
            second = re.sub(r"^when\s+", "", span.text)
            both = joined(place, span, second, reads)
            remedy = both or "keep one; two conditions are joined with `and`"
        self.found.report(
            "P015",
            f"`{surface.written(rule)}` stands twice in this `{block.kind}` block",
            again.span,
            remedy,
            [Label(place, "the first one")],
        )

    def _outside(self, statement: Statement) -> None:
        if self._astray:
            return
        self._astray = True
        place, word = first_word(statement), statement.word
        if self._nested is not None and word in surface.first_words(self._unclosed):
            # It belongs to the block inside which another one stood.
            self.found.advise(
                self._nested,
                "blocks do not stand inside each other: this one closes before the "
                "next begins",
            )
            self._nested = None
            return
        if any(word in surface.first_words(each) for each in surface.BLOCKS):
            self.found.report(
                "P008",
                f"`{word}` stands outside any block",
                place,
                "put it between the head of its block and `end`",
            )
            return
        meant = meant_first(statement, surface.first_words(None), self.found)
        self.found.report(
            "P004",
            f"`{clipped(word)}` is not a word that a block can begin with",
            place,
            meant or "",
        )
        kind = meant.fix[0].text if meant else ""
        if kind in surface.BLOCKS:
            self._astray = False
            self._open = Opened(kind, statement, None, broken=True)

    def _rank(self, statement: Statement) -> None:
        tree = self._tree(statement, "statement")
        if tree is not None:
            self.blocks.append(self._assembler.rank(tree, statement.span))

    def _row(self, statement: Statement) -> None:
        block = self._open
        if block is not None and block.kind == "responsibility":
            block.rows.append(statement)
        elif block is None and self._astray:
            return
        elif block is None or not block.broken:
            self._astray = block is None
            self.found.report(
                "P008",
                "a row stands outside a `responsibility` block",
                statement.span,
                'rows stand between `responsibility ID "title"` and `end`',
            )

    # Ends

    def _long_end(self, statement: Statement) -> None:
        self.found.report(
            "P002",
            "nothing follows `end` on its line",
            statement.span,
            rewrite(statement.span, "end"),
        )
        self._end(statement)

    def _end(self, statement: Statement) -> None:
        block = self._open
        if block is None and self._astray:
            self._astray = False
        elif block is None and self._nested is not None:
            # The `end` of a block inside which another one stood: one mistake.
            words = "leave out the `end` that is one too many below"
            self.found.also_mend(self._nested, leave_out_lines(statement.span, words))
            self._nested = None
        elif block is None:
            self.found.report(
                "P007",
                "this `end` closes nothing",
                statement.span,
                "it is one too many, or one above it is",
            )
        else:
            self._close()

    def _close(self) -> None:
        block = self._open
        if block is None:
            return
        self._open = block.outer
        if block.tree is None:
            self.blocks.append(LostBlock(block.kind, block.head.span))
            return
        built = self._assembler.block(
            ReadBlock(
                block.kind,
                block.tree,
                block.lines,
                block.rows,
                block.inner,
                block.head.span,
                block.broken,
            )
        )
        if built is None:
            self.found.lost.append(block.head.span)
        if isinstance(built, RuleBlock):
            if block.outer is not None:
                block.outer.inner.append(built)
        elif built is not None:
            self.blocks.append(built)

    def _missing_end(self, block: Opened, before: Statement | None) -> None:
        if before is not None:
            self._nested, self._unclosed = len(self.found), block.kind
        next_head = "the next block begins here"
        also = [Label(before.span, next_head)] if before is not None else []
        remedy = insert(
            self.source,
            (self._last or block.head).span.end,
            "\nend",
            "write `end` on a line of its own after the last line of the block",
        )
        self.found.report(
            "P006",
            f"this `{block.kind}` block has no `end`",
            Label(block.head.span, "this block is not closed"),
            remedy,
            also,
        )

    # Reading

    def _tree(self, statement: Statement, start: str) -> Tree[Any] | None:
        return read_tree(statement, start, self.found)


def _rule(tree: Tree[Any]) -> str:
    return str(tree.data)
