"""The wheel holds the package, the grammar and the rulesets, and works once installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

LOAD = """
import whopays.resources as resources
grammar = resources.bundle("grammar") / "whopays.lark"
assert "_bundle" in str(grammar), grammar
rulesets = sorted(each.name for each in resources.bundle("rulesets").iterdir())
assert rulesets
import lark
lark.Lark(grammar.read_text("utf-8"), parser="lalr", start="statement")
from whopays.pages import About, tests_page
assert "There are no tests" in tests_page(About("1", ()), [], [], [])
print(resources.__file__)
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(root, "wheel", tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_one_package_with_grammar_and_rulesets(
    wheel: Path, root: Path
) -> None:
    names = ZipFile(wheel).namelist()

    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"whopays"}
    assert "whopays/py.typed" in names
    assert "whopays/store/migrations/env.py" in names
    assert "whopays/_bundle/grammar/whopays.lark" in names
    assert _below(names, "whopays/_bundle/rulesets/") == _tree(root / "rulesets")
    assert _below(names, "whopays/pages/templates/") == _tree(
        root / "engine" / "whopays" / "pages" / "templates"
    )


def test_wheel_leaves_out_what_only_the_tests_need(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()

    assert [name for name in names if "corpus" in name or "__pycache__" in name] == []


def test_wheel_from_the_sdist_is_the_wheel_from_the_tree(
    wheel: Path, root: Path, tmp_path: Path
) -> None:
    sdist = _build(root, "sdist", tmp_path / "sdist")
    _run("-m", "tarfile", "-e", str(sdist), ".", cwd=tmp_path)
    (unpacked,) = tmp_path.glob("whopays-*")

    again = _build(unpacked, "wheel", tmp_path / "wheel")

    assert sorted(ZipFile(again).namelist()) == sorted(ZipFile(wheel).namelist())


def test_installed_wheel_loads_its_own_grammar_and_templates(
    wheel: Path, tmp_path: Path
) -> None:
    target = tmp_path / "installed"
    _run(
        *("-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
        *("--target", str(target), str(wheel)),
        cwd=tmp_path,
    )

    loaded = _run("-c", LOAD, cwd=tmp_path, path=target)

    assert Path(loaded.strip()).is_relative_to(target)


def _build(tree: Path, kind: str, folder: Path) -> Path:
    """Build `kind` of the project in `tree` into `folder`, without the network."""
    _run("-m", "hatchling", "build", "-t", kind, "-d", str(folder), cwd=tree)
    (built,) = folder.iterdir()
    return built


def _run(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("PYTHONPATH", None)
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _below(names: list[str], folder: str) -> set[str]:
    return {name.removeprefix(folder) for name in names if name.startswith(folder)}


def _tree(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
