"""Rule files to rules: resolves what each file says, in the order in which it builds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from whopays.diagnostics import Diagnostic, Label, Span, rewrite
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract
from whopays.model.facts import Fact, FactSet
from whopays.model.rules import Rules, TestCase
from whopays.resolve.catalog import catalog
from whopays.resolve.contract import contract
from whopays.resolve.facts import fact_set
from whopays.resolve.later import not_evaluated
from whopays.resolve.library import Find, Key, Library, Section, version_of
from whopays.resolve.report import Report
from whopays.resolve.targets import targets
from whopays.resolve.tests import test_case
from whopays.resolve.versions import versions
from whopays.syntax import nodes


def resolve(files: list[nodes.RuleFile], find: Find) -> tuple[Rules, list[Diagnostic]]:
    """Return the rules of `files`, and all that is wrong with their names and types."""
    report = Report()
    library = Library(find, report)
    for file in files:
        library.add(file)
    resolver = _Resolver(library)
    contracts = resolver.contracts()
    catalogs = resolver.all_catalogs()
    tests = resolver.tests(contracts)
    facts = resolver.all_facts()
    sources = tuple(sorted(library.sources))
    if not report.problems and not any(file.unread for file in files):
        report.extend(not_evaluated(files))
    return Rules(facts, catalogs, contracts, tests, sources), report.found


class _Resolver:
    """Resolves sections, each once, when something refers to it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.report = library.report
        self._fact_sets: dict[Key, FactSet] = {}
        self._catalogs: dict[Key, Catalog | None] = {}

    # Facts and catalogs, by reference

    def all_facts(self) -> dict[Key, FactSet]:
        """Return every facts block."""
        known = self.library.sections(nodes.FactsBlock)
        return {key: self._fact_set(key) for key in list(known)}

    def all_catalogs(self) -> dict[Key, Catalog]:
        """Return every catalog."""
        known = self.library.sections(nodes.CatalogBlock)
        built = {key: self._catalog(key) for key in list(known)}
        return {key: each for key, each in built.items() if each is not None}

    def _fact_set(self, key: Key) -> FactSet:
        if key not in self._fact_sets:
            head = self.library.sections(nodes.FactsBlock)[key].head
            if not isinstance(head, nodes.FactsBlock):
                raise TypeError(head)
            self._fact_sets[key] = fact_set(head, self.report)
        return self._fact_sets[key]

    def facts_from(
        self, references: tuple[nodes.Reference, ...], span: Span, what: str
    ) -> dict[str, Fact] | None:
        """Return the facts of all `references`, or None after errors."""
        if not references:
            self.report.missing(
                f"this `{what}` block has no `facts from`",
                span,
                "it takes a line such as `facts from STANDARD 2026.1`",
            )
            return None
        found: dict[str, Fact] = {}
        for reference in references:
            key = self.library.have("facts", reference)
            if key is None:
                return None
            for name, fact in self._fact_set(key).facts.items():
                if name in found and found[name] != fact:
                    self.report.twice("fact", name, fact.span, found[name].span)
                found.setdefault(name, fact)
        return found

    def _catalog(self, key: Key) -> Catalog | None:
        if key not in self._catalogs:
            section = self.library.sections(nodes.CatalogBlock)[key]
            head = section.head
            if not isinstance(head, nodes.CatalogBlock):
                raise TypeError(head)
            facts = self.facts_from(head.facts_from, head.span, "catalog")
            self._catalogs[key] = (
                None
                if facts is None
                else catalog(head, section.members, facts, self.report)
            )
        return self._catalogs[key]

    # Contracts and tests

    def contracts(self) -> dict[str, Contract]:
        """Return every contract, with its amendments and checked targets."""
        found: dict[str, Contract] = {}
        seen: dict[str, Span] = {}
        for section in self.library.contracts:
            head = section.head
            if not isinstance(head, nodes.ContractBlock):
                continue
            if head.id.text in seen:
                first = seen[head.id.text]
                self.report.twice("contract", head.id.text, head.id.span, first)
                continue
            seen[head.id.text] = head.id.span
            built = self._contract(section, head)
            if built is not None:
                found[built.id] = built
        self._lost_amendments(seen)
        return found

    def _contract(self, section: Section, head: nodes.ContractBlock) -> Contract | None:
        facts = self.facts_from(head.facts_from, head.span, "contract")
        if len(head.categories_from) != 1:
            self.report.missing(
                "a `contract` block has one `categories from`",
                head.span,
                "it takes one line such as `categories from STD 2026.1`",
            )
            return None
        key = self.library.have("catalog", head.categories_from[0])
        if key is None:
            return None
        built_catalog = self._catalog(key)
        if facts is None or built_catalog is None:
            return None
        own = [
            each
            for each in self.library.amendments
            if isinstance(each.head, nodes.AmendmentBlock)
            and each.head.contract.id.text == head.id.text
            and each.head.contract.version.text == version_of(head)
        ]
        before = self.report.problems
        built = contract(section, own, facts, built_catalog, self.report)
        if built is not None and self.report.problems == before:
            self._check_versions(built)
        return built

    def _check_versions(self, built: Contract) -> None:
        days = {a.signed for a in built.amendments if a.signed is not None}
        for known_on in (None, *sorted(days)):
            found, problems = versions(built, known_on)
            for version in found:
                problems.extend(targets(version, built.catalog))
            for problem in problems:
                if not self.report.follows(problem.labels[0].span):
                    self.report.add(_as_known(problem, known_on))

    def _lost_amendments(self, seen: dict[str, Span]) -> None:
        versions_of = {
            section.head.id.text: version_of(section.head)
            for section in self.library.contracts
            if isinstance(section.head, nodes.ContractBlock)
        }
        for section in self.library.amendments:
            head = section.head
            if not isinstance(head, nodes.AmendmentBlock):
                continue
            name = head.contract.id
            if name.text not in seen:
                self.report.unknown("R009", "contract", name.text, name.span, seen)
            elif versions_of[name.text] != head.contract.version.text:
                self.report.error(
                    "R009",
                    f"contract `{name.text}` has no version "
                    f"`{head.contract.version.text}`",
                    head.contract.version.span,
                    rewrite(head.contract.version.span, versions_of[name.text]),
                    also=[Label(seen[name.text], "the contract")],
                )

    def tests(self, contracts: dict[str, Contract]) -> tuple[TestCase, ...]:
        """Return the tests of the files."""
        broken = {
            section.head.id.text
            for section in self.library.contracts
            if isinstance(section.head, nodes.ContractBlock)
            and section.head.id.text not in contracts
        }
        found = []
        for block in self.library.tests:
            if block.of is not None and block.of.text in broken:
                continue  # its contract has errors, which are reported
            found.append(test_case(block, contracts, self.report))
        return tuple(each for each in found if each is not None)


def _as_known(problem: Diagnostic, known_on: date | None) -> Diagnostic:
    """Return `problem` with the day on which the text was known like this."""
    if known_on is None:
        return problem
    note = f"as known on {known_on}, before later amendments were signed"
    return replace(problem, notes=(*problem.notes, note))
