"""Facts of an account that follow from others by a rule: worked out here and nowhere else.

An account that gives such a fact need not give what it follows from. One that gives both
has to give what is worked out: else neither is believed, and the fact is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from whopays.coordinate import kidney
from whopays.model.account import Account, Coverage
from whopays.model.conditions import value_text
from whopays.model.spells import Spell, unbroken_since, value_in_year
from whopays.model.values import NONE, UNKNOWN, Value

_DAY = "service_date"
_ELIGIBLE, _GROUND = "patient.esrd_eligible_from", "patient.medicare_by"
_KIDNEY = ("dialysis_began", "dialysis_training_began")
_TRANSPLANT = ("transplant_admitted", "transplanted")
_SINCE, _ENROLLED = "covered_since", "enrolled"
_KNOWN_ON, _KNOWS = "decree_known_on", "knows_decree"
_SIZE, _LAST_YEAR = "employer_size", "employer_size_last_year"


@dataclass(frozen=True)
class Established:
    """One fact that was worked out: its name, its value, how, and the sources.

    The name of a fact of a plan begins with the plan. `is_believed`: no other value of it
    was given.
    """

    name: str
    value: Value
    how: str
    cites: tuple[str, ...]
    is_believed: bool = True

    @property
    def text(self) -> str:
        """The whole as words, with its sources."""
        doubt = "" if self.is_believed else "; another is given, so neither is believed"
        sources = "; ".join(self.cites)
        return f"{self.name} is {value_text(self.value)}: {self.how} ({sources}){doubt}"


#: Who has Medicare by kidney failure had a right to it from some day on.
_SOME_DAY = Established(
    _ELIGIBLE, "a day", f"{_GROUND} is esrd", kidney.CITES, is_believed=False
)


def established(
    account: Account, names: Mapping[str, object]
) -> tuple[Account, tuple[Established, ...]]:
    """Return `account` with the facts that follow from others, and how they were found.

    `names` has the facts that the order may read, as its rules write them: no other is
    worked out.
    """
    if not names:
        return account, ()
    found: list[Established] = []
    claim = dict(account.claim)
    if _ELIGIBLE in names:
        for each in _of_kidney(claim):
            told = _told(each, claim.get(_ELIGIBLE, UNKNOWN))
            claim[_ELIGIBLE] = told.value if told.is_believed else UNKNOWN
            found.append(told)
        if _has_no_day(claim):
            claim[_ELIGIBLE] = UNKNOWN
            found.append(_SOME_DAY)
    days = {line.get(_DAY, claim.get(_DAY, UNKNOWN)) for line in account.lines}
    coverages: list[Coverage] = []
    of_plans: list[Established] = []
    for coverage in account.coverages:
        facts = dict(coverage.facts)
        for name, each in _of_plan(coverage, days):
            if f"this.{name}" not in names:
                continue
            told = _told(each, facts.get(name, UNKNOWN))
            facts[name] = told.value if told.is_believed else UNKNOWN
            of_plans.append(told)
        coverages.append(replace(coverage, facts=facts))
    # By name, whatever the order in which the plans are listed.
    found.extend(sorted(of_plans, key=attrgetter("name")))
    if not found:
        return account, ()
    return replace(account, claim=claim, coverages=tuple(coverages)), tuple(found)


def _told(found: Established, given: Value) -> Established:
    return replace(found, is_believed=given in {UNKNOWN, found.value})


def _has_no_day(claim: Mapping[str, Value]) -> bool:
    """Whether the patient has Medicare by kidney failure, and no day that it came of."""
    return claim.get(_GROUND) == "esrd" and claim.get(_ELIGIBLE) is NONE


def _of_kidney(claim: Mapping[str, Value]) -> Iterator[Established]:
    """Yield the month in which kidney failure gives a right, if all its days are known."""
    names = (*_KIDNEY, *_TRANSPLANT)
    values = [claim.get(f"patient.{name}", UNKNOWN) for name in names]
    if UNKNOWN in values:
        return
    days = [value if isinstance(value, date) else None for value in values]
    first = kidney.first_month(*days)
    given = ", ".join(
        f"{name} {day}" for name, day in zip(names, days, strict=True) if day
    )
    if first is None:
        how = "there was neither dialysis nor a transplant"
        yield Established(_ELIGIBLE, NONE, how, kidney.CITES)
        return
    ends = kidney.coordination_ends(first)
    how = (
        f"the first month that {given} gives a right to Medicare; the thirty months "
        f"end on {ends}"
    )
    yield Established(_ELIGIBLE, first, how, kidney.CITES)


def _of_plan(coverage: Coverage, days: set[Value]) -> Iterator[tuple[str, Established]]:
    """Yield what follows from the dated facts of a plan, where it is known."""
    known = [day for day in days if isinstance(day, date)]
    if not known or len(known) < len(days):
        return
    enrolled = coverage.dated.get(_ENROLLED, ())
    since = _same(unbroken_since(enrolled, day) for day in known)
    if since is not UNKNOWN:
        how = "the first day enrolled; plans that follow within a day count as one"
        cites = ("NAIC MO-120 (2013), section 6, longer or shorter length of coverage",)
        yield _SINCE, Established(f"{coverage.plan}.{_SINCE}", since, how, cites)
    learned = coverage.facts.get(_KNOWN_ON, UNKNOWN)
    if learned is not UNKNOWN:
        knows = _same(isinstance(learned, date) and learned <= day for day in known)
        if knows is not UNKNOWN:
            how = f"{_KNOWN_ON} is {value_text(learned)}"
            cites = (
                "NAIC MO-120 (2013), section 6, dependent child, actual knowledge",
            )
            yield _KNOWS, Established(f"{coverage.plan}.{_KNOWS}", knows, how, cites)
    sizes: tuple[Spell, ...] = coverage.dated.get(_SIZE, ())
    size = _same(value_in_year(sizes, day.year - 1) for day in known)
    if size is not UNKNOWN:
        how = f"{_SIZE} in all of the calendar year before"
        cites = ("42 CFR 411.170(a)(2)(i)",)
        yield _LAST_YEAR, Established(f"{coverage.plan}.{_LAST_YEAR}", size, how, cites)


def _same(values: Iterator[Value]) -> Value:
    """Return the value that all days have, else unknown."""
    found = set(values)
    return found.pop() if len(found) == 1 else UNKNOWN
