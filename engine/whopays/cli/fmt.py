"""`whopays fmt`."""

from __future__ import annotations

import difflib
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from whopays.bounds import LARGEST_FILE
from whopays.cli.problems import BUG, PROBLEMS, USAGE, count, show
from whopays.diagnostics import Diagnostic, DiagnosticError, printable

_STDIN = "-"
_TYPED = "standard input"
_SAME, _CHANGED, _WRONG, _UNREAD, _BUG = "same", "changed", "wrong", "unread", "bug"
#: The worst of what happened decides the exit code.
_CODES = {_BUG: BUG, _UNREAD: USAGE, _WRONG: PROBLEMS}


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "--check", is_flag=True, help="Write nothing; fail if a file would change."
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(paths: tuple[str, ...], check: bool, diff: bool) -> None:
    """Lay out the rule files and folders PATHS as all rule files are laid out.

    Aligns grids, indents blocks, and puts the statements of a block in order. Comments
    and the order of rows stay, and so does what the rules say. A file with errors is
    left as it is. With - for PATHS, standard input goes to standard output.

    Hidden folders such as .git are not entered, unless they are named. A file is put in
    the place of the old one as a whole: a hard link to it keeps the old text.
    """
    if _STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` reads standard input and stands alone.")
        _Run(check=check, diff=diff).typed()
    else:
        _Run(check=check, diff=diff).files(_files(paths))


def _files(paths: Iterable[str]) -> list[Path]:
    from whopays.syntax.files import rule_files  # noqa: PLC0415 - on demand

    found = [each for path in paths for each in rule_files(Path(path))]
    return list({path.resolve(): path for path in found}.values())


class _Run:
    """One run: what happened to each file, and what is wrong with those left alone."""

    def __init__(self, *, check: bool, diff: bool) -> None:
        self.check = check
        self.diff = diff
        self.happened: Counter[str] = Counter()
        self.found: list[Diagnostic] = []

    def typed(self) -> None:
        """Format standard input."""
        made = self._formatted(_TYPED, sys.stdin.buffer.read(LARGEST_FILE + 1))
        if made is not None:
            if self.check or self.diff:
                self._tell(_TYPED, *made)
            else:
                click.echo(made[1].encode("utf-8"), nl=False)
            self.happened[_SAME if made[0] == made[1] else _CHANGED] += 1
        show(self.found)
        self._finish()

    def files(self, paths: list[Path]) -> None:
        """Format files, and say at the end what happened."""
        from whopays.syntax.files import RulesFolderError  # noqa: PLC0415 - on demand

        for path in paths:
            try:
                self._file(path)
            except OSError as error:
                self._fail(_UNREAD, f"{printable(str(path))}: {error.strerror}")
            except RulesFolderError as error:
                self._fail(_UNREAD, str(error))
        show(self.found)
        click.echo(self._summary(), err=self.diff)
        self._finish()

    def _file(self, path: Path) -> None:
        from whopays.syntax.files import (  # noqa: PLC0415 - on demand
            read_raw,
            replace_text,
            shown_name,
        )

        made = self._formatted(shown_name(path), read_raw(path))
        if made is None:
            return
        if made[0] != made[1] and not (self.check or self.diff):
            replace_text(path, made[1])
        self._tell(shown_name(path), *made)
        self.happened[_SAME if made[0] == made[1] else _CHANGED] += 1

    def _formatted(self, name: str, raw: bytes) -> tuple[str, str] | None:
        """Return a text as it is and as it should be, or None if it has errors."""
        from whopays.syntax import format_text  # noqa: PLC0415 - on demand
        from whopays.syntax.files import decoded  # noqa: PLC0415
        from whopays.syntax.layout.format import FormatBug  # noqa: PLC0415

        try:
            before = decoded(name, raw)
            return before, format_text(name, before)
        except DiagnosticError as error:
            self.found.extend(error.diagnostics)
            self.happened[_WRONG] += 1
        except FormatBug as error:
            self._fail(_BUG, str(error))
        return None

    def _fail(self, what: str, message: str) -> None:
        self.happened[what] += 1
        click.echo(f"error: {message}", err=True)

    def _tell(self, name: str, before: str, after: str) -> None:
        if self.diff:
            for line in _diff(name, before, after):
                click.echo(line.encode("utf-8"), nl=False)
        elif before != after:
            click.echo(f"{'would change' if self.check else 'formatted'}  {name}")

    def _summary(self) -> str:
        done = "would change" if self.check or self.diff else "formatted"
        words = {
            _CHANGED: done,
            _SAME: "unchanged",
            _WRONG: "left alone because of errors",
            _UNREAD: "not read or not written",
            _BUG: "left alone because of a bug in whopays",
        }
        return ", ".join(
            f"{count(self.happened[what], 'file')} {said}"
            for what, said in words.items()
            if self.happened[what]
        )

    def _finish(self) -> None:
        for what, code in _CODES.items():
            if self.happened[what]:
                sys.exit(code)
        if self.check and self.happened[_CHANGED]:
            sys.exit(PROBLEMS)


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    """Yield a unified diff, as `patch` reads it."""
    old = list(io.StringIO(before, newline="\n"))
    new = list(io.StringIO(after, newline="\n"))
    for line in difflib.unified_diff(old, new, name, name):
        yield line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"
