"""Coverage-guided fuzzing of one target: `guided.py TARGET SECONDS [CORPUS]`.

Atheris makes inputs that reach code which no input has reached before. An input that
breaks an invariant is written into the corpus folder as `crash-…`, and the run fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent


def main() -> None:
    """Fuzz until the time is over."""
    target, seconds = sys.argv[1], int(sys.argv[2])
    made = Path(sys.argv[3]) if len(sys.argv) > 3 else HERE / "made" / target
    made.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(HERE.parent))
    with atheris.instrument_imports(include=["whopays"]):
        from invariants import TARGETS  # noqa: PLC0415 - instrumented as it is imported
    dictionary = HERE / "words.dict"
    options = [
        sys.argv[0],
        str(made),
        str(HERE / "seeds" / target),
        f"-max_total_time={seconds}",
        f"-artifact_prefix={made}/",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-max_len=4000",
        "-print_final_stats=1",
        *([f"-dict={dictionary}"] if target == "rules" else []),
    ]
    atheris.Setup(options, TARGETS[target])
    atheris.Fuzz()


main()
