"""What is proved of a method holds on every account that the engine settles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_methods import FACTS, ORDER, drawn_account, drawn_method
from small_rules import written_rules
from whopays.api import load
from whopays.coordinate.account import Coordinator, Payer
from whopays.coordinate.paid import Step
from whopays.coordinate.pairs import Pairs
from whopays.engines.durable import Plain
from whopays.model.account import Account, Coverage
from whopays.model.facts import Fact
from whopays.model.money import rounded
from whopays.model.payments import Method
from whopays.prove.promises import FAULT, PROVED
from whopays.prove.table import proofs
from whopays.resolve.payments.methods import of_method
from whopays.resolve.payments.orders import of_pair

chances = st.randoms(use_true_random=True)
Run = tuple[Coordinator, Method, dict[str, Fact]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    folder: Path = tmp_path_factory.mktemp("proofs")

    def read(text: str) -> Run:
        path = written_rules(folder, f"{FACTS}\n{text}\n{ORDER}")
        rules = load(path, engine="reference").rules
        methods = rules.methods["M", "1"]
        order = rules.orders["O", "1"]
        facts = of_method(methods.facts, methods.span)
        pairs = Pairs(order, of_pair(order.facts), Plain())
        return Coordinator(pairs, methods.methods, facts), methods.methods["X"], facts

    return read


@settings(max_examples=25)
@given(chances)
def test_what_is_proved_holds_and_what_is_found_is_what_the_engine_says(
    loaded: Callable[[str], Run], chance: Random
) -> None:
    text = drawn_method(chance)
    coordinator, method, facts = loaded(text)
    findings = list(proofs(method, facts, seconds=2))

    assert [(each.promise, each.why) for each in findings if each.status == FAULT] == []
    proved = [each for each in findings if each.status == PROVED]
    for _ in range(12):
        tame = chance.random() < 0.6
        ahead, equal = _place(chance, method)
        account = drawn_account(chance, ahead=ahead, equal=equal, tame=tame)
        more = _more_paid(chance, account)
        now, then = _plan(coordinator, account), _plan(coordinator, more)
        for each in proved:
            if tame or not each.assumes:
                kept = _keeps(each.promise, now, then, account)
                assert kept, (each.promise, text, account)


def _place(chance: Random, method: Method) -> tuple[int, int]:
    position = chance.choice(method.positions)
    if position == "equal":
        return chance.randint(0, 2), chance.randint(1, 2)
    return (1, 0) if position == "secondary" else (chance.randint(2, 3), 0)


def _more_paid(chance: Random, account: Account) -> Account:
    """Return the account with more paid by those ahead; all else is as it was."""
    found = []
    for each in account.coverages:
        lines = [dict(line) for line in each.lines]
        for line in lines:
            paid = line.get("paid")
            if isinstance(paid, int) and chance.random() < 0.7:
                line["paid"] = paid + chance.choice((0, 1, 50, 4000))
        found.append(replace(each, lines=tuple(lines)))
    return replace(account, coverages=tuple(found))


def _plan(coordinator: Coordinator, account: Account) -> Payer:
    return next(
        p for p in coordinator.settle(account).payers if p.coverage.plan == "PLAN"
    )


def _keeps(promise: str, now: Payer, then: Payer, account: Account) -> bool:
    """Tell whether the promise is kept, on each line where the method is per line."""
    assert now.paid is not None
    assert then.paid is not None
    if now.paid.cents is None:
        return True
    if promise == "balance":
        left = (now.paid.patient, *now.paid.balances.values())
        return now.paid.patient is None or all(c is None or c >= 0 for c in left)
    if promise == "falling":
        # What one line leaves of a balance is another matter: the first has all of it.
        before, after = now.paid.steps[0].pay, then.paid.steps[0].pay
        assert before is not None
        assert after is not None
        return (after.cents or 0) <= (before.cents or 0) or after.cents is None
    return all(_within(promise, step, now, account) for step in now.paid.steps)


def _within(promise: str, step: Step, payer: Payer, account: Account) -> bool:
    """Tell whether what is paid on a line, or on the claim, is within what is promised."""
    assert step.pay is not None
    assert payer.paid is not None
    pay = step.pay.cents or 0
    count = len(account.lines)
    places = list(range(count)) if step.line is None else [step.line]
    ahead = [each for each in account.coverages if re.fullmatch(r"P\d", each.plan)]
    match promise:
        case "floor":
            return pay >= 0
        case "ceilings":
            even = payer.paid.method.rounding == "half even"
            limits = [
                rounded(each.worked.value, half_even=even)
                for each in step.pay.bounds
                if each.bound.kind == "above" and each.worked.value is not None
            ]
            return all(pay <= max(0, limit) for limit in limits)
        case "own_allowed":
            return pay <= _total([payer.coverage], "allowed", places)
        case _:
            billed = [account.lines[at]["billed"] for at in places]
            charge = sum(each for each in billed if isinstance(each, int))
            return pay <= max(0, charge - _total(ahead, "paid", places))


def _total(coverages: list[Coverage], word: str, places: list[int]) -> int:
    values = [each.of_line(word, at) for each in coverages for at in places]
    return sum(value for value in values if isinstance(value, int))
