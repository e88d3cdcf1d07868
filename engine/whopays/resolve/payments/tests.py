"""Tests of methods, orders and terms: what they give and expect, names and types alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whopays.model.facts import Fact
from whopays.model.formulas import term_named
from whopays.model.payments import Method, MethodSet, Order, Term, TermSet
from whopays.model.rules import PaymentExpected, PaymentTest, TestCase
from whopays.model.values import NONE, Number
from whopays.resolve import literals
from whopays.resolve.conditions import Scope
from whopays.resolve.payments.amounts import OWN_PAID
from whopays.resolve.payments.methods import of_method, of_patient
from whopays.resolve.payments.orders import of_pair
from whopays.resolve.report import Report
from whopays.resolve.testgiven import Given
from whopays.syntax import nodes

_OPEN = ("undetermined",)
_AHEAD = ("this ahead of other", "other ahead of this", "share equally", *_OPEN)
_OF_METHOD = ("by hand", *_OPEN)
_OF_TERM = ("not applicable", "undefined", "ambiguous", "yes", "no", *_OPEN)


@dataclass(frozen=True)
class Payments:
    """The methods, orders and terms of a folder."""

    methods: Mapping[tuple[str, str], MethodSet]
    orders: Mapping[tuple[str, str], Order]
    terms: Mapping[tuple[str, str], TermSet]


@dataclass(frozen=True)
class _Tested:
    """What a test tests: the names that it may give, and those that it may expect.

    `amounts` may be expected with money, `words` alone, `reasons` after `because`;
    `terms`, as they are written, may be what it needs, beside facts.
    """

    key: tuple[str, str]
    facts: Mapping[str, Fact]
    amounts: tuple[str, ...]
    words: tuple[str, ...]
    reasons: tuple[str, ...]
    bare: bool
    terms: frozenset[str] = frozenset()


def payment_test(
    block: nodes.TestBlock, known: Payments, report: Report
) -> TestCase | None:
    """Return the test `block` of a method, an order or a term; None after errors."""
    tested = _tested(block, known, report)
    if tested is None:
        return None
    given = Given(Scope(dict(tested.facts), report), report)
    base, _ = given.facts(block.given)
    lines = [given.facts(items)[0] for items in block.lines] or [{}]
    if block.known_on is not None:
        literals.date_of(block.known_on.text, block.known_on.span, report)
    expected = tuple(_expected(line, tested, given, report) for line in block.expect)
    if block.of is None:
        return None
    empty = {name: NONE for name, fact in tested.facts.items() if fact.or_none}
    return TestCase(
        block.title.text,
        "",
        None,
        None,
        tuple({**empty, **base, **line} for line in lines),
        (),
        "",
        block.span,
        bool(block.unreviewed),
        PaymentTest(
            block.kind,
            block.of.text,
            tested.key,
            dict(tested.facts),
            expected,
            block.source.text if block.source is not None else "",
        ),
    )


def _tested(block: nodes.TestBlock, known: Payments, report: Report) -> _Tested | None:
    word = block.of
    if word is None:
        return None
    if block.kind == "method":
        return _method(word, known, report)
    if block.kind == "order":
        orders = {order.id: order for order in known.orders.values()}
        order = orders.get(word.text)
        if order is None:
            report.unknown("R009", "order", word.text, word.span, orders)
            return None
        rules = tuple(rule.id for rule in order.rules)
        key = (order.id, order.version)
        return _Tested(key, of_pair(order.facts), (), _AHEAD, rules, bare=False)
    return _term(word, block.source, known, report)


def _method(word: nodes.Word, known: Payments, report: Report) -> _Tested | None:
    found: dict[str, tuple[Method, MethodSet]] = {}
    for methods in known.methods.values():
        for each in methods.methods.values():
            found.setdefault(each.id, (each, methods))
    if word.text not in found:
        report.unknown("R009", "method", word.text, word.span, found)
        return None
    method, methods = found[word.text]
    lets = tuple(let.name for let in method.lets)
    carried = tuple(each.name for each in method.carries)
    amounts = ("pay", "patient owes", "write_off", *lets, *carried)
    facts = of_method(methods.facts, methods.span)
    key = (methods.id, methods.version)
    reasons = (*lets, OWN_PAID)
    terms = frozenset(name for name in method.reads if term_named(name) is not None)
    return _Tested(key, facts, amounts, _OF_METHOD, reasons, bare=False, terms=terms)


def _term(
    word: nodes.Word, source: nodes.Word | None, known: Payments, report: Report
) -> _Tested | None:
    terms: dict[tuple[str, str], tuple[list[Term], TermSet]] = {}
    for each in known.terms.values():
        for term in each.terms:
            terms.setdefault((term.name, term.source), ([], each))[0].append(term)
    if source is None:
        return None
    if (word.text, source.text) not in terms:
        sources = [by for name, by in terms if name == word.text]
        if sources:
            what = f"definition of `{word.text}` by"
            report.unknown("R009", what, source.text, source.span, sources)
        else:
            words = dict.fromkeys(name for name, _ in terms)
            report.unknown("R009", "term", word.text, word.span, words)
        return None
    editions, term_set = terms[word.text, source.text]
    named = [r.name for term in editions for r in term.readings]
    named += [let.name for term in editions for let in term.lets]
    facts = {**term_set.facts, **of_patient(term_set.facts)}
    names = tuple(dict.fromkeys(named))
    key = (term_set.id, term_set.version)
    every = frozenset(f'{name} by "{by}"' for name, by in terms)
    return _Tested(key, facts, names, _OF_TERM, (), bare=True, terms=every)


def _expected(
    line: nodes.Expectation, tested: _Tested, given: Given, report: Report
) -> PaymentExpected:
    amounts: list[tuple[str, int]] = []
    said = ""
    percent: Number | None = None
    for item in line.items:
        words = " ".join(piece.text for piece in item)
        if words in tested.words:
            said = words
            continue
        if tested.bare and len(item) == 1 and words.endswith("%"):
            percent = literals.percent_of(words, item[0].span, report)
            continue
        found = _amount(item, tested, report)
        if found is not None:
            amounts.append(found)
    needs = tuple(_needed(line.needs, tested, given))
    for reason in line.because:
        if reason.id.text not in tested.reasons:
            report.unknown(
                "R019", "reason", reason.id.text, reason.span, tested.reasons
            )
    because = tuple(reason.id.text for reason in line.because)
    if needs and not said:
        said = "undetermined"
    return PaymentExpected(tuple(amounts), said, needs, because, percent)


def _needed(
    words: tuple[nodes.Word, ...], tested: _Tested, given: Given
) -> Iterator[str]:
    """Yield what `words` name: facts, and terms that the tested text may need."""
    for word in words:
        if term_named(word.text) is None:
            fact = given.scope.fact(word)
            if fact is not None:
                yield fact.name
        elif word.text in tested.terms:
            yield word.text
        else:
            known = sorted(tested.terms)
            given.report.unknown("R009", "term", word.text, word.span, known)


def _amount(
    item: tuple[nodes.Literal, ...], tested: _Tested, report: Report
) -> tuple[str, int] | None:
    """Return the name of an amount and its cents; what is wrong is reported."""
    last = item[-1]
    words = " ".join(piece.text for piece in item)
    if last.kind == "money":
        cents = literals.money_of(last.text, last.span, report)
        name = " ".join(piece.text for piece in item[:-1])
        if name in tested.amounts or (not name and tested.bare):
            return None if cents is None else (name, cents)
        span = item[0].span.to(item[-2].span) if name else last.span
        report.unknown(
            "R019", "expected amount", name or last.text, span, tested.amounts
        )
        return None
    span = item[0].span.to(last.span)
    known = (*tested.amounts, *tested.words)
    report.unknown("R019", "expectation", words, span, known)
    return None
