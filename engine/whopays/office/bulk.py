"""Many profiles changed at once: which ones, and what they say afterwards.

Meant to load settings before coordination is fully enabled; the switch refuses it after
that (`Facility.against_bulk_update`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from whopays.diagnostics import nearest
from whopays.office.profile import NONE, SECONDARY, TERTIARY, Profile, changes, settings

_ID = "id"
#: The settings by which profiles are chosen.
NAMES = (_ID, *settings(Profile("")))
_CONDITION = re.compile(r"\s*([\w ]+?)\s*(!?=)\s*(.*?)\s*", re.DOTALL)


class BulkError(ValueError):
    """A condition or a setting makes no sense: the text says why and what to write."""


@dataclass(frozen=True)
class Where:
    """A condition on profiles: a setting, and a text in which `*` is anything.

    `plans` is met by any plan. Letters may be large or small. `negated`: it must not be
    met.
    """

    name: str
    pattern: str
    negated: bool = False

    def holds(self, profile: Profile) -> bool:
        """Tell whether `profile` meets it."""
        said = [{**settings(profile), _ID: profile.id}[self.name]]
        if self.name == "plans":
            said = list(profile.plans) or [NONE]
        return any(_is_like(each, self.pattern) for each in said) is not self.negated


def _is_like(text: str, pattern: str) -> bool:
    """Tell whether `text` is `pattern`, in which each `*` is anything."""
    text = text.casefold()
    first, *rest = pattern.casefold().split("*")
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text[at:].endswith(rest[-1])


def where(text: str) -> Where:
    """Return the condition that `text` writes: `payer=Blue*`, `reprice!=yes`.

    BulkError where it is none.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise BulkError(f"`{text}` is no condition: write one such as payer=Blue*")
    name = found[1].strip().lower().replace(" ", "_")
    name = {"plan": "plans", "profile": _ID, "category": "language_category"}.get(
        name, name
    )
    if name not in NAMES:
        near = nearest(name, NAMES)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(NAMES)}"
        raise BulkError(f"profiles have no setting `{found[1]}`; {hint}")
    if not found[3]:
        raise BulkError(f"`{text}` compares with nothing: `{name}=none` is none")
    return Where(name, found[3], found[2] == "!=")


@dataclass(frozen=True)
class Settings:
    """What profiles shall say; None where a setting stays as it is.

    A method that is `none` is taken away.
    """

    secondary: str | None = None
    tertiary: str | None = None
    language_category: str | None = None
    reprice: str | None = None

    @property
    def said(self) -> dict[str, str]:
        """The settings that are to be changed."""
        return {name: text for name, text in vars(self).items() if text is not None}

    def must_be_known(self, methods: Mapping[str, tuple[str, ...]]) -> None:
        """Raise BulkError for a method that is not among `methods`, or not for its place."""
        for position, name in ((SECONDARY, self.secondary), (TERTIARY, self.tertiary)):
            if name is None or name == NONE:
                continue
            if name not in methods:
                near = nearest(name, [*methods, NONE])
                listed = "`whopays cob profiles methods` lists those that there are"
                hint = f"did you mean {near}?" if near else listed
                raise BulkError(f"there is no method {name}; {hint}")
            if position not in methods[name]:
                fits = " and ".join(methods[name])
                raise BulkError(f"{name} is for {fits} plans, not for {position} ones")

    def of(self, profile: Profile) -> Profile:
        """Return `profile` with these settings."""
        return replace(
            profile,
            secondary=_method(self.secondary, profile.secondary),
            tertiary=_method(self.tertiary, profile.tertiary),
            language_category=self.language_category or profile.language_category,
            reprice=self.reprice or profile.reprice,
        )


def _method(wanted: str | None, now: str | None) -> str | None:
    if wanted is None:
        return now
    return None if wanted == NONE else wanted


@dataclass(frozen=True)
class Changed:
    """A profile that a bulk update changes, and what it says otherwise, a line each."""

    before: Profile
    after: Profile

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, as `reprice: none → yes`."""
        return changes(self.before, self.after)

    @property
    def settings(self) -> dict[str, str]:
        """What changes, by the names of the settings."""
        old, new = settings(self.before), settings(self.after)
        return {name: said for name, said in new.items() if said != old[name]}


@dataclass(frozen=True)
class Bulk:
    """A bulk update that was worked out: how many profiles were meant, and which change."""

    profiles: tuple[Profile, ...]
    meant: int
    changed: tuple[Changed, ...]

    @property
    def after(self) -> tuple[Profile, ...]:
        """All profiles, as they are afterwards."""
        new = {each.before.id: each.after for each in self.changed}
        return tuple(new.get(each.id, each) for each in self.profiles)


def bulk(
    profiles: Iterable[Profile], conditions: Iterable[Where], wanted: Settings
) -> Bulk:
    """Return what `wanted` would change in those `profiles` that meet all `conditions`."""
    given, asked = tuple(profiles), tuple(conditions)
    meant = [each for each in given if all(where.holds(each) for where in asked)]
    pairs = (Changed(each, wanted.of(each)) for each in meant)
    return Bulk(given, len(meant), tuple(p for p in pairs if p.before != p.after))
