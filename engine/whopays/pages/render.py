"""Templates to pages. The only module that knows the template library.

What a page shows comes from rule files and claims, which are untrusted. So everything
is escaped unless a template says otherwise, and none does; a page forbids its reader's
browser to load or to run anything; and characters that are not seen, or that turn the
order of what is seen, are written out.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from whopays.pages.about import About

_QUOTED = re.compile(r"`([^`]+)`")
_KEPT = "\n\t"


def rendered(template: str, about: About, **values: Any) -> str:
    """Return the page that `template` makes of `values`: the same bytes for the same."""
    environment = _environment()
    style = _style(environment)
    page = environment.get_template(template)
    return page.render(about=about, style=style, style_digest=_digest(style), **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("whopays", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = words
    return environment


def _style(environment: Environment) -> Markup:
    # Ours, and without `<`: the only text of a page that is not escaped.
    return Markup(_source(environment, "page.css"))  # noqa: S704


def _source(environment: Environment, name: str) -> str:
    loader = environment.loader
    if loader is None:
        raise LookupError(name)
    return loader.get_source(environment, name)[0]


def _digest(style: str) -> str:
    """Return by which digest the page's Content-Security-Policy allows `style`."""
    raw = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(raw).decode()}"


def words(text: str) -> Markup:
    """Return a sentence of whopays; what it quotes between backticks is set as code."""
    made = Markup()
    at = 0
    for found in _QUOTED.finditer(text):
        made += escape(text[at : found.start()])
        made += Markup("<code>{}</code>").format(found[1])
        at = found.end()
    return made + escape(text[at:])


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def visible(text: str) -> str:
    """Return `text` with each character that can't be seen as `[U+202E]`.

    These are controls, marks that turn the direction of text, and blanks of no width. A
    page that had them could show another text than it holds. Markup stays markup.
    """
    if text.isprintable():
        return text
    hidden = {ord(char): f"[U+{ord(char):04X}]" for char in set(text) if _hides(char)}
    return text.translate(hidden)


def _hides(char: str) -> bool:
    if char.isprintable() or char in _KEPT:
        return False
    return unicodedata.category(char) != "Zs"
