"""What reading hands on: lines as columns, and what it met besides, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whopays.claims.records import Reject
from whopays.columns.lines import Lines

#: Records that are read at once, unless a caller says otherwise.
ROWS = 262_144


@dataclass(frozen=True)
class Chunk:
    """Some lines of a file, and the rejects and remarks met up to the end of them.

    A claim whose rows stand together is in one chunk, unless it has more than
    `rows.LONGEST_RUN`. A remark is plain data, as `ReadReport.take_remarks` has it.
    """

    lines: Lines
    rejects: tuple[Reject, ...] = ()
    remarks: tuple[Mapping[str, Any], ...] = ()
