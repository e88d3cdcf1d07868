"""`test` blocks: a complete claim, and what is expected of its decision and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from whopays.diagnostics import Remedy, insert, leave_out
from whopays.model.contract import Contract
from whopays.model.facts import Fact, Kind
from whopays.model.rules import Expected, Reason, TestCase
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.resolve import literals
from whopays.resolve.clauses import Clauses
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.resolve.values import with_system
from whopays.syntax import nodes

_STATUSES = {
    "undetermined": "undetermined",
    "unlisted": "unlisted",
    "not covered": "not_covered",
    "ambiguous": "ambiguous",
    "no_contract": "no_contract",
    "by hand": "by_hand",
    "draft": "by_hand",
}
_DUTIES = {"forward", "deny", "forward or deny"}
Item = tuple[nodes.Literal, ...]


@dataclass
class _Reader:
    """Reads one test."""

    contract: Contract
    clauses: Clauses
    report: Report

    def facts(self, items: tuple[Item, ...]) -> tuple[dict[str, Value], str | None]:
        """Return the facts of `items`, and the category given by name."""
        found: dict[str, Value] = {}
        category = None
        current: Fact | None = None
        for item in items:
            if item[0].text == "category" and len(item) == 2:  # noqa: PLR2004
                word = nodes.Word(item[1].text, item[1].span)
                category = self.clauses.category(word)
                continue
            if len(item) == 1:
                self._more(item[0], current, found)
                continue
            word = nodes.Word(item[0].text, item[0].span)
            current = self.clauses.scope.fact(word)
            if current is None:
                continue
            value = self._value(current, item)
            if value is not None:
                if current.name in found:
                    self.report.error(
                        "R019", f"`{current.name}` is given twice", item[0].span
                    )
                found[current.name] = value
        return found, category

    def _value(self, fact: Fact, item: Item) -> Value | None:
        last = item[-1]
        if last.kind == "none":
            if not fact.or_none:
                self.report.error(
                    "R019",
                    f"`{fact.name}` is never none",
                    last.span,
                    "leave it out: what a test does not mention is unknown",
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
        return self.clauses.scope.value(fact, last)

    def _divided(self, item: Item) -> str | Remedy:
        """Return the remedy where a comma is missing before the next fact."""
        span = item[2].span
        if item[2].text in self.contract.facts:
            end = item[1].span.end
            words = f"write a comma before `{item[2].text}`"
            return insert(span.source, end, ",", words)
        if len(item) == 3:  # noqa: PLR2004 - a fact, its value, and one word more
            return leave_out(span, f"leave out `{item[2].text}`")
        return "facts are separated by commas"

    def _code(self, fact: Fact, item: Item) -> Value | None:
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
        code = literals.one_code(system_name, word, self.report)
        if code is None:
            return None
        return (code,) if fact.kind is Kind.CODES else code

    def _more(
        self, piece: nodes.Literal, fact: Fact | None, found: dict[str, Value]
    ) -> None:
        """Add one more code to the list given before the comma."""
        if fact is None or fact.kind is not Kind.CODES:
            self.report.error(
                "R019",
                "a fact and its value are expected here",
                piece.span,
                "for example, `product HMO`",
            )
            return
        word = nodes.Word(piece.text, piece.span)
        code = literals.one_code(fact.systems[0], word, self.report)
        before = found.get(fact.name)
        if code is not None and isinstance(before, tuple):
            found[fact.name] = tuple(sorted({*map(str, before), code}))

    def expected(self, line: nodes.Expectation) -> Expected:
        """Return what `line` expects."""
        shares: list[tuple[str, Fraction]] = []
        amounts: list[tuple[str, int]] = []
        status, later = "", ""
        for item in line.items:
            words = " ".join(piece.text for piece in item)
            if words in _STATUSES:
                status = _STATUSES[words]
            elif words in _DUTIES:
                later = "routes are not in this edition yet"
            elif item[-1].kind == "money" and len(item) == 2:  # noqa: PLR2004
                amounts.extend(self._amount(item))
            elif self._party(item[0]):
                part = self._part(item)
                if part is not None:
                    shares.append((item[0].text, part))
        if shares:
            status = "decided"
        for word in line.needs:
            self.clauses.scope.fact(word)
        return Expected(
            status,
            tuple(shares),
            tuple(amounts),
            tuple(word.text for word in line.needs),
            tuple(self._reason(each) for each in line.because),
            later,
            " ".join(line.span.text.split()),
            line.span,
        )

    def _part(self, item: Item) -> Fraction | None:
        if len(item) == 1:
            return Fraction(1)
        return literals.part_of(item[1].text, item[1].span, self.report)

    def _amount(self, item: Item) -> list[tuple[str, int]]:
        cents = literals.money_of(item[1].text, item[1].span, self.report)
        known = self._party(item[0])
        return [(item[0].text, cents)] if known and cents is not None else []

    def _party(self, piece: nodes.Literal) -> bool:
        if piece.text in self.clauses.parties:
            return True
        known = [*self.clauses.parties, *_STATUSES]
        self.report.unknown("R019", "party or status", piece.text, piece.span, known)
        return False

    def _reason(self, node: nodes.Address) -> Reason:
        when = self.clauses.scope.optional(node.when)
        text = node.id.text
        if node.category is not None:
            title = self.clauses.category(node.category) or node.category.text
            text = f'{text} "{title}"'
        elif node.what == "otherwise":
            text = f"{text} otherwise"
        return Reason(text, when.text if when else None)


def test_case(
    block: nodes.TestBlock, contracts: dict[str, Contract], report: Report
) -> TestCase | None:
    """Return the test `block`, or None after errors in its head."""
    if block.kind not in {"", "contract"}:
        return None
    if block.of is None:
        report.missing(
            "this `test` block names no `contract`",
            block.span,
            "add a line `contract ID`",
        )
        return None
    contract = contracts.get(block.of.text)
    if contract is None:
        word = block.of
        report.unknown("R009", "contract", word.text, word.span, contracts)
        return None
    parties = {party.id: party for party in contract.text.parties}
    people: dict[str, object] = {
        name: party for name, party in parties.items() if party.paid_by is None
    }
    scope = Scope(contract.facts, report, people)
    clauses = Clauses(contract.catalog, scope, parties, report)
    reader = _Reader(contract, clauses, report)
    given, category = reader.facts(block.given)
    lines = [reader.facts(items)[0] for items in block.lines] or [{}]
    expected = tuple(reader.expected(line) for line in block.expect)
    known_on = None
    if block.known_on is not None:
        word = block.known_on
        known_on = literals.date_of(word.text, word.span, report)
    return TestCase(
        block.title.text,
        contract.id,
        known_on,
        category,
        tuple(_complete(contract, {**given, **line}) for line in lines),
        expected,
        "limits are not in this edition yet" if block.counted else "",
        block.span,
        block.unreviewed,
    )


def _complete(contract: Contract, given: dict[str, Value]) -> dict[str, Value]:
    """Return `given` with every fact that it does not mention as an empty cell.

    A test names its contract, so the payer and the group are the contract's own.
    """
    found: dict[str, Value] = {
        name: NONE if fact.or_none else UNKNOWN
        for name, fact in contract.facts.items()
        if fact.of in {"line", "claim"}
    }
    for name, value in (("payer", contract.payer), ("group", contract.group)):
        if value is not None and name in found:
            found[name] = value
    found.update(given)
    return found
