"""How far a long run is: lines, rate and time left, on a terminal; and how to stop it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from time import monotonic_ns
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from whopays.batch.work import Done

_WIDTH = 72
_SECOND = 1_000_000_000  # nanoseconds
_EVERY = _SECOND // 5
_SURE = 2  # seconds after which a rate says something
_MINUTE, _HOUR = 60, 3600
_SIGNALLED = 128


class Progress:
    """Tells how far a run is, in one line of a terminal; elsewhere nothing."""

    def __init__(self) -> None:
        self.shows = sys.stderr.isatty()
        self._begun: int | None = None
        self._first: Done | None = None
        self._told = 0

    def tell(self, done: Done) -> None:
        """Tell that the run is as far as `done`."""
        now = monotonic_ns()
        if self._begun is None or self._first is None:
            # What an earlier run did says nothing about the rate of this one.
            self._begun, self._first = now, done
        if not self.shows or (now - self._told < _EVERY and not done.writes):
            return
        self._told = now
        text = self.text(done, Fraction(now - self._begun, _SECOND))
        click.echo(f"\r{text:<{_WIDTH}}", err=True, nl=False)

    def text(self, done: Done, seconds: Fraction | int) -> str:
        """Return how far it is, `seconds` after it was first told."""
        said = f"{done.lines:,} lines decided"
        if done.writes:
            return f"{said}, writing the outputs"
        first = self._first
        if first is None or seconds < _SURE:
            return said
        rate = round((done.lines - first.lines) / seconds)
        said += f", {rate:,} a second"
        if done.share is None or first.share is None or done.share <= first.share:
            return said
        left = (1 - done.share) * seconds / (done.share - first.share)
        return f"{said}, {_time(left)} left"

    def end(self) -> None:
        """Leave the line empty."""
        if self.shows and self._told:
            click.echo("\r" + " " * _WIDTH + "\r", err=True, nl=False)


def _time(seconds: Fraction | int) -> str:
    """Return a time in the largest unit that says enough."""
    if seconds < _MINUTE:
        return f"{max(round(seconds), 1)} s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    hours, rest = divmod(round(seconds / _MINUTE), 60)
    return f"{hours} h {rest} min"


class Stop:
    """Whether somebody asked to stop; asking twice stops at once."""

    def __init__(self) -> None:
        self.asked = False
        #: The exit code of a process that such a signal ends.
        self.code = 0

    def __call__(self) -> bool:
        """Tell whether somebody asked."""
        return self.asked

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Ask to stop."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.code = _SIGNALLED + number
        click.echo(
            "\nstopping when this chunk is done; press Ctrl-C again to stop now",
            err=True,
        )


@contextmanager
def stopped_by_signal() -> Iterator[Stop]:
    """Give what tells whether Ctrl-C was pressed, or the process asked to end."""
    stop = Stop()
    before = {each: signal.signal(each, stop.ask) for each in _signals()}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _signals() -> tuple[signal.Signals, ...]:
    return signal.SIGINT, signal.SIGTERM
