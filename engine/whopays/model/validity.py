"""On which days codes are in force, as code packs say, and what is said of one that is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from whopays.model.catalog import Period
from whopays.model.codes import shown_code

#: What can be said against a code of a line.
RETIRED, EARLY, UNLISTED, UNDATED = "retired", "not yet valid", "unlisted", "undated"
STANDINGS = (RETIRED, EARLY, UNLISTED, UNDATED)


@dataclass(frozen=True)
class CodeDates:
    """The dates of one code pack, without the wording of any code.

    `periods` are the days on which each (system, code) is in force, in order; a code
    without a first day begins with `date.min`. `covers` are the days of the edition.
    `complete`: a code of `systems` that is not listed does not exist on these days.
    `digest` is the SHA-256 of the whole pack.
    """

    name: str
    edition: str
    digest: str
    systems: tuple[str, ...]
    covers: Period
    complete: bool
    periods: Mapping[tuple[str, str], tuple[Period, ...]] = field(repr=False)

    @property
    def title(self) -> str:
        """The name, with the edition where the name does not say it."""
        said = self.edition in self.name.split()
        return self.name if said else f"{self.name}, edition {self.edition}"


@dataclass(frozen=True)
class CodeNote:
    """A code of a line that was not in force: the fact counts as unknown.

    `standing` is one of `STANDINGS`, `day` the service date (None where nobody gave
    it), `bound` the last day before it or the first day after it on which the code is
    in force, `pack` the title of the pack that says so.
    """

    fact: str
    system: str
    code: str
    standing: str
    day: date | None
    bound: date | None
    pack: str

    @property
    def text(self) -> str:
        """The note as one sentence."""
        code = f"{self.system} {shown_code(self.system, self.code)} ({self.fact})"
        end = f"{self.fact} counts as unknown"
        if self.standing == UNDATED:
            return (
                f"{code} has dates in {self.pack}, and nobody gave service_date; {end}"
            )
        why = {
            RETIRED: f"it was retired after {self.bound}, says {self.pack}",
            EARLY: f"it is valid from {self.bound}, says {self.pack}",
            UNLISTED: f"{self.pack} has no such code",
        }[self.standing]
        return f"{code} is not in force on {self.day}: {why}; {end}"
