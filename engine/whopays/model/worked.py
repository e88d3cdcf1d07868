"""An amount with its working: what each part of its formula came to.

Amounts are exact: integer cents or fractions of a cent, and plain numbers for rates and
counts. An amount that is missing has no value, and names what would have to be given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from whopays.model import formulas as model

Number: TypeAlias = int | Fraction
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Worked:
    """A part of a formula, in the words of the language, and its value.

    `value` None: missing, because of what `missing` names. `won` is the place of the part
    that a `lesser of`, a `greater of` or a choice took. `read`: whether it was asked for
    at all, which the branch of a choice that is not taken is not.
    """

    formula: model.Formula | model.Choice
    value: Number | None
    missing: frozenset[str] = NOTHING
    parts: tuple[Worked, ...] = ()
    won: int | None = None

    @property
    def text(self) -> str:
        """The part as the language writes it."""
        return self.formula.text

    @property
    def winners(self) -> tuple[str, ...]:
        """The names of the amounts that won, the outermost first."""
        if self.won is not None:
            part = self.parts[self.won]
            own = (part.text,) if isinstance(part.formula, model.Read) else ()
            return (*own, *part.winners)
        return tuple(name for part in self.parts for name in part.winners)


def known(formula: model.Formula, value: Number) -> Worked:
    """Return `formula` with its value."""
    return Worked(formula, value)


def lacking(formula: model.Formula | model.Choice, *names: str) -> Worked:
    """Return `formula` without a value, for want of `names`."""
    return Worked(formula, None, frozenset(names))


#: Returns what a name, a term or a sum over the claim comes to.
Look: TypeAlias = Callable[[model.Read | model.TermAmount | model.SumOf], Worked]


def work(formula: model.Formula, look: Look) -> Worked:
    """Return what `formula` comes to; `look` gives its names and sums."""
    match formula:
        case model.Number(value):
            return Worked(formula, value)
        case model.Plus(signs, parts):
            return _sum(formula, signs, [work(part, look) for part in parts])
        case model.Times(left, right):
            return _product(formula, work(left, look), work(right, look))
        case model.Extreme(parts=parts):
            return _extreme(formula, [work(part, look) for part in parts])
        case _:
            return look(formula)


def _sum(formula: model.Plus, signs: tuple[str, ...], parts: list[Worked]) -> Worked:
    missing = _missing(parts)
    if missing:
        return Worked(formula, None, missing, tuple(parts))
    total: Number = 0
    for sign, part in zip(signs, parts, strict=True):
        value = part.value or 0
        total = total - value if sign == "-" else total + value
    return Worked(formula, total, parts=tuple(parts))


def _product(formula: model.Times, left: Worked, right: Worked) -> Worked:
    missing = _missing([left, right])
    if missing or left.value is None or right.value is None:
        return Worked(formula, None, missing, (left, right))
    return Worked(formula, left.value * right.value, parts=(left, right))


def _extreme(formula: model.Extreme, parts: list[Worked]) -> Worked:
    missing = _missing(parts)
    values = [part.value for part in parts if part.value is not None]
    if not values or (missing and not formula.given):
        return Worked(formula, None, missing, tuple(parts))
    value = min(values) if formula.kind == "lesser" else max(values)
    won = next(at for at, part in enumerate(parts) if part.value == value)
    return Worked(formula, value, parts=tuple(parts), won=won)


def _missing(parts: list[Worked]) -> frozenset[str]:
    return NOTHING.union(*(part.missing for part in parts if part.value is None))


def renamed(worked: Worked, formula: model.Formula) -> Worked:
    """Return `worked` as the value of `formula`, which stands for it by a name."""
    inner = (worked,)
    return replace(worked, formula=formula, parts=inner, won=None)
