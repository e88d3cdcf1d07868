"""The decision of a line as Python has it, and the decisions that no contract gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whopays.decide.decision import Decision
from whopays.decide.line import Found
from whopays.explain import decision_record, explanation_record, sentence, tree
from whopays.explain.duties import duty_lines
from whopays.model.claim import Line
from whopays.model.contract import Contract
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program
from whopays.terms.line import said_of


@dataclass(frozen=True)
class LineDecision:
    """A decision and its explanation; see `decide.decision.Decision` for the parts."""

    decision: Decision
    #: The line as it was read; None where it was rejected.
    line: Line | None = field(default=None, repr=False, compare=False)

    @property
    def status(self) -> str:
        """What came of the line: one of `model.outcome.STATUSES`."""
        return self.decision.status

    @property
    def shares(self) -> dict[str, str]:
        """The share of each bearer, as a percent or a fraction."""
        return {part.bearer: part.share for part in self.decision.parts}

    @property
    def cents(self) -> dict[str, int | None]:
        """The integer cents that each bearer bears, None while undetermined."""
        return {part.bearer: part.cents for part in self.decision.parts}

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that would settle an undetermined line."""
        return self.decision.needs

    @property
    def because(self) -> tuple[str, ...]:
        """The ids of the clauses that gave the answer."""
        return (*self.decision.outcome.moved, *self.decision.outcome.clauses)

    def explain(self, form: str = "sentence") -> str:
        """Return the explanation: `form` is "sentence" or "tree".

        After the sentence of who pays stand those of deadlines and interest, if any.
        """
        if form not in {"sentence", "tree"}:
            raise ValueError("form is 'sentence' or 'tree'; see also record()")
        if form == "tree":
            return tree(self.decision)
        return " ".join((sentence(self.decision), *duty_lines(self.decision)))

    def record(self) -> dict[str, Any]:
        """Return the decision as plain data, with its explanation under `trace`."""
        trace = explanation_record(self.decision.shared)
        return {**decision_record(self.decision), "trace": trace}


def several(found: list[Decision], contracts: list[Contract]) -> Decision:
    """Return the decision of a line for which several `contracts` may answer."""
    names = ", ".join(each.contract for each in found)
    dates = {fact for each in contracts for by in each.decide_by for fact in by.facts}
    asked = {need for each in found for need in each.needs if need in dates}
    for name, heads in (
        ("payer", {each.payer for each in contracts}),
        ("group", {each.group for each in contracts}),
        ("product", {each.products for each in contracts}),
    ):
        unknown = any(each.facts.get(name, UNKNOWN) is UNKNOWN for each in found)
        if len(heads) > 1 and unknown:
            asked.add(name)
    if asked:
        asked.update(need for each in found for need in each.needs)
        outcome = Outcome("undetermined", needs=tuple(sorted(asked)))
    else:
        outcome = Outcome("by_hand", note=f"several contracts answer: {names}")
    first = found[0]
    return bare(first.claim_id, first.line, outcome)


def terms_said(
    programs: Iterable[Program], facts: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what the terms come to, on a line of `facts`, that conditions name.

    What would change an answer is sought as another amount of the term, whichever of
    its parts brings it.
    """
    return {
        each.name: each.value
        for program in programs
        for each in said_of(program.contract, program.terms, facts)
        if each.value is not UNKNOWN
    }


def nobody(line: Line) -> Decision:
    """Return the decision of `line` where no rules have a contract."""
    note = "there is no contract in these rules"
    return bare(line.claim_id, line.number, Outcome("no_contract", note=note))


def bare(claim_id: str, line: str, outcome: Outcome) -> Decision:
    """Return a decision that is of no contract."""
    return Decision(claim_id, line, "", outcome, (), None, "", (), {}, Found(outcome))
