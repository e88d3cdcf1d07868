"""Circles among names that refer to each other, and how they are told.

Nothing here calls itself: how far names lead to names is the author's doing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from whopays.diagnostics import Label, Span

_NAMED = 6  # names of a circle that are shown, and places
Edges = Mapping[str, Sequence[str]]


def circles(edges: Edges) -> list[list[str]]:
    """Return one circle for each group of names that reach each other in `edges`."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        # The place of each name on the path, which keeps its order.
        path = {start: 0}
        waiting = [(start, iter(edges[start]))]
        while waiting:
            name, rest = waiting[-1]
            following = next(rest, None)
            if following is None:
                waiting.pop()
                del path[name]
                done.add(name)
            elif following in path:
                # Of the names on the path one circle is told, not each.
                if following not in done:
                    found.append(list(path)[path[following] :])
                done.update(path)
            elif following in edges and following not in done:
                path[following] = len(path)
                waiting.append((following, iter(edges[following])))
    return found


def in_order(start: str, edges: Edges, done: Iterable[str]) -> list[str]:
    """Return what `start` leads to and is not `done`: each name after those it uses.

    In a circle the step back to where it began is left out.
    """
    found: list[str] = []
    seen = {start}
    known = set(done)
    waiting = [(start, iter(edges[start]))]
    while waiting:
        name, rest = waiting[-1]
        following = next(rest, None)
        if following is None:
            waiting.pop()
            found.append(name)
        elif following in edges and following not in seen and following not in known:
            seen.add(following)
            waiting.append((following, iter(edges[following])))
    return found


def shown_circle(circle: Sequence[str]) -> str:
    """Return the names of `circle` with arrows between them; of many, the first."""
    names = [*circle[:_NAMED], *(["…"] if len(circle) > _NAMED else [])]
    return " → ".join([*names, circle[0]])


def places(spans: Iterable[Span], remark: str = "") -> tuple[Label, ...]:
    """Return labels for some of `spans`."""
    return tuple(Label(span, remark) for span in list(spans)[:_NAMED])
