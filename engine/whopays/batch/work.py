"""What a run is given to do, and how far it is told to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from whopays.claims import Reject

FORMATS = ("jsonl", "parquet")
MONTH = "month"


#: Tables of decisions, each with the place of its first row among all.
Placed: TypeAlias = Iterator[tuple[int, Any]]
#: Returns the table at a place, changed.
Amend: TypeAlias = Callable[[int, Any], Any]


class Chunk(Protocol):
    """Some lines that were read, and what was met besides."""

    @property
    def rejects(self) -> Iterable[Reject]:
        """The records that could not be read."""

    @property
    def remarks(self) -> Iterable[Mapping[str, Any]]:
        """What was wrong, and was read on."""


class Decisions(Protocol):
    """What deciding makes of a chunk: see `columns.from_decisions.Decided`."""

    @property
    def table(self) -> Any:
        """The columns of the decisions."""

    @property
    def explanations(self) -> Mapping[str, str]:
        """The JSON text of each explanation, by id."""


AChunk = TypeVar("AChunk", bound=Chunk)


@dataclass(frozen=True)
class Done:
    """How far a run is: `lines` that are decided, and how much of the input is read.

    `share` is None where that is not known; `writes` when all is decided.
    """

    lines: int
    share: Fraction | None = None
    writes: bool = False


@dataclass(frozen=True)
class Work(Generic[AChunk]):
    """What a run does.

    `header` is what its output depends on: files and rules by digest, options, versions.
    `chunks` gives what is read, the same each time, with the share of the input that is
    read by then, or None. `decide` is a function of the chunk alone. `amend` is what limits
    need, None where there are none: given a folder to work in, that of the outputs, and
    the tables of all decisions with the place of their first rows, it gives what changes
    one such table, its rows in the order they were. `more` is for the manifest, asked when all is
    read; `tables`, how tables were filled and what went wrong, for `run.json`.
    """

    header: Mapping[str, Any]
    chunks: Callable[[], Iterable[tuple[AChunk, Fraction | None]]]
    decide: Callable[[AChunk], Decisions]
    schema: Any
    form: str = "jsonl"
    partition: str | None = None
    rows: int = 0
    amend: Callable[[Path, Path, Placed], AbstractContextManager[Amend]] | None = None
    more: Callable[[], Mapping[str, Any]] = dict
    tables: Callable[[], Mapping[str, Any]] = dict


class Interrupted(Exception):
    """The run was asked to stop; `lines` are decided and kept, to go on with."""

    def __init__(self, lines: int) -> None:
        super().__init__(f"stopped after {lines} lines")
        self.lines = lines


def silent(_done: Done) -> None:
    """Say nothing about the progress."""


def never() -> bool:
    """Do not stop."""
    return False
