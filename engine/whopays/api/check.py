"""Checks a folder of rules: names and types first, then every case by its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays import bounds
from whopays.api.addresses import Addresses
from whopays.api.rulefiles import read_files
from whopays.diagnostics import Diagnostic, cut_short
from whopays.diagnostics.record import record
from whopays.model.rules import Rules

if TYPE_CHECKING:
    from whopays.checks import Checked


@dataclass
class Report:
    """What a check of a folder found, and what it looked at in each contract.

    `rules` are the rules that were checked, as far as they could be read, `root` is
    where they are, `known_on` the day as on which they were known. `catalogs` are those that no contract there
    uses, checked by themselves: by id and version, how many categories they have.
    """

    diagnostics: tuple[Diagnostic, ...]
    contracts: dict[str, Checked]
    rules: Rules
    root: Path
    known_on: date | None = None
    catalogs: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Return the report as plain data."""
        address = Addresses(self.root).uri
        return {
            "diagnostics": [record(each, address) for each in self.diagnostics],
            "contracts": {
                name: {
                    "entries": each.entries,
                    "tables": each.tables,
                    "versions": each.versions,
                    "amendments": list(each.amendments),
                    "unproved": each.unproved,
                    "too_large": list(each.too_large),
                    "possible": [record(found, address) for found in each.possible],
                    "by_otherwise": sorted(each.by_otherwise),
                    "catalog_ends": each.catalog_ends or None,
                }
                for name, each in self.contracts.items()
            },
            "catalogs": {
                name: {"categories": many} for name, many in self.catalogs.items()
            },
        }


def check(
    path: str | Path, *, locked: bool = True, known_on: date | None = None
) -> Report:
    """Check the rules at `path`: names and types, then every case.

    `locked`: compare the texts with the lock file beside them, if there is one.
    `known_on`: as the text was known on that day, without what was signed later.
    """
    # What checks is slow to import, and who decides needs none of it.
    from whopays.checks import (  # noqa: PLC0415
        check_catalog,
        check_contract,
        overlapping_heads,
    )

    rules, _, found = read_files(path, locked=locked)
    if any(each.is_error for each in found):
        return Report(tuple(found), {}, rules, Path(path), known_on)
    contracts = {
        name: check_contract(c, known_on) for name, c in rules.contracts.items()
    }
    found.extend(islice(overlapping_heads(rules.contracts), bounds.MOST_PROBLEMS))
    for checked in contracts.values():
        found.extend(checked.found)
    used = {id(each.catalog) for each in rules.contracts.values()}
    alone = [each for each in rules.catalogs.values() if id(each) not in used]
    for catalog in alone:
        found.extend(check_catalog(catalog))
    counts = {f"{each.id} {each.version}": len(each.categories) for each in alone}
    problems = tuple(cut_short(found))
    return Report(problems, contracts, rules, Path(path), known_on, counts)
