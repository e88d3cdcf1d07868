"""The outputs as JSON Lines: each decision is what is told of its line alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from whopays.batch.folder import write_record
from whopays.columns.records import mentioned, records


def write_decisions(
    tables: Iterable[Any], explanations: Mapping[str, str], path: Path
) -> None:
    """Write the decisions of `tables`, a record a line."""
    facts = facts_of(explanations)
    with path.open("w", encoding="utf-8") as out:
        for table in tables:
            for record in records(table, facts):
                write_record(out, record)


def facts_of(explanations: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    """Return what tells the facts that an explanation mentions, by its id."""

    @cache
    def found(name: str) -> tuple[str, ...]:
        return mentioned(json.loads(explanations[name]))

    return found


def write_explanations(explanations: Mapping[str, str], path: Path) -> None:
    """Write the explanations in the order of their ids."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{explanations[name]}\n" for name in sorted(explanations))


def write_records(found: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write rejects or remarks."""
    with path.open("w", encoding="utf-8") as out:
        for each in found:
            write_record(out, dict(each))
