"""A worker process as its parent has it: started, asked within a deadline, ended.

It is started by its own command line, so it works where processes may not be forked
and where the main program is no module. What it is asked and answers are frames.
"""

from __future__ import annotations

import mmap
import os
import select
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import monotonic
from typing import IO

from whopays.engines import frames
from whopays.engines.rulesets import EngineMissing
from whopays.engines.server import BEGUN, ENTRY

SERVER = "whopays.engines.server"
_PIPE = 1 << 16
_START = 60  # seconds; a machine that is busy starts a process slowly


class Failure(Exception):
    """The worker did not answer: it is ended. `entry` is the place of what it was at.

    That is None where it was at nothing.
    """

    def __init__(self, what: str, entry: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.entry = entry


class Worker:
    """One process of the module `server`, which answers within `seconds`."""

    def __init__(self, seconds: int, server: str = SERVER) -> None:
        """Start it; raise `EngineMissing` or `Failure` where it does not come up."""
        self._seconds = seconds
        self._found = frames.Frames()
        self._answered = 0
        with tempfile.TemporaryFile() as progress:
            progress.truncate(mmap.PAGESIZE)
            self._shared = mmap.mmap(progress.fileno(), mmap.PAGESIZE)
            self._process = _started(server, progress.fileno(), seconds)
        self.pid, self._owner = self._process.pid, os.getpid()
        self._end = weakref.finalize(
            self, _end, self._process, self._shared, self._owner
        )
        self._in, self._out = _pipes(self._process)
        try:
            kind, _ = next(self._replies(b"", 1, _START))
        except BaseException:
            self.close()
            raise
        if kind != frames.READY:
            self.close()
            raise EngineMissing if kind == frames.MISSING else Failure(_STRANGE)

    @property
    def is_there(self) -> bool:
        """Whether the process runs and answers here."""
        return self._end.alive and self.is_mine and self._process.poll() is None

    @property
    def is_mine(self) -> bool:
        """Whether this process started it, and not the one that this was forked from."""
        return self._owner == os.getpid()

    def ask(self, asked: Sequence[bytes], replies: int) -> Iterator[bytes]:
        """Send the frames `asked` and yield the contents of so many `replies`.

        The deadline is one of each reply. Raise `Failure` where there is none, and end
        the process; it is ended, too, where the caller stops half-way.
        """
        is_done = False
        try:
            for kind, content in self._replies(b"".join(asked), replies, self._seconds):
                if kind == frames.ERROR:
                    raise self._failure(content.decode(errors="replace"))
                self._answered += 1
                yield content
            is_done = True
        finally:
            if not is_done:
                self.close()

    def _replies(
        self, waiting: bytes, replies: int, seconds: int
    ) -> Iterator[tuple[bytes, bytes]]:
        rest = memoryview(waiting)
        until = monotonic() + seconds
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        if rest:
            poll.register(self._in, select.POLLOUT)
        while replies:
            found = self._found.next()
            if found is not None:
                yield found
                replies -= 1
                until = monotonic() + seconds
                continue
            events = dict(poll.poll(max(0, until - monotonic()) * 1000))
            if not events:
                raise self._failure(f"no answer within {seconds} seconds")
            if self._in in events:
                with suppress(BlockingIOError, BrokenPipeError):
                    rest = rest[os.write(self._in, rest) :]
                if not rest or events[self._in] & select.POLLERR:
                    poll.unregister(self._in)
            if self._out in events:
                read = os.read(self._out, _PIPE)
                if not read:
                    raise self._failure(_how_ended(self._process))
                self._found.add(read)

    def _failure(self, what: str) -> Failure:
        with memoryview(self._shared).cast("q") as noted:
            is_begun = noted[BEGUN] > self._answered
            return Failure(what, noted[ENTRY] if is_begun else None)

    def close(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        self._end()


_STRANGE = "the worker said something strange"


def _started(server: str, progress: int, seconds: int) -> subprocess.Popen[bytes]:
    """Start the module `server` of this very package, with the path of this process."""
    path = os.pathsep.join(os.path.abspath(each) for each in sys.path)  # noqa: PTH100 - as Python does
    # It ends itself a little after the deadline, in case nobody is left to end it.
    arguments = (str(os.getpid()), str(progress), str(2 * seconds + 1))
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", server, *arguments],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(progress,),
        # Ctrl-C in a terminal is for the parent, which ends the worker.
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _pipes(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    found = []
    for pipe in (process.stdin, process.stdout):
        if pipe is None:
            raise Failure(_STRANGE)
        os.set_blocking(pipe.fileno(), False)
        found.append(pipe.fileno())
    return found[0], found[1]


def _how_ended(process: subprocess.Popen[bytes]) -> str:
    """Return in words how the process ended, or closed its output at least."""
    try:
        code = process.wait(1)
    except subprocess.TimeoutExpired:
        return "the worker stopped to answer"
    return f"the worker ended by signal {-code}" if code < 0 else f"exit code {code}"


def _end(process: subprocess.Popen[bytes], shared: mmap.mmap, owner: int) -> None:
    pipes: tuple[IO[bytes] | None, ...] = (process.stdin, process.stdout)
    for pipe in pipes:
        if pipe is not None:
            pipe.close()
    shared.close()
    if os.getpid() == owner:
        process.kill()
        process.wait()
    else:  # forked from the owner: the process is not ours to end
        process.returncode = 0
