"""All that one folder of rule files says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from whopays.diagnostics import Span
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract
from whopays.model.facts import Fact, FactSet, Kind
from whopays.model.payments import MethodSet, Order, TermSet
from whopays.model.values import Number, Value


@dataclass(frozen=True)
class Reason:
    """A clause that a test expects among the reasons; see `Row.id` for the text.

    `when` None matches a row of the category whatever its condition; `meaning` is what
    `when` says, however it is written.
    """

    text: str
    when: str | None
    meaning: str = ""


@dataclass(frozen=True)
class ExpectedDuty:
    """What a test expects of a route or a clock (`kind`), or of interest.

    `state` is due, none or undetermined. `duties` are forward, deny; `to` is who gets
    the claim; `by` a day as ISO text, or `unknown`. What is empty is not asked for.
    `cents` are those of the interest, `per_day` where the claim is not paid yet.
    """

    kind: str
    state: str = "due"
    duties: frozenset[str] = frozenset()
    to: str = ""
    by: str = ""
    cents: int | None = None
    per_day: bool = False


@dataclass(frozen=True)
class Expected:
    """What one `expect` line asks for.

    `status` is a status of a decision, or empty where only shares or reasons are asked.
    `shares` are parts by bearer, `amounts` integer cents by bearer, `duties` what is to
    be done by when: then needs and reasons are theirs. `later` says why
    this edition can't check it.
    """

    status: str
    shares: tuple[tuple[str, Fraction], ...]
    amounts: tuple[tuple[str, int], ...]
    needs: tuple[str, ...]
    because: tuple[Reason, ...]
    later: str
    text: str
    span: Span = field(compare=False, repr=False)
    duties: tuple[ExpectedDuty, ...] = ()


@dataclass(frozen=True)
class PaymentExpected:
    """What one `expect` line of a test of a method, an order or a term asks for.

    `amounts` are integer cents by name (`pay`, `patient owes`, a `let`, a balance, a
    reading), `word` a status or which plan goes ahead, or empty. `percent` is what a
    term comes to that is no amount of money: 20 for 20%.
    """

    amounts: tuple[tuple[str, int], ...]
    word: str
    needs: tuple[str, ...]
    because: tuple[str, ...]
    percent: Number | None = None


@dataclass(frozen=True)
class PaymentTest:
    """What a test of a method, an order or a term is of: `kind`, `id`, the key of its set.

    `facts` are those that it may give, as the rules write them; `source` is a term's.
    """

    kind: str
    id: str
    key: tuple[str, str]
    facts: dict[str, Fact] = field(compare=False, repr=False)
    expected: tuple[PaymentExpected, ...]
    source: str = ""


@dataclass(frozen=True)
class TestCase:
    """One `test` block. `lines` has the facts of each line (one at least).

    `unreviewed`: it was generated, and nobody has looked at it yet. `later` says why
    this edition does not run it: then it may be of no contract. `payment`: it is of a
    method, an order or a term, and of no contract. `counted` is what stands counted
    before it, by limit: integer cents or a number.
    """

    __test__ = False  # not a test of ours: pytest shall not collect it

    title: str
    contract: str
    known_on: date | None
    category: str | None
    lines: tuple[dict[str, Value], ...]
    expected: tuple[Expected, ...]
    later: str
    span: Span = field(compare=False, repr=False)
    unreviewed: bool = False
    payment: PaymentTest | None = None
    counted: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rules:
    """All that the files of a folder say, by id (and version).

    `sources` are the names and SHA-256 digests of the texts that were read.
    """

    facts: dict[tuple[str, str], FactSet]
    catalogs: dict[tuple[str, str], Catalog]
    contracts: dict[str, Contract]
    tests: tuple[TestCase, ...]
    sources: tuple[tuple[str, str], ...]
    methods: dict[tuple[str, str], MethodSet] = field(default_factory=dict)
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    terms: dict[tuple[str, str], TermSet] = field(default_factory=dict)

    def all_facts(self) -> dict[str, Fact]:
        """Return the facts of all contracts, or of all blocks where there are none.

        The options of a party are the parties of all contracts, so that whoever reads a
        claim takes no other name for one.
        """
        found: dict[str, Fact] = {}
        for contract in self.contracts.values():
            for name, fact in contract.facts.items():
                if not fact.is_term:
                    found.setdefault(name, fact)
        people = tuple(sorted(self._people()))
        for name, fact in found.items():
            if fact.kind is Kind.PARTY:
                found[name] = replace(fact, options=people)
        if not found:
            for block in self.facts.values():
                found.update(block.facts)
        return found

    def _people(self) -> set[str]:
        return {
            party.id
            for contract in self.contracts.values()
            for party in contract.text.parties
            if party.paid_by is None
        }
