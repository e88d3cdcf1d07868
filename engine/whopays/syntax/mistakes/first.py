"""What was probably meant by a statement that begins with no word of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whopays.diagnostics import Edit, Remedy, Span, nearest
from whopays.syntax import surface
from whopays.syntax.mistakes.prose import commented, is_prose
from whopays.syntax.mistakes.wordings import FIRST_WORDS
from whopays.syntax.problems import Problems
from whopays.syntax.read import reader
from whopays.syntax.statements import Statement


def meant_first(
    statement: Statement, known: Sequence[str], problems: Problems
) -> Remedy | None:
    """Return the remedy for the first word of `statement`, which is none of `known`.

    A repair with which the statement can be read goes before one that is only near.
    """
    text = statement.span.text
    comment = _COMMENT.match(text)
    if comment is not None:
        return _meant(statement, comment.end(), "#")
    word = next(
        (m for said in _LONG if (m := re.match(rf"{said}\b", text, re.IGNORECASE))),
        re.match(r"[^\s\"(|,:]*", text),
    )
    length = len(word.group()) if word else 0
    tries = list(_tries(text[:length], known))
    for near in tries:
        whole = f"{near}{text[length:].lstrip(':')}"
        if near == "end" and whole.split("#", maxsplit=1)[0].strip() == "end":
            return _meant(statement, len(text) if "#" not in text else length, near)
        if reader(near.split()[0], "statement", problems)(whole):
            end = length + (len(text[length:]) - len(text[length:].lstrip(":")))
            return _meant(statement, end, near)
    if is_prose(text) and reader("when", "condition", problems)(text) is False:
        return commented(statement.span.source, statement.span.start)
    if tries and nearest(text[:length], known) == tries[0]:
        return _meant(statement, length, tries[0])
    return None


#: First words that are several.
_LONG = tuple(said for said in FIRST_WORDS if " " in said)
#: What begins a comment elsewhere.
_COMMENT = re.compile(r"//+|--+(?!\w)|/\*|<!--|%+(?!\w)|;+|''")


def _tries(word: str, known: Sequence[str]) -> Iterator[str]:
    near = nearest(word, known)
    if near is not None:
        yield near
    # `also_called` and `inforce`: two words written as one.
    joined = {
        "".join(each.split()): each
        for each in surface.WRITTEN.values()
        if " " in each and each.split()[0] in known
    }
    whole = joined.get(nearest(re.sub(r"[_-]", "", word), joined) or "")
    if whole is not None:
        yield whole
    said = FIRST_WORDS.get(word.casefold())
    if said is not None and said.split()[0] in known and said != near:
        yield said


def _meant(statement: Statement, length: int, near: str) -> Remedy:
    source, start = statement.span.source, statement.span.start
    place = Span(source, start, start + length)
    return Remedy(f"did you mean `{near}`?", (Edit(place, near),))
