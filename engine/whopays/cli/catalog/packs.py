"""What code packs say of one code, for the terminal: the only place that shows a wording."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from whopays.model.codes import shown_code

if TYPE_CHECKING:
    from whopays.codes import Pack


def file_of_list(codes: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the file with the codes and, where it is of a pack, the systems of that."""
    if not codes.is_dir():
        return codes, ()
    from whopays.cli.options import state_licences  # noqa: PLC0415 - on demand
    from whopays.codes import load_pack  # noqa: PLC0415

    pack = load_pack(codes)
    state_licences((pack,))
    return codes / "codes.csv", pack.dates.systems


def told_packs(
    packs: tuple[Pack, ...], key: tuple[str, str], day: date | None, user: str
) -> Iterator[str]:
    """Yield what `packs` say of the code `key` (system, code) on `day`, to `user`."""
    for pack in packs:
        if key[0] not in pack.dates.systems:
            yield f"  {pack.dates.title} is of {', '.join(pack.dates.systems)}"
            continue
        yield f"  In {pack.dates.title}"
        yield f"    {_dates(pack, key)}"
        said = _standing(pack, key, day)
        if said:
            yield f"    {said}"
        yield from _wording(pack, key, user)


def packs_record(
    packs: tuple[Pack, ...], key: tuple[str, str], day: date | None
) -> list[dict[str, object]]:
    """Return what `packs` say of the code `key` as plain data: never a wording."""
    return [
        {
            "pack": pack.dates.title,
            "sha256": pack.dates.digest,
            "licence": pack.statement,
            "says": _dates(pack, key) if key[0] in pack.dates.systems else None,
            "not_in_force": bool(_standing(pack, key, day)),
        }
        for pack in packs
    ]


def _dates(pack: Pack, key: tuple[str, str]) -> str:
    periods = pack.dates.periods.get(key)
    if periods is None:
        return "not listed"
    said = []
    for period in periods:
        first = "" if period.first == date.min else f"from {period.first}"
        last = "" if period.last is None else f"to {period.last}"
        said.append(f"{first} {last}".strip() or "without dates")
    return (
        f"in force {', '.join(said)}"
        if said != ["without dates"]
        else "listed without dates"
    )


def _standing(pack: Pack, key: tuple[str, str], day: date | None) -> str:
    from whopays.decide.codes import against  # noqa: PLC0415 - on demand

    if day is None:
        return ""
    code = shown_code(*key)
    if against((pack.dates,), *key, day) is None:
        return ""
    return f"{code} is not in force on {day}: a line with it counts it as unknown"


def _wording(pack: Pack, key: tuple[str, str], user: str) -> Iterator[str]:
    if not sys.stdout.isatty():
        yield "    wording: shown on a terminal alone, never in a file or a pipe"
        return
    if not pack.shows_to(user):
        who = f"{user} is not one of them" if user else "say who you are by --user"
        yield f"    wording: for the named users of the pack; {who}"
        return
    wording = pack.wording(*key, user)
    if wording:
        yield f"    wording: {wording}"
