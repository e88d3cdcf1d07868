"""What a run keeps of the tables that it fills, and takes from those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns

from whopays.engines import kept
from whopays.engines.durable import is_asked, sizes_of
from whopays.engines.shadow import Shadow
from whopays.program.table import Table

_SECONDS = 30  # after which what was filled is kept, so that little is lost


@dataclass
class _Open:
    """A table in use: its identity on disk, and what is not kept yet."""

    table: Table
    name: bytes
    sizes: tuple[int, ...]
    new: dict[int, tuple[frozenset[int], bool]] = field(default_factory=dict)


@dataclass
class Keeping:
    """Keeps the tables that `engine` fills in `folder`.

    `notes` says in words what could not be read or written; nothing is lost by it but
    time. `count` is how many entries were taken from the folder.
    """

    folder: Path
    engine: str
    notes: list[str]
    count: int = 0
    _open: dict[Table, _Open | None] = field(default_factory=dict)
    _last: int = field(default_factory=monotonic_ns)
    _made_by: str = ""

    def is_open(self, table: Table) -> bool:
        """Tell whether `open` was asked about `table` already."""
        return table in self._open

    def open(self, table: Table) -> tuple[dict[int, frozenset[int]], list[int]]:
        """Return the entries of `table` that are kept, and those not shadowed yet."""
        if not is_asked(table):  # its cells have other numbers in each run
            self._open[table] = None
            return {}, []
        self._made_by = self._made_by or made_by(self.engine)
        name = kept.identity(table, self._made_by)
        self._open[table] = _Open(table, name, sizes_of(table))
        try:
            found = kept.load(self.folder, name)
        except kept.DamagedError as error:
            where = kept.path_of(self.folder, name)
            self.notes.append(f"{where}: {error}; the table is filled anew")
            return {}, []
        held, unchecked = {}, []
        for entry, clauses, is_shadowed in found.pairs() if found else ():
            held[entry] = clauses
            if not is_shadowed:
                unchecked.append(entry)
        self.count += len(held)
        return held, unchecked

    def add(
        self, table: Table, held: Mapping[int, frozenset[int]], shadow: Shadow | None
    ) -> None:
        """Take what was filled of `table` after it was opened."""
        opened = self._open[table]
        if opened is not None:
            for entry, clauses in held.items():
                is_shadowed = shadow is not None and shadow.is_due(table, entry)
                opened.new[entry] = clauses, is_shadowed

    @property
    def is_due(self) -> bool:
        """Whether it is time to keep what was filled."""
        return monotonic_ns() - self._last > _SECONDS * 10**9

    def keep(self) -> None:
        """Write what was added."""
        tables = list(self._new())
        self._last = monotonic_ns()
        if not tables:
            return
        try:
            kept.save(self.folder, tables)
        except OSError as error:
            self.notes.append(
                f"{self.folder}: filled tables are not kept: {error.strerror}"
            )

    def _new(self) -> Iterator[tuple[bytes, kept.Held]]:
        for opened in self._open.values():
            # Cells that were added as they were met have other numbers in another run.
            if opened is not None and opened.new:
                if opened.sizes == sizes_of(opened.table):
                    yield opened.name, opened.new
                opened.new = {}


def made_by(engine: str) -> str:
    """Return the engine and the versions that what is kept depends on."""
    from importlib import metadata  # noqa: PLC0415 - slow, and only for what is kept

    found = [engine, metadata.version("whopays")]
    if engine == "durable":
        found.append(metadata.version("durable_rules"))
    return " ".join(found)
