"""The codes of a list counted by services, as plain data, for `--format json`."""

from __future__ import annotations

from typing import Any

from whopays.analyse.catalogs.coverage import ASKED, CLAIMED, UNCLAIMED, Coverage


def coverage_record(coverage: Coverage, title: str) -> dict[str, Any]:
    """Return what was counted as plain data; `title` says by which catalog."""
    statuses = (CLAIMED, ASKED, UNCLAIMED)
    return {
        "of": title,
        "codes": coverage.codes,
        "repeated": coverage.repeated,
        "unread": coverage.unread_rows,
        "counts": {status: coverage.of_status(status) for status in statuses},
        "by_system": {
            system: {status: coverage.by_system[system, status] for status in statuses}
            for system in coverage.systems
        },
        "categories": [
            {
                "category": name,
                "codes": coverage.claimed_by[name],
                "alone": coverage.alone[name],
            }
            for name in coverage.claims.catalog.categories
            if coverage.claimed_by[name]
        ],
        "categories_without_a_code": coverage.idle,
        "unclaimed": [
            {"system": system, "code": code} for system, code in coverage.unclaimed
        ],
        "unclaimed_is_complete": not coverage.forgotten,
        "unread_lines": [
            {"file": each.file, "line": each.record, "reason": each.reason}
            for each in coverage.unread
        ],
    }
