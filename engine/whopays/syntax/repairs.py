"""Tries what was probably meant by a statement that can't be read.

Each repair is tried on the statement, and the first with which it can be read is the
one to tell: the help is right by construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whopays.diagnostics import Edit, Remedy, Span, nearest
from whopays.syntax import surface
from whopays.syntax.grammar import Unexpected
from whopays.syntax.wordings import NOISE, PHRASES, SIGNS

_PIECE = re.compile(r'"[^"\n]*"|[\w$.%/-]*[\w%]|[<>=!&|]+|\S')
#: What is written without a blank inside.
_IN_ONE = re.compile(r"[\d.]+%|-?\$[\d,.]+|[A-Z]\d{2,4}|\d+/\d+")
#: What stands between two codes or dates.
_RANGE = re.compile(r"[\dx]\s*\|\s*[A-Z]?\d", re.IGNORECASE)
_BETWEEN = re.compile(
    r"([\w.]+)\s+(?:is\s+)?(?:between|from)\s+([\w$.,%-]+)\s+(?:and|to|-)\s+([\w$.,%-]+)"
)
#: Statements that begin with a name of the author's.
_DECLARING = frozenset({"define", "fact", "let", "amount", "term", "reading", "carry"})
_LONGEST = 2_000  # characters of a statement in which repairs are tried
_WORDY = re.compile(r"\w")
_MOST_QUOTED = 12  # words that may be meant as one text
_NAMES = frozenset({"STRING", "WORD", "LITERAL", "MONEY", "COMPARISON", "SIGN", "STAR"})
_SIGNS = _NAMES | {"COMMA", "LPAR", "RPAR", "EQUAL", "QMARK", "$END", "_MONEY_WORD"}


@dataclass(frozen=True)
class Try:
    """A repair: put `text` in place of what stands from `start` to `end`; or several."""

    words: str
    edits: tuple[tuple[int, int, str], ...]


class Repairs:
    """The repairs of one statement: `span`, which has `problem`."""

    def __init__(
        self,
        span: Span,
        problem: Unexpected,
        reads: Callable[[str], bool],
    ) -> None:
        self.text = span.text
        self.span = span
        self.problem = problem
        self.reads = reads
        self.at = problem.span.start - span.start
        found = [(m.start(), m.end()) for m in _PIECE.finditer(self.text)]
        if problem.found == "end":
            self.at = len(self.text)
        self.pieces = found
        # The piece at which reading stopped.
        self.here = next(
            (n for n, (_, end) in enumerate(found) if end > self.at), len(found)
        )

    def best(self) -> Remedy | None:
        """Return the first repair with which the statement can be read, or None."""
        if len(self.text) > _LONGEST:
            return None
        for group in (
            self._keyword,
            self._between,
            self._sign,
            self._phrases,
            self._beginning,
            self._noise,
            self._brackets,
            self._joined,
            self._names,
            self._quoted,
            self._unquoted,
            self._turned,
            self._swapped,
        ):
            for each in group():
                if self.reads(self._after(each)):
                    return self._remedy(each)
        return self._only(self._replaced()) or self._only(self._inserted())

    def _after(self, each: Try) -> str:
        text = self.text
        for start, end, new in sorted(each.edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _remedy(self, each: Try) -> Remedy:
        source, base = self.span.source, self.span.start
        fix = tuple(
            Edit(Span(source, base + start, base + end), new)
            for start, end, new in each.edits
        )
        return Remedy(each.words, fix)

    def _only(self, tries: Iterator[Try]) -> Remedy | None:
        """Return the one repair that works, or None if several do or none does."""
        found = [each for each in tries if self.reads(self._after(each))]
        return self._remedy(found[0]) if len(found) == 1 else None

    def _piece(self, number: int) -> str:
        if not 0 <= number < len(self.pieces):
            return ""
        start, end = self.pieces[number]
        return self.text[start:end]

    def _keywords(self) -> list[str]:
        return sorted(name.lower() for name in self.problem.expected - _SIGNS)

    # The repairs, from the plainest on

    def _keyword(self) -> Iterator[Try]:
        """Try a word of the language that is misspelt, here or one word before."""
        for number in (self.here, self.here - 1):
            word = self._piece(number)
            if len(word) < 2 or not word[0].isalpha():  # noqa: PLR2004 - no initials
                continue
            near = nearest(word, self._keywords())
            if near is not None:
                start, end = self.pieces[number]
                yield Try(f"did you mean `{near}`?", ((start, end, near),))

    def _replaced(self) -> Iterator[Try]:
        """Write a word that may stand here in place of the one that does."""
        word = self._piece(self.here)
        if not word.isalpha() or self.problem.expected & _NAMES:
            return
        start, end = self.pieces[self.here]
        for each in self._keywords():
            yield Try(f"did you mean `{each}`?", ((start, end, each),))

    def _between(self) -> Iterator[Try]:
        """Write two comparisons for `age between 21 and 64`."""
        for found in _BETWEEN.finditer(self.text):
            name, low, high = found.groups()
            text = f"{name} >= {low} and {name} <= {high}"
            yield Try(f"write `{text}`", ((*found.span(), text),))

    def _beginning(self) -> Iterator[Try]:
        """Complete the words with which a statement begins: `applies to GROUP`."""
        words = self.text.split()
        for whole in surface.WRITTEN.values():
            written = whole.split()
            same = 0
            while words[same : same + 1] == written[same : same + 1] != []:
                same += 1
            if not 0 < same < len(written) or same > len(self.pieces):
                continue
            at = self.pieces[same - 1][1]
            yield Try(f"write `{whole}`", ((at, at, f" {' '.join(written[same:])}"),))

    def _names(self) -> Iterator[Try]:
        """Join the words of an id with hyphens, of a name with underscores."""
        if "COMMA" in self.problem.expected:
            return
        for number in (self.here, self.here - 1):
            for last in range(number, min(number + 3, len(self.pieces))):
                if number < 1:
                    continue
                first, end = self.pieces[number - 1][0], self.pieces[last][1]
                words = self.text[first:end]
                if not re.fullmatch(r"\w+(?:[ ]+\w+)+", words):
                    continue
                joint = "-" if words[0].isupper() else "_"
                name = re.sub(" +", joint, words)
                declares = self._piece(0) in _DECLARING
                if words[0].isalpha() and (joint == "-" or declares):
                    yield Try(f"write `{name}`", ((first, end, name),))

    def _turned(self) -> Iterator[Try]:
        """Write the party before its share."""
        found = list(re.finditer(r"([\d./]+%?)\s+([A-Za-z][\w-]*)", self.text))
        edits = tuple((*m.span(), f"{m[2]} {m[1]}") for m in found)
        if edits:
            shown = ", ".join(new for _, _, new in edits)
            yield Try(f"write `{shown}`", edits)

    def _sign(self) -> Iterator[Try]:
        """Write another sign, or none."""
        for number in (self.here, self.here - 1):
            for write in SIGNS.get(self._piece(number), ()):
                start, end = self.pieces[number]
                if not write:
                    words = f"leave out `{self._piece(number)}`"
                    yield Try(words, ((start, end, ""),))
                elif write[0].isalpha():
                    text = self._apart(start, end, write)
                    yield Try(f"write `{write}`", ((start, end, text),))
                else:
                    yield Try(f"write `{write}`", ((start, end, write),))

    def _phrases(self) -> Iterator[Try]:
        """Try another wording for a word of the language."""
        for number in range(self.here, self.here - 5, -1):
            if not 0 <= number < len(self.pieces):
                continue
            start = self.pieces[number][0]
            for pattern, write in PHRASES:
                found = pattern.match(self.text, start)
                if found is None:
                    continue
                yield from self._worded(start, found.end(), write)

    def _worded(self, start: int, end: int, write: str) -> Iterator[Try]:
        if write == "-" and not _RANGE.search(f"{self.text[:start]}|{self.text[end:]}"):
            return
        if write == ",":
            # A comma stands at the word before it.
            first = len(self.text[:start].rstrip())
            yield Try("write `,`", ((first, end, ","),))
        elif write in {"-", "%"}:
            # These stand without blanks between two codes, or after a number.
            first = len(self.text[:start].rstrip())
            last = end + len(self.text[end:]) - len(self.text[end:].lstrip())
            last = last if write == "-" else end
            before = self._before(first)
            after = self._word_at(last) if write == "-" else ""
            shown = f"write `{before}{write}{after}`"
            yield Try(shown, ((first, last, write),))
        elif not write:
            yield self._left_out(start, end)
        else:
            yield Try(
                f"write `{write}`", ((start, end, self._apart(start, end, write)),)
            )

    def _apart(self, start: int, end: int, write: str) -> str:
        """Return `write` with blanks where it would touch a word."""
        before, after = self.text[:start], self.text[end:]
        left = " " if before and not before[-1].isspace() else ""
        right = " " if after and not after[0].isspace() else ""
        return f"{left}{write}{right}"

    def _before(self, at: int) -> str:
        found = re.search(r"\S*$", self.text[:at])
        return found.group() if found else ""

    def _word_at(self, at: int) -> str:
        found = re.match(r"[^\s,]*", self.text[at:])
        return found.group() if found else ""

    def _noise(self) -> Iterator[Try]:
        """Leave out a word too many."""
        for number in (self.here, self.here - 1):
            word = self._piece(number)
            twice = word and word.casefold() == self._piece(number - 1).casefold()
            if word.casefold() in NOISE or twice:
                yield self._left_out(*self.pieces[number])
        if self.problem.found == "end" and self._piece(self.here - 1).isalpha():
            yield self._left_out(*self.pieces[self.here - 1])
        system = self._piece(1)
        if self.here > 1 and self._piece(self.here - 1) == system and system.isupper():
            places = [
                self._cut(*place)
                for number, place in enumerate(self.pieces)
                if number > 1 and self._piece(number) == system
            ]
            yield Try(f"leave out the second `{system}`", tuple(places))

    def _left_out(self, start: int, end: int) -> Try:
        word = self.text[start:end]
        return Try(f"leave out `{word}`", (self._cut(start, end),))

    def _cut(self, start: int, end: int) -> tuple[int, int, str]:
        if start and self.text[start - 1] == " ":
            return (start - 1, end, "")
        if self.text[end : end + 1] == " ":
            return (start, end + 1, "")
        return (start, end, "")

    def _brackets(self) -> Iterator[Try]:
        """Try brackets around a list, and one bracket too many or too few."""
        for opening, closing in ("()", "[]", "{}"):
            first, last = self.text.find(opening), self.text.rfind(closing)
            if 0 <= first < last:
                edits = ((first, first + 1, ""), (last, last + 1, ""))
                yield Try(f"leave out `{opening}` and `{closing}`", edits)
        if self._piece(self.here) == ")":
            yield Try("leave out `)`", (self._cut(*self.pieces[self.here]),))
        missing = self.text.count("(") - self.text.count(")")
        if self.here == len(self.pieces) and 0 < missing < 5:  # noqa: PLR2004 - a few
            end = len(self.text)
            yield Try(
                f"write `{')' * missing}` at the end", ((end, end, ")" * missing),)
            )

    def _joined(self) -> Iterator[Try]:
        """Join a number and its sign, or the parts of a code; leave out `v`."""
        version = re.search(r"\bv(?:er\.?|ersion)?\s*(\d[\d.]*)", self.text)
        if version is not None and version.end() > self.at:
            yield Try(f"write `{version[1]}`", ((*version.span(), version[1]),))
        for number in (self.here, self.here + 1):
            if not 0 < number < len(self.pieces):
                continue
            start, end = self.pieces[number - 1][1], self.pieces[number][0]
            word = self._piece(number - 1) + self._piece(number)
            if start < end and _IN_ONE.fullmatch(word):
                yield Try(f"write `{word}`", ((start, end, ""),))

    def _quoted(self) -> Iterator[Try]:
        """Put words between quotes, the most words first."""
        if "STRING" not in self.problem.expected:
            return
        last = min(len(self.pieces), self.here + _MOST_QUOTED)
        for number in range(last, self.here, -1):
            start, end = self.pieces[self.here][0], self.pieces[number - 1][1]
            inner = self.text[start:end]
            if '"' not in inner and "#" not in inner and _WORDY.search(inner):
                yield Try(f'write `"{inner}"`', ((start, end, f'"{inner}"'),))

    def _unquoted(self) -> Iterator[Try]:
        """Take a name out of its quotes."""
        for number in (self.here, self.here - 1):
            word = self._piece(number)
            if word.startswith('"') and re.fullmatch(r"[\w$.%/-]+", word[1:-1]):
                start, end = self.pieces[number]
                yield Try(f"write `{word[1:-1]}`", ((start, end, word[1:-1]),))

    def _swapped(self) -> Iterator[Try]:
        """Turn two words around."""
        for number in (self.here + 1, self.here):
            if not 1 < number < len(self.pieces):
                continue
            left, right = self.pieces[number - 1], self.pieces[number]
            one, other = self._piece(number - 1), self._piece(number)
            edits = ((*left, other), (*right, one))
            yield Try(f"write `{other} {one}`", edits)

    def _inserted(self) -> Iterator[Try]:
        """Put in a word of the language, or a comma, that is missing."""
        if self.here == len(self.pieces):
            return
        start = self.pieces[self.here][0]
        word = self._piece(self.here)
        before = len(self.text[:start].rstrip())
        if "COMMA" in self.problem.expected:
            yield Try(f"write a comma before `{word}`", ((before, before, ","),))
        for each in self._keywords():
            if each not in {"or", "and"}:
                yield Try(f"write `{each} {word}`", ((start, start, f"{each} "),))
