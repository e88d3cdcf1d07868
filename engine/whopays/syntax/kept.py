"""Keeps the nodes of files that were read without a complaint, as JSON.

Reading a contract takes ten times as long as loading its nodes. What is kept is under
the digest of the text, of the grammar and of this package, in the user's own cache
folder; whatever can't be loaded is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from whopays.diagnostics import Diagnostic, Source, Span
from whopays.resources import bundle, cache_folder
from whopays.syntax import nodes, parse
from whopays.syntax.statements import normal_text

_WORTH = 300  # characters; an amendment has a thousand
_MOST = 400  # files kept
# What a list in the JSON is: its first item says it, from _FIRST on the kind of node.
_SPAN, _TUPLE, _FIRST = 0, 1, 2


def parse_kept(
    name: str, text: str, *, keep: bool = True
) -> tuple[nodes.RuleFile, list[Diagnostic]]:
    """Return what `parse` returns, from the cache folder where it has been there.

    `keep`: keep what is not there yet.
    """
    folder = cache_folder() if len(text) >= _WORTH else None
    if folder is None:
        return parse(name, text)
    whole = f"{_package()}\n{text}".encode("utf-8", "surrogatepass")
    kept = folder / f"nodes-{hashlib.sha256(whole).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
        return _load(Source(name, normal_text(text)), kept), []
    file, found = parse(name, text)
    if keep and not found:
        with suppress(OSError, ValueError, RecursionError):
            _keep(file, kept)
    return file, found


def _load(source: Source, kept: Path) -> nodes.RuleFile:
    blocks = _decoder(source)(json.loads(kept.read_bytes()))
    if type(blocks) is not tuple or any(type(each) not in _NUMBERS for each in blocks):
        raise TypeError(blocks)
    return nodes.RuleFile(source, blocks)


def _keep(file: nodes.RuleFile, kept: Path) -> None:
    text = json.dumps(_encoded(file.blocks), separators=(",", ":"))
    aside = kept.with_name(f"{kept.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(kept)
    for old in sorted(kept.parent.glob("nodes-*"), key=_age)[:-_MOST]:
        old.unlink(missing_ok=True)


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


@cache
def _package() -> str:
    """Return what changes when the grammar or this package does."""
    grammar = (bundle("grammar") / "whopays.lark").read_text(encoding="utf-8")
    found = [grammar]
    for path in sorted(Path(__file__).parent.glob("*.py")):
        about = path.stat()
        found.append(f"{path.name} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _kinds() -> Iterator[type]:
    for each in vars(nodes).values():
        if isinstance(each, type) and is_dataclass(each) and each is not Source:
            yield each


_KINDS = sorted(_kinds(), key=lambda kind: kind.__name__)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS, _FIRST)}
_NAMES = {kind: tuple(each.name for each in fields(kind)) for kind in _KINDS}


def _encoded(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Span):
        return [_SPAN, value.start, value.end]
    if isinstance(value, tuple):
        return [_TUPLE, *map(_encoded, value)]
    kind = type(value)
    inner = (_encoded(getattr(value, name)) for name in _NAMES[kind])
    return [_NUMBERS[kind], *inner]


def _decoder(source: Source) -> Callable[[Any], Any]:
    def decoded(value: Any) -> Any:
        if type(value) is not list:
            return value
        what = value[0]
        if what == _SPAN:
            return Span(source, value[1], value[2])
        inner = [decoded(each) for each in value[1:]]
        return tuple(inner) if what == _TUPLE else _KINDS[what - _FIRST](*inner)

    return decoded
