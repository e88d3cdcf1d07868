"""Two catalogs compared as plain data, for `--format json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whopays.analyse.catalogs.moves import Diff, Move
from whopays.analyse.catalogs.touched import TouchedContract


def diff_record(
    found: Diff, contracts: list[TouchedContract], real: Mapping[int, int] | None
) -> dict[str, Any]:
    """Return what differs as plain data; `real` counts codes of a list, move by move."""
    return {
        "old": f"{found.old.id} {found.old.version}",
        "new": f"{found.new.id} {found.new.version}",
        "codes": [
            {
                **_move(move),
                "in_list": None if real is None else real.get(at, 0),
            }
            for at, move in enumerate(found.moves)
        ],
        "services": {
            "new": list(found.added),
            "gone": list(found.gone),
            "renamed": dict(found.renamed),
            "changed": [
                {
                    "category": each.category,
                    "what": each.what,
                    "before": each.before,
                    "after": each.after,
                }
                for each in found.changed
            ],
            "ranked": [list(pair) for pair in found.ranked],
            "no_longer_ranked": [list(pair) for pair in found.unranked],
            "match_by": None if found.match_by is None else list(found.match_by),
        },
        "contracts": [
            {
                "contract": each.contract.id,
                "is_on_it": each.is_on_it,
                "rows": [
                    {
                        "row": row.row,
                        "place": row.place,
                        "gains": [_move(move) for move in row.gains],
                        "loses": [_move(move) for move in row.loses],
                        "shares": [_move(move) for move in row.shares],
                        "otherwise": list(row.otherwise),
                    }
                    for row in each.rows
                ],
            }
            for each in contracts
        ],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "kind": move.kind,
        "system": move.system,
        "ranges": list(move.codes),
        "before": sorted(move.before),
        "after": sorted(move.after),
    }
