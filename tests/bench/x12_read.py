"""Reads one X12 file by one reader, in a process of its own: `x12_read.py READER FILE`.

Prints, as JSON: claims, lines, CPU seconds, the peak of memory in MB, what of it was there
before reading, and the segments that are accounted for.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

Counts = tuple[int, int, int]


def ours(path: str) -> Callable[[], Counts]:
    """Read as `whopays decide` does, up to the lines that are decided."""
    from whopays import api  # noqa: PLC0415 - each process imports one reader
    from whopays.claims import ReadReport  # noqa: PLC0415

    book = api.load(api.shipped_rules("facts"), engine="reference")

    def read() -> Counts:
        report = ReadReport()
        claims = sum(1 for _ in book.read(path, report=report))
        return claims, report.lines, report.account["segments"]

    return read


def x12sdk(path: str) -> Callable[[], Counts]:
    """Read into its models, and reach every claim and line."""
    from x12sdk.io import X12ModelReader  # noqa: PLC0415

    def read() -> Counts:
        claims = lines = 0
        with X12ModelReader(path) as reader:
            models: object = reader.models()
            for model in models:  # type: ignore[attr-defined]
                for claim in model.claims():
                    claims += 1
                    lines += len(claim.service_lines)
        return claims, lines, 0

    return read


def pyx12(path: str) -> Callable[[], Counts]:
    """Read claim by claim, without a report of errors, and reach every line."""
    from pyx12 import error_handler, params, x12context  # noqa: PLC0415

    def read() -> Counts:
        claims = lines = 0
        with Path(path).open(encoding="ascii") as file:
            source = x12context.X12ContextReader(
                params.ParamsUnix(), error_handler.errh_null(), file
            )
            for loop in source.iter_segments("2300"):
                if loop.id == "2300":
                    claims += 1
                    lines += loop.count("2400")
        return claims, lines, 0

    return read


def main() -> None:
    """Read, and print what it took."""
    read = {"ours": ours, "x12sdk": x12sdk, "pyx12": pyx12}[sys.argv[1]](sys.argv[2])
    before = _peak()
    start = process_time()
    claims, lines, segments = read()
    print(
        json.dumps(
            {
                "claims": claims,
                "lines": lines,
                "seconds": process_time() - start,
                "peak": _peak(),
                "before": before,
                "segments": segments,
            }
        )
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
