"""The bulk update for callers: profiles of a file changed, and what that does to dollars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from whopays.api.profiles import Profiles, methods_of, positions_of
from whopays.api.reports import Office, Reported, report_files
from whopays.batch.folder import file_digest
from whopays.diagnostics import Source
from whopays.office import parse_profiles
from whopays.office.bulk import Bulk, BulkError, Settings, Where, bulk
from whopays.office.profile_edit import edited
from whopays.office.rows import Row
from whopays.syntax.files import replace_bytes


@dataclass(frozen=True)
class Planned:
    """A bulk update that was worked out, and the profiles before and after it."""

    bulk: Bulk
    before: Profiles
    after: Profiles


def planned(
    before: Profiles,
    conditions: Iterable[Where],
    wanted: Settings,
    positions: Mapping[str, tuple[str, ...]],
) -> Planned:
    """Return what `wanted` changes in the profiles that meet all `conditions`.

    `positions` are those of each method that there is. BulkError where the switch of the facility is against it, or a method is not known.
    """
    # A file is nobody's facility, and has no switch that could be against it.
    if before.facility.name and before.facility.against_bulk_update():
        raise BulkError(before.facility.against_bulk_update())
    tertiary = before.facility.against_tertiary()
    if tertiary and wanted.tertiary not in {None, "none"}:
        raise BulkError(tertiary)
    wanted.must_be_known(positions)
    found = bulk(before.profiles, conditions, wanted)
    return Planned(found, before, replace(before, profiles=found.after))


def update_file(path: Path, found: Planned, own: Iterable[Path] = ()) -> None:
    """Write a bulk update into the profile file that it was worked out from.

    BulkError, and the file is as it was, if it says other things by now, or if it is
    written in a way in which a setting can't be changed.
    """
    if found.before.sources != ((path.name, file_digest(path)),):
        raise BulkError(f"{path} was changed by somebody else: try again")
    raw = path.read_bytes()
    mark, text = (3, raw[3:]) if raw.startswith(_MARK) else (0, raw)
    words = {each.before.id: each.settings for each in found.bulk.changed}
    new = edited(text.decode("utf-8"), words)
    read = parse_profiles(Source(str(path), new), positions_of(methods_of(own)))
    if read != found.bulk.after:
        raise BulkError(
            f"{path} is written in a way that can't be changed here: edit it"
        )
    replace_bytes(path, raw[:mark] + new.encode("utf-8"))


_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Moved:
    """A payer of an account that a bulk update moves: to other dollars or another report."""

    before: Row
    after: Row


@dataclass(frozen=True)
class Effect:
    """What a bulk update does to accounts: the reports before and after, and who moves."""

    before: Reported
    after: Reported
    moved: tuple[Moved, ...]


def effect_on(files: Iterable[Path], found: Planned, office: Office) -> Effect:
    """Return what the accounts of `files` come to before and after a bulk update.

    Nothing is stored. Errors are those of `load_accounts` and `report_files`.
    """
    paths = tuple(files)
    was, is_ = (
        report_files(office.load(each), each, paths)
        for each in (found.before, found.after)
    )
    pairs = zip(was.reports.rows, is_.reports.rows, strict=True)
    moved = (Moved(*pair) for pair in pairs if _sums(pair[0]) != _sums(pair[1]))
    return Effect(was, is_, tuple(moved))


def _sums(row: Row) -> tuple[object, ...]:
    return row.report, row.expected, row.by_hand
