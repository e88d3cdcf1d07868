"""What must not stand in the source: long modules, floats, and text run as code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST = 400
ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "engine").rglob("*.py"))
CALLS = {"eval", "exec", "float"}
IMPORTS = {"pickle", "marshal", "shelve", "dill"}
UNSAFE = {"yaml.load", "yaml.load_all", "yaml.unsafe_load"}


def _short(path: Path) -> str:
    return path.relative_to(ROOT / "engine").as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_short)
def test_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= LONGEST, f"{_short(path)} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=_short)
def test_module_runs_no_text_as_code_and_knows_no_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    found = [f"{_short(path)}:{line}: {what}" for line, what in _unsafe(tree)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "eval(text)",
        "exec(text)",
        "float(amount)",
        "total: float = 0",
        "import pickle",
        "from pickle import loads",
        "import yaml\nyaml.load(text)",
        "from yaml import load",
    ],
)
def test_unsafe_text_is_found(text: str) -> None:
    assert list(_unsafe(ast.parse(text)))


def test_harmless_text_is_not_reported() -> None:
    text = "# eval(x)\nimport yaml\nyaml.safe_load('float(1)')\ncompile_rules(x)"

    assert list(_unsafe(ast.parse(text))) == []


def _unsafe(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id in CALLS:
                yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            if ast.unparse(node) in UNSAFE:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for name in _imported(node):
                if name in UNSAFE or name.split(".")[0] in IMPORTS:
                    yield node.lineno, name


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return [prefix + each.name for each in node.names]
