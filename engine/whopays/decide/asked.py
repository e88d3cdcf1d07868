"""What conditions say of lines, kept by what their atoms say: few answers, many lines.

Which atoms made a condition hold, fail or stay open hangs on the truth of its atoms alone.
A trace asks that of every clause of a table, for each way that lines go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from whopays.model import conditions as model
from whopays.model.conditions import Condition, Read
from whopays.model.truth import deciding_atoms, truth_of
from whopays.model.values import UNKNOWN
from whopays.program.table import Table

_MOST = 10_000  # answers of one condition that are kept
_Truths = tuple[bool | None, ...]


@dataclass(frozen=True)
class Test:
    """One atom of a condition, and the values of the facts it reads (as text)."""

    __test__ = False

    text: str
    facts: tuple[str, ...]
    values: tuple[str, ...]


@dataclass
class Asked:
    """One condition, and what it has said; `said` is what traces made of that."""

    when: Condition
    said: dict[Any, Any] = field(default_factory=dict)
    _kept: dict[_Truths, tuple[bool | None, tuple[Test, ...]]] = field(
        default_factory=dict
    )

    @cached_property
    def _atoms(self) -> list[tuple[model.Atom, tuple[str, ...]]]:
        several = dict.fromkeys(model.atoms(self.when))
        return [(atom, model.atom_facts(atom)) for atom in several]

    def told(self, read: Read) -> tuple[bool | None, tuple[Test, ...]]:
        """Return the truth of the condition, and the atoms that made it so."""
        truths: _Truths = tuple(
            [
                None if UNKNOWN in [read(name) for name in names] else atom.holds(read)
                for atom, names in self._atoms
            ]
        )
        found = self._kept.get(truths)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            truth = truth_of(self.when, read)
            found = self._kept[truths] = truth, tests(self.when, truth, read)
        return found


def tests(when: Condition, truth: bool | None, read: Read) -> tuple[Test, ...]:
    """Return the atoms that made `when` what it is: true, false or open."""
    atoms = deciding_atoms(when, read, wanted=truth)
    if truth is None:
        atoms = [each for each in atoms if truth_of(each, read) is None]
    return tuple(
        Test(atom.text, model.facts_of(atom), ()) for atom in dict.fromkeys(atoms)
    )


_ASKED: WeakKeyDictionary[Table, list[Asked]] = WeakKeyDictionary()


def asked_of(table: Table) -> list[Asked]:
    """Return the conditions of `table`, in its order, with what they have said."""
    found: Any = _ASKED.get(table)
    if found is None:
        found = _ASKED[table] = [Asked(when) for _, when in table.clauses]
    return list(found)
