"""What ships is published: each text is locked, and is as it was when it was locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from whopays.api.lock import check_lock
from whopays.api.rulefiles import read_files
from whopays.syntax.documents import documents

RULESETS = Path(__file__).parents[2] / "rulesets"
#: A draft is nobody's text yet: nothing builds on it, and it changes.
DRAFTS = {path for path in (RULESETS / "catalog").iterdir() if "draft" in path.name}
FOLDERS = [
    RULESETS / "cob",
    RULESETS / "facts",
    RULESETS / "regulations",
    RULESETS / "terms",
    *sorted(set(filter(Path.is_dir, (RULESETS / "catalog").iterdir())) - DRAFTS),
    *sorted(path for path in (RULESETS / "contracts").iterdir() if path.is_dir()),
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_text_is_as_it_was_published(folder: Path) -> None:
    found, locked = check_lock(folder)

    assert [each.message for each in found] == []
    assert locked


def test_no_shipped_text_is_without_a_lock() -> None:
    _, files, _ = read_files(RULESETS)
    locked = {folder.relative_to(RULESETS) for folder in (*FOLDERS, *DRAFTS)}
    texts = {Path(file.source.name) for file in files if any(documents(file))}

    assert [text for text in sorted(texts) if text.parent not in locked] == []
