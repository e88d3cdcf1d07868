"""What the clauses of a version refer to: targets that exist, and no circles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whopays import bounds
from whopays.diagnostics import (
    Diagnostic,
    Label,
    Remedy,
    Span,
    did_you_mean,
    nearest,
    rewrite,
)
from whopays.model.catalog import Catalog
from whopays.model.clocks import Clock, Route
from whopays.model.contract import (
    Contract,
    ExceptionClause,
    Limit,
    Target,
    Text,
    Version,
)
from whopays.model.graphs import Edges, circles, depths
from whopays.resolve.absent import Sought, why_absent
from whopays.resolve.circles import places, shown_circle


def targets(version: Version, contract: Contract) -> Iterator[Diagnostic]:
    """Yield what is wrong with the targets of the clauses in `version` of `contract`."""
    text = version.text
    since = f"in the text in force from {version.period.first}"
    ids = _Ids(text)
    for exception in text.exceptions:
        for target in exception.targets:
            if target.span is not None and not ids.have(target):
                why = _why_absent(target, version, contract)
                remedy = _remedy(target, target.span, exception, text, contract.catalog)
                if why is not None:
                    remedy = Remedy(_MENDED)
                yield Diagnostic(
                    "R011",
                    f"exception `{exception.id}` is to `{target.text}`, which is not there",
                    (Label(target.span, since), *([why] if why else [])),
                    remedy.words,
                    fix=remedy.fix,
                )
    yield from _yielding(text, since)
    yield from _exception_circles(text)
    yield from _treat_circles(text, contract.catalog)


#: What to do about an exception that lost its target.
_MENDED = (
    "an exception finds its targets on all its days: withdraw it too, or write it anew "
    "in the amendment"
)


def _why_absent(target: Target, version: Version, contract: Contract) -> Label | None:
    sought = Sought(
        target.id,
        target.category,
        target.what,
        None,
        version.period,
        version.amendments,
    )
    return why_absent(sought, contract.amendments)


class _Ids:
    """What there is in a text to be an exception to."""

    def __init__(self, text: Text) -> None:
        self.grids = {grid.id: grid for grid in text.grids}
        self.exceptions = {each.id for each in text.exceptions}
        self.rows = {
            (grid.id, row.category) for grid in text.grids for row in grid.rows
        }

    def have(self, target: Target) -> bool:
        """Tell whether `target` is there."""
        match target.what:
            case "row":
                return (target.id, target.category) in self.rows
            case "otherwise":
                grid = self.grids.get(target.id)
                return grid is not None and bool(grid.otherwise)
            case _:
                return target.id in self.grids or target.id in self.exceptions


def _remedy(
    target: Target,
    span: Span,
    exception: ExceptionClause,
    text: Text,
    catalog: Catalog,
) -> Remedy:
    named = Span(span.source, span.start, span.start + len(target.id))
    ids = [*(grid.id for grid in text.grids), *(e.id for e in text.exceptions)]
    if target.what == "clause":
        others = [each for each in ids if each != exception.id]
        near = nearest(target.id, others)
        shown = ", ".join(f"`{each}`" for each in others[:12])
        are = "there are" if len(others) > 1 else "there is only"
        return did_you_mean(named, near) if near else Remedy(f"{are} {shown}")
    if text.grid(target.id) is None:
        grids = [grid.id for grid in text.grids]
        near = nearest(target.id, grids)
        shown = ", ".join(f"`{each}`" for each in grids[:12])
        return did_you_mean(named, near) if near else Remedy(f"the grids are {shown}")
    if target.what == "otherwise":
        return Remedy(f"grid `{target.id}` has no `otherwise`")
    return _other_row(target, span, text, catalog)


def _other_row(target: Target, span: Span, text: Text, catalog: Catalog) -> Remedy:
    """Return what to aim at in place of a row that is not there."""
    category = target.category or ""
    rows = [
        row.category for grid in text.grids if grid.id == target.id for row in grid.rows
    ]
    known = [each for each in dict.fromkeys(rows) if each is not None]
    above = next((a for a in catalog.ancestors.get(category, ()) if a in known), None)
    quoted = re.search(r'"[^"\n]*"', span.text)
    near = nearest(category, known)
    if quoted is None or (above is None and near is None):
        return Remedy(
            f"`{category}` has no row in `{target.id}`: its lines go to "
            f"`{target.id} otherwise`, which an exception may name"
        )
    place = Span(span.source, span.start + quoted.start(), span.start + quoted.end())
    if above is not None:
        words = f'write `{target.id} "{above}"`, whose row answers for it'
        return Remedy(words, rewrite(place, f'"{above}"').fix)
    return did_you_mean(place, near or "")


def _below(head: Span, name: str) -> Span:
    """Return where the clause whose head is `head` names `name`."""
    whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    found = whole.search(head.source.text, head.end)
    return Span(head.source, *found.span()) if found else head


def _yielding(text: Text, since: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with what limits, routes and clocks yield to."""
    for what, clauses, last in (
        ("limit", text.limits, "one of them has to pay first"),
        ("route", text.routes, "one of them has to go first"),
        ("clock", text.clocks, "one of them has to go first"),
    ):
        yield from _yielding_of(what, clauses, last, since)


