"""Filled tables on disk: what is kept is what is read, or nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drawn_tables import Asked, Cells, drawn_tables, expected, known_cells, large_tables
from whopays.engines import kept
from whopays.engines.filling import Filler, filler
from whopays.engines.keeping import made_by
from whopays.engines.shadow import ShadowError
from whopays.program.table import Table

NAME = b"n" * 32
HELD = {
    at: (frozenset({at % 3, 7 + at % 2}) if at % 5 else frozenset[int](), at % 4 == 0)
    for at in range(0, 1 << 40, (1 << 40) // 200)
}


def some_table(most: int = 50) -> tuple[Table, list[Cells]]:
    """Return a table, made anew, and entries of it."""
    (table,) = large_tables(1)
    return table, known_cells(table, most)


def filled(folder: Path, name: str = "reference", shadow: str = "all") -> Filler:
    """Return a filler that has filled one table and kept it."""
    table, cells = some_table()
    with filler(name, shadow=shadow, cache=folder) as made:  # type: ignore[arg-type]
        found = made.held_many(table, cells)
    assert [found] == expected([(table, cells)])
    return made


def kept_file(folder: Path) -> Path:
    """Return the one file of a table in `folder`."""
    (found,) = folder.glob("table-*.held")
    return found


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    kept.save(tmp_path, [(NAME, HELD)])

    found = kept.load(tmp_path, NAME)

    assert found is not None
    assert {at: (held, is_shadowed) for at, held, is_shadowed in found.pairs()} == HELD


def test_every_change_of_a_byte_is_noticed_and_the_file_is_gone(tmp_path: Path) -> None:
    kept.save(tmp_path, [(NAME, HELD)])
    path = kept.path_of(tmp_path, NAME)
    right = path.read_bytes()
    assert len(right) > 1000

    for at in range(0, len(right), 50):
        wrong = bytearray(right)
        wrong[at] ^= 1 << at % 8
        path.write_bytes(wrong)
        with pytest.raises(kept.DamagedError):
            kept.load(tmp_path, NAME)
        assert not path.exists()


def test_a_file_that_is_cut_short_or_goes_on_is_noticed() -> None:
    right = kept.encoded(NAME, HELD)

    for wrong in (*(right[:at] for at in range(0, len(right), 50)), right + b"\0"):
        with pytest.raises(kept.DamagedError):
            kept.decoded(wrong, NAME)


def test_a_file_of_another_table_is_noticed() -> None:
    with pytest.raises(kept.DamagedError):
        kept.decoded(kept.encoded(NAME, HELD), b"m" * 32)


def test_a_second_run_takes_the_tables_of_the_first(tmp_path: Path) -> None:
    first, second = filled(tmp_path, "durable"), filled(tmp_path, "durable")

    assert (first.filled, first.report()["entries"]["from_disk"]) == (48, 0)
    assert (second.filled, second.report()["entries"]["from_disk"]) == (0, 48)


def test_what_one_engine_filled_another_does_not_take(tmp_path: Path) -> None:
    filled(tmp_path, "reference")

    assert filled(tmp_path, "durable").filled == 48


def test_a_damaged_table_is_filled_anew_with_a_note(tmp_path: Path) -> None:
    filled(tmp_path)
    path = kept_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])

    again = filled(tmp_path)

    assert again.filled == 48
    assert "filled anew" in again.notes[0]
    assert filled(tmp_path).filled == 0


def test_what_no_shadow_saw_is_shadowed_when_it_is_taken(tmp_path: Path) -> None:
    assert filled(tmp_path, shadow="off").report()["entries"]["shadowed"] == 0

    second = filled(tmp_path)

    assert second.filled == 0
    assert second.report()["entries"]["shadowed"] == 48


def test_a_wrong_entry_that_no_shadow_saw_stops_the_run(tmp_path: Path) -> None:
    table, cells = some_table()
    name = kept.identity(table, made_by("reference"))
    wrong = {table.entry(cells[0]): (frozenset(range(len(table.clauses))), False)}
    kept.save(tmp_path, [(name, wrong)])

    with filler("reference", cache=tmp_path) as made, pytest.raises(ShadowError):
        made.held_many(table, cells)


def test_what_was_evaluated_in_place_of_the_engine_is_not_kept(
    tmp_path: Path,
) -> None:
    table, cells = some_table()
    with filler(cache=tmp_path) as made:
        made.engine.server = "no_such_module"  # type: ignore[attr-defined]
        made.held_many(table, cells)

    assert made.report()["entries"]["by_evaluation"] == len(cells)
    assert not list(tmp_path.glob("table-*.held"))


def test_other_cells_are_another_table() -> None:
    tables = drawn_tables(1)
    made = {kept.identity(table, "x") for table in tables}
    assert len(made) == len({table.digest for table in tables})
    dim = next(dim for table in tables for dim in table.dims if len(dim) > 1)
    table = next(table for table in tables if dim in table.dims)
    before = kept.identity(table, "x")
    dim.truth[0], dim.truth[1] = dim.truth[1], dim.truth[0]

    assert kept.identity(table, "x") != before
    assert kept.identity(table, "y") != kept.identity(table, "x")


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from drawn_tables import large_tables, known_cells
from whopays.engines.filling import filler
part = int(sys.argv[1])
tables = large_tables(6)
for at in range(8):
    for table in tables:
        table.held.clear()
    with filler("reference", cache=Path(sys.argv[2])) as made:
        for table in tables:
            cells = known_cells(table, 768)
            made.held_many(table, cells[8 * part + at :: 16])
    assert made.notes == [], made.notes
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    script = _WRITER.format(tests=str(Path(__file__).parents[1]))
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(part), str(tmp_path)])
        for part in range(2)
    ]
    assert [process.wait(60) for process in running] == [0, 0]

    asked: Asked = [(t, known_cells(t, 768)) for t in large_tables(6)]
    with filler("reference", cache=tmp_path) as made:
        assert made.fill(asked) == expected(asked)
    assert made.filled == 0
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_is_too_large_loses_what_was_used_longest_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [bytes([at]) * 32 for at in range(5)]
    for age, name in enumerate(names):
        kept.save(tmp_path, [(name, HELD)])
        os.utime(kept.path_of(tmp_path, name), (1_000_000 + age,) * 2)
    size = kept.path_of(tmp_path, names[0]).stat().st_size
    monkeypatch.setattr(kept, "_MOST_BYTES", 3 * size)
    kept.load(tmp_path, names[0])

    kept.save(tmp_path, [(names[4], HELD)])

    there = [name for name in names if kept.path_of(tmp_path, name).exists()]
    assert there == [names[0], names[3], names[4]]


def test_a_folder_that_can_not_be_written_costs_a_note_alone(tmp_path: Path) -> None:
    made = filled(tmp_path / "absent")

    assert made.filled == 48
    assert "not kept" in made.notes[0]
