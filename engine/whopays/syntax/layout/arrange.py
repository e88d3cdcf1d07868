"""In which order the statements of a block are written, and where blank lines stand.

Statements stand in the order of `surface.BLOCKS`; rows, and statements of one kind, in
the author's. One blank line stands between blocks; elsewhere the author's stay, at most
one at a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from whopays.syntax import surface
from whopays.syntax.layout.parts import Item, Layout, Note


def arranged(layout: Layout) -> Layout:
    """Return `layout` with everything at its place."""
    items = list(_spread(map(_block, layout.items), alike_only=True))
    last = layout.last
    if last:
        after_block = bool(items) and items[-1].end is not None
        blank = after_block or (bool(items) and last[0].blank)
        last = [replace(last[0], blank=blank), *last[1:]]
    return Layout(items, last)


def _block(head: Item) -> Item:
    """Return a block with its statements in order; a statement as it is."""
    if head.end is None:
        return head
    top, body = _top(head.body)
    body = list(_spread(map(_block, _sorted(head.word, body)), alike_only=False))
    if body and top:
        body[0] = _led(body[0], blank=True)
    end = replace(head.end, blank=False)
    if not body:
        end = _led(end, blank=False)
    return replace(head, top=top, body=body, end=end)


def _top(body: list[Item]) -> tuple[list[Note], list[Item]]:
    """Take the notes on the whole block from those on its first item.

    They have a blank line below them, and stay whichever statement comes first.
    """
    if not body:
        return [], []
    first, *rest = body
    starts = [at for at, note in enumerate(first.notes) if note.blank]
    cut = len(first.notes) if first.blank else max(starts, default=0)
    top = [
        replace(note, blank=note.blank and at > 0)
        for at, note in enumerate(first.notes[:cut])
    ]
    if cut:
        # The blank line below the notes is theirs, and stays with them.
        first = _led(replace(first, notes=first.notes[cut:]), blank=False)
    return top, [first, *rest]


def _sorted(block: str, body: list[Item]) -> list[Item]:
    at = 0
    found: list[tuple[int, Item]] = []
    for item in body:
        text = "|" if item.word == "|" else item.lines[0].text
        own = surface.place(block, text)
        at = at if own is None else own
        found.append((at, item))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _spread(items: Iterable[Item], *, alike_only: bool) -> Iterable[Item]:
    """Give each item a blank line above it where one has to stand.

    `alike_only`: statements may follow each other without one only if they are alike.
    """
    above: Item | None = None
    for item in items:
        if above is None:
            yield _led(item, blank=False)
        elif item.end or above.end or (alike_only and item.word != above.word):
            yield _led(item, blank=True)
        else:
            yield item
        above = item


def _led(item: Item, *, blank: bool) -> Item:
    """Return `item` with a blank line above it and its notes, or with none."""
    if item.notes:
        first, *rest = item.notes
        return replace(item, notes=[replace(first, blank=blank), *rest])
    return replace(item, blank=blank)
