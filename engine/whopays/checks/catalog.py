"""Checks a catalog by itself: wherever two of its categories can meet, one goes first.

A contract is checked with the catalog that it uses. A catalog in a folder without a
contract is checked as if one that answers for nothing used it: ranks are a matter of the
catalog alone.
"""

from __future__ import annotations

from datetime import date

from whopays.checks.asked import Asked
from whopays.checks.ranks import exclusive, unranked
from whopays.diagnostics import Diagnostic
from whopays.model.catalog import By, Catalog, Period
from whopays.model.contract import Contract, Text
from whopays.model.facts import Fact, Kind
from whopays.program.compile import Program

_DAY = "the day of a check"  # no name that a file can declare


def check_catalog(catalog: Catalog) -> list[Diagnostic]:
    """Return the categories that are not ranked, and what is wrong with `match by`."""
    asked = Asked(Program(_used_by_nobody(catalog)))
    return [*unranked(asked), *exclusive(asked, catalog.match_by, "match by")]


def _used_by_nobody(catalog: Catalog) -> Contract:
    day = Fact(_DAY, Kind.DATE, catalog.span, fixed=True)
    return Contract(
        id="",
        title="",
        version="",
        signed=None,
        in_force=(Period(date.min),),
        payer=None,
        group=None,
        products=(),
        divides="",
        decide_by=(By((_DAY,), None, catalog.span),),
        catalog=catalog,
        facts={**catalog.facts, _DAY: day},
        text=Text(grids=()),
        amendments=(),
        sources=(),
        amended_by=None,
        defines={},
        span=catalog.span,
    )
