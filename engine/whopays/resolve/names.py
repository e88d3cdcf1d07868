"""How ids and names are written: an id in capitals, a name in small letters.

So a party is never taken for a fact, and two spellings are never two things.
"""

from __future__ import annotations

import re

from whopays.resolve.report import Report
from whopays.syntax.nodes import Word

_ID = re.compile(r"[A-Z][A-Z0-9]*([.\-_][A-Z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def check_id(what: str, word: Word, report: Report) -> None:
    """Report the id of a `what` that is not written in capitals."""
    if not _ID.fullmatch(word.text):
        report.error(
            "R029",
            f"the id of a {what} is written in capitals; `{_clip(word.text)}` is not",
            word.span,
            f"for example `{_capitals(word.text)}`, here and wherever it is named",
        )
        # It may be named as it should be: then nothing more is wrong.
        report.lose_name(word.text)


def check_name(what: str, word: Word, report: Report) -> None:
    """Report the name of a `what` that is not written in small letters."""
    if not _NAME.fullmatch(word.text):
        small = _CAMEL.sub("_", word.text).lower().replace("-", "_").replace(".", "_")
        report.error(
            "R029",
            f"the name of a {what} is written in small letters; "
            f"`{_clip(word.text)}` is not",
            word.span,
            f"for example `{_clip(small)}`, here and wherever it is named",
        )
        report.lose_name(word.text)
        report.lose_name(small)


def _capitals(text: str) -> str:
    return _clip(_CAMEL.sub("-", text).upper().replace("_", "-"))


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004
