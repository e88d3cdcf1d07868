"""What the store keeps of an item, as files: one content is the text of all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from whopays.store import StoreError, canonical

#: The file in which a profile stands.
PROFILE_FILE = "profile.yaml"


def packed(files: Mapping[str, str]) -> bytes:
    """Return the texts of `files`, by their names, as one content."""
    return canonical({"files": dict(files)}).encode()


def unpacked(body: bytes) -> dict[str, str]:
    """Return the files of a content, by their names.

    `StoreError` where it is none, or names a place outside of its folder.
    """
    try:
        files = json.loads(body)["files"]
        found = {str(name): str(text) for name, text in files.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise StoreError("a content of the store is not what was kept") from None
    for name in found:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise StoreError("a content of the store names a file outside of a folder")
    return found
