"""Warnings of what this edition reads over: one for each kind of block."""

from __future__ import annotations

from collections.abc import Iterator

from whopays.diagnostics import Diagnostic, Label, Severity, Span

_CONSEQUENCES = {
    "limit": "the amounts of lines that it may divide are left undetermined",
    "route": "no forwarding deadline is given",
    "test": "not run",
}


class Later:
    """Collects blocks of kinds that a later edition evaluates."""

    def __init__(self) -> None:
        self._places: dict[str, list[Span]] = {}

    def add(self, kind: str, head: Span) -> None:
        """Remember a block of `kind` with its `head`."""
        self._places.setdefault(kind, []).append(head)

    def warnings(self) -> Iterator[Diagnostic]:
        """Yield one warning for each kind."""
        for kind, places in self._places.items():
            count = f" ({len(places)} of them)" if len(places) > 1 else ""
            what = f"`{kind}` blocks"
            if kind == "test":
                what = "tests of methods, orders and terms"
            yield Diagnostic(
                "P018",
                f"{what} are not in this edition yet{count}",
                (Label(places[0], _CONSEQUENCES.get(kind, "read over")),),
                severity=Severity.WARNING,
            )
