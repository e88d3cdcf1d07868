"""Amounts: each name becomes a fact or a `let`, with its unit and its level.

Units are money and number; levels are line, claim and balance. An amount of the line and
one of the claim never stand in one formula: a sum is always written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from whopays.diagnostics import (
    Diagnostic,
    Edit,
    Label,
    Remedy,
    Severity,
    Span,
    leave_out,
    rewrite,
)
from whopays.model import formulas as model
from whopays.model.facts import Fact, Kind
from whopays.resolve import literals
from whopays.resolve.conditions import Scope
from whopays.resolve.payments.sums import is_summed, leaves
from whopays.syntax import nodes

MONEY, NUMBER = "money", "number"
LINE, CLAIM, BALANCE, ANY = "line", "claim", "balance", ""
#: What a method has just paid; known to what comes after `pay`.
OWN_PAID = "own_paid"
_UNITS = {Kind.MONEY: MONEY, Kind.NUMBER: NUMBER, Kind.PERCENT: NUMBER}


@dataclass(frozen=True)
class Typed:
    """A formula with its unit and its level."""

    value: model.Formula
    unit: str
    level: str


#: Finds the term that a formula names: its unit and level, or None after errors.
FindTerm: TypeAlias = Callable[[nodes.TermName], Typed | None]


@dataclass
class Amounts:
    """Resolves the formulas of one block, whose own level is `level`.

    `own` are names beside the facts: what a `let` defines, and `own_paid`; `written` are
    the `let` lines. `lets` are those that are no choices, each after those that it reads.
    """

    scope: Scope
    level: str
    term: FindTerm | None = None
    own: dict[str, Typed] = field(default_factory=dict)
    written: dict[str, nodes.LetLine] = field(default_factory=dict)
    lets: dict[str, model.Formula] = field(default_factory=dict)

    def formula(self, node: nodes.Formula) -> Typed | None:
        """Return `node` with its names resolved, or report and None."""
        match node:
            case nodes.Number():
                return self._number(node.literal)
            case nodes.Name(word):
                return self._name(word)
            case nodes.TermName():
                return self._term(node)
            case nodes.SumOf():
                return self._sum(node)
            case nodes.Times():
                return self._times(node)
            case nodes.Extreme():
                of = "a choice" if node.kind == "choice" else f"`{node.kind} of`"
                inner = self._alike(node.parts, of)
                if inner is None:
                    return None
                self._of_one(node)
                parts = tuple(each.value for each in inner)
                found = model.Extreme(node.kind, node.given, parts)
                return Typed(found, inner[0].unit, _common(inner))
            case nodes.Plus():
                inner = self._alike(node.parts, "a sum")
                if inner is None:
                    return None
                plus = model.Plus(node.signs, tuple(each.value for each in inner))
                return Typed(plus, inner[0].unit, _common(inner))

    def whole(self, node: nodes.Formula, unit: str = MONEY) -> Typed | None:
        """Return `node` if it has the block's own level, and the unit that is asked."""
        found = self.formula(node)
        if found is None:
            return None
        if unit and found.unit != unit:
            self.scope.report.error(
                "R024",
                f"this is a {found.unit}, and an amount of {unit} is expected"
                if unit == MONEY
                else "this is an amount of money, and a number is expected",
                node.span,
                _as_money(node) if unit == MONEY else "a number has no `$`",
            )
            return None
        if {found.level, self.level} == {LINE, CLAIM}:
            self._wrong_level([node], [found])
            return None
        return found

    # Parts

    def _of_one(self, node: nodes.Extreme) -> None:
        """Warn of `lesser of (x)`, which is x: another amount was probably forgotten."""
        if len(node.parts) > 1:
            return
        (part,) = node.parts
        text = f"({part.span.text})" if isinstance(part, nodes.Plus) else part.span.text
        remedy = rewrite(node.span, text, ", or add what it is compared with")
        self.scope.report.warn(
            Diagnostic(
                "R032",
                f"`{node.kind} of` has one amount, and compares it with nothing",
                (Label(node.span),),
                remedy.words,
                severity=Severity.WARNING,
                fix=remedy.fix,
            )
        )

    def _number(self, literal: nodes.Literal) -> Typed | None:
        report, text, span = self.scope.report, literal.text, literal.span
        if literal.kind == "money":
            cents = literals.money_of(text, span, report)
            if cents is None:
                return None
            return Typed(model.Number(cents, MONEY, text), MONEY, ANY)
        if "/" in text:
            part = literals.part_of(text, span, report)
        elif text.endswith("%"):
            percent = literals.percent_of(text, span, report)
            part = None if percent is None else Fraction(percent) / 100
        else:
            number = literals.number_of(text, span, report)
            part = None if number is None else Fraction(number)
        if part is None:
            return None
        return Typed(model.Number(part, NUMBER, text), NUMBER, ANY)

    def _name(self, word: nodes.Word) -> Typed | None:
        own = self.own.get(word.text)
        if own is not None:
            return own
        fact = self.scope.facts.get(word.text)
        report = self.scope.report
        if fact is None:
            self._unknown(word)
            return None
        unit = unit_of(fact)
        if not unit:
            report.error(
                "R024",
                f"`{fact.name}` is {fact.described}, not an amount",
                word.span,
                f"a condition stands in a choice: `let x = A if {fact.name} … else B`",
            )
            return None
        return Typed(model.Read(fact.name), unit, level_of(fact))

    def _unknown(self, word: nodes.Word) -> None:
        report, facts = self.scope.report, self.scope.facts
        # A `let` is a fact for conditions, too.
        known = dict.fromkeys([*self.own, *(n for n in facts if unit_of(facts[n]))])
        glued = word.text.split("-")
        if word.text == OWN_PAID:
            report.error(
                "R026",
                f"`{OWN_PAID}` is known after `pay` only",
                word.span,
                "it may stand under `patient owes` and `carry`",
            )
        elif len(glued) > 1 and all(part in known for part in glued):
            report.error(
                "R001",
                f"there is no amount `{word.text}`",
                word.span,
                rewrite(
                    word.span,
                    " - ".join(glued),
                    ", with blanks around the minus sign",
                ),
            )
        else:
            report.unknown("R001", "amount", word.text, word.span, known)

    def _term(self, node: nodes.TermName) -> Typed | None:
        if self.term is not None:
            return self.term(node)
        self.scope.report.error(
            "R025",
            f'`{node.word.text} by "…"` is a term, and terms stand in terms only',
            node.span,
            "the amount itself stands in its place",
        )
        return None

    def _sum(self, node: nodes.SumOf) -> Typed | None:
        inner = self.formula(node.part)
        if inner is None:
            return None
        if inner.level in {CLAIM, BALANCE} or (
            inner.level == ANY and inner.unit == MONEY
        ):
            what = {CLAIM: "an amount of the claim", BALANCE: "a balance"}
            self.scope.report.error(
                "R023",
                f"this is {what.get(inner.level, 'no amount of a line')} already",
                node.part.span,
                leave_out(_before(node), "leave out `sum of`"),
            )
            return None
        if self.level == LINE:
            self.scope.report.error(
                "R023",
                "a sum over the claim stands in a formula of the line",
                node.span,
                "a block `per claim` may have sums; here leave out `sum of`",
            )
            return None
        return Typed(model.SumOf(inner.value), inner.unit, CLAIM)

    def _times(self, node: nodes.Times) -> Typed | None:
        left, right = self.formula(node.left), self.formula(node.right)
        if left is None or right is None:
            return None
        if left.unit == right.unit == MONEY:
            self.scope.report.error(
                "R024",
                "money cannot be multiplied by money",
                node.span,
                "multiply it by a number or a percent",
            )
            return None
        if not self._one_level((node.left, node.right), [left, right]):
            return None
        unit = MONEY if MONEY in {left.unit, right.unit} else NUMBER
        value = model.Times(left.value, right.value)
        return Typed(value, unit, _common([left, right]))

    def _alike(self, parts: tuple[nodes.Formula, ...], what: str) -> list[Typed] | None:
        read = [self.formula(part) for part in parts]
        found = [each for each in read if each is not None]
        if len(found) < len(read):
            return None
        units = [each.unit for each in found]
        if len(set(units)) > 1:
            at = next(i for i, unit in enumerate(units) if unit != units[0])
            self.scope.report.error(
                "R024",
                f"money and a number stand in {what}",
                parts[at].span,
                _as_money(parts[at] if units[at] == NUMBER else parts[0]),
                also=[Label(parts[0].span, f"this is {_a(units[0])}")],
            )
            return None
        return found if self._one_level(parts, found) else None

    def _one_level(self, parts: tuple[nodes.Formula, ...], found: list[Typed]) -> bool:
        if {LINE, CLAIM} <= {each.level for each in found}:
            self._wrong_level(list(parts), found)
            return False
        return True

    def _wrong_level(self, parts: list[nodes.Formula], found: list[Typed]) -> None:
        wrong = LINE if self.level == CLAIM else CLAIM
        part = next(
            p for p, each in zip(parts, found, strict=True) if each.level == wrong
        )
        if wrong == LINE:
            if self._defined_per_line(part):
                return
            self.scope.report.repeated(
                "R023",
                f"`{part.span.text}` is an amount of a line, and this is per claim",
                part.span,
                rewrite(part.span, f"sum of {_in_parentheses(part)}"),
            )
            return
        self.scope.report.error(
            "R023",
            f"`{part.span.text}` is an amount of the claim, and this is per line",
            part.span,
            "such an amount stands in blocks `per claim`",
        )

    def _defined_per_line(self, part: nodes.Formula) -> bool:
        """Report the `let` that `part` names, if its own sums were forgotten there."""
        line = (
            self.written.get(part.word.text) if isinstance(part, nodes.Name) else None
        )
        if line is None or is_summed(line.name):
            return False
        wrong = [
            each.word.span
            for each in leaves(line.value) or ()
            if (typed := self._name(each.word)) is not None and typed.level == LINE
        ]
        if not wrong:
            return False
        name = line.name.text
        listed = " and ".join(f"`sum of {span.text}`" for span in wrong)
        fix = tuple(Edit(Span(e.source, e.start, e.start), "sum of ") for e in wrong)
        self.scope.report.error(
            "R023",
            f"`{name}` is an amount of a line, and this is per claim",
            line.name.span,
            Remedy(f"write {listed}", fix),
            also=[Label(part.span, "read here as one of the claim")],
        )
        # As it was meant: where else it is read nothing more is wrong.
        self.own[name] = replace(self.own[name], level=CLAIM)
        return True


