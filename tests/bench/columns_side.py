"""One side of the columnar benchmark, in a process of its own: `columns_side.py SIDE FILE …`.

Prints, as JSON: lines, CPU seconds of each run (user and system, all threads), the peak
of memory in MB, and the answers of the first lines, where they are asked for.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.columns_rules import versions
from bench.columns_sides import SIDES, ours

OURS = {f"ours_{how}": how for how in ("coded", "plain", "read", "files", "checked")}


def main() -> None:
    """Make one side ready, run it, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=sorted((*SIDES, *OURS)))
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--answers", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="whopays: where filled tables are")
    parser.add_argument("--own", action="store_true", help="whopays: rules of our kind")
    chosen = parser.parse_args()
    made = versions(chosen.rows)
    if chosen.side in OURS:
        rules = None if chosen.own else made
        ready = ours(chosen.file, rules, chosen.cache, OURS[chosen.side])
    else:
        ready = SIDES[chosen.side](chosen.file, made)
    seconds = []
    found: Any = None
    for _ in range(chosen.times):
        found = None  # what the last run made is not held during the next
        before = cpu()
        found = ready.run()
        seconds.append(cpu() - before)
    ready.close()
    print(
        json.dumps(
            {
                "lines": ready.lines,
                "seconds": seconds,
                "peak": peak(),
                "answers": ready.answers(found, chosen.answers)
                if chosen.answers
                else [],
            }
        )
    )


def cpu() -> float:
    """Return the CPU seconds of this process and of those it has waited for."""
    own, others = map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def peak() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
