"""Text to nodes, from the beginning: what was pasted, then statements, blocks and nodes."""

from __future__ import annotations

from whopays import bounds
from whopays.diagnostics import Diagnostic, Source, cut_short
from whopays.syntax.extent import longer_than_bounds
from whopays.syntax.mistakes.mend import read_mended
from whopays.syntax.mistakes.pasted import pasted
from whopays.syntax.nodes import RuleFile
from whopays.syntax.reader import read_source
from whopays.syntax.statements import normal_lines, normal_text
from whopays.syntax.tables import tables


def parse(name: str, text: str) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of the rule file `name`, and all that is wrong with its text."""
    source = Source(name, normal_text(text))
    too_long = longer_than_bounds(source)
    if too_long is not None:
        return RuleFile(source, (), has_errors=True), [too_long]
    first = [*tables(source, normal_lines(text)), *pasted(source)]
    file, found = read_mended(source, first, read_source)
    if len(found) >= bounds.MOST_PROBLEMS:
        # What was not read would be missed by what was.
        return RuleFile(source, (), has_errors=True), cut_short(found)
    return file, found
