"""X12 files to the claims and rejects of the model: the only way in."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from pathlib import Path

from whopays.claims.binding import Binding, needed_columns
from whopays.claims.gather import gathered_from
from whopays.claims.mapping import Mapping
from whopays.claims.records import ReadReport, Reject, Remark
from whopays.claims.x12.account import Account
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.columns import COLUMNS
from whopays.claims.x12.loops import Loops
from whopays.claims.x12.making import Maker
from whopays.claims.x12.segments import Cutter
from whopays.diagnostics import Diagnostic, DiagnosticError
from whopays.model.claim import Claim
from whopays.model.facts import Fact


def read_x12(
    path: Path,
    facts: AnyMapping[str, Fact],
    mapping: Mapping,
    open_facts: frozenset[str] = frozenset(),
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return claims and rejects of an X12 file; `record` is the segment, from 1.

    Memory is bounded by the longest claim. `mapping` says which of `columns.COLUMNS`
    are which facts. What is wrong and was read on is remarked in `report`, and
    `report.account` says what became of every segment. DiagnosticError at once if the
    mapping names a column that there is not; OSError if the file can't be opened.
    """
    columns = needed_columns(mapping)
    if not any(column in COLUMNS for column in columns):
        raise DiagnosticError([_for_tables(mapping)])
    Binding(mapping, tuple(COLUMNS), str(path), open_facts)
    binding = Binding(mapping, columns, str(path), open_facts)
    path.open("rb").close()  # a missing file is noticed now, not in the middle
    report = report or ReadReport()
    report.account.update(Account().record())
    sources = gathered_from(facts, binding.gather)
    required = {name: fact for name, fact in facts.items() if fact.required}
    maker = Maker(str(path), binding, columns, sources, required)
    return _read(path, maker, report)


def _for_tables(mapping: Mapping) -> Diagnostic:
    message = f"the mapping {mapping.name} names no column of X12: it is for tables"
    help_ = "leave `--mapping` out for X12 files, or begin with a copy of x12-837.yaml"
    return Diagnostic("M015", message, (), help=help_)


def _read(path: Path, maker: Maker, report: ReadReport) -> Iterator[Claim | Reject]:
    file = str(path)

    def odd(number: int, element: str, reason: str) -> None:
        report.remark(Remark(file, number, element, reason, loops.claim_id))

    account = Account()
    loops = Loops(account, odd)
    with path.open("rb") as opened:
        segments = Cutter(opened.read, odd).segments()
        for each in loops.read(segments):
            if not isinstance(each, ClaimLoop):
                report.rejects += 1
                yield Reject(file, each.number, each.element, each.reason)
                continue
            for made in maker.made(each, report):
                if isinstance(made, Reject):
                    report.rejects += 1
                else:
                    report.lines += len(made.lines)
                yield made
    report.account.update(account.record())
