"""Finds the grammar, the shipped rulesets and the user's cache folder.

The grammar and the rulesets stand at the top of the repository, and inside the package
once it is installed. An editable install reads those of the checkout, always fresh.
"""

from __future__ import annotations

import errno
import os
import stat
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

_PACKAGE = "whopays"
_CHECKOUT = Path(__file__).parents[2]


def bundle(kind: Literal["grammar", "rulesets"]) -> Traversable:
    """Return the folder `kind`, shipped in the package or standing in the checkout.

    Raise `FileNotFoundError` where neither has it: the installation is incomplete.
    """
    shipped = files(_PACKAGE) / "_bundle" / kind
    if shipped.is_dir():
        return shipped
    in_tree = _CHECKOUT / kind
    if (_CHECKOUT / "pyproject.toml").is_file() and in_tree.is_dir():
        return in_tree
    raise FileNotFoundError(kind)


def cache_folder() -> Path | None:
    """Return the user's own cache folder, made if need be, or None if there can't be one.

    What is in it is trusted when it is read back. So the folder belongs to the user, and
    nobody else may write or look into it; a link that somebody else laid is refused.
    None, and no cache, is the answer for an empty home or a read-only one too.
    """
    base = _cache_base()
    if base is None:
        return None
    folder = base / _PACKAGE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        link, found = folder.lstat(), folder.stat()
        user = os.geteuid()
        if (link.st_uid, found.st_uid) != (user, user):
            return None
        if stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
            folder.chmod(stat.S_IRWXU)
    except OSError:
        return None
    return folder if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else None


def own_folder(folder: Path) -> Path:
    """Return `folder`, made if need be, whose content may be trusted.

    Raise PermissionError where it is not the user's, or where others may write into it;
    OSError where it can't be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    link, found = folder.lstat(), folder.stat()
    user = os.geteuid()
    why = ""
    if (link.st_uid, found.st_uid) != (user, user):
        why = "this folder is not yours"
    elif found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        why = "others can write into this folder"
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        why = "this folder can't be read and written"
    if why:
        said = f"{why}, so nothing is kept in it; name another one"
        raise PermissionError(errno.EACCES, said, str(folder))
    return folder


def _cache_base() -> Path | None:
    # The XDG base directory specification says to ignore a relative path.
    for name, below in (("XDG_CACHE_HOME", ""), ("HOME", ".cache")):
        given = os.environ.get(name, "")
        if Path(given).is_absolute():
            return Path(given, below)
    return None
