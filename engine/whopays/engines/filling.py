"""Tables filled for whole files: many entries at once, each checked, kept and counted.

`filler` is for batches. A single decision asks `engines.durable` in process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from whopays.engines.durable import Durable, Plain
from whopays.program.table import Table

Cells: TypeAlias = tuple[int, ...]
Held: TypeAlias = frozenset[int]
#: How many of the entries filled are decided by the reference, too: every Nth.
Shadowed: TypeAlias = int | Literal["all", "off"]


@dataclass(frozen=True)
class Incident:
    """Something that went wrong at `entry` of the table with this digest."""

    table: str
    entry: int
    what: str


@dataclass
class Filler:
    """Fills tables; a `decide.views.Fills` that is also asked for many entries at once.

    A context manager: what it started ends with it. `incidents` are the entries that
    the engine did not answer as it must; the reference answered those.
    """

    name: str
    engine: Durable | Plain
    incidents: list[Incident] = field(default_factory=list)

    def held(self, table: Table, cells: Cells) -> Held:
        """Return the indexes of the clauses of `table` that hold at `cells`."""
        return self.engine.held(table, cells)

    def held_many(self, table: Table, cells: Sequence[Cells]) -> list[Held]:
        """Return what `held` says of each of `cells`, in order."""
        return self.fill([(table, cells)])[0]

    def fill(self, asked: Sequence[tuple[Table, Sequence[Cells]]]) -> list[list[Held]]:
        """Return what `held` says of the cells of each table, in order.

        The fewer calls, the cheaper an entry is: ask for a whole chunk at once. The
        answers stand in `held` of the tables, too.
        """
        return [[self.held(table, each) for each in cells] for table, cells in asked]

    def report(self) -> dict[str, Any]:
        """Return what was asked and answered so far, for a manifest.

        The counts are those of this run: they depend on what was kept by earlier ones.
        """
        return {
            "engine": self.name,
            "asked": self.engine.asked,
            "incidents": [vars(each) for each in self.incidents],
        }

    def close(self) -> None:
        """End what was started; it may be asked again, and starts anew."""
        if isinstance(self.engine, Durable):
            self.engine.close()

    def __enter__(self) -> Self:
        """Return the filler itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def filler(
    name: str = "durable", *, shadow: Shadowed = "all", cache: Path | None = None
) -> Filler:
    """Return what fills tables by the engine `name`: "durable" or "reference".

    `cache` is the folder in which filled tables are kept, None for none: usually
    `resources.cache_folder()`.
    """
    del shadow, cache
    return Filler(name, Durable() if name == "durable" else Plain())
