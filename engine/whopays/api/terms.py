"""Payment terms for callers: claims in components, every source's words, what balances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from whopays.api import load
from whopays.api.book import own_version
from whopays.api.rulefiles import RulesFolderError, shipped_rules
from whopays.claims import ReadReport, Reject, load_mapping, read_claims
from whopays.claims.documents import DocumentReader
from whopays.claims.x12 import is_remittance, is_x12_file
from whopays.claims.x12.remittance import read_remittance
from whopays.diagnostics import nearest
from whopays.explain.terms.record import terms_record
from whopays.explain.terms.tree import terms_tree
from whopays.model.claim import Claim
from whopays.model.facts import Fact
from whopays.model.payments import TermSet
from whopays.model.remittance import Payment
from whopays.model.values import UNKNOWN, Value
from whopays.terms.adjudicated import known
from whopays.terms.answers import Answer
from whopays.terms.balance import Balance
from whopays.terms.claimed import component_claims
from whopays.terms.definitions import Word, words_of
from whopays.terms.evaluate import Evaluation
from whopays.terms.remitted import remitted_claim
from whopays.terms.rows import ComponentClaim
from whopays.terms.seen import Seen, seen

__all__ = [
    "Balance",
    "ComponentClaim",
    "ReadReport",
    "Reject",
    "Said",
    "TermBook",
    "load_terms",
]
_OPEN = frozenset({"product"})


@dataclass(frozen=True)
class Said:
    """One claim in the words that were asked for: each with its answers by place."""

    seen: Seen
    words: tuple[tuple[Word, tuple[Answer, ...]], ...]

    @property
    def claim(self) -> ComponentClaim:
        """The claim."""
        return self.seen.claim


@dataclass(frozen=True)
class TermBook:
    """The payment terms of loaded rules.

    `words` are all of them, by word and source; `facts` what claims may say for them;
    `sources` the names and digests of the rule files. `given` are facts of every row
    that does not say them itself.
    """

    words: Mapping[tuple[str, str], Word]
    facts: dict[str, Fact]
    sources: tuple[tuple[str, str], ...]
    given: Mapping[str, Value]

    def read(
        self,
        path: str | Path,
        mapping: str | None = None,
        report: ReadReport | None = None,
    ) -> Iterator[ComponentClaim | Reject]:
        """Return the claims of a file in components, and rejects.

        JSON, JSON Lines, tables by `mapping`, X12 837 (a claim also as each other payer
        has seen it) and X12 835. OSError at once if the file can't be found.
        """
        file = Path(path)
        file.stat()
        is_x12 = is_x12_file(file)
        if is_x12 and is_remittance(file):
            return self._remitted(file, report)
        is_name = mapping is not None and not mapping.endswith((".yaml", ".yml"))
        named = None
        if mapping is not None:
            wanted = mapping if is_name else Path(mapping)
            named = load_mapping(wanted, self.facts, _OPEN)
        found = read_claims(file, self.facts, named, _OPEN, report)
        return self._claimed(found, is_sent=is_x12)

    def _remitted(
        self, file: Path, report: ReadReport | None
    ) -> Iterator[ComponentClaim | Reject]:
        for each in read_remittance(file, report):
            if isinstance(each, Reject):
                yield each
            elif not isinstance(each, Payment):
                yield known(remitted_claim(each), self.given)

    def _claimed(
        self, found: Iterator[Claim | Reject], *, is_sent: bool
    ) -> Iterator[ComponentClaim | Reject]:
        for each in found:
            if isinstance(each, Reject):
                yield each
                continue
            for claim in component_claims(each, is_sent=is_sent):
                yield known(claim, self.given)

    def claim(self, document: Mapping[str, Any]) -> ComponentClaim:
        """Return a claim document in components; ValueError if it can't be read."""
        reader = DocumentReader("claim", self.facts, _OPEN, ReadReport())
        for each in reader.read(dict(document), 1):
            if isinstance(each, Claim):
                (found,) = component_claims(each)
                return known(found, self.given)
            raise ValueError(f"{each.field} {each.reason}".strip())
        raise ValueError("lines are missing")

    def said(
        self,
        claim: ComponentClaim,
        sources: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
        day: date | None = None,
    ) -> Said:
        """Return `claim` in the words of `sources`, or `names` of them; all, if none.

        `day` asks for the definitions that are in force then, whatever the service date.
        """
        evaluation = Evaluation(self.words, seen(claim, self.facts), day)
        chosen = [
            word
            for word in self.words.values()
            if (not sources or word.source in sources)
            and (not names or word.name in names)
        ]
        answers = tuple((word, evaluation.answers(word)) for word in chosen)
        return Said(evaluation.seen, answers)

    def tree(self, said: Said, reading: str = "") -> str:
        """Return `said` as a text, with `reading` (or all) beside the answers."""
        return terms_tree(said.claim, said.words, self.facts, reading)

    def record(self, said: Said) -> dict[str, Any]:
        """Return `said` as plain data."""
        return terms_record(said.claim, said.words, self.facts)

    def page(
        self, claims: Sequence[Said], asked: tuple[tuple[str, str], ...] = ()
    ) -> str:
        """Return `claims` as a page of HTML that needs nothing but itself.

        `asked` are the options that change what it says, as (name, value).
        """
        from whopays.pages import About, terms_page  # noqa: PLC0415 - on demand

        about = About(own_version(), self.sources, asked)
        shown = [(each.claim, each.words) for each in claims]
        return terms_page(about, shown, self.facts)

    @property
    def readings(self) -> set[str]:
        """The names of all readings."""
        terms = (term for word in self.words.values() for term in word.definitions)
        return {reading.name for term in terms for reading in term.readings}

    def word(self, name: str) -> str:
        """Return `name` if it is a word of some source, else raise `RulesFolderError`."""
        every = list(dict.fromkeys(word.name for word in self.words.values()))
        if name in every:
            return name
        guess = nearest(name, every)
        hint = f"did you mean {guess}?" if guess else f"there are {', '.join(every)}"
        raise RulesFolderError(f"no term is called {name}; {hint}")

    def source(self, name: str) -> str:
        """Return the source that `name` calls: whole, or a part that is of one alone.

        `RulesFolderError` where there is none, or it is of several.
        """
        every = list(dict.fromkeys(word.source for word in self.words.values()))
        if name in every:
            return name
        near = [each for each in every if name.casefold() in each.casefold()]
        if len(near) == 1:
            return near[0]
        if near:
            raise RulesFolderError(f"`{name}` may be {' or '.join(near)}: name one")
        guess = nearest(name, every)
        hint = f"did you mean {guess}?" if guess else f"there are {'; '.join(every)}"
        raise RulesFolderError(f"no term is by a source {name}; {hint}")


