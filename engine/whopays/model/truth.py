"""Whether a condition holds when some facts are unknown: yes, no, or open."""

from __future__ import annotations

from whopays.model import conditions as model
from whopays.model.conditions import Condition, Read
from whopays.model.values import UNKNOWN


def truth_of(condition: Condition, read: Read) -> bool | None:
    """Return True or False, or None where unknown facts leave it open."""
    match condition:
        case model.Named(_, part):
            return truth_of(part, read)
        case model.Not(part):
            inner = truth_of(part, read)
            return None if inner is None else not inner
        case model.All(parts):
            found = [truth_of(part, read) for part in parts]
            return False if False in found else None if None in found else True
        case model.Any_(parts):
            found = [truth_of(part, read) for part in parts]
            return True if True in found else None if None in found else False
        case _:
            if any(read(fact) is UNKNOWN for fact in model.atom_facts(condition)):
                return None
            return condition.holds(read)


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
