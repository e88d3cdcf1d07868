"""Did-you-mean: the nearest names to one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

_CANDIDATES = 5000  # difflib is quadratic in each pair: a hostile file must not stall


def nearest_file(path: Path) -> Path | None:
    """Return the file or folder beside `path`, which does not exist, most like it."""
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        path, folder = folder, folder.parent
    try:
        names = [each.name for each in islice(folder.iterdir(), _CANDIDATES)]
    except OSError:
        return None
    near = nearest(path.name, sorted(names))
    return None if near is None else folder / near


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name among `known` most like `name`, or None if nothing is near."""
    names = list(known)[:_CANDIDATES]
    folded = {each.casefold(): each for each in reversed(names)}
    found = get_close_matches(name.casefold()[:200], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None
