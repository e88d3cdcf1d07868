"""A run that was stopped, however that was, goes on and ends with the same bytes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from command_line import Command
from small_rules import FACTS, book_of, rules, written_rules
from whopays.api import RuleBook
from whopays.batch.folder import OutputInUseError, aside_of, held
from whopays.batch.inputs import InputChangedError
from whopays.batch.journal import ChangedError
from whopays.batch.work import Done, Interrupted

HERE = Path(__file__).parents[1]
HEAD = "claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed\n"
LINES = 20
STOP_LOSS = """\
limit SL "Stop loss"
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $100.00
  then PLAN 80%, IPA 20%
end
"""


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, rules())


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    chance = Random(7)  # noqa: S311 - claims, not secrets
    rows = (
        f"C{at},1,HMO,2025-0{chance.randint(1, 4)}-04,{chance.choice(('99213', ''))},0120,"
        f"{chance.choice(('inside', 'outside', '', 'upstairs'))},{chance.randint(1, 999)}.{at}0"
        for at in range(LINES // 2)
    )
    rows = (f"{row}\n{row.replace(',1,', ',2,', 1)}" for row in rows)
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def after(chunks: int) -> Callable[[], bool]:
    """Return what says to stop when it was asked `chunks` times."""
    asked = Counter[str]()

    def stop() -> bool:
        asked["times"] += 1
        return asked["times"] >= chunks

    return stop


def begun(book: RuleBook, claims: Path, out: Path, chunks: int = 2) -> None:
    with pytest.raises(Interrupted):
        book.decide_files([claims], out, chunk=3, stop=after(chunks))
    assert not out.exists()


def test_a_run_that_is_killed_at_any_instant_ends_with_the_same_bytes(
    claims: Path, tmp_path: Path
) -> None:
    # With a limit, so that the second pass is in it, too.
    written_rules(tmp_path, rules(STOP_LOSS))
    head, *rows = claims.read_text("utf-8").splitlines()
    rows = [f"{head},member_id", *(f"{row},M{at % 3}" for at, row in enumerate(rows))]
    claims.write_text("\n".join(rows) + "\n", "utf-8")
    program = [sys.executable, str(HERE / "killing.py"), str(tmp_path), "1"]
    done = subprocess.run(
        program, capture_output=True, text=True, check=False, cwd=HERE
    )
    assert done.returncode == 0, done.stderr
    told = Counter(done.stdout.split())
    assert told["killed"] >= 20
    for at in range(3):
        whole = _bytes(tmp_path / f"whole-{at}")
        outs = list(tmp_path.glob(f"out-{at}-*"))
        assert len(outs) >= 6
        for out in outs:
            assert _bytes(out) == whole
    assert claims.is_file()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_run_that_was_stopped_goes_on_where_it_was(
    book: RuleBook, claims: Path, tmp_path: Path, form: str
) -> None:
    book.decide_files([claims], tmp_path / "whole", form=form)
    out = tmp_path / "out"
    told: list[Done] = []
    for chunks in (1, 2, 4):
        with pytest.raises(Interrupted):
            book.decide_files(
                [claims], out, form=form, chunk=2, resume=True, stop=after(chunks)
            )
    book.decide_files([claims], out, form=form, resume=True, progress=told.append)
    assert told[0].lines > 2 * 2
    assert _bytes(out) == _bytes(tmp_path / "whole")
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["chunk"] == 2
    assert 0 < run["chunks_of_earlier_runs"] < run["chunks"]


def test_without_resume_a_run_begins_anew(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    begun(book, claims, out)
    book.decide_files([claims], out, chunk=4)
    assert (
        json.loads((out / "run.json").read_text("utf-8"))["chunks_of_earlier_runs"] == 0
    )


def test_a_journal_that_was_cut_off_anywhere_is_read_as_far_as_it_is_whole(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    book.decide_files([claims], tmp_path / "whole")
    out = tmp_path / "out"
    chance = Random(3)  # noqa: S311 - a place, not a secret
    for _ in range(8):
        begun(book, claims, out, chunks=3)
        journal = aside_of(out) / "journal.jsonl"
        text = journal.read_bytes()
        journal.write_bytes(text[: chance.randrange(len(text))])
        book.decide_files([claims], out, chunk=3, resume=True)
        assert _bytes(out) == _bytes(tmp_path / "whole")
        shutil.rmtree(out)


@pytest.mark.parametrize("ending", ["arrow", "beside"])
def test_a_part_with_a_flipped_byte_is_decided_again(
    book: RuleBook, claims: Path, tmp_path: Path, ending: str
) -> None:
    book.decide_files([claims], tmp_path / "whole")
    out = tmp_path / "out"
    begun(book, claims, out, chunks=3)
    part = aside_of(out) / "parts" / f"0000002.{ending}"
    text = bytearray(part.read_bytes())
    text[len(text) // 2] ^= 1
    part.write_bytes(text)
    told: list[Done] = []
    book.decide_files([claims], out, resume=True, progress=told.append)
    assert told[0].lines < 9
    assert _bytes(out) == _bytes(tmp_path / "whole")


def test_a_run_does_not_go_on_with_other_claims(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    begun(book, claims, out)
    claims.write_text(claims.read_text("utf-8").replace("HMO", "MA", 1), "utf-8")
    with pytest.raises(ChangedError, match=r"other inputs: another claims\.csv\."):
        book.decide_files([claims], out, resume=True)
    other = tmp_path / "more.csv"
    other.write_text(HEAD, "utf-8")
    with pytest.raises(ChangedError, match=r"no more\.csv"):
        book.decide_files([claims, other], out, resume=True)
    assert aside_of(out).is_dir()


def test_a_run_does_not_go_on_by_other_rules_or_options(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    begun(book, claims, out)
    with pytest.raises(ChangedError, match="format jsonl, not parquet"):
        book.decide_files([claims], out, resume=True, form="parquet")
    with pytest.raises(ChangedError, match="chunk 3, not 5"):
        book.decide_files([claims], out, resume=True, chunk=5)
    text = rules(facts=FACTS.replace("is number", "is money per line"))
    other = book_of(tmp_path, text)
    with pytest.raises(ChangedError, match=r"other rules: another small\.rules"):
        other.decide_files([claims], out, resume=True)
    book.decide_files([claims], out, resume=True)


def test_only_one_run_at_a_time_writes_an_output(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with held(out), pytest.raises(OutputInUseError, match="another run is writing"):
        book.decide_files([claims], out)
    book.decide_files([claims], out)
    assert (out / "manifest.json").is_file()


def test_a_file_that_changes_while_it_is_read_is_told_and_nothing_is_written(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    def change(_: Done) -> None:
        claims.write_text(claims.read_text("utf-8") + "X,1,HMO,,,,,\n", "utf-8")

    with pytest.raises(InputChangedError, match="was changed while it was read"):
        book.decide_files([claims], tmp_path / "out", progress=change)
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_killed_while_it_replaced_an_output_puts_it_back(
    book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    book.decide_files([claims], out)
    whole = _bytes(out)
    out.rename(tmp_path / ".out.old")
    begun_at = aside_of(out)
    begun_at.mkdir()
    with held(out):
        assert _bytes(out) == whole


def _many(folder: Path) -> Path:
    claims = folder / "claims.csv"
    row = "HMO,2025-03-04,99213,,inside,10.00\n"
    claims.write_text(HEAD + "".join(f"C{at},1,{row}" for at in range(4_000)), "utf-8")
    return claims


def _decide(claims: Path, folder: Path, *words: str) -> list[str]:
    return [
        *(sys.executable, "-m", "whopays", "decide", str(claims)),
        *("--rules", str(folder / "rules"), "-o", str(folder / "out")),
        *("--engine", "reference", "--unchecked", *words),
    ]


@pytest.mark.parametrize(
    ("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_who_asks_to_stop_gets_the_chunk_finished_and_is_told_how_to_go_on(
    tmp_path: Path, asked: signal.Signals, code: int
) -> None:
    written_rules(tmp_path, rules())
    claims = _many(tmp_path)
    command = _decide(claims, tmp_path, "--chunk", "50")
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        journal = tmp_path / ".out.part" / "journal.jsonl"
        _wait(lambda: journal.is_file() and len(journal.read_bytes().splitlines()) > 2)
        running.send_signal(asked)
        _, told = running.communicate(timeout=60)
    assert running.returncode == code
    assert "press Ctrl-C again" in told
    assert "the same command with --resume goes on" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    done = subprocess.run(
        [*command, "--resume"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))["counts"]
    assert counts["lines"] == 4_000


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(("most", "kept"), [(4_000, 0), (500_000, 4_000)])
def test_a_disk_that_is_full_is_told_and_no_output_is_there(
    tmp_path: Path, most: int, kept: int
) -> None:
    written_rules(tmp_path, rules())
    claims = _many(tmp_path)
    command = _decide(claims, tmp_path, "--chunk", "100")
    limited = [
        *(sys.executable, "-c"),
        (
            "import os, resource, sys; "
            "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2); "
            "os.execv(sys.argv[1], sys.argv[1:])"
        ),
        *(str(most), *command),
    ]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert ("4,000 records are decided and kept" in done.stderr) == bool(kept)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    done = subprocess.run(
        [*command, "--resume"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/decisions.jsonl").is_file()


def test_a_parquet_file_that_was_cut_off_is_told_at_once(
    whopays: Command, book: RuleBook, claims: Path, tmp_path: Path
) -> None:
    book.decide_files([claims], tmp_path / "some", form="parquet")
    text = (tmp_path / "some/decisions.parquet").read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(text[: len(text) // 2])
    told = whopays(
        *("decide", claims, cut, "--rules", tmp_path / "rules"),
        *("-o", tmp_path / "out", "--unchecked"),
    )
    assert told.code == 1
    assert "cut.parquet is not a readable Parquet file" in told.err
    assert not (tmp_path / "out").exists()
    assert not aside_of(tmp_path / "out").exists()


def test_a_folder_in_the_place_of_a_file_is_told_at_once(
    whopays: Command, book: RuleBook, tmp_path: Path
) -> None:
    assert book.parties
    (tmp_path / "claims.csv").mkdir()
    told = whopays(
        *("decide", tmp_path / "claims.csv", "--rules", tmp_path / "rules"),
        *("-o", tmp_path / "out"),
    )
    assert told.code == 2
    assert told.err == f"error: {tmp_path / 'claims.csv'}: Is a directory\n"
    assert not (tmp_path / "out").exists()
