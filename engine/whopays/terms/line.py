"""Terms in the conditions of a contract: what each comes to on one line, as a fact.

A line is taken alone: of its claim no other line is seen. What a term lacks, the line
lacks: a term that is not worked out is unknown, and no condition takes it for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from whopays.model.conditions import Read
from whopays.model.contract import Contract
from whopays.model.facts import Fact
from whopays.model.formulas import term_named
from whopays.model.outcome import Outcome
from whopays.model.payments import Term
from whopays.model.shared import seen_by_conditions
from whopays.model.values import UNKNOWN, Value
from whopays.terms.adjudicated import known
from whopays.terms.answers import Answer, value_of
from whopays.terms.definitions import Word, words_of
from whopays.terms.evaluate import Evaluation
from whopays.terms.rows import LINE, ComponentClaim, Row
from whopays.terms.seen import seen


@dataclass(frozen=True)
class Said:
    """What the term `name` comes to on a line: its value as a fact, and the answer.

    `answer` is None where a test gave the value, and nothing was worked out.
    """

    name: str
    value: Value
    answer: Answer | None


def term_facts(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return the names of the terms among `facts`."""
    return tuple(name for name, fact in facts.items() if fact.is_term)


def said_of(
    contract: Contract, names: Sequence[str], facts: Mapping[str, Value]
) -> tuple[Said, ...]:
    """Return what the terms `names` of `contract` come to on a line with these `facts`.

    `facts` are those that the line gives, nothing worked out yet.
    """
    if not names:
        return ()
    row = known(ComponentClaim("", (Row("", facts),)), {})
    words = _words(contract.terms)
    evaluation = Evaluation(words, seen(row, contract.facts))
    return tuple(_said(name, words, evaluation, facts) for name in names)


def _said(
    name: str,
    words: Mapping[tuple[str, str], Word],
    evaluation: Evaluation,
    facts: Mapping[str, Value],
) -> Said:
    given = facts.get(name, UNKNOWN)
    if given is not UNKNOWN:
        return Said(name, given, None)
    term = term_named(name)
    if term is None:
        raise ValueError(name)
    answer = evaluation.at(words[term.name, term.source], 0, LINE)
    return Said(name, value_of(answer), answer)


@lru_cache(maxsize=64)
def _words(terms: tuple[Term, ...]) -> dict[tuple[str, str], Word]:
    return words_of(terms)


def seen_by_clauses(contract: Contract, read: Read) -> dict[str, Value]:
    """Return all facts as conditions of `contract` see them: shared amounts and terms."""
    found = seen_by_conditions(contract.facts, read)
    found.update((each.name, each.value) for each in terms_of(contract, read))
    return found


def terms_of(contract: Contract, read: Read) -> tuple[Said, ...]:
    """Return what the terms that conditions name come to on the line that `read` reads."""
    names = term_facts(contract.facts)
    given = {name: read(name) for name in contract.facts} if names else {}
    return said_of(contract, names, given)


def lacks_of(said: Iterable[Said], name: str) -> tuple[str, ...]:
    """Return what is needed to know `name`: of a term, the facts that it lacks."""
    for each in said:
        if each.name == name and each.answer is not None and each.answer.needs:
            return tuple(sorted(each.answer.needs))
    return (name,)


def with_needs(outcome: Outcome, said: Iterable[Said]) -> Outcome:
    """Return `outcome` with the facts that a term lacks where it needs the term."""
    every = tuple(said)
    needs = {fact for name in outcome.needs for fact in lacks_of(every, name)}
    if needs == set(outcome.needs):
        return outcome
    best = lacks_of(every, outcome.best)[0]
    return replace(outcome, needs=tuple(sorted(needs)), best=best)
