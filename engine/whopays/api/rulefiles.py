"""Reads rule files: a folder, a file, and what ships with whopays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from whopays import bounds
from whopays.api.locked import against_lock
from whopays.diagnostics import Diagnostic, DiagnosticError, cut_short
from whopays.model.rules import Rules
from whopays.resolve import resolve
from whopays.resources import bundle
from whopays.syntax.files import (
    RulesFolderError,
    decoded,
    read_raw,
    rule_files,
    shown_name,
)
from whopays.syntax.kept import parse_kept
from whopays.syntax.nodes import RuleFile

__all__ = ["RulesFolderError", "read_rules", "rule_files", "shipped_rules"]

_HEAD = re.compile(
    r"^\s*(facts|catalog|order|regulation|terms)\s+([\w.\-]+)\s+\"", re.MULTILINE
)
#: Where each kind of block stands in the rulesets that ship.
_FOLDERS = {
    "facts": ("facts", "cob", "terms"),  # those of accounts are no columns of a claim
    "catalog": ("catalog",),
    "order": ("cob",),
    "regulation": ("regulations",),
    "terms": ("terms",),
}
_VERSION = re.compile(r"^\s*version\s+([\w.\-]+)", re.MULTILINE)


def read_rules(path: str | Path) -> tuple[Rules, list[Diagnostic]]:
    """Return the rules at `path` and all diagnostics, whether they are errors or not."""
    rules, _, found = read_files(path)
    return rules, found


def read_files(
    path: str | Path, *, locked: bool = True
) -> tuple[Rules, list[RuleFile], list[Diagnostic]]:
    """Return what `read_rules` does, and the files at `path` themselves.

    `locked`: compare the texts with the lock file beside them, if there is one.
    """
    files: list[RuleFile] = []
    found: list[Diagnostic] = []
    for name, raw in _raw_files(Path(path)):
        file, problems = _parsed(name, raw)
        files.append(file)
        found.extend(problems)
        if len(found) >= bounds.MOST_PROBLEMS:
            # What the other files say would be missed by what these say.
            return resolve([], find_shipped)[0], files, cut_short(found)
    if locked:
        unread = {each.labels[0].span.source for each in found if each.is_error}
        found.extend(against_lock(Path(path), files, unread))
    rules, problems = resolve(files, find_shipped, names_of_shipped)
    return rules, files, sorted([*found, *problems], key=_place)


def _place(found: Diagnostic) -> tuple[str, int]:
    """Return where an author meets `found`: reports stand in the order of the text."""
    if not found.labels:
        return ("", 0)
    span = found.labels[0].span
    return (span.source.name, span.start)


def _raw_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes; raise `RulesFolderError` if they are too much in all."""
    size = lines = 0
    is_folder = root.is_dir()
    for path in rule_files(root):
        raw = read_raw(path)
        size += len(raw)
        lines += raw.count(b"\n")
        if size > bounds.LARGEST_FOLDER or lines > bounds.MOST_LINES_OF_FOLDER:
            raise RulesFolderError(
                f"the rule files in {shown_name(root)} have more than "
                f"{bounds.LARGEST_FOLDER:,} bytes or {bounds.MOST_LINES_OF_FOLDER:,} "
                "lines in all"
            )
        name = path.relative_to(root).as_posix() if is_folder else path.name
        yield shown_name(name), raw


def _parsed(name: str, raw: bytes) -> tuple[RuleFile, list[Diagnostic]]:
    try:
        text = decoded(name, raw)
    except DiagnosticError as error:
        (problem,) = error.diagnostics
        return RuleFile(problem.labels[0].span.source, ()), [problem]
    return parse_kept(name, text)


def find_shipped(kind: str, name: str, version: str) -> RuleFile | None:
    """Return the shipped rule file that has the block, or None."""
    for folder, below, each in _shipped_of(kind):
        raw = each.read_bytes()
        text = raw.decode("utf-8")
        heads = [(found[1], found[2]) for found in _HEAD.finditer(text)]
        versions = [found[1] for found in _VERSION.finditer(text)]
        if (kind, name) in heads and version in versions:
            return _parsed(f"{folder}/{below}", raw)[0]
    return None


def names_of_shipped(kind: str) -> Iterator[str]:
    """Yield the ids and versions of the shipped blocks of `kind`."""
    for _, _, each in _shipped_of(kind):
        text = each.read_text(encoding="utf-8")
        names = [found[2] for found in _HEAD.finditer(text) if found[1] == kind]
        versions = [found[1] for found in _VERSION.finditer(text)]
        yield from (f"{name} {version}" for name in names for version in versions)


def _shipped_of(kind: str) -> Iterator[tuple[str, str, Traversable]]:
    """Yield folder, place in it and file of the rule files that may have a `kind`."""
    for folder in _FOLDERS.get(kind, ()):
        for below, each in _shipped(bundle("rulesets") / folder):
            yield folder, below, each


def _shipped(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the rule files in `folder` and below it, each with its place in there."""
    if folder.is_dir():
        for each in sorted(folder.iterdir(), key=lambda found: found.name):
            if each.name.endswith(".rules"):
                yield above + each.name, each
            else:
                yield from _shipped(each, f"{above}{each.name}/")


def shipped_rules(name: str) -> Path:
    """Return the folder `name` of the rulesets that come with whopays."""
    return Path(str(bundle("rulesets"))) / name
