"""The dictionaries of a folder: all terms, and those that heads name with `terms from`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from whopays.diagnostics import Span
from whopays.model.facts import Fact
from whopays.model.payments import TermSet
from whopays.resolve.payments.dictionary import Dictionary
from whopays.resolve.payments.terms import Terms
from whopays.resolve.sections import Key, Library
from whopays.syntax import nodes

References: TypeAlias = tuple[nodes.Reference, ...]
#: Returns the facts that a head builds on, or None after errors.
FactsFrom: TypeAlias = Callable[[References, Span, str], dict[str, Fact] | None]


class Dictionaries:
    """The terms of a folder, resolved before what names them."""

    def __init__(self, library: Library, facts_from: FactsFrom) -> None:
        self._library = library
        self._facts_from = facts_from
        # Found once each, and before any term is resolved: by the place of its name.
        self._named = {id(each): library.have("terms", each) for each in self._asked()}

    def _asked(self) -> list[nodes.Reference]:
        library = self._library
        heads = [section.head for section in library.contracts]
        heads += [s.head for s in library.sections(nodes.MethodsBlock).values()]
        return [
            reference
            for head in heads
            if isinstance(head, nodes.ContractBlock | nodes.MethodsBlock)
            for reference in head.terms_from
        ]

    def dictionary(self, references: References) -> Dictionary:
        """Return the terms that `references` bring; one that is broken brings none."""
        sets, good, is_broken = [], [], False
        for reference in references:
            key = self._named.get(id(reference))
            if key not in self.terms:
                is_broken = True
            elif self.terms[key] not in sets:
                sets.append(self.terms[key])
                good.append(reference)
        every = tuple(term for each in self.terms.values() for term in each.terms)
        found = Dictionary(tuple(sets), every, self._library.report, is_broken)
        found.alike(good)
        return found

    def facts_of(self, references: References) -> References:
        """Return the facts that the dictionaries named by `references` build on."""
        known = self._library.sections(nodes.TermsBlock)
        keys = (self._named.get(id(each)) for each in references)
        heads = (known[key].head for key in keys if key is not None)
        return tuple(
            reference
            for head in heads
            if isinstance(head, nodes.TermsBlock)
            for reference in head.facts_from
        )

    @cached_property
    def terms(self) -> dict[Key, TermSet]:
        """All terms: those of the files, and those that a head names."""
        every = Terms(self._library.report)
        sections = self._library.sections(nodes.TermsBlock)
        for section in sections.values():
            every.know(section)
        found = {}
        for key, section in list(sections.items()):
            head = section.head
            if isinstance(head, nodes.TermsBlock):
                facts = self._facts_from(head.facts_from, head.span, "terms")
                if facts is not None:
                    found[key] = every.term_set(head, section, facts)
        every.close()
        return found
