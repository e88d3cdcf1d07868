"""How many facts a contract compares with each other.

Facts that are compared are seen together: every order that they can stand in is a case.
"""

from __future__ import annotations

from collections.abc import Iterator

from whopays import bounds
from whopays.model import conditions as model
from whopays.model.contract import Contract, Text
from whopays.resolve.report import Report


def not_too_many_compared(contract: Contract, report: Report) -> bool:
    """Tell whether the facts that `contract` compares are few enough, or report."""
    beside: dict[str, set[str]] = {}
    for when in _conditions(contract):
        for atom in model.atoms(when):
            if isinstance(atom, model.ComparesFacts):
                beside.setdefault(atom.fact, set()).add(atom.other)
                beside.setdefault(atom.other, set()).add(atom.fact)
    for names in _groups(beside):
        pairs = sum(len(beside[name]) for name in names) // 2
        if pairs > bounds.MOST_COMPARED:
            shown = ", ".join(f"`{name}`" for name in names[:3])
            report.error(
                "P020",
                f"contract `{contract.id}` compares more than {bounds.MOST_COMPARED} "
                f"pairs of facts that hang together, such as {shown}",
                contract.span,
                "most dates are compared with one date, the day of the service",
            )
            return False
    return True


def _groups(beside: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield the names that lead to each other, in groups."""
    seen: set[str] = set()
    for start in beside:
        group = [start] if start not in seen else []
        seen.add(start)
        for name in group:
            more = sorted(beside[name] - seen)
            seen.update(more)
            group.extend(more)
        if group:
            yield group


def _conditions(contract: Contract) -> Iterator[model.Condition]:
    catalog = contract.catalog
    whens = [by.when for by in (*contract.decide_by, *catalog.match_by)]
    whens.extend(category.when for category in catalog.categories.values())
    for text in (contract.text, *(each.text for each in contract.amendments)):
        whens.extend(_whens(text))
    for amendment in contract.amendments:
        whens.extend(change.when for change in amendment.changes)
    yield from (when for when in whens if when is not None)


def _whens(text: Text) -> Iterator[model.Condition | None]:
    for grid in text.grids:
        yield grid.when
        yield from (row.when for row in (*grid.rows, *grid.otherwise))
    for parts in (text.exceptions, text.treats, text.limits, text.routes, text.clocks):
        yield from (clause.when for clause in parts)
