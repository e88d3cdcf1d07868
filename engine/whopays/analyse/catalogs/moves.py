"""What moved between two catalogs: codes by ranges, services, conditions, ranks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from whopays.analyse.catalogs.spans import Place, Stretch
from whopays.model.catalog import Catalog, Category
from whopays.model.codes import CodeSet, events, shape
from whopays.model.conditions import normal

#: What can happen to codes.
APPEARED, VANISHED, MOVED = "appeared", "vanished", "moved"
_OLD, _NEW = 0, 1
Names = frozenset[str]


@dataclass(frozen=True)
class Move:
    """Codes of one system with one fate: claimed `before` by some, `after` by others.

    Names are those of the new catalog where a service was renamed.
    """

    system: str
    before: Names
    after: Names
    stretches: tuple[Stretch, ...]

    @property
    def kind(self) -> str:
        """Whether the codes appeared, vanished or moved."""
        if not self.before:
            return APPEARED
        return MOVED if self.after else VANISHED

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes as ranges, without the system."""
        return tuple(piece for each in self.stretches for piece in each.pieces())

    @property
    def left(self) -> tuple[str, ...]:
        """The services that no longer claim them."""
        return tuple(sorted(self.before - self.after))

    @property
    def joined(self) -> tuple[str, ...]:
        """The services that claim them now, and did not."""
        return tuple(sorted(self.after - self.before))


@dataclass(frozen=True)
class Changed:
    """Something about a service, beside its codes, that is not as it was."""

    category: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Diff:
    """All that differs between two catalogs; `renamed` are new names by old ones."""

    old: Catalog
    new: Catalog
    renamed: Mapping[str, str]
    moves: tuple[Move, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[Changed, ...]
    #: Pairs (before, after) that are ranked in the one catalog only, and `match by` lines.
    ranked: tuple[tuple[str, str], ...]
    unranked: tuple[tuple[str, str], ...]
    match_by: tuple[str, str] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs that could place a line elsewhere."""
        return not (
            *self.moves,
            *(*self.renamed, *self.added, *self.gone),
            *(*self.changed, *self.ranked, *self.unranked),
            *(self.match_by or ()),
        )

    def where(self) -> Finder:
        """Return what finds the move of a code."""
        return Finder(self.moves)


class Finder:
    """Finds the move that a code is part of."""

    def __init__(self, moves: tuple[Move, ...]) -> None:
        lines: dict[tuple[str, str], list[tuple[Place, Stretch, Move]]] = {}
        for move in moves:
            for each in move.stretches:
                line = each.system, shape(each.system, each.start[0].removesuffix("~"))
                lines.setdefault(line, []).append((each.start, each, move))
        self._lines = {
            line: sorted(found, key=lambda each: each[0])
            for line, found in lines.items()
        }

    def find(self, system: str, code: str) -> Move | None:
        """Return the move of `code`, or None where it stays."""
        line = self._lines.get((system, shape(system, code)), [])
        at = bisect_right(line, (code, 0), key=lambda each: each[0]) - 1
        if at >= 0 and code in line[at][1]:
            return line[at][2]
        return None


def diff(old: Catalog, new: Catalog) -> Diff:
    """Return what differs between `old` and `new`."""
    renamed = dict(_renamed(old, new))
    was = {renamed.get(name, name): each for name, each in old.categories.items()}
    return Diff(
        old,
        new,
        renamed,
        tuple(_moves(was, new)),
        tuple(name for name in new.categories if name not in was),
        tuple(name for name in was if name not in new.categories),
        tuple(_changed(was, new, renamed)),
        *_ranks(old, new, renamed),
        _match_by(old, new),
    )


def _renamed(old: Catalog, new: Catalog) -> Iterator[tuple[str, str]]:
    """Yield old and new name of what is called otherwise and keeps its old name beside."""
    taken: set[str] = set()
    for name in old.categories:
        if name in new.categories:
            continue
        found = new.titles.get(name.casefold())
        if found is None:
            found = next(
                (
                    each
                    for each in new.categories
                    if each not in old.categories
                    and old.titles.get(each.casefold()) == name
                ),
                None,
            )
        if found is not None and found not in old.categories and found not in taken:
            taken.add(found)
            yield name, found


def _moves(was: Mapping[str, Category], new: Catalog) -> Iterator[Move]:
    sets: list[tuple[Hashable, CodeSet]] = [
        ((_OLD, name), codes) for name, each in was.items() for codes in each.codes
    ]
    sets += [
        ((_NEW, name), codes)
        for name, each in new.categories.items()
        for codes in each.codes
    ]
    found: dict[tuple[str, Names, Names], list[Stretch]] = {}
    for (system, _), line in sorted(events(sets).items()):
        for stretch, before, after in _stretches(system, line):
            if before != after and any(True for _ in stretch.pieces()):
                found.setdefault((system, before, after), []).append(stretch)
    for (system, before, after), stretches in found.items():
        yield Move(system, before, after, tuple(stretches))


def _stretches(
    system: str, line: list[tuple[Place, int, Hashable]]
) -> Iterator[tuple[Stretch, Names, Names]]:
    """Yield the stretches of a line, as long as may be, with who claims them."""
    count: dict[Hashable, int] = {}
    open_at: Place | None = None
    sides: tuple[Names, Names] = (frozenset(), frozenset())
    for at, (place, step, name) in enumerate(line):
        count[name] = count.get(name, 0) + step
        if not count[name]:
            del count[name]
        if at + 1 < len(line) and line[at + 1][0] == place:
            continue
        now = _sides(count)
        if now == sides:
            continue
        if open_at is not None and any(sides):
            yield Stretch(system, open_at, place), *sides
        open_at, sides = place, now


def _sides(count: Mapping[Hashable, int]) -> tuple[Names, Names]:
    found: tuple[set[str], set[str]] = (set(), set())
    for key in count:
        if isinstance(key, tuple):
            side, name = key
            found[side].add(name)
    return frozenset(found[0]), frozenset(found[1])


def _changed(
    was: Mapping[str, Category], new: Catalog, renamed: Mapping[str, str]
) -> Iterator[Changed]:
    for name, now in new.categories.items():
        before = was.get(name)
        if before is None:
            continue
        if normal(before.when) != normal(now.when):
            texts = (each.when.text if each.when else "" for each in (before, now))
            yield Changed(name, "condition", *texts)
        above = renamed.get(before.under or "", before.under or "")
        if above != (now.under or ""):
            yield Changed(name, "under", above, now.under or "")


def _ranks(
    old: Catalog, new: Catalog, renamed: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    before = {(renamed.get(a, a), renamed.get(b, b)) for a, b in old.ranked}
    after = set(new.ranked)
    both = set(new.categories) & {renamed.get(name, name) for name in old.categories}
    return (
        tuple(sorted(pair for pair in after - before if both.issuperset(pair))),
        tuple(sorted(pair for pair in before - after if both.issuperset(pair))),
    )


def _match_by(old: Catalog, new: Catalog) -> tuple[str, str] | None:
    texts = [
        "; ".join(
            f"{', '.join(by.facts)} {f'when {by.when.text}' if by.when else 'otherwise'}"
            for by in catalog.match_by
        )
        for catalog in (old, new)
    ]
    return None if texts[0] == texts[1] else (texts[0], texts[1])
