"""Bounds of one result that cross: a ceiling that can be below a floor.

The bounds act in the order written, so the last of two that cross wins. Amounts are
taken to be zero or more, and what is no sum of amounts is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice

from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model import formulas as model
from whopays.resolve.report import Report
from whopays.syntax import nodes

#: An amount as a sum: a factor for each name, and a constant under the empty one.
Sum = dict[str, Fraction]
#: The sums of the `let` lines of a block; None where one is no sum.
Sums = dict[str, Sum | None]
_CONSTANT = ""
_MOST = 20  # bounds of one result, and amounts of one `lesser of`, that are looked at


def crossed(
    lines: tuple[nodes.Bound, ...],
    bounds: tuple[model.Bound, ...],
    lets: Mapping[str, model.Formula],
    report: Report,
) -> None:
    """Warn of the first two of `bounds` that can cross; `lines` is where they stand."""
    known: Sums = {}
    for name, value in lets.items():  # each after those that it reads
        known[name] = as_sum(value, known)
    pairs = list(zip(lines, bounds, strict=True))[:_MOST]
    for low, floor in pairs:
        for high, ceiling in pairs:
            if (floor.kind, ceiling.kind) != ("below", "above"):
                continue
            if _can_be_less(ceiling.value, floor.value, known):
                _warn(low, high, report)
                return


def _warn(low: nodes.Bound, high: nodes.Bound, report: Report) -> None:
    first, last = sorted((low, high), key=lambda each: each.span.start)
    report.warn(
        Diagnostic(
            "R030",
            f"the ceiling `{high.value.span.text}` can be below the floor "
            f"`{low.value.span.text}`",
            (Label(last.span, "acts last, and wins"), Label(first.span)),
            "bounds act in the order written; make sure that this order is meant",
            severity=Severity.WARNING,
        )
    )


def _can_be_less(ceiling: model.Formula, floor: model.Formula, known: Sums) -> bool:
    highs = list(islice(_parts(ceiling, "lesser", known), _MOST))
    lows = list(islice(_parts(floor, "greater", known), _MOST))
    return any(
        factor < 0
        for high in highs
        for low in lows
        for factor in plus(high, low, Fraction(-1)).values()
    )


def _parts(value: model.Formula, kind: str, known: Sums) -> Iterator[Sum]:
    """Yield sums that `value` is never above (`lesser`), or never below (`greater`)."""
    if isinstance(value, model.Extreme) and value.kind == kind:
        for part in value.parts:
            yield from _parts(part, kind, known)
        return
    found = as_sum(value, known)
    if found is not None:
        yield found


def as_sum(value: model.Formula, known: Sums) -> Sum | None:
    """Return `value` as a sum, None where it is none."""
    match value:
        case model.Number(number):
            return {_CONSTANT: Fraction(number)}
        case model.Read(name) if name in known:
            return known[name]
        case model.Read() | model.TermAmount():
            return {value.text: Fraction(1)}
        case model.SumOf(part):
            inner = as_sum(part, known)
            if inner is None:
                return None
            return {f"sum of {name}": factor for name, factor in inner.items()}
        case model.Times(model.Number(number), part) | model.Times(
            part, model.Number(number)
        ):
            inner = as_sum(part, known)
            return None if inner is None else plus({}, inner, Fraction(number))
        case model.Plus(signs, parts):
            found: Sum = {}
            for sign, part in zip(signs, parts, strict=True):
                inner = as_sum(part, known)
                if inner is None:
                    return None
                found = plus(found, inner, Fraction(-1 if sign == "-" else 1))
            return found
        case _:
            return None


def plus(one: Sum, other: Sum, times: Fraction) -> Sum:
    """Return `one` and `times` the other."""
    found = dict(one)
    for name, factor in other.items():
        found[name] = found.get(name, Fraction(0)) + times * factor
    return found
