"""What would change an answer, in words and as a JSON record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whopays.decide.decision import Decision
from whopays.explain.sentence import sentence
from whopays.model.changes import Becomes, Changes, ChangeSet, Way
from whopays.model.conditions import value_text

_SETS, _WAYS = 12, 5  # shown to a person, of each size and of each set
_IN_A_SENTENCE = 3
_KEPT_SETS, _KEPT_WAYS = 500, 100  # in a record
_COUNTS = {1: "One fact alone", 2: "Two facts together", 3: "Three facts together"}


def changes_sentence(decision: Decision, changes: Changes) -> str:
    """Return the decision and the first ways to change it, in a line."""
    said = sentence(decision)
    ways = [way for each in changes.sets for way in each.ways]
    if not ways:
        return f"{said} {_nothing(changes)}"
    shown = "; ".join(_if(way) for way in ways[:_IN_A_SENTENCE])
    more = len(ways) - _IN_A_SENTENCE
    rest = f"; and {_counted(more, 'way')} more" if more > 0 else ""
    return f"{said} It would be {shown}{rest}."


def changes_tree(decision: Decision, changes: Changes) -> str:
    """Return the decision and all that would change it, the fewest facts first."""
    return "\n".join(
        [
            f"claim {decision.claim_id}, line {decision.line}",
            f"  {sentence(decision)}",
            *(f"  {line}" for line in _lines(changes)),
        ]
    )


def _lines(changes: Changes) -> Iterator[str]:
    for said, ways in changes_told(changes):
        yield said
        yield from (f"  {way}" for way in ways)


def changes_told(changes: Changes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield sentences about what would change it, each with the ways that it names."""
    if not changes.sets:
        yield _nothing(changes), ()
    for size in sorted({len(each.facts) for each in changes.sets}):
        own = [each for each in changes.sets if len(each.facts) == size]
        ways = [way for each in own[:_SETS] for way in _ways(each)]
        if len(own) > _SETS:
            more = _counted(len(own) - _SETS, "set")
            ways.append(f"and {more} of facts more (json has all)")
        yield f"{_COUNTS[size]} would {changes.goal}:", tuple(ways)
    if changes.sets and not changes.is_complete:
        yield "The search was cut off: there may be more.", ()
    if changes.settles and changes.sets:
        yield "What is known of the line was left as it is.", ()
    if changes.fixed:
        yield f"Left alone, because they are fixed: {', '.join(changes.fixed)}.", ()


def _ways(found: ChangeSet) -> Iterator[str]:
    for way in found.ways[:_WAYS]:
        yield f"{_becomes(way.becomes)} → {_answer(way)}"
    if len(found.ways) > _WAYS:
        more = _counted(len(found.ways) - _WAYS, "way")
        yield f"and {more} more to change {' and '.join(found.facts)}"


def _becomes(becomes: tuple[Becomes, ...]) -> str:
    return ", and ".join(f"{each.condition} (now {each.now})" for each in becomes)


def _if(way: Way) -> str:
    return f"{_answer(way)} if {_becomes(way.becomes)}"


def _answer(way: Way) -> str:
    needs = f", needs {', '.join(way.needs)}" if way.needs else ""
    return f"{way.answer}{needs}"


def _nothing(changes: Changes) -> str:
    if changes.is_so:
        return "That is the answer already."
    if not changes.is_complete:
        return f"The search was cut off before it found how to {changes.goal}."
    most = _COUNTS[changes.largest].split()[0].lower()
    if changes.settles:
        return f"Up to {most} facts more would not {changes.goal}."
    return f"No change of up to {most} facts would {changes.goal}."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def changes_record(decision: Decision, changes: Changes) -> dict[str, Any]:
    """Return what would change `decision` as plain data."""
    return {
        "claim_id": decision.claim_id,
        "line": decision.line,
        "contract": decision.contract,
        "status": decision.status,
        "shares": {part.bearer: part.share for part in decision.parts},
        "needs": list(decision.needs),
        "goal": changes.goal,
        "is_so": changes.is_so,
        "settles": changes.settles,
        "sets": [_set_record(each) for each in changes.sets[:_KEPT_SETS]],
        "more_sets": max(0, len(changes.sets) - _KEPT_SETS),
        "largest": changes.largest,
        "complete": changes.is_complete,
        "fixed": list(changes.fixed),
    }


def _set_record(found: ChangeSet) -> dict[str, Any]:
    return {
        "facts": list(found.facts),
        "ways": [
            {
                "becomes": [
                    {"fact": b.fact, "now": b.now, "condition": b.condition}
                    for b in way.becomes
                ],
                "status": way.status,
                "answer": way.answer,
                "needs": list(way.needs),
                "example": {n: value_text(v) for n, v in way.example.items()},
            }
            for way in found.ways[:_KEPT_WAYS]
        ],
        "more_ways": max(0, len(found.ways) - _KEPT_WAYS),
    }
