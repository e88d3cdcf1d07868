"""A settled account as a tree of lines: order, each payer with its working, balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from whopays.amounts.formula import Calculated
from whopays.amounts.units import Units
from whopays.coordinate.account import Payer, Settled
from whopays.coordinate.determined import Determined
from whopays.coordinate.ordering import Pair
from whopays.coordinate.paid import Paid, Step
from whopays.coordinate.pairs import NEITHER
from whopays.explain.accounts.because import pair_tests
from whopays.explain.accounts.sentence import account_sentence, payment_words
from whopays.explain.filled import (
    equation,
    filled,
    shown,
    units_of,
    winner,
)
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import Order

_WORDS = {"pay": "pay", "patient": "patient owes", "carry": "carry"}


def account_tree(
    settled: Settled, facts: Mapping[str, Fact], order: Order | None
) -> str:
    """Return the account with every step below it.

    `facts` are those that its methods read, `order` the one by which it was put in order.
    """
    return "\n".join(_lines(settled, facts, order))


def told_in_full(
    settled: Settled, facts: Mapping[str, Fact], order: Order | None
) -> str:
    """Return the account in sentences, a line each: what came of it, pairs, formulas."""
    found = [account_sentence(settled)]
    if order is not None:
        found.extend(
            f"{pair_line(pair, settled, order)}." for pair in settled.order.pairs
        )
        found.extend(f"Worked out: {each.text}." for each in settled.established)
    elif len(settled.account.coverages) > 1:
        found.append("The plans stand in the order in which the account gives them.")
    found.extend(f"{each}." for each in aside_lines(settled))
    for payer in settled.payers:
        steps = "; ".join(line.strip() for line in payer_lines(payer, settled, facts))
        if steps:
            found.append(f"{payer.coverage.plan}: {steps}.")
    if settled.write_off is not None:
        found.append(f"{balance_text(settled)}.")
    return "\n".join(found)


def _lines(
    settled: Settled, facts: Mapping[str, Fact], order: Order | None
) -> Iterator[str]:
    yield f"account {settled.account.id}"
    yield f"  {account_sentence(settled)}"
    if settled.write_off is not None:
        yield f"  {balance_text(settled)}"
    if settled.order.pairs and order is not None:
        yield f'  Order {order.id} {order.version} "{order.title}"'
        for pair in settled.order.pairs:
            yield f"    {pair_text(pair, order)}"
            tests = pair_tests(pair, settled, order)
            if tests:
                yield f"      {'; '.join(tests)}"
        for each in settled.established:
            yield f"    Worked out: {each.text}"
    elif order is None and len(settled.account.coverages) > 1:
        yield "  Order: as the account gives the plans"
    yield from (f"  {each}" for each in aside_lines(settled))
    for payer in settled.payers:
        yield f"  {payer.place}. {_headline(payer)}"
        yield from (f"     {each}" for each in payer_lines(payer, settled, facts))
    if settled.needs:
        yield f"  Needed: {', '.join(settled.needs)}"


def aside_lines(settled: Settled) -> tuple[str, ...]:
    """Return a sentence for each plan that has no place, although the others have."""
    placed = {plan for place in settled.order.places for plan in place}
    return tuple(
        f"{plan} covers no line of the account and has no part in it"
        for plan in settled.account.aside
        if placed and plan not in placed
    )


def balance_text(settled: Settled) -> str:
    """Return the balance as an equation; settled accounts only."""
    parts = (settled.payments, settled.patient, settled.write_off)
    paid, patient, rest = (dollars(each or 0) for each in parts)
    return (
        f"Billed {dollars(settled.billed or 0)} = payments {paid} + patient {patient} "
        f"+ write-off {rest}"
    )


def pair_line(pair: Pair, settled: Settled, order: Order) -> str:
    """Return what was said of two plans, with the tests that made the rule hold."""
    tests = "; ".join(pair_tests(pair, settled, order))
    said = pair_text(pair, order)
    return f"{said}: {tests}" if tests else said


def pair_text(pair: Pair, order: Order) -> str:
    """Return what was said of two plans, with the title and citations of the rule."""
    rules = {rule.id: rule for rule in order.rules}
    found = []
    for name in pair.ahead.rules:
        rule = rules.get(name)
        if rule is not None:
            cites = f" ({'; '.join(rule.cites)})" if rule.cites else ""
            found.append(f'{rule.id} "{rule.title}"{cites}')
    said = pair.text
    if not found:
        equal = pair.ahead.plan == NEITHER and order.share_equally
        return f"{said}: they share equally" if equal else said
    plain = said.partition(", by ")[0]
    return f"{plain}, by {'; '.join(found)}"


def _headline(payer: Payer) -> str:
    return f"{payer.coverage.plan}, {payer.position}: {payment_words(payer)}"


def payer_lines(
    payer: Payer, settled: Settled, facts: Mapping[str, Fact]
) -> Iterator[str]:
    """Yield the working of one payer, a line each."""
    if payer.problem:
        yield f"not calculated: {payer.problem}"
    if payer.payment.determined is not None:
        yield payer.payment.determined.text
    method, paid = payer.method, payer.paid
    if method is None or paid is None:
        return
    cites = f" ({'; '.join(method.cites)})" if method.cites else ""
    yield f'method {method.id} "{method.title}"{cites}, per {method.level}'
    if paid.status == "by_hand":
        yield "the method says: calculate by hand"
        return
    yield from _determined(paid.determined, settled.account.numbers)
    yield from paid_lines(
        paid, settled.account.numbers, _covered(payer, settled), facts
    )


def _determined(
    amounts: Sequence[Determined], numbers: tuple[str, ...]
) -> Iterator[str]:
    """Yield how the amounts were determined that nobody states."""
    for each in amounts:
        line = "" if each.line is None else f"line {numbers[each.line]}: "
        yield f"{line}{each.text}"


def _covered(payer: Payer, settled: Settled) -> list[int]:
    count = range(len(settled.account.lines))
    return [at for at in count if payer.coverage.covers(at)]


def paid_lines(
    paid: Paid, numbers: tuple[str, ...], covered: list[int], facts: Mapping[str, Fact]
) -> Iterator[str]:
    """Yield what a method did, step by step."""
    units = units_of(paid.method, facts)
    for step in paid.steps:
        indent = ""
        if step.line is not None and len(numbers) > 1:
            yield f"line {numbers[covered[step.line]]}"
            indent = "  "
        yield from (f"{indent}{each}" for each in _step(step, paid, units))
    if len(covered) < len(numbers):
        left_out = [n for at, n in enumerate(numbers) if at not in covered]
        yield f"not covered by this plan: line {', '.join(left_out)}"
    if paid.method.level != "line" and len(numbers) > 1 and paid.cents is not None:
        parts = zip(numbers, paid.lines, strict=True)
        yield "by line: " + ", ".join(
            f"{number} {'not known' if cents is None else dollars(cents)}"
            for number, cents in parts
        )


def _step(step: Step, paid: Paid, units: Units) -> Iterator[str]:
    when = paid.method.when
    if when is not None:
        words = {True: "holds", False: "does not hold, so the plan pays $0.00"}
        yield f"when {when.text}: {words.get(step.gate, 'is not known')}"  # type: ignore[arg-type]
    for let in step.lets:
        inner = let.parts[0]
        won = winner(inner, units)
        yield f"{let.text} = {equation(inner, units)}{f': {won}' if won else ''}"
    for each in (step.pay, step.patient, *step.carries):
        if each is not None and (each is not step.pay or step.gate):
            yield from _result(each, units, paid)


def _result(done: Calculated, units: Units, paid: Paid) -> Iterator[str]:
    name = _WORDS.get(done.result.kind, done.result.kind)
    if done.result.kind == "carry":
        name = f"carry {done.result.name} ="
    won = winner(done.worked, units)
    yield f"{name} {equation(done.worked, units)}{f': {won}' if won else ''}"
    for each in done.bounds:
        if each.acted:
            limit = filled(each.worked, units)
            yield f"  not {each.bound.kind} {each.bound.value.text}: acts, it is {limit}"
    if done.missing:
        yield f"  not known, for want of {', '.join(sorted(done.missing))}"
    elif done.exact is not None and done.cents != done.exact:
        way = " to the even cent" if paid.method.rounding == "half even" else ""
        exact = shown(done.exact, "money")
        yield f"  rounded{way} from {exact} to {dollars(done.cents or 0)}"
