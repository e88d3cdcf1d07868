"""Which codes of a list the categories of a catalog claim, counted as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from whopays.codes.lists import Entry, Unread
from whopays.model import conditions as model
from whopays.model.catalog import Catalog
from whopays.model.codes import CodeSet
from whopays.program.codeindex import CodeIndex

#: Whether a code is claimed: listed by `codes`, only asked for by a condition, or not.
CLAIMED, ASKED, UNCLAIMED = "claimed", "in conditions only", "unclaimed"
MOST_CODES = 1_000_000  # that are remembered: more are not known to be repeated
_MOST_UNREAD = 1_000  # rows told one by one


@dataclass(frozen=True)
class Judged:
    """A code of a list, and the categories that claim it, or whose conditions ask for it.

    `again`: the list had it before.
    """

    entry: Entry
    status: str
    categories: tuple[str, ...]
    again: bool


class Claims:
    """Says which categories claim a code; `among` them only, if given."""

    def __init__(self, catalog: Catalog, among: frozenset[str] | None = None) -> None:
        self.catalog = catalog
        self._order = {name: at for at, name in enumerate(catalog.categories)}
        self._among = frozenset(catalog.categories) if among is None else among
        self._indexes: dict[tuple[str, str], CodeIndex] = {}
        self._said: dict[tuple[str, frozenset[object]], tuple[str, ...]] = {}

    def categories(self, system: str, code: str) -> tuple[str, ...]:
        """Return the categories whose `codes` lines list the code."""
        return self._named(self._index("codes", system).classes(code))

    def asking(self, system: str, code: str) -> tuple[str, ...]:
        """Return the categories whose conditions ask for the code."""
        return self._named(self._index("when", system).classes(code))

    def _named(self, found: frozenset[object]) -> tuple[str, ...]:
        names = (str(name) for name in found)
        return tuple(sorted(names, key=self._order.__getitem__))

    def _index(self, what: str, system: str) -> CodeIndex:
        key = (what, system)
        if key not in self._indexes:
            sets = self._listed if what == "codes" else self._asked
            self._indexes[key] = CodeIndex(
                (name, codes) for name, codes in sets if codes.system == system
            )
        return self._indexes[key]

    @cached_property
    def _listed(self) -> list[tuple[str, CodeSet]]:
        return [
            (category.name, codes)
            for category in self.catalog.categories.values()
            for codes in category.codes
            if category.name in self._among
        ]

    @cached_property
    def _asked(self) -> list[tuple[str, CodeSet]]:
        return [
            (category.name, atom.codes)
            for category in self.catalog.categories.values()
            if category.name in self._among and category.when is not None
            for atom in model.atoms(category.when)
            if isinstance(atom, model.InCodes | model.Includes)
        ]


@dataclass
class Coverage:
    """What was counted: each code once, however often the list has it.

    `claimed_by` counts the codes that each category claims, `alone` those that no other
    does. `by_system` counts codes by system and status. `unclaimed` are the codes that no
    category claims. `forgotten`: from then on codes were not known to be repeated, and
    those unclaimed no longer listed.
    """

    claims: Claims
    entries: int = 0
    repeated: int = 0
    claimed_by: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    by_system: Counter[tuple[str, str]] = field(default_factory=Counter)
    unclaimed: list[tuple[str, str]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    unread_rows: int = 0
    forgotten: bool = False
    _seen: set[tuple[str, str]] = field(default_factory=set, repr=False)

    def add(self, entries: Iterable[Entry | Unread]) -> Iterator[Judged | Unread]:
        """Count `entries` and yield what becomes of each."""
        for each in entries:
            if isinstance(each, Unread):
                self.unread_rows += 1
                if len(self.unread) < _MOST_UNREAD:
                    self.unread.append(each)
                yield each
            else:
                yield self._judged(each)

    def _judged(self, entry: Entry) -> Judged:
        self.entries += 1
        key = (entry.system, entry.code)
        names = self.claims.categories(*key)
        status = CLAIMED
        if not names:
            names = self.claims.asking(*key)
            status = ASKED if names else UNCLAIMED
        again = key in self._seen
        if again:
            self.repeated += 1
            return Judged(entry, status, names, again)
        if len(self._seen) < MOST_CODES:
            self._seen.add(key)
        else:
            self.forgotten = True
        self.by_system[entry.system, status] += 1
        if status == CLAIMED:
            self.claimed_by.update(names)
            if len(names) == 1:
                self.alone[names[0]] += 1
        elif status == UNCLAIMED and not self.forgotten:
            self.unclaimed.append(key)
        return Judged(entry, status, names, again)

    @property
    def codes(self) -> int:
        """How many codes the list has, each counted once."""
        return self.by_system.total()

    def of_status(self, status: str) -> int:
        """Return how many codes have `status`."""
        return sum(n for (_, each), n in self.by_system.items() if each == status)

    @property
    def systems(self) -> list[str]:
        """The systems of the codes, in alphabetical order."""
        return sorted({system for system, _ in self.by_system})

    @property
    def idle(self) -> list[str]:
        """The categories that list codes, none of which is in the list."""
        return [
            name
            for name, category in self.claims.catalog.categories.items()
            if category.codes and not self.claimed_by[name]
        ]
