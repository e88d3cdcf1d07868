"""Shared amounts that a formula reads, with the components that they were computed from.

A reader who sees `allowed = $170.00` asks which parts it has. They are worked out when
somebody asks, for most terms are evaluated without being shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from whopays.amounts.formula import Run
from whopays.model import formulas
from whopays.model.worked import Worked, work


def opened(run: Run, result: formulas.Result) -> tuple[Worked, ...]:
    """Return each shared amount that `result` reads, its components as its one part.

    One that the claim gives while its components are not known stays as it is given.
    """
    found: dict[str, Worked] = {}
    waiting = list(_names(run, result))
    for name in waiting:
        fact = run.sight.facts.get(name)
        if fact is None or fact.formula is None or name in found or name in run.lets:
            continue
        read, of_row = formulas.Read(name), fact.formula
        if run.at is None:
            said = run.look(formulas.SumOf(read))
            inner = run.look(formulas.SumOf(of_row))
        else:
            said, inner = run.look(read), work(of_row, run.look)
        if inner.value is not None and inner.value == said.value:
            found[name] = Worked(said.formula, said.value, parts=(inner,))
            waiting.extend(_reads(of_row))
    return tuple(found.values())


def _names(run: Run, result: formulas.Result) -> Iterator[str]:
    """Yield the names that `result` has read, those of its lets after its own."""
    yield from _reads(result.value)
    for bound in result.bounds:
        yield from _reads(bound.value)
    for name in run.worked:
        yield from _reads(run.lets[name].value)


def _reads(formula: formulas.Formula | formulas.Choice) -> Iterator[str]:
    for part in formulas.parts_of(formula):
        if isinstance(part, formulas.Read):
            yield part.name
