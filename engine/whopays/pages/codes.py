"""What the documentation says of a code, as HTML."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup


def section(text: str) -> Markup:
    """Return a section of `grammar/diagnostics.md` without its links.

    They lead to files that the reader of a page does not have.
    """
    told = "\n\n".join(
        each for each in text.split("\n\n") if not each.startswith("Files:")
    )
    # Its own text is escaped by the renderer: HTML in it is shown, not used.
    return Markup(_markdown().render(told))  # noqa: S704


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["link", "image"])
