"""A formula with its names, and the same with numbers in their place.

What a formula came to is exact until its one rounding: a fraction of a cent is shown as
decimals where there are few, else as a fraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from whopays.amounts.units import MONEY, PERCENT, Units
from whopays.model import formulas
from whopays.model.conditions import number_text
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import Method
from whopays.model.worked import Number, Worked

_HUNDRED = 100
_MOST_DECIMALS = 6
_MISSING = "?"


def units_of(method: Method, facts: Mapping[str, Fact]) -> Units:
    """Return the units of what `method` calculates with."""
    return Units(facts, {let.name: let.unit for let in method.lets})


def shown(value: Number | None, unit: str) -> str:
    """Return `value` as the language writes it: `$12.50`, `80%`, `3`; `?` if missing."""
    if value is None:
        return _MISSING
    if unit == MONEY:
        return _dollars(value)
    if unit == PERCENT:
        return f"{_plain(Fraction(value) * _HUNDRED)}%"
    return _plain(value)


def _plain(value: Number) -> str:
    return number_text(value) if value == int(value) else _decimals(Fraction(value))


def _dollars(cents: Number) -> str:
    if cents == int(cents):
        return dollars(int(cents))
    exact = Fraction(cents) / _HUNDRED
    text = _decimals(abs(exact))
    sign = "-" if cents < 0 else ""
    return f"{sign}${text}" if "/" not in text else f"{sign}$({text})"


def _decimals(exact: Fraction) -> str:
    """Return `exact` as decimals if a few are enough, else as a fraction."""
    scaled = exact * 10**_MOST_DECIMALS
    if scaled.denominator != 1:
        return f"{exact.numerator}/{exact.denominator}"
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(int(scaled)), 10**_MOST_DECIMALS)
    digits = str(rest).zfill(_MOST_DECIMALS).rstrip("0")
    return f"{sign}{whole:,}.{digits}" if digits else f"{sign}{whole:,}"


def filled(worked: Worked, units: Units) -> str:
    """Return the formula of `worked` with numbers in place of names."""
    formula = worked.formula
    match formula:
        case formulas.Plus(signs, _) if worked.parts:
            texts = [_term(part, units) for part in worked.parts]
            rest = (
                f" {sign} {text}"
                for sign, text in zip(signs[1:], texts[1:], strict=True)
            )
            return texts[0] + "".join(rest)
        case formulas.Times() if worked.parts:
            return " * ".join(_factor(part, units) for part in worked.parts)
        case formulas.Extreme(kind=kind, given=given) if worked.parts:
            some = "given " if given else ""
            parts = ", ".join(filled(part, units) for part in worked.parts)
            return f"{kind} of {some}({parts})"
        case formulas.Choice() if worked.won is not None:
            return filled(worked.parts[worked.won], units)
        case formulas.SumOf() if _is_divided(worked):
            return filled(worked.parts[0], units)
        case _:
            return shown(worked.value, units.of(formula))


def _is_divided(worked: Worked) -> bool:
    """Tell whether a sum over the claim was worked out as a sum of such sums."""
    return isinstance(worked.formula, formulas.SumOf) and len(worked.parts) == 1


def _term(part: Worked, units: Units) -> str:
    text = filled(part, units)
    shown_ = part.parts[0] if _is_divided(part) else part
    return f"({text})" if isinstance(shown_.formula, formulas.Plus) else text


def _factor(part: Worked, units: Units) -> str:
    text = filled(part, units)
    shown_ = part.parts[0] if _is_divided(part) else part
    grouped = isinstance(shown_.formula, formulas.Plus | formulas.Times)
    return f"({text})" if grouped else text


def equation(worked: Worked, units: Units) -> str:
    """Return the formula, the numbers in it, and what they come to, as `a - b = 2 - 1 = 1`."""
    steps = [
        worked.text,
        filled(worked, units),
        shown(worked.value, units.of(worked.formula)),
    ]
    return " = ".join(dict.fromkeys(steps))


def winner(worked: Worked, units: Units) -> str:
    """Return which terms won in `worked`, the outermost first; empty for none."""
    return "; ".join(_winners(worked, units))


def _winners(worked: Worked, units: Units) -> Iterator[str]:
    if worked.won is None:
        for part in worked.parts:
            yield from _winners(part, units)
        return
    part = worked.parts[worked.won]
    if isinstance(worked.formula, formulas.Extreme):
        word = "least" if worked.formula.kind == "lesser" else "greatest"
        value = shown(part.value, units.of(part.formula))
        yield f"{part.text} is the {word}, {value}"
    else:
        yield f"{part.text} is taken"
    yield from _winners(part, units)
