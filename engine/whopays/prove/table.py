"""The table of proofs: each method, each promise, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from whopays.coordinate.account import Payer
from whopays.coordinate.paid import Paid
from whopays.model.facts import Fact
from whopays.model.money import rounded
from whopays.model.payments import PROMISES, Method
from whopays.model.values import UNKNOWN, Value
from whopays.prove.promises import (
    CONDITIONAL,
    COUNTEREXAMPLE,
    DECLARED,
    FAULT,
    NOT_ASKED,
    OUTSIDE,
    PROVED,
    STALE,
    Example,
    Finding,
)
from whopays.prove.questions import (
    ALLOWED,
    BILLED,
    PRIOR,
    Chosen,
    Question,
    not_asked,
    question,
)
from whopays.prove.replay import settled
from whopays.prove.search import Found, Prover, TooLongError
from whopays.prove.stands import NOBODY, SEVERAL, Stand, stands_of
from whopays.prove.symbols import OutsideError

SECONDS = 10


def proofs(
    method: Method, facts: Mapping[str, Fact], seconds: int = SECONDS
) -> Iterator[Finding]:
    """Yield what came of each promise of `method`, in the order of the table.

    `facts` are those that the method may name. `seconds` is the time for each proof, and
    as long to find an account.
    """
    for promise in PROMISES:
        broken = next((b for b in method.breaks if b.promise == promise), None)
        found = replace(_finding(method, promise, facts, seconds), declared=broken)
        yield found if broken is None else _judged(found)


def _judged(found: Finding) -> Finding:
    """Return a promise that the method says it breaks: it does, or it does not any more."""
    if found.status == COUNTEREXAMPLE:
        return replace(found, status=DECLARED)
    if found.status in {PROVED, NOT_ASKED}:
        return replace(found, status=STALE)
    return found


def _finding(
    method: Method, promise: str, facts: Mapping[str, Fact], seconds: int
) -> Finding:
    if method.by_hand:
        return Finding(method, promise, OUTSIDE, why="it is calculated by hand")
    why = not_asked(method, promise, facts)
    if why:
        return Finding(method, promise, NOT_ASKED, why=why)
    case = _Case(method, promise, facts, Prover(seconds))
    found = case.everywhere(usual=True)
    declared = any(each.promise == promise for each in method.breaks)
    if declared and found.status == PROVED and found.assumes:
        # Amounts that are not usual may break it: then what is declared is true.
        other = case.everywhere(usual=False)
        return found if other.status == OUTSIDE else other
    return found


@dataclass(frozen=True)
class _Case:
    """A promise of a method: its proof, or an account that breaks it."""

    method: Method
    promise: str
    facts: Mapping[str, Fact]
    prover: Prover

    def everywhere(self, *, usual: bool) -> Finding:
        """Return what came of it wherever the plan can stand.

        `usual`: what is usual of amounts may be assumed.
        """
        found = []
        for stand in stands_of(self.method.positions):
            try:
                each = self._at(stand, usual=usual)
            except OutsideError as error:
                return Finding(self.method, self.promise, OUTSIDE, why=str(error))
            except TooLongError:
                why = f"no answer within {_seconds(self.prover.seconds)}"
                each = Finding(self.method, self.promise, OUTSIDE, why=why)
            if each.status in {COUNTEREXAMPLE, FAULT}:
                return each
            found.append(each)
        unproved = next((each for each in found if each.status != PROVED), None)
        assumed = dict.fromkeys(text for each in found for text in each.assumes)
        return unproved or Finding(self.method, self.promise, PROVED, tuple(assumed))

    def _at(self, stand: Stand, *, usual: bool) -> Finding:
        """Return what came of it for a plan that stands at `stand`."""
        asked = self._ask(stand, Chosen())
        usual = usual and self.promise in CONDITIONAL
        assumed = self.prover.proved(asked, usual=usual)
        if assumed is not None and not asked.by_line:
            texts = tuple(each.text for each in assumed)
            return Finding(self.method, self.promise, PROVED, texts)
        # What holds on one line alone is not proved, and no account of one line breaks it.
        found = None
        if assumed is None and not asked.opaque:
            found = self._found(stand, usual=True)
            if found is None and not usual:
                found = self._found(stand, usual=False)
        if found is not None:
            return self._replayed(stand, found)
        return Finding(self.method, self.promise, OUTSIDE, why=_why(asked, stand))

    def _found(self, stand: Stand, *, usual: bool) -> Found | None:
        return self.prover.found(partial(self._ask, stand), stand, usual=usual)

    def _ask(self, stand: Stand, chosen: Chosen) -> Question:
        return question(self.method, self.promise, self.facts, stand, chosen)

    def _replayed(self, stand: Stand, found: Found) -> Finding:
        """Settle what was found: told as an example only if the engine says the same."""
        payers = [
            settled(self.method, self.facts, stand, found, at)
            for at in range(len(found.facts))
        ]
        examples = [
            self._example(stand, found, at, payer) for at, payer in enumerate(payers)
        ]
        said = "; ".join(filter(None, map(_differs, payers, _said(found))))
        if not said and not self._is_broken(stand, found, payers):
            said = "the engine keeps the promise on this account"
        example = replace(examples[0], more=examples[1] if examples[1:] else None)
        if said:
            return Finding(self.method, self.promise, FAULT, (), example, said)
        return Finding(self.method, self.promise, COUNTEREXAMPLE, (), example)

    def _is_broken(self, stand: Stand, found: Found, payers: list[Payer]) -> bool:
        """Tell whether the engine's own amounts break the promise."""
        paids = [payer.paid for payer in payers]
        pays = [
            paid.cents for paid in paids if paid is not None and paid.cents is not None
        ]
        first = paids[0]
        if first is None or len(pays) < len(payers):
            return False
        if self.promise == "falling":
            return pays[1] > pays[0]
        return _breaks(self.promise, stand, found.facts[0], first, pays[0])

    def _example(self, stand: Stand, found: Found, at: int, payer: Payer) -> Example:
        known = found.facts[at]
        names = [name for name in self.facts if known.get(name, UNKNOWN) is not UNKNOWN]
        amounts = tuple((name, known[name]) for name in names)
        paid = payer.paid
        outcome: list[tuple[str, int]] = []
        if paid is not None and paid.cents is not None:
            outcome.append(("pay", paid.cents))
        if self.promise == "ceilings" and paid is not None:
            outcome.extend(("not above", limit) for limit in _ceilings(paid))
        if self.promise == "balance" and paid is not None:
            owed = {"patient owes": paid.patient, **paid.balances}
            outcome.extend((n, c) for n, c in owed.items() if c is not None)
        return Example(stand.position, amounts, tuple(outcome))


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def _breaks(
    promise: str, stand: Stand, known: Mapping[str, Value], paid: Paid, pay: int
) -> bool:
    match promise:
        case "floor":
            return pay < 0
        case "ceilings":
            return any(pay > max(0, limit) for limit in _ceilings(paid))
        case "own_allowed":
            return pay > _cents(known, ALLOWED)
        case "charge":
            prior = 0 if stand.ahead == NOBODY else _cents(known, PRIOR)
            return pay > max(0, _cents(known, BILLED) - prior)
        case _:
            amounts = (paid.patient, *paid.balances.values())
            return any(each is not None and each < 0 for each in amounts)


