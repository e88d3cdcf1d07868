"""The dictionary of a contract or of methods: the terms that `terms from` brings.

A term names an amount in a formula. In a condition it becomes a fact of the line, whose
value is worked out from the components before anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from whopays.amounts.units import MONEY, NUMBER, PERCENT, Units
from whopays.diagnostics import Label, Span
from whopays.model import formulas as model
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Term, TermSet
from whopays.resolve.payments.amounts import CLAIM, LINE, Typed
from whopays.resolve.report import Report
from whopays.resolve.termed import report_two_sources
from whopays.syntax import nodes

Key = tuple[str, str]
_KINDS = {MONEY: Kind.MONEY, NUMBER: Kind.NUMBER, PERCENT: Kind.PERCENT}


@dataclass
class Dictionary:
    """The terms of `sets`, by word and source; `every` are all terms that there are.

    Terms of other dictionaries can't be named: those that can, may build on them.
    """

    sets: tuple[TermSet, ...]
    every: tuple[Term, ...]
    report: Report
    #: Whether a dictionary that was named is missing: then its words are not missed.
    is_broken: bool = False
    _named: dict[Key, list[Term]] = field(default_factory=dict)
    _facts: dict[Key, Fact | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the terms under their words; two dictionaries have no word in common."""
        of: dict[Key, TermSet] = {}
        for each in self.sets:
            for term in each.terms:
                key = (term.name, term.source)
                first = of.setdefault(key, each)
                if first is each:
                    self._named.setdefault(key, []).append(term)

    def alike(self, references: Iterable[nodes.Reference]) -> None:
        """Report words that two of the dictionaries named by `references` have."""
        of: dict[Key, tuple[TermSet, Span]] = {}
        for each, reference in zip(self.sets, references, strict=True):
            span = reference.id.span.to(reference.version.span)
            for term in each.terms:
                first, place = of.setdefault((term.name, term.source), (each, span))
                if first is not each:
                    self.report.error(
                        "R006",
                        f"two dictionaries define `{term.id}`: {_name(first)} and "
                        f"{_name(each)}",
                        span,
                        "keep the one that was agreed",
                        also=[Label(place, "the first")],
                    )
                    break

    @property
    def terms(self) -> tuple[Term, ...]:
        """All definitions by which a term is worked out: those named come first."""
        named = [term for editions in self._named.values() for term in editions]
        rest = (t for t in self.every if (t.name, t.source) not in self._named)
        return (*named, *rest)

    # In formulas

    def finder(self, facts: dict[str, Fact] | None = None) -> Finder:
        """Return what finds the terms of one block of formulas.

        `facts`: those of a line, of which each term is one from then on.
        """
        return Finder(self, facts)

    def typed(self, name: nodes.Word, source: nodes.Word) -> Typed | None:
        """Return the term as an amount of a formula, or report and None."""
        found = self._definitions(name, source)
        if found is None:
            return None
        unit = self._unit(found)
        amount = model.TermAmount(name.text, source.text)
        if not unit:
            self.report.error(
                "R024",
                f"`{amount.text}` is yes or no, not an amount",
                name.span.to(source.span),
                "a yes-or-no term stands in conditions",
            )
            return None
        level = CLAIM if _is_of_claim(found) else LINE
        return Typed(amount, MONEY if unit == MONEY else NUMBER, level)

    # In conditions

    def fact(self, word: nodes.Word) -> Fact | None:
        """Return the fact that the term `word` (`NAME by "Source"`) is, or report."""
        amount = model.term_named(word.text)
        if amount is None:
            return None
        key = (amount.name, amount.source)
        if key not in self._facts:
            name, source = _words(word, amount)
            self._facts[key] = self._fact(word, self._definitions(name, source))
        elif self._facts[key] is None:
            self.report.problems += 1
        return self._facts[key]

    def _fact(self, word: nodes.Word, found: list[Term] | None) -> Fact | None:
        if found is None:
            return None
        if _is_of_claim(found):
            self.report.error(
                "R023",
                f"`{word.text}` is an amount of the claim, and a condition is of a line",
                word.span,
                "a term `per line` can stand here",
            )
            return None
        kind = _KINDS.get(self._unit(found), Kind.YES_NO)
        always = len(found) == 1 and found[0].when is None and not found[0].in_force
        return Fact(word.text, kind, found[0].span, or_none=not always, is_term=True)

    # Definitions

    def _definitions(self, name: nodes.Word, source: nodes.Word) -> list[Term] | None:
        key = (name.text, source.text)
        found = self._named.get(key)
        if found is None:
            self._unknown(name, source)
            return None
        if all(term.undefined for term in found):
            self.report.error(
                "R025",
                f"`{found[0].id}` is undefined, and never has an amount: "
                f"{found[0].undefined}",
                name.span.to(source.span),
                "name what is meant by its components, or by a source that defines it",
                also=[Label(found[0].span, "this source says nothing")],
            )
            return None
        return found

    def _unknown(self, name: nodes.Word, source: nodes.Word) -> None:
        if self.is_broken or (not self.sets and self.report.has_lost(name.span)):
            self.report.problems += 1
            return
        elsewhere = next(
            (t for t in self.every if (t.name, t.source) == (name.text, source.text)),
            None,
        )
        if not self.sets or elsewhere is not None:
            named = (
                "no dictionary is named here"
                if not self.sets
                else ("none of the dictionaries that are named here has it")
            )
            of = elsewhere.dictionary if elsewhere is not None else "COLORADO 2026.1"
            self.report.repeated(
                "R025",
                f'`{name.text} by "{source.text}"` is a term, and {named}',
                name.span.to(source.span),
                f"its dictionary stands in the head: `terms from {of}`",
            )
            return
        sources = [by for word, by in self._named if word == name.text]
        if sources:
            what = f"definition of `{name.text}` by"
            self.report.unknown("R009", what, source.text, source.span, sources)
            return
        words = dict.fromkeys(word for word, _ in self._named)
        self.report.unknown("R009", "term", name.text, name.span, words)

    def _unit(self, found: list[Term]) -> str:
        """Return money, number or percent; empty for a term that is yes or no."""
        for term in found:
            if term.holds is not None:
                return ""
            values = [term.value, *(each.value for each in term.readings)]
            value = next((each for each in values if each is not None), None)
            if value is not None:
                facts = {n: f for each in self.sets for n, f in each.facts.items()}
                lets = {let.name: let.unit for let in term.lets}
                return Units(facts, lets).of(value.value)
        return MONEY


