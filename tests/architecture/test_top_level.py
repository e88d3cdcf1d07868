"""The top level of the repository holds the fixed names and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FIXED = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "engine",
    "grammar",
    "pyproject.toml",
    "rulesets",
    "tests",
}


def test_top_level_holds_only_the_fixed_names(root: Path) -> None:
    tracked = {name.split("/")[0] for name in _tracked(root)}

    assert {name for name in tracked if not name.startswith(".")} <= FIXED


def _tracked(root: Path) -> list[str]:
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("not a git checkout")
    # The checkout may belong to another user than the one who runs the tests.
    listed = subprocess.run(
        [git, "-c", f"safe.directory={root}", "ls-files", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]
