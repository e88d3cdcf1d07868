"""What tests touch and what they miss, as a table and a list for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whopays.analyse.coverage.items import (
    IMPOSSIBLE,
    KINDS,
    MISSING,
    TOUCHED,
    Coverage,
    Covered,
)
from whopays.cli.problems import count

_HEAD = ("", "touched", "of", "missing", "cannot be built")


def told(coverage: Coverage, *, verbose: bool) -> Iterator[str]:
    """Yield the lines that say what the tests of one contract touch."""
    yield ""
    passed = count(coverage.passed, "passing test")
    yield f"{coverage.contract}: what {passed} {'touches' if coverage.passed == 1 else 'touch'}"
    if coverage.failed:
        yield f"  ({count(coverage.failed, 'test')} that failed touch nothing)"
    rows: list[tuple[str, ...]] = [_HEAD]
    for kind, counts in coverage.counts().items():
        numbers = (counts[TOUCHED], counts.total(), counts[MISSING], counts[IMPOSSIBLE])
        rows.append((KINDS[kind], *map(str, numbers)))
    yield from table(rows)
    if coverage.missing:
        yield ""
        yield "missing: no test shows"
        yield from _listed(coverage.missing)
    elif coverage.items:
        yield ""
        yield "nothing is missing"
    yield from _impossible(coverage.of(IMPOSSIBLE), verbose=verbose)


def _listed(items: Sequence[Covered]) -> Iterator[str]:
    """Yield the items by the clause that they belong to: its place, then a line each."""
    above = ("", 0, "")
    for each in items:
        item = each.item
        place = (item.span.source.name, item.span.line, item.clause)
        if place != above:
            yield f"  {place[0]}:{place[1]}  {item.clause}"
            above = place
        yield f"      {item.said}"


def _impossible(items: Sequence[Covered], *, verbose: bool) -> Iterator[str]:
    """Yield why tests are not asked for; the items too where all is to be listed."""
    if not items:
        return
    yield ""
    more = "" if verbose else " (--verbose lists them)"
    yield f"cannot be built, so no test is asked for{more}"
    reasons: dict[str, list[Covered]] = {}
    for each in items:
        reasons.setdefault(each.why, []).append(each)
    for why, those in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        yield f"  {len(those):>4}  {why}"
        if verbose:
            yield from (f"      {line}" for line in _listed(those))


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (
            cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)
        )
        yield f"  {first.ljust(widths[0])}  {'  '.join(cells)}".rstrip()
