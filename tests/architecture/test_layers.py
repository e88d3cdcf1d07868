"""A layer imports only what stands below it, and libraries stay at their edge."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SLOW_TO_LOAD = {
    *("numpy", "pyarrow", "jinja2", "markdown_it", "holidays"),
    *("sqlalchemy", "alembic", "psycopg", "z3"),
}


def test_import_contracts_are_kept(root: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "engine")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_importing_whopays_loads_no_slow_library(root: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import whopays, sys; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(root / "engine")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert not SLOW_TO_LOAD & set(ran.stdout.split())


def test_help_of_a_command_that_makes_pages_loads_no_slow_library(root: Path) -> None:
    run = """
import runpy, sys
sys.argv[1:] = ["check", "--help"]
try:
    runpy.run_module("whopays", run_name="__main__")
finally:
    print(*sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", run],
        env={**os.environ, "PYTHONPATH": str(root / "engine")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert not SLOW_TO_LOAD & set(ran.stdout.split())
