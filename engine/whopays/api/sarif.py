"""A check as a SARIF log: with what the documentation says of each code, and with paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from whopays.diagnostics import Diagnostic
from whopays.diagnostics.sarif import Rule, sarif
from whopays.resources import bundle

_SECTION = re.compile(r"^## ([A-Z]\d{3}) (.+)$", re.MULTILINE)


def sarif_of(found: Iterable[Diagnostic], root: Path) -> dict[str, Any]:
    """Return `found`, which a check of the file or folder `root` gave, as a SARIF log.

    Paths are relative to the current folder if the files are in it, as tools that lay
    results over a repository expect, and else to `root`.
    """
    return sarif(found, documented(), metadata.version("whopays"), _Paths(root))


def documented() -> dict[str, Rule]:
    """Return what `grammar/diagnostics.md` says of each code."""
    page = bundle("grammar") / "diagnostics.md"
    text = page.read_text(encoding="utf-8")
    heads = list(_SECTION.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    # An absolute address is asked for: the page that came with this installation.
    base = Path(str(page)).resolve().as_uri()
    return {
        head[1]: Rule(
            head[1],
            head[2],
            text[head.end() : end].strip(),
            f"{base}#{_anchor(f'{head[1]} {head[2]}')}",
        )
        for head, end in zip(heads, ends, strict=True)
    }


def _anchor(heading: str) -> str:
    """Return the anchor that pages of Markdown give to `heading`."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class _Paths:
    """Makes of a source's name the path to its file."""

    def __init__(self, root: Path) -> None:
        self.folder = root if root.is_dir() else root.parent

    def __call__(self, name: str) -> str:
        path = self.folder / name
        if not path.is_file():
            return name  # a file that comes with whopays
        try:
            return path.resolve().relative_to(Path.cwd()).as_posix()
        except ValueError:
            return name
