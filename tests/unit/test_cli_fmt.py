"""`whopays fmt`: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from whopays.cli import main
from whopays.syntax.files import rule_files
from whopays.syntax.layout.format import FormatBug

UNTIDY = "edition 1\r\ndefine a\r\nwhen b\r\nend"
TIDY = "edition 1\n\ndefine a\n  when b\nend\n"
WRONG = "edition 1\ndefine a\n  when a ≤ 2\nend\n"


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


@dataclass
class Command:
    """Runs `whopays fmt` as a shell would, in this process."""

    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __call__(self, *words: str | Path, typed: bytes = b"") -> Told:
        self.patch.setattr(sys, "argv", ["whopays", "fmt", *map(str, words)])
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        with pytest.raises(SystemExit) as stopped:
            main()
        seen = self.capture.readouterr()
        assert "Traceback" not in seen.err
        return Told(int(str(stopped.value.code)), seen.out, seen.err)


@pytest.fixture
def fmt(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one file to format, one that is, and one with an error."""
    (tmp_path / "deep").mkdir()
    for name, text in (
        ("deep/untidy.rules", UNTIDY),
        ("tidy.rules", TIDY),
        ("wrong.rules", WRONG),
        ("notes.txt", UNTIDY),
    ):
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    return tmp_path


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def test_files_are_written_and_those_with_errors_are_left_alone(
    fmt: Command, folder: Path
) -> None:
    told = fmt(folder)

    assert _text(folder / "deep" / "untidy.rules") == TIDY
    assert _text(folder / "wrong.rules") == WRONG
    assert _text(folder / "notes.txt") == UNTIDY
    assert told.code == 1
    assert told.out.splitlines() == [
        f"formatted  {folder / 'deep' / 'untidy.rules'}",
        "1 file formatted, 1 file unchanged, 1 file left alone because of errors",
    ]
    assert "error[P001]: `≤` is a character of a word processor" in told.err
    assert f"{folder / 'wrong.rules'}:3:10" in told.err
    assert "1 error, no warnings" in told.err


def test_second_run_changes_nothing_and_touches_nothing(
    fmt: Command, folder: Path
) -> None:
    (folder / "wrong.rules").unlink()
    fmt(folder)
    before = (folder / "deep" / "untidy.rules").stat()

    told = fmt(folder)

    assert (told.code, told.out, told.err) == (0, "2 files unchanged\n", "")
    after = (folder / "deep" / "untidy.rules").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_check_lists_what_would_change_and_writes_nothing(
    fmt: Command, folder: Path
) -> None:
    (folder / "wrong.rules").unlink()

    told = fmt("--check", folder)

    assert told.code == 1
    assert told.out.splitlines() == [
        f"would change  {folder / 'deep' / 'untidy.rules'}",
        "1 file would change, 1 file unchanged",
    ]
    assert _text(folder / "deep" / "untidy.rules") == UNTIDY
    assert fmt("--check", folder / "tidy.rules").code == 0


def test_diff_shows_what_would_change_and_writes_nothing(
    fmt: Command, folder: Path
) -> None:
    path = folder / "deep" / "untidy.rules"
    path.write_text("edition 1\n\ndefine a\nwhen b\nend", encoding="utf-8")

    told = fmt("--diff", path)

    assert told.code == 0
    assert told.out == (
        f"--- {path}\n+++ {path}\n@@ -1,5 +1,5 @@\n edition 1\n \n define a\n"
        "-when b\n-end\n\\ No newline at end of file\n+  when b\n+end\n"
    )
    assert told.err == "1 file would change\n"
    assert _text(path).endswith("\nwhen b\nend")
    assert fmt("--diff", "--check", path).code == 1


def test_standard_input_goes_to_standard_output(fmt: Command) -> None:
    assert fmt("-", typed=UNTIDY.encode()) == Told(0, TIDY, "")
    assert fmt("-", "--check", typed=TIDY.encode()) == Told(0, "", "")
    told = fmt("-", "--check", typed=UNTIDY.encode())
    assert (told.code, told.out) == (1, "would change  standard input\n")
    assert fmt("-", "--diff", typed=UNTIDY.encode()).out.startswith("--- standard inp")


def test_standard_input_with_errors_gives_no_output(fmt: Command) -> None:
    told = fmt("-", typed=WRONG.encode())

    assert (told.code, told.out) == (1, "")
    assert "standard input:3:10" in told.err


def test_standard_input_stands_alone(fmt: Command, folder: Path) -> None:
    told = fmt("-", folder)

    assert told.code == 2
    assert "stands alone" in told.err


