"""Account documents: one JSON object an account, with its lines and its coverages.

Read as claim documents are: what can't be read rejects the account and names the field,
what no word stands for is left out with a note, and nothing says what a field held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from whopays.claims.accounts.amounts import below_zero, said_twice
from whopays.claims.accounts.dated import spells_of
from whopays.claims.accounts.words import Words, words_of
from whopays.claims.records import FieldProblem, ReadReport, Reject, identity
from whopays.claims.values import value_of
from whopays.model.account import CAPITATED, REFUSED, Account, Coverage
from whopays.model.facts import Fact
from whopays.model.spells import Spell, value_on
from whopays.model.values import UNKNOWN, Value

#: Most lines and most coverages of one account.
MOST_LINES, MOST_COVERAGES = 1_000, 20
_MOST_DIGITS = 20  # of the number of a line, where it is sorted as a number
ADJUSTS, REVERSES, NUMBER = "adjusts", "reverses", "account_number"
_ACCOUNT = ("account_id", NUMBER, "patient", "lines", "coverages", ADJUSTS, REVERSES)
_COVERAGE = ("plan", "method", "facts", "amounts", "lines", "balances")
_FLAGS = (CAPITATED, REFUSED)


@dataclass(frozen=True)
class Filed:
    """One account of a file; of a reversal, `account` has only its id.

    `adjusts` and `reverses` are the ids of the account before it in the run that it
    stands in place of, or takes back. `may_be_first`: where there is no account to
    adjust, it stands alone.
    """

    account: Account
    adjusts: str = ""
    reverses: str = ""
    may_be_first: bool = False


class _Broken(ValueError):
    """The account can't be read: a field, and the rest of the sentence it begins."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field)
        self.field = field
        self.reason = reason


#: Where each account was given, by its id: file and line.
Seen: TypeAlias = dict[str, tuple[str, int]]


