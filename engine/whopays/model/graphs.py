"""Names that lead to names: circles among them, their order, how far they lead.

Nothing here calls itself: how far names lead to names is the author's doing.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TypeAlias

#: For each name, those that it leads to.
Edges: TypeAlias = Mapping[str, Sequence[str]]


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


def in_order(start: str, edges: Edges, done: Container[str]) -> list[str]:
    """Return what `start` leads to and is not `done`: each name after those it uses.

    In a circle the step back to where it began is left out.
    """
    found: list[str] = []
    seen = {start}
    waiting = [(start, iter(edges[start]))]
    while waiting:
        name, rest = waiting[-1]
        following = next(rest, None)
        if following is None:
            waiting.pop()
            found.append(name)
        elif following in edges and following not in seen and following not in done:
            seen.add(following)
            waiting.append((following, iter(edges[following])))
    return found


def depths(edges: Edges) -> dict[str, int]:
    """Return how many steps the longest way from each name has."""
    found: dict[str, int] = {}
    for start in edges:
        if start not in found:
            for name in in_order(start, edges, found):
                steps = (1 + found.get(following, 0) for following in edges[name])
                found[name] = max(steps, default=0)
    return found
