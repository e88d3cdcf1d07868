"""Rule files to rules: resolves what each file says, in the order in which it builds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label, Span, rewrite
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract
from whopays.model.facts import Fact, FactSet
from whopays.model.payments import Order
from whopays.model.rules import Rules, TestCase
from whopays.resolve.catalog import catalog
from whopays.resolve.circles import shown_circle
from whopays.resolve.clocks import regulation
from whopays.resolve.compared import not_too_many_compared
from whopays.resolve.contract import contract
from whopays.resolve.dictionaries import Dictionaries
from whopays.resolve.facts import fact_set
from whopays.resolve.payments.methods import method_set
from whopays.resolve.payments.orders import order
from whopays.resolve.payments.tests import Payments, payment_test
from whopays.resolve.report import Report
from whopays.resolve.sections import Find, Key, Library, Section, Shipped, version_of
from whopays.resolve.targets import targets
from whopays.resolve.tests import test_case
from whopays.resolve.versions import Texts, versions
from whopays.syntax import nodes


def resolve(
    files: list[nodes.RuleFile],
    find: Find,
    shipped: Shipped | None = None,
) -> tuple[Rules, list[Diagnostic]]:
    """Return the rules of `files`, and all that is wrong with their names and types."""
    report = Report()
    library = Library(find, report, shipped)
    for file in files:
        library.add(file)
    resolver = _Resolver(library)
    contracts = resolver.contracts()
    catalogs = resolver.all_catalogs()
    resolver.regulations()
    payments = resolver.payments()
    tests = resolver.tests(contracts, payments)
    facts = resolver.all_facts()
    sources = tuple(sorted(library.sources))
    rules = Rules(
        facts,
        catalogs,
        contracts,
        tests,
        sources,
        dict(payments.methods),
        dict(payments.orders),
        dict(payments.terms),
    )
    return rules, report.found


class _Resolver:
    """Resolves sections, each once, when something refers to it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.report = library.report
        self._fact_sets: dict[Key, FactSet] = {}
        self._catalogs: dict[Key, Catalog | None] = {}
        self._orders: dict[Key, Order | None] = {}
        self._open_orders: list[Key] = []
        self.words = Dictionaries(library, self.facts_from)

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
        regulations = self._regulations(head)
        facts = self._facts_of_contract(head, regulations)
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
        for each in regulations:
            section = Section(head, (*section.members, *_beside(section, each)))
        built = contract(
            section, own, facts, built_catalog, self.words.dictionary(head.terms_from)
        )
        if (
            built is not None
            and self.report.problems == before
            and not_too_many_compared(built, self.report)
        ):
            self._check_versions(built)
        return built

    def _facts_of_contract(
        self, head: nodes.ContractBlock, regulations: list[Section]
    ) -> dict[str, Fact] | None:
        """Return the facts that a contract names, and those of its regulations."""
        references = head.facts_from
        if references:
            for each in regulations:
                if isinstance(each.head, nodes.RegulationBlock):
                    references = (*references, *each.head.facts_from)
            references = (*references, *self.words.facts_of(head.terms_from))
        return self.facts_from(references, head.span, "contract")

    def _regulations(self, head: nodes.ContractBlock) -> list[Section]:
        found = []
        for reference in head.regulations_from:
            key = self.library.have("regulation", reference)
            if key is not None:
                found.append(self.library.sections(nodes.RegulationBlock)[key])
        return found

    def regulations(self) -> None:
        """Check every regulation by itself: it may be used by no contract yet."""
        for section in list(self.library.sections(nodes.RegulationBlock).values()):
            head = section.head
            if isinstance(head, nodes.RegulationBlock):
                facts = self.facts_from(head.facts_from, head.span, "regulation")
                if facts is not None:
                    regulation(head, section, facts, self.report)

    def _check_versions(self, built: Contract) -> None:
        days = {a.signed for a in built.amendments if a.signed is not None}
        texts, looked_at = Texts(built), set()
        for known_on in (None, *sorted(days)):
            found, problems = versions(built, known_on, texts)
            for version in found:
                if id(version.text) not in looked_at:
                    looked_at.add(id(version.text))
                    problems.extend(targets(version, built))
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
            elif not versions_of[name.text]:
                self.report.missing(
                    f"contract `{name.text}` states no version, and is amended",
                    seen[name.text],
                    f"it takes a line `version {head.contract.version.text}`",
                    code="R009",
                )
            elif versions_of[name.text] != head.contract.version.text:
                self.report.error(
                    "R009",
                    f"contract `{name.text}` has no version "
                    f"`{head.contract.version.text}`",
                    head.contract.version.span,
                    rewrite(head.contract.version.span, versions_of[name.text]),
                    also=[Label(seen[name.text], "the contract")],
                )

    # Coordination of benefits and payment terms

    def payments(self) -> Payments:
        """Return the methods, the orders and the terms."""
        methods = {}
        for key, section in list(self.library.sections(nodes.MethodsBlock).items()):
            head = section.head
            if isinstance(head, nodes.MethodsBlock):
                references = head.facts_from
                if references:
                    references += self.words.facts_of(head.terms_from)
                facts = self.facts_from(references, head.span, "methods")
                if facts is not None:
                    words = self.words.dictionary(head.terms_from)
                    methods[key] = method_set(head, section, facts, words)
        orders = {}
        for key in list(self.library.sections(nodes.OrderBlock)):
            order_ = self._order(key)
            if order_ is not None:
                orders[key] = order_
        return Payments(methods, orders, self.words.terms)

    def _order(self, key: Key) -> Order | None:
        if key in self._orders:
            return self._orders[key]
        section = self.library.sections(nodes.OrderBlock)[key]
        head = section.head
        if not isinstance(head, nodes.OrderBlock):
            raise TypeError(head)
        facts = self.facts_from(head.facts_from, head.span, "order")
        self._open_orders.append(key)
        found = None
        if facts is not None:
            found = order(head, section, facts, self._find_order, self.report)
        self._open_orders.pop()
        self._orders[key] = found
        return found

    def _find_order(self, reference: nodes.Reference) -> Order | None:
        key = self.library.have("order", reference)
        if key is None:
            return None
        if key in self._open_orders:
            circle = self._open_orders[self._open_orders.index(key) :]
            path = shown_circle([" ".join(each) for each in circle])
            self.report.error(
                "R012",
                f"orders take each other's rules: {path}",
                reference.id.span.to(reference.version.span),
                "take one of these out",
            )
            return None
        if key not in self._orders and len(self._open_orders) > bounds.DEEPEST_CHAIN:
            self.report.error(
                "P020",
                f"more than {bounds.DEEPEST_CHAIN} orders take rules from each other",
                reference.id.span.to(reference.version.span),
                "an order can have the rules itself",
            )
            return None
        return self._order(key)

    def tests(
        self, contracts: dict[str, Contract], payments: Payments
    ) -> tuple[TestCase, ...]:
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
            if block.kind in {"", "contract"}:
                found.append(test_case(block, contracts, self.report))
            else:
                found.append(payment_test(block, payments, self.report))
        return tuple(each for each in found if each is not None)


def _beside(contract: Section, law: Section) -> tuple[nodes.Block, ...]:
    """Return what `law` says beside `contract`, whose own clauses take the place of its.

    As in an amendment, a clause takes the place of the one that has its id.
    """
    duty = nodes.RouteBlock | nodes.ClockBlock
    own = {each.id.text for each in contract.members if isinstance(each, duty)}
    return tuple(
        each
        for each in law.members
        if not isinstance(each, duty) or each.id.text not in own
    )


def _as_known(problem: Diagnostic, known_on: date | None) -> Diagnostic:
    """Return `problem` with the day on which the text was known like this."""
    if known_on is None:
        return problem
    note = f"as known on {known_on}, before later amendments were signed"
    return replace(problem, notes=(*problem.notes, note))
