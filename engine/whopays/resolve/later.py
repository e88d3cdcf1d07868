"""Warnings of what this edition checks and does not evaluate: one for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whopays.diagnostics import Diagnostic, Label, Severity, Span
from whopays.syntax import nodes

_KINDS: dict[type, tuple[str, str]] = {
    nodes.LimitBlock: (
        "`limit` blocks",
        "the amounts of lines that it may divide are left undetermined",
    ),
}


def not_evaluated(files: Iterable[nodes.RuleFile]) -> Iterator[Diagnostic]:
    """Yield one warning for each kind of block that decides nothing yet."""
    places: dict[tuple[str, str], list[Span]] = {}
    for file in files:
        for block in file.blocks:
            what = _KINDS.get(type(block))
            if what is not None:
                places.setdefault(what, []).append(block.span)
    for (what_, consequence), spans in places.items():
        count = f" ({len(spans)} of them)" if len(spans) > 1 else ""
        yield Diagnostic(
            "P018",
            f"{what_} are checked, but not evaluated in this edition yet{count}",
            (Label(spans[0], consequence),),
            severity=Severity.WARNING,
        )
