"""From "this token can't stand here" to a sentence that an author can act on.

What was probably meant is tried first (`repairs`); the rest is told by what was found and
what could have stood there.
"""

from __future__ import annotations

import re

from whopays.diagnostics import Diagnostic, Edit, Label, Remedy, Span, insert
from whopays.syntax.grammar import Unexpected
from whopays.syntax.mistakes import characters as chars
from whopays.syntax.mistakes.forms import form_of
from whopays.syntax.mistakes.repairs import Reads, repair
from whopays.syntax.statements import Statement

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
_TEST = re.compile(r"\s*(is|in|not|include|and|or|[<>(]|\w+ (is|in|[<>]))")
#: With what a fact is tested; together they are "a test".
_TESTS = frozenset({"COMPARISON", "IS", "IN", "INCLUDE", "NOT"})


def explain(statement: Statement, problem: Unexpected, reads: Reads) -> Diagnostic:
    """Return what is wrong with `statement`, which has `problem`.

    `reads` tells whether another text of the statement can be read.
    """
    for rule in (
        _open_quote,
        _without_shares,
        _mixed,
        _condition_arithmetic,
        _second_system,
    ):
        found = rule(statement, problem, reads)
        if found is not None:
            return found
    remedy = repair(statement.span, problem, reads)
    form = form_of(statement.span.text) if statement.word else ""
    told = remedy or Remedy(_misplaced_help(statement, problem) or form)
    problem = _where_mended(problem, remedy)
    named = _named(statement, problem)
    if named is not None:
        message, place, advice = named
        told = remedy or Remedy(form or advice)
        return Diagnostic("P001", message, (Label(place),), told.words, fix=told.fix)
    if problem.found == "end":
        return Diagnostic(
            "P003",
            f"`{_clip(statement.word)}` ends too early",
            (Label(problem.span, f"after this comes {expected_words(problem)}"),),
            told.words,
            fix=told.fix,
        )
    expected = "" if remedy else f"expected {expected_words(problem)}"
    return Diagnostic(
        "P002",
        f"`{_clip(problem.span.text)}` cannot stand here",
        (Label(problem.span, expected),),
        told.words,
        fix=told.fix,
    )


def _where_mended(problem: Unexpected, remedy: Remedy | None) -> Unexpected:
    """Return `problem`, at the word that the remedy changes if that is another one."""
    spans = [edit.span for edit in remedy.fix if edit.span.text] if remedy else []
    if problem.found != "WORD" and problem.found not in {"LITERAL", "end"}:
        return problem
    if not spans or any(span.end >= problem.span.start for span in spans):
        return problem
    first = spans[0]
    blanks = len(first.text) - len(first.text.lstrip(" "))
    place = Span(first.source, first.start + blanks, first.end)
    return Unexpected(place, problem.found, problem.expected)


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
    if not words:
        return "nothing more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _terminal(name: str) -> str:
    return _WORDS.get(name, f"`{name.lower()}`")


def _open_quote(
    statement: Statement, problem: Unexpected, reads: Reads
) -> Diagnostic | None:
    if problem.found != "character" or problem.span.text != '"':
        return None
    source, start = problem.span.source, problem.span.start
    to_end = Span(source, start, statement.span.end)
    if "|" in to_end.text and to_end.text.count('"') > 1:
        return Diagnostic(
            "P009",
            "a text between quotes cannot contain `|`",
            (Label(to_end),),
            "a comma or a slash can take its place",
        )
    remedy = Remedy("a text ends on the line on which it begins")
    line = to_end.text.split("\n")[0]
    before = statement.span.text[: start - statement.span.start]
    rest = statement.span.text[len(before) + len(line) :]
    # The text ends at the end of the line, or before what follows the title.
    ends = [len(line.rstrip()), *(at.start() for at in _AFTER_TITLE.finditer(line))]
    for end in ends:
        if reads(f'{before}{line[:end]}"{line[end:]}{rest}'):
            words = f'write `{_clip(line[:end])}"`'
            remedy = insert(source, start + end, '"', words)
            break
    return Diagnostic(
        "P009",
        "this text has no closing quote",
        (Label(to_end),),
        remedy.words,
        fix=remedy.fix,
    )


_AFTER_TITLE = re.compile(r" +(as|paid by|cites|when|with|before|by|group|#)\b|,")
_CHARACTERS = {
    "=": ("`=` does not compare", "a value is compared with `is`"),
    "!": ("`!` is not a sign of the language", "the opposite is `is not`, or `not`"),
    "&": ("`&` is not a word of the language", "conditions are joined with `and`"),
    "%": ("a percent sign follows its number", "such as 50%"),
    "$": ("this is not an amount", "an amount looks like $250.00"),
    "{": ("braces are not used", "the values of a list have commas between them"),
    "}": ("braces are not used", "the values of a list have commas between them"),
    "[": ("brackets are not used", "the values of a list have commas between them"),
    "]": ("brackets are not used", "the values of a list have commas between them"),
    ";": ("a semicolon separates nothing here", "a list has commas"),
    ":": ("a colon is not used here", ""),
    "/": ("a slash is not used here", ""),
    "\\": ("a backslash is not used here", ""),
}


