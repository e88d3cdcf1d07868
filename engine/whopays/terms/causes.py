"""Which parts of two amounts make them different: each amount taken apart by name.

What both have alike cancels out. A sum that has a name of its own, such as `allowed` or
the charge, is opened only where the other side has one of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from whopays.model import formulas
from whopays.model.facts import Fact
from whopays.model.values import Value
from whopays.model.worked import Number, Worked, lacking, work
from whopays.terms.answers import Read
from whopays.terms.rows import CHARGE, COMPONENTS

#: What names do not account for: a bound that acted, or the rounding to the cent.
REST: Final = "bounds and rounding"
#: Cents by the name of what they come from.
Parts: TypeAlias = dict[str, Number]


@dataclass
class Taken:
    """Amounts taken apart at one place; `value` returns what a fact is there.

    `turned` is -1 where the working has the signs of a reversal.
    """

    facts: Mapping[str, Fact]
    value: Callable[[str], Value]
    turned: int = 1
    _opened: dict[str, Parts] = field(default_factory=dict)

    def parts(self, read: Read) -> Parts:
        """Return `read` by name; it sums up to its cents."""
        lets = {each.text: each.parts[0] for each in read.lets if each.parts}
        found = _parts(read.calculated.worked, lets, self.turned)
        rest = (read.cents or 0) - sum(found.values())
        if rest:
            found[REST] = rest
        return found

    def opened(self, name: str) -> Parts:
        """Return a sum by its smallest parts; itself, where it is none or they are open."""
        if name not in self._opened:
            self._opened[name] = self._open(name)
        return self._opened[name]

    def _open(self, name: str) -> Parts:
        fact = self.facts.get(name)
        value = self.value(name)
        if name == CHARGE:
            return self._charge(value)
        if fact is None or fact.formula is None or _number(value) is None:
            return {}
        found = _parts(work(fact.formula, self._look), {}, 1)
        if sum(found.values()) != value:
            return {}
        whole: Parts = {}
        for each, amount in found.items():
            inner = self.opened(each)
            for part, cents in inner.items() if inner else ((each, amount),):
                whole[part] = whole.get(part, 0) + cents
        return whole

    def _charge(self, value: Value) -> Parts:
        """Return the charge by its components, if they are known and make it up."""
        found = {name: self._look(formulas.Read(name)).value for name in COMPONENTS}
        known = {name: cents for name, cents in found.items() if cents is not None}
        whole = len(known) == len(COMPONENTS) and sum(known.values()) == value
        return {name: cents for name, cents in known.items() if cents} if whole else {}

    def _look(
        self, formula: formulas.Read | formulas.TermAmount | formulas.SumOf
    ) -> Worked:
        if not isinstance(formula, formulas.Read):
            return lacking(formula, formula.text)
        found = _number(self.value(formula.name))
        if found is not None:
            return Worked(formula, found)
        fact = self.facts.get(formula.name)
        if fact is not None and fact.none_is_zero:
            return Worked(formula, 0)
        return lacking(formula, formula.name)


def _number(value: Value) -> Number | None:
    is_number = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return value if is_number else None  # type: ignore[return-value]


def _parts(worked: Worked, lets: Mapping[str, Worked], sign: Number) -> Parts:
    """Take `worked` apart, without recursion: terms may lead far."""
    found: Parts = {}
    waiting: list[tuple[Worked, Number, bool]] = [(worked, sign, True)]
    while waiting:
        each, scale, own = waiting.pop()
        match each.formula:
            case formulas.Plus(signs, _):
                for mark, part in zip(signs, each.parts, strict=True):
                    waiting.append((part, -scale if mark == "-" else scale, own))
                continue
            case formulas.Times(formulas.Number() as rate, _):
                waiting.append((each.parts[1], scale * rate.value, own))
                continue
            case formulas.Extreme() | formulas.Choice() if each.won is not None:
                waiting.append((each.parts[each.won], scale, own))
                continue
            case formulas.SumOf() | formulas.TermAmount() if each.parts:
                # Names below are of lines, or of another block.
                waiting.extend((part, scale, False) for part in each.parts)
                continue
            case formulas.Read(name) if own and name in lets:
                waiting.append((lets[name], scale, own))
                continue
            case formulas.SumOf(part):
                name = part.text
            case _:
                name = each.text
        found[name] = found.get(name, 0) + scale * (each.value or 0)
    return found


def differing(one: Parts, other: Parts, taken: Taken) -> Parts:
    """Return by name what makes `one` and `other` different, the largest first."""
    found = dict(one)
    for name, amount in other.items():
        found[name] = found.get(name, 0) - amount
    found = {name: amount for name, amount in found.items() if amount}
    for name in tuple(found):
        inner = taken.opened(name)
        others = {
            part
            for each in (*one, *other)
            if each != name
            for part in taken.opened(each) or (each,)
        }
        if name in found and inner and others & inner.keys():
            whole = sum(inner.values())
            times = Fraction(found.pop(name)) / whole if whole else 0
            for part, amount in inner.items():
                found[part] = found.get(part, 0) + times * amount
    kept = [(max(amount, -amount), name) for name, amount in found.items() if amount]
    return {name: found[name] for _, name in sorted(kept, key=_largest_first)}


def _largest_first(each: tuple[Number, str]) -> tuple[Number, str]:
    return (-each[0], each[1])
