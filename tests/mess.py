"""Makes a mess of a rule file: other blanks, line breaks, comments; the same rules.

Works on the text alone and knows nothing of the formatter, which has to tidy it up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_QUOTED = re.compile(r'("[^"\n]*")')
_BLANKS = (" ", " ", "  ", "\t", "\u00a0", "   ")
_ENDS = ("\n", "\n", "\r\n", "\r")
#: What a comment may say that a careless formatter would take for something else.
_SAID = (
    *("and why", "| a | b |", '"', 'contract K "K"', "end", "because N-1", "# twice"),
    *(
        "",
        "e\u0301 日本",
        "\ttab\u00a0",
        "when x is y",
        "- minus",
        "1,234",
        "(",
        "edition 1",
    ),
)
_ROW_SAID = tuple(said for said in _SAID if "|" not in said)


def messed(text: str, chance: Random) -> str:
    """Return `text` with the same words in the same order, laid out by chance."""
    marks = iter(range(1_000_000))
    out: list[str] = []
    for line in text.splitlines():
        for piece in _broken(line.strip(), chance):
            out.extend(_above(chance, marks))
            out.append(_piece(piece, chance, marks))
    out.extend(_above(chance, marks))
    end = chance.choice(_ENDS)
    whole = "".join(
        line + (chance.choice(_ENDS) if end == "\r" else end) for line in out
    )
    if chance.random() < 0.3:
        whole = whole.rstrip("\r\n")
    return ("\ufeff" if chance.random() < 0.2 else "") + whole


def respaced(text: str, chance: Random) -> str:
    """Return `text` with other blanks, the lines and the text of cells as they are."""
    return "\n".join(
        _padded(line, chance)
        if line.startswith("  |")
        else f"{_indent(chance)}{_spaced(line.strip(), chance)}{_indent(chance)}"
        for line in text.split("\n")
    )


def _padded(row: str, chance: Random) -> str:
    return re.sub(
        r" *\| *", lambda _: f"{_indent(chance)}|{_indent(chance)}", row
    ).strip(" ")


def _broken(line: str, chance: Random) -> list[str]:
    """Return `line`, broken before some of the words that may continue a statement."""
    if line.startswith(("|", "#")):
        return [line]
    comment = _comment(line) or ""
    parts = _QUOTED.split(line.removesuffix(comment))
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(
            r"(?<=\S) (?=(?:and|or|[+*-]) )",
            lambda _: "\n" if chance.random() < 0.3 else " ",
            parts[at],
        )
    *first, last = "".join(parts).split("\n")
    return [*first, last + comment]


def _above(chance: Random, marks: Iterator[int]) -> Iterator[str]:
    while chance.random() < 0.25:
        if chance.random() < 0.5:
            yield chance.choice(("", "", " ", "\t", "\u00a0"))
        else:
            said = chance.choice(_SAID)
            yield f"{_indent(chance)}# {next(marks)} {said}"


def _indent(chance: Random) -> str:
    return "".join(chance.choices(_BLANKS, k=chance.randint(0, 3)))


def _piece(piece: str, chance: Random, marks: Iterator[int]) -> str:
    """Return one line with other blanks, and sometimes a comment behind it."""
    is_row = piece.startswith("|")
    if not piece.startswith("#"):
        piece = _spaced(piece, chance)
        if _comment(piece) is None and chance.random() < 0.15:
            said = chance.choice(_ROW_SAID if is_row else _SAID)
            piece += f"{_indent(chance)} # {next(marks)} {said}"
    return _indent(chance) + piece + _indent(chance)


def _spaced(line: str, chance: Random) -> str:
    comment = _comment(line) or ""
    parts = _QUOTED.split(line.removesuffix(comment))
    for at in range(0, len(parts), 2):
        text = re.sub(" ", lambda _: chance.choice(_BLANKS), parts[at])
        text = re.sub(r", *(?=\D)", lambda _: chance.choice((",", " , ", ", ")), text)
        text = re.sub(r"([()|])", lambda m: chance.choice((m[1], f" {m[1]} ")), text)
        parts[at] = re.sub(
            r" (<=|>=|<|>) ", lambda m: chance.choice((m[1], m[0])), text
        )
    return ("".join(parts) + comment).strip()


def comments(text: str) -> Counter[str]:
    """Return the comments of `text`, and how often each stands in it."""
    return Counter(
        comment.strip()
        for line in re.split(r"\r\n|\r|\n", text)
        if (comment := _comment(line)) is not None
    )


def _comment(line: str) -> str | None:
    line = line.strip()
    if line.startswith("|"):
        line = line[line.rindex("|") + 1 :]
    if "#" not in _QUOTED.sub("", line):
        return None
    before = re.match(r'(?:"[^"\n]*"|[^"#])*', line)
    return line[before.end() if before else 0 :]


@dataclass(frozen=True)
class Around:
    """The words, without blanks, of the lines above and below a comment."""

    last: str
    next: str


def around(text: str) -> dict[str, Around]:
    """Return what stands around each comment that has a line of its own."""
    found: dict[str, Around] = {}
    waiting: list[str] = []
    last = ""
    for line in map(str.strip, [*re.split(r"\r\n|\r|\n", text), "the end"]):
        if line.startswith("#"):
            waiting.append(line)
        elif line:
            words = "".join(line.removesuffix(_comment(line) or "").split())
            found.update(dict.fromkeys(waiting, Around(last, words)))
            waiting.clear()
            last = words
    return found
