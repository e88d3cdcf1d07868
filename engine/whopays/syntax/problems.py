"""What is wrong with a text, as it is being read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from whopays.diagnostics import Diagnostic, Edit, Label, Remedy, Source, Span
from whopays.syntax.statements import Statement

#: Errors after which every statement is read all the same.
_ABOUT_BLOCKS = frozenset({"P006", "P007", "P017"})

_TRIES = 1_500  # a millisecond each at worst; a file full of mistakes is told without


_MOST_PLACES = 5  # of one mistake


class Problems(list[Diagnostic]):
    """Diagnostics, and how often a repair may still be tried in this text."""

    tries = _TRIES

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        # The heads of blocks that could not be built.
        self.lost: list[Span] = []

    def may_try(self) -> bool:
        """Tell whether there is a try left, and count it."""
        self.tries -= 1
        return self.tries >= 0

    def report(
        self,
        code: str,
        message: str,
        place: Span | Label,
        remedy: str | Remedy = "",
        also: Iterable[Label] = (),
    ) -> None:
        """Add an error at `place`; a `remedy` that is a rewrite brings its edits."""
        if isinstance(remedy, str):
            remedy = Remedy(remedy)
        labels = (place if isinstance(place, Label) else Label(place), *also)
        self.append(Diagnostic(code, message, labels, remedy.words, fix=remedy.fix))

    def also_mend(self, at: int, remedy: Remedy) -> None:
        """Add `remedy` to that of the diagnostic number `at`."""
        words = f"{self[at].help}, and {remedy.words}"
        self[at] = replace(self[at], help=words, fix=(*self[at].fix, *remedy.fix))

    def also(self, at: int, place: Label, edit: Edit) -> None:
        """Add a `place` of the same mistake, with its `edit`, to the diagnostic `at`."""
        first = self[at]
        shown = (*first.labels, place)[:_MOST_PLACES]
        self[at] = replace(first, labels=shown, fix=(*first.fix, edit))

    def advise(self, at: int, advice: str) -> None:
        """Give the diagnostic number `at` the help `advice`, in place of its fix."""
        self[at] = replace(self[at], help=advice, fix=())

    def unread(self, written: list[Statement]) -> tuple[Span, ...]:
        """Return the statements that are wrong, apart from ends too many or few."""
        starts = [statement.span.start for statement in written]
        at = {
            bisect_right(starts, each.labels[0].span.start) - 1
            for each in self
            if each.is_error and each.code not in _ABOUT_BLOCKS
        }
        unread = [written[index].span for index in sorted(at) if index >= 0]
        return (*unread, *(span for span in self.lost if span not in unread))
