"""Accounts and plans for tests of coordination, in few words."""

from __future__ import annotations

from pathlib import Path

from small_rules import written_rules
from whopays.api import load
from whopays.coordinate.account import Coordinator
from whopays.coordinate.pairs import Pairs
from whopays.engines.durable import Plain
from whopays.model.account import Account, Coverage
from whopays.model.values import Value
from whopays.resolve.payments.methods import of_patient
from whopays.resolve.payments.orders import of_pair

FACTS = """\
edition 1

facts F "Facts"
  version 1
  fact service_date  is date
  fact billed        is money per line
  fact allowable_expense is money per line
  fact prior_paid    is money per line spread by primary_allowed, billed
  fact primary_paid  is money per line spread by primary_allowed, billed
  fact primary_allowed is money per line
  fact own_allowed   is money per line
  fact own_benefit   is money per line
  fact own_percent   is percent
  fact otaf          is money per line or none spread by billed
  fact equal_share   is number
  fact reserve_left  is money per member per calendar year
  fact kind          of plan is one of group, medicare, medicaid
  fact covers_as     of plan is one of subscriber, dependent
  fact birthday      of plan is birthday
  fact since         of plan is date
  fact size          of plan is number
  fact is_child      of patient is yes or no
end

methods M "Methods"
  version 1
  facts from F 1
end
"""
METHODS = """\
method REST "What the others left of the charge"
  for secondary, tertiary
  per claim
  pay sum of billed - sum of prior_paid
    not below $0.00
    not above sum of billed
  patient owes sum of billed - sum of prior_paid - own_paid
    not below $0.00
end

method NONDUP "Own benefit less what the others paid"
  for secondary, tertiary
  per line
  pay own_benefit - prior_paid
    not below $0.00
  patient owes own_allowed - prior_paid - own_paid
    not below $0.00
end

method EQUAL "Equal shares"
  for equal
  per claim
  pay lesser of (equal_share * sum of allowable_expense, sum of own_benefit)
    not below $0.00
  patient owes $0.00
end

method RESERVE "A reserve"
  for secondary, tertiary
  per claim
  let left_over = sum of billed - sum of prior_paid
  let ordinary  = lesser of (sum of own_benefit, left_over)
  let drawn     = lesser of (reserve_left, left_over - ordinary)
  pay ordinary + drawn
    not below $0.00
  patient owes left_over - own_paid
    not below $0.00
  carry reserve_left = reserve_left + sum of own_benefit - own_paid
    not below $0.00
end

method HAND "By hand"
  for secondary, tertiary
  calculate by hand
end
"""
ORDER = """\
order O "Order"
  version 1
  facts from F 1

  rule SUBSCRIBER "Subscriber first"
    this ahead of other
    when this.covers_as is subscriber and other.covers_as is dependent
  end

  rule SIZE "Medicare behind large employers"
    this ahead of other
    when this.kind is group and other.kind is medicare and this.size >= 20
  end

  rule SINCE "Longer first"
    this ahead of other
    when this.since < other.since
  end

  otherwise share equally
end
"""


def coordinator(folder: Path, more: str = METHODS, order: str = ORDER) -> Coordinator:
    """Return what settles accounts by the methods and the order of these texts."""
    path = written_rules(folder, f"{FACTS}\n{more}\n{order}")
    rules = load(path, engine="reference").rules
    methods = rules.methods["M", "1"]
    found = rules.orders["O", "1"]
    pairs = Pairs(found, of_pair(found.facts), Plain())
    facts = {**methods.facts, **of_patient(methods.facts)}
    return Coordinator(pairs, methods.methods, facts)


def account(
    *coverages: Coverage, billed: tuple[int, ...] = (10000,), **claim: Value
) -> Account:
    """Return an account of lines with these charges, in cents."""
    lines = tuple({"billed": cents, "allowable_expense": cents} for cents in billed)
    return Account("A-1", claim, lines, coverages)


def plan(
    name: str, method: str | None = None, reserve: int | None = None, **amounts: Value
) -> Coverage:
    """Return a group plan; amounts are of the claim as a whole, facts by their names."""
    names = {"kind", "covers_as", "birthday", "since", "size"}
    facts: dict[str, Value] = {"kind": "group", "covers_as": "dependent"}
    facts.update({k: v for k, v in amounts.items() if k in names})
    said = {k: v for k, v in amounts.items() if k not in names}
    balances: dict[str, Value] = {} if reserve is None else {"reserve_left": reserve}
    return Coverage(name, facts, method, said, (), balances)
