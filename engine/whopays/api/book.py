"""The rule book: loaded rules that decide claims, run their tests, and explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.accumulate.balances import Balances
from whopays.api.line import LineDecision, bare, nobody, several, terms_said
from whopays.decide.codes import CodeGate
from whopays.decide.decision import Decision, decision_of, with_interest
from whopays.decide.line import Decider
from whopays.decide.turns import Waiting, Went, waiting, waiting_of, with_limits
from whopays.decide.views import Fills
from whopays.diagnostics import Diagnostic
from whopays.engines.durable import Durable, Plain
from whopays.model.changes import Changes
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact, Kind
from whopays.model.outcome import Outcome
from whopays.model.rules import Rules, TestCase
from whopays.model.validity import CodeNote
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program

if TYPE_CHECKING:
    from whopays.analyse.coverage.items import Coverage
    from whopays.analyse.survey import Survey
    from whopays.analyse.testing import Result
    from whopays.batch.totals import Totals
    from whopays.claims import Mapping as ClaimMapping
    from whopays.claims import ReadReport, Reject
    from whopays.codes import Pack
    from whopays.columns.decide import Columnar
    from whopays.engines.filling import Filler

# What reads claims is slow to import, and not all who load rules read any.
# ruff: noqa: PLC0415


@dataclass
class RuleBook:
    """Loaded rules, ready to decide.

    Programs and tables are made as they are asked for, and kept. One rule book decides
    in one thread at a time.
    """

    rules: Rules
    notes: tuple[Diagnostic, ...]
    engine: str = "durable"
    known_on: date | None = None
    contract: str | None = None
    packs: tuple[Pack, ...] = ()
    _gate: CodeGate | None = None
    _deciders: dict[tuple[str, date | None], Decider] = field(default_factory=dict)
    _filler: Fills | None = None
    _explains: Callable[[Decision], None] | None = None
    _strangers: dict[str, set[tuple[str, Value]]] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that a claim may give, by name."""
        return self.rules.all_facts()

    @property
    def parties(self) -> set[str]:
        """The ids of all parties and funds."""
        contracts = self.rules.contracts.values()
        return {party.id for each in contracts for party in each.text.parties}

    def claim_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a claim document for these rules."""
        from whopays.claims import claim_schema

        return claim_schema(self.facts)

    def decide(
        self, claim: Claim | Mapping[str, Any], balances: Balances | None = None
    ) -> list[LineDecision]:
        """Return a decision for each line of `claim`.

        `balances` is what limits have counted before it; they stand after it when this
        returns. Without it, nothing was counted before.
        `claim` is a claim document (see `claim_schema`) or a `model.claim.Claim`. A
        line that can't be read has the status `rejected` and says why.
        """
        found: list[LineDecision] = []
        counts = Balances() if balances is None else balances
        for each in self._read(claim):
            if not isinstance(each, Claim):
                found.append(self._rejected(each))
            else:
                lines = [self.decide_line(line) for line in each.lines]
                decided = with_limits((line.decision for line in lines), counts)
                decided = with_interest(decided)
                found.extend(
                    LineDecision(decision, line.line)
                    for decision, line in zip(decided, lines, strict=True)
                )
        return found

    def columnar(self) -> Columnar:
        """Return what decides many lines at once; it says what `decide` says of each."""
        from whopays.columns.decide import ByContract, Columnar
        from whopays.columns.seen import Strange

        def by(name: str) -> ByContract:
            strange: dict[str, set[Value]] = {}
            for fact, party in self._strange(name):
                strange.setdefault(fact, set()).add(party)
            chosen = self._by_hand(Line("", "", {}), name).facts
            several = (Strange(f, frozenset(p)) for f, p in sorted(strange.items()))
            return ByContract(self._decider(name), chosen, tuple(several))

        names = [self.contract] if self.contract else list(self.rules.contracts)
        return Columnar(
            map(by, names),
            lambda line: self.decide_line(line).decision,
            self.parties,
            self.facts,
            gate=self._code_gate if self.packs else None,
        )

    def _read(self, claim: Claim | Mapping[str, Any]) -> Iterable[Claim | Reject]:
        if isinstance(claim, Claim):
            return [claim]
        from whopays.claims import ReadReport
        from whopays.claims.documents import DocumentReader

        reader = DocumentReader(
            "claim", self.facts, frozenset({"product"}), ReadReport()
        )
        return reader.read(dict(claim), 1)

    def decide_line(self, line: Line, category: str | None = None) -> LineDecision:
        """Return the decision of `line`; `category` places it by name."""
        passed, notes = self._in_force(line)
        found = self._decided(passed, category)
        if self._explains is not None:
            self._explains(found.decision)
        if not self.packs:
            return found
        decision = replace(
            found.decision, code_notes=notes, packs=self._code_gate.digests
        )
        return LineDecision(decision, line)

    def waiting(self, line: Line, went: Went | None = None) -> Waiting:
        """Return what limits have to know of `line`; `went` is its way, where it is known.

        Where what a contract sees of a line hangs on more, it is decided.
        """
        if went is not None and not self.packs and not went.program.terms:
            name = went.program.contract.id
            chosen = self._by_hand(line, name)
            strange = self._strange(name)
            if not strange or strange.isdisjoint(chosen.facts.items()):
                return waiting(went, chosen)
        return waiting_of(self.decide_line(line).decision)

    def _in_force(self, line: Line) -> tuple[Line, tuple[CodeNote, ...]]:
        """Return `line` without the codes that are not in force, and notes on them."""
        return self._code_gate.passed(line) if self.packs else (line, ())

    @property
    def _code_gate(self) -> CodeGate:
        if self._gate is None:
            packs = tuple(pack.dates for pack in self.packs)
            self._gate = CodeGate(self.facts, packs)
        return self._gate

    def _decided(self, line: Line, category: str | None) -> LineDecision:
        names = [self.contract] if self.contract else list(self.rules.contracts)
        found = [self._by_contract(name, line, category) for name in names]
        ours = [each for each in found if each.status != "no_contract"]
        if len(ours) == 1:
            return LineDecision(ours[0], line)
        if ours:
            contracts = [self.rules.contracts[each.contract] for each in ours]
            return LineDecision(several(ours, contracts), line)
        return LineDecision(found[0] if found else nobody(line), line)

    def _by_contract(self, name: str, line: Line, category: str | None) -> Decision:
        chosen = self._by_hand(line, name)
        strange = self._strange(name)
        if strange:
            strange = strange.intersection(chosen.facts.items())
        if not strange:
            return decision_of(self._decider(name), chosen, category)
        gone: dict[str, Value] = {fact: UNKNOWN for fact, _ in strange}
        chosen = replace(chosen, facts={**chosen.facts, **gone})
        found = decision_of(self._decider(name), chosen, category)
        return replace(found, strangers=tuple(sorted(gone)))

    def _strange(self, name: str) -> set[tuple[str, Value]]:
        """Return the facts that are parties, each with every party of other contracts."""
        if name not in self._strangers:
            contract = self.rules.contracts[name]
            others = self.parties - {party.id for party in contract.text.parties}
            self._strangers[name] = {
                (fact.name, each)
                for fact in contract.facts.values()
                if fact.kind is Kind.PARTY
                for each in others
            }
        return self._strangers[name]

    def what_would_change(
        self,
        line: Line | LineDecision,
        *,
        party: str | None = None,
        to: str | None = None,
    ) -> Changes:
        """Return all smallest sets of facts that would change the answer of `line`.

        `party`: change what this party bears. `to`: make the answer this one, as rules
        write it (`PLAN 60%, IPA 40%`, `not covered`). For an undetermined line they are
        the unknown facts that would settle it. Raise `GoalError`, a ValueError, if no
        clause answers as `to` says, ValueError for a line that was not read.
        """
        from whopays.analyse.changes.goals import another, other_share, this_answer
        from whopays.analyse.changes.whatif import already, what_would_change

        if isinstance(line, LineDecision):
            if line.line is None:
                raise ValueError("a line that was not read has no facts to change")
            line = line.line
        names = [self.contract] if self.contract else list(self.rules.contracts)
        deciders = [self._decider(name) for name in names]
        chosen, _ = self._in_force(self._by_hand(line, names[0]) if names else line)
        said = terms_said((each.program for each in deciders), chosen.facts)
        chosen = replace(chosen, facts={**chosen.facts, **said})

        def decide(facts: Mapping[str, Value]) -> Decision:
            return self._decided(replace(chosen, facts=facts), None).decision

        now = decide(chosen.facts)
        if to is not None:
            wanted = this_answer(to, (each.program for each in deciders))
            if wanted.reached(now.outcome):
                return already(wanted)
        elif party is not None:
            wanted = other_share(now.outcome, party)
        else:
            wanted = another(now.outcome)
        return what_would_change(deciders, now, chosen.facts, wanted, decide)

    def _by_hand(self, line: Line, name: str) -> Line:
        """Return `line` as one of the contract chosen by hand, where there is one."""
        if self.contract is None:
            return line
        contract = self.rules.contracts[name]
        given = {"payer": contract.payer, "group": contract.group}
        chosen = {key: value for key, value in given.items() if value is not None}
        return replace(line, facts={**line.facts, **chosen})

    def _decider(self, name: str) -> Decider:
        return self.decider(name, self.known_on)

    def decider(self, name: str, known_on: date | None) -> Decider:
        """Return what decides by the contract `name` as known on `known_on`."""
        key = (name, known_on)
        if key not in self._deciders:
            like = self.decider(name, None).program if known_on else None
            program = Program(self.rules.contracts[name], known_on, like)
            self._deciders[key] = Decider(program, self.filler)
        return self._deciders[key]

    @property
    def filler(self) -> Fills:
        """What fills tables: durable-rules, or plain evaluation."""
        if self._filler is None:
            self._filler = Durable() if self.engine == "durable" else Plain()
        return self._filler

    @contextmanager
    def filled_by(self, filler: Filler) -> Iterator[None]:
        """Let `filler` fill tables meanwhile: for whole files, see `engines.filling`."""
        before = self._filler
        self._filler, self._explains = filler, filler.explains
        for decider in self._deciders.values():
            decider.engine = filler
        try:
            yield
        finally:
            self._filler, self._explains = before, None
            for decider in self._deciders.values():
                decider.engine = self.filler

    def run_tests(self) -> list[Result]:
        """Run the `test` blocks of the rules, each as known on its own day."""
        from whopays.analyse.payment_testing import PaymentTests
        from whopays.analyse.testing import run_test

        def decide(case: TestCase, line: Line) -> Decision:
            decider = self.decider(case.contract, case.known_on)
            return decision_of(decider, line, case.category)

        payments = PaymentTests(self.rules, self.filler)
        return [run_test(case, decide, payments.problems) for case in self.rules.tests]

    def surveys(self, results: Iterable[Result] | None = None) -> list[Survey]:
        """Return, contract by contract, what its tests touch and miss.

        The `coverage` of a survey says it item by item; its `tests` are generated ones
        for all that is missing, with outcomes by the reference. `results` are those of
        the tests, where they have been run already.
        """
        from whopays.analyse.survey import Survey

        done = self.run_tests() if results is None else list(results)
        names = [self.contract] if self.contract else list(self.rules.contracts)
        return [
            Survey(self.rules.contracts[name], done, self.decider(name, None).program)
            for name in names
        ]

    def coverage(self) -> list[Coverage]:
        """Return what the tests touch and what they miss, contract by contract.

        Dictionaries of terms that have tests follow.
        """
        done = self.run_tests()
        of_contracts = (each.coverage for each in self.surveys(done))
        return [*of_contracts, *self.term_coverage(done)]

    def term_coverage(self, results: Iterable[Result]) -> list[Coverage]:
        """Return what tests touch and miss of each dictionary that has tests."""
        from whopays.analyse.coverage.terms import term_coverage

        return term_coverage(self.rules, results)

    # Files of claims

    def read(
        self,
        path: str | Path,
        mapping: str | None = None,
        report: ReadReport | None = None,
    ) -> Iterator[Claim | Reject]:
        """Return the claims and rejects of a file; `mapping` is for tables.

        Raise OSError at once if the file can't be found.
        """
        Path(path).stat()
        from whopays.claims import read_claims

        return read_claims(path, self.facts, self.mapping(path, mapping), report=report)

    def mapping(self, path: str | Path, mapping: str | None) -> ClaimMapping | None:
        """Return the mapping of that name or file, None where the file needs none."""
        if mapping is None:
            return None
        is_file = mapping.endswith((".yaml", ".yml"))
        wanted = Path(mapping) if is_file else mapping
        from whopays.claims import OPEN_FACTS, load_mapping

        # Loaded even for documents, which need none: a wrong name is told at once.
        found = load_mapping(wanted, self.facts, OPEN_FACTS)
        is_document = Path(path).suffix.lower() in {".json", ".jsonl", ".ndjson"}
        return None if is_document else found

    def decide_files(
        self,
        paths: Iterable[Path],
        out: Path,
        *,
        mapping: str | None = None,
        **how: Any,
    ) -> tuple[Totals, tuple[str, ...]]:
        """Decide files of claims and write the outputs; see `api.files.decide_files`.

        `how` are the fields of `api.files.How`. Return the totals, and notes.
        """
        from whopays.api.files import How, decide_files

        return decide_files(self, paths, Path(out), mapping, How(**how))

    def _rejected(self, reject: Reject) -> LineDecision:
        note = f"{reject.field} {reject.reason}".strip()
        return LineDecision(
            bare(reject.claim_id, reject.line, Outcome("rejected", note=note))
        )


def own_version() -> str:
    """Return the version of whopays."""
    from importlib import metadata

    return metadata.version("whopays")
