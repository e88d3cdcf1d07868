"""What came of a method: each result with its working, and what gave the amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from whopays.amounts.formula import Calculated
from whopays.coordinate.determined import Determined
from whopays.model import formulas
from whopays.model.payments import Method
from whopays.model.worked import Worked

#: What the method has just paid, as its later lines name it.
OWN_PAID = "own_paid"


@dataclass(frozen=True)
class Step:
    """One run of the formulas: of a line, or of the claim (`line` None).

    `gate`: whether the method's `when` held, None where that is open. `lets` are those
    that were asked for, in the order written.
    """

    line: int | None
    gate: bool | None
    lets: tuple[Worked, ...]
    pay: Calculated | None
    patient: Calculated | None
    carries: tuple[Calculated, ...]


@dataclass(frozen=True)
class Paid:
    """What came of a method.

    `status`: calculated, gate (it pays $0.00), by_hand or undetermined. `cents` is what
    the plan pays, `lines` the same by line (None where it can't be divided), `patient`
    what the patient owes (None: the method does not say, or it is missing something).
    `balances` are what is left. `missing` are the names to be given. `determined` are the
    amounts among those it read that nobody stated.
    """

    method: Method
    status: str
    cents: int | None
    lines: tuple[int | None, ...]
    patient: int | None
    balances: dict[str, int | None]
    missing: frozenset[str]
    steps: tuple[Step, ...] = field(default=(), repr=False)
    determined: tuple[Determined, ...] = ()

    @property
    def because(self) -> tuple[str, ...]:
        """What gave the amount of `pay`, each once.

        Each `let` that it rests on; of a lesser, a greater or a choice the term that won
        alone; then each bound that acted. Facts of a plain sum are not named.
        """
        found = [name for step in self.steps if step.gate for name in _given_by(step)]
        return tuple(dict.fromkeys(found))

    @property
    def patient_missing(self) -> frozenset[str]:
        """The names to be given before it is known what the patient owes.

        What the plan itself lacks to pay is in `missing`.
        """
        owed = (step.patient for step in self.steps if step.patient is not None)
        return frozenset[str]().union(*(each.missing for each in owed)) - {OWN_PAID}


def _given_by(step: Step) -> Iterator[str]:
    if step.pay is None:
        return
    lets = {each.text: each for each in step.lets}
    yield from _names(step.pay.worked, lets)
    bounds = (each.bound for each in step.pay.bounds if each.acted)
    yield from (f"not {each.kind} {each.value.text}" for each in bounds)


def _names(worked: Worked, lets: Mapping[str, Worked]) -> Iterator[str]:
    """Yield the names on which `worked` rests."""
    if worked.won is not None:
        part = worked.parts[worked.won]
        named = list(_names(part, lets))
        own = _name_of(part.formula)
        if own and own not in named:
            named.insert(0, own)
        # A term without a name is told as it is written; a constant says nothing.
        yield from named or (
            [] if isinstance(part.formula, formulas.Number) else [part.text]
        )
        return
    if isinstance(worked.formula, formulas.Read) and worked.text in lets:
        yield worked.text
        for inner in lets[worked.text].parts:
            yield from _names(inner, lets)
        return
    for part in worked.parts:
        yield from _names(part, lets)


def _name_of(formula: formulas.Formula | formulas.Choice) -> str:
    """Return the name that `formula` is, or is the sum of over the claim; else nothing."""
    match formula:
        case formulas.Read(name) | formulas.SumOf(formulas.Read(name)):
            return name
        case _:
            return ""
