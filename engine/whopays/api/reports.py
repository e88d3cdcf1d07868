"""The reports and the worklist for callers: files of accounts read, repriced, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from whopays.api.accounts import AccountBook, load_accounts
from whopays.api.profiles import (
    Profiles,
    methods_of,
    positions_of,
    profiles_of_file,
    service_days,
)
from whopays.batch.folder import file_digest
from whopays.claims.records import ReadReport, Reject
from whopays.coordinate.account import Settled
from whopays.coordinate.corrected import Reversal
from whopays.model.account import Account
from whopays.office.reports import Reports
from whopays.office.rows import Row, Rows


@dataclass(frozen=True)
class Reported:
    """What files of accounts came to: the reports, rejects, and notes on what was left out.

    `sources` are names and digests of all that it was made from.
    """

    reports: Reports
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Office:
    """The profiles of an office, and what settles accounts by them.

    `load` returns a book of accounts by given profiles, `positions` those of each method
    that profiles may name.
    """

    profiles: Profiles
    load: Callable[[Profiles], AccountBook]
    positions: Callable[[], Mapping[str, tuple[str, ...]]]

    def report(self, files: Iterable[Path]) -> Reported:
        """Return what the accounts of `files` come to; see `report_files`."""
        return report_files(self.load(self.profiles), self.profiles, files)


def office_of_file(
    path: Path, rules: Path | None = None, order: str | None = None
) -> Office:
    """Return the office whose profiles are in the file at `path`: it has no switch."""
    own = () if rules is None else (rules,)
    return Office(
        profiles_of_file(path, own),
        lambda profiles: load_accounts(rules, order=order, profiles=profiles),
        lambda: positions_of(methods_of(own)),
    )


def report_files(
    book: AccountBook, profiles: Profiles, files: Iterable[Path]
) -> Reported:
    """Reprice the accounts of `files` by `profiles`, which `book` was loaded with.

    An account that a later one adjusts or reverses is not on a report: the later one is.
    DiagnosticError or OSError where a file can't be read at all. Nothing is stored.
    """
    paths = tuple(files)
    notes = [ReadReport() for _ in paths]
    rejects: list[Reject] = []
    standing: dict[str, list[tuple[Row, ...]]] = {}
    replaced = 0
    facts = book.coordinator.facts
    maker = Rows(profiles.facility, facts, profiles.of, profiles.against, service_day)
    for path, filed, found in book.repriced(paths, notes):
        if isinstance(filed, Reject):
            rejects.append(filed)
            continue
        if isinstance(found, str):
            name = "reverses" if filed.reverses else "adjusts"
            record = filed.account.record
            rejects.append(Reject(str(path), record, name, found, filed.account.id))
            continue
        before = filed.adjusts or filed.reverses
        if before and not isinstance(found, Settled):
            standing[before].pop()
            replaced += 1
        if isinstance(found, Reversal):
            replaced += 1
            continue
        settled = found if isinstance(found, Settled) else found[0]
        where = (path.name, settled.account.record)
        rows = tuple(maker.of(settled, where))
        standing.setdefault(settled.account.id, []).append(rows)
    each = [rows for some in standing.values() for rows in some]
    alone = sum(not any(row.is_second for row in rows) for rows in each)
    reports = Reports(
        tuple(row for rows in each for row in rows), alone, replaced, len(rejects)
    )
    told = tuple(note for report in notes for note in report.notes())
    sources = (
        *((path.name, file_digest(path)) for path in paths),
        *profiles.sources,
        ("rules", book.rules_digest),
    )
    return Reported(reports, tuple(rejects), told, sources)


def service_day(account: Account) -> date | None:
    """Return the last service date of an account; None where one is not known."""
    days = [day for day in service_days(account) if day is not None]
    return max(days) if len(days) == len(service_days(account)) else None
