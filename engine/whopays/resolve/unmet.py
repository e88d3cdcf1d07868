"""A change of an amendment that can't be made, and what was probably meant by it."""

from __future__ import annotations

import re

from whopays.diagnostics import (
    Diagnostic,
    Edit,
    Label,
    Remedy,
    Span,
    did_you_mean,
    nearest,
)
from whopays.model.catalog import Period
from whopays.model.conditions import normal
from whopays.model.contract import Amendment, Change, Grid, Row, Text

#: What to do where a target is there only on some days, or only as known later.
_MENDED = (
    "a change finds its target on all days of its amendment, among what was signed by "
    "then; take it out, or mend the days"
)


def unmet(
    change: Change,
    amendment: Amendment,
    period: Period,
    text: Text,
    why: Label | None,
) -> Diagnostic:
    """Return what is wrong with `change`, which `text`, in force on `period`, refuses.

    `why` is the line of another amendment because of which its target is not there.
    """
    already = change.kind == "add" and text.grid(change.id) is not None
    since = Label(change.span, f"in the text in force from {period.first}")
    there = [Label(row.span, "the one that is there") for row in _rows(change, text)]
    remedy = _replaced(change.span) if already else _meant(change, text)
    state = "which is there already" if already else "which is not there"
    namesake = _namesake(change, text)
    if namesake is not None:
        # Both are written alike, and a name in them means two things.
        state = "whose condition means something else there"
        there = [Label(namesake.span, "written alike, with the older definition")]
        words = "use a name of its own for the new definition"
        remedy = Remedy(words if already else f"{words}, or write the condition out")
    elif why is not None and not already:
        there = [why]
        remedy = Remedy(_MENDED)
    return Diagnostic(
        "R013",
        f"amendment {amendment.number} {change.kind}s `{change.target}`, {state}",
        (since, *there[:3]),
        remedy.words,
        fix=remedy.fix,
    )


def _namesake(change: Change, text: Text) -> Row | None:
    """Return the row that is written as the target of `change`, and means another."""
    grid = text.grid(change.id)
    if grid is None or change.when is None:
        return None
    for row in (*grid.rows, *grid.otherwise):
        if row.category == change.category and row.when is not None:
            alike = row.when.text == change.when.text
            if alike and normal(row.when) != normal(change.when):
                return row
    return None


def _replaced(span: Span) -> Remedy:
    """Return the remedy to write `replace` where the statement at `span` adds."""
    words = re.match(r"add\s+to", span.text)
    if words is None:
        return Remedy()
    place = Span(span.source, span.start, span.start + words.end())
    return Remedy("write `replace`", (Edit(place, "replace"),))


def _rows(change: Change, text: Text) -> list[Row]:
    """Return the rows of the category that `change` names."""
    grid = text.grid(change.id)
    if grid is None or change.what not in {"row", "otherwise"}:
        return []
    rows = grid.rows if change.what == "row" else grid.otherwise
    return [row for row in rows if row.category == change.category]


def _meant(change: Change, text: Text) -> Remedy:
    grid = text.grid(change.id)
    if change.what == "clause" or grid is None:
        return _other_id(change, text)
    rows = _rows(change, text)
    if rows:
        whens = [f"`when {r.when.text}`" if r.when else "one without" for r in rows]
        shown = ", ".join(dict.fromkeys(whens))
        return Remedy(f"a row is addressed by its own `when`: there is {shown}")
    if change.category is None:
        return Remedy(f"grid `{grid.id}` has no `otherwise`")
    return _other_category(change, grid)


def _other_id(change: Change, text: Text) -> Remedy:
    grids = [each.id for each in text.grids]
    others = [
        clause.id
        for part in (
            *(text.exceptions, text.treats, text.limits, text.routes, text.clocks),
        )
        for clause in part
    ]
    known = [*grids, *others] if change.what == "clause" else grids
    near = nearest(change.id, known)
    place = _word(change.span, change.id)
    if near is not None and place is not None:
        return did_you_mean(place, near)
    listed = ", ".join(f"`{each}`" for each in known[:12])
    return Remedy(f"there {'are' if len(known) > 1 else 'is only'} {listed}")


def _other_category(change: Change, grid: Grid) -> Remedy:
    known = dict.fromkeys(row.category for row in grid.rows if row.category)
    near = nearest(change.category or "", known)
    quoted = re.search(r'"[^"\n]*"', change.span.text)
    if near is not None and quoted is not None:
        start = change.span.start
        place = Span(change.span.source, start + quoted.start(), start + quoted.end())
        return did_you_mean(place, near)
    return Remedy("`add to` adds a row that is not there yet")


def _word(span: Span, word: str) -> Span | None:
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", span.text)
    if found is None:
        return None
    return Span(span.source, span.start + found.start(), span.start + found.end())
