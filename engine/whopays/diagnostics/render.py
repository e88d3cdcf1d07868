"""A diagnostic as text: sentence, source lines with underlines, help.

What is laid out is first a list of lines of pieces, each with a role; the command line
gives the roles colours. Without a `width` nothing is wrapped: a pipe gets whole lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TypeAlias

from whopays.diagnostics.diagnostic import Diagnostic, Label, Span
from whopays.diagnostics.excerpt import Excerpt
from whopays.diagnostics.printable import printable

#: A line as pieces of (role, text); see `cli/paint.py` for the roles.
Line: TypeAlias = list[tuple[str, str]]

_WIDEST_LINE = 160  # a line of a million characters is not shown whole
_NARROWEST = 24
_HANGING = 40  # a narrower text is wrapped to the left edge


def render(found: Diagnostic) -> str:
    """Return `found` as text for a file, without colour and without wrapping."""
    return "\n".join("".join(text for _, text in line) for line in layout(found))


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Return all of `diagnostics`, a blank line between two."""
    return "\n\n".join(render(found) for found in diagnostics)


def layout(found: Diagnostic, width: int | None = None) -> list[Line]:
    """Return the lines of `found`; `width` is that of the terminal, None for a pipe."""
    width = None if width is None else max(width, _NARROWEST)
    kind = found.severity.value
    head = f"{kind}[{found.code}]: "
    lines = list(_worded(kind, head, "message", found.message, width))
    numbers = [number for each in found.labels for number in _ends(each.span)]
    margin = max((len(str(number)) for number in numbers), default=1)
    for number, label in enumerate(found.labels):
        role = "mark" if number == 0 else "other mark"
        lines.extend(_label(label, role, margin, width))
    pad = " " * margin
    for note in found.notes:
        lines.extend(_worded("note", f"{pad} = note: ", "", note, width))
    if found.help:
        lines.extend(_worded("help", f"{pad} = help: ", "", found.help, width))
    return lines


def _worded(
    role: str, head: str, text_role: str, text: str, width: int | None
) -> Iterator[Line]:
    """Yield `head` and `text`, which goes on below itself where a line is full."""
    shown = printable(text)
    pieces = [shown]
    hanging = " " * (len(head) if width and width - len(head) >= _HANGING else 2)
    if width is not None and len(head) + len(shown) > width:
        first = wrap(shown, max(1, width - len(head)))[:1] or [shown]
        rest = shown[len(first[0]) :].strip()
        pieces = [*first, *wrap(rest, width - len(hanging))]
    yield [(role, head), (text_role, pieces[0])]
    for piece in pieces[1:]:
        yield [("", hanging), (text_role, piece)]


def _ends(span: Span) -> tuple[int, ...]:
    """Return the first and the last line of `span`: those that are shown."""
    return (span.line,) if span.end_line == span.line else (span.line, _last_line(span))


def _last_line(span: Span) -> int:
    # A span that ends at the beginning of a line does not reach into it.
    return max(span.line, span.end_line - (span.end_column == 1))


def _label(label: Label, role: str, margin: int, width: int | None) -> Iterator[Line]:
    span, pad = label.span, " " * margin
    yield [("gutter", f"{pad}--> "), ("place", printable(span.place))]
    yield [("gutter", f"{pad} |")]
    room = _WIDEST_LINE if width is None else max(_NARROWEST, width - margin - 3)
    first, last = span.line, _last_line(span)
    for line in dict.fromkeys((first, last)):
        if line > first + 1:
            yield [("gutter", f"{pad} …")]
        excerpt = Excerpt(span, line, room)
        yield [("gutter", f"{line:>{margin}} | "), ("source", excerpt.text)]
        mark = "^" if role == "mark" else "-"
        under = " " * excerpt.before + mark * excerpt.under
        yield from _underlined(
            (f"{pad} | ", under, role),
            label.remark if line == last else "",
            width,
        )


def _underlined(
    marks: tuple[str, str, str], remark: str, width: int | None
) -> Iterator[Line]:
    gutter, under, role = marks
    shown = printable(remark)
    whole = len(gutter) + len(under) + 1 + len(shown)
    if not shown or width is None or whole <= width:
        after = [(f"{role} remark", f" {shown}")] if shown else []
        yield [("gutter", gutter), (role, under), *after]
        return
    yield [("gutter", gutter), (role, under)]
    for piece in wrap(shown, max(1, width - len(gutter) - 2)):
        yield [("gutter", gutter), (f"{role} remark", f"  {piece}")]
