"""What tests touch and what they miss, as a table and a list for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whopays.analyse.items import IMPOSSIBLE, KINDS, MISSING, TOUCHED, Coverage, Covered

_HEAD = ("", "touched", "of", "missing", "cannot be built")


def told(coverage: Coverage) -> Iterator[str]:
    """Yield the lines that say what the tests of one contract touch."""
    yield ""
    yield f"{coverage.contract}: what {coverage.passed} passing tests touch"
    rows: list[tuple[str, ...]] = [_HEAD]
    for kind, count in coverage.counts().items():
        numbers = (count[TOUCHED], count.total(), count[MISSING], count[IMPOSSIBLE])
        rows.append((KINDS[kind], *map(str, numbers)))
    yield from table(rows)
    yield from _listed("missing: no test shows", coverage.missing)
    impossible = coverage.of(IMPOSSIBLE)
    yield from _listed("cannot be built, so no test is asked for", impossible)


def _listed(title: str, items: Sequence[Covered]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield title
    for each in items:
        span = each.item.span
        why = f" ({each.why})" if each.why else ""
        yield f"  {span.source.name}:{span.line}  {each.item.text}{why}"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (
            cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)
        )
        yield f"  {first.ljust(widths[0])}  {'  '.join(cells)}".rstrip()
