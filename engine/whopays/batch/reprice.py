"""Writes what came of files of accounts: results, rejects and a manifest.

As decisions are: into a folder aside, renamed when it is whole. The same accounts and
rules give the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from whopays.batch.folder import check_free, swap, write_json, write_record
from whopays.claims import Reject

_SUMMED = ("billed", "payments", "patient", "write_off", "refund")


def run(
    results: Iterable[dict[str, Any] | Reject],
    out: Path,
    manifest: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Write `results` into the folder `out` and return the counts.

    `manifest` says what was read and by what, and is asked when all is read. Raise
    `OutputExistsError` if `out` is there and was not written by an earlier run; OSError
    if it can't be written.
    """
    check_free(out)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        with (
            (aside / "accounts.jsonl").open("w", encoding="utf-8") as accounts,
            (aside / "rejects.jsonl").open("w", encoding="utf-8") as rejects,
        ):
            counts = _write(results, accounts, rejects)
        write_json(aside / "manifest.json", {**manifest(), "counts": counts})
        swap(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return counts


def _write(
    results: Iterable[dict[str, Any] | Reject], accounts: IO[str], rejects: IO[str]
) -> dict[str, Any]:
    statuses: Counter[str] = Counter()
    standing: dict[str, list[tuple[int, ...]]] = {}
    needs: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    rejected = 0
    for each in results:
        if isinstance(each, Reject):
            rejected += 1
            write_record(rejects, asdict(each))
            continue
        write_record(accounts, each)
        status = each["status"]
        statuses[status] += 1
        needs.update(each.get("needs", ()))
        _stand(standing, each)
        if status == "balanced":
            pairs = each["order"]["pairs"]
            by_rule.update(rule["id"] for pair in pairs for rule in pair["rules"])
    columns = zip(*(each for some in standing.values() for each in some), strict=True)
    sums = [sum(column) for column in columns] or [0] * len(_SUMMED)
    return {
        "accounts": sum(statuses.values()) + rejected,
        "rejects": rejected,
        "by_status": dict(sorted(statuses.items())),
        "cents_of_balanced": dict(zip(_SUMMED, sums, strict=True)),
        "pairs_by_rule": dict(sorted(by_rule.items())),
        "needs": dict(sorted(needs.items())),
    }


def _stand(
    standing: dict[str, list[tuple[int, ...]]], record: Mapping[str, Any]
) -> None:
    """Keep the amounts of a balanced account, by id, and drop those it takes back.

    So the sums count each account once, as it stands at the end.
    """
    before = record.get("adjusts") or record.get("reverses")
    if before:
        standing[before].pop()
    if "reverses" in record:
        return
    is_balanced = record["status"] == "balanced"
    cents = tuple(record[f"{n}_cents"] if is_balanced else 0 for n in _SUMMED)
    standing.setdefault(record["account_id"], []).append(cents)