def _ceilings(paid: Paid) -> Iterator[int]:
    even = paid.method.rounding == "half even"
    for step in paid.steps:
        for each in step.pay.bounds if step.pay else ():
            if each.bound.kind == "above" and each.worked.value is not None:
                yield rounded(each.worked.value, half_even=even)


def _cents(known: Mapping[str, Value], name: str) -> int:
    value = known.get(name)
    return value if isinstance(value, int) else 0


def _said(
    found: Found,
) -> Iterator[tuple[int | None, int | None, dict[str, int | None]]]:
    return zip(found.pays, found.patients, found.carries, strict=True)


def _differs(
    payer: Payer, said: tuple[int | None, int | None, dict[str, int | None]]
) -> str:
    """Say where the prover and the engine differ, or nothing."""
    pay, patient, carries = said
    paid = payer.paid
    if paid is None:
        return f"the engine does not calculate: {payer.problem}"
    both = {"pay": (pay, paid.cents), "patient owes": (patient, paid.patient)}
    both.update((n, (carries.get(n), cents)) for n, cents in paid.balances.items())
    wrong = [
        f"{name}: {one} cents by the prover, {other} by the engine"
        for name, (one, other) in both.items()
        if one != other
    ]
    return ", ".join(wrong)


def _why(asked: Question, stand: Stand) -> str:
    if asked.by_line:
        return f"`{asked.by_line[0]}` is worked out line by line"
    if asked.opaque:
        return f"`{asked.opaque[0]}` is no matter of amounts"
    if asked.products:
        texts = dict.fromkeys(each.text for each in asked.products)
        return f"`{next(iter(texts))}` multiplies two facts"
    where = " with more than two payers ahead" if stand.ahead == SEVERAL else ""
    return f"it may be broken{where}, but no account was found that breaks it"
