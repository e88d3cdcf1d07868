"""Whether a `let` forgot its sums: what it reads, and whether its block sums it."""

from __future__ import annotations

import re

from whopays.syntax import nodes


def is_summed(name: nodes.Word) -> bool:
    """Tell whether the block of the `let` `name` sums it somewhere."""
    text = name.span.source.text
    end = text.find("\nend", name.span.end)
    block = text[name.span.end : end if end >= 0 else len(text)]
    return re.search(rf"sum of\s+\(?\s*{re.escape(name.text)}\b", block) is not None


def leaves(node: nodes.Choice) -> list[nodes.Name] | None:
    """Return the names in `node`, or None if it is more than sums and multiples of them."""
    match node:
        case nodes.Name():
            return [node]
        case nodes.Number() | nodes.SumOf():
            return []
        case nodes.Plus(parts=parts):
            inner = [leaves(each) for each in parts]
        case nodes.Times(left, right):
            inner = [leaves(left), leaves(right)]
        case _:
            return None
    good = [each for each in inner if each is not None]
    return None if len(good) < len(inner) else [name for each in good for name in each]
