"""Proofs about the methods of a file for callers: the table, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.api import load
from whopays.api.book import own_version
from whopays.api.rulefiles import RulesFolderError, shipped_rules
from whopays.diagnostics import Diagnostic, nearest
from whopays.model.facts import Fact
from whopays.model.payments import Method
from whopays.resolve.payments.methods import of_method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whopays.prove.promises import Finding

SECONDS = 10


class ProverMissing(RuntimeError):
    """z3 can't be imported; the text says how to install it."""


@dataclass
class Proofs:
    """What came of each promise of each method, and the facts that they read.

    `sources` are the names and digests of the rule files, `prover` what proved.
    """

    findings: list[Finding]
    facts: dict[str, Fact]
    sources: tuple[tuple[str, str], ...]
    prover: str
    seconds: int
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """Where the prover and the engine disagree: a bug of whopays."""
        from whopays.prove.promises import FAULT  # noqa: PLC0415 - on demand

        return [each for each in self.findings if each.status == FAULT]

    def table(self) -> str:
        """Return the table in words."""
        from whopays.prove.told import table  # noqa: PLC0415 - on demand

        return table(self.findings, self.facts)

    def record(self) -> dict[str, Any]:
        """Return all of it as plain data; money is in whole cents."""
        from whopays.prove.promises import SENTENCES, THROUGHOUT  # noqa: PLC0415
        from whopays.prove.told import record  # noqa: PLC0415

        return {
            "whopays": own_version(),
            "prover": self.prover,
            "seconds": self.seconds,
            "rules": [{"name": name, "sha256": each} for name, each in self.sources],
            "promises": dict(SENTENCES),
            "assumed_throughout": list(THROUGHOUT),
            "methods": record(self.findings),
        }


def prove_methods(
    rules: str | Path | None = None,
    *,
    method: str | None = None,
    seconds: int = SECONDS,
) -> Proofs:
    """Prove what the methods of the rules at `rules` keep, or those of the shipped rules.

    `method`: this one alone. `seconds` is the time for each proof, and as long to find an account.
    Raise `ProverMissing` without z3, `RulesFolderError` where there is no such method,
    `DiagnosticError` with what is wrong with the text.
    """
    prover = _prover()
    from whopays.prove.table import proofs  # noqa: PLC0415 - imports z3
    from whopays.prove.told import problems  # noqa: PLC0415

    book = load(shipped_rules("cob") if rules is None else rules, engine="reference")
    known: dict[str, Fact] = {}
    findings: list[Finding] = []
    for each, facts in _methods(book.rules.methods.values(), method):
        for name, fact in facts.items():
            known.setdefault(name, fact)
        findings.extend(proofs(each, facts, seconds))
    found = Proofs(findings, known, book.rules.sources, prover, seconds)
    found.diagnostics = problems(findings, known)
    return found


def _prover() -> str:
    try:
        import z3  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise ProverMissing(
            "proofs need z3, which is not installed. Install it with\n"
            "  pip install 'whopays[prove]'"
        ) from None
    return f"z3 {z3.get_version_string()}"


def _methods(sets: Any, asked: str | None) -> Iterator[tuple[Method, dict[str, Fact]]]:
    found = [
        (method, of_method(each.facts, each.span))
        for each in sets
        for method in each.methods.values()
    ]
    if not found:
        raise RulesFolderError("these rules have no method of coordination")
    names = [method.id for method, _ in found]
    if asked is not None and asked not in names:
        near = nearest(asked, names)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
        raise RulesFolderError(f"there is no method {asked}; {hint}")
    yield from (each for each in found if asked in {None, each[0].id})
