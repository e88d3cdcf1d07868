"""The facility, its switch, and who may do what."""

from __future__ import annotations

import pytest

from stores import change, texts, with_item
from whopays.store import Store, StoreError


def test_who_makes_a_store_has_all_rights(store: Store) -> None:
    assert store.rights() == {
        "ana": ("edit", "approve", "calculate", "manage"),
        "ben": ("edit", "approve"),
        "eve": ("edit", "approve"),
    }


def test_rights_are_given_and_taken_by_who_may_manage(store: Store) -> None:
    assert store.allow("ana", "joe", "calculate")
    assert not store.allow("ana", "joe", "calculate")
    assert store.has_right("joe", "calculate")
    with pytest.raises(StoreError, match="joe has not the right `manage`"):
        store.allow("joe", "joe", "manage")
    assert store.deny("ana", "joe", "calculate")
    assert not store.deny("ana", "joe", "calculate")
    assert not store.has_right("joe", "calculate")


def test_the_last_who_may_manage_keeps_that_right(store: Store) -> None:
    with pytest.raises(StoreError, match="the only one"):
        store.deny("ana", "ana", "manage")
    store.allow("ana", "ben", "manage")
    assert store.deny("ana", "ana", "manage")


def test_settings_are_changed_by_who_may_manage_and_told_in_the_trail(
    store: Store,
) -> None:
    with pytest.raises(StoreError, match="ben has not the right"):
        store.set_facility("ben", {"fully_enabled": True})

    found = store.set_facility("ana", {"fully_enabled": True, "reports": True})

    assert found.fully_enabled
    assert store.facility() == found
    assert store.trail()[-1].what == "facility"
    assert store.trail()[-1].more == {"fully_enabled": True}


def test_many_are_changed_at_once_before_the_switch(store: Store) -> None:
    with_item(with_item(store), "RED", "r1")

    done = store.update_directly(
        "ben", {"BLUE": change("two"), "RED": change("r1", "as it was")}
    )

    assert [(each.name, each.number) for each in done] == [("BLUE", 2)]
    assert texts(store) == {"BLUE": "two", "RED": "r1"}


def test_the_switch_refuses_a_bulk_update_and_changes_nothing(store: Store) -> None:
    with_item(store)
    store.set_facility("ana", {"fully_enabled": True})
    before = store.verify().head

    with pytest.raises(StoreError, match="check out, edit, check in"):
        store.update_directly("ana", {"BLUE": change("two")})

    assert texts(store) == {"BLUE": "one"}
    assert store.verify().head == before


@pytest.mark.parametrize("how", ["second person", "check-out", "rights"])
def test_a_bulk_update_is_done_whole_or_not_at_all(store: Store, how: str) -> None:
    with_item(with_item(store), "RED", "r1")
    who = "joe" if how == "rights" else "ana"
    if how == "second person":
        store.set_facility("ana", {"second_person": True})
    if how == "check-out":
        store.check_out("ben", "RED", "typo")

    with pytest.raises(StoreError):
        store.update_directly(who, {"BLUE": change("two"), "RED": change("r2")})

    assert texts(store) == {"BLUE": "one", "RED": "r1"}