def _yielding_of(
    what: str, clauses: Sequence[Limit | Route | Clock], last: str, since: str
) -> Iterator[Diagnostic]:
    spans = {each.id: each.span for each in clauses}
    if what != "limit" and len(clauses) > bounds.MOST_DUTIES:
        yield Diagnostic(
            "P020",
            f"there are more than {bounds.MOST_DUTIES} {what}s in one text",
            (Label(clauses[bounds.MOST_DUTIES].span),),
            "one of them may speak of many claims: a condition can join them by `or`",
        )
        return
    for clause in clauses:
        for name in clause.yields_to:
            if name not in spans:
                near = nearest(name, [each for each in spans if each != clause.id])
                place = _below(clause.span, name)
                remedy = Remedy(f"it names another {what}")
                if near is not None:
                    remedy = did_you_mean(place, near)
                yield Diagnostic(
                    "R011",
                    f"{what} `{clause.id}` yields to `{name}`, which is not there",
                    (Label(place, since),),
                    remedy.words,
                    fix=remedy.fix,
                )
    for circle in circles({each.id: list(each.yields_to) for each in clauses}):
        yield Diagnostic(
            "R012",
            f"{what}s yield to each other: {shown_circle(circle)}",
            places(spans[name] for name in circle),
            f"{last}: take a `yields to` out",
        )


def _exception_circles(text: Text) -> Iterator[Diagnostic]:
    edges = {
        each.id: [t.id for t in each.targets if t.what == "clause"]
        for each in text.exceptions
    }
    spans = {each.id: each.span for each in text.exceptions}
    if len(edges) > bounds.MOST_EXCEPTIONS:
        yield Diagnostic(
            "P020",
            f"there are more than {bounds.MOST_EXCEPTIONS} exceptions in one text",
            (Label(text.exceptions[bounds.MOST_EXCEPTIONS].span),),
            "what holds for one service is better said by the row of that service",
        )
        return
    yield from _long(edges, spans, "exceptions, each to the one before")
    for circle in circles(edges):
        yield Diagnostic(
            "R012",
            f"exceptions are exceptions to each other: {shown_circle(circle)}",
            places(spans[name] for name in circle),
            "one of them has to be to the rows alone",
        )


def _treat_circles(text: Text, catalog: Catalog) -> Iterator[Diagnostic]:
    own: dict[str, list[str]] = {}
    for treat in text.treats:
        own.setdefault(treat.source, []).append(treat.target)
    if not own:
        return
    # A category with no treat and no row of its own borrows from its nearest ancestor.
    edges = {
        name: own[source]
        for name in catalog.categories
        for source in _nearest(name, catalog, text, own)
    }
    spans = {treat.source: treat.span for treat in text.treats}
    yield from _long(edges, spans, "treats, one after the other")
    for circle in circles(edges):
        sources = {s for name in circle for s in _nearest(name, catalog, text, own)}
        yield Diagnostic(
            "R012",
            f"categories are treated as each other: {shown_circle(circle)}",
            places(t.span for t in text.treats if t.source in sources),
            "take one of these out",
        )


def _long(edges: Edges, spans: dict[str, Span], what: str) -> Iterator[Diagnostic]:
    """Yield the first of `edges` that leads further than there are steps for."""
    for name, depth in depths(edges).items():
        if depth == bounds.DEEPEST_CHAIN and name in spans:
            yield Diagnostic(
                "P020",
                f"`{name}` is at the end of more than {bounds.DEEPEST_CHAIN} {what}",
                (Label(spans[name]),),
                "a contract needs two or three of them",
            )
            return


def _nearest(
    name: str, catalog: Catalog, text: Text, own: dict[str, list[str]]
) -> list[str]:
    """Return what has the treats of `name`: itself or its nearest ancestor, or nothing.

    A row of its own keeps a category from the treats of those above it.
    """
    for each in (name, *catalog.ancestors[name]):
        if each in own:
            return [each]
        if text.has_row(each):
            break
    return []
