"""What all tests share: hypothesis profiles, `--update-expected`, the shared folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from command_line import Command

ROOT = Path(__file__).parents[1]

# `ci` gives the same examples each time: a red build is red again on the next run.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "fuzz",
    max_examples=5000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# One of many rounds of `make fuzz`: few examples of each property, other ones each time.
settings.register_profile(
    "round",
    max_examples=60,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-expected",
        action="store_true",
        help="write the .expected files anew; read the diff before you commit it",
    )


@pytest.fixture
def update_expected(request: pytest.FixtureRequest) -> bool:
    """Tell whether .expected files are to be written instead of compared."""
    return bool(request.config.getoption("--update-expected"))


@pytest.fixture
def whopays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Return the command line, to be called with its words."""
    return Command(capsys, monkeypatch)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of design notes and data beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder shared is not beside this repository")
    return folder
