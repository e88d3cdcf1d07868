"""What was pasted from a word processor or a spreadsheet, each with its exact fix.

The same character at many places is one mistake, however long the pasted text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from whopays import bounds
from whopays.diagnostics import Diagnostic, Edit, Label, Source, Span
from whopays.syntax import surface
from whopays.syntax.mistakes import characters as chars
from whopays.syntax.mistakes.broken_rows import broken_rows
from whopays.syntax.mistakes.odd import LineScan, Odd
from whopays.syntax.statements import NOT_A_PARTY, column_name, comment_start

_TEXT = re.compile(r'"[^"\n]*"')
_SHOWN = 5  # places of one kind
#: What a line of plain ASCII must have to be looked at.
_SUSPICIOUS = re.compile(
    r"'|`|~~~|\$ |\$[\d.]+,\d\d(?!\d)|\d *per ?c|\dp|pct|usd|us\$|dollar|^ *([-*+o]|\(?\w{1,3}[.)]) "
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]",
    re.IGNORECASE,
)
_WORDS = frozenset(
    word for block in (None, *surface.BLOCKS) for word in surface.first_words(block)
)
#: A line that ends where it should not, and the first word of the next one.
_BROKEN = re.compile(
    r"(?P<mark>\band|\bor|(?<= )[+*-]|,)(?P<end>[ ]*\n[ ]*)(?P<next>[^\s|#,]+)"
)
_BULLET = re.compile(
    rf" *(?P<mark>[{chars.BULLETS}]|[-*+o{chars.DASHES}]|\(?(\d{{1,3}}|[a-zA-Z])[.)])"
    rf" +((?P<word>[a-z]+)(?![\w.-]))?(?P<rest>.*)"
)


def pasted(source: Source) -> list[Diagnostic]:
    """Return what was pasted into `source`, one diagnostic for each kind of thing."""
    by_kind: dict[str, list[Odd]] = {}
    everything = chain(broken_rows(source), _all(source), _broken(source))
    for odd in islice(everything, bounds.MOST_PASTED):
        by_kind.setdefault(odd.kind, []).append(odd)
    return [_told(kind, places) for kind, places in by_kind.items()]


def _all(source: Source) -> Iterator[Odd]:
    columns: list[str] = []
    start = 0
    for line in source.text.split("\n"):
        end = start + len(line)
        if len(line) > bounds.LONGEST_STATEMENT:  # it is not read
            start = end + 1
            continue
        is_row = line.lstrip(" ").startswith(("|", "\uff5c"))
        if line.isascii() and not _SUSPICIOUS.search(line) and line.isprintable():
            if is_row and not columns:
                columns = _columns(line)
            elif not is_row:
                columns = []
        elif is_row:
            yield from _row(source, start, end, columns)
            columns = columns or _columns(line)
        else:
            columns = []
            yield from _statement(source, start, end)
        start = end + 1


def _broken(source: Source) -> Iterator[Odd]:
    """Find lines that end in `and` or a comma, where the next one should begin with it."""
    for found in _BROKEN.finditer(source.text):
        line = source.text.rfind("\n", 0, found.start()) + 1
        before = source.text[line : found.end("mark")]
        is_text = before.lstrip().startswith("|") or comment_start(before) < len(before)
        next_word = found["next"]
        begins = next_word in _WORDS and next_word != "not"
        if is_text or begins or next_word in {"and", "or", "+", "-", "*"}:
            continue
        mark, span = found["mark"], Span(source, *found.span("mark"))
        end = Span(source, *found.span("end"))
        if mark == ",":
            yield Odd("comma", span, (Edit(end, " "),))
        else:
            blanks = found["end"].rsplit("\n", 1)[1]
            start = line + len(before[: -len(mark)].rstrip())
            cut = Span(source, start, found.end("mark"))
            edits = (Edit(cut, ""), Edit(end, f"\n{blanks}{mark} "))
            yield Odd(f"and {mark}", span, edits)


def _statement(source: Source, start: int, end: int) -> Iterator[Odd]:
    yield from _breaks(source, start, end)
    if source.text[start:end].strip().startswith(("```", "~~~")):
        whole = Span(source, start, min(end + 1, len(source.text)))
        yield Odd("fence", Span(source, start, end), (Edit(whole, ""),))
        return
    bullet = _BULLET.match(source.text, start, end)
    if bullet and _is_bullet(bullet):
        at, last = bullet.span("mark")
        blanks = len(source.text[last:end]) - len(source.text[last:end].lstrip(" "))
        edit = Edit(Span(source, at, last + blanks), "")
        yield Odd(f"bullet {bullet['mark']}", Span(source, at, last), (edit,))
        start = last
    yield from LineScan(source, start, end).statement()


def _breaks(source: Source, start: int, end: int) -> Iterator[Odd]:
    """Find where a line ends in other programs; in a comment that moves nothing."""
    line = source.text[start:end]
    if not any(char in line for char in chars.BREAKS):
        return
    texts = [found.span() for found in _TEXT.finditer(line)]
    for at, char in enumerate(line[: comment_start(line)]):
        if char in chars.BREAKS:
            span = Span(source, start + at, start + at + 1)
            if any(first < at < last for first, last in texts):
                yield Odd(f"blank {char}", span, (Edit(span, " "),))
            else:
                yield Odd(f"break {char}", span, (Edit(span, "\n"),))


def _is_bullet(found: re.Match[str]) -> bool:
    if found["mark"] in chars.BULLETS:
        return True
    # `- counted` may go on with a formula: then a sign follows, or nothing.
    rest = found["rest"].strip()
    return found["word"] in _WORDS and bool(rest) and rest[0] not in "+-*,)"


def _columns(line: str) -> list[str]:
    return [column_name(cell) for cell in line.replace("\uff5c", "|").split("|")]


def _row(source: Source, start: int, end: int, columns: list[str]) -> Iterator[Odd]:
    text = source.text
    bars = [at for at in range(start, end) if text[at] in "|\uff5c"]
    for bar in bars:
        if text[bar] != "|":
            span = Span(source, bar, bar + 1)
            yield Odd("wide \uff5c", span, (Edit(span, "|"),))
    for at in range(start, bars[-1]):
        if text[at] in chars.BREAKS:
            # A row stands on one line, and so do its cells.
            span = Span(source, at, at + 1)
            yield Odd(f"blank {text[at]}", span, (Edit(span, " "),))
    for number, (left, right) in enumerate(
        zip(bars, [*bars[1:], end], strict=True), start=1
    ):
        column = columns[number] if number < len(columns) else ""
        scan = LineScan(source, left + 1, right)
        if column == "when":
            yield from scan.statement()
        elif column in NOT_A_PARTY and columns:
            scan.text(left + 1, right)
            yield from scan.found
        else:
            yield from scan.name()


def _told(kind: str, places: list[Odd]) -> Diagnostic:
    word, _, what = kind.partition(" ")
    first = places[0]
    written = first.edits[0].text
    if kind in {"quotes", "single quotes"}:
        message, remedy = _quotes(kind, places)
    else:
        message, remedy = _SAID.get(word, _SAID["sign"])
    if not written and word == "sign":
        remedy = "leave it out"
    code = _CODES.get(word, "P001")
    names = {
        "what": what,
        "called": chars.called(what[0]) if what else "",
        "written": written.strip(),
        "accent": f"write `{written}`" if written else "leave it out",
    }
    more = len(places) - _SHOWN
    return Diagnostic(
        code,
        message.format(**names),
        (
            Label(first.span),
            *(Label(each.span, "here too") for each in places[1:_SHOWN]),
        ),
        remedy.format(**names),
        (f"and at {more} more place{'s' if more > 1 else ''}",) if more > 0 else (),
        fix=tuple(edit for each in places for edit in each.edits),
    )


_CODES = {
    **dict.fromkeys(("date", "percent", "amount", "dollar"), "R004"),
    "row": "P012",
}
#: The sentence and the help for each kind of thing.
_SAID = {
    "sign": ("`{what}` is a character of a word processor", "write `{written}`"),
    "unseen": ("an invisible character stands here: {called}", "leave it out"),
    "break": (
        "a line breaks here by {called}",
        "write a line break as the keyboard makes it",
    ),
    "bullet": ("`{what}` is the mark of a list", "leave it out"),
    "fence": ("this line is a mark of Markdown", "leave it out"),
    "blank": ("this blank is not one of the keyboard: {called}", "write a blank"),
    "wide": (
        "`{what}` is of the full width of an East Asian keyboard",
        "write `{written}`",
    ),
    "letter": (
        "`{what}` only looks like `{written}`: it is {called}",
        "write `{written}`",
    ),
    "accent": (
        "an id has letters without accents, and here stands {called}",
        "{accent}",
    ),
    "dollar": ("an amount follows its sign without a blank", "leave out the blank"),
    "date": ("`{what}` is not a date", "write `{written}`"),
    "percent": ("`{what}` is written with its sign", "write `{written}`"),
    "amount": ("`{what}` is not an amount", "write `{written}`"),
    "and": (
        "a statement goes on in the line below, which begins with `{what}`",
        "write `{what}` at the beginning of the next line",
    ),
    "row": ("a row stands on one line", "write it on one line"),
    "comma": ("a list stands on one line", "write it on one line"),
}


def _quotes(kind: str, places: list[Odd]) -> tuple[str, str]:
    text = places[0].span.text
    marks = dict.fromkeys(
        edit.span.text for each in places for edit in each.edits if edit.span.text
    )
    named = " and ".join(f"`{mark}`" for mark in list(marks)[:2])
    verb = "are" if len(marks) > 1 else "is"
    if kind == "quotes":
        noun = "quotes" if len(marks) > 1 else "a quote"
        message = f"{named} {verb} {noun} of a word processor"
    else:
        message = f"a text stands between double quotes, and {named} {verb} not"
    whole = len(text) > 1 and len(places) == 1
    if whole:
        inner = text[1:-1].replace("{", "{{").replace("}", "}}")
        return message, f'write `"{inner}"`'
    return message, 'write `"`' + (" at both ends of each" if len(places) > 1 else "")
