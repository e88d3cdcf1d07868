"""How far a run is, in words: lines, rate and time left."""

from __future__ import annotations

import signal
from fractions import Fraction

import pytest

from whopays.batch.work import Done
from whopays.cli.progress import Progress, stopped_by_signal


@pytest.fixture
def progress() -> Progress:
    """Return what was told first at 1,000 lines and a tenth of the input."""
    found = Progress()
    found.tell(Done(1_000, Fraction(1, 10)))
    return found


@pytest.mark.parametrize(
    ("done", "seconds", "said"),
    [
        (Done(1_500, Fraction(2, 10)), 1, "1,500 lines decided"),
        (
            Done(11_000, Fraction(2, 10)),
            5,
            "11,000 lines decided, 2,000 a second, 40 s left",
        ),
        (
            Done(21_000, Fraction(3, 10)),
            300,
            "21,000 lines decided, 67 a second, 18 min left",
        ),
        (
            Done(21_000, Fraction(11, 100)),
            300,
            "21,000 lines decided, 67 a second, 7 h 25 min left",
        ),
        # Of JSON nobody knows how much there is.
        (Done(21_000, None), 10, "21,000 lines decided, 2,000 a second"),
        (
            Done(21_000, Fraction(1), writes=True),
            10,
            "21,000 lines decided, writing the outputs",
        ),
    ],
)
def test_rate_and_time_left_are_those_of_this_run(
    progress: Progress, done: Done, seconds: int, said: str
) -> None:
    assert progress.text(done, Fraction(seconds)) == said


def test_away_from_a_terminal_nothing_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    for lines in (1, 1_000_000):
        progress.tell(Done(lines, Fraction(1, 2)))
    progress.end()
    assert capsys.readouterr() == ("", "")


def test_asking_twice_stops_at_once_and_signals_are_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_signal() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.code == 130
    assert signal.getsignal(signal.SIGINT) is before
