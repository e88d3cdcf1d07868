"""Diagnostics in SARIF 2.1.0, the format in which tools of analysis hand over results.

The standard: OASIS, Static Analysis Results Interchange Format Version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from whopays.diagnostics.diagnostic import Diagnostic, Edit, Severity, Span

VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


@dataclass(frozen=True)
class Rule:
    """What is documented of a code: one line, the whole section, and where it stands."""

    code: str
    title: str
    section: str
    uri: str


class Files(Protocol):
    """Where the files are that results are about."""

    def uri(self, name: str) -> str:
        """Return the address of the file that is called `name`."""

    def base(self, name: str) -> str:
        """Return to which of the `bases` it is relative, empty for the current folder."""

    @property
    def bases(self) -> Mapping[str, str]:
        """The folders that addresses are relative to, each whole."""


def sarif(
    found: Iterable[Diagnostic],
    rules: Mapping[str, Rule],
    version: str,
    files: Files,
) -> dict[str, Any]:
    """Return `found` as a SARIF log of one run.

    `rules` by code; `version` is that of whopays; `files` makes of a source's name the
    address by which whoever reads the log finds the file.
    """
    diagnostics = list(found)
    codes = sorted({each.code for each in diagnostics})
    driver = {
        "name": "whopays",
        "semanticVersion": version,
        "rules": [_rule(code, rules.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        # The engine counts characters; the default of SARIF is UTF-16 code units.
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {base: {"uri": uri} for base, uri in files.bases.items()},
        "results": [_result(each, codes, files) for each in diagnostics],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.section, "markdown": rule.section},
        "helpUri": rule.uri,
    }


def _result(found: Diagnostic, codes: list[str], files: Files) -> dict[str, Any]:
    said = [found.message, *(f"note: {note}" for note in found.notes)]
    if found.help:
        said.append(f"help: {found.help}")
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": _LEVELS[found.severity],
        "message": {"text": "\n".join(said)},
        "locations": [
            _location(label.span, label.remark, files) for label in found.labels[:1]
        ],
    }
    related = [
        {"id": number, **_location(label.span, label.remark, files)}
        for number, label in enumerate(found.labels[1:], 1)
    ]
    if related:
        result["relatedLocations"] = related
    if found.fix:
        result["fixes"] = [_fix(found, files)]
    return result


def _location(span: Span, remark: str, files: Files) -> dict[str, Any]:
    where: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(span.source.name, files),
            "region": _region(span),
        }
    }
    if remark:
        where["message"] = {"text": remark}
    return where


def _artifact(name: str, files: Files) -> dict[str, str]:
    found = {"uri": files.uri(name)}
    base = files.base(name)
    return {**found, "uriBaseId": base} if base else found


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(found: Diagnostic, files: Files) -> dict[str, Any]:
    by_file: dict[str, list[Edit]] = {}
    for edit in found.fix:
        by_file.setdefault(edit.span.source.name, []).append(edit)
    changes = [
        {
            "artifactLocation": _artifact(name, files),
            "replacements": [
                {
                    "deletedRegion": _region(edit.span),
                    "insertedContent": {"text": edit.text},
                }
                for edit in edits
            ],
        }
        for name, edits in by_file.items()
    ]
    return {"description": {"text": found.help}, "artifactChanges": changes}
