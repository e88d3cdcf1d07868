"""Files for claims databases, for callers: claims in a layout, with a report of problems."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Protocol, TypeAlias

from whopays.api.book import own_version
from whopays.api.rulefiles import RulesFolderError
from whopays.api.terms import TermBook
from whopays.batch.folder import file_digest
from whopays.claims import ReadReport, Reject
from whopays.diagnostics import Diagnostic, DiagnosticError, Source, nearest
from whopays.resources import bundle
from whopays.syntax.files import replaced
from whopays.terms.balance import Balance
from whopays.terms.exported import Exporter, Problem
from whopays.terms.layout import NO_HEADER, Layout
from whopays.terms.layout_file import LARGEST, Names, parse_layout
from whopays.terms.rows import ComponentClaim

UNBALANCED: Final = "unbalanced"
_HEAD = ("file", "record", "claim", "place", "element", "problem", "severity", "why")
Row: TypeAlias = Iterable[str | int]


class Rows(Protocol):
    """Takes the rows of a file."""

    def row(self, cells: Row) -> None:
        """Write one row."""


#: Makes a writer of rows out of a text stream, its columns and its delimiter; the
#: command line gives one that no spreadsheet takes for formulas.
Writer: TypeAlias = Callable[[IO[str], Iterable[str], str], Rows]


def shipped_layouts() -> tuple[str, ...]:
    """Return the names of the layouts that come with whopays."""
    files = (each.name for each in (bundle("rulesets") / "layouts").iterdir())
    return tuple(sorted(f.removesuffix(".yaml") for f in files if f.endswith(".yaml")))


@dataclass(frozen=True)
class Read:
    """A layout with the name and the digest of the text that says it."""

    layout: Layout
    source: tuple[str, str]


def read_layout(name_or_path: str, book: TermBook) -> Read:
    """Return the shipped layout of a name, or the one in a file that ends in .yaml.

    DiagnosticError with all that is wrong with it, OSError if it can't be read.
    """
    if name_or_path.endswith((".yaml", ".yml")):
        with Path(name_or_path).open("rb") as file:
            raw = file.read(4 * LARGEST + 1)
        called = name_or_path
    else:
        known = shipped_layouts()
        if name_or_path not in known:
            near = nearest(name_or_path, known)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
            raise RulesFolderError(
                f"no layout {name_or_path} comes with whopays; {hint} (the name of a file "
                "of yours ends in .yaml)"
            )
        called = f"{name_or_path}.yaml"
        raw = (bundle("rulesets") / "layouts" / called).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = f"the layout {called} is not UTF-8 text"
        raise DiagnosticError([Diagnostic("M001", message, ())]) from None
    layout = parse_layout(Source(called, text), Names(book.words, book.facts))
    return Read(layout, (Path(called).name, hashlib.sha256(raw).hexdigest()))


@dataclass
class Counts:
    """What an export came to: `cells` by the label of the element and what became of it."""

    claims: int = 0
    lines: int = 0
    left_out: int = 0
    rejects: int = 0
    other_views: int = 0
    errors: int = 0
    warnings: int = 0
    cells: dict[str, Counter[str]] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)
    not_checked: int = 0

    def record(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {
            "claims": self.claims,
            "lines": self.lines,
            "denied_lines_left_out": self.left_out,
            "rejects": self.rejects,
            "views_of_other_payers_left_out": self.other_views,
            "errors": self.errors,
            "warnings": self.warnings,
            "elements": {name: dict(found) for name, found in self.cells.items()},
            "problems": dict(self.problems),
            "facts_needed": dict(self.needs),
            "lines_whose_charge_could_not_be_checked": self.not_checked,
        }


@dataclass
class Export:
    """An export of `book` in the layout `read`; `writer` makes the writers of rows."""

    book: TermBook
    read: Read
    writer: Writer
    counts: Counts = field(default_factory=Counts)

    def write(
        self,
        claims: Iterable[Path],
        out: Path,
        mapping: str | None = None,
        report: ReadReport | None = None,
    ) -> Iterator[Reject]:
        """Write the files `claims` to `out`, and what is wrong beside it; yield rejects.

        Beside `out` are its problems and a manifest (`beside`). All take their place when
        all are whole.
        """
        layout = self.read.layout
        files = [*claims]
        digests = [(each.name, file_digest(each)) for each in files]
        self.counts.cells = {each.label: Counter() for each in layout.elements}
        problems, manifest = beside(out)
        with ExitStack() as stack:
            told = _text(stack.enter_context(replaced(problems)))
            data = _text(stack.enter_context(replaced(out)))
            tell = self.writer(told, _HEAD, ",")
            titles = () if layout.header == NO_HEADER else layout.columns
            put = self.writer(data, titles, layout.delimiter)
            exporter = Exporter(layout, self.book.words, self.book.facts)
            for file in files:
                for each in self.book.read(file, mapping, report):
                    if isinstance(each, Reject):
                        self.counts.rejects += 1
                        yield each
                        continue
                    for row in self._claim(exporter, each, put):
                        tell.row((file.name, *row))
            whole = stack.enter_context(replaced(manifest))
            whole.write(self._manifest(digests))
            for each_text in (told, data):
                each_text.flush()
                each_text.detach()

    def _claim(
        self, exporter: Exporter, claim: ComponentClaim, put: Rows
    ) -> Iterator[Row]:
        """Write the rows of `claim`, and yield what is wrong with it."""
        if claim.payer:
            self.counts.other_views += 1
            return
        found = exporter.export(claim)
        self.counts.claims += 1
        self.counts.lines += len(found.rows)
        self.counts.left_out += found.left_out
        for cells in found.rows:
            for element, cell in zip(exporter.layout.elements, cells, strict=True):
                self.counts.cells[element.label][cell.status] += 1
            put.row(cell.text for cell in cells)
        for each in (*found.problems, *self._unbalanced(claim)):
            self.counts.problems[each.status] += 1
            self.counts.needs.update(each.needs)
            self.counts.errors += each.is_error
            self.counts.warnings += not each.is_error
            severity = "error" if each.is_error else "warning"
            what = (each.place, each.element, each.status, severity, each.why)
            yield (str(claim.record), claim.id, *what)

    def _unbalanced(self, claim: ComponentClaim) -> Iterator[Problem]:
        balance = Balance()
        for check in balance.take(claim):
            yield Problem(
                check.place, check.identity, UNBALANCED, check.text, check.is_hard
            )
        self.counts.not_checked += balance.open["I1"]

    def _manifest(self, claims: list[tuple[str, str]]) -> bytes:
        record = {
            "whopays": own_version(),
            "layout": {
                "name": self.read.layout.name,
                "cites": list(self.read.layout.cites),
                "an_empty_element_means": self.read.layout.empty,
                "file": self.read.source[0],
                "sha256": self.read.source[1],
            },
            "rules": _digests(self.book.sources),
            "claims": _digests(claims),
            "counts": self.counts.record(),
        }
        return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


def beside(out: Path) -> tuple[Path, Path]:
    """Return where problems and the manifest of the export `out` are written."""
    return (
        out.with_name(f"{out.name}.problems.csv"),
        out.with_name(f"{out.name}.manifest.json"),
    )


def _text(file: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8", newline="")


def _digests(found: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"file": name, "sha256": digest} for name, digest in found]
