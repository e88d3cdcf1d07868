"""Code packs: lists of codes that stay outside whopays, with their licence.

A pack is a folder that the user supplies: `pack.yaml` says what it is and to whom it may
be shown, `codes.csv` has the codes, their dates and their wording. Its wording is shown
to named users and is never written anywhere; where only the dates are needed, it is not
even read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whopays.codes.pack_file import Head, Licence, read_head
from whopays.codes.pack_rows import read_rows
from whopays.diagnostics import Diagnostic, DiagnosticError, Source, nearest_file
from whopays.model.validity import CodeDates

__all__ = ["Licence", "Pack", "load_pack", "load_packs"]

HEAD, ROWS = "pack.yaml", "codes.csv"
_LARGEST_HEAD = 64 * 1024
_LARGEST_ROWS = 256 * 1024 * 1024


@dataclass(frozen=True)
class Pack:
    """A code pack that was read: its dates and its licence."""

    dates: CodeDates
    licence: Licence
    _wordings: Mapping[tuple[str, str], str] = field(repr=False, compare=False)

    def wording(self, system: str, code: str, user: str) -> str:
        """Return the wording of a code if `user` may see it; empty if not, or if none."""
        return self._wordings.get((system, code), "") if self.shows_to(user) else ""

    def shows_to(self, user: str) -> bool:
        """Tell whether the wording may be shown to `user`."""
        return self.licence.shows_to(user)

    @property
    def statement(self) -> str:
        """What has to be said wherever something from the pack is shown."""
        licence = self.licence
        return f"{self.dates.title}, {licence.holder}: {licence.text} ({licence.scope})"


def load_pack(path: str | Path, *, wordings: bool = False) -> Pack:
    """Return the pack in the folder `path`; with `wordings` its texts are read, too.

    Raise DiagnosticError with all that is wrong with it: a pack is whole or not used.
    """
    folder = Path(path)
    _must_be_pack(folder)
    head = read_head(Source(f"{folder.name}/{HEAD}", _head_text(folder)))
    if (folder / ROWS).stat().st_size > _LARGEST_ROWS:
        message = f"{ROWS} of the pack `{folder.name}` is too large for a list of codes"
        raise _refused(message, f"it may have {_LARGEST_ROWS:,} bytes")
    rows = read_rows(folder / ROWS, folder.name, head.systems, wordings=wordings)
    return Pack(_dates(head, folder, rows.periods), head.licence, rows.wordings)


def load_packs(paths: Iterable[str | Path]) -> tuple[Pack, ...]:
    """Return the packs in the folders `paths`, without wordings; each is loaded once."""
    return tuple(load_pack(path) for path in dict.fromkeys(map(Path, paths)))


def _dates(head: Head, folder: Path, periods: Mapping) -> CodeDates:  # type: ignore[type-arg]
    return CodeDates(
        head.name,
        head.edition,
        _digest(folder),
        head.systems,
        head.covers,
        head.complete,
        periods,
    )


def _must_be_pack(folder: Path) -> None:
    if not folder.is_dir():
        near = None if folder.exists() else nearest_file(folder)
        raise _refused(
            f"there is no folder {folder}"
            if not folder.exists()
            else f"{folder} is no folder, and a code pack is one",
            f"did you mean {near}?" if near else f"it holds {HEAD} and {ROWS}",
        )
    for name in (HEAD, ROWS):
        if not (folder / name).is_file():
            raise _refused(
                f"the code pack `{folder.name}` has no file {name}",
                f"a code pack is a folder that holds {HEAD} and {ROWS}",
            )


def _head_text(folder: Path) -> str:
    try:
        with (folder / HEAD).open("rb") as file:
            raw = file.read(_LARGEST_HEAD + 1)
        if len(raw) > _LARGEST_HEAD:
            message = f"{HEAD} of the pack `{folder.name}` is too large"
            raise _refused(message, f"it may have {_LARGEST_HEAD:,} bytes")
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise _refused(f"{folder / HEAD} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _refused(
            f"{HEAD} of the pack `{folder.name}` is not UTF-8 text"
        ) from None


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for name in (HEAD, ROWS):
        with (folder / name).open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()


def _refused(message: str, remedy: str = "") -> DiagnosticError:
    return DiagnosticError([Diagnostic("M040", message, (), help=remedy)])
