"""Text to nodes, from the beginning: what was pasted, then statements, blocks and nodes."""

from __future__ import annotations

from whopays.diagnostics import Diagnostic, Label, Source, Span
from whopays.syntax.mend import read_mended
from whopays.syntax.nodes import RuleFile
from whopays.syntax.pasted import pasted
from whopays.syntax.reader import read_source
from whopays.syntax.statements import normal_text

_LONGEST = 20_000_000  # characters of one file; real contracts have 100,000


def parse(name: str, text: str) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of the rule file `name`, and all that is wrong with its text."""
    source = Source(name, normal_text(text))
    if len(source.text) > _LONGEST:
        place = Span(source, 0, 1)
        found = Diagnostic(
            "P020", "this file is too long to be a rule file", (Label(place),)
        )
        return RuleFile(source, (), has_errors=True), [found]
    return read_mended(source, pasted(source), read_source)
