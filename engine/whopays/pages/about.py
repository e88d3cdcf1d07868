"""What every page says of itself: by which rules and which whopays it was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """Where a page comes from; nothing of the machine, and no time of day.

    `sources` are the names and SHA-256 digests of the rule files, `asked` the options
    that change what the page says, as (name, value).
    """

    version: str
    sources: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...] = ()
