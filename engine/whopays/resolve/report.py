"""Where resolving puts what it finds wrong; one mistake is said once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from whopays import bounds
from whopays.diagnostics import (
    Diagnostic,
    Edit,
    Label,
    Remedy,
    Span,
    cut_short,
    did_you_mean,
    nearest,
    rewrite,
)
from whopays.resolve.lost import Lost
from whopays.syntax.mistakes.titles import id_of
from whopays.syntax.nodes import Word

_LISTED = 12  # names that still read as a list
_LONGEST_NAME = 60
_MOST_PLACES = 5
_ID = re.compile(r"[A-Z][A-Z0-9._-]*")
_NAMES = re.compile(r'"([^"]*)"|([\w.\-]+)')


#: The statements that declare what a name stands for.
_DECLARED_BY = {
    "party": ("party", "fund"),
    "party for the column": ("party", "fund"),
    "party or status": ("party", "fund"),
    "fact": ("fact", "amount", "define"),
    "category": ("category",),
    "clause": (*("exception", "responsibility", "treat", "limit", "route", "clock"),),
    "contract": ("contract",),
    "amount": ("let", "fact", "amount"),
}


class Report:
    """Collects diagnostics.

    `problems` counts all that was wrong, also what is not reported because it follows
    from a statement that could not be read.
    """

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self.problems = 0
        #: Tests in conditions so far, with definitions written out; see `bounds`.
        self.tests = 0
        self._lost = Lost()
        # The words that begin statements with errors: what they declare is not missed.
        self._lost_kinds: set[str] = set()
        # Whether a clause is among them whose id can't be read either.
        self._nameless = False
        # Kinds of which something was declared twice: one was to have another name.
        self._twice: set[str] = set()
        self._said: set[tuple[str, str, str]] = set()
        # Names that do not exist: the diagnostic, and the edits of further places.
        self._unknown: dict[tuple[str, str, str], int] = {}
        self._near: dict[tuple[str, str, str], str | None] = {}
        self._edits: dict[int, list[Edit]] = {}
        # What is said once of many places.
        self._repeated: dict[tuple[str, str], int] = {}

    @property
    def found(self) -> list[Diagnostic]:
        """All diagnostics so far."""
        found = [
            replace(each, fix=(*each.fix, *self._edits[at]))
            if at in self._edits
            else each
            for at, each in enumerate(self._found)
        ]
        return cut_short(found)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add what was found elsewhere."""
        self._found.extend(diagnostics)

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that nothing more is shown."""
        return len(self._found) >= bounds.MOST_PROBLEMS

    def lose(self, unread: Iterable[Span]) -> None:
        """Remember statements that could not be read: their names are not missed."""
        spans = list(unread)
        self._lost.add(spans)
        for kind, *rest in (span.text.split(None, 2) for span in spans if span.text):
            self._lost_kinds.add(kind)
            is_named = bool(rest) and _ID.fullmatch(rest[0]) is not None
            self._nameless |= kind in _DECLARED_BY["clause"] and not is_named

    def lose_name(self, name: str) -> None:
        """Remember the name of something whose declaration has an error."""
        self._lost.names.add(name.casefold())

    def is_lost(self, name: str) -> bool:
        """Tell whether a statement with errors may have declared `name`."""
        return self._lost.may_have(name)

    def follows(self, span: Span) -> bool:
        """Tell whether what is wrong at `span` may follow from a lost declaration."""
        return any(self._excuses(a or b) for a, b in _NAMES.findall(span.text))

    def _excuses(self, name: str) -> bool:
        """Tell whether a lost clause may have been called `name`."""
        return self._nameless or self._lost.may_have(name, loosely=True)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        remedy: str | Remedy = "",
        *,
        also: Iterable[Label] = (),
    ) -> None:
        """Add an error at `span`; a `remedy` that is a rewrite brings its edits."""
        if isinstance(remedy, str):
            remedy = Remedy(remedy)
        labels = (Label(span), *also)
        self.add(Diagnostic(code, message, labels, remedy.words, fix=remedy.fix))

    def repeated(
        self, code: str, message: str, span: Span, remedy: str | Remedy = ""
    ) -> None:
        """Add an error that is one mistake, at however many places it is made."""
        key = (code, message)
        if key in self._repeated:
            edits = remedy.fix if isinstance(remedy, Remedy) else ()
            self._again(self._repeated[key], span, edits)
            return
        before = len(self._found)
        self.error(code, message, span, remedy)
        if len(self._found) > before:
            self._repeated[key] = before

    def typed_otherwise(self, word: Word, meant: str) -> None:
        """Add the error of a name with characters of a word processor; it is `meant`."""
        odd = next((c for c in word.text if not c.isascii() and c not in meant), "")
        message = f"`{odd}` is a character of a word processor"
        self.repeated("P001", message, word.span, did_you_mean(word.span, meant))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add `diagnostic`, unless the same has been said of the same place."""
        self.problems += 1
        if self.is_full:
            return
        place = diagnostic.labels[0].span.place
        key = (diagnostic.code, diagnostic.message, place)
        if key not in self._said:
            self._said.add(key)
            self._found.append(diagnostic)

    def warn(self, diagnostic: Diagnostic) -> None:
        """Add a warning: what it is about can be used all the same."""
        place = diagnostic.labels[0].span.place
        key = (diagnostic.code, diagnostic.message, place)
        if key not in self._said and not self.is_full:
            self._said.add(key)
            self._found.append(diagnostic)

    def has_lost(self, span: Span) -> bool:
        """Tell whether a statement of the file of `span` could not be read."""
        return any(each.source is span.source for each in self._lost.statements)

    def missing(
        self, message: str, span: Span, remedy: str, *, code: str = "P016"
    ) -> None:
        """Add the error of a block that lacks a line, unless a line was unreadable."""
        if self.has_lost(span):
            self.problems += 1
            return
        self.error(code, message, span, remedy)

    def unknown(
        self, code: str, what: str, name: str, span: Span, known: Iterable[str]
    ) -> None:
        """Add the error of a name that does not exist, with the nearest that does.

        A name that fails at several places is one error.
        """
        key = (code, what, name)
        if key in self._unknown:
            near = self._near[key]
            edits = did_you_mean(span, near).fix if near else ()
            if near and near == id_of(name, span.source):
                edits = rewrite(span, near).fix
            self._again(self._unknown[key], span, edits)
            return
        declared_by = {what, *_DECLARED_BY.get(what, ())}
        if self.is_full or self.is_lost(name) or declared_by & self._twice:
            self.problems += 1
            return
        names = list(known)
        titled = id_of(name, span.source)
        near = titled if titled in names else nearest(name, names)
        # Ids are short, and near to each other without being meant.
        lost = declared_by & self._lost_kinds
        if lost and near is None and what != "clause":
            self.problems += 1
            return
        if lost and what == "clause" and self._excuses(name):
            self.problems += 1
            return
        remedy = _among(names)
        if near is not None and near == titled:
            remedy = rewrite(span, near, ", which is its id")
        elif near is not None:
            remedy = did_you_mean(span, near)
        long = len(name) > _LONGEST_NAME
        shown = f"{name[: _LONGEST_NAME - 3]}..." if long else name
        before = len(self._found)
        self.error(code, f"there is no {what} `{shown}`", span, remedy)
        if len(self._found) > before:
            self._unknown[key], self._near[key] = before, near

    def _again(self, index: int, span: Span, edits: Iterable[Edit]) -> None:
        self.problems += 1
        first = self._found[index]
        places = {label.span for label in first.labels}
        if span in places:
            return
        if len(places) < _MOST_PLACES:
            labels = (*first.labels, Label(span, "here too"))
            self._found[index] = replace(first, labels=labels)
        if first.fix:
            self._edits.setdefault(index, []).extend(edits)

    def twice(self, what: str, name: str, again: Span, first: Span) -> None:
        """Add the error of a name that is declared again."""
        self._twice.add(what)
        self.error(
            "R006",
            f"{what} `{name}` is declared twice",
            again,
            "rename one, or take it out",
            also=(Label(first, "first declared here"),),
        )


def _among(names: list[str]) -> Remedy:
    """Return the help that lists `names`, if they are few."""
    if len(names) == 1:
        return Remedy(f"there is only `{names[0]}`")
    if 0 < len(names) <= _LISTED:
        return Remedy(f"there are {', '.join(f'`{each}`' for each in names)}")
    return Remedy()
