"""Payment terms that a decision rests on: by whose words, in which edition, how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from whopays.amounts.units import MONEY
from whopays.decide.decision import Decision
from whopays.explain.recorded import Recorded, Told
from whopays.explain.terms.words import reason_text
from whopays.model.conditions import value_text
from whopays.model.contract import Contract
from whopays.model.formulas import parts_of, term_named
from whopays.model.values import NONE, UNKNOWN
from whopays.terms.answers import AMOUNT, NO, NOT_APPLICABLE, UNDETERMINED, YES, Answer
from whopays.terms.definitions import words_of
from whopays.terms.line import Said

#: The status of a term of which a test gives the value.
_GIVEN: Final = "given"


def terms_of(decision: Told) -> Sequence[dict[str, Any]]:
    """Return each term that decided as plain data; money is integer cents."""
    if isinstance(decision, Recorded):
        return decision.terms_said
    if decision.program is None:
        return ()
    contract = decision.program.contract
    return [_record(each, contract) for each in _told(decision)]


def said_sentences(decision: Told) -> list[str]:
    """Return a sentence for each term that decided: its edition, amount and formula."""
    return [_sentence(each) for each in terms_of(decision)]


def _told(decision: Decision) -> Iterator[Said]:
    """Yield the terms that the trace mentions, and those that a limit counts."""
    if not decision.terms:
        return
    named = set(decision.shared.mentioned)
    for entry in decision.entries:
        named.update(part.text for part in parts_of(entry.limit.counts))
    yield from (each for each in decision.terms if each.name in named)


def _sentence(said: Mapping[str, Any]) -> str:
    term = f'{said["name"]} by "{said["source"]}"'
    status, why = said["status"], said["why"]
    if status == _GIVEN:
        return f"{term} is {said['value'] or 'none'}, as it is given."
    by = f"By {said['edition']}, {term}" if said["edition"] else term
    if status in {AMOUNT, YES, NO}:
        what = f"is {said['value']}"
    elif status == NOT_APPLICABLE:
        what = "does not apply to this line"
    elif status == UNDETERMINED:
        what = "is unknown"
    else:
        what = f"is {status}"
    return f"{by} {what}: {why}." if why else f"{by} {what}."


def _record(said: Said, contract: Contract) -> dict[str, Any]:
    term, answer = term_named(said.name), said.answer
    fact = contract.facts[said.name]
    is_money = fact.kind.value == MONEY
    return {
        "name": term.name if term else said.name,
        "source": term.source if term else "",
        "edition": (_edition(answer) if answer else "") or None,
        "status": answer.status if answer else _GIVEN,
        "cents": said.value if is_money and isinstance(said.value, int) else None,
        "value": None
        if said.value in {NONE, UNKNOWN}
        else value_text(
            said.value, money=is_money, percent=fact.kind.value == "percent"
        ),
        "why": (_reason(said, answer, contract) if answer else "") or None,
        "needs": sorted(answer.needs) if answer else [],
    }


def _reason(said: Said, answer: Answer, contract: Contract) -> str:
    term = term_named(said.name)
    if term is None:
        return ""
    word = words_of(contract.terms)[term.name, term.source]
    return reason_text(answer, word, contract.facts)


def _edition(answer: Answer) -> str:
    """Return the dictionary of the definition that holds, and its days; or ""."""
    term = answer.term
    if term is None:
        return ""
    days = ", ".join(map(str, term.in_force))
    return f"{term.dictionary} ({days})" if days else term.dictionary
