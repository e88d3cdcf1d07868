"""From "this token can't stand here" to a sentence that an author can act on.

The typing mistakes that people bring from word processors and spreadsheets have exact
fixes; the rest is told by what was found and what could have stood there.
"""

from __future__ import annotations

import re

from whopays.diagnostics import Diagnostic, Label, Span, nearest
from whopays.syntax.grammar import Unexpected
from whopays.syntax.statements import Statement

#: Characters of word processors, and what to type instead.
TYPOGRAPHY = {
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": '"',
    "’": '"',
    "'": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "is not",
    "×": "*",
    "…": "...",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
}
_WORDS = {
    "STRING": "a text in double quotes",
    "_MONEY_WORD": "`money`",
    "MONEY": "an amount such as $250.00",
    "LITERAL": "a number, date, percent or code",
    "WORD": "a name",
    "COMPARISON": "`<`, `<=`, `>` or `>=`",
    "COMMA": "a comma",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "SIGN": "`+` or `-`",
    "EQUAL": "`=`",
    "STAR": "`*`",
    "QMARK": "`?`",
    "$END": "the end of the line",
}
_SHOWN = 12
#: With what a fact is tested; together they are "a test".
_TESTS = frozenset({"COMPARISON", "IS", "IN", "INCLUDE", "NOT"})


def explain(statement: Statement, problem: Unexpected) -> Diagnostic:
    """Return what is wrong with `statement`, which has `problem`."""
    for rule in (_typography, _open_quote, _operators, _mixed, _condition_arithmetic):
        found = rule(statement, problem)
        if found is not None:
            return found
    if problem.found == "end":
        return Diagnostic(
            "P003",
            f"`{_clip(statement.word)}` ends too early",
            (Label(problem.span, f"after this comes {expected_words(problem)}"),),
        )
    if problem.found == "character":
        return Diagnostic(
            "P001",
            "this character is not part of the language",
            (Label(problem.span, _character(problem.span.text)),),
            f"here may stand {expected_words(problem)}",
        )
    return Diagnostic(
        "P002",
        f"`{_clip(problem.span.text)}` cannot stand here",
        (Label(problem.span, f"expected {expected_words(problem)}"),),
        _misplaced_help(problem),
    )


def expected_words(problem: Unexpected) -> str:
    """Return what could have stood at the place of `problem`, in words."""
    names = problem.expected
    words = sorted({_terminal(name) for name in names})
    if names.issuperset(_TESTS):
        words = sorted({_terminal(name) for name in names - _TESTS})
        words.insert(0, "a test such as `is`")
    if "the end of the line" in words:
        words.remove("the end of the line")
        words.append("the end of the line")
    if len(words) > _SHOWN:
        words = [*words[:_SHOWN], "…"]
    if not words:
        return "nothing more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _terminal(name: str) -> str:
    return _WORDS.get(name, f"`{name.lower()}`")


def _typography(_: Statement, problem: Unexpected) -> Diagnostic | None:
    char = problem.span.text[:1]
    if problem.found != "character" or char not in TYPOGRAPHY:
        return None
    return Diagnostic(
        "P001",
        f"`{char}` is a character of a word processor",
        (Label(problem.span),),
        f"write `{TYPOGRAPHY[char]}`",
    )


def _open_quote(statement: Statement, problem: Unexpected) -> Diagnostic | None:
    if problem.found != "character" or problem.span.text != '"':
        return None
    to_end = Span(problem.span.source, problem.span.start, statement.span.end)
    if "|" in to_end.text and to_end.text.count('"') > 1:
        return Diagnostic(
            "P009",
            "a text between quotes cannot contain `|`",
            (Label(to_end),),
            "write a comma or a slash instead",
        )
    return Diagnostic(
        "P009",
        "this text has no closing quote",
        (Label(to_end),),
        'end it with `"` on the same line',
    )


_OPERATORS = {
    "=": ("`=` does not compare", "write `is`"),
    "!": ("`!=` is not an operator of the language", "write `is not`"),
    "&": ("`&` is not a word of the language", "write `and`"),
    "%": ("a percent sign follows its number without a blank", "write `50%`"),
    "$": ("this is not an amount", "write it like $250.00"),
    "{": ("braces are not used", "write the values with commas between them"),
    "[": ("brackets are not used", "write the values with commas between them"),
    ";": ("a semicolon separates nothing here", "write a comma"),
    ":": ("a colon is not used here", "leave it out"),
}


def _operators(statement: Statement, problem: Unexpected) -> Diagnostic | None:
    char = problem.span.text[:1]
    if problem.found == "EQUAL" or (
        problem.found == "character" and char in _OPERATORS
    ):
        message, remedy = _OPERATORS[char]
        end = problem.span.end
        if char == "!" and statement.span.source.text[end : end + 1] == "=":
            end += 1
        place = Span(problem.span.source, problem.span.start, end)
        return Diagnostic("P001", message, (Label(place),), remedy)
    return None


def _mixed(_: Statement, problem: Unexpected) -> Diagnostic | None:
    mixes = {("AND", "OR"), ("OR", "AND")}
    if not any(problem.found == a and b in problem.expected for a, b in mixes):
        return None
    return Diagnostic(
        "P010",
        "`and` and `or` are mixed without parentheses",
        (Label(problem.span),),
        "put parentheses around the part that belongs together",
    )


def _condition_arithmetic(_: Statement, problem: Unexpected) -> Diagnostic | None:
    if problem.found not in {"SIGN", "STAR"} or "AND" not in problem.expected:
        return None
    return Diagnostic(
        "P023",
        "a condition compares and does not calculate",
        (Label(problem.span),),
        "compare with one amount, a fact or a `let`",
    )


def _misplaced_help(problem: Unexpected) -> str:
    text = problem.span.text
    words = [name.lower() for name in problem.expected if name not in _WORDS]
    near = nearest(text, words)
    if near is not None and problem.found == "WORD" and len(text) > 2:  # noqa: PLR2004
        return f"did you mean `{near}`?"
    if {"AND", "OR"} <= problem.expected and problem.found in {"WORD", "LPAR", "NOT"}:
        return "join two conditions with `and` or `or`"
    if text == "is" and "COMPARISON" not in problem.expected:
        return "a condition is `fact is VALUE`; two tests are joined by `and` or `or`"
    if text == "is":
        return "write the name of the fact before `is`"
    if re.fullmatch(r"(true|TRUE|True|false|FALSE|False)", text):
        return "write `yes` or `no`"
    if problem.expected & {"STRING"} and problem.found == "WORD":
        return f'write `"{_clip(text)}"`'
    if problem.found == "STRING" and "WORD" in problem.expected:
        return "write the id or name without quotes"
    return ""


def _character(char: str) -> str:
    if not char:
        return ""
    if char.isprintable() and not char.isspace():
        return f"`{char}`"
    return f"the invisible character U+{ord(char):04X}"


def _clip(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 60 else f"{first[:57]}..."  # noqa: PLR2004
