"""One person at the store: texts are read, judged and handed in.

Where others publish between the verdict and the transaction, the text is judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from whopays.api.office.contents import PROFILE_FILE, unpacked
from whopays.api.office.folders import (
    MARK,
    Mark,
    files_of,
    mark_of,
    must_be_free,
    rule_texts,
    write_folder,
)
from whopays.api.office.judge import Judge
from whopays.api.office.used import published
from whopays.api.profiles import Profiles, methods_of, positions_of
from whopays.office import Profile, load_profiles, profile_text
from whopays.store import (
    CONTRACT,
    HOURS,
    PROFILE,
    Change,
    MovedError,
    Store,
    StoreError,
)
from whopays.store.checkins import CheckedIn
from whopays.store.records import CheckOut

_TRIES = 20
_Done = TypeVar("_Done")


@dataclass(frozen=True)
class Desk:
    """A store, and who works on it."""

    store: Store
    who: str

    def profiles(self) -> Profiles:
        """Return the published profiles, ready to be used on accounts."""
        return published(Judge(self.store))

    def add_profiles(self, path: Path, why: str) -> list[CheckedIn]:
        """Add the profiles of a file, each an item: all of them, or none."""
        with Judge(self.store).own_rules() as places:
            found = load_profiles(path, positions_of(methods_of(places)))
        texts = {each.id: profile_text(each) for each in found}
        return self._judged(
            lambda judge: self.store.add(self.who, PROFILE, judge.profiles(texts, why))
        )

    def add_contract(self, place: Path, name: str, why: str) -> CheckedIn:
        """Add a rule file, or a folder of rule files, as the contract `name`."""
        files = rule_texts(place)
        (done,) = self._judged(
            lambda judge: self.store.add(
                self.who, CONTRACT, {name: judge.contract(name, files, why)}
            )
        )
        return done

    def check_out(
        self, name: str, reason: str, folder: Path | None = None, hours: int = HOURS
    ) -> tuple[CheckOut, Path, bool]:
        """Check an item out, and write it into `folder`, or one of its name.

        Whoever has it already renews it, and keeps the folder. Return the check-out, the
        folder, and whether it was written.
        """
        place = Path(name) if folder is None else folder
        mark = mark_of(place)
        item = self.store.item(name)
        kept = mark == Mark(item.kind, item.name, item.current)
        if not kept:
            must_be_free(place)
        item, held = self.store.check_out(self.who, name, reason, hours)
        if not kept:
            files, now = self._text(name, held), Mark(item.kind, name, held.base)
            try:
                write_folder(place, files, now)
            except OSError as error:
                raise StoreError(
                    f"{name} is checked out by you, and {place} can't be written "
                    f"({error.strerror}): check it out again into another folder, or "
                    "release it"
                ) from error
        return held, place, not kept

    def _text(self, name: str, held: CheckOut) -> dict[str, str]:
        """Return the files that work begins from: a draft, or the version of its base."""
        if held.draft is not None:
            return unpacked(self.store.content(held.draft))
        return unpacked(self.store.version(name, held.base)[1])

    def check_in(self, name: str, why: str, folder: Path | None = None) -> CheckedIn:
        """Check the working folder in: judged, kept, and the check-out ended."""
        place = Path(name) if folder is None else folder
        mark = mark_of(place)
        if mark is None or mark.name != name:
            raise StoreError(
                f"{place} is no working folder of {name}; name it with --from, or make "
                f"one: whopays store check-out {name}"
            )
        files = files_of(place, mark.kind)
        done = self._judged(
            lambda judge: self.store.check_in(
                self.who,
                name,
                self._change(judge, mark.kind, name, files, why),
                mark.base,
            )
        )
        (place / MARK).unlink(missing_ok=True)
        return done

    def approve(self, name: str) -> CheckedIn:
        """Publish a change of another person that waits, judged anew."""

        def publish(judge: Judge) -> CheckedIn:
            item, waiting, body = self.store.waiting(name)
            files = unpacked(body)
            change = self._change(judge, item.kind, name, files, waiting.why)
            return self.store.approve(self.who, name, change)

        return self._judged(publish)

    def restore(self, name: str, number: int, why: str) -> CheckedIn:
        """Make the text of an earlier version the current one, judged anew."""
        kind = self.store.item(name).kind
        files = unpacked(self.store.version(name, number)[1])
        return self._judged(
            lambda judge: self.store.restore(
                self.who, name, number, self._change(judge, kind, name, files, why)
            )
        )

    def update_profiles(self, profiles: Iterable[Profile], why: str) -> list[CheckedIn]:
        """Change many profiles at once, without check-outs, where the switch allows it."""
        texts = {each.id: profile_text(each) for each in profiles}
        return self._judged(
            lambda judge: self.store.update_directly(
                self.who, judge.profiles(texts, why)
            )
        )

    def _change(
        self, judge: Judge, kind: str, name: str, files: Mapping[str, str], why: str
    ) -> Change:
        if kind == PROFILE:
            return judge.profiles({name: files[PROFILE_FILE]}, why)[name]
        return judge.contract(name, files, why)

    def _judged(self, act: Callable[[Judge], _Done]) -> _Done:
        for _ in range(_TRIES):
            try:
                return act(Judge(self.store))
            except MovedError:
                continue
        raise StoreError("others change the store all the time; try again")
