"""Where in the text a clause, a grid or a category stands: the pieces that ask it."""

from __future__ import annotations

from collections.abc import Iterator

from whopays.analyse.coverage.demands import Mark, clauses_of, mark
from whopays.analyse.coverage.parts import Part
from whopays.analyse.witnesses.grounds import Ground, Grounds
from whopays.model.contract import ExceptionClause, Row, Treat
from whopays.program.compile import Program, VersionProgram
from whopays.program.piece import Clause


class Sites:
    """Finds the grounds on which a clause is asked, the likeliest first."""

    def __init__(self, program: Program, grounds: Grounds) -> None:
        self.program = program
        self.grounds = grounds
        self._clauses = tuple(
            {mark(each.span): each for each in clauses_of(version)}
            for version in program.versions
        )
        self._grids = tuple(
            {mark(grid.span): grid for grid in version.text.grids}
            for version in program.versions
        )
        #: Whether some ground was too large to be looked at.
        self.too_large = False

    def clause(self, place: Mark) -> Clause | None:
        """Return the clause that stands at `place`, of the first version that has it."""
        return next((each[place] for each in self._clauses if place in each), None)

    def of_clause(
        self, place: Mark, target: str = ""
    ) -> Iterator[tuple[Ground, Clause]]:
        """Yield the grounds of the pieces that have the clause at `place`.

        `target` is what is wanted of it, where the piece has to be thinned.
        """
        for version, clauses in zip(self.program.versions, self._clauses, strict=True):
            clause = clauses.get(place)
            if clause is None:
                continue
            for category in _categories(version, clause):
                if any(each is clause for each in version.piece(category).clauses):
                    wanted = [clause, *_targeted(version, clause, target)]
                    found = self._ground(version, category, wanted)
                    yield from ((ground, clause) for ground in found)

    def parts(self, place: Mark) -> Iterator[tuple[Ground, Part]]:
        """Yield the grounds on which the condition at `place` is asked."""
        for ground, _ in self.of_clause(place):
            yield from ((ground, part) for part in ground.parts() if at(part) == place)
        for version, grids in zip(self.program.versions, self._grids, strict=True):
            if place not in grids:
                continue
            named = [row.category for row in grids[place].rows]
            for category in _in_order(version, named):
                for ground in self._ground(version, category, []):
                    for part in ground.parts():
                        if at(part) == place:
                            yield ground, part

    def _ground(
        self, version: VersionProgram, category: str | None, wanted: list[Clause]
    ) -> Iterator[Ground]:
        ground = self.grounds.of(version, category)
        if ground is None or ground.is_partial:
            self.too_large = True
            thin = self.grounds.thin(version, category, wanted)
            if thin is not None:
                yield thin
        if ground is not None:
            yield ground


def _targeted(version: VersionProgram, clause: Clause, target: str) -> list[Clause]:
    """Return the exceptions that `clause` names as `target`."""
    if not target or not isinstance(clause, ExceptionClause):
        return []
    named = [each for each in clause.targets if each.text == target]
    return [
        each
        for each in version.text.exceptions
        if any(target.address in each.addresses for target in named)
    ]


def at(part: Part) -> Mark:
    """Return the place of a condition."""
    return mark(part.span)


def _categories(version: VersionProgram, clause: Clause) -> Iterator[str | None]:
    """Yield all categories, those first on whose lines `clause` is sure to be asked."""
    yield from _in_order(version, list(_named(version, clause, set())))


def _in_order(version: VersionProgram, first: list[str | None]) -> Iterator[str | None]:
    every = (*sorted(version.answered), None)
    known = dict.fromkeys(name for name in first if name in every)
    yield from known
    yield from (name for name in every if name not in known)


def _named(
    version: VersionProgram, clause: Clause, seen: set[str]
) -> Iterator[str | None]:
    if isinstance(clause, Row):
        yield clause.category
    elif isinstance(clause, Treat):
        yield clause.source
    elif clause.id not in seen:
        seen.add(clause.id)
        for target in clause.targets:
            if target.what == "row":
                yield target.category
            elif target.what == "otherwise":
                yield None
            else:
                yield from _of_whole(version, target.id, seen)


def _of_whole(
    version: VersionProgram, name: str, seen: set[str]
) -> Iterator[str | None]:
    """Yield the categories of a grid, or of an exception, that is a target."""
    grid = version.text.grid(name)
    if grid is not None:
        yield from (row.category for row in grid.rows)
    for exception in version.text.exceptions:
        if exception.id == name:
            yield from _named(version, exception, seen)
