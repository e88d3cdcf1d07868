"""Lines of a block that begin with no word that may stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whopays.diagnostics import Remedy, Span, insert, rewrite
from whopays.syntax import surface
from whopays.syntax.mistakes.first import meant_first
from whopays.syntax.mistakes.titles import ids_of_titles
from whopays.syntax.mistakes.unless import joined, uncommented, unless
from whopays.syntax.opened import Opened
from whopays.syntax.problems import Problems
from whopays.syntax.read import reader
from whopays.syntax.statements import Statement

_LONGEST = 60  # characters of a word that a message shows
_ELSEWHERE = frozenset(
    word for each in surface.BLOCKS for word in surface.first_words(each)
)


#: What a line says that begins with a party, by the block it stands in.
_ANSWERS = {"exception": "then", "responsibility": "otherwise", "test": "expect"}
_ANSWER = re.compile(r"([A-Z][A-Z0-9-]*\b|not covered|unlisted)(?![(|])")


_PAYS = re.compile(r"\s+(pays?|is responsible|bears)( it| all)?$")


@dataclass(frozen=True)
class Beside:
    """What stands beside a line: the one `above` it, and the `when` of its block."""

    above: Statement | None
    when: Span | None


def unknown_line(
    block: Opened, statement: Statement, beside: Beside, found: Problems
) -> None:
    """Report `statement`, which can't stand in `block`."""
    word, place = statement.word, first_word(statement)
    block.broken = True
    if block.kind == "responsibility" and _is_row(block, statement, found):
        return
    answers = _answers(block, statement, found)
    if word in _ELSEWHERE and answers is None:
        message = f"`{word}` cannot stand in a `{block.kind}` block"
        found.report("P005", message, place, may_stand(block.kind))
        return
    if word in surface.ALONE:
        remedy = "it stands below the head of a catalog, outside of blocks"
        found.report("P005", f"`{word}` cannot stand in a block", place, remedy)
        return
    meant = answers or _not_when(block, statement, beside, found)
    meant = meant or meant_first(statement, surface.first_words(block.kind), found)
    text = statement.span.text
    may_be = "when" in surface.first_words(block.kind) and beside.when is None
    if meant is None and may_be and reader("when", "statement", found)(f"when {text}"):
        meant = insert(place.source, place.start, "when ", f"write `when {word}`")
    found.report(
        "P004",
        f"`{clipped(word)}` is not a word that a line can begin with here",
        place,
        meant or _goes_on(statement, beside.above, found) or may_stand(block.kind),
    )


def _is_row(block: Opened, statement: Statement, found: Problems) -> bool:
    """Report a row without bars, once in a grid, and tell whether it may be one."""
    span = statement.span
    if "|" in span.text:
        remedy = insert(span.source, span.start, "| ", f"write `| {statement.word}`")
        found.report("P012", "a row begins and ends with `|`", span, remedy)
        return True
    may_be = "  " in span.text or ",," in span.text
    if not may_be or meant_first(statement, surface.first_words(block.kind), found):
        return False
    if not block.has_bare_rows:
        message = "a row begins and ends with `|`, and so does every cell of it"
        found.report("P012", message, span, "such as `| Office visits | x |  |`")
    block.has_bare_rows = True
    return True


def _answers(block: Opened, statement: Statement, found: Problems) -> Remedy | None:
    """Return the remedy for a line that begins with a party: `then` was left out."""
    word, span = _ANSWERS.get(block.kind), uncommented(statement.span)
    if word is None:
        return None
    its_id = ids_of_titles(span.source).get(span.text.strip('"').casefold())
    text = its_id or _PAYS.sub("", span.text)
    if not _ANSWER.match(text):
        return None
    if not reader(word, "statement", found)(f"{word} {text}"):
        return None
    return rewrite(span, f"{word} {text}")


def _not_when(
    block: Opened, statement: Statement, beside: Beside, found: Problems
) -> Remedy | None:
    """Return the remedy for a line that begins with `unless`."""
    condition = unless(statement.span)
    if condition is None or "when" not in surface.first_words(block.kind):
        return None
    span, reads = uncommented(statement.span), reader("when", "statement", found)
    if beside.when is not None:
        return joined(beside.when, span, condition, reads)
    return rewrite(span, f"when {condition}") if reads(f"when {condition}") else None


def _goes_on(statement: Statement, above: Statement | None, found: Problems) -> str:
    """Return the help for a line that goes on with the condition above it."""
    if above is None or above.word != "when":
        return ""
    if not reader("when", "condition", found)(statement.span.text):
        return ""
    return "a line that goes on with the one above begins with `and` or `or`"


def first_word(statement: Statement) -> Span:
    """Return the place of the word with which `statement` begins."""
    span = statement.span
    return Span(span.source, span.start, span.start + max(len(statement.word), 1))


def may_stand(kind: str) -> str:
    """Return the help that lists the statements of a `kind` block."""
    words = [f"`{surface.written(rule)}`" for rule in surface.BLOCKS[kind]]
    return f"in a `{kind}` block may stand {', '.join(words)}"


def clipped(text: str) -> str:
    """Return `text`, shortened if it is too long for a message."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
