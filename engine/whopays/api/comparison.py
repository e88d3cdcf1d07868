"""Two sources compared on claims, for callers: their words in common, and the sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from whopays.api.rulefiles import RulesFolderError
from whopays.api.terms import TermBook
from whopays.terms.compared import Compared, Sum, compared
from whopays.terms.definitions import Word
from whopays.terms.rows import ComponentClaim


@dataclass(frozen=True)
class Comparison:
    """The words that two sources have in common, compared claim by claim.

    `sums` adds up what has been compared so far, by word. `day` asks for the definitions
    in force then, whatever the service date.
    """

    book: TermBook
    sources: tuple[str, str]
    words: tuple[str, ...]
    day: date | None = None
    sums: dict[str, Sum] = field(default_factory=dict)

    def take(self, claim: ComponentClaim) -> Iterator[Compared]:
        """Yield each place of `claim` where either source says anything, and count it."""
        said = self.book.said(claim, self.sources, self.words, self.day)
        answers = {(word.name, word.source): found for word, found in said.words}
        for name in self.words:
            one, other = (answers[name, source] for source in self.sources)
            word: Word = self.book.words[name, self.sources[0]]
            for found in compared(said.seen, (one, other), word, self.book.facts):
                self.sums[name].take(found)
                yield found


def comparison(
    book: TermBook,
    sources: tuple[str, str],
    words: tuple[str, ...] = (),
    day: date | None = None,
) -> Comparison:
    """Return the comparison of two sources, named whole or by a part that is one's own.

    `words` are those to compare; all that they have in common, if none. RulesFolderError
    where there is no such source or word, or nothing in common.
    """
    one, other = (book.source(each) for each in sources)
    if one == other:
        raise RulesFolderError(f"{one} is compared with itself: name another source")
    theirs = {
        source: [name for name, by in book.words if by == source]
        for source in (one, other)
    }
    both = [name for name in theirs[one] if name in theirs[other]]
    for name in map(book.word, words):
        for source in (one, other):
            if name not in theirs[source]:
                has = ", ".join(theirs[source])
                raise RulesFolderError(f"{source} has no {name}; it has {has}")
    if not both:
        has = "; ".join(f"{each} has {', '.join(theirs[each])}" for each in theirs)
        raise RulesFolderError(f"the two have no word in common: {has}")
    chosen = tuple(name for name in both if not words or name in words)
    return Comparison(book, (one, other), chosen, day, {name: Sum() for name in chosen})
