"""Conditions: each name becomes a fact or a definition, each value one of its type."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from whopays.diagnostics import Remedy, Span, nearest, rewrite
from whopays.model import conditions as model
from whopays.model.facts import Fact, Kind
from whopays.model.formulas import term_named
from whopays.model.values import Scalar
from whopays.resolve import values
from whopays.resolve.definitions import Definitions, is_misspelt
from whopays.resolve.listed import one_value_each, value_alone
from whopays.resolve.report import Report
from whopays.resolve.termed import FindTerm, of_two_sources, term_fact
from whopays.syntax import nodes

_COMPARISONS = ("<", "<=", ">", ">=")
_SINGLE_VALUES = (Kind.ONE_OF, Kind.PARTY, Kind.TEXT, Kind.NUMBER, Kind.DATE)
#: What people write for none.
_NONE = frozenset({"null", "empty", "blank", "missing", "absent", "nil", "nothing"})
_UNITS = {"day": "days", "month": "months", "year": "years"}


@dataclass
class Scope:
    """The names that a condition may mention; `known` are definitions, resolved."""

    facts: dict[str, Fact]
    report: Report
    parties: dict[str, object] = field(default_factory=dict)
    defines: dict[str, nodes.DefineBlock] = field(default_factory=dict)
    known: dict[str, model.Condition] = field(default_factory=dict)
    #: Finds the fact that a term (`paid_amount by "Maine"`) is in a condition.
    terms: FindTerm | None = None

    @cached_property
    def definitions(self) -> Definitions:
        """Its definitions, resolved as they are asked for."""
        return Definitions(self.defines, self.known, self.report, self.condition)

    def optional(self, node: nodes.Condition | None) -> model.Condition | None:
        """Return the condition `node`, or None for none (or for one with errors)."""
        return None if node is None else self.condition(node)

    def condition(self, node: nodes.Condition) -> model.Condition | None:
        """Return the condition `node` with its names resolved, or None after errors."""
        self.definitions.use(node)
        return self._condition(node) if self.definitions.is_small(node) else None

    def _condition(self, node: nodes.Condition) -> model.Condition | None:
        match node:
            case nodes.AllOf(parts):
                resolved = [self._condition(part) for part in parts]
                good = tuple(part for part in resolved if part is not None)
                return model.All(good) if len(good) == len(parts) else None
            case nodes.AnyOf(parts):
                if one_value_each(node, self.facts, self.parties, self.report):
                    return None
                resolved = [self._condition(part) for part in parts]
                good = tuple(part for part in resolved if part is not None)
                return model.Any_(good) if len(good) == len(parts) else None
            case nodes.Negated(part):
                inner = self._condition(part)
                return None if inner is None else model.Not(inner)
            case _:
                return self._atom(node)

    @property
    def resolved(self) -> dict[str, model.Condition]:
        """The definitions that were looked at and hold together, by name."""
        found = self.definitions.resolved
        return {name: each for name, each in found.items() if each is not None}

    def resolve_defines(self) -> None:
        """Report what is wrong with definitions, also with those that nothing uses."""
        for name, block in self.defines.items():
            if name in self.facts:
                first = self.facts[name].span
                self.report.twice("name", name, block.name.span, first)
            self.definitions.get(name)

    def fact(self, word: nodes.Word) -> Fact | None:
        """Return the fact that `word` names, or report."""
        fact = self.facts.get(word.text)
        if fact is None and term_named(word.text) is not None:
            return term_fact(word, self.terms, self.facts, self.report)
        if fact is None:
            of = word.text.split(".")[0] + "."
            if "." in word.text and not any(n.startswith(of) for n in self.facts):
                self.report.error(
                    "R022",
                    f"`{word.text}` is of a plan or a patient, not of a claim line",
                    word.span,
                    "facts of plans and patients stand in the rules of an `order`",
                )
                return None
            if word.text in self.defines:
                message = f"`{word.text}` is a definition, and stands alone"
                advice = f"it holds or not: `{word.text}`, or `not {word.text}`"
                self.report.error("R003", message, word.span, advice)
                return None
            having = [f.name for f in self.facts.values() if word.text in f.options]
            if having and word.text not in self.facts:
                value_alone(word, having, self.report)
                return None
            known = (*self.facts, *self.defines, *self.known)
            block = self.defines.get(nearest(word.text, known) or "")
            if block is not None and is_misspelt(block.name, word, self.report):
                return None
            self.report.unknown("R001", "fact", word.text, word.span, known)
            return None
        if fact.of in {"plan", "patient"}:
            own = [name for name in self.facts if name.endswith(f".{fact.name}")]
            self.report.error(
                "R022",
                f"`{fact.name}` is of a {fact.of}, not of a claim line",
                word.span,
                f"of which plan is said: {' or '.join(f'`{name}`' for name in own)}"
                if own
                else "facts of plans and patients stand in the rules of an `order`",
            )
            return None
        return fact

    # Atoms

    def _atom(self, node: nodes.Atom) -> model.Condition | None:
        if node.op == "holds" and self.definitions.has(node.fact.text):
            return self.definitions.get(node.fact.text)
        fact = self.fact(node.fact)
        if fact is None:
            return None
        match node.op:
            case "holds":
                return self._bare(fact, node)
            case "is" | "is not":
                found = self._is(fact, node, node.operands[0])
            case "in" | "not in":
                found = self._in(fact, node)
            case "is given" | "is not given":
                found = self._given(fact, node)
            case "include":
                return self._include(fact, node)
            case "in month of":
                return self._month(fact, node)
            case _:
                return self._compares(fact, node)
        if found is None or node.op in {"is", "in", "is given"}:
            return found
        return model.Not(found)

    def _bare(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        if fact.kind is Kind.YES_NO:
            return model.Is(fact.name, True, fact.name)
        self.report.error(
            "R003",
            f"`{fact.name}` is not yes or no, so it cannot stand alone",
            node.span,
            values.example_of(fact),
        )
        return None

    def _is(
        self, fact: Fact, node: nodes.Atom, operand: nodes.Operand
    ) -> model.Condition | None:
        if isinstance(operand, nodes.Shifted):
            return None  # the grammar has none here
        if fact.kind is Kind.CODES:
            self._wrong_operator(fact, node, "include")
            return None
        if operand.kind == "none" or self._means_none(fact, operand):
            given = "given" if node.op == "is not" else "not given"
            self.report.error(
                "R003",
                f"`{fact.name}` is not compared with none",
                node.span,
                rewrite(node.span, f"{fact.name} is {given}")
                if fact.or_none
                else f"{fact.name} is never none: one that is not given is unknown",
            )
            return None
        other = self.facts.get(operand.text) if operand.kind == "word" else None
        if other is not None and fact.kind not in {Kind.ONE_OF, Kind.PARTY}:
            return self._with_fact(fact, "is", other, None, node)
        if fact.kind is Kind.CODE:
            codes = values.codes_of(fact, (operand,), node.span, self.report)
            text = f"{fact.name} is {codes}" if codes else ""
            return model.InCodes(fact.name, codes, text) if codes else None
        value = self.value(fact, operand)
        if value is None:
            return None
        return model.Is(fact.name, value, f"{fact.name} is {values.shown(fact, value)}")

    def _means_none(self, fact: Fact, operand: nodes.Literal) -> bool:
        """Tell whether `operand` is another word for none, and no value of `fact`."""
        if operand.text.casefold() not in _NONE or operand.text in fact.options:
            return False
        return operand.kind == "word" and operand.text not in self.parties

    def _in(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        if fact.kind is Kind.CODES:
            self._wrong_operator(fact, node, "include")
            return None
        operands = [each for each in node.operands if isinstance(each, nodes.Literal)]
        if fact.kind is Kind.CODE:
            codes = values.codes_of(fact, tuple(operands), node.span, self.report)
            text = f"{fact.name} in {codes}" if codes else ""
            return model.InCodes(fact.name, codes, text) if codes else None
        if fact.kind not in _SINGLE_VALUES:
            self._wrong_operator(fact, node, ">=" if fact.kind.is_ordered else "is")
            return None
        read = [self.value(fact, each) for each in operands]
        good = tuple(value for value in read if value is not None)
        if len(good) != len(read):
            return None
        text = ", ".join(values.shown(fact, value) for value in good)
        return model.IsOneOf(fact.name, good, f"{fact.name} in {text}")

    def _given(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        if not fact.or_none:
            self.report.error(
                "R017",
                f"`{fact.name}` is never none: one that is not given is unknown",
                node.span,
                f"`{node.op}` is for facts declared `or none`",
            )
            return None
        return model.IsGiven(fact.name, f"{fact.name} is given")

    def _include(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        if fact.kind is not Kind.CODES:
            self._wrong_operator(fact, node, "in" if fact.kind is Kind.CODE else "is")
            return None
        if node.codes is None:
            return None
        codes = values.fitting_codes(fact, node.codes, self.report)
        if codes is None:
            return None
        return model.Includes(fact.name, codes, f"{fact.name} include {codes}")

    def _month(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        operand = node.operands[0]
        if not isinstance(operand, nodes.Literal):
            return None
        other = self.fact(nodes.Word(operand.text, operand.span))
        if other is None:
            return None
        for each, span in ((fact, node.fact.span), (other, operand.span)):
            if each.kind is not Kind.DATE:
                self.report.error("R003", f"`{each.name}` is not a date", span)
                return None
        text = f"{fact.name} in month of {other.name}"
        return model.ComparesFacts(fact.name, "in month of", other.name, None, text)

    def _compares(self, fact: Fact, node: nodes.Atom) -> model.Condition | None:
        if not fact.kind.is_ordered:
            self._wrong_operator(fact, node, "is")
            return None
        operand = node.operands[0]
        if isinstance(operand, nodes.Shifted):
            return self._shifted(fact, node, operand)
        if operand.kind == "word":
            other = self.fact(nodes.Word(operand.text, operand.span))
            if other is None:
                return None
            return self._with_fact(fact, node.op, other, None, node)
        value = self.value(fact, operand)
        if value is None:
            return None
        text = f"{fact.name} {node.op} {values.shown(fact, value)}"
        return model.Compares(fact.name, node.op, value, text)

    def _shifted(
        self, fact: Fact, node: nodes.Atom, operand: nodes.Shifted
    ) -> model.Condition | None:
        unit = operand.unit.text if operand.unit.text.endswith("s") else ""
        unit = unit or _UNITS.get(operand.unit.text, operand.unit.text)
        if unit not in _UNITS.values():
            weeks = operand.unit.text.rstrip("s") == "week"
            if weeks and operand.count.text.isdigit():
                span = operand.count.span.to(operand.unit.span)
                days = f"{7 * int(operand.count.text[:4])} days"
                message = "there is no unit `weeks`"
                self.report.error("R003", message, span, rewrite(span, days))
                return None
            self.report.unknown(
                "R003", "unit", operand.unit.text, operand.unit.span, _UNITS.values()
            )
            return None
        if not operand.count.text.isdigit() or len(operand.count.text) > 5:  # noqa: PLR2004
            self.report.error(
                "R004",
                "this is not a count",
                operand.count.span,
                "a count is a whole number, such as 60",
            )
            return None
        other = self.fact(operand.fact)
        if other is None:
            return None
        count = int(operand.count.text)
        sign = 1 if operand.direction == "after" else -1
        return self._with_fact(
            fact, node.op, other, model.Shift(sign * count, unit), node
        )

    def _with_fact(
        self,
        fact: Fact,
        op: str,
        other: Fact,
        shift: model.Shift | None,
        node: nodes.Atom,
    ) -> model.Condition | None:
        if fact.kind is not other.kind or (shift and fact.kind is not Kind.DATE):
            self.report.error(
                "R003",
                f"`{fact.name}` ({fact.type_text}) and `{other.name}` "
                f"({other.type_text}) cannot be compared",
                node.span,
                values.example_of(fact),
            )
            return None
        if of_two_sources(fact, other, node.span, self.report):
            return None
        if fact.name == other.name:
            self.report.error(
                "R003", f"`{fact.name}` is compared with itself", node.span
            )
            return None
        shown = other.name
        if shift is not None:
            direction = "after" if shift.count >= 0 else "before"
            shown = f"{abs(shift.count)} {shift.unit} {direction} {other.name}"
        text = f"{fact.name} {op} {shown}"
        return model.ComparesFacts(fact.name, op, other.name, shift, text)

    # Values

    def value(self, fact: Fact, literal: nodes.Literal) -> Scalar | None:
        """Return `literal` as a value of `fact`, or report."""
        return values.value_of(fact, literal, self.parties, self.report)

    def _wrong_operator(self, fact: Fact, node: nodes.Atom, right: str) -> None:
        self.report.error(
            "R003",
            f"`{fact.name}` is {fact.described}, so `{node.op}` does not fit it",
            node.span,
            _with_operator(node, right)
            or f"it is tested with `{right}`: {values.example_of(fact)}",
        )


def _with_operator(node: nodes.Atom, right: str) -> Remedy | None:
    """Return the remedy to test the codes of `node` with `right`, if it has codes."""
    first = node.codes.span if node.codes else node.operands[0].span
    has_system = node.codes is not None or (
        isinstance(node.operands[0], nodes.Literal) and node.operands[0].system
    )
    if right not in {"in", "include"} or not has_system:
        return None
    source = node.span.source
    codes = Span(source, first.start, node.span.end).text
    test = f"{node.fact.text} {right} {codes}"
    opposite = f"{node.fact.text} not in {codes}" if right == "in" else f"not ({test})"
    return rewrite(node.span, opposite if "not" in node.op else test)
