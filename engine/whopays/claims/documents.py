"""Claim documents: one JSON object a claim, its lines in the list `lines`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whopays.claims.gather import Gathered, gathered_from
from whopays.claims.records import FieldProblem, ReadReport, Reject, identity
from whopays.claims.values import value_of
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact
from whopays.model.values import UNKNOWN, Value

_OWN = frozenset({"claim_id", "lines", "line"})


def missing_required(
    facts: Mapping[str, Fact], values: Mapping[str, Value]
) -> str | None:
    """Return the first required fact that `values` lacks, or None."""
    for name, fact in facts.items():
        if fact.required and values.get(name, UNKNOWN) is UNKNOWN:
            return name
    return None


class DocumentReader:
    """Turns the claim documents of one file into claims and rejects.

    Each element of `lines` becomes exactly one line or one reject. A value given at
    the level of the claim holds for all lines; a line may give its own. A claim id may
    occur once in a file: its facts are gathered over one document.
    """

    def __init__(
        self,
        file: str,
        facts: Mapping[str, Fact],
        open_facts: frozenset[str],
        report: ReadReport,
    ) -> None:
        self._file = file
        self._facts = {
            name: fact for name, fact in facts.items() if fact.of in {"line", "claim"}
        }
        self._open_facts = open_facts
        self._report = report
        self._sources = gathered_from(self._facts)
        self._seen: dict[str, int] = {}
        report.knows((*self._facts, *_OWN))

    def reject(
        self, record: int, field: str, reason: str, claim_id: str = "", line: str = ""
    ) -> Reject:
        """Count and return one reject."""
        self._report.rejects += 1
        return Reject(self._file, record, field, reason, claim_id, line)

    def read(self, document: object, record: int) -> Iterator[Claim | Reject]:
        """Yield the rejects of one document that starts at line `record`, then its claim."""
        if not isinstance(document, dict):
            yield self.reject(record, "", "is not a claim document: a JSON object")
            return
        lines = document.get("lines")
        if not isinstance(lines, list) or not lines:
            yield self.reject(record, "lines", "is not a list of at least one line")
            return
        try:
            claim_id = identity(document.get("claim_id"))
        except FieldProblem as problem:
            for _ in lines:
                yield self.reject(record, "claim_id", problem.reason)
            return
        if claim_id in self._seen:
            reason = f"was given before in this file, at line {self._seen[claim_id]}"
            for _ in lines:
                yield self.reject(record, "claim_id", reason, claim_id)
            return
        self._seen[claim_id] = record
        yield from self._claim(claim_id, document, lines, record)

    def _claim(
        self,
        claim_id: str,
        document: dict[str, object],
        lines: list[object],
        record: int,
    ) -> Iterator[Claim | Reject]:
        shared, broken = self._values(document, of_claim=True)
        gathered = Gathered(self._sources)
        for name, value in shared.items():
            if self._facts[name].of == "claim":
                gathered.give(name, value)
        good: dict[str, dict[str, Value]] = {}
        for position, element in enumerate(lines, 1):
            read = self._line(element, position, shared, broken)
            if isinstance(read, tuple):
                number, values = read
                if number not in good:
                    good[number] = values
                    gathered.add(values)
                    continue
                read = Reject(
                    "", 0, "line", "was given before in this claim", "", number
                )
            gathered.miss()
            yield self.reject(record, read.field, read.reason, claim_id, read.line)
        of_claim = gathered.values()
        made = tuple(
            Line(claim_id, number, {**values, **of_claim}, record)
            for number, values in good.items()
        )
        self._report.lines += len(made)
        if made:
            yield Claim(claim_id, made)

    def _line(
        self,
        element: object,
        position: int,
        shared: dict[str, Value],
        broken: dict[str, str],
    ) -> tuple[str, dict[str, Value]] | Reject:
        if not isinstance(element, dict):
            return Reject("", 0, "", "is not a line: a JSON object", "", str(position))
        try:
            number = identity(element.get("line", position))
        except FieldProblem as problem:
            return Reject("", 0, "line", problem.reason)
        own, own_broken = self._values(element, of_claim=False)
        values = {**shared, **own}
        wrong = own_broken or {
            name: reason for name, reason in broken.items() if name not in own
        }
        if wrong:
            field, reason = next(iter(wrong.items()))
            return Reject("", 0, field, reason, "", number)
        lacking = missing_required(self._facts, values)
        if lacking:
            return Reject("", 0, lacking, "is missing, and it is required", "", number)
        return number, values

    def _values(
        self, given: dict[str, object], *, of_claim: bool
    ) -> tuple[dict[str, Value], dict[str, str]]:
        """Return the values of `given`, and the reasons of those that are none."""
        values: dict[str, Value] = {}
        broken: dict[str, str] = {}
        for name, raw in given.items():
            fact = self._facts.get(name)
            if name in _OWN and (name != "line" or not of_claim):
                continue
            if fact is None:
                self._report.ignore(name)
            elif fact.of == "claim" and not of_claim:
                broken[name] = "is a fact of the claim, not of a line"
            else:
                try:
                    values[name] = value_of(fact, raw, open_facts=self._open_facts)
                except FieldProblem as problem:
                    broken[name] = problem.reason
        return values, broken
