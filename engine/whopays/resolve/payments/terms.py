"""Payment terms: what one source means by a word, with readings and editions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from whopays import bounds
from whopays.diagnostics import Label, rewrite
from whopays.model import formulas as model
from whopays.model.facts import Fact
from whopays.model.graphs import circles, depths
from whopays.model.payments import Reading, Term, TermSet
from whopays.resolve.catalog import periods
from whopays.resolve.circles import places, shown_circle
from whopays.resolve.conditions import Scope
from whopays.resolve.names import check_name
from whopays.resolve.payments.amounts import CLAIM, LINE, MONEY, Amounts, Typed
from whopays.resolve.payments.lets import lets
from whopays.resolve.payments.methods import of_patient, result
from whopays.resolve.payments.mixed import Credits, Written, of_two_sources
from whopays.resolve.report import Report
from whopays.resolve.sections import Section, defines_of
from whopays.syntax import nodes

_LEVELS = (LINE, CLAIM)


class Terms:
    """All terms of a folder, by word and source, so that formulas can name them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._blocks: dict[tuple[str, str], list[nodes.TermBlock]] = {}
        self._edges: dict[str, list[str]] = {}
        self._written: list[Written] = []

    def know(self, section: Section) -> None:
        """Remember the terms of `section`, before any is resolved."""
        for block in section.members:
            if isinstance(block, nodes.TermBlock):
                key = (block.name.text, block.source.text)
                self._blocks.setdefault(key, []).append(block)

    def term_set(
        self, head: nodes.TermsBlock, section: Section, facts: dict[str, Fact]
    ) -> TermSet:
        """Return the terms under `head`."""
        defines = defines_of(section, self.report)
        known = {**facts, **of_patient(facts)}
        Scope(known, self.report, defines=defines).resolve_defines()
        blocks = [b for b in section.members if isinstance(b, nodes.TermBlock)]
        found = []
        version = head.version.text if head.version else ""
        for block in blocks:
            scope = Scope(dict(known), self.report, defines=defines)
            term = self._term(block, scope)
            found.append(replace(term, dictionary=f"{head.id.text} {version}".strip()))
        self._apart(found)
        return TermSet(
            head.id.text, version, head.title.text, facts, tuple(found), head.id.span
        )

    def close(self) -> None:
        """Report what is wrong between terms: circles, long ways, words that do not mix."""
        by_name: dict[tuple[str, str], list[Term]] = {}
        for each in self._written:
            term = each.term
            by_name.setdefault((term.name, term.source), []).append(term)

        def definitions(amount: model.TermAmount) -> list[Term]:
            return by_name.get((amount.name, amount.source), [])

        credits_ = Credits(definitions)
        for written in self._written:
            of_two_sources(written, definitions, self.report)
            credits_.report(written, self.report)
        spans = {
            _id(block.name, block.source): block.name.span
            for editions in self._blocks.values()
            for block in reversed(editions)
        }
        for circle in circles(self._edges):
            first, *others = [spans[name] for name in circle]
            self.report.error(
                "R012",
                f"terms are defined by each other: {shown_circle(circle)}",
                first,
                "one of them has to do with facts alone",
                also=places(others, "and this one"),
            )
        for name, depth in depths(self._edges).items():
            if depth == bounds.DEEPEST_CHAIN + 1:
                self.report.error(
                    "P020",
                    f"`{name}` is at the end of more than {bounds.DEEPEST_CHAIN} terms "
                    "that build on each other",
                    spans[name],
                    "write one of them by its components",
                )

    # One term

    def _term(self, block: nodes.TermBlock, scope: Scope) -> Term:
        check_name("term", block.name, self.report)
        level = self._level(block)
        amounts = Amounts(scope, level, self._found)
        named = lets(block.lets, amounts)
        value = None
        if block.value is not None:
            value = result(block.value, amounts, unit="")
        readings = tuple(self._readings(block, amounts))
        found = Term(
            block.name.text,
            block.source.text,
            block.called.text if block.called else "",
            tuple(word.text for word in block.cites),
            scope.optional(block.when),
            periods(block.in_force, self.report),
            level,
            named,
            value,
            readings,
            scope.optional(block.holds),
            block.ambiguous.text if block.ambiguous else "",
            block.undefined.text if block.undefined else "",
            block.name.span.to(block.source.span),
        )
        self._hangs_together(block)
        self._written.append(Written(block, found))
        parts = (part for value in _values(found) for part in model.parts_of(value))
        used = (part for part in parts if isinstance(part, model.TermAmount))
        self._edges.setdefault(found.id, []).extend(each.text for each in used)
        return found

    def _level(self, block: nodes.TermBlock) -> str:
        per = block.per
        if per is None:
            bare = any(reading.per is None for reading in block.readings)
            if block.value is not None or bare:
                self.report.missing(
                    "this `term` block has no `per`",
                    block.span,
                    "it takes `per line` or `per claim`",
                )
            return LINE
        if per.whom.text not in _LEVELS or per.period:
            word = per.whom
            self.report.unknown(
                "R003", "level of a term", word.text, word.span, _LEVELS
            )
        if per.spread_by:
            self.report.error(
                "R026",
                "a term is not spread over lines",
                per.span,
                rewrite(per.span, per.span.text.split(" spread")[0]),
            )
        return CLAIM if per.whom.text == CLAIM else LINE

    def _readings(self, block: nodes.TermBlock, amounts: Amounts) -> Iterator[Reading]:
        seen: dict[str, nodes.Word] = {}
        for line in block.readings:
            name, level = line.name.text, amounts.level
            if name in seen:
                self.report.twice("reading", name, line.name.span, seen[name].span)
                continue
            seen[name] = line.name
            check_name("reading", line.name, self.report)
            if line.per is not None:
                level = line.per.text
                if level not in _LEVELS:
                    self.report.unknown(
                        "R003", "level of a reading", level, line.per.span, _LEVELS
                    )
                    continue
            own = replace(amounts, level=level)
            node = nodes.AmountLine("is", None, line.value, line.bounds, line.span)
            built = result(node, own, unit="")
            if built is not None:
                yield Reading(name, built)

    def _found(self, node: nodes.TermName) -> Typed | None:
        key = (node.word.text, node.source.text)
        editions = self._blocks.get(key, [])
        levels = dict.fromkeys(_level_of(block) for block in editions)
        if len(levels) == 1:
            return Typed(model.TermAmount(*key), MONEY, next(iter(levels)))
        if levels:
            self.report.error(
                "R023",
                f"`{_id(node.word, node.source)}` is per line in one definition and per "
                "claim in another",
                node.span,
                "what is used in formulas has one level in all its editions",
                also=[Label(block.name.span, _level_of(block)) for block in editions],
            )
            return None
        sources = [source for word, source in self._blocks if word == key[0]]
        if sources:
            what = f"definition of `{key[0]}` by"
            self.report.unknown("R009", what, key[1], node.source.span, sources)
        else:
            words = dict.fromkeys(word for word, _ in self._blocks)
            self.report.unknown("R009", "term", key[0], node.word.span, words)
        return None

    def _hangs_together(self, block: nodes.TermBlock) -> None:
        answers = [
            part
            for part in (
                block.value and block.value.span,
                block.holds and block.holds.span,
                block.ambiguous and block.ambiguous.span,
                block.undefined and block.undefined.span,
            )
            if part
        ]
        if not answers:
            self.report.missing(
                "this `term` block does not say what the term is",
                block.span,
                "it takes `is AMOUNT`, `holds when …`, `ambiguous because` or "
                "`undefined because`",
            )
        elif len(answers) > 1:
            self.report.error(
                "R026",
                "this term has two answers",
                answers[1],
                "keep one; other readings are written `reading NAME is …`",
                also=[Label(answers[0], "the first")],
            )
        if block.ambiguous is not None and len(block.readings) < 2:  # noqa: PLR2004
            self.report.error(
                "R026",
                "an ambiguous term has two readings at least",
                block.ambiguous.span,
                "each is written `reading NAME per line is …`",
            )

    # Editions

    def _apart(self, found: list[Term]) -> None:
        """Check that several definitions of one word by one source are kept apart."""
        first: dict[tuple[str, str], list[Term]] = {}
        for term in found:
            key = (term.name, term.source)
            for other in first.setdefault(key, []):
                if term.when is None and other.when is None and _overlap(term, other):
                    self.report.error(
                        "R006",
                        f"term `{term.id}` is defined twice for the same days",
                        term.span,
                        "keep editions apart with `in force`, or cases with `when`",
                        also=[Label(other.span, "first defined here")],
                    )
                    break
            first[key].append(term)


def _values(term: Term) -> Iterator[model.Formula | model.Choice]:
    """Yield the formulas of `term`: lets, its amount and its readings, with bounds."""
    yield from (let.value for let in term.lets)
    results = [term.value, *(reading.value for reading in term.readings)]
    for each in results:
        if each is not None:
            yield each.value
            yield from (bound.value for bound in each.bounds)


def _overlap(one: Term, other: Term) -> bool:
    if not one.in_force or not other.in_force:
        return True
    return any(
        a.first in b or b.first in a for a in one.in_force for b in other.in_force
    )


def _level_of(block: nodes.TermBlock) -> str:
    return CLAIM if block.per and block.per.whom.text == CLAIM else LINE


def _id(word: nodes.Word, source: nodes.Word) -> str:
    return f'{word.text} by "{source.text}"'
