"""What a coverage may say of a claim or of a line: its own words, with their kinds.

A plan speaks of its own amounts: `allowed` is what this plan allowed, and a method sees it
as `own_allowed`, `primary_allowed` or in `prior_…`, by the place of the plan. So whatever
facts a method may read under those names, a coverage may give without the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from whopays.diagnostics import Source, Span
from whopays.model.account import CAPITATED, COVERED, PAID, REFUSED
from whopays.model.facts import Fact, Kind

#: The beginnings under which a method sees what a coverage says.
_SEEN_AS = ("own_", "primary_", "medicare_")
#: What is worked out from all coverages: no single one can give it.
_WORKED_OUT = frozenset(
    {
        *("primary_paid", "prior_paid", "equal_share", "own_paid"),
        *("prior_allowed_highest", "prior_allowed_lowest", "prior_allowed_total"),
    }
)
_NOWHERE = Span(Source("", ""), 0, 0)
_MONEY = (PAID, "allowed", "benefit", "expected", "patient_share")
_MORE_MONEY = ("remaining_patient_share", "cash_value", "otaf", "gross")
_COUNTED = frozenset({Kind.MONEY, Kind.PERCENT})
_FLAGS = (COVERED, CAPITATED, REFUSED)


@dataclass(frozen=True)
class Words:
    """The facts of an account by who gives them, under the names that a file uses.

    `claim` and `line` are facts of the claim and of its lines, `patient` and `plan` those
    of the patient and of a plan (without `patient.` and `this.`), `amounts` the own words
    of a coverage, `balances` those of the member with a plan.
    """

    claim: dict[str, Fact] = field(default_factory=dict)
    line: dict[str, Fact] = field(default_factory=dict)
    patient: dict[str, Fact] = field(default_factory=dict)
    plan: dict[str, Fact] = field(default_factory=dict)
    amounts: dict[str, Fact] = field(default_factory=dict)
    balances: dict[str, Fact] = field(default_factory=dict)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The names of amounts of money and of percents."""
        known = {**self.claim, **self.line, **self.amounts, **self.balances}
        return frozenset(name for name, fact in known.items() if fact.kind in _COUNTED)

    def is_of_plan(self, name: str) -> bool:
        """Tell whether `name` is a word of a plan, where a row names line and plan."""
        if name not in self.amounts:
            return False
        if name.startswith(_SEEN_AS) or name in {*_MONEY, *_MORE_MONEY, *_FLAGS}:
            return True
        return name not in self.line and name not in self.claim


def words_of(facts: Mapping[str, Fact]) -> Words:
    """Return the words of an account whose methods and order read `facts`."""
    found = Words()
    for name, fact in facts.items():
        if name.startswith("patient.") or name in _WORKED_OUT:
            continue
        if fact.of == "patient":
            found.patient[name] = fact
        elif fact.of == "plan":
            found.plan[name] = fact
        elif fact.kind is Kind.MONEY and fact.per == "member":
            found.balances[name] = fact
        else:
            where = found.claim if fact.of == "claim" else found.line
            where[name] = fact
            found.amounts.setdefault(name, fact)
            for start in _SEEN_AS:
                word = name.removeprefix(start)
                if word and word != name:
                    found.amounts.setdefault(word, replace(fact, name=word))
    for word in (*_MONEY, *_MORE_MONEY):  # as rules declare them, where they do
        found.amounts.setdefault(word, Fact(word, Kind.MONEY, _NOWHERE))
    for word in _FLAGS:
        found.amounts.setdefault(word, Fact(word, Kind.YES_NO, _NOWHERE))
    return found
