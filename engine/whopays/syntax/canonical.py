"""The canonical form of a document, and its digest: what was published, bare.

Comments, layout and the order of lines within a block are left out; so are the file in
which a document stands and its tests. Everything else counts: rows, conditions, titles,
citations. What a block does not say is left out too, so that a digest outlives the day
on which the language learns to say more.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

from whopays.diagnostics import Span
from whopays.syntax import nodes
from whopays.syntax.documents import Document

#: Fields that hold lines of a block or cells of a row, which may stand in any order.
#: All else is a list within one line, or one whose order counts: the cent that is left
#: over goes to the party that stands first.
_UNORDERED: dict[type, tuple[str, ...]] = {
    nodes.FactsBlock: ("facts", "amounts"),
    nodes.CatalogBlock: ("in_force", "facts_from", "match_by"),
    nodes.CategoryBlock: ("also_called", "codes"),
    nodes.ContractBlock: (
        "amended_by",
        "in_force",
        "facts_from",
        "categories_from",
        "regulations_from",
        "terms_from",
        "decide_by",
    ),
    nodes.GridBlock: ("columns", "rows", "otherwise"),
    nodes.RowLine: ("cells",),
    nodes.ExceptionBlock: ("cites", "regardless"),
    nodes.TreatBlock: ("cites",),
    nodes.AmendmentBlock: ("in_force", "changes"),
    nodes.LimitBlock: ("cites", "yields_to"),
    nodes.RouteBlock: ("cites", "in_force", "yields_to"),
    nodes.ClockBlock: ("cites", "in_force", "yields_to"),
    nodes.InterestLine: ("rates",),
    nodes.RegulationBlock: ("facts_from",),
    nodes.MethodsBlock: ("facts_from", "terms_from"),
    nodes.MethodBlock: ("cites", "lets", "amounts", "rounded", "breaks"),
    nodes.OrderBlock: ("facts_from",),
    nodes.RuleBlock: ("cites",),
    nodes.TermsBlock: ("facts_from",),
    nodes.TermBlock: ("cites", "in_force", "lets", "readings"),
}

_FIELDS: dict[type, tuple[str, ...]] = {}


def digest(document: Document) -> str:
    """Return the SHA-256 digest of the canonical form of `document`, in hex."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def canonical(document: Document) -> str:
    """Return the canonical form of `document`, as text."""
    members = sorted(canonical_block(block) for block in document.members)
    return "\n".join(["1", document.kind, _text(_plain(document.head)), *members])


def canonical_block(block: nodes.Block) -> str:
    """Return the canonical form of one block: alike where two say the same."""
    return _text(_plain(block))


def _text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a node as plain data: `[kind, name, value, …]`, without what is not said."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, nodes.Word):
        return value.text
    if isinstance(value, Span):  # `calculate by hand` is its place and nothing else
        return True
    kind = type(value)
    found = [kind.__name__]
    for name in _names(kind):
        inner = getattr(value, name)
        if inner is None or inner in (False, (), ""):
            continue
        plain = _plain(inner)
        if name in _UNORDERED.get(kind, ()):
            plain.sort(key=_text)
        found.extend((name, plain))
    return found


def _names(kind: Any) -> tuple[str, ...]:
    if kind not in _FIELDS:
        found = (each.name for each in fields(kind) if each.type != "Span")
        _FIELDS[kind] = tuple(found)
    return _FIELDS[kind]
