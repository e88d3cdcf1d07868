"""Decides files of claims and writes the five outputs.

Everything is written into a folder aside and renamed when it is whole, so that a run
that is killed leaves nothing that could be taken for a result.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from whopays.claims import Reject
from whopays.decide.decision import Decision, with_interest
from whopays.explain import decision_record, explanation_record
from whopays.model.claim import Claim, Line

FORMATS = ("jsonl", "parquet")


class OutputExistsError(Exception):
    """The output folder holds something that this run did not write."""


@dataclass
class Totals:
    """What a run decided: lines by status, and lines and cents by bearer and category.

    Dollars by bearer count decided lines with an amount; every cent of those is in
    exactly one bearer's sum.
    """

    lines: int = 0
    rejects: int = 0
    remarks: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    lines_by_party: Counter[str] = field(default_factory=Counter)
    cents_by_party: Counter[str] = field(default_factory=Counter)
    lines_by_category: Counter[str] = field(default_factory=Counter)
    cents_by_category: Counter[str] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)
    cents_decided: int = 0
    #: Routes and clocks by what is to be done: due, unsaid, conflict, undetermined.
    routes: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)
    cents_of_interest: int = 0
    #: Codes that are not in force on their day, by what is wrong with them.
    not_in_force: Counter[str] = field(default_factory=Counter)
    #: Lines on days on which the catalog is not in force.
    outside_catalog: int = 0

    def add(self, decision: Decision) -> None:
        """Count one decision."""
        self.lines += 1
        self.statuses[decision.status] += 1
        category = decision.outcome.category or "(no category)"
        self.lines_by_category[category] += 1
        for need in decision.needs:
            self.needs[need] += 1
        self.outside_catalog += bool(decision.catalog_note)
        for note in decision.code_notes:
            self.not_in_force[note.standing] += 1
        if decision.duties is not None:
            self._add_duties(decision)
        for part in decision.parts:
            self.lines_by_party[part.bearer] += 1
            if part.cents is not None:
                self.cents_by_party[part.bearer] += part.cents
                self.cents_by_category[category] += part.cents
                self.cents_decided += part.cents

    def _add_duties(self, decision: Decision) -> None:
        self.routes[decision.route.duty.state] += 1
        self.clocks[decision.clock.duty.state] += 1
        interest = decision.interest
        if interest is not None and interest.cents is not None:
            self.cents_of_interest += interest.cents


def silent(_lines: int) -> None:
    """Say nothing about the progress."""


def none() -> list[dict[str, Any]]:
    """Return no remarks: of readers that make none."""
    return []


def run(  # noqa: PLR0913 - what is read, by what, to where, and how it is told
    claims: Iterable[Claim | Reject],
    decide: Callable[[Line], Decision],
    out: Path,
    *,
    form: str = "jsonl",
    manifest: dict[str, Any],
    progress: Callable[[int], None] = silent,
    remarks: Callable[[], list[dict[str, Any]]] = none,
) -> Totals:
    """Decide `claims` and write the outputs into the folder `out`.

    `form` is "jsonl" or "parquet". `manifest` says what was read and by what; the
    counts and totals are added to it, and what readers put into it while they read is
    in it. `remarks` gives what was wrong in the claims since it was last asked, and
    was read on. Raise `OutputExistsError` if `out` is there and
    was not written by an earlier run; OSError if it can't be written.
    """
    check_free(out)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        totals = _write(claims, decide, aside, form, progress, remarks)
        whole = {**manifest, "counts": _counts(totals)}
        write_json(aside / "manifest.json", whole)
        swap(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return totals


def check_free(out: Path) -> None:
    """Raise `OutputExistsError` if `out` is there and is no output of an earlier run."""
    if out.exists() and not (out / "manifest.json").is_file():
        empty = out.is_dir() and not any(out.iterdir())
        if not empty:
            raise OutputExistsError(
                f"{out} exists and is not the output of an earlier run; "
                "name another folder"
            )


def swap(aside: Path, out: Path) -> None:
    """Put the folder `aside` in the place of `out`."""
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    try:
        aside.rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write(  # noqa: PLR0913, PLR0917 - as `run`
    claims: Iterable[Claim | Reject],
    decide: Callable[[Line], Decision],
    folder: Path,
    form: str,
    progress: Callable[[int], None],
    remarks: Callable[[], list[dict[str, Any]]],
) -> Totals:
    totals = Totals()
    explained: dict[str, dict[str, Any]] = {}
    with (
        (folder / "decisions.jsonl").open("w", encoding="utf-8") as decisions,
        (folder / "rejects.jsonl").open("w", encoding="utf-8") as rejects,
        (folder / "remarks.jsonl").open("w", encoding="utf-8") as remarked,
    ):
        for each in claims:
            totals.remarks += _all(remarked, remarks())
            if isinstance(each, Reject):
                totals.rejects += 1
                write_record(rejects, asdict(each))
                continue
            for line, decision in _decided(each, decide):
                totals.add(decision)
                record = {**decision_record(decision), "record": line.record}
                if record["explanation"] not in explained:
                    trace = explanation_record(decision.shared)
                    explained[record["explanation"]] = trace
                write_record(decisions, record)
            progress(totals.lines)
        totals.remarks += _all(remarked, remarks())
    with (folder / "explanations.jsonl").open("w", encoding="utf-8") as out:
        for name in sorted(explained):
            write_record(out, explained[name])
    if form == "parquet":
        from whopays.batch.parquet import convert  # noqa: PLC0415 - pyarrow is heavy

        convert(folder)
    return totals


def _all(out: IO[str], found: list[dict[str, Any]]) -> int:
    for each in found:
        write_record(out, each)
    return len(found)


def _decided(
    claim: Claim, decide: Callable[[Line], Decision]
) -> Iterator[tuple[Line, Decision]]:
    """Yield the lines of `claim` with their decisions, the interest on them added up."""
    found = with_interest([decide(line) for line in claim.lines])
    return zip(claim.lines, found, strict=True)


def write_record(out: IO[str], record: dict[str, Any]) -> None:
    """Write one line of JSON Lines."""
    out.write(json.dumps(record, ensure_ascii=False, sort_keys=True))
    out.write("\n")


def write_json(path: Path, record: dict[str, Any]) -> None:
    """Write one document of JSON."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _counts(totals: Totals) -> dict[str, Any]:
    return {
        "records": totals.lines + totals.rejects,
        "lines": totals.lines,
        "rejects": totals.rejects,
        "remarks": totals.remarks,
        "by_status": dict(sorted(totals.statuses.items())),
        "lines_by_party": dict(sorted(totals.lines_by_party.items())),
        "cents_by_party": dict(sorted(totals.cents_by_party.items())),
        "cents_decided": totals.cents_decided,
        "routes": _but_none(totals.routes),
        "clocks": _but_none(totals.clocks),
        "cents_of_interest": totals.cents_of_interest,
        "lines_outside_catalog": totals.outside_catalog,
        "codes_not_in_force": dict(sorted(totals.not_in_force.items())),
    }


def _but_none(states: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(states.items()) if name != "none"}


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file of an output folder."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