def _named(statement: Statement, problem: Unexpected) -> tuple[str, Span, str] | None:
    """Return the sentence, the place and the advice for a character, or None."""
    char = problem.span.text[:1]
    if problem.found not in {"character", "EQUAL"}:
        return None
    source, start = problem.span.source, problem.span.start
    if char in _CHARACTERS:
        end = start + 1
        while end < statement.span.end and source.text[end] in "=&":
            end += 1
        message, advice = _CHARACTERS[char]
        shown = source.text[start:end]
        return (
            message.replace(f"`{char}`", f"`{shown}`"),
            Span(source, start, end),
            advice,
        )
    what = f"`{char}`" if char.isprintable() else chars.called(char or " ")
    if not char.isascii() and char.isprintable():
        what = f"{what}, {chars.called(char)},"
    return (
        f"{what} is not a character of the language",
        problem.span,
        f"here may stand {expected_words(problem)}",
    )


def _mixed(_: Statement, problem: Unexpected, __: Reads) -> Diagnostic | None:
    mixes = {("AND", "OR"), ("OR", "AND")}
    if not any(problem.found == a and b in problem.expected for a, b in mixes):
        return None
    return Diagnostic(
        "P010",
        "`and` and `or` are mixed without parentheses",
        (Label(problem.span),),
        "put parentheses around the part that belongs together",
    )


_TOGETHER = re.compile(
    r"(?:both |either )?([A-Z][A-Z0-9-]*) (?:and|or|&|plus|with|/) ([A-Z][A-Z0-9-]*)$"
)


def _without_shares(
    statement: Statement, problem: Unexpected, reads: Reads
) -> Diagnostic | None:
    """Tell of `then PLAN and GROUP`: what each of them bears is not said."""
    text = statement.span.text.split("#")[0].rstrip()
    found = _TOGETHER.search(text)
    if found is None or not reads(
        f"{text[: found.start()]}{found[1]} 50%, {found[2]} 50%"
    ):
        return None
    return Diagnostic(
        "P002",
        f"`{_clip(problem.span.text)}` cannot stand here",
        (Label(problem.span),),
        f"each party has its share, such as `{found[1]} 50%, {found[2]} 50%`",
    )


def _condition_arithmetic(
    statement: Statement, problem: Unexpected, reads: Reads
) -> Diagnostic | None:
    if problem.found not in {"SIGN", "STAR"} or "AND" not in problem.expected:
        return None
    if repair(statement.span, problem, reads) is not None:
        return None
    return Diagnostic(
        "P023",
        "a condition compares and does not calculate",
        (Label(problem.span),),
        "compare with one amount, a fact or a `let`",
    )


def _second_system(
    statement: Statement, _: Unexpected, reads: Reads
) -> Diagnostic | None:
    """Tell of `codes CPT 99213, REV 0450`: each system has a line of its own."""
    text = statement.span.text
    found = re.match(r"(codes ([A-Z]\w+) .*?),\s*(([A-Z]\w+) +\S.*)", text)
    if statement.word != "codes" or found is None or found[2] == found[4]:
        return None
    if not (reads(found[1]) and reads(f"codes {found[3]}")):
        return None
    source, start = statement.span.source, statement.span.start
    label = Span(source, start + found.start(4), start + found.end(4))
    between = Span(source, start + found.end(1), start + found.start(3))
    remedy = Remedy(
        f"write `codes {_clip(found[3])}` on a line of its own",
        (Edit(between, "\n  codes "),),
    )
    return Diagnostic(
        "P002",
        "a list has codes of one system",
        (Label(label),),
        remedy.words,
        fix=remedy.fix,
    )


def _misplaced_help(statement: Statement, problem: Unexpected) -> str:
    text = problem.span.text
    if text == "when" and statement.word == "then":
        return "the condition stands on a line of its own: `when` above `then`"
    joined = {"AND", "OR"} <= problem.expected
    rest = problem.span.source.text[problem.span.end :].split("\n")[0]
    tested = not rest.strip() or _TEST.match(rest)
    if joined and problem.found in {"WORD", "LPAR", "NOT", "COMMA", *_TESTS} and tested:
        return "two conditions are joined with `and` or `or`"
    if text == "-" and "LITERAL" in problem.expected and "SIGN" not in problem.expected:
        return "a number is never below zero; an amount may be, such as -$5.00"
    if text == "is" and "COMPARISON" not in problem.expected:
        return "a condition is `fact is VALUE`; two tests are joined by `and` or `or`"
    if text == "is":
        return "before `is` stands the name of a fact"
    return ""


def _clip(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 60 else f"{first[:57]}..."  # noqa: PLR2004
