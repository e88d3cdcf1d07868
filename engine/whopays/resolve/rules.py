"""Rule files to rules: finds what each file refers to, and resolves it in order.

Opens no file: `find` supplies the blocks of facts and catalogs that no given file has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from whopays.diagnostics import Diagnostic, Label, Source, Span
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract
from whopays.model.facts import Fact, FactSet
from whopays.model.rules import Rules, TestCase
from whopays.resolve.catalog import Members, catalog
from whopays.resolve.contract import Section, contract
from whopays.resolve.facts import fact_set
from whopays.resolve.report import Report
from whopays.resolve.targets import targets
from whopays.resolve.tests import test_case
from whopays.resolve.versions import versions
from whopays.syntax import nodes

#: `find(kind, id, version)` returns the file that has the block, or None.
Find: TypeAlias = Callable[[str, str, str], nodes.RuleFile | None]
_CLAUSES = (
    nodes.GridBlock,
    nodes.ExceptionBlock,
    nodes.TreatBlock,
    nodes.LimitBlock,
)
_CATALOG_PARTS = (nodes.CategoryBlock, nodes.RankLine)
_OF_CONTRACTS = (*_CLAUSES, nodes.DefineBlock)
_OF_CATALOGS = (*_CATALOG_PARTS, nodes.DefineBlock)


def resolve(files: list[nodes.RuleFile], find: Find) -> tuple[Rules, list[Diagnostic]]:
    """Return the rules of `files`, and all that is wrong with their names and types."""
    library = _Library(find)
    for file in files:
        library.add(file)
    contracts = library.contracts()
    catalogs = library.all_catalogs()
    tests = library.tests(contracts)
    facts = library.all_facts()
    rules = Rules(facts, catalogs, contracts, tests, tuple(sorted(library.sources)))
    return rules, library.report.found


class _Library:
    """The blocks of the files, by what they are."""

    def __init__(self, find: Find) -> None:
        self.report = Report()
        self.sources: set[tuple[str, str]] = set()
        self._find = find
        self._facts: dict[tuple[str, str], nodes.FactsBlock] = {}
        self._catalogs: dict[tuple[str, str], tuple[nodes.CatalogBlock, Members]] = {}
        self._contracts: list[Section] = []
        self._amendments: list[Section] = []
        self._tests: list[nodes.TestBlock] = []
        self._fact_sets: dict[tuple[str, str], FactSet] = {}
        self._built: dict[tuple[str, str], Catalog] = {}
        self._complained: set[tuple[str, str]] = set()

    def add(self, file: nodes.RuleFile) -> None:
        """Sort the blocks of `file` under their heads."""
        self.report.lose(file.unread)
        self.sources.add((file.source.name, _digest(file.source)))
        head: nodes.Block | None = None
        members: list[nodes.Block] = []
        for block in file.blocks:
            if isinstance(block, nodes.TestBlock):
                self._tests.append(block)
            elif isinstance(block, _HEADS) or _is_lost_head(block):
                self._close(head, members)
                head, members = block, []
            elif not isinstance(block, nodes.LaterBlock | nodes.LostBlock):
                members.append(block)
        self._close(head, members)

    def _close(self, head: nodes.Block | None, members: list[nodes.Block]) -> None:
        clauses = tuple(b for b in members if isinstance(b, _OF_CONTRACTS))
        wrong: tuple[type[nodes.Block], ...] = _CATALOG_PARTS
        match head:
            case nodes.FactsBlock():
                wrong = (*_CATALOG_PARTS, *_CLAUSES)
                self._add_facts(head)
            case nodes.CatalogBlock():
                wrong = _CLAUSES
                parts = [b for b in members if isinstance(b, _OF_CATALOGS)]
                self._add_catalog(head, parts)
            case nodes.ContractBlock():
                self._contracts.append(Section(head, clauses))
            case nodes.AmendmentBlock():
                self._amendments.append(Section(head, clauses))
            case nodes.LaterBlock() | nodes.LostBlock():
                wrong = ()
            case _:
                wrong = (*_CATALOG_PARTS, *_CLAUSES, nodes.DefineBlock)
        self._strays([b for b in members if isinstance(b, wrong)])

    def _strays(self, members: list[nodes.Block]) -> None:
        for block in members:
            self.report.error(
                "P008",
                "this block belongs to no contract, amendment or catalog above it",
                block.span,
                "put it below the head that it belongs to",
            )

    def _add_facts(self, block: nodes.FactsBlock) -> None:
        key = (block.id.text, block.version.text if block.version else "")
        if key in self._facts:
            first = self._facts[key].id.span
            if first != block.id.span:
                self.report.twice("facts block", " ".join(key), block.id.span, first)
            return
        self._facts[key] = block

    def _add_catalog(self, block: nodes.CatalogBlock, parts: Members) -> None:
        key = (block.id.text, block.version.text if block.version else "")
        if key in self._catalogs:
            first = self._catalogs[key][0].id.span
            self.report.twice("catalog", " ".join(key), block.id.span, first)
            return
        self._catalogs[key] = (block, parts)

    # Facts and catalogs, by reference

    def all_facts(self) -> dict[tuple[str, str], FactSet]:
        """Return every facts block."""
        return {key: self._fact_set(key) for key in list(self._facts)}

    def all_catalogs(self) -> dict[tuple[str, str], Catalog]:
        """Return every catalog."""
        built = {key: self._catalog(key) for key in list(self._catalogs)}
        return {key: each for key, each in built.items() if each is not None}

    def _fact_set(self, key: tuple[str, str]) -> FactSet:
        if key not in self._fact_sets:
            self._fact_sets[key] = fact_set(self._facts[key], self.report)
        return self._fact_sets[key]

    def _facts_from(
        self, references: tuple[nodes.Reference, ...], span: Span, what: str
    ) -> dict[str, Fact] | None:
        if not references:
            self.report.missing(
                f"this `{what}` block has no `facts from`",
                span,
                "write `facts from STANDARD 2026.1`",
            )
            return None
        found: dict[str, Fact] = {}
        for reference in references:
            key = (reference.id.text, reference.version.text)
            if not self._have("facts", key, reference, self._facts):
                return None
            for name, fact in self._fact_set(key).facts.items():
                if name in found and found[name] != fact:
                    self.report.twice("fact", name, fact.span, found[name].span)
                found.setdefault(name, fact)
        return found

    def _have(
        self,
        kind: str,
        key: tuple[str, str],
        reference: nodes.Reference,
        known: dict[tuple[str, str], nodes.FactsBlock]
        | dict[tuple[str, str], tuple[nodes.CatalogBlock, Members]],
    ) -> bool:
        if key not in known:
            file = self._find(kind, *key)
            if file is not None:
                self.add(file)
        if key in known:
            return True
        names = [" ".join(each) for each in known]
        if self.report.is_lost(key[0]):
            self.report.problems += 1
            return False
        what = "`facts` block" if kind == "facts" else kind
        span = reference.id.span.to(reference.version.span)
        self.report.unknown("R009", what, " ".join(key), span, names)
        return False

    def _catalog(self, key: tuple[str, str]) -> Catalog | None:
        if key not in self._built and key not in self._complained:
            block, parts = self._catalogs[key]
            facts = self._facts_from(block.facts_from, block.span, "catalog")
            if facts is None:
                self._complained.add(key)
                return None
            self._built[key] = catalog(block, parts, facts, self.report)
        return self._built.get(key)

    # Contracts and tests

    def contracts(self) -> dict[str, Contract]:
        """Return every contract, with its amendments and checked targets."""
        found: dict[str, Contract] = {}
        seen: dict[str, Span] = {}
        for section in self._contracts:
            head = section.head
            if not isinstance(head, nodes.ContractBlock):
                continue
            if head.id.text in seen:
                self.report.twice(
                    "contract", head.id.text, head.id.span, seen[head.id.text]
                )
                continue
            seen[head.id.text] = head.id.span
            built = self._contract(section, head)
            if built is not None:
                found[built.id] = built
        self._lost_amendments(seen)
        return found

    def _contract(self, section: Section, head: nodes.ContractBlock) -> Contract | None:
        facts = self._facts_from(head.facts_from, head.span, "contract")
        if len(head.categories_from) != 1:
            self.report.missing(
                "a `contract` block has one `categories from`",
                head.span,
                "write `categories from STD 2026.1`",
            )
            return None
        reference = head.categories_from[0]
        key = (reference.id.text, reference.version.text)
        if not self._have("catalog", key, reference, self._catalogs):
            return None
        built_catalog = self._catalog(key)
        if facts is None or built_catalog is None:
            return None
        version = head.version.text if head.version else ""
        own = [
            each
            for each in self._amendments
            if isinstance(each.head, nodes.AmendmentBlock)
            and each.head.contract.id.text == head.id.text
            and each.head.contract.version.text == version
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
            section.head.id.text: section.head.version.text
            if section.head.version
            else ""
            for section in self._contracts
            if isinstance(section.head, nodes.ContractBlock)
        }
        for section in self._amendments:
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
                    f"write `version {versions_of[name.text]}`",
                    also=[Label(seen[name.text], "the contract")],
                )

    def tests(self, contracts: dict[str, Contract]) -> tuple[TestCase, ...]:
        """Return the tests of the files."""
        broken = {
            section.head.id.text
            for section in self._contracts
            if isinstance(section.head, nodes.ContractBlock)
            and section.head.id.text not in contracts
        }
        found = []
        for block in self._tests:
            if block.contract is not None and block.contract.text in broken:
                continue  # its contract has errors, which are reported
            found.append(test_case(block, contracts, self.report))
        return tuple(each for each in found if each is not None)


_HEADS = (
    nodes.FactsBlock,
    nodes.CatalogBlock,
    nodes.ContractBlock,
    nodes.AmendmentBlock,
)
#: Heads without a node: of a later edition, or unreadable.
_LATER_HEADS = frozenset({"methods", "order", "terms"})
_LOST_HEADS = frozenset({"facts", "catalog", "contract", "amendment"})


def _is_lost_head(block: nodes.Block) -> bool:
    if isinstance(block, nodes.LaterBlock):
        return block.kind in _LATER_HEADS
    return isinstance(block, nodes.LostBlock) and block.kind in _LOST_HEADS


def _digest(source: Source) -> str:
    return hashlib.sha256(source.text.encode()).hexdigest()


def _as_known(problem: Diagnostic, known_on: date | None) -> Diagnostic:
    """Return `problem` with the day on which the text was known like this."""
    if known_on is None:
        return problem
    note = f"as known on {known_on}, before later amendments were signed"
    return replace(problem, notes=(*problem.notes, note))
