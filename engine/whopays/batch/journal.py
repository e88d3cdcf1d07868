"""The journal of a run: what it reads and by what, and the chunks that are done.

Each line is written when the files that it names are whole and on the disk. So a run
that was killed at any instant goes on behind the last whole line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from whopays.batch.folder import file_digest

_NAME = "journal.jsonl"


class ChangedError(Exception):
    """What a run was begun with is not what it is to go on with."""


@dataclass(frozen=True)
class Entry:
    """One chunk that is done: its counts, and the digests of its parts.

    `months` are the months of its lines, in the order of the part, with their counts;
    empty where the output is not divided by month.
    """

    chunk: int
    lines: int
    rejects: int
    remarks: int
    parts: Mapping[str, str]
    months: tuple[tuple[str, int], ...] = ()


class Journal:
    """The journal in the folder of a run."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self._folder = folder

    def begin(self, header: Mapping[str, Any]) -> None:
        """Begin a journal of a run of `header`."""
        self.path.write_text(_line({"header": header}), encoding="utf-8")
        self._on_disk()

    def add(self, entry: Entry) -> None:
        """Add a chunk whose parts are written."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(asdict(entry)))
            file.flush()
            os.fsync(file.fileno())

    def header(self) -> dict[str, Any] | None:
        """Return what the run was begun with, None where it was not begun."""
        lines = self._lines()
        return lines[0].get("header") if lines else None

    def done(self) -> list[Entry]:
        """Return the chunks that are done and whole, and cut off what comes after them."""
        whole: list[Entry] = []
        for at, entry in enumerate(self.entries(), 1):
            if entry.chunk != at or not self._is_whole(entry):
                break
            whole.append(entry)
        kept = [{"header": self.header()}, *map(asdict, whole)]
        aside = self.path.with_suffix(".new")
        aside.write_text("".join(map(_line, kept)), encoding="utf-8")
        aside.replace(self.path)
        self._on_disk()
        return whole

    def entries(self) -> list[Entry]:
        """Return the chunks that are entered, whatever became of their parts."""
        found = []
        for each in self._lines()[1:]:
            months = tuple((str(name), int(rows)) for name, rows in each["months"])
            found.append(Entry(**{**each, "months": months}))
        return found

    def _is_whole(self, entry: Entry) -> bool:
        for name, digest in entry.parts.items():
            path = self._folder / name
            if not path.is_file() or file_digest(path) != digest:
                return False
        return True

    def _lines(self) -> list[dict[str, Any]]:
        """Return the whole lines; the last one may be torn."""
        if not self.path.is_file():
            return []
        found: list[dict[str, Any]] = []
        for line in self.path.read_bytes().splitlines(keepends=True):
            try:
                record = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                record = None
            if not isinstance(record, dict):
                break
            found.append(record)
        return found

    def _on_disk(self) -> None:
        with self.path.open("rb") as file:
            os.fsync(file.fileno())


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"


def must_be_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise `ChangedError`, which names it, if something differs from `before`."""
    # As the journal has it, where tuples are lists.
    now = json.loads(json.dumps(now))
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if changed:
        raise ChangedError(
            "this run can't go on, for it was begun with "
            f"{'; '.join(_told(name, before.get(name), now.get(name)) for name in changed)}"
            ". Leave out --resume to begin anew"
        )


def _told(name: str, before: Any, now: Any) -> str:
    """Return what is different, in words: files by their names, options by their values."""
    if isinstance(before, list) and isinstance(now, list):
        by_name = [
            {each["name"]: each for each in some if isinstance(each, dict)}
            for some in (before, now)
        ]
        gone = [each for each in by_name[0] if each not in by_name[1]]
        more = [each for each in by_name[1] if each not in by_name[0]]
        other = [
            each
            for each in by_name[0]
            if each in by_name[1] and by_name[0][each] != by_name[1][each]
        ]
        said = [
            *(f"{each} (which is not given now)" for each in gone),
            *(f"no {each}" for each in more),
            *(f"another {each}" for each in other),
        ]
        return f"other {name}: {', '.join(said) or 'in another order'}"
    if isinstance(before, dict) and isinstance(now, dict):
        keys = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        said = [
            f"{key} {_word(before.get(key))}, not {_word(now.get(key))}" for key in keys
        ]
        return f"other {name}: {', '.join(said)}"
    return f"{name} {_word(before)}, not {_word(now)}"


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name", "other"))
    return "none" if value is None else str(value)
