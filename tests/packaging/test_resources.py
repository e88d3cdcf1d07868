"""Shipped files are found, and the cache folder is the user's own or none at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from whopays import resources


def test_grammar_of_the_checkout_is_found(root: Path) -> None:
    grammar = resources.bundle("grammar") / "whopays.lark"

    assert grammar.read_text("utf-8") == (root / "grammar/whopays.lark").read_text()


def test_missing_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)

    with pytest.raises(FileNotFoundError, match="grammar"):
        resources.bundle("grammar")


def test_cache_folder_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not" / "there"))

    folder = resources.cache_folder()

    assert folder == tmp_path / "not" / "there" / "whopays"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_cache_folder_open_to_others_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "whopays").mkdir()
    (tmp_path / "whopays").chmod(0o777)

    folder = resources.cache_folder()

    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_cache_folder_is_in_the_home_folder_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert resources.cache_folder() == tmp_path / ".cache" / "whopays"


@pytest.mark.parametrize("home", ["", "relative"])
def test_no_home_means_no_cache(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    monkeypatch.setenv("HOME", home)

    assert resources.cache_folder() is None


def test_file_in_place_of_the_folder_means_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "whopays").write_text("")

    assert resources.cache_folder() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    os.chown(foreign, 12345, 12345)
    (tmp_path / "whopays").symlink_to(foreign)

    assert resources.cache_folder() is None
    assert stat.S_IMODE(foreign.stat().st_mode) != 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_home_means_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tmp_path.chmod(0o500)

    assert resources.cache_folder() is None
