"""Check-out and check-in: one at a time, nothing overwritten, everything kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stores import Office, change, texts, with_item
from whopays.office import Facility
from whopays.store import PROFILE, MovedError, Store, StoreError


def test_a_check_in_makes_the_next_version_and_frees_the_item(store: Store) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates")

    done = store.check_in("ana", "BLUE", change("two", "rates of 2026"), 1)

    item = store.item("BLUE")
    first, second = store.versions("BLUE")
    assert (done.number, done.waits) == (2, False)
    assert (item.current, item.check_out) == (2, None)
    assert (first.number, second.number) == (1, 2)
    assert (second.who, second.why) == ("ana", "rates of 2026")
    assert second.verdict.difference == ("now two",)
    assert second.verdict.checks == {"errors": 0}
    assert texts(store) == {"BLUE": "two"}
    assert store.version("BLUE", 1)[1] == b"one"


def test_a_check_out_is_exclusive_and_says_who_has_it(
    store: Store, office: Office
) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates", hours=2)
    office.clock.forward(1)

    with pytest.raises(StoreError, match=r"by ana since .* until .*: new rates"):
        store.check_out("ben", "BLUE", "typo")
    with pytest.raises(StoreError, match="checked out by ana"):
        store.check_in("ben", "BLUE", change("two"), 1)
    assert texts(store) == {"BLUE": "one"}


def test_without_a_check_out_nothing_is_taken_in(store: Store) -> None:
    with_item(store)

    with pytest.raises(StoreError, match="first whopays store check-out BLUE"):
        store.check_in("ana", "BLUE", change("two"), 1)


def test_an_expired_check_out_counts_no_more_and_goes_to_who_asks(
    store: Store, office: Office
) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates", hours=2)
    office.clock.forward(2)

    with pytest.raises(StoreError, match="expired at 2026-03-04T11:00:00Z"):
        store.check_in("ana", "BLUE", change("two"), 1)
    store.check_out("ben", "BLUE", "typo")

    held = store.item("BLUE").check_out
    assert held is not None
    assert held.owner == "ben"
    assert store.trail("BLUE")[-1].more["instead_of"] == "ana"


def test_who_comes_late_overwrites_nothing_of_what_came_in_meanwhile(
    store: Store, office: Office
) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates", hours=1)
    office.clock.forward(1)
    store.check_out("ben", "BLUE", "typo")
    store.check_in("ben", "BLUE", change("ben's"), 1)
    store.check_out("ana", "BLUE", "new rates")

    with pytest.raises(StoreError, match="made from version 1 of BLUE, and version 2"):
        store.check_in("ana", "BLUE", change("ana's"), 1)

    assert texts(store) == {"BLUE": "ben's"}
    assert store.check_in("ana", "BLUE", change("both"), 2).number == 3


def test_an_owner_may_renew(store: Store, office: Office) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates", hours=2)
    office.clock.forward(1)

    _, held = store.check_out("ana", "BLUE", "new rates", hours=2)

    assert held.expires == "2026-03-04T12:00:00Z"


def test_a_check_in_that_changes_nothing_is_refused(store: Store) -> None:
    with_item(store).check_out("ana", "BLUE", "look")

    with pytest.raises(StoreError, match="nothing of BLUE was changed"):
        store.check_in("ana", "BLUE", change("one"), 1)


def test_release_gives_back_and_anothers_needs_the_right_to_manage(
    store: Store,
) -> None:
    with_item(store).check_out("ben", "BLUE", "typo")

    with pytest.raises(StoreError, match="eve has not the right `manage`"):
        store.release("eve", "BLUE")
    store.release("ana", "BLUE")

    assert store.item("BLUE").check_out is None
    with pytest.raises(StoreError, match="not checked out"):
        store.release("ana", "BLUE")


def test_who_has_no_right_to_edit_is_told_who_gives_it(store: Store) -> None:
    with_item(store)

    with pytest.raises(StoreError, match="whopays store allow joe edit"):
        store.check_out("joe", "BLUE", "typo")
    with pytest.raises(StoreError, match="joe has not the right"):
        store.add("joe", PROFILE, {"NEW": change("x")})


def test_a_misspelt_name_gets_the_right_one(store: Store) -> None:
    with_item(store, "GRANITE-HMO")

    with pytest.raises(StoreError, match="did you mean GRANITE-HMO"):
        store.check_out("ana", "GRANIT-HMO", "typo")


def test_names_are_taken_once(store: Store) -> None:
    with_item(store)

    with pytest.raises(StoreError, match="has BLUE already"):
        store.add("ana", PROFILE, {"RED": change("r"), "BLUE": change("two")})
    assert texts(store) == {"BLUE": "one"}  # RED did not come in either


def test_any_version_is_restored_as_a_new_one(store: Store) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates")
    store.check_in("ana", "BLUE", change("two"), 1)

    done = store.restore("ben", "BLUE", 1, change("one", "too early"))

    assert done.number == 3
    assert texts(store) == {"BLUE": "one"}
    assert store.trail("BLUE")[-1].more["restores"] == 1
    with pytest.raises(StoreError, match="said already"):
        store.restore("ben", "BLUE", 3, change("one"))
    with pytest.raises(StoreError, match="no version 9; its versions are 1 to 3"):
        store.restore("ben", "BLUE", 9, change("one"))
    with pytest.raises(MovedError):
        store.restore("ben", "BLUE", 2, change("another text"))


def test_what_another_has_checked_out_is_not_restored(store: Store) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates")
    store.check_in("ana", "BLUE", change("two"), 1)
    store.check_out("ana", "BLUE", "more rates")

    with pytest.raises(StoreError, match="checked out by ana"):
        store.restore("ben", "BLUE", 1, change("one"))


def test_what_was_judged_by_an_earlier_store_is_judged_again(store: Store) -> None:
    with_item(store).check_out("ana", "BLUE", "new rates")
    state = store.current().state
    with_item(store, "RED", "r")

    with pytest.raises(MovedError):
        store.check_in("ana", "BLUE", replace(change("two"), state=state), 1)

    state = store.current().state
    assert store.check_in("ana", "BLUE", replace(change("two"), state=state), 1).number


class TestSecondPerson:
    @pytest.fixture
    def store(self, place: str) -> Store:
        facility = Facility("General Hospital", second_person=True)
        office = Office(place, facility=facility)
        made = office.store()
        made.add("ana", PROFILE, {"BLUE": change("one", "first")})
        return made

    def test_a_new_item_is_published_when_another_person_approves(
        self, store: Store
    ) -> None:
        assert (store.item("BLUE").current, texts(store)) == (0, {})

        done = store.approve("ben", "BLUE", change("one"))

        (version,) = store.versions("BLUE")
        assert done.number == 1
        assert (version.who, version.approved_by) == ("ana", "ben")
        assert version.why == "first"
        assert store.verify().problems == []

    def test_nobody_approves_an_own_change(self, store: Store) -> None:
        with pytest.raises(StoreError, match="your own: another person"):
            store.approve("ana", "BLUE", change("one"))

    def test_who_may_not_approve_does_not(self, store: Store) -> None:
        store.deny("ana", "ben", "approve")

        with pytest.raises(StoreError, match="ben has not the right `approve`"):
            store.approve("ben", "BLUE", change("one"))

    def test_what_waits_is_neither_checked_out_nor_changed(self, store: Store) -> None:
        with pytest.raises(StoreError, match="by ana that waits for a second person"):
            store.check_out("ben", "BLUE", "typo")
        with pytest.raises(MovedError):
            store.approve("ben", "BLUE", change("another text"))

    def test_what_is_sent_back_is_checked_out_by_its_author_with_its_text(
        self, store: Store
    ) -> None:
        store.approve("ben", "BLUE", change("one"))
        store.check_out("eve", "BLUE", "rates")
        store.check_in("eve", "BLUE", change("two"), 1)

        author = store.send_back("ben", "BLUE", "not signed yet")

        held = store.item("BLUE").check_out
        assert author == "eve"
        assert held is not None
        assert (held.owner, held.reason, held.base) == ("eve", "not signed yet", 1)
        assert store.content(held.draft or "") == b"two"
        store.check_out("eve", "BLUE", "again")
        assert store.check_in("eve", "BLUE", change("three"), 1).waits
        assert store.verify().problems == []

    def test_a_new_item_that_is_given_up_is_gone(self, store: Store) -> None:
        store.send_back("ana", "BLUE", "changed my mind")
        store.release("ana", "BLUE")

        assert store.items() == []
        assert store.verify().problems == []
