"""An account built of the amounts that the prover found, settled by the engine.

What the prover says counts only if the engine says the same: the account goes the whole
way, from the order of its plans to the balance, with payments posted by those ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from whopays.coordinate.account import Coordinator, Payer
from whopays.coordinate.pairs import Pairs
from whopays.engines.durable import Plain
from whopays.model.account import CAPITATED, PAID, Account, Coverage
from whopays.model.conditions import ComparesFacts
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Method, Order, OrderRule
from whopays.model.values import UNKNOWN, Value
from whopays.prove.search import Found
from whopays.prove.stands import Stand
from whopays.resolve.payments.orders import of_pair

PLAN = "PLAN"
_AHEAD = ("FIRST", "SECOND")
_PLACE = "place"
_EQUAL_SHARE = "equal_share"
_OWN, _PRIMARY = "own_", "primary_"
_REMAINING, _OTAF, _ALLOWED = "remaining_patient_share", "otaf", "allowed"
_PRIOR_ALLOWED = "prior_allowed"
_CASH = "cash_value"
_FEWEST = 2  # plans that share equally


@dataclass
class _Words:
    """What one plan, or the account, says: of the claim, and of its one line."""

    claim: dict[str, Value] = field(default_factory=dict)
    line: dict[str, Value] = field(default_factory=dict)
    balances: dict[str, Value] = field(default_factory=dict)

    def say(self, fact: Fact, word: str, value: Value) -> None:
        """Say `value` under `word`, at the level of `fact`."""
        if fact.kind is Kind.MONEY and fact.per == "line":
            self.line[word] = value
        elif fact.kind is Kind.MONEY and fact.per == "member":
            self.balances[word] = value
        else:
            self.claim[word] = value


def settled(
    method: Method, facts: Mapping[str, Fact], stand: Stand, found: Found, at: int
) -> Payer:
    """Return what came of the plan in the account number `at` of `found`."""
    account = account_of(method, facts, stand, found, at)
    order = _by_place(method)
    pairs = Pairs(order, of_pair(order.facts), Plain())
    result = Coordinator(pairs, {method.id: method}, facts).settle(account)
    return next(p for p in result.payers if p.coverage.plan == PLAN)


def account_of(
    method: Method, facts: Mapping[str, Fact], stand: Stand, found: Found, at: int
) -> Account:
    """Return the account number `at` of `found`: one line, and its plans in place."""
    said = {n: v for n, v in found.facts[at].items() if v is not UNKNOWN}
    account, own = _Words(), _Words()
    ahead = [_Words() for _ in _AHEAD[: min(stand.ahead, len(_AHEAD))]]
    _payments(said, ahead)
    if len(ahead) > 1 and any(name.startswith(_PRIOR_ALLOWED) for name in said):
        ahead[1].line[_ALLOWED] = found.allowed[1]
        ahead[0].line[_ALLOWED] = found.allowed[0]
    for name, value in said.items():
        if name not in {"primary_paid", "prior_paid", _EQUAL_SHARE}:
            _say(facts[name], value, account, own, ahead)
    coverages = [
        _coverage(_AHEAD[place], place, None, words)
        for place, words in enumerate(ahead)
    ]
    names = [PLAN, *(f"EQUAL-{n}" for n in range(1, _sharing(stand, said)))]
    coverages.extend(_coverage(name, len(ahead), method.id, own) for name in names)
    return Account("proof", account.claim, (account.line,), tuple(coverages))


def _sharing(stand: Stand, said: Mapping[str, Value]) -> int:
    """Return how many plans share the place of the plan."""
    if stand.position != "equal":
        return 1
    share = said.get(_EQUAL_SHARE)
    return round(1 / share) if isinstance(share, Fraction) else _FEWEST


def _payments(said: Mapping[str, Value], ahead: list[_Words]) -> None:
    """Post what was paid before: by the first, and the rest by the second."""
    prior, first = said.get("prior_paid"), said.get("primary_paid")
    if not ahead:
        return
    part = first if len(ahead) > 1 and isinstance(first, int) else prior
    part = first if part is None else part
    if isinstance(part, int):
        ahead[0].line[PAID] = part
    if len(ahead) > 1 and isinstance(prior, int) and isinstance(part, int):
        ahead[1].line[PAID] = prior - part


def _say(
    fact: Fact, value: Value, account: _Words, own: _Words, ahead: list[_Words]
) -> None:
    """Put a fact where accounts say it: as `coordinate/reading.py` looks for it."""
    name = fact.name
    if fact.kind is Kind.MONEY and fact.per == "member":
        own.say(fact, name, value)
    elif name.startswith(_PRIOR_ALLOWED):
        if len(ahead) == 1:
            ahead[0].line[_ALLOWED] = value
    elif name == _REMAINING:
        ahead[-1].say(fact, name, value)
    elif name in {_OTAF, _CASH}:
        ahead[0].say(fact, name, value)
    elif name.startswith(_OWN):
        own.say(fact, name.removeprefix(_OWN), value)
    elif name.startswith(_PRIMARY):
        word = name.removeprefix(_PRIMARY)
        ahead[0].say(fact, word, value)
        if word == CAPITATED and PAID in ahead[0].line:
            ahead[0].line[_CASH] = ahead[0].line[PAID]
    else:
        account.say(fact, name, value)


def _coverage(name: str, place: int, method: str | None, words: _Words) -> Coverage:
    facts: dict[str, Value] = {_PLACE: place}
    return Coverage(name, facts, method, words.claim, (words.line,), words.balances)


def _by_place(method: Method) -> Order:
    """Return an order by which the plan with the lower place goes ahead."""
    span = method.span
    fact = Fact(_PLACE, Kind.NUMBER, span, of="plan")
    text = f"this.{_PLACE} < other.{_PLACE}"
    when = ComparesFacts(f"this.{_PLACE}", "<", f"other.{_PLACE}", None, text)
    rule = OrderRule("PLACE", "By place", (), when, "PROOF", span)
    return Order("PROOF", "1", "By place", {_PLACE: fact}, (rule,), True, span)
