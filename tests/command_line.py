"""The command line, run in this process as a shell would run it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from whopays.cli import main


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


@dataclass
class Command:
    """Runs `main` as a shell would, in this process."""

    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __call__(self, *words: str | Path) -> Told:
        self.patch.setattr(sys, "argv", ["whopays", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        seen = self.capture.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        assert "Traceback" not in seen.err
        return Told(code, seen.out, seen.err)