def load_terms(rules: str | Path | None = None, facts: str = "") -> TermBook:
    """Load the payment terms of the rules at `rules`, or of those that ship.

    `facts` are given for every row that does not say them, as a `given` line of a test
    writes them. `RulesFolderError` where there is no term; see `whopays.load`.
    """
    place = shipped_rules("terms") if rules is None else rules
    book = load(place, engine="reference")
    sets = list(book.rules.terms.values())
    terms = [term for each in sets for term in each.terms]
    if not terms:
        raise RulesFolderError("these rules have no term")
    every = facts_of(sets)
    given = given_facts(facts, every) if facts else {}
    return TermBook(words_of(terms), every, book.rules.sources, given)


def facts_of(sets: list[TermSet]) -> dict[str, Fact]:
    """Return the facts of all `sets`, by name."""
    found: dict[str, Fact] = {}
    for each in sets:
        for name, fact in each.facts.items():
            found.setdefault(name, fact)
    return found


def given_facts(text: str, facts: dict[str, Fact]) -> dict[str, Value]:
    """Return the facts of `text`, as a `given` line has them, or raise DiagnosticError."""
    from whopays.diagnostics import DiagnosticError  # noqa: PLC0415 - on demand
    from whopays.resolve.conditions import Scope  # noqa: PLC0415
    from whopays.resolve.report import Report  # noqa: PLC0415
    from whopays.resolve.testgiven import Given  # noqa: PLC0415
    from whopays.syntax.given import parse_given  # noqa: PLC0415

    items, problems = parse_given("--facts", text)
    report = Report()
    found, _ = Given(Scope(dict(facts), report), report, bare=True).facts(items)
    wrong = [*problems, *report.found]
    if any(each.is_error for each in wrong):
        raise DiagnosticError(wrong)
    return {name: value for name, value in found.items() if value is not UNKNOWN}
