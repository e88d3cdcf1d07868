"""Rules for other machines: as text with digests, and what decides there by them.

Nothing is pickled but the name of a function and a text. A worker reads the rules anew,
once in its life, and refuses them where a digest or the version of whopays is another.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.api.book import RuleBook
from whopays.api.files import How, amends, header, names, opened_by
from whopays.api.rulefiles import rule_files
from whopays.batch import inputs
from whopays.batch.folder import check_free
from whopays.batch.run import run
from whopays.batch.totals import Totals
from whopays.batch.work import Work

if TYPE_CHECKING:
    from whopays.batch.partition import Source


class ClusterError(Exception):
    """A job can't be decided on a cluster: its inputs, or what a worker has, are not so."""


def decide_on_spark(  # noqa: PLR0913 - what is read, by what, to where
    given: Sequence[str],
    rules: Path,
    book: RuleBook,
    out: Path,
    *,
    mapping: str | None = None,
    codes: Iterable[Path] = (),
    master: str | None = None,
    **how: Any,
) -> tuple[Totals, tuple[str, ...]]:
    """Decide Parquet files and tables, `table:NAME`, on Spark, as `decide_files` does.

    `book` is what `load(rules, codes=codes)` gave. `how` are fields of `api.files.How`,
    but there is nothing to resume. The folder of
    `out` is one that the workers reach. Raise `SparkError` if Spark is not there or fails,
    `ClusterError` for another file, and as `decide_files`.
    """
    from whopays.batch import spark  # noqa: PLC0415 - on demand

    wanted = How(**how)
    tables = [name for name in given if name.startswith(spark.TABLE)]
    paths = [Path(name) for name in given if not name.startswith(spark.TABLE)]
    files, notes = inputs.found(paths)
    read, more = inputs.opened(files)
    for each in read:
        _must_be_parquet(each.path)
    text = as_text(rules, book, wanted, mapping=mapping, codes=codes)
    columnar = book.columnar()
    said = [
        *({"name": each.name, "sha256": each.sha256} for each in read),
        *({"name": name} for name in tables),
    ]
    check_free(out)
    folder = out.absolute().with_name(f".{out.name}.spark")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        job = spark.Job(
            [*(str(each.path) for each in read), *tables],
            [each["name"] for each in said],
            _claim_column(book, mapping),
            _run(text, folder),
            part_of(text),
        )
        there = spark.decide_there(job, folder, master)
        work = Work(
            {
                **header(book, read, mapping, wanted),
                **opened_by(book, wanted.opening),
                "inputs": said,
            },
            lambda: ((each, None) for each in spark.chunks(there, columnar.schema)),
            lambda each: each,
            columnar.schema,
            wanted.form,
            wanted.partition,
            amend=amends(book, wanted.opening),
            more=lambda: {
                "inputs": said,
                "parties": names(book),
                "shadow": str(wanted.shadow),
            },
        )
        totals = run(work, out, progress=wanted.progress, stop=wanted.stop)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return totals, (*notes, *more)


def _must_be_parquet(path: Path) -> None:
    path.stat()
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) == b"PAR1":
                return
    raise ClusterError(
        f"{path} is no Parquet file: on Spark, claims are such files, or tables that "
        "Spark knows, as `table:NAME`"
    )


def _claim_column(book: RuleBook, mapping: str | None) -> str:
    if mapping is None:
        return "claim_id"
    from whopays.claims import OPEN_FACTS, load_mapping  # noqa: PLC0415 - on demand

    path = Path(mapping) if mapping.endswith((".yaml", ".yml")) else mapping
    return load_mapping(path, book.facts, OPEN_FACTS).claim_id


def as_text(
    rules: Path,
    book: RuleBook,
    how: How,
    *,
    mapping: str | None,
    codes: Iterable[Path],
) -> str:
    """Return all that decides, as text: rules, choices, mapping and code packs."""
    files = {
        path.relative_to(rules if rules.is_dir() else rules.parent).as_posix(): path
        for path in rule_files(rules)
    }
    is_file = mapping is not None and mapping.endswith((".yaml", ".yml"))
    said = {
        "whopays": _version(),
        "rules": {name: _raw(path) for name, path in files.items()},
        "digests": book.rules.sources,
        "engine": book.engine,
        "known_on": book.known_on.isoformat() if book.known_on else None,
        "contract": book.contract,
        "mapping": mapping,
        "mapping_file": _raw(Path(mapping)) if is_file and mapping else None,
        "shadow": how.shadow,
        "cache": str(how.cache) if how.cache else None,
        "codes": {
            f"{at}-{folder.name}": {each.name: _raw(each) for each in folder.iterdir()}
            for at, folder in enumerate(dict.fromkeys(codes))
        },
    }
    return json.dumps(said)


def _raw(path: Path) -> str:
    return b64encode(path.read_bytes()).decode("ascii")


def _version() -> str:
    return metadata.version("whopays")


def part_of(text: str) -> Callable[[Sequence[Source]], Any]:
    """Return what makes the function of a partition, for the inputs of a job."""

    def made(sources: Sequence[Source]) -> Any:
        given = json.dumps([[each.name, each.columns] for each in sources])
        return partial(decide_part, text, given)

    return made


def decide_part(text: str, sources: str, batches: Iterator[Any]) -> Iterator[Any]:
    """Decide a partition on the machine of a worker; see `batch.partition`."""
    from whopays.batch.partition import Source, decided  # noqa: PLC0415 - on workers

    given = [Source(name, tuple(columns)) for name, columns in json.loads(sources)]
    with tempfile.TemporaryDirectory(prefix="whopays-") as folder:
        yield from decided(batches, given, _run(text, Path(folder)))


def _run(text: str, folder: Path) -> Callable[[Sequence[Path], Path], object]:
    said, book = json.loads(text), _book(text)
    mapping = said["mapping"]
    if said["mapping_file"]:
        path = folder / Path(mapping).name
        path.write_bytes(b64decode(said["mapping_file"]))
        mapping = str(path)
    cache = Path(said["cache"]) if said["cache"] else None
    own = {"form": "parquet", "shadow": said["shadow"], "cache": cache, "turns": False}
    return partial(book.decide_files, mapping=mapping, **own)


@lru_cache(maxsize=4)
def _book(text: str) -> RuleBook:
    """Return the rules of a job, read once by each process of a worker."""
    from whopays.api import load  # noqa: PLC0415 - api imports this module

    said = json.loads(text)
    if said["whopays"] != _version():
        raise ClusterError(
            f"a worker has whopays {metadata.version('whopays')}, and the job was started by "
            f"{said['whopays']}"
        )
    with tempfile.TemporaryDirectory(prefix="whopays-") as folder:
        rules = Path(folder, "rules")
        _write(rules, said["rules"])
        packs = [Path(folder, "codes", name) for name in said["codes"]]
        for pack in packs:
            _write(pack, said["codes"][pack.name])
        known_on = date.fromisoformat(said["known_on"]) if said["known_on"] else None
        book = load(
            rules,
            engine=said["engine"],
            known_on=known_on,
            contract=said["contract"],
            codes=packs,
        )
    if [list(each) for each in book.rules.sources] != said["digests"]:
        raise ClusterError("the rules that a worker read are not those of the job")
    return book


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(raw))
