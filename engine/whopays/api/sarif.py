"""A check as a SARIF log: with what the documentation says of each code, and with paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from whopays.api.addresses import Addresses
from whopays.diagnostics import Diagnostic
from whopays.diagnostics.sarif import Rule, sarif
from whopays.resources import bundle

_SECTION = re.compile(r"^## ([A-Z]\d{3}) (.+)$", re.MULTILINE)


def sarif_of(found: Iterable[Diagnostic], root: Path) -> dict[str, Any]:
    """Return `found`, which a check of the file or folder `root` gave, as a SARIF log."""
    return sarif(found, documented(), metadata.version("whopays"), Addresses(root))


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