@dataclass
class Finder:
    """Finds the terms of one block; one word of it is that of one source."""

    dictionary: Dictionary
    facts: dict[str, Fact] | None = None
    _seen: dict[str, nodes.TermName] = field(default_factory=dict)

    def __call__(self, node: nodes.TermName) -> Typed | None:
        """Return the term that `node` names, or report and None."""
        first = self._seen.setdefault(node.word.text, node)
        if first.source.text != node.source.text:
            report_two_sources(
                (node.word.text, first.source.text, node.source.text),
                node.span,
                first.span,
                self.dictionary.report,
            )
            return None
        found = self.dictionary.typed(node.word, node.source)
        if found is not None and found.level == LINE and self.facts is not None:
            fact = self.dictionary.fact(nodes.Word(found.value.text, node.span))
            if fact is not None:
                self.facts[fact.name] = fact
        return found


def _words(word: nodes.Word, amount: model.TermAmount) -> tuple[nodes.Word, nodes.Word]:
    """Return the name and the source of a term that a condition has as one word."""
    source, start = word.span.source, word.span.start
    quote = word.span.text.find('"')
    name = Span(source, start, start + len(amount.name))
    cited = Span(source, start + quote, word.span.end) if quote > 0 else word.span
    return nodes.Word(amount.name, name), nodes.Word(amount.source, cited)


def _is_of_claim(found: list[Term]) -> bool:
    """Tell whether what the definitions say is of the claim, and of no line."""
    return all(_level(term) == CLAIM for term in found if not term.undefined)


def _level(term: Term) -> str:
    if term.holds is not None or term.value is None:
        levels = {each.value.level for each in term.readings}
        return CLAIM if levels == {CLAIM} else LINE
    return term.level


def _name(each: TermSet) -> str:
    return f"{each.id} {each.version}".strip()
