"""Reading X12: claims a second and peak memory, beside x12sdk and pyx12.

The libraries read a part of the claims only, as they take long and hold much: what they
take for a claim is compared, and their memory on that part is what it is there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.measure import say
from bench.x12_file import write

SMALL, LARGE = 10_000, 100_000
PART, LESS = 2_000, 500  # claims that the libraries read
READER = Path(__file__).with_name("x12_read.py")
OTHERS = "x12sdk", "pyx12"


def read_x12(folder: Path) -> None:
    """Measure each reader in a process of its own."""
    print("\nReading X12, a process each")
    segments = {}
    for claims in (LESS, PART, SMALL, LARGE):
        segments[claims] = write(folder / f"{claims}.837", claims)
    small, large = (_read("ours", folder, claims) for claims in (SMALL, LARGE))
    for claims, found in ((SMALL, small), (LARGE, large)):
        if found["segments"] != segments[claims] or found["lines"] != 2 * claims:
            raise AssertionError(f"of {claims} claims some are not accounted for")
        _say(f"whopays, {claims:,} claims", found)
    say("segments accounted for", f"{segments[LARGE]:,} of {segments[LARGE]:,}")
    grows = large["peak"] - small["peak"]
    say("memory, 100,000 beside 10,000 claims", f"{grows:+8.1f} MB")
    part = _read("ours", folder, PART)
    _say(f"whopays, {PART:,} claims", part)
    for name in OTHERS:
        less, more = (_read(name, folder, claims) for claims in (LESS, PART))
        if (more["claims"], more["lines"]) != (PART, 2 * PART):
            raise AssertionError(f"{name} reads {more['claims']} of {PART} claims")
        _say(f"{name}, {PART:,} claims", more)
        slower = _rate(part) / _rate(more)
        held = more["peak"] - more["before"]
        grown = (more["peak"] - less["peak"]) * 1000 / (PART - LESS)
        say(f"{name} : whopays, a claim", f"{slower:8.1f} times as long")
        say(f"{name} : whopays, peak", f"{more['peak'] / part['peak']:8.1f} times")
        say(f"{name} holds", f"{held:8.1f} MB, {grown:+.1f} MB more each 1,000 claims")


def _read(reader: str, folder: Path, claims: int) -> dict[str, float]:
    command = [sys.executable, str(READER), reader, str(folder / f"{claims}.837")]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _rate(found: dict[str, float]) -> float:
    return found["claims"] / found["seconds"]


def _say(what: str, found: dict[str, float]) -> None:
    say(what, f"{_rate(found):8,.0f} a second, {found['peak']:5.0f} MB at its peak")
