"""A diagnostic as plain text: sentence, source lines with underlines, help."""

from __future__ import annotations

from collections.abc import Iterable

from whopays.diagnostics.diagnostic import Diagnostic, Label
from whopays.diagnostics.printable import in_place, printable

_WIDEST_LINE = 160  # a line of a million characters is not shown whole


def render(found: Diagnostic) -> str:
    """Return `found` as text for a terminal or a file, without colour."""
    out = [f"{found.severity.value}[{found.code}]: {printable(found.message)}"]
    width = max((len(str(label.span.line)) for label in found.labels), default=1)
    for number, label in enumerate(found.labels):
        out.extend(_label(label, "^" if number == 0 else "-", width))
    pad = " " * width
    out.extend(f"{pad} = note: {printable(note)}" for note in found.notes)
    if found.help:
        out.append(f"{pad} = help: {printable(found.help)}")
    return "\n".join(out)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Return all of `diagnostics`, a blank line between two."""
    return "\n\n".join(render(found) for found in diagnostics)


def _label(label: Label, mark: str, width: int) -> list[str]:
    span = label.span
    text = span.source.line_text(span.line)
    column = span.column - 1
    shown_from = max(0, column - _WIDEST_LINE // 2) if len(text) > _WIDEST_LINE else 0
    shown = in_place(text[shown_from : shown_from + _WIDEST_LINE].rstrip())
    under = min(span.end - span.start, len(shown) - (column - shown_from))
    first_line = span.text.split("\n", 1)[0]
    under = max(1, min(under, len(first_line)))
    pad = " " * width
    underline = " " * (column - shown_from) + mark * under
    remark = f" {label.remark}" if label.remark else ""
    return [
        f"{pad}--> {span.place}",
        f"{pad} |",
        f"{span.line:>{width}} | {shown}",
        f"{pad} | {underline}{remark}",
    ]
