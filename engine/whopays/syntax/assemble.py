"""From the statements of a block to its node.

A block that lacks what it can't do without is reported and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lark import Token, Tree

from whopays.diagnostics import Diagnostic, Label, Source, Span
from whopays.syntax import nodes, surface
from whopays.syntax.build import Builder, parts
from whopays.syntax.rows import RowReader
from whopays.syntax.statements import Statement

Lines = list[tuple[str, Tree[Any]]]


@dataclass(frozen=True)
class ReadBlock:
    """The statements of one block.

    `broken`: a statement was left out already, so nothing is reported as missing.
    """

    kind: str
    head: Tree[Any]
    lines: Lines
    rows: list[Statement]
    span: Span
    broken: bool


class Assembler:
    """Makes block nodes; what is wrong goes to `found`."""

    def __init__(self, source: Source, found: list[Diagnostic]) -> None:
        self.build = Builder(source)
        self.found = found
        self._rows = RowReader(self.build, found)

    def block(self, read: ReadBlock) -> nodes.Block | None:
        """Return the node of the block `read`, or None if it lacks something."""
        kind, head, lines, span = read.kind, read.head, read.lines, read.span
        present = {rule for rule, _ in lines}
        for rule in _REQUIRED.get(kind, ()):
            if rule not in present and not (kind == "define" and parts(head)[1]):
                if not read.broken:
                    self._lacks(kind, rule, span)
                return None
        if kind == "responsibility":
            return self._grid(head, lines, read.rows, span)
        make: dict[str, Callable[[Tree[Any], Lines, Span], nodes.Block | None]] = {
            "facts": self._facts,
            "catalog": self._catalog,
            "category": self._category,
            "contract": self._contract,
            "define": self._define,
            "exception": self._exception,
            "treat": self._treat,
            "amendment": self._amendment,
            "limit": self._limit,
            "test": self._test,
        }
        return make[kind](head, lines, span)

    def rank(self, tree: Tree[Any], span: Span) -> nodes.RankLine:
        """Return a `rank` line."""
        first, later = parts(tree)
        return nodes.RankLine(self.build.word(first), self.build.words(later), span)

    def _lacks(self, kind: str, rule: str, span: Span) -> None:
        word = surface.written(rule)
        self.found.append(
            Diagnostic(
                "P016",
                f"this `{kind}` block has no `{word}`",
                (Label(span),),
                f"add a line that begins with `{word}`",
            )
        )

    # Facts

    def _facts(self, head: Tree[Any], lines: Lines, span: Span) -> nodes.FactsBlock:
        build = self.build
        return nodes.FactsBlock(
            build.word(parts(head)[0]),
            build.word(parts(head)[1]),
            self._word(lines, "version"),
            tuple(self._fact(tree) for tree in _each(lines, "fact")),
            tuple(self._amount(tree) for tree in _each(lines, "amount")),
            span,
        )

    def _fact(self, tree: Tree[Any]) -> nodes.FactLine:
        build = self.build
        names, of, kind, *options = parts(tree)
        by_rule = {str(each.data): parts(each) for each in options}
        none = by_rule.get("option_none")
        spread = by_rule.get("option_spread")
        as_of = by_rule.get("option_as_of")
        tokens = [part for part in parts(kind) if isinstance(part, Token)]
        lists = [part for part in parts(kind) if isinstance(part, Tree)]
        return nodes.FactLine(
            build.words(names),
            build.word(parts(of)[0]) if of is not None else None,
            str(kind.data).removeprefix("type_"),
            build.words(lists[0]) if lists else (),
            tuple(build.word(token) for token in tokens),
            none is not None,
            build.literal(none[0]) if none is not None and none[0] else None,
            "option_required" in by_rule,
            build.words(spread[0]) if spread else (),
            build.word(as_of[0]) if as_of else None,
            build.span(tree),
        )

    def _amount(self, tree: Tree[Any]) -> nodes.AmountLine:
        build = self.build
        name, per, *terms = parts(tree)
        found = [
            build.word(token)
            for term in terms
            if isinstance(term, Tree)
            for token in parts(term)
            if token is not None and token.type == "WORD"
        ]
        return nodes.AmountLine(
            build.word(name), build.word(per), tuple(found), build.span(tree)
        )

    # Catalog

    def _catalog(self, head: Tree[Any], lines: Lines, span: Span) -> nodes.CatalogBlock:
        return nodes.CatalogBlock(
            self.build.word(parts(head)[0]),
            self.build.word(parts(head)[1]),
            self._word(lines, "version"),
            self._in_force(lines),
            self._references(lines, "facts_from"),
            tuple(self._by(tree) for tree in _each(lines, "match_by")),
            span,
        )

    def _by(self, tree: Tree[Any]) -> nodes.ByLine:
        facts, condition = parts(tree)
        words = (
            (self.build.word(facts),)
            if isinstance(facts, Token)
            else self.build.words(facts)
        )
        when = self.build.condition(condition) if isinstance(condition, Tree) else None
        return nodes.ByLine(words, when, self.build.span(tree))

    def _category(
        self, head: Tree[Any], lines: Lines, span: Span
    ) -> nodes.CategoryBlock:
        build = self.build
        called = [build.words(parts(tree)[0]) for tree in _each(lines, "also_called")]
        return nodes.CategoryBlock(
            build.word(parts(head)[0]),
            tuple(word for words in called for word in words),
            tuple(build.code_list(parts(tree)[0]) for tree in _each(lines, "codes")),
            self._word(lines, "under"),
            self._when(lines),
            span,
        )

    # Contract

    def _contract(
        self, head: Tree[Any], lines: Lines, span: Span
    ) -> nodes.ContractBlock:
        build = self.build
        payer = next(_each(lines, "payer_for"), None)
        products = next(_each(lines, "products"), None)
        return nodes.ContractBlock(
            build.word(parts(head)[0]),
            build.word(parts(head)[1]),
            self._word(lines, "version"),
            self._word(lines, "signed"),
            self._in_force(lines),
            build.word(parts(payer)[0]) if payer else None,
            build.word(parts(payer)[1]) if payer and parts(payer)[1] else None,
            build.words(parts(products)[0]) if products else (),
            tuple(
                self._party(tree) for rule, tree in lines if rule in {"party", "fund"}
            ),
            self._references(lines, "facts_from"),
            self._references(lines, "categories_from"),
            self._word(lines, "divides"),
            self._word(lines, "calendar"),
            tuple(self._by(tree) for tree in _each(lines, "decide_by")),
            span,
        )

    def _party(self, tree: Tree[Any]) -> nodes.PartyLine:
        build = self.build
        paid_by = build.word(parts(tree)[2]) if len(parts(tree)) > 2 else None  # noqa: PLR2004
        return nodes.PartyLine(
            build.word(parts(tree)[0]),
            build.word(parts(tree)[1]),
            paid_by,
            build.span(tree),
        )

    def _grid(
        self, head: Tree[Any], lines: Lines, rows: list[Statement], span: Span
    ) -> nodes.GridBlock:
        build = self.build
        columns, read = self._rows.grid(rows, span)
        return nodes.GridBlock(
            build.word(parts(head)[0]),
            build.word(parts(head)[1]),
            self._when(lines),
            columns,
            read,
            tuple(self._otherwise(tree) for tree in _each(lines, "otherwise")),
            span,
        )

    def _otherwise(self, tree: Tree[Any]) -> nodes.OtherwiseLine:
        answer, when, cites = parts(tree)
        return nodes.OtherwiseLine(
            self.build.answer(answer),
            self.build.optional(when),
            self.build.words(cites),
            self.build.span(tree),
        )

    def _define(
        self, head: Tree[Any], lines: Lines, span: Span
    ) -> nodes.DefineBlock | None:
        inline = parts(head)[1]
        when = self.build.condition(inline) if inline else self._when(lines)
        if when is None:
            return None
        return nodes.DefineBlock(self.build.word(parts(head)[0]), when, span)

    def _exception(
        self, head: Tree[Any], lines: Lines, span: Span
    ) -> nodes.ExceptionBlock:
        build = self.build
        then = next(_each(lines, "then_line"))
        regardless = [
            build.words(parts(each)[0]) for each in _each(lines, "regardless")
        ]
        return nodes.ExceptionBlock(
            build.word(parts(head)[0]),
            tuple(build.address(each) for each in parts(head)[1].children),
            self._cites(lines),
            self._when(lines),
            build.answer(parts(then)[0]),
            tuple(word for words in regardless for word in words),
            span,
        )

    def _treat(self, head: Tree[Any], lines: Lines, span: Span) -> nodes.TreatBlock:
        name, source, target = map(self.build.word, parts(head))
        return nodes.TreatBlock(
            name, source, target, self._cites(lines), self._when(lines), span
        )

    def _amendment(
        self, head: Tree[Any], lines: Lines, span: Span
    ) -> nodes.AmendmentBlock:
        number, contract, version = map(self.build.word, parts(head))
        changes = tuple(
            self._change(rule, tree)
            for rule, tree in lines
            if rule in {"replace", "add_to", "withdraw", "rename"}
        )
        return nodes.AmendmentBlock(
            number,
            nodes.Reference(contract, version),
            self._word(lines, "signed"),
            self._in_force(lines),
            changes,
            span,
        )

    def _change(self, rule: str, tree: Tree[Any]) -> nodes.Change:
        build, span, inner = self.build, self.build.span(tree), parts(tree)
        if rule == "rename":
            party = nodes.PartyLine(
                build.word(inner[0]), build.word(inner[1]), None, span
            )
            return nodes.Change(
                "rename", None, None, build.words(inner[2]), party, span
            )
        if rule == "withdraw":
            if isinstance(inner[0], Token):
                name = build.word(inner[0])
                address = nodes.Address("clause", name, None, None, name.span)
            else:
                address = build.address(inner[0])
            return nodes.Change("withdraw", address, None, (), None, span)
        kind = "add" if rule == "add_to" else "replace"
        return nodes.Change(
            kind,
            build.address(inner[0]),
            build.answer(inner[1]),
            build.words(inner[2]),
            None,
            span,
        )

    def _limit(self, head: Tree[Any], lines: Lines, span: Span) -> nodes.LimitBlock:
        name, title = map(self.build.word, parts(head))
        return nodes.LimitBlock(
            name, title, self._when(lines), self._word(lines, "applies"), span
        )

    def _test(self, head: Tree[Any], lines: Lines, span: Span) -> nodes.TestBlock:
        build = self.build
        given = [build.items(parts(tree)[0]) for tree in _each(lines, "given")]
        counted = [build.items(parts(tree)[0]) for tree in _each(lines, "counted")]
        return nodes.TestBlock(
            build.word(parts(head)[0]),
            self._word(lines, "test_contract"),
            self._word(lines, "known_on"),
            tuple(item for items in given for item in items),
            tuple(build.items(parts(tree)[0]) for tree in _each(lines, "test_line")),
            tuple(item for items in counted for item in items),
            tuple(self._expect(tree) for tree in _each(lines, "expect")),
            span,
        )

    def _expect(self, tree: Tree[Any]) -> nodes.Expectation:
        items, needs, *because = parts(tree)
        return nodes.Expectation(
            self.build.items(items),
            self.build.words(needs),
            tuple(self.build.address(each) for each in because if each is not None),
            self.build.span(tree),
        )

    # Lines that several blocks have

    def _when(self, lines: Lines) -> nodes.Condition | None:
        tree = next(_each(lines, "when_line"), None)
        return self.build.condition(parts(tree)[0]) if tree else None

    def _word(self, lines: Lines, rule: str) -> nodes.Word | None:
        tree = next(_each(lines, rule), None)
        return self.build.word(parts(tree)[0]) if tree else None

    def _cites(self, lines: Lines) -> tuple[nodes.Word, ...]:
        found = [self.build.words(parts(tree)[0]) for tree in _each(lines, "cites")]
        return tuple(word for words in found for word in words)

    def _references(self, lines: Lines, rule: str) -> tuple[nodes.Reference, ...]:
        return tuple(
            nodes.Reference(*map(self.build.word, parts(tree)))
            for tree in _each(lines, rule)
        )

    def _in_force(self, lines: Lines) -> tuple[nodes.Dates, ...]:
        found = []
        for tree in _each(lines, "in_force"):
            first, *rest = [part for part in parts(tree) if part is not None]
            last = None
            if rest and rest[0].type != "ONWARD":
                last = self.build.word(rest[0])
            found.append(
                nodes.Dates(self.build.word(first), last, self.build.span(tree))
            )
        return tuple(found)


def _each(lines: Lines, rule: str) -> Iterator[Tree[Any]]:
    return (tree for kind, tree in lines if kind == rule)


#: What a block can't do without.
_REQUIRED = {
    "define": ("when_line",),
    "exception": ("then_line",),
    "limit": ("applies",),
    "test": ("expect",),
}
