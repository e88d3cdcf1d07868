"""`make fuzz`: looks for inputs that break whopays, for ten minutes or FUZZ_SECONDS.

Half of the time goes to coverage-guided fuzzing of rule texts, mappings and claim files,
half to the properties, with other examples in each round.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SHARES = {"rules": 6, "mapping": 1, "json": 1, "csv": 1, "x12": 2}


def main() -> int:
    """Run both kinds; return how many runs failed."""
    seconds = int(os.environ.get("FUZZ_SECONDS", "600"))
    failed = sum(_guided(target, seconds) for target in SHARES)
    return failed + _properties(seconds / 2)


def _guided(target: str, seconds: int) -> bool:
    share = max(1, seconds * SHARES[target] // (2 * sum(SHARES.values())))
    print(f"== {target}, guided by coverage, {share} s", flush=True)
    done = subprocess.run(
        [sys.executable, str(HERE / "guided.py"), target, str(share)],
        check=False,
        capture_output=True,
        text=True,
    )
    said = [line for line in done.stderr.splitlines() if "stat::" in line]
    print("\n".join(said[:1] if done.returncode == 0 else [done.stderr[-4000:]]))
    return done.returncode != 0


def _properties(seconds: float) -> bool:
    end, seed = time.monotonic() + seconds, 0
    folders = [str(HERE.parent / "properties")]
    env = {**os.environ, "HYPOTHESIS_PROFILE": "round"}
    while time.monotonic() < end:
        seed += 1
        print(f"== properties, seed {seed}", flush=True)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-x",
                f"--hypothesis-seed={seed}",
                *folders,
            ],
            check=False,
            env=env,
        )
        if done.returncode != 0:
            return True
    return False


sys.exit(main())
