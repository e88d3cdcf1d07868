"""What a test gives: facts with their values, as they stand in the cells of a claim."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from whopays.diagnostics import Label, Remedy, Span, insert, leave_out, nearest, rewrite
from whopays.model.codes import normal_code, system_of
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, Value
from whopays.resolve import literals
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.resolve.values import example_given, with_system
from whopays.syntax import nodes

Item = tuple[nodes.Literal, ...]


@dataclass
class Given:
    """Reads `given` and `line` items; `category` finds the category given by name.

    `bare`: a code may stand without its system where the fact leaves no doubt of it.
    """

    scope: Scope
    report: Report
    category: Callable[[nodes.Word], str | None] | None = None
    titles: Collection[str] = ()
    bare: bool = False

    def facts(self, items: tuple[Item, ...]) -> tuple[dict[str, Value], str | None]:
        """Return the facts of `items`, and the category given by name."""
        found: dict[str, Value] = {}
        places: dict[str, Span] = {}
        category = None
        current: Fact | None = None
        for item in map(_joined, items):
            if self.category and item[0].text == "category" and len(item) == 2:  # noqa: PLR2004
                word = nodes.Word(item[1].text, item[1].span)
                category = self.category(word)
                continue
            if self.category and item[0].text == "category" and len(item) > 1:
                self._bare_category(item)
                continue
            if len(item) == 1:
                self._more(item[0], current, found)
                continue
            if item[0].kind == "not":
                span = item[0].span.to(item[-1].span)
                message = "a test gives facts, and no conditions"
                remedy = rewrite(span, f"{item[-1].text} no")
                self.report.error("R019", message, span, remedy)
                continue
            word = nodes.Word(item[0].text, item[0].span)
            current = self.scope.fact(word)
            if current is None:
                continue
            value = self._value(current, item)
            if value is not None:
                if current.name in found:
                    message = f"`{current.name}` is given twice"
                    first = Label(places[current.name], "the first one")
                    self.report.error(
                        "R019", message, item[0].span, "keep one of them", also=[first]
                    )
                places[current.name] = item[0].span
                found[current.name] = value
        return found, category

    def _bare_category(self, item: Item) -> None:
        """Report a category without quotes."""
        place = item[1].span.to(item[-1].span)
        near = nearest(place.text, self.titles) or place.text
        remedy = rewrite(place, f'"{near}"')
        self.report.error("R019", "a category stands between quotes", place, remedy)

    def _value(self, fact: Fact, item: Item) -> Value | None:
        last = item[-1]
        if last.kind == "none":
            if not fact.or_none:
                self.report.error(
                    "R019",
                    f"`{fact.name}` is never none",
                    last.span,
                    "a fact that a test does not mention is unknown",
                )
                return None
            return NONE
        if fact.kind in {Kind.CODE, Kind.CODES}:
            return self._code(fact, item)
        if len(item) != 2:  # noqa: PLR2004 - a fact and its value
            self.report.error(
                "R019",
                f"`{fact.name}` has more than one value",
                item[2].span,
                self._divided(item),
            )
            return None
        return self.scope.value(fact, last)

    def _divided(self, item: Item) -> str | Remedy:
        """Return the remedy where a comma is missing before the next fact."""
        span = item[2].span
        if item[2].text in self.scope.facts:
            end = item[1].span.end
            words = f"write a comma before `{item[2].text}`"
            return insert(span.source, end, ",", words)
        if len(item) == 3:  # noqa: PLR2004 - a fact, its value, and one word more
            return leave_out(span, f"leave out `{item[2].text}`")
        return "facts are separated by commas"

    def _code(self, fact: Fact, item: Item) -> Value | None:
        if self.bare and len(item) == 2:  # noqa: PLR2004 - a fact and its code
            bare = normal_code(item[1].text)
            if system_of(bare, fact.systems):
                return (bare,) if fact.kind is Kind.CODES else bare
        if len(item) != 3:  # noqa: PLR2004 - fact, system, code
            self.report.error(
                "R005",
                "a code follows the name of its code system",
                item[-1].span,
                with_system(fact, item[-1].text, item[-1].span)
                if len(item) == 2  # noqa: PLR2004 - a fact and its code
                else "facts are separated by commas",
            )
            return None
        name = nodes.Word(item[1].text, item[1].span)
        system_name = literals.system_of(name, self.report)
        if system_name is None:
            return None
        if system_name not in fact.systems:
            self.report.error(
                "R005",
                f"`{fact.name}` has no codes of {system_name}",
                item[1].span,
                f"it is {fact.described}",
            )
            return None
        word = nodes.Word(item[2].text, item[2].span)
        codes = nodes.CodeList(name, (word,), name.span.to(word.span))
        if literals.is_of_other_system(codes, fact.systems, self.report):
            return None
        code = literals.one_code(system_name, word, self.report)
        if code is None:
            return None
        return (code,) if fact.kind is Kind.CODES else code

    def _more(
        self, piece: nodes.Literal, fact: Fact | None, found: dict[str, Value]
    ) -> None:
        """Add one more code to the list given before the comma."""
        if fact is None or fact.kind is not Kind.CODES:
            known = self.scope.facts.get(piece.text)
            self.report.error(
                "R019",
                f"`{piece.text}` has no value here"
                if known
                else "a fact and its value are expected here",
                piece.span,
                example_given(known) if known else "for example, `product HMO`",
            )
            return
        word = nodes.Word(piece.text, piece.span)
        code = literals.one_code(fact.systems[0], word, self.report)
        before = found.get(fact.name)
        if code is not None and isinstance(before, tuple):
            found[fact.name] = tuple(sorted({*map(str, before), code}))


def _joined(item: Item) -> Item:
    """Return `item` with a term (`paid_amount by "Maine"`) as one word."""
    if len(item) < 3 or item[1].text != "by" or item[2].kind != "string":  # noqa: PLR2004
        return item
    name, _, source, *rest = item
    span = name.span.to(source.span)
    term = nodes.Literal("word", f'{name.text} by "{source.text}"', span)
    return (term, *rest)
