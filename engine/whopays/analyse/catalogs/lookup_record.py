"""A code explained as plain data, for `--format json`."""

from __future__ import annotations

from typing import Any

from whopays.analyse.catalogs.candidates import Candidate
from whopays.analyse.catalogs.lookup import Lookup
from whopays.model.changes import Changes


def lookup_record(found: Lookup) -> dict[str, Any]:
    """Return what a catalog says of a code as plain data."""
    return {
        "catalog": f"{found.catalog.id} {found.catalog.version}",
        "contract": None if found.stated is None else found.stated.label,
        "system": found.system,
        "code": found.code,
        "given": dict(found.given),
        "supposed_none": list(found.supposed),
        "status": found.status,
        "category": found.winner or None,
        "by_fact": found.by_fact or None,
        "tied": list(found.ties),
        "needs": list(found.needs),
        "match_by": list(found.order),
        "candidates": [
            {"fact": looked.fact, "code": looked.code, **_candidate(each)}
            for looked in found.looked
            for each in looked.candidates
        ],
        "without_codes": [_candidate(each) for each in found.codeless],
        "settled_by": _settled(found.changes),
        "mentioned_by": [
            {"category": each.category, "conditions": list(each.ranges)}
            for each in found.mentioned
        ],
        "nearest": [
            {"codes": each.codes, "categories": list(each.categories)}
            for each in found.near
        ],
        "rows": _rows(found),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "category": candidate.category,
        "ranges": list(candidate.ranges),
        "state": candidate.state,
        "reasons": list(candidate.reasons),
        "place": candidate.place,
    }


def _settled(changes: Changes | None) -> list[dict[str, Any]]:
    if changes is None:
        return []
    return [
        {
            "conditions": [each.condition for each in way.becomes],
            "category": category_of(way.status, way.answer),
            "needs": list(way.needs),
        }
        for found in changes.sets
        for way in found.ways
    ]


def category_of(status: str, answer: str) -> str | None:
    """Return the category that an answer of a placing stands for; None where there is none."""
    return answer.strip() if status == "decided" else None


def _rows(found: Lookup) -> list[dict[str, Any]]:
    if found.stated is None or not found.winner:
        return []
    return [
        {
            "row": row.id,
            "answer": row.answer.text,
            "cites": list(row.cites),
            "inherited": row.category != found.winner,
        }
        for row in found.stated.rows(found.winner)
    ]
