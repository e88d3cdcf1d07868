"""One sentence for one decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whopays.accumulate.counting import PAID
from whopays.decide.decision import Part
from whopays.decide.seen import Seen
from whopays.decide.trace import Trace
from whopays.explain.limits import cited, limits_of
from whopays.explain.recorded import Told
from whopays.explain.said import said_sentences
from whopays.model.money import dollars

_SHOWN_NEEDS = 3


def sentence(decision: Told, *, named: bool = True) -> str:
    """Return who pays and by which clause, in one sentence; then the terms that decided.

    `named`: with the names of the parties that pay, each once.
    """
    answer = answer_sentence(decision, named=named)
    return " ".join((answer, *said_sentences(decision), *code_sentences(decision)))


def code_sentences(decision: Told) -> list[str]:
    """Return a sentence for each fact that is not relied on, and for the catalog."""
    said = [note.text for note in decision.code_notes]
    said.extend(
        f"{fact} names no party of this contract; it counts as unknown"
        for fact in decision.strangers
    )
    if decision.catalog_note:
        said.append(decision.catalog_note)
    return [f"{each}." for each in said]


def answer_sentence(decision: Told, *, named: bool = True) -> str:
    """Return who pays and by which clause, and nothing of the codes."""
    trace = decision.shared
    match decision.status:
        case "decided":
            return f"{_payers(decision, named=named)}{_because(trace, limits_of(decision))}."
        case "undetermined":
            return f"Undetermined: {needs_text(trace)}."
        case "unlisted":
            return f"Unlisted: the text is silent{_because(trace)}."
        case "not_covered":
            return f"Not covered: nobody pays{_because(trace)}."
        case "ambiguous":
            return f"Ambiguous{_because(trace)}: {trace.reason}."
        case "no_contract":
            return f"No contract: {no_contract_text(trace)}."
        case "rejected":
            return f"Rejected: {trace.note}."
        case _:
            return f"By hand: {by_hand_text(trace)}{_because(trace)}."


def _payers(decision: Told, *, named: bool) -> str:
    names = dict(decision.names) if named else {}
    moved = any(each["state"] == PAID for each in limits_of(decision))

    def called(party: str) -> str:
        name = names.pop(party, party)  # once
        return party if name == party else f"{party} ({name})"

    said = []
    for part in decision.parts:
        bearer = called(part.bearer)
        through = f", paid by {called(part.payer)}" if part.payer != part.bearer else ""
        said.append(f"{bearer} bears {_borne(part, moved=moved)}{through}")
    return " and ".join(said)


def _borne(part: Part, *, moved: bool) -> str:
    """Return the share and the cents of `part`; a limit may have `moved` cents."""
    if part.cents is None:
        return part.share
    if part.share == "0%":  # by a limit alone
        return dollars(part.cents)
    if moved:  # the share is the clause's, and the cents are no longer that share
        return f"{dollars(part.cents)} ({part.share} before limits)"
    return f"{part.share} ({dollars(part.cents)})"


def _because(trace: Trace, limits: Iterable[Mapping[str, Any]] = ()) -> str:
    winners = [each for each in trace.clauses if each.state in {"answers", "moved"}]
    names = [clause_text(each) for each in winners]
    names += [cited(each) for each in limits if each["state"] == PAID]
    return f" because of {' and '.join(names)}" if names else ""


def clause_text(seen: Seen) -> str:
    """Return a clause's id with its citation."""
    return f"{seen.id} ({'; '.join(seen.cites)})" if seen.cites else seen.id


def needs_text(trace: Trace) -> str:
    """Return which facts are needed; three at most, the record has all."""
    if not trace.needs:
        return "no single fact would settle it"
    shown = ", ".join(trace.needs[:_SHOWN_NEEDS])
    more = len(trace.needs) - _SHOWN_NEEDS
    rest = f" and {more} more" if more > 0 else ""
    minimised = "" if trace.minimised else " (not minimised)"
    return f"needs {shown}{rest}{minimised}"


def no_contract_text(trace: Trace) -> str:
    """Return why no contract answers."""
    failed = [test.text for seen in trace.clauses for test in seen.tests]
    if failed:
        return f"not a claim of {trace.contract}: it would need {' and '.join(failed)}"
    if trace.date_fact:
        return f"{trace.contract} is not in force on its {trace.date_fact}"
    return trace.note or "no contract answers for it"


def by_hand_text(trace: Trace) -> str:
    """Return why a person has to decide."""
    if trace.note == "conflict":
        return "two clauses contradict each other"
    if trace.note == "gap":
        return "no clause answers"
    if trace.answer == "?":
        return "the text is a draft here"
    return trace.note or "the text says so"
