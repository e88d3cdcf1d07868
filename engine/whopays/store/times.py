"""Moments as the store keeps them: UTC, to the second, as text that sorts by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def stamp(moment: datetime) -> str:
    """Return `moment` as the store keeps it."""
    return moment.astimezone(UTC).strftime(_FORM)


def later(moment: datetime, hours: int) -> str:
    """Return the moment `hours` after `moment`, as the store keeps it."""
    return stamp(moment + timedelta(hours=hours))
