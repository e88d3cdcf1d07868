"""Runs the tests of terms: what a word comes to, reading by reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from whopays.model.money import dollars
from whopays.model.rules import PaymentExpected, PaymentTest, Rules, TestCase
from whopays.terms.answers import AMOUNT, BESIDE, Answer
from whopays.terms.definitions import Word, words_of
from whopays.terms.evaluate import Evaluation
from whopays.terms.rows import ComponentClaim, Row
from whopays.terms.seen import seen

_HUNDRED = 100


@dataclass
class TermTests:
    """Runs tests by the terms of `rules`."""

    rules: Rules
    _words: dict[tuple[str, str], Word] = field(default_factory=dict)

    def problems(self, test: PaymentTest, case: TestCase) -> list[str]:
        """Return what is not as the test expects."""
        answers = self.answers(test, case)
        return [p for each in test.expected for p in _of_term(each, answers)]

    def answers(self, test: PaymentTest, case: TestCase) -> tuple[Answer, ...]:
        """Return what the term of a test comes to on its lines."""
        if not self._words:
            terms = [term for each in self.rules.terms.values() for term in each.terms]
            self._words = words_of(terms)
        rows = tuple(
            Row(str(at), facts, record=at) for at, facts in enumerate(case.lines, 1)
        )
        claim = ComponentClaim("test", rows)
        word = self._words[test.id, test.source]
        return Evaluation(self._words, seen(claim, test.facts)).answers(word)


def _of_term(expected: PaymentExpected, answers: tuple[Answer, ...]) -> list[str]:
    own = [each for each in answers if each.status != BESIDE]
    statuses = list(dict.fromkeys(each.status for each in own))
    found: list[str] = []
    if expected.word and statuses != [expected.word]:
        return [f"expected {expected.word}, got {_got(own)}"]
    for name, cents in expected.amounts:
        amount = _amount(name, answers)
        called = f"{name} " if name else ""
        if amount is None:
            got = "no amount" if name else _got(own)
            found.append(f"expected {called}{dollars(cents)}, got {got}")
        elif amount != cents:
            found.append(
                f"expected {called}{dollars(cents)}, got {called}{dollars(amount)}"
            )
    if expected.percent is not None and _percents(own) != {expected.percent}:
        found.append(f"expected {expected.percent}%, got {_got(own)}")
    if expected.needs:
        needs = frozenset[str]().union(*(each.needs for each in own))
        if set(expected.needs) != needs:
            named = ", ".join(sorted(needs)) or "nothing"
            found.append(f"expected needs {', '.join(expected.needs)}, got {named}")
    return found


def _amount(name: str, answers: tuple[Answer, ...]) -> int | None:
    """Return what the term or its reading `name` comes to, over all lines."""
    if name:
        reads = [each.reading(name) for each in answers]
        cents = [each.cents for each in reads if each is not None]
    else:
        cents = [each.cents for each in answers if each.status != BESIDE]
    known = [each for each in cents if each is not None]
    return sum(known) if known and len(known) == len(cents) else None


def _percents(answers: list[Answer]) -> set[Fraction]:
    return {
        Fraction(each.read.calculated.exact) * _HUNDRED
        for each in answers
        if each.read is not None and each.read.calculated.exact is not None
    }


def _got(answers: list[Answer]) -> str:
    said = []
    for each in answers:
        if each.status == AMOUNT and each.cents is not None:
            said.append(dollars(each.cents))
        elif each.needs:
            said.append(f"{each.status}, needs {', '.join(sorted(each.needs))}")
        else:
            said.append(each.status)
    return "; ".join(dict.fromkeys(said)) or "nothing"
