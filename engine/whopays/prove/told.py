"""The table of proofs for people and for programs, and what its authors have to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from string import ascii_lowercase
from typing import Any

from whopays.diagnostics import Diagnostic, Label
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import PROMISES
from whopays.model.values import NONE, Value
from whopays.prove.promises import (
    COUNTEREXAMPLE,
    DECLARED,
    FAULT,
    NOT_ASKED,
    OUTSIDE,
    PROVED,
    SENTENCES,
    STALE,
    THROUGHOUT,
    Example,
    Finding,
)

Facts = Mapping[str, Fact]
#: How a status stands in the table, where not by its own name.
_CELLS = {NOT_ASKED: "-", OUTSIDE: "?", STALE: "kept"}
_WORDS = {
    PROVED: "proved",
    DECLARED: "declared",
    COUNTEREXAMPLE: "with a counterexample",
    STALE: "kept though declared",
    OUTSIDE: "not provable here",
    NOT_ASKED: "not asked",
    FAULT: "with a fault of whopays",
}


def table(findings: Sequence[Finding], facts: Facts) -> str:
    """Return the table of `findings` in words, with all that its cells leave out.

    `facts` are those of the methods, by name.
    """
    marks = _marks(findings)
    parts = [
        _grid(findings, marks),
        _listed("The promises", [f"{n:<12} {SENTENCES[n]}" for n in PROMISES]),
        _listed("Taken for granted throughout", THROUGHOUT),
        _listed(
            "Taken for granted where a letter says so",
            [f"{mark}  {text}" for text, mark in marks.items()],
        ),
        _paragraphs(
            "Not kept (each account was settled by the engine)", findings, facts
        ),
        _listed("Not provable here (?)", _reasons(findings, OUTSIDE)),
        _listed("Not asked (-)", _not_asked(findings)),
        summary(findings),
    ]
    return "\n\n".join(part for part in parts if part)


def summary(findings: Sequence[Finding]) -> str:
    """Return how many promises came to what, as one line."""
    counts = Counter(each.status for each in findings)
    said = [
        f"{counts[status]} {word}" for status, word in _WORDS.items() if counts[status]
    ]
    methods = len({each.method.id for each in findings})
    noun = "method" if methods == 1 else "methods"
    return f"{methods} {noun}, {len(findings)} promises: {', '.join(said)}"


def _marks(findings: Sequence[Finding]) -> dict[str, str]:
    """Return a letter for each assumption, in the order in which they are met."""
    texts = dict.fromkeys(text for each in findings for text in each.assumes)
    letters = [
        *ascii_lowercase,
        *(a + b for a in ascii_lowercase for b in ascii_lowercase),
    ]
    return dict(zip(texts, letters, strict=False))


def _grid(findings: Sequence[Finding], marks: Mapping[str, str]) -> str:
    rows = [["method", *PROMISES]]
    by_method: dict[str, list[str]] = {}
    for each in findings:
        cell = _CELLS.get(each.status, each.status)
        letters = ",".join(marks[text] for text in each.assumes)
        by_method.setdefault(each.method.id, []).append(f"{cell} {letters}".strip())
    rows.extend([name, *cells] for name, cells in by_method.items())
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    rule = "-" * (sum(widths) + 2 * len(widths) - 2)
    return "\n".join([lines[0], rule, *lines[1:]])


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)]) if lines else ""


def _paragraphs(title: str, findings: Sequence[Finding], facts: Facts) -> str:
    lines = []
    for each in findings:
        if each.example is None:
            continue
        why = f": {each.declared.why}" if each.declared is not None else ""
        if each.status == FAULT:
            why = f": {each.why}; please report it"
        lines.append(f"{each.method.id}, {each.promise} ({each.status}){why}")
        lines.extend(f"  {line}" for line in example_lines(each.example, facts))
    return _listed(title, lines)


def example_lines(example: Example, facts: Facts) -> Iterator[str]:
    """Yield an account that breaks a promise, or two, in words."""
    said = _said(example.amounts, facts)
    yield f"{example.position}: {said} -> {_outcome(example)}"
    if example.more is not None:
        before = dict(example.amounts)
        changed = [(n, v) for n, v in example.more.amounts if before.get(n) != v]
        more = _said(changed, facts)
        yield f"the same with {more} -> {_outcome(example.more)}"


def _said(amounts: Sequence[tuple[str, Value]], facts: Facts) -> str:
    return ", ".join(
        f"{name} {_written(facts[name], value)}" for name, value in amounts
    )


def _written(fact: Fact, value: Value) -> str:
    return "none" if value is NONE else fact.written(value)


def _outcome(example: Example) -> str:
    return ", ".join(f"{name} {dollars(cents)}" for name, cents in example.outcome)


def _reasons(findings: Sequence[Finding], status: str) -> list[str]:
    """Return why promises have no answer, method by method."""
    by_why: dict[tuple[str, str], list[str]] = {}
    for each in findings:
        if each.status == status:
            key = (each.method.id, each.why)
            by_why.setdefault(key, []).append(each.promise)
    return [
        f"{name}: {why}"
        if len(promises) == len(PROMISES)
        else f"{name}, {', '.join(promises)}: {why}"
        for (name, why), promises in by_why.items()
    ]


def _not_asked(findings: Sequence[Finding]) -> list[str]:
    counts = Counter(
        (each.promise, each.why) for each in findings if each.status == NOT_ASKED
    )
    return [
        f"{promise}: {count} of the methods: {why}"
        for (promise, why), count in sorted(counts.items())
    ]


def problems(findings: Sequence[Finding], facts: Facts) -> list[Diagnostic]:
    """Return what the authors of the methods have to look at."""
    found = []
    for each in findings:
        name, promise = each.method.id, each.promise
        if each.status == COUNTEREXAMPLE and each.example is not None:
            first, *more = example_lines(each.example, facts)
            found.append(
                Diagnostic(
                    "C017",
                    f"`{name}` does not keep `{promise}`: {SENTENCES[promise]}",
                    (Label(each.method.span),),
                    "mend the formula, or say that it is meant: "
                    f'`breaks {promise} because "…"`',
                    (f"for example, {first}", *more),
                )
            )
        elif each.status == STALE and each.declared is not None:
            why = f", because {each.why}" if each.why else ""
            found.append(
                Diagnostic(
                    "C018",
                    f"`{name}` does not break `{promise}`{why}",
                    (Label(each.declared.span),),
                    f"take `{promise}` out of the line",
                )
            )
    return found


def record(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return `findings` as plain data, a record for each method."""
    by_method: dict[str, list[dict[str, Any]]] = {}
    for each in findings:
        by_method.setdefault(each.method.id, []).append(_record(each))
    return [
        {"method": name, "promises": promises} for name, promises in by_method.items()
    ]


def _record(found: Finding) -> dict[str, Any]:
    return {
        "promise": found.promise,
        "status": found.status,
        "assumes": list(found.assumes),
        "why": found.why or None,
        "declared": found.declared.why if found.declared is not None else None,
        "example": _example(found.example) if found.example is not None else None,
    }


def _example(example: Example) -> dict[str, Any]:
    both = [example, *([example.more] if example.more is not None else [])]
    return {
        "position": example.position,
        "accounts": [
            {
                "facts": {name: _plain(value) for name, value in each.amounts},
                "outcome_cents": dict(each.outcome),
            }
            for each in both
        ],
    }


def _plain(value: Value) -> Any:
    if value is NONE:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value
