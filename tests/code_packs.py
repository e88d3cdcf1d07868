"""A small code pack, to be spoiled by tests; its wordings hold a marker."""

from __future__ import annotations

from pathlib import Path

MARKER = "XYZZYWORDING"
HEAD = """\
name: Visit codes
systems: CPT
edition: 2025
holder: Nobody at all
licence: For tests alone.
licensed_users: 2
users: [Ana Lima, ben]
valid_from: 2025-01-01
"""
ROWS = f"""\
code,valid_from,valid_to,wording
99213,,,{MARKER} one
99201,,2024-12-31,"{MARKER} two, with a comma"
99215,2026-01-01,,{MARKER} three
99214,2020-01-01,2025-02-28,{MARKER} four
99214,2025-05-01,,{MARKER} five
"""


def code_pack(folder: Path, head: str = HEAD, rows: str = ROWS) -> Path:
    """Write a code pack into `folder`/pack and return that."""
    pack = folder / "pack"
    pack.mkdir(exist_ok=True)
    (pack / "pack.yaml").write_text(head, encoding="utf-8")
    (pack / "codes.csv").write_text(rows, encoding="utf-8")
    return pack
