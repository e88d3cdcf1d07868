"""The guarded worker: whatever becomes of it, answers are right, and it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_tables import Asked, drawn_tables, expected, known_cells, large_tables
from whopays.diagnostics import Source, Span
from whopays.engines import frames
from whopays.engines.durable import Durable
from whopays.engines.filling import filler
from whopays.engines.guarded import Guarded
from whopays.engines.rulesets import EngineMissing
from whopays.model.conditions import Is
from whopays.model.facts import Fact, Kind
from whopays.program.table import Table


@pytest.fixture
def guarded() -> Iterator[Guarded]:
    """Return what asks a worker, which ends with the test."""
    found = Guarded()
    yield found
    found.close()


def asked_of(count: int, most: int = 768) -> Asked:
    """Return entries of several large tables."""
    return [(table, known_cells(table, most)) for table in large_tables(count)]


def pid_of(guarded: Guarded) -> int:
    """Return the process of the worker."""
    worker = guarded._worker  # noqa: SLF001 - to be killed by the test
    assert worker is not None
    return worker.pid


def is_there(pid: int) -> bool:
    """Tell whether there is a process, running or a zombie."""
    return Path(f"/proc/{pid}").exists()


def gone(pid: int, seconds: float = 10) -> bool:
    """Wait until the process is gone; tell whether it is."""
    until = monotonic() + seconds
    while is_there(pid) and monotonic() < until:
        sleep(0.02)
    return not is_there(pid)


def test_a_worker_answers_as_the_clauses_say(guarded: Guarded) -> None:
    asked: Asked = [
        (table, known_cells(table))
        for seed in range(12)
        for table in drawn_tables(seed)
    ]

    assert guarded.answers(asked) == expected(asked)
    assert guarded.by_worker == sum(len(cells) for _, cells in asked) > 1000
    assert guarded.incidents == []


def test_more_tables_than_may_be_loaded_at_once_are_all_answered(
    guarded: Guarded,
) -> None:
    asked = asked_of(100, most=3)

    for _ in range(2):
        assert guarded.answers(asked) == expected(asked)
    assert guarded.incidents == []


def test_tables_of_one_digest_may_have_other_cells() -> None:
    is_plan = Is("received_by", "PLAN", "received_by is PLAN")
    fact = Fact("received_by", Kind.PARTY, Span(Source("", ""), 0, 0))
    first, second = (
        Table((("1", is_plan),), {"received_by": fact}, parties)
        for parties in (("PLAN", "IPA"), ("IPA", "PLAN"))
    )
    asked: Asked = [(table, [(0,), (1,)]) for table in (first, second)]
    right = [[frozenset({0}), frozenset[int]()], [frozenset[int](), frozenset({0})]]
    assert first.digest == second.digest

    with filler() as made:
        assert made.fill(asked) == right
    durable = Durable()
    for table, cells in asked:
        table.held.clear()
        assert [durable.held(table, each) for each in cells] == right.pop(0)
    durable.close()


def test_killed_at_twenty_random_instants_all_answers_are_right() -> None:
    chance = Random(8)  # noqa: S311 - a test
    asked = asked_of(24)
    right = expected(asked)
    incidents = 0
    for _ in range(20):
        guarded = Guarded()
        guarded.answers(asked[:1])
        worker, wait = pid_of(guarded), chance.uniform(0, 0.04)

        def kill(worker: int = worker, wait: float = wait) -> None:
            sleep(wait)
            os.kill(worker, signal.SIGKILL)

        killer = Thread(target=kill)
        killer.start()
        found = guarded.answers(asked)
        killer.join()
        incidents += len(guarded.incidents)
        noted = {each.entry for each in guarded.incidents} - {None}
        assert found == right
        assert len(guarded.evaluated) == len(noted)
        guarded.close()
    assert incidents > 5


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("hang", "no answer within 3 seconds"),
        ("crash", "the worker ended by signal 11"),
        ("lose", "EngineError: durable-rules lost its canary"),
    ],
)
def test_the_entry_in_flight_is_evaluated_and_noted(
    what: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOPAYS_STUB", what)
    guarded = Guarded(seconds=3, server="stub_server")
    (table, cells) = asked_of(1)[0]

    found = guarded.answers([(table, cells)])
    worker = pid_of(guarded)
    guarded.close()

    assert [found] == [expected([(table, cells)])]
    assert [(each.table, each.entry) for each in guarded.incidents] == [
        (table.digest, 0)
    ]
    assert told in guarded.incidents[0].what
    assert guarded.evaluated == {(table, 0)}
    assert guarded.by_worker == len(cells) - 1
    assert not is_there(worker)


def test_a_table_that_can_not_be_loaded_is_set_aside_and_then_the_worker_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WHOPAYS_STUB", "load")
    guarded = Guarded(server="stub_server")
    asked = asked_of(3, most=10)

    assert guarded.answers(asked) == expected(asked)

    assert guarded.by_worker == 0
    assert guarded.is_given_up
    told = [each.what for each in guarded.incidents]
    assert len(told) == 6
    assert "the table is set aside" in told[2]
    assert "the worker is given up" in told[5]


def test_a_worker_that_does_not_start_is_given_up() -> None:
    guarded = Guarded(server="no_such_module")
    asked = asked_of(1, most=10)

    assert guarded.answers(asked) == expected(asked)

    assert guarded.is_given_up
    assert {each.entry for each in guarded.incidents} == {None}


def test_a_worker_that_was_killed_while_idle_is_started_anew(guarded: Guarded) -> None:
    asked = asked_of(1, most=10)
    guarded.answers(asked)
    os.kill(pid_of(guarded), signal.SIGKILL)
    sleep(0.1)

    assert guarded.answers(asked) == expected(asked)
    assert guarded.evaluated == set()
    assert [each.entry for each in guarded.incidents] == [None]


def test_closing_leaves_no_process_and_asking_again_starts_one(
    guarded: Guarded,
) -> None:
    asked = asked_of(1, most=10)
    guarded.answers(asked)
    first = pid_of(guarded)
    guarded.close()

    assert not is_there(first)
    assert guarded.answers(asked) == expected(asked)


def test_an_exception_in_the_midst_ends_the_worker(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_of(2)
    guarded.answers(asked)
    worker = pid_of(guarded)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("whopays.engines.frames.answered", broken)
    with pytest.raises(KeyboardInterrupt):
        guarded.answers(asked)

    assert not is_there(worker)


def test_a_missing_engine_is_told_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "durable_rules_engine.py").write_text("raise ImportError\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(EngineMissing, match="--engine reference"):
        Guarded().answers(asked_of(1, most=3))


_SCRIPT = """
import os, sys, time
sys.path.insert(0, {tests!r})
from drawn_tables import large_tables, known_cells
from whopays.diagnostics import Source, Span
from whopays.engines.durable import Durable
from whopays.engines.filling import filler
table = large_tables(1)[0]
made = filler()
made.held_many(table, known_cells(table))
print(made.engine._worker.pid, flush=True)
{then}
"""


def started(tmp_path: Path, then: str, workers: int = 1) -> Any:
    """Start a script without a main guard; return it, and the processes it names."""
    script = tmp_path / "script.py"
    tests = str(Path(__file__).parents[1])
    script.write_text(_SCRIPT.format(tests=tests, then=then))
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    found = [int(process.stdout.readline()) for _ in range(workers)]
    process.stdout.close()
    return process, *found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_parent_that_ends_by_a_signal_leaves_no_worker(
    tmp_path: Path, number: signal.Signals
) -> None:
    process, worker = started(tmp_path, "time.sleep(60)")

    process.send_signal(number)
    process.wait()

    assert gone(worker)


def test_a_parent_that_forgets_to_close_leaves_no_worker(tmp_path: Path) -> None:
    process, worker = started(tmp_path, "")
    process.wait()

    assert process.returncode == 0
    assert gone(worker)


def test_a_forked_child_that_outlives_the_parent_keeps_no_worker(
    tmp_path: Path,
) -> None:
    then = "if os.fork() == 0:\n    time.sleep(8)\nos._exit(0)"
    process, worker = started(tmp_path, then)
    process.wait()

    assert gone(worker)


def test_a_worker_that_hangs_when_its_parent_is_killed_ends_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOPAYS_STUB", "hang")
    then = """
