"""A block that is being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lark import Tree

from whopays.syntax.nodes import RuleBlock
from whopays.syntax.statements import Statement

#: What a bound may stand under.
_BOUNDED = frozenset({"pay", "patient_owes", "carry", "is_line", "reading", "bound"})


@dataclass
class Opened:
    """The block being read, and what has been read of it."""

    kind: str
    head: Statement
    tree: Tree[Any] | None
    lines: list[tuple[str, Tree[Any]]] = field(default_factory=list)
    rows: list[Statement] = field(default_factory=list)
    inner: list[RuleBlock] = field(default_factory=list)
    #: The block inside which this one stands.
    outer: Opened | None = None
    #: A grid with lines that may be rows without bars, reported already.
    has_bare_rows: bool = False
    #: A head that can't be read, or a repeated head: reported already, not built.
    broken: bool = False

    @property
    def takes_bound(self) -> bool:
        """Tell whether a bound may stand here."""
        return bool(self.lines) and self.lines[-1][0] in _BOUNDED
