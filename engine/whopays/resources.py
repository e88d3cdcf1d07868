"""Finds the grammar, the shipped rulesets and the user's cache folder."""

from __future__ import annotations

import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_PACKAGE = "whopays"
_CHECKOUT = Path(__file__).parents[2]


def bundle(kind: str) -> Traversable:
    """Return the folder `kind` ("grammar" or "rulesets")."""
    shipped = files(_PACKAGE) / "_bundle" / kind
    if shipped.is_dir():
        return shipped
    in_tree = _CHECKOUT / kind
    if (_CHECKOUT / "pyproject.toml").is_file() and in_tree.is_dir():
        return in_tree
    raise FileNotFoundError(kind)


def cache_folder() -> Path | None:
    """Return the user's own cache folder, or None where there can't be one."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(base) / "whopays"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except (OSError, RuntimeError):
        return None
    return folder if folder.is_dir() and found.st_uid == os.getuid() else None
