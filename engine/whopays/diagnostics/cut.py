"""Enough is enough: of very many problems the first are shown, and a last one says so."""

from __future__ import annotations

from whopays import bounds
from whopays.diagnostics.diagnostic import Diagnostic, Label


def cut_short(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return `found`, or as many of it as are shown and one that tells of the rest."""
    if len(found) < bounds.MOST_PROBLEMS:
        return found
    shown = found[: bounds.MOST_PROBLEMS]
    rest = Diagnostic(
        "P020",
        f"after {bounds.MOST_PROBLEMS} problems the rest is not shown",
        (Label(shown[-1].labels[0].span, "the last one that is"),),
        "mend these first; many of one kind often have one cause",
    )
    return [*shown, rest]
