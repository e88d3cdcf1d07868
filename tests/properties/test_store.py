"""Whatever people do at a store: history only grows, refusals change nothing, it verifies."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stores import PROFILE, Office, change
from whopays.store import Store, StoreError
from whopays.store.records import Item, Version

EDITORS = ("ana", "ben", "eve")
ITEMS = ("BLUE", "RED")
ACTS = 150
#: In memory where that can be: many small writes wait for a disk.
MEMORY = "/dev/shm"  # noqa: S108


class Day:
    """People who check out, in, approve and restore by chance; joe has no rights."""

    def __init__(self, place: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - nothing secret
        self.office = Office(str(place))
        self.store: Store = self.office.store()
        self.store.add("ana", PROFILE, {name: change("first") for name in ITEMS})
        self.told: dict[str, list[Version]] = {}
        self.done: Counter[str] = Counter()
        self.texts = 0

    def act(self) -> None:
        """Let somebody do something, and look at what there is then."""
        acts = (
            *(self.check_out, self.check_in, self.check_in, self.approve),
            *(self.approve, self.send_back, self.release, self.restore),
            *(self.update_directly, self.set_facility, self.wait),
        )
        who = self.chance.choice((*EDITORS, *EDITORS, *EDITORS, "joe"))
        self.chance.choice(acts)(who, self.store.item(self.chance.choice(ITEMS)))
        self.look()

    def look(self) -> None:
        assert self.store.verify().problems == []
        for item in self.store.items():
            assert item.check_out is None or item.proposal is None
            versions = self.store.versions(item.name)
            earlier = self.told.get(item.name, [])
            assert versions[: len(earlier)] == earlier  # nothing is changed or lost
            self.told[item.name] = versions

    def _try(self, who: str, act: Callable[..., Any], *words: Any) -> bool:
        """Do something; tell whether it was done. A refusal changes nothing."""
        before = self.store.verify().head
        done = True
        try:
            act(who, *words)
        except StoreError:
            done = False
        assert done or self.store.verify().head == before
        assert not done or who != "joe"
        self.done[act.__name__, done] += 1  # type: ignore[index]
        return done

    def _text(self) -> str:
        self.texts += 1
        return f"text {self.texts}"

    def check_out(self, who: str, item: Item) -> None:
        hours = self.chance.randint(1, 3)
        self._try(who, self.store.check_out, item.name, "why", hours)

    def check_in(self, who: str, item: Item) -> None:
        if item.check_out is None and self.chance.random() < 0.8:
            self.check_out(who, item)
            item = self.store.item(item.name)
        held, at = item.check_out, self.store.now()
        if held is not None and self.chance.random() < 0.8:
            who = held.owner
        base = max(1, item.current - (self.chance.random() < 0.3))
        done = self._try(
            who, self.store.check_in, item.name, change(self._text()), base
        )
        owns = held is not None and held.owner == who and item.is_out(at)
        assert done == (owns and base == item.current)

    def approve(self, who: str, item: Item) -> None:
        if item.proposal is None:
            return
        author = item.proposal.who
        who = author if self.chance.random() < 0.3 else who
        text = self.store.content(item.proposal.digest).decode()
        done = self._try(who, self.store.approve, item.name, change(text))
        assert done == (who in EDITORS and who != author)
        if done:
            latest = self.store.versions(item.name)[-1]
            assert (latest.who, latest.approved_by) == (author, who)

    def send_back(self, who: str, item: Item) -> None:
        if item.proposal is not None:
            self._try(who, self.store.send_back, item.name, "why")

    def release(self, who: str, item: Item) -> None:
        if item.check_out is not None:
            done = self._try(who, self.store.release, item.name)
            assert done == (who in {item.check_out.owner, "ana"})

    def restore(self, who: str, item: Item) -> None:
        number = self.chance.randint(1, item.current)
        text = self.store.version(item.name, number)[1].decode()
        self._try(who, self.store.restore, item.name, number, change(text))

    def update_directly(self, who: str, _: Item) -> None:
        items = [self.store.item(name) for name in ITEMS]
        facility, at = self.store.facility(), self.store.now()
        free = not any(each.proposal or each.is_out(at) for each in items)
        changes = {name: change(self._text()) for name in ITEMS}
        done = self._try(who, self.store.update_directly, changes)
        allowed = not facility.fully_enabled and not facility.second_person
        assert done == (who in EDITORS and free and allowed)
        after = [self.store.item(name).current for name in ITEMS]
        assert after == [each.current + done for each in items]  # all, or none

    def set_facility(self, _: str, __: Item) -> None:
        setting = self.chance.choice(("fully_enabled", "second_person"))
        changes = {setting: self.chance.random() < 0.3}
        self._try("ana", self.store.set_facility, changes)

    def wait(self, _: str, __: Item) -> None:
        self.office.clock.forward(self.chance.randint(1, 3))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_nothing_is_lost_and_the_chain_verifies(seed: int) -> None:
    where = MEMORY if Path(MEMORY).is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        day = Day(Path(folder) / "o.db", seed)

        for _ in range(ACTS):
            day.act()

        assert sum(len(each) for each in day.told.values()) > 10