class AccountReader:
    """Turns account documents of one file into accounts and rejects, one for each.

    `seen` are the accounts of the files before it, where they are read together.
    """

    def __init__(
        self,
        file: str,
        facts: Mapping[str, Fact],
        report: ReadReport,
        seen: Seen | None = None,
    ) -> None:
        self.words: Words = words_of(facts)
        self.report = report
        self._file = file
        self._seen: Seen = {} if seen is None else seen
        words = self.words
        report.of = "word of an account"
        report.knows(
            dict.fromkeys(
                (
                    *_ACCOUNT,
                    *_COVERAGE,
                    "line",
                    *words.claim,
                    *words.line,
                    *words.patient,
                    *words.plan,
                    *words.amounts,
                    *words.balances,
                )
            )
        )

    def reject(
        self, record: int, field: str, reason: str, claim_id: str = "", line: str = ""
    ) -> Reject:
        """Count and return one reject; `claim_id` is the account's id."""
        self.report.rejects += 1
        return Reject(self._file, record, field, reason, claim_id, line)

    def read(self, document: object, record: int) -> Iterator[Filed | Reject]:
        """Yield the account of one document that starts at line `record`, or its reject."""
        if not isinstance(document, dict):
            yield self.reject(record, "", "is not an account document: a JSON object")
            return
        name = ""
        try:
            name = _identity(document, "account_id")
            self._take(name, record)
            found = self._filed(name, document, record)
        except _Broken as problem:
            yield self.reject(record, problem.field, problem.reason, name)
        else:
            self.report.lines += 1
            yield found

    def _take(self, name: str, record: int) -> None:
        if name in self._seen:
            file, line = self._seen[name]
            where = "in this file" if file == self._file else f"in {Path(file).name}"
            raise _Broken("account_id", f"was given before {where}, at line {line}")
        self._seen[name] = self._file, record

    def _filed(self, name: str, document: dict[str, object], record: int) -> Filed:
        adjusts = _identity(document, ADJUSTS) if ADJUSTS in document else ""
        if REVERSES in document:
            reverses = _identity(document, REVERSES)
            more = set(document) - {"account_id", REVERSES}
            if more:
                raise _Broken(REVERSES, "takes an account back and needs nothing else")
            return Filed(Account(name, {}, (), (), record=record), "", reverses)
        return Filed(self._account(name, document, record), adjusts)

    def _account(self, name: str, document: dict[str, object], record: int) -> Account:
        words = self.words
        known = {**words.claim, **words.line}
        claim = self._values(document, known, "", _ACCOUNT)
        elements = _list(document, "lines", MOST_LINES)
        numbers: list[str] = []
        lines = []
        for at, element in enumerate(elements):
            numbers.append(_number(element, at, "lines", numbers))
            values = self._values(element, words.line, f"lines[{at}]", ("line",))
            lines.append(values)
        # A fact of the lines that the claim gives holds for each of them, but for money:
        # that is given for the claim as a whole.
        for each in words.line:
            if each in claim and words.line[each].kind.value != "money":
                for line in lines:
                    line.setdefault(each, claim[each])
        days = _days_of(claim, lines)
        patient = _object(document, "patient")
        for each, value in self._dated(patient, words.patient, "patient", days)[
            0
        ].items():
            claim[f"patient.{each}"] = value
        coverages: list[Coverage] = []
        for at, element in enumerate(_list(document, "coverages", MOST_COVERAGES)):
            read = self._coverage(element, f"coverages[{at}]", numbers, days)
            if any(read.plan == other.plan for other in coverages):
                raise _Broken(f"coverages[{at}].plan", "was given before")
            coverages.append(read)
        known_as = document.get(NUMBER) not in (None, "")
        account = Account(
            name,
            claim,
            tuple(lines),
            tuple(coverages),
            tuple(numbers),
            record,
            number=_identity(document, NUMBER) if known_as else "",
        )
        problem = below_zero(account, words) or said_twice(account, words)
        if problem is not None:
            raise _Broken(*problem)
        return _in_order(account)

    def _coverage(
        self,
        element: object,
        where: str,
        numbers: list[str],
        days: Mapping[str, list[Value]],
    ) -> Coverage:
        if not isinstance(element, dict):
            raise _Broken(where, "is not a coverage: a JSON object")
        plan = _identity(element, "plan", f"{where}.")
        method = None
        if element.get("method") not in (None, ""):
            method = _identity(element, "method", f"{where}.")
        words = self.words
        flags = {word: words.amounts[word] for word in _FLAGS}
        said = self._values(element, flags, where, _COVERAGE)
        amounts = self._values(
            _object(element, "amounts", where), words.amounts, f"{where}.amounts"
        )
        given = _object(element, "facts", where)
        facts, dated = self._dated(given, words.plan, f"{where}.facts", days)
        balances = self._values(
            _object(element, "balances", where), words.balances, f"{where}.balances"
        )
        lines = self._coverage_lines(element, where, numbers)
        said = {**amounts, **said}
        return Coverage(plan, facts, method, said, lines, balances, dated=dated)

    def _coverage_lines(
        self, element: dict[str, object], where: str, numbers: list[str]
    ) -> tuple[dict[str, Value], ...]:
        """Return what the plan says of each line, in the order of the account's lines."""
        if element.get("lines") in (None, []):
            return ()
        given = _list(element, "lines", MOST_LINES, f"{where}.")
        found: dict[str, dict[str, Value]] = {}
        for at, each in enumerate(given):
            number = _number(each, at, f"{where}.lines", list(found))
            if number not in numbers:
                field = f"{where}.lines[{at}].line"
                raise _Broken(field, "is not the number of a line of the account")
            found[number] = self._values(
                each, self.words.amounts, f"{where}.lines[{at}]", ("line",)
            )
        return tuple(found.get(number, {}) for number in numbers)

    def _dated(
        self,
        given: dict[str, object],
        known: Mapping[str, Fact],
        where: str,
        days: Mapping[str, list[Value]],
    ) -> tuple[dict[str, Value], dict[str, tuple[Spell, ...]]]:
        """Return facts, of dated ones the value on the day; and the dated ones in full."""
        found: dict[str, Value] = {}
        dated: dict[str, tuple[Spell, ...]] = {}
        plain: dict[str, object] = {}
        for name, raw in given.items():
            fact = known.get(name)
            if fact is None or not fact.as_of or not isinstance(raw, list):
                plain[name] = raw
                continue
            try:
                dated[name] = spells_of(fact, raw)
            except FieldProblem as problem:
                raise _Broken(f"{where}.{name}", problem.reason) from None
            found[name] = value_on(dated[name], days.get(fact.as_of, [UNKNOWN]))
        found.update(self._values(plain, known, where))
        return found, dated

    def _values(
        self,
        given: object,
        known: Mapping[str, Fact],
        where: str,
        own: tuple[str, ...] = (),
    ) -> dict[str, Value]:
        if not isinstance(given, dict):
            raise _Broken(where, "is not a JSON object")
        found: dict[str, Value] = {}
        for name, raw in given.items():
            if name in own:
                continue
            fact = known.get(name)
            if fact is None:
                self.report.ignore(name)
                continue
            try:
                found[name] = value_of(fact, raw)
            except FieldProblem as problem:
                field = f"{where}.{name}" if where else name
                raise _Broken(field, problem.reason) from None
        return found


