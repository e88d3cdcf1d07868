"""A claim as the engine sees it: lines, each with all the facts that it has.

The readers give every line the facts of its claim as well, so that a decision is a
function of one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.model.coordination import Coordination
from whopays.model.values import UNKNOWN, Value


@dataclass(frozen=True)
class Line:
    """One line: `number` as the claim counts it, `facts` by name.

    A fact that is not in `facts` is unknown. Values are as `model.values` says, codes
    normalised. `record` says where the line was read (a line or a segment of a file,
    from 1).
    """

    claim_id: str
    number: str
    facts: Mapping[str, Value]
    record: int = 0

    def read(self, fact: str) -> Value:
        """Return the value of `fact`, none, or unknown."""
        return self.facts.get(fact, UNKNOWN)


@dataclass(frozen=True)
class Claim:
    """A claim and its lines, in the order read; `coordination`: of its other payers.

    `frequency` is the third place of the type of bill where the format says it apart: 7
    replaces an earlier claim, 8 takes one back. `charge` is the total in cents that the
    claim states beside its lines; None where it states none, or a line could not be read.
    """

    id: str
    lines: tuple[Line, ...] = field(default_factory=tuple)
    coordination: Coordination | None = None
    frequency: str = ""
    charge: int | None = None
