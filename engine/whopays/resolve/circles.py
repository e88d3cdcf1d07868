"""How circles among names are told: the first names, and the first places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whopays.diagnostics import Label, Span

_SHOWN = 6  # names, and places


def shown_circle(circle: Sequence[str]) -> str:
    """Return the names of `circle` with arrows between them; of many, the first."""
    names = [*circle[:_SHOWN], *(["…"] if len(circle) > _SHOWN else [])]
    return " → ".join([*names, circle[0]])


def places(spans: Iterable[Span], remark: str = "") -> tuple[Label, ...]:
    """Return labels for some of `spans`."""
    return tuple(Label(span, remark) for span in list(spans)[:_SHOWN])