def _in_order(account: Account) -> Account:
    """Return `account` with its lines by their numbers, in whatever order they came.

    So nothing hangs on the order in a file: neither who gets an odd cent, nor who draws
    on a balance first.
    """
    order = sorted(range(len(account.lines)), key=lambda at: _rank(account.numbers[at]))
    if order == list(range(len(order))):
        return account
    coverages = tuple(
        replace(each, lines=tuple(each.lines[at] for at in order))
        if each.lines
        else each
        for each in account.coverages
    )
    return replace(
        account,
        lines=tuple(account.lines[at] for at in order),
        numbers=tuple(account.numbers[at] for at in order),
        coverages=coverages,
    )


def _rank(number: str) -> tuple[bool, int, str]:
    """Return what lines are sorted by: their numbers as numbers, then other names."""
    if number.isascii() and number.isdigit():
        return False, int(number[:_MOST_DIGITS]), number
    return True, 0, number


def _days_of(
    claim: Mapping[str, Value], lines: list[dict[str, Value]]
) -> dict[str, list[Value]]:
    """Return the values of each fact on the lines: what dated facts are asked on."""
    names = dict.fromkeys(name for line in (claim, *lines) for name in line)
    return {
        name: [line.get(name, claim.get(name, UNKNOWN)) for line in lines]
        for name in names
    }


def _identity(document: dict[str, object], name: str, where: str = "") -> str:
    try:
        return identity(document.get(name))
    except FieldProblem as problem:
        raise _Broken(f"{where}{name}", problem.reason) from None


def _number(element: object, at: int, where: str, before: list[str]) -> str:
    """Return the number of a line; that of its place where none is given."""
    if not isinstance(element, dict):
        raise _Broken(f"{where}[{at}]", "is not a line: a JSON object")
    try:
        number = identity(element.get("line", at + 1))
    except FieldProblem as problem:
        raise _Broken(f"{where}[{at}].line", problem.reason) from None
    if number in before:
        raise _Broken(f"{where}[{at}].line", "was given before")
    return number


def _object(
    document: dict[str, object], name: str, where: str = ""
) -> dict[str, object]:
    found = document.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _Broken(f"{where}.{name}".lstrip("."), "is not a JSON object")
    return found


def _list(
    document: dict[str, object], name: str, most: int, where: str = ""
) -> list[object]:
    found = document.get(name)
    if not isinstance(found, list) or not found:
        raise _Broken(f"{where}{name}", "is not a list of at least one element")
    if len(found) > most:
        raise _Broken(f"{where}{name}", f"has more than {most} elements")
    return found
