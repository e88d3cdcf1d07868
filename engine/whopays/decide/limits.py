"""What limits may count of one line: whose count it is, how much, and when its turn is.

A decision of one line alone leaves the cents open that a limit may divide, for they hang
on the lines before it. This says what has to be known of the line when its turn comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from whopays.accumulate.balances import Key, first_day, period_end
from whopays.accumulate.counting import Entry
from whopays.amounts.sight import amount
from whopays.decide.line import Found
from whopays.model.claim import Line
from whopays.model.conditions import facts_of
from whopays.model.contract import MEMBER, PERIOD_END, Limit, Text
from whopays.model.formulas import Read, SumOf, TermAmount
from whopays.model.money import rounded, split
from whopays.model.truth import truth_of
from whopays.model.values import UNKNOWN, Number, Value
from whopays.model.workdays import last_day
from whopays.model.worked import Worked, lacking, work
from whopays.program.compile import Program
from whopays.terms.line import Said, lacks_of

#: Of these nobody knows yet who bears the line, and a limit may count it.
_NOT_SETTLED = frozenset({"undetermined", "ambiguous", "by_hand"})
_MONEY = "money"
#: A number in a count is below it, above and below the line.
_LONGEST = 10**30
#: What orders lines: the governing date as ISO text, the claim, the line.
Turn: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class _Counter:
    """Says what limits count of one line."""

    program: Program
    line: Line
    facts: Mapping[str, Value]
    found: Found
    said: tuple[Said, ...] = ()

    def read(self, name: str) -> Value:
        return self.facts.get(name, UNKNOWN)

    def entry(self, limit: Limit, text: Text | None) -> Entry | None:
        """Return what `limit` of `text` counts, None where it surely takes nothing."""
        outcome = self.found.outcome
        share = _share(limit, self.found)
        if share == 0:
            return None
        holds = True if limit.when is None else truth_of(limit.when, self.read)
        if holds is False:
            return None
        worked = work(limit.counts, self.look)
        value = _counted(worked.value, limit, text, self.found)
        too_long = value is not None and _is_too_long(value)
        value = None if too_long else value
        key, lacks = self._key(limit)
        applies = bool(holds) and share is not None and text is not None
        missing = [*lacks, *sorted(worked.missing if worked.value is None else ())]
        missing += ["a value of fewer digits"] if too_long else []
        if not holds and limit.when is not None:
            unknown = (n for n in facts_of(limit.when) if self.read(n) is UNKNOWN)
            missing += [lack for n in unknown for lack in lacks_of(self.said, n)]
        if share is None:
            missing += outcome.needs or ("who bears it",)
        lacking_ = tuple(dict.fromkeys(missing))
        by = self._file_by(limit, key)
        return Entry(limit, key, value, applies, None, lacking_, by)

    def look(self, part: Read | TermAmount | SumOf) -> Worked:
        if isinstance(part, SumOf):
            return lacking(part, part.text)
        name = part.text  # a term is a fact of the line, too
        value = amount(self.program.contract.facts.get(name), self.read(name))
        if value is not None:
            return Worked(part, value)
        return lacking(part, *lacks_of(self.said, name))

    def _file_by(self, limit: Limit, key: Key | None) -> str:
        """Return the last day to claim back what the limit pays, as ISO text."""
        days = limit.recover
        if days is None:
            return ""
        start: Value = self.read(days.fact)
        if days.fact == PERIOD_END:
            start = (period_end(key) if key is not None else None) or UNKNOWN
        found = last_day(days, start, self.program.contract.calendar)
        return found.isoformat() if found is not None else ""

    def _key(self, limit: Limit) -> tuple[Key | None, tuple[str, ...]]:
        contract, lacks = self.program.contract, list[str]()
        day = self.read(self.found.date_fact)
        whom: Value = {"contract": contract.id, "claim": self.line.claim_id}.get(
            limit.per, self.read(MEMBER)
        )
        if not isinstance(whom, str) or not whom:
            lacks.append(MEMBER)
        first = ""
        if limit.period:
            if isinstance(day, date):
                first = first_day(limit, contract, day)
            else:
                names = (by.facts[0] for by in contract.decide_by)
                lacks += [n for n in names if self.read(n) is UNKNOWN]
        if lacks or (limit.period and not first):
            return None, tuple(lacks)
        key = (contract.id, limit.id, limit.per, str(whom), limit.period, first)
        return Key(*key, limit.unit), ()


def entries_of(
    program: Program,
    line: Line,
    facts: Mapping[str, Value],
    found: Found,
    said: tuple[Said, ...] = (),
) -> tuple[Entry, ...]:
    """Return the limits that may take the line, and what each would count of it.

    Where it is open which text governs the line, the limits of all texts may. `said` are
    the terms of the line.
    """
    if found.outcome.status not in {"decided", *_NOT_SETTLED}:
        return ()
    counter = _Counter(program, line, facts, found, said)
    if found.version is not None:
        text = found.version.text
        each = (counter.entry(limit, text) for limit in text.limits)
        return tuple(entry for entry in each if entry is not None)
    limits = {limit.id: limit for v in program.versions for limit in v.text.limits}
    each = (counter.entry(limit, None) for limit in limits.values())
    return tuple(entry for entry in each if entry is not None)


def shares_in_cents(
    text: Text, shares: Sequence[tuple[str, Fraction]], cents: int
) -> dict[str, int]:
    """Return the cents of each bearer, ties in the order of the parties."""
    places = list(text.payers)
    order = sorted(shares, key=lambda share: places.index(share[0]))
    parts = split(cents, [part for _, part in order])
    return {who: part for (who, _), part in zip(order, parts, strict=True)}


def _is_too_long(value: Number) -> bool:
    """Tell whether no count would hold `value`: formulas multiply without end."""
    exact = Fraction(value)
    return abs(exact.numerator) >= _LONGEST or exact.denominator >= _LONGEST


def _share(limit: Limit, found: Found) -> Fraction | None:
    """Return what the bearer of `limit` has of the line; None while that is open."""
    answer = found.outcome.answer
    if found.outcome.status != "decided" or answer is None:
        return None
    return dict(answer.shares).get(limit.applies_to, Fraction(0))


def _counted(
    value: Number | None, limit: Limit, text: Text | None, found: Found
) -> Number | None:
    """Return what the line counts: the expression times the share of the bearer.

    Money is rounded to the cent once, and shared as the line itself is: what counts the
    whole amount counts what the bearer bears.
    """
    answer = found.outcome.answer
    if value is None:
        return None
    if limit.unit == _MONEY:
        value = rounded(value)
    if found.outcome.status != "decided" or answer is None or text is None:
        return value  # at most
    if limit.unit == _MONEY:
        return shares_in_cents(text, answer.shares, int(value))[limit.applies_to]
    found_ = Fraction(value) * dict(answer.shares)[limit.applies_to]
    return int(found_) if found_.denominator == 1 else found_


def turn_of(facts: Mapping[str, Value], date_fact: str, line: Line) -> Turn:
    """Return what orders lines; lines whose governing date is open come last."""
    day = facts.get(date_fact, UNKNOWN)
    first = day.isoformat() if isinstance(day, date) else "~"
    return first, line.claim_id, number_in_order(line.number)


def number_in_order(number: str) -> str:
    """Return the number of a line as text that sorts: 2 before 10, numbers before words."""
    if not (number.isascii() and number.isdigit()):
        return f"~{number}"
    plain = number.lstrip("0")
    return f"{len(plain):06d}{plain}"