@pytest.mark.parametrize("missing", ["nowhere", "none/at/all.rules"])
def test_path_that_is_not_there_stops_the_run_before_anything_is_written(
    fmt: Command, folder: Path, missing: str
) -> None:
    told = fmt(folder, folder / missing)

    assert told.code == 2
    assert f"there is no file or folder {folder / missing}" in told.err
    assert _text(folder / "deep" / "untidy.rules") == UNTIDY


def test_no_path_is_wrong_use(fmt: Command) -> None:
    assert fmt().code == 2


def test_file_that_is_no_text_is_reported_and_the_others_are_formatted(
    fmt: Command, folder: Path
) -> None:
    (folder / "a.rules").write_bytes(b"edition 1\n\xff")

    told = fmt(folder)

    assert told.code == 1
    assert "error[P021]" in told.err
    assert _text(folder / "deep" / "untidy.rules") == TIDY


def test_file_named_twice_is_formatted_once(fmt: Command, folder: Path) -> None:
    told = fmt(folder / "deep", folder / "deep" / "untidy.rules")

    assert told.out.splitlines()[-1] == "1 file formatted"


def test_mode_is_kept_links_stay_links_and_nothing_else_is_left(
    fmt: Command, folder: Path
) -> None:
    path = folder / "deep" / "untidy.rules"
    path.chmod(0o640)
    link = folder / "link.rules"
    link.symlink_to(path)

    told = fmt(link)

    assert told.code == 0
    assert link.is_symlink()
    assert _text(path) == TIDY
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["untidy.rules"]


def test_file_that_must_not_be_written_is_reported_and_the_others_are_formatted(
    fmt: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected = folder / "a.rules"
    protected.write_text(UNTIDY, encoding="utf-8")
    # The superuser may write everything, so nothing less would show it.
    monkeypatch.setattr(os, "access", lambda path, _: path.name != "a.rules")

    told = fmt(folder)

    assert told.code == 2
    assert f"error: {protected}: Permission denied" in told.err
    assert "1 file not read or not written" in told.out
    assert _text(folder / "deep" / "untidy.rules") == TIDY


def test_write_that_fails_leaves_the_file_as_it_was(
    fmt: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    path = folder / "deep" / "untidy.rules"

    told = fmt(path)

    assert told.code == 2
    assert "No space left on device" in told.err
    assert _text(path) == UNTIDY
    assert [each.name for each in path.parent.iterdir()] == ["untidy.rules"]


def test_bug_of_the_formatter_is_told_as_one_and_the_file_is_left_alone(
    fmt: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(name: str, _: str) -> str:
        raise FormatBug(f"{name}: formatting would change what this file says")

    monkeypatch.setattr("whopays.syntax.layout.format.format_text", wrong)

    told = fmt(folder / "deep")

    assert told.code == 4
    assert "formatting would change what this file says" in told.err
    assert told.out == "1 file left alone because of a bug in whopays\n"
    assert _text(folder / "deep" / "untidy.rules") == UNTIDY


def test_formatting_imports_neither_the_engine_nor_numbers(folder: Path) -> None:
    program = (
        "import sys; sys.argv[1:] = ['fmt', '--diff', sys.argv[1]]\n"
        "from whopays.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder / "tidy.rules")],
        check=True,
        capture_output=True,
        text=True,
    )

    loaded = set(ran.stdout.split())
    assert "whopays.syntax.layout.format" in loaded
    assert loaded.isdisjoint({"whopays.api", "whopays.engines", "numpy", "pyarrow"})


def test_hidden_folders_are_entered_only_by_name(fmt: Command, tmp_path: Path) -> None:
    for name in (".venv/lib", "deep/.git", "deep"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "a.rules").write_bytes(UNTIDY.encode())

    told = fmt(tmp_path)

    assert told.out.splitlines() == [
        f"formatted  {tmp_path / 'deep' / 'a.rules'}",
        "1 file formatted",
    ]
    assert _text(tmp_path / ".venv" / "lib" / "a.rules") == UNTIDY
    assert fmt(tmp_path / ".venv").out.endswith("1 file formatted\n")


def test_rules_in_hidden_folders_are_not_read_with_the_others(tmp_path: Path) -> None:
    hidden = tmp_path / ".git"
    hidden.mkdir()
    (hidden / "a.rules").write_text(TIDY)
    (tmp_path / "b.rules").write_text(TIDY)

    assert rule_files(tmp_path) == [tmp_path / "b.rules"]
    assert rule_files(hidden) == [hidden / "a.rules"]
