"""What does not mix in one definition: words of two sources, credits and payments.

Where the words of both sources are plain sums, one is written by the other: the report
offers what stands between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from whopays.diagnostics import Label, Remedy, rewrite
from whopays.model import formulas as model
from whopays.model.conditions import number_text
from whopays.model.payments import Term
from whopays.resolve.payments.crossed import Sum, as_sum, plus
from whopays.resolve.report import Report
from whopays.syntax import nodes

_CREDITED = "_credited"
_PAID = frozenset(
    (
        *("prior_paid", "primary_paid", "medicare_paid"),
        *("other_insurance_paid", "other_source_paid"),
    )
)
#: Words within words that an offer opens; a circle of them ends here.
_MOST_OPENED = 50
#: Returns the definitions of a term.
Definitions: TypeAlias = Callable[[model.TermAmount], list[Term]]


@dataclass(frozen=True)
class Written:
    """A definition as it was written, and what it was resolved to."""

    block: nodes.TermBlock
    term: Term


def of_two_sources(written: Written, known: Definitions, report: Report) -> None:
    """Report words of two sources in one definition, and offer the one by the other."""
    used = list(_used(written.block))
    sources = {each.source.text for each in used}
    if len(sources) < 2:  # noqa: PLR2004 - two sources
        return
    first = used[0]
    second = next(each for each in used if each.source.text != first.source.text)
    one, other = _amount(first), _amount(second)
    same = f"`{one.name}`, the same word," if one.name == other.name else ""
    report.error(
        "R025",
        f"{same or 'terms'} of two sources stand in one definition: "
        f"`{one.text}` and `{other.text}`",
        second.span,
        _conversion(second, one, other, known),
        also=[Label(first.span, "the first")],
    )


class Credits:
    """What is credited and what was paid, of earlier payers, in one formula.

    Terms that a formula reads are looked through, each once: another name makes no
    payment of a credit.
    """

    def __init__(self, known: Definitions) -> None:
        self._known = known
        self._names: dict[model.TermAmount, frozenset[str]] = {}

    def report(self, written: Written, report: Report) -> None:
        """Report an amount that is credited beside one that was paid, in one formula."""
        for result in _results(written.term):
            names, amounts = _read(written.term, result)
            names = names.union(*map(self._of_term, amounts))
            credited = sorted(name for name in names if name.endswith(_CREDITED))
            paid = sorted(names & _PAID)
            if credited and paid:
                report.error(
                    "R025",
                    f"`{credited[0]}`, a credited amount, and `{paid[0]}`, a payment, "
                    "stand in one formula",
                    written.block.name.span,
                    "what an earlier payer is credited with is not what it paid; use one",
                )
                return

    def _of_term(self, amount: model.TermAmount) -> frozenset[str]:
        """Return the credited and paid facts of `amount`; a circle is told elsewhere."""
        waiting = [(amount, False)]
        while waiting:
            each, is_open = waiting.pop()
            if each in self._names and not is_open:
                continue
            names, amounts = self._directly(each)
            if is_open:
                named = names.union(*(self._names[one] for one in amounts))
                self._names[each] = frozenset(
                    name for name in named if name in _PAID or name.endswith(_CREDITED)
                )
                continue
            self._names[each] = frozenset()
            waiting.append((each, True))
            waiting.extend((one, False) for one in amounts)
        return self._names[amount]

    def _directly(
        self, amount: model.TermAmount
    ) -> tuple[set[str], set[model.TermAmount]]:
        names, amounts = set[str](), set[model.TermAmount]()
        for term in self._known(amount):
            for result in [term.value] if term.value else _results(term):
                more, others = _read(term, result)
                names |= more
                amounts |= others
        return names, amounts


def _results(term: Term) -> list[model.Result]:
    results = (term.value, *(reading.value for reading in term.readings))
    return [each for each in results if each is not None]


def _read(term: Term, result: model.Result) -> tuple[set[str], set[model.TermAmount]]:
    """Return the facts and the terms that `result` reads, by the lets that it names."""
    lets = {let.name: let.value for let in term.lets}
    found, amounts = set[str](), set[model.TermAmount]()
    waiting: list[model.Formula | model.Choice] = [
        result.value,
        *(bound.value for bound in result.bounds),
    ]
    while waiting:
        for part in model.parts_of(waiting.pop()):
            if isinstance(part, model.TermAmount):
                amounts.add(part)
            elif isinstance(part, model.Read) and part.name not in found:
                found.add(part.name)
                if part.name in lets:
                    waiting.append(lets[part.name])
    return found, amounts


def _conversion(
    second: nodes.TermName,
    one: model.TermAmount,
    other: model.TermAmount,
    known: Definitions,
) -> Remedy | str:
    """Return the second word by the first, or by its components.

    What is offered names no other word of the second source, and mixes no credit with
    a payment: it would be reported again.
    """
    firsts, seconds = known(one), known(other)
    called = second.span.text
    if len(seconds) != 1 or seconds[0].value is None:
        return f"`{called}` has no single formula: write what is meant of it"
    first = _sum(firsts[0], known) if len(firsts) == 1 else None
    second_ = _sum(seconds[0], known)
    if _mixes({*(first or ()), *(second_ or ())}):
        return (
            "the one is what a payer is credited with, the other what it paid; use one"
        )
    value = seconds[0].value.value
    text = f"({value.text})"
    gap = None
    if (
        first is not None
        and second_ is not None
        and firsts[0].level == seconds[0].level
    ):
        gap = _signs(plus(second_, first, Fraction(-1)))
    if gap is not None:
        text = f"({one.text}{gap})" if gap else one.text
    elif any(isinstance(part, model.TermAmount) for part in model.parts_of(value)):
        return f"`{called}` reads other words of its source: write it by components"
    elif seconds[0].lets:
        return "one of them has to be written by its components, as in its `is` line"
    return rewrite(second.span, text, f", which is what `{called}` is")


def _mixes(names: set[str]) -> bool:
    """Tell whether credits and payments are among `names`."""
    plain = {name.removeprefix("sum of ") for name in names}
    return bool(plain & _PAID) and any(name.endswith(_CREDITED) for name in plain)


def _signs(gap: Sum) -> str | None:
    """Return what is added, as ` + withhold`; None where it has a constant."""
    left = {name: part for name, part in gap.items() if part}
    if "" in left:
        return None
    return "".join(_signed(name, part) for name, part in left.items())


def _sum(term: Term, known: Definitions) -> Sum | None:
    """Return `term` as a sum of components: words that it reads are opened, too."""
    found = _own_sum(term)
    for _ in range(_MOST_OPENED):
        if found is None:
            return None
        amount = next(filter(None, map(model.term_named, found)), None)
        if amount is None:
            return found
        terms = known(amount)
        inner = _own_sum(terms[0]) if len(terms) == 1 else None
        if inner is None or terms[0].level != term.level:
            return None
        factor = found[amount.text]
        rest = {name: part for name, part in found.items() if name != amount.text}
        found = plus(rest, inner, factor)
    return None


def _own_sum(term: Term) -> Sum | None:
    if term.value is None or term.value.bounds:
        return None
    known: dict[str, Sum | None] = {}
    for let in term.lets:
        known[let.name] = (
            None if isinstance(let.value, model.Choice) else as_sum(let.value, known)
        )
    return as_sum(term.value.value, known)


def _signed(name: str, part: Fraction) -> str:
    sign = "-" if part < 0 else "+"
    size = abs(part)
    return f" {sign} {name}" if size == 1 else f" {sign} {number_text(size)} * {name}"


def _amount(node: nodes.TermName) -> model.TermAmount:
    return model.TermAmount(node.word.text, node.source.text)


def _used(block: nodes.TermBlock) -> Iterator[nodes.TermName]:
    """Yield the terms that a block names, in the order written."""
    found: list[nodes.TermName] = []
    values: list[nodes.Choice] = [let.value for let in block.lets]
    results = [each for each in (block.value, *block.readings) if each is not None]
    for result in results:
        values.append(result.value)
        values.extend(bound.value for bound in result.bounds)
    while values:
        match values.pop():
            case nodes.TermName() as named:
                found.append(named)
            case nodes.SumOf(part):
                values.append(part)
            case nodes.Times(left, right):
                values.extend((left, right))
            case nodes.Extreme(parts=parts) | nodes.Plus(parts=parts):
                values.extend(parts)
            case nodes.IfElse(cases, otherwise):
                values.extend((*(case.value for case in cases), otherwise))
            case _:
                pass
    yield from sorted(found, key=lambda each: each.span.start)