from whopays.engines.guarded import Guarded
table.held.clear()
made.close()
alone = Guarded(seconds=2, server="stub_server")
alone.answers([(table, known_cells(table)[1:2])])
print(alone._worker.pid, flush=True)
alone.answers([(table, known_cells(table)[:1])])
"""
    process, first, second = started(tmp_path, then, 2)
    sleep(0.5)
    assert gone(first)
    assert is_there(second)

    process.kill()
    process.wait()

    assert gone(second)


def test_a_forked_process_starts_a_worker_of_its_own(guarded: Guarded) -> None:
    asked = asked_of(1, most=10)
    guarded.answers(asked)
    worker = pid_of(guarded)
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            is_right = guarded.answers(asked) == expected(asked)
            guarded.close()
            os._exit(0 if is_right else 1)
        os._exit(2)

    assert os.waitpid(child, 0)[1] == 0
    assert guarded.answers(asked) == expected(asked)
    assert pid_of(guarded) == worker
    assert guarded.incidents == []


def test_a_process_that_may_have_no_children_has_a_worker() -> None:
    process = get_context("fork").Process(target=_must_be_right, daemon=True)
    process.start()
    process.join(60)

    assert process.exitcode == 0


def _must_be_right() -> None:
    asked = asked_of(1, most=10)
    guarded = Guarded()
    assert guarded.answers(asked) == expected(asked)
    guarded.close()
    assert guarded.incidents == []


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 9))
def test_frames_are_whole_whatever_pieces_they_come_in(
    contents: list[bytes], size: int
) -> None:
    sent = b"".join(frames.frame(b"X", content) for content in contents)
    came, found = frames.Frames(), []
    for at in range(0, len(sent), size):
        came.add(sent[at : at + size])
        while (each := came.next()) is not None:
            found.append(each)

    assert found == [(b"X", content) for content in contents]


def test_a_filler_that_is_asked_one_by_one_asks_ahead() -> None:
    table, cells = asked_of(1)[0]
    with filler() as made:
        for each in cells:
            made.held(table, each)

        assert table.held == dict(
            zip(map(table.entry, cells), expected([(table, cells)])[0], strict=True)
        )
        worker = made.engine
        assert isinstance(worker, Guarded)
        assert worker.by_worker == made.filled == len(cells)
