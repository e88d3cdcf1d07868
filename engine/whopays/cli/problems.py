"""What went wrong, told to the user in words; exit codes.

0 all is well · 1 the rules or a test have problems · 2 wrong use or a missing file ·
3 some claims were rejected · 4 a bug in whopays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from whopays.diagnostics import Diagnostic, DiagnosticError, nearest_file, printable

PROBLEMS, USAGE, REJECTS, BUG = 1, 2, 3, 4


@contextmanager
def told() -> Iterator[None]:
    """Turn exceptions that a user can act on into a message and an exit code."""
    try:
        yield
    except DiagnosticError as error:
        show(error.diagnostics)
        sys.exit(PROBLEMS)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, OSError):
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}{_meant(error)}", USAGE)
        _known_or_bug(error)
    except MemoryError:
        _fail("this needs more memory than there is: is a file far too large?", USAGE)
    except Exception as error:  # noqa: BLE001 - the last place to say something useful
        _known_or_bug(error)


def _meant(error: OSError) -> str:
    """Return which file was probably meant by one that is not there."""
    if not isinstance(error, FileNotFoundError) or not error.filename:
        return ""
    near = nearest_file(Path(str(error.filename)))
    return f"; did you mean {near}?" if near else ""


_KNOWN = {
    *(
        "EngineMissing",
        "TooManyKeysError",
        "OpeningError",
        "RulesFolderError",
        "OutputExistsError",
    ),
    *("OutputInUseError", "ChangedError", "NoMatchError", "InputChangedError"),
    "NoOutputError",
    *("CodeError", "StoreError", "ProverMissing", "SparkError", "ClusterError"),
}


def _known_or_bug(error: Exception) -> None:
    # By name, so that `--help` need not import the modules that define them.
    if type(error).__name__ == "TestsFailedError":
        _fail(str(error), PROBLEMS)
    if type(error).__name__ == "ShadowError":
        _fail(str(error), BUG)
    if type(error).__name__ in _KNOWN:
        _fail(str(error), USAGE)
    if os.environ.get("WHOPAYS_TRACEBACK"):
        raise error
    _fail(
        f"this is a bug in whopays ({type(error).__name__}); "
        "set WHOPAYS_TRACEBACK=1 to see where, and please report it",
        BUG,
    )


def _fail(message: str, code: int) -> None:
    # A name may have any character; the ends of lines in a text of ours stay.
    shown = "\n".join(map(printable, message.split("\n")))
    click.echo(f"error: {shown}", err=True)
    sys.exit(code)


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics to the error stream, and how many there were."""
    found = list(diagnostics)
    if not found:
        return
    from whopays.cli.paint import print_diagnostics  # noqa: PLC0415 - on demand

    print_diagnostics(found)
    errors = sum(each.is_error for each in found)
    warnings = len(found) - errors
    click.echo(f"\n{count(errors, 'error')}, {count(warnings, 'warning')}", err=True)


def count(number: int, noun: str) -> str:
    """Return `3 errors`, `1 error`, `no errors`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number or 'no'} {plural}"
