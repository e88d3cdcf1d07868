"""What a contract says of categories on a day: which it answers for, and by which rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from whopays.model.contract import Contract, Row, Treat
from whopays.program.compile import Program, VersionProgram


@dataclass(frozen=True)
class Stated:
    """A contract as its text stands on a day."""

    contract: Contract
    version: VersionProgram

    @property
    def label(self) -> str:
        """The contract, its version, and the days of this text."""
        name = self.version.version.label(self.contract.version)
        return f"{self.contract.id} {name}, {self.version.version.period}"

    @property
    def answered(self) -> frozenset[str]:
        """The categories for which there is a row or a treat, own or inherited."""
        return self.version.answered

    def rows(self, category: str) -> tuple[Row, ...]:
        """Return the rows of `category`, own or inherited, of all grids."""
        return tuple(
            row
            for grid in self.version.text.grids
            for row in self.version.rows(grid, category)
            if row.category is not None
        )

    def treats(self, category: str) -> tuple[Treat, ...]:
        """Return the treats that may move a line from `category`."""
        return self.version.treats(category)


def stated(contract: Contract, day: date | None) -> Stated | None:
    """Return the contract as it stands on `day`, at last where None; None if not in force."""
    program = Program(contract)
    if not program.versions:
        return None
    version = program.versions[-1] if day is None else program.version_on(day)
    return None if version is None else Stated(contract, version)
