"""Judges a text before the store keeps it: checks, tests, and what it says otherwise.

A profile has to be one, name methods that there are, and not stand in the way of another.
A contract has to be without errors, pass its tests, and keep the methods that profiles
name. The verdict holds for the state of the store that it was found in.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path

from whopays.api import check, load
from whopays.api.office.contents import PROFILE_FILE, packed, unpacked
from whopays.api.office.folders import write_files
from whopays.api.profiles import methods_of, positions_of
from whopays.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span
from whopays.office import Facility, Profile, parse_profiles
from whopays.office.profile import changes, overlapping
from whopays.store import CONTRACT, PROFILE, Change, Item, Store, StoreError, Verdict
from whopays.syntax.kept import parse_kept
from whopays.syntax.nodes import RuleFile

_METHOD = re.compile(r"^\s*method\s", re.MULTILINE)
_LISTED = 5  # names in one sentence
Files = Mapping[str, str]


class TestsFailedError(StoreError):
    """A text was refused because its own tests fail: the text says which."""


class Judge:
    """What is published in a store at one moment, and verdicts on texts against it."""

    def __init__(self, store: Store) -> None:
        found = store.current()
        self.facility: Facility = found.facility
        self.state = found.state
        self.items = found.items

    def profiles(self, files: Mapping[str, str], why: str) -> dict[str, Change]:
        """Return changes for the profile texts `files`, by the names of the profiles.

        DiagnosticError with all that is wrong with one of them; `StoreError` where one
        stands against another.
        """
        found = {name: self._profile(name, text) for name, text in files.items()}
        self._must_fit(found.values())
        published = {**self.published, **found}
        for one, other, plan in overlapping(published.values()):
            if one.id in found or other.id in found:
                raise StoreError(
                    f"{one.id} and {other.id} would both be for the plan {plan} on the "
                    "same day: set `effective` and `termination` so that one follows"
                )
        return {
            name: Change(
                packed({PROFILE_FILE: files[name]}),
                why,
                Verdict({"errors": 0}, changes(self.published.get(name), profile)),
                self.state,
            )
            for name, profile in found.items()
        }

    def _must_fit(self, profiles: Iterable[Profile]) -> None:
        against = self.facility.against_tertiary()
        names = [each.id for each in profiles if each.tertiary is not None]
        if against and names:
            more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
            raise StoreError(
                f"{against}: write `tertiary: none` in {', '.join(names[:_LISTED])}{more}; "
                "the settings are those of `whopays store facility`"
            )

    def _profile(self, name: str, text: str) -> Profile:
        source = Source(f"{name}/{PROFILE_FILE}", text)
        found = parse_profiles(source, self._positions)
        if [each.id for each in found] != [name]:
            raise _told(source, "M054", f"this file is for the profile {name} alone")
        return found[0]

    @cached_property
    def published(self) -> dict[str, Profile]:
        """The profiles that are published and can be used, by their names."""
        found = {}
        for name, text in self._texts():
            # One that another whopays took in must not keep its own mending out.
            with suppress(DiagnosticError):
                found.update(self._read(name, text))
        return found

    def usable(self) -> dict[str, Profile]:
        """Return the published profiles; DiagnosticError if one can't be used."""
        found = {}
        for name, text in self._texts():
            found.update(self._read(name, text))
        return found

    def _read(self, name: str, text: str) -> dict[str, Profile]:
        found = parse_profiles(Source(f"{name}/{PROFILE_FILE}", text), self._positions)
        return {each.id: each for each in found}

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name, (item, body) in self.items.items():
            if item.kind == PROFILE:
                yield name, unpacked(body)[PROFILE_FILE]

    @cached_property
    def _positions(self) -> dict[str, tuple[str, ...]]:
        with self.own_rules() as places:
            return positions_of(methods_of(places))

    @contextmanager
    def own_rules(
        self, instead: Mapping[str, Files] | None = None
    ) -> Iterator[list[Path]]:
        """Give folders with the published rule files that have methods, for a while.

        `instead` are texts that take the place of published ones, by names of contracts.
        """
        files = {
            name: unpacked(body)
            for name, (item, body) in self.items.items()
            if item.kind == CONTRACT
        }
        files.update((name, dict(each)) for name, each in (instead or {}).items())
        with ExitStack() as stack:
            places = []
            for each in files.values():
                if any(_METHOD.search(text) for text in each.values()):
                    folder = stack.enter_context(tempfile.TemporaryDirectory())
                    write_files(Path(folder), each)
                    places.append(Path(folder))
            yield places

    def contract(self, name: str, files: Files, why: str) -> Change:
        """Return a change for the contract `name` that `files` are the text of.

        DiagnosticError with all that is wrong; `StoreError` where tests fail, or a
        published profile could no longer be used.
        """
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), files)
            checks = _checked(Path(folder))
        with self.own_rules({name: files}) as places:
            positions = positions_of(methods_of(places))
        if positions != self._positions:
            self._must_keep(positions)
        found, body = self.items.get(name, (None, b""))
        before = unpacked(body) if isinstance(found, Item) else {}
        return Change(
            packed(files), why, Verdict(checks, _differences(before, files)), self.state
        )

    def _must_keep(self, positions: Mapping[str, tuple[str, ...]]) -> None:
        for name, text in self._texts():
            try:
                parse_profiles(Source(name, text), positions)
            except DiagnosticError as error:
                first = error.diagnostics[0].message
                raise StoreError(
                    f"the profile {name} could not be used any more: {first}"
                ) from None


def _checked(folder: Path) -> dict[str, int]:
    report = check(folder)
    if any(each.is_error for each in report.diagnostics):
        raise DiagnosticError(report.diagnostics)
    results = load(folder).run_tests()
    failed = [each.case.title for each in results if each.state == "failed"]
    if failed:
        named = "; ".join(f'"{title}"' for title in failed[:_LISTED])
        more = f" and {len(failed) - _LISTED} more" if len(failed) > _LISTED else ""
        raise TestsFailedError(
            f"{len(failed)} of {len(results)} tests failed: {named}{more}; `whopays test` "
            "says why"
        )
    return {
        "errors": 0,
        "warnings": len(report.diagnostics),
        "tests": sum(each.state == "passed" for each in results),
    }


def _differences(before: Files, after: Files) -> tuple[str, ...]:
    from whopays.analyse.texts.differences import differences  # noqa: PLC0415 - on demand

    return differences(_parsed(before), _parsed(after))


def _parsed(files: Files) -> list[RuleFile]:
    return [
        parse_kept(name, text)[0]
        for name, text in sorted(files.items())
        if name.endswith(".rules")
    ]


def _told(source: Source, code: str, message: str) -> DiagnosticError:
    return DiagnosticError([Diagnostic(code, message, (Label(Span(source, 0, 0)),))])