def unit_of(fact: Fact) -> str:
    """Return the unit of `fact`, empty where it is no amount."""
    return _UNITS.get(fact.kind, "")


def level_of(fact: Fact) -> str:
    """Return the level of `fact`; rates and counts go with every level."""
    if fact.kind is not Kind.MONEY:
        return ANY
    return {"member": BALANCE, "claim": CLAIM}.get(fact.per, LINE)


def _common(found: list[Typed]) -> str:
    levels = {each.level for each in found}
    return next((level for level in (LINE, CLAIM, BALANCE) if level in levels), ANY)


def _in_parentheses(part: nodes.Formula) -> str:
    text = part.span.text
    return f"({text})" if isinstance(part, nodes.Plus | nodes.Times) else text


def _a(unit: str) -> str:
    return "money" if unit == MONEY else "a number"


def _before(node: nodes.SumOf) -> Span:
    """Return the words `sum of`, without the blank behind them."""
    text = node.span.source.text
    start, end = node.span.start, node.part.span.start
    while end > start and text[end - 1] in " (":
        end -= 1
    return Span(node.span.source, start, end)


def _as_money(node: nodes.Formula) -> Remedy:
    """Return the remedy for a number where an amount of money is expected."""
    if isinstance(node, nodes.Number) and re.fullmatch(
        r"\d{1,9}(\.\d\d)?", node.literal.text
    ):
        whole, _, cents = node.literal.text.partition(".")
        return rewrite(node.span, f"${int(whole):,}.{cents or '00'}")
    return Remedy("multiply it by the amount that it is a part of")
