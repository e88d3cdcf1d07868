"""Files of claims, decided by a rule book into an output folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.batch import inputs
from whopays.batch.folder import file_digest
from whopays.batch.reading import Reading, Several, decide
from whopays.batch.run import begun_with, run
from whopays.batch.totals import Totals
from whopays.batch.work import Amend, Done, Placed, Work, never, silent
from whopays.columns.decide import Columnar
from whopays.columns.from_decisions import Decided
from whopays.columns.schema import VERSION
from whopays.engines.filling import Filler, Shadowed, filler

if TYPE_CHECKING:
    from whopays.api.book import RuleBook

#: Records of a chunk, unless somebody says otherwise: they take 100 to 200 MB.
CHUNK = 65_536


@dataclass(frozen=True)
class How:
    """How outputs are written, and how much is held at once.

    `form` is "jsonl" or "parquet"; `partition`: None, or "month" (for Parquet alone).
    `chunk`: about how many lines are held at once. `resume`: go on with a run that did
    not end. `progress` is told how far it is; when `stop` says so, the chunk is finished
    and `batch.run.Interrupted` raised. `shadow`: how many of the entries of tables that
    are filled the reference decides, too ("all", "off", or every Nth). `cache`: the
    folder in which filled tables are kept, None for none. `opening`: what limits have
    counted before, a file of balances or the output folder of an earlier run.
    """

    form: str = "jsonl"
    partition: str | None = None
    chunk: int | None = None
    resume: bool = False
    progress: Callable[[Done], None] = silent
    stop: Callable[[], bool] = never
    shadow: Shadowed = "all"
    cache: Path | None = None
    opening: Path | None = None
    #: Whether lines take their turns in limits. On a cluster they wait until all are there.
    turns: bool = True


def decide_files(
    book: RuleBook,
    paths: Iterable[Path],
    out: Path,
    mapping: str | None = None,
    how: How = How(),
) -> tuple[Totals, tuple[str, ...]]:
    """Decide files of claims and write the outputs into the folder `out`.

    `paths` may have patterns. Return the totals, and notes about files, fields that were
    ignored, and what was wrong in a file and was read on. Raise as `batch.run.run`, and
    `NoMatchError` for a pattern that no file has, `ShadowError` where the engine and the
    reference disagree.
    """
    if how.partition and how.form != "parquet":
        raise ValueError("only Parquet files can be divided by month")
    with filler(book.engine, shadow=how.shadow, cache=how.cache) as engine:
        with book.filled_by(engine):
            totals, notes = _decided(book, paths, out, mapping, how, engine)
        engine.keep()
        return totals, (*notes, *engine.notes, *_incidents(engine))


def _decided(  # noqa: PLR0913, PLR0917 - as `decide_files`, and what fills tables
    book: RuleBook,
    paths: Iterable[Path],
    out: Path,
    mapping: str | None,
    how: How,
    engine: Filler,
) -> tuple[Totals, tuple[str, ...]]:
    files, notes = inputs.found(map(Path, paths))
    read, more = inputs.opened(files)
    begun = begun_with(out) if how.resume and how.chunk is None else None
    rows = how.chunk or begun or CHUNK
    mappings = [book.mapping(each.path, mapping) for each in read]
    reading = Reading(read, book.facts, mappings, rows)
    columnar = book.columnar()
    work = Work(
        {**header(book, read, mapping, how), **opened_by(book, how.opening)},
        reading.chunks,
        _decides(book, columnar),
        columnar.schema,
        how.form,
        how.partition,
        rows,
        more=lambda: {
            **reading.whole(),
            "parties": names(book),
            "shadow": str(how.shadow),
        },
        tables=engine.report,
        amend=amends(book, how.opening) if how.turns else None,
    )
    totals = run(work, out, resume=how.resume, progress=how.progress, stop=how.stop)
    more = [*more, *_of_limits(out, how.opening)]
    told = (note for report in reading.reports for note in report.notes())
    return totals, (*notes, *more, *told)


def _of_limits(out: Path, opening: Path | None) -> tuple[str, ...]:
    from whopays.batch.limits.state import notes  # noqa: PLC0415 - on demand

    return tuple(notes(out, opening))


def _limited(book: RuleBook) -> bool:
    programs = (book.decider(n, book.known_on) for n in book.rules.contracts)
    return any(each.has_limits for each in programs)


def _decides(book: RuleBook, columnar: Columnar) -> Callable[[Several], Decided]:
    """Return what decides a chunk; where rules have limits, lines wait for their turns."""
    if not _limited(book):
        return partial(decide, columnar)
    from whopays.batch.limits.pending import with_pending  # noqa: PLC0415 - on demand

    def found(chunk: Several) -> Decided:
        return with_pending(
            decide(columnar, chunk),
            chunk.lines,
            book.waiting,
        )

    return found


def amends(
    book: RuleBook, opening: Path | None
) -> Callable[[Path, Path, Placed], AbstractContextManager[Amend]] | None:
    """Return what gives lines their turns in the limits, None where there are none."""
    if not _limited(book):
        return None
    from whopays.batch.limits.pending import amending  # noqa: PLC0415 - on demand

    return partial(
        amending,
        program=lambda name: book.decider(name, book.known_on).program,
        contracts=book.rules.contracts,
        opening=opening,
        rules=_digest_of_rules(book),
    )


def _digest_of_rules(book: RuleBook) -> str:
    text = "\n".join(f"{name} {digest}" for name, digest in book.rules.sources)
    return hashlib.sha256(text.encode()).hexdigest()


def opened_by(book: RuleBook, opening: Path | None) -> dict[str, Any]:
    """Return what the output depends on of earlier runs; `OpeningError` without limits."""
    if opening is None:
        return {}
    from whopays.batch.limits.state import COUNTED, OpeningError  # noqa: PLC0415

    if not _limited(book):
        raise OpeningError(f"{opening}: the rules have no limit that would count on")
    path = opening / COUNTED if opening.is_dir() else opening
    return {"opening": {"name": opening.name, "sha256": file_digest(path)}}


def _incidents(engine: Filler) -> Iterator[str]:
    """Say in one sentence what went wrong with the engine, if anything did."""
    found = engine.incidents
    if found:
        many = engine.report()["entries"]["by_evaluation"]
        times = "once" if len(found) == 1 else f"{len(found)} times"
        entries = "1 entry" if many == 1 else f"{many or 'no'} entries"
        yield (
            f"the process of durable-rules failed {times}: {found[0].what}. It was "
            f"started anew, and {entries} of tables evaluated without it, as the rules "
            "read; run.json lists what happened"
        )


def header(
    book: RuleBook, read: list[inputs.Input], mapping: str | None, how: How
) -> dict[str, Any]:
    """Return all that the output depends on."""
    return {
        "whopays": metadata.version("whopays"),
        "versions": _versions(book.engine, how.form),
        "engine": book.engine,
        "known_on": book.known_on.isoformat() if book.known_on else None,
        "contract": book.contract,
        "format": how.form,
        "partition_by": how.partition,
        "mapping": _mapping(mapping),
        "codes": [
            {
                "name": pack.dates.name,
                "edition": pack.dates.edition,
                "holder": pack.licence.holder,
                "sha256": pack.dates.digest,
            }
            for pack in book.packs
        ],
        "inputs": [{"name": each.name, "sha256": each.sha256} for each in read],
        "rules": [
            {"name": name, "sha256": digest} for name, digest in book.rules.sources
        ],
    }


def _versions(engine: str, form: str) -> dict[str, str]:
    found = {"decisions": str(VERSION)}
    if engine == "durable":
        found["durable-rules"] = metadata.version("durable_rules")
    if form == "parquet":
        found["pyarrow"] = metadata.version("pyarrow")
    return found


def _mapping(mapping: str | None) -> dict[str, str] | None:
    if mapping is None:
        return None
    if not mapping.endswith((".yaml", ".yml")):
        return {"name": mapping}
    return {"name": Path(mapping).name, "sha256": file_digest(Path(mapping))}


def names(book: RuleBook) -> dict[str, dict[str, dict[str, str]]]:
    """Return the names of parties, by contract and version: explanations have them."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name, contract in book.rules.contracts.items():
        program = book.decider(name, book.known_on).program
        found[name] = {
            each.version.label(contract.version): {
                party.id: party.name for party in each.text.parties
            }
            for each in program.versions
        }
    return found
