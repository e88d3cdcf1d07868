"""What was probably meant by the words of a statement: guesses to be tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whopays.diagnostics import nearest
from whopays.syntax import surface
from whopays.syntax.mistakes.stopped import NAMES, Stopped, Try
from whopays.syntax.mistakes.wordings import NOISE, PHRASES, SIGNS, SYSTEMS

#: What stands between two codes or dates.
_RANGE = re.compile(r"[\dx]\s*\|\s*[A-Z]?\d", re.IGNORECASE)
#: Statements that begin with a name of the author's.
_DECLARING = frozenset({"define", "fact", "let", "amount", "term", "reading", "carry"})
#: Statements in which an id is followed by a title.
_NAMED = frozenset({"party", "fund", "contract", "catalog", "facts"})
_NAMED |= {"responsibility", "calendar"}
_KEYWORD = re.compile(r" (to|when|as|by|if|then|with|from|is|in|of)\b")
#: What ends a text that is not between quotes.
_NO_TEXT = re.compile(r'["#]|\b(otherwise|paid by|cites|before|group|because)\b')
#: What follows the source of a term, and is no part of its name.
_BEHIND_SOURCE = re.compile(r"[<>=+*]| - |\b(is|in|and|or|if|else)\b")
_WORDY = re.compile(r"\w")
_MOST_QUOTED = 12  # words that may be meant as one text


def keyword(at: Stopped) -> Iterator[Try]:
    """Try a word of the language that is misspelt, here or one word before."""
    for number in (at.here, at.here - 1):
        word = at.piece(number)
        if len(word) < 2 or not word[0].isalpha():  # noqa: PLR2004 - no initials
            continue
        near = nearest(word, at.keywords())
        if near is not None:
            start, end = at.pieces[number]
            yield Try(f"did you mean `{near}`?", ((start, end, near),))


def sign(at: Stopped) -> Iterator[Try]:
    """Write another sign, or none."""
    for number in (at.here, at.here - 1, at.here - 2):
        said = at.piece(number)
        same = [place for n, place in enumerate(at.pieces) if at.piece(n) == said]
        for write in SIGNS.get(said, ()):
            words = f"write `{write}`" if write else f"leave out `{said}`"
            # This one alone, or all of them.
            for places in ([at.pieces[number]], same):
                yield Try(words, tuple(_signed(at, each, write) for each in places))


def _signed(at: Stopped, place: tuple[int, int], write: str) -> tuple[int, int, str]:
    start, end = place
    return (start, end, at.apart(start, end, write) if write[:1].isalpha() else write)


def phrases(at: Stopped) -> Iterator[Try]:
    """Try another wording for a word of the language."""
    for number in range(at.here, at.here - 7, -1):
        if not 0 <= number < len(at.pieces):
            continue
        start = at.pieces[number][0]
        for pattern, write in PHRASES:
            found = pattern.match(at.text, start)
            if found is None:
                continue
            yield from _worded(at, start, found.end(), write)


def _worded(at: Stopped, start: int, end: int, write: str) -> Iterator[Try]:
    if write == "-" and not _RANGE.search(f"{at.text[:start]}|{at.text[end:]}"):
        return
    if write == ",":
        # A comma stands at the word before it.
        first = len(at.text[:start].rstrip())
        yield Try("write `,`", ((first, end, ","),))
    elif write in {"-", "%"}:
        # These stand without blanks between two codes, or after a number.
        first = len(at.text[:start].rstrip())
        last = end + len(at.text[end:]) - len(at.text[end:].lstrip())
        last = last if write == "-" else end
        before = at.before(first)
        after = at.word_at(last) if write == "-" else ""
        shown = f"write `{before}{write}{after}`"
        yield Try(shown, ((first, last, write),))
    elif not write:
        yield at.left_out(start, end)
    else:
        yield Try(f"write `{write}`", ((start, end, at.apart(start, end, write)),))


def beginning(at: Stopped) -> Iterator[Try]:
    """Complete the words with which a statement begins: `applies to GROUP`."""
    words = at.text.split()
    for whole in surface.WRITTEN.values():
        written = whole.split()
        same = 0
        while words[same : same + 1] == written[same : same + 1] != []:
            same += 1
        if not 0 < same < len(written) or same > len(at.pieces):
            continue
        end = at.pieces[same - 1][1]
        yield Try(f"write `{whole}`", ((end, end, f" {' '.join(written[same:])}"),))


def noise(at: Stopped) -> Iterator[Try]:
    """Leave out a word too many."""
    for number in (at.here, at.here - 1):
        word = at.piece(number)
        twice = word and word.casefold() == at.piece(number - 1).casefold()
        if word in NOISE or twice:
            yield at.left_out(*at.pieces[number])
    if at.problem.found == "end" and at.piece(at.here - 1).isalpha():
        yield at.left_out(*at.pieces[at.here - 1])
    system = at.piece(1)
    if at.here > 1 and at.piece(at.here - 1) == system and system.isupper():
        places = [
            at.cut(*place)
            for number, place in enumerate(at.pieces)
            if number > 1 and at.piece(number) == system
        ]
        yield Try(f"leave out the second `{system}`", tuple(places))


def names(at: Stopped) -> Iterator[Try]:
    """Join the words of an id with hyphens, of a name with underscores."""
    if "COMMA" in at.problem.expected:
        return
    for number in (at.here, at.here - 1):
        for last in range(number, min(number + 3, len(at.pieces))):
            if number < 1:
                continue
            first, end = at.pieces[number - 1][0], at.pieces[last][1]
            words = at.text[first:end]
            if not re.fullmatch(r"\w+(?:[ ]+\w+)+", words):
                continue
            joint = "-" if words[0].isupper() else "_"
            name = re.sub(" +", joint, words)
            is_id = re.search(r"\d", words) or at.piece(0) in _NAMED
            fits = is_id if joint == "-" else at.piece(0) in _DECLARING
            told_apart = joint == "-" and _KEYWORD.search(words)
            if words.split()[0] in SYSTEMS:
                continue
            if words[0].isalpha() and fits and not told_apart:
                yield Try(f"write `{name}`", ((first, end, name),))


def quoted(at: Stopped) -> Iterator[Try]:
    """Put words between quotes, the most words first."""
    if "STRING" not in at.problem.expected:
        return
    last = min(len(at.pieces), at.here + _MOST_QUOTED)
    for number in range(last, at.here, -1):
        start, end = at.pieces[at.here][0], at.pieces[number - 1][1]
        inner = at.text[start:end]
        is_number = inner.startswith("-")  # a text would be refused as well
        if at.piece(at.here - 1) == "by" and _BEHIND_SOURCE.search(inner):
            continue
        if _WORDY.search(inner) and not is_number and not _NO_TEXT.search(inner):
            yield Try(f'write `"{inner}"`', ((start, end, f'"{inner}"'),))


def unquoted(at: Stopped) -> Iterator[Try]:
    """Take a name out of its quotes."""
    for number in (at.here, at.here - 1):
        word = at.piece(number)
        if word.startswith('"') and re.fullmatch(r"[\w$.%/-]+", word[1:-1]):
            start, end = at.pieces[number]
            yield Try(f"write `{word[1:-1]}`", ((start, end, word[1:-1]),))
    all_quoted = list(re.finditer(r'"([\w$.%/-]+)"', at.text))
    if len(all_quoted) > 1:
        edits = tuple((*found.span(), found[1]) for found in all_quoted)
        yield Try(f"write `{', '.join(new for _, _, new in edits)}`", edits)


def replaced(at: Stopped) -> Iterator[Try]:
    """Write a word that may stand here in place of the one that does."""
    word = at.piece(at.here)
    if not word or at.problem.expected & NAMES:
        return
    start, end = at.pieces[at.here]
    for each in at.keywords():
        if each not in {"or", "and"}:
            yield Try(f"did you mean `{each}`?", ((start, end, each),))


def inserted(at: Stopped) -> Iterator[Try]:
    """Put in a word of the language, or a comma, that is missing."""
    if at.here == len(at.pieces):
        return
    start = at.pieces[at.here][0]
    word = at.piece(at.here)
    before = len(at.text[:start].rstrip())
    if "COMMA" in at.problem.expected:
        yield Try(f"write a comma before `{word}`", ((before, before, ","),))
    if "EQUAL" in at.problem.expected:
        yield Try("write `=`", ((start, start, "= "),))
    for each in at.keywords():
        if each not in {"or", "and", at.piece(at.here - 1)}:
            yield Try(f"write `{each} {word}`", ((start, start, f"{each} "),))
