"""Decisions looked up in an output folder, which needs nothing else for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from whopays.batch.folder import records as json_lines
from whopays.batch.jsonl import facts_of
from whopays.columns.records import records
from whopays.explain.recorded import Recorded, recorded

_BESIDE = re.compile(r"[^0-9a-z]|(?<![0-9a-z])0+(?=[0-9a-z])")


class NoOutputError(Exception):
    """A folder that is not the whole output of a run."""


@dataclass(frozen=True)
class Output:
    """The output folder of a run that ended."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest. Raise `NoOutputError` if there is none that can be read."""
        path = self.folder / "manifest.json"
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
            known = {"format", "parties", "rules", "outputs"} <= found.keys()
        except (ValueError, AttributeError):
            known = False
        if not known:
            raise NoOutputError(
                f"{path} is not the manifest of a run of `whopays decide` of this edition"
            )
        return found

    @cached_property
    def evaluated(self) -> frozenset[str]:
        """The ids of explanations that rest on what durable-rules did not answer."""
        try:
            about = json.loads((self.folder / "run.json").read_bytes())
            told = [about["tables"], *about["tables_of_earlier_runs"]]
            return frozenset(name for each in told for name in each["explanations"])
        except (OSError, ValueError, LookupError, TypeError):
            return frozenset()  # it is for people, and may be gone

    def decisions(self, claim: str, line: str | None = None) -> list[Recorded]:
        """Return the decisions of the lines of `claim`, or of its line `line` alone."""
        if self.manifest["format"] == "parquet":
            found, explanations = self._of_columns(claim, line)
        else:
            found = [
                each
                for each in self._json("decisions", (claim,))
                if each["claim_id"] == claim and line in {None, each["line"]}
            ]
            names = {each["explanation"] for each in found}
            explanations = {
                each["id"]: each
                for each in self._json("explanations", names)
                if each["id"] in names
            }
        return [
            recorded(each, explanations[each["explanation"]], self._names(each))
            for each in found
        ]

    def _names(self, record: Mapping[str, Any]) -> dict[str, str]:
        versions = self.manifest["parties"].get(record["contract"], {})
        names: dict[str, str] = versions.get(record["version"], {})
        return {party: name for party, name in names.items() if name}

    def rejects(self, claim: str, line: str | None = None) -> list[dict[str, Any]]:
        """Return the rejects of the claim, or of its line, in the order of the input."""
        if self.manifest["format"] == "parquet":
            from whopays.batch.parquet import rows_of  # noqa: PLC0415 - heavy

            found = rows_of(self.folder / "rejects.parquet", {"claim_id": claim})
            several: Iterable[dict[str, Any]] = found.to_pylist() if found else ()
        else:
            several = self._json("rejects", (claim,))
        return [
            each
            for each in several
            if each["claim_id"] == claim and line in {None, each["line"]}
        ]

    def alike(self, claim: str) -> list[str]:
        """Return claims whose ids differ in case, signs or leading zeros alone."""
        wanted = _plain(claim)
        ids: Iterable[str]
        if self.manifest["format"] == "parquet":
            from whopays.batch.parquet import texts_of  # noqa: PLC0415 - heavy

            ids = texts_of(self._files, "claim_id")
        else:
            ids = (each["claim_id"] for each in self._json("decisions", ()))
        return sorted({each for each in ids if _plain(each) == wanted})

    @property
    def _files(self) -> list[Path]:
        names = (n for n in self.manifest["outputs"] if n.startswith("decisions"))
        return [self.folder / name for name in sorted(names)]

    def _of_columns(
        self, claim: str, line: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
        from whopays.batch.parquet import rows_of  # noqa: PLC0415 - heavy

        wanted = {"claim_id": claim} | ({"line": line} if line is not None else {})
        tables = [table for path in self._files if (table := rows_of(path, wanted))]
        found: dict[str, dict[str, Any]] = {}
        texts: dict[str, str] = {}
        for table in tables:
            for name in set(table.column("explanation").to_pylist()):
                if name not in texts:
                    path = self.folder / "explanations.parquet"
                    (row,) = rows_of(path, {"id": name}).to_pylist()
                    texts[name] = row["explanation"]
                    found[name] = json.loads(row["explanation"])
        facts = facts_of(texts)
        return [each for table in tables for each in records(table, facts)], found

    def _json(self, name: str, having: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Yield the records of a file that have one of the texts `having` somewhere."""
        path = self.folder / f"{name}.jsonl"
        marks = tuple(json.dumps(each, ensure_ascii=False) for each in having)
        if not marks:
            yield from json_lines(path)
            return
        with path.open(encoding="utf-8") as lines:
            for each in lines:
                if any(mark in each for mark in marks):
                    yield json.loads(each)


def _plain(name: str) -> str:
    return _BESIDE.sub("", name.casefold())
