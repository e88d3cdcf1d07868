"""Files that were read before load from the cache folder, and mean the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from whopays.syntax import parse
from whopays.syntax.kept import parse_kept

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "rulesets").rglob("*.rules"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "whopays"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_kept_nodes_are_those_that_were_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    parse_kept(path.name, text)
    kept, found = parse_kept(path.name, text)

    read, problems = parse(path.name, text)
    assert [each.code for each in found] == [each.code for each in problems]
    assert repr(kept.blocks) == repr(read.blocks)


def test_spoilt_cache_is_read_anew(cache: Path) -> None:
    text = FILES[0].read_text(encoding="utf-8")
    first, _ = parse_kept("a.rules", text)
    (kept,) = cache.glob("nodes-*")

    for spoilt in ("", "[[[", "7", "null", "[99]", "[2]", "[0]", '{"a": 1}', '[1,"x"]'):
        kept.write_text(spoilt, encoding="utf-8")
        again, _ = parse_kept("a.rules", text)
        assert repr(again.blocks) == repr(first.blocks), spoilt


def test_file_with_problems_is_not_kept(cache: Path) -> None:
    text = FILES[0].read_text(encoding="utf-8") + "\nnonsense\n"

    _, first = parse_kept("a.rules", text)
    _, again = parse_kept("a.rules", text)

    assert [each.code for each in again] == [each.code for each in first] != []
    assert not list(cache.glob("nodes-*"))
