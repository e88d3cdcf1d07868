"""`test` blocks: a complete claim, and what is expected of its decision and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from whopays.diagnostics import Remedy, did_you_mean, leave_out, nearest, rewrite
from whopays.model.codes import system_of
from whopays.model.conditions import normal
from whopays.model.contract import Contract, Text
from whopays.model.rules import Expected, ExpectedDuty, Reason, TestCase
from whopays.model.values import NONE, UNKNOWN, Number, Value
from whopays.resolve import literals
from whopays.resolve.clauses import Clauses
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.resolve.termed import FindTerm
from whopays.resolve.testduties import expected_duty, kind_of
from whopays.resolve.testgiven import Given, Item
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


_OF_ROUTES = ["forward", "deny", "no route"]
_OF_CLOCKS = ["pay by", "interest", "no clock"]


@dataclass
class _Reader:
    """Reads one test."""

    contract: Contract
    clauses: Clauses
    report: Report

    def expected(self, line: nodes.Expectation) -> Expected:
        """Return what `line` expects."""
        shares: list[tuple[str, Fraction]] = []
        amounts: list[tuple[str, int]] = []
        duties: list[ExpectedDuty] = []
        status, later = "", ""
        for item in line.items:
            words = " ".join(piece.text for piece in item)
            if words in _STATUSES:
                status = _STATUSES[words]
            elif kind_of(item):
                duties.extend(self._duty(item))
            elif self._nearly_status(item, words):
                status = "undetermined"
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
            tuple(self._reasons(line.because)),
            later,
            " ".join(line.span.text.split()),
            line.span,
            tuple(duties),
        )

    def _nearly_status(self, item: Item, words: str) -> bool:
        """Report a status with other words beside it, or written in two words."""
        joined = words.replace(" ", "_")
        whole = item[0].span.to(item[-1].span)
        if len(item) > 1 and joined in _STATUSES:
            message = f"`{words}` is not how this status is written"
            self.report.error("R019", message, whole, rewrite(whole, joined))
            return True
        if len(item) > 1 and item[0].text in _STATUSES:
            word = item[1]
            remedy: str | Remedy = "after it stands `needs`, or `because`"
            if nearest(word.text, ("needs", "because")) is not None:
                near = nearest(word.text, ("needs", "because"))
                remedy = did_you_mean(word.span, near or "")
            message = f"`{word.text}` cannot stand here"
            self.report.error("R019", message, word.span, remedy)
            return True
        return False

    def _part(self, item: Item) -> Fraction | None:
        if len(item) == 1:
            return Fraction(1)
        span = item[1].span
        if len(item) > 2 and item[1].kind == "word":  # noqa: PLR2004 - a word too many
            message = f"`{item[1].text}` cannot stand here"
            remedy = leave_out(span, f"leave out `{item[1].text}`")
            self.report.error("R019", message, span, remedy)
            return None
        return literals.part_of(item[1].text, span, self.report)

    def _amount(self, item: Item) -> list[tuple[str, int]]:
        cents = literals.money_of(item[1].text, item[1].span, self.report)
        known = self._party(item[0])
        return [(item[0].text, cents)] if known and cents is not None else []

    def _party(self, piece: nodes.Literal) -> bool:
        if piece.text in self.clauses.parties:
            return True
        known = [*self.clauses.parties, *_STATUSES, *self._of_duties()]
        self.report.unknown("R019", "party or status", piece.text, piece.span, known)
        return False

    def _duty(self, item: Item) -> list[ExpectedDuty]:
        found = expected_duty(item, self.clauses.parties, self.report)
        if found is None:
            return []
        what = "route" if found.kind == "route" else "clock"
        has = any(getattr(text, f"{what}s") for text in self._texts())
        if not has and found.state != "none":
            self.report.error(
                "R019",
                f"contract `{self.contract.id}` has no `{what}`",
                item[0].span.to(item[-1].span),
                "who forwards or denies a claim is said by a `route` block"
                if what == "route"
                else "by when a claim is to be paid is said by a `clock` block",
            )
        return [found]

    def _of_duties(self) -> list[str]:
        """Return with what an expectation of a route or a clock can begin."""
        found = [] if not any(text.routes for text in self._texts()) else _OF_ROUTES
        clocks = any(text.clocks for text in self._texts())
        return [*found, *(_OF_CLOCKS if clocks else ())]

    def _texts(self) -> tuple[Text, ...]:
        return (self.contract.text, *(each.text for each in self.contract.amendments))

    def counted(self, items: tuple[Item, ...]) -> dict[str, Number]:
        """Return what stands counted, by limit: integer cents, or a number."""
        found: dict[str, Number] = {}
        units = {each.id: each.unit for text in self._texts() for each in text.limits}
        for item in items:
            name, last = item[0], item[-1]
            if name.text not in units:
                self.report.unknown("R019", "limit", name.text, name.span, units)
            elif len(item) != 2:  # noqa: PLR2004 - a limit and what it has counted
                self.report.error(
                    "R019",
                    f"what `{name.text}` has counted is one amount",
                    last.span,
                    f"for example, `counted {name.text} $9,200.00`",
                )
            elif name.text in found:
                self.report.error(
                    "R019",
                    f"what `{name.text}` has counted stands twice",
                    name.span,
                    leave_out(name.span.to(last.span), "leave out one of them"),
                )
            else:
                is_money = units[name.text] == "money"
                read = literals.money_of if is_money else literals.number_of
                number = read(last.text, last.span, self.report)
                if number is not None:
                    found[name.text] = number
        return found

    def _reasons(self, because: Sequence[nodes.Address]) -> Iterator[Reason]:
        is_after_when = False
        for node in because:
            yield self._reason(node, is_after_when=is_after_when)
            is_after_when = is_after_when or node.when is not None

    def _reason(self, node: nodes.Address, *, is_after_when: bool) -> Reason:
        when = self.clauses.scope.optional(node.when)
        text = node.id.text
        known = [
            clause.id
            for each in self._texts()
            for part in (
                each.grids,
                each.exceptions,
                each.treats,
                each.limits,
                each.routes,
                each.clocks,
            )
            for clause in part
        ]
        if text not in known and is_after_when and self._is_code(text):
            self.report.error(
                "R019",
                f"`{text}` is no clause, and a comma ends the reason before it",
                node.id.span,
                f"put the condition before it in parentheses, `{text}` included",
            )
        elif text not in known:
            self.report.unknown("R019", "clause", text, node.id.span, known)
        if node.category is not None:
            title = self.clauses.category(node.category) or node.category.text
            text = f'{text} "{title}"'
        elif node.what == "otherwise":
            text = f"{text} otherwise"
        return Reason(text, when.text if when else None, normal(when))

    def _is_code(self, text: str) -> bool:
        """Tell whether `text` is a code, or a range of codes, of a fact here."""
        systems = {s for fact in self.contract.facts.values() for s in fact.systems}
        return all(system_of(part, tuple(systems)) for part in text.split("-"))


def test_case(
    block: nodes.TestBlock, contracts: dict[str, Contract], report: Report
) -> TestCase | None:
    """Return the test `block`, or None after errors in its head."""
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
    # A reason names a row by its words, so any text's definition of a name will do.
    defines = dict(contract.defines)
    for amendment in contract.amendments:
        defines.update(amendment.defines)
    scope = Scope(contract.facts, report, people, known=defines)
    scope.terms = _unread(contract, report)
    clauses = Clauses(contract.catalog, scope, parties, report)
    reader = _Reader(contract, clauses, report)
    cells = Given(scope, report, clauses.category, contract.catalog.titles.values())
    given, category = cells.facts(block.given)
    lines = [cells.facts(items)[0] for items in block.lines] or [{}]
    expected = tuple(reader.expected(line) for line in block.expect)
    counted = reader.counted(block.counted)
    known_on = None
    if block.known_on is not None:
        word = block.known_on
        known_on = literals.date_of(word.text, word.span, report)
    return TestCase(
        block.title.text,
        contract.id,
        known_on,
        category,
        tuple(complete(contract, {**given, **line}) for line in lines),
        expected,
        "",
        block.span,
        block.unreviewed,
        counted=counted,
    )


def _unread(contract: Contract, report: Report) -> FindTerm:
    """Return what reports a term that no condition of `contract` names."""

    def unread(word: nodes.Word) -> None:
        report.error(
            "R019",
            f"no condition of contract `{contract.id}` names `{word.text}`",
            word.span,
            "a test gives what a term comes to where a condition asks for it",
        )

    return unread


def complete(contract: Contract, given: dict[str, Value]) -> dict[str, Value]:
    """Return `given` with every fact that it does not mention as an empty cell.

    A test names its contract, so the payer and the group are the contract's own.
    """
    found: dict[str, Value] = {
        name: NONE if fact.or_none else UNKNOWN
        for name, fact in contract.facts.items()
        if fact.of in {"line", "claim"} and not fact.is_term
    }
    for name, value in (("payer", contract.payer), ("group", contract.group)):
        if value is not None and name in found:
            found[name] = value
    found.update(given)
    return found
