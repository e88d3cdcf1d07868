"""Accounts for callers: the rules of coordination loaded into a book of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whopays.api import load
from whopays.api.account_book import AS_GIVEN, AccountBook
from whopays.api.book import RuleBook
from whopays.api.profiles import Profiles
from whopays.api.rulefiles import RulesFolderError, shipped_rules
from whopays.claims.accounts import Filed
from whopays.claims.accounts.schema import account_schema
from whopays.claims.records import ReadReport, Reject
from whopays.coordinate.account import Coordinator, Settled
from whopays.coordinate.compared import Compared, Comparison
from whopays.coordinate.pairs import Pairs
from whopays.diagnostics import nearest
from whopays.engines.durable import Durable, Plain
from whopays.explain.accounts import (
    account_record,
    account_sentence,
    account_tree,
    reversed_record,
)
from whopays.model.facts import Fact
from whopays.model.payments import Method, Order
from whopays.resolve.payments.methods import of_patient
from whopays.resolve.payments.orders import of_pair

__all__ = [
    "AS_GIVEN",
    "AccountBook",
    "Compared",
    "Comparison",
    "Filed",
    "ReadReport",
    "Reject",
    "Settled",
    "account_record",
    "account_sentence",
    "account_tree",
    "load_accounts",
    "reversed_record",
    "schema_of",
]


def load_accounts(
    rules: str | Path | Sequence[Path] | None = None,
    *,
    order: str | None = None,
    method: str | None = None,
    profiles: Profiles | None = None,
    engine: str = "durable",
) -> AccountBook:
    """Load the methods and the order of the rules at `rules`, or of those that ship.

    `rules` may be several places, whose methods stand beside each other. `order` is the id
    of an order, with or without its version, or `AS_GIVEN`; None: the only one that no other
    takes in. `method` is that of plans that name none. With `profiles`, or where `rules` has
    no method, the methods that ship are loaded beside. `RulesFolderError` where it is open
    which method or order is meant; see `whopays.load` for the rest.
    """
    books = _books(rules, engine, beside=profiles is not None)
    sets = {key: each for b in books for key, each in b.rules.methods.items()}
    orders = next((b.rules.orders for b in books if b.rules.orders), {})
    methods: dict[str, Method] = {}
    facts: dict[str, Fact] = {}
    for (name, version), each in sets.items():
        twice = methods.keys() & each.methods.keys()
        if twice:
            raise RulesFolderError(
                f"the method {min(twice)} is in {name} {version} and in another set of "
                "methods: name the file of one of them"
            )
        methods.update(each.methods)
        for fact in each.facts.values():
            facts.setdefault(fact.name, fact)
    if method is not None and method not in methods:
        near = nearest(method, methods)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(methods)}"
        raise RulesFolderError(f"there is no method {method}; {hint}")
    chosen = _order(list(orders.values()), order)
    seen = {**facts, **of_patient(facts)}
    pairs = None
    if chosen is not None:
        filler = Durable() if engine == "durable" else Plain()
        pairs = Pairs(chosen, of_pair(chosen.facts), filler)
        facts = {**chosen.facts, **facts}
    sources = tuple(each for b in books for each in b.rules.sources)
    return AccountBook(
        Coordinator(pairs, methods, seen), chosen, facts, sources, method, profiles
    )


def _books(
    rules: str | Path | Sequence[Path] | None, engine: str, *, beside: bool
) -> list[RuleBook]:
    """Return the rules at `rules`, and those that ship where they are wanted `beside`.

    Rules without a method, such as an order alone, are about the methods that ship.
    """
    named = [rules] if isinstance(rules, str | Path) else rules or []
    own = [load(_place(each), engine=engine) for each in named]
    if not beside and any(each.rules.methods for each in own):
        return own
    return [*own, load(_place(None), engine=engine)]


def schema_of(rules: str | Path | None = None) -> dict[str, Any]:
    """Return the JSON Schema of an account document for the facts of `rules`."""
    facts: dict[str, Fact] = {}
    for book in _books(rules, "reference", beside=False):
        for methods in book.rules.methods.values():
            facts = {**methods.facts, **facts}
        for order in book.rules.orders.values():
            facts = {**order.facts, **facts}
    return account_schema(facts)


def _place(rules: str | Path | None) -> str | Path:
    """Return `rules`, or the folder of those that ship."""
    if rules is not None:
        return rules
    shipped = shipped_rules("cob")
    if not shipped.is_dir():
        raise RulesFolderError(
            "no methods and orders come with this whopays: name yours with --rules"
        )
    return shipped


def _order(orders: list[Order], asked: str | None) -> Order | None:
    if asked == AS_GIVEN or (asked is None and not orders):
        return None
    names = [f"{each.id} {each.version}" for each in orders]
    if asked is not None:
        named = [o for o in orders if asked in {o.id, f"{o.id} {o.version}"}]
        if len(named) == 1:
            return named[0]
        known = "; ".join(names) or "none"
        near = nearest(asked, [each.id for each in orders])
        hint = f"did you mean {near}?" if near and not named else f"there are {known}"
        several = "more than one order" if named else "no order"
        raise RulesFolderError(f"there is {several} {asked}; {hint}")
    taken = {
        rule.order for each in orders for rule in each.rules if rule.order != each.id
    }
    left = [each for each in orders if each.id not in taken]
    if len(left) == 1:
        return left[0]
    raise RulesFolderError(
        f"name the order of benefits with --order: there are {'; '.join(names)}; or "
        f"--order {AS_GIVEN} where the plans stand in the order in which they pay"
    )
