"""Whether a condition holds when some facts are unknown: yes, no, or open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from whopays.model import conditions as model
from whopays.model.conditions import Condition, Read
from whopays.model.values import UNKNOWN

Told: TypeAlias = Callable[[model.Atom], bool | None]


def truth_of(condition: Condition, read: Read) -> bool | None:
    """Return True or False, or None where unknown facts leave it open."""

    def told(atom: model.Atom) -> bool | None:
        if any(read(fact) is UNKNOWN for fact in model.atom_facts(atom)):
            return None
        return atom.holds(read)

    return truth_by(condition, told)


def truth_by(condition: Condition, told: Told) -> bool | None:
    """Return the truth of `condition` by that of its atoms; None is open."""
    match condition:
        case model.Named(_, part):
            return truth_by(part, told)
        case model.Not(part):
            inner = truth_by(part, told)
            return None if inner is None else not inner
        case model.All(parts):
            found = [truth_by(part, told) for part in parts]
            return False if False in found else None if None in found else True
        case model.Any_(parts):
            found = [truth_by(part, told) for part in parts]
            return True if True in found else None if None in found else False
        case _:
            return told(condition)


def deciding_atoms(
    condition: Condition, read: Read, *, wanted: bool | None = True
) -> list[Condition]:
    """Return the atoms, or their negations, that make `condition` what it is: what failed, held or is open.

    `wanted` is the truth that `condition` has; the atoms are those without which it
    would not be so sure.
    """
    match condition:
        case model.Named(_, part):
            return deciding_atoms(part, read, wanted=wanted)
        case model.Not(part):
            inner = None if wanted is None else not wanted
            found = deciding_atoms(part, read, wanted=inner)
            return [_negated(atom) for atom in found]
        case model.All(parts) | model.Any_(parts):
            return [
                atom
                for part in parts
                if truth_of(part, read) is wanted
                for atom in deciding_atoms(part, read, wanted=wanted)
            ]
        case _:
            return [condition]


def _negated(atom: Condition) -> Condition:
    return atom.part if isinstance(atom, model.Not) else model.Not(atom)
