"""What a run is given to do, and how far it is told to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeVar

from whopays.claims import Reject

FORMATS = ("jsonl", "parquet")
MONTH = "month"


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
    read by then, or None. `decide` is a function of the chunk alone. `amend`, given the
    tables of all decisions, as often as it asks for them, yields them changed: rows as
    they were, in the order they were. `more` is for the manifest, asked when all is
    read; `tables`, how tables were filled and what went wrong, for `run.json`.
    """

    header: Mapping[str, Any]
    chunks: Callable[[], Iterable[tuple[AChunk, Fraction | None]]]
    decide: Callable[[AChunk], Decisions]
    schema: Any
    form: str = "jsonl"
    partition: str | None = None
    rows: int = 0
    amend: Callable[[Callable[[], Iterator[Any]]], Iterator[Any]] | None = None
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
