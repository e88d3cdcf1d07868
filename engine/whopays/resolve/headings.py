"""Rows that are no row: a heading between the services, a total below them."""

from __future__ import annotations

import re

from whopays.diagnostics import Edit, Remedy, leave_out_lines
from whopays.syntax import nodes

_TOTAL = re.compile(r"(sub-?|grand )?totals?\b", re.IGNORECASE)


def no_row(line: nodes.RowLine) -> Remedy | None:
    """Return the remedy for `line`, whose category does not exist, or None if it may be one."""
    name = line.category.text
    if _TOTAL.match(name):
        return leave_out_lines(line.span, "leave out the line: a grid has no totals")
    if line.cells or line.when or line.cites or not name:
        return None
    edit = Edit(line.span, f"# {name}")
    return Remedy(f"write `# {name}`, if it is a heading", (edit,))
