"""Contract profiles: read with the place of each mistake, and used by position."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import Command
from own_methods import OWN
from whopays.api.accounts import load_accounts
from whopays.api.profiles import Profiles, methods_of, positions_of, read_profiles
from whopays.diagnostics import Diagnostic, DiagnosticError, Source
from whopays.model.account import Account
from whopays.office import Facility, Profile, parse_profiles, profile_text
from whopays.office.profile import changes
from whopays.office.profile_file import shipped_profiles

METHODS = {
    "BILLED-LESS-PAID": ("secondary", "tertiary"),
    "CAPPED": ("secondary",),
    "EQUAL": ("equal",),
}


def _read(text: str) -> tuple[Profile, ...]:
    return parse_profiles(Source("p.yaml", text), METHODS)


def _problems(text: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as caught:
        _read(text)
    return list(caught.value.diagnostics)


def _told(text: str) -> list[tuple[str, int, str]]:
    return [
        (each.code, each.labels[0].span.line, each.help) for each in _problems(text)
    ]


def test_all_settings_that_are_not_said_are_none() -> None:
    (read,) = _read("profiles:\n  BLUE:\n    title: Blue\n")

    assert read == Profile("BLUE", "Blue", plans=("BLUE",))
    assert read.method_in("secondary") is None
    assert (read.language_category, read.reprice) == ("none", "none")


def test_words_may_be_written_as_the_field_writes_them() -> None:
    (read,) = _read(
        "profiles:\n  BLUE:\n    language_category: Favorable\n    reprice: Yes\n"
        "    secondary: CAPPED\n    tertiary: None\n"
    )

    assert (read.language_category, read.reprice) == ("favorable", "yes")
    assert (read.secondary, read.tertiary) == ("CAPPED", None)


@pytest.mark.parametrize(
    ("setting", "code", "help_"),
    [
        ("secondary: BILED-LESS-PAID", "M050", "did you mean `BILLED-LESS-PAID`?"),
        ("tertiary: CAPPED", "M051", ""),
        ("secondary: EQUAL", "M051", ""),
        ("language_category: favourable", "M007", "did you mean `favorable`?"),
        ("reprice: perhaps", "M007", "there are yes, no, none"),
        ("reprise: yes", "M003", "did you mean `reprice`?"),
        ("effective: 03/04/2026", "M006", "for example, 2026-01-01"),
        ("effective: 20260304", "M006", "for example, 2026-01-01"),
        ("effective: 2026-W01-1", "M006", "for example, 2026-01-01"),
        ("secondary: null", "M050", "did you mean `none`?"),
        ("tertiary: ~", "M050", "did you mean `none`?"),
        ("secondary: [CAPPED]", "M006", ""),
        ("plans: [A, A]", "M009", ""),
        ("title: [A]", "M006", ""),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    setting: str, code: str, help_: str
) -> None:
    (told,) = _told(f"profiles:\n  BLUE:\n    payer: P\n    {setting}\n")

    assert told[:2] == (code, 4)
    assert told[2] == help_ or not help_


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("profiles:\n\tB:\n", "a tab stands where spaces are needed"),
        ("profiles:\n  B:\n    title: @x\n", "begins with this character"),
        ("profiles: {}\n---\nprofiles: {}\n", "a second document begins here"),
    ],
)
def test_what_is_no_yaml_is_told_in_words(text: str, told: str) -> None:
    (problem,) = _problems(text)

    assert problem.message.startswith("this is not YAML: ")
    assert told in problem.message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "profiles:\n  blue ppo:\n    reprice: maybe\n    secondary: NO-SUCH\n"

    assert [each[:2] for each in _told(text)] == [("M052", 2), ("M007", 3), ("M050", 4)]


def test_the_edit_of_a_misspelt_method_is_the_right_word() -> None:
    (problem,) = _problems("profiles:\n  B:\n    secondary: BILED-LESS-PAID\n")

    assert [each.text for each in problem.fix] == ["BILLED-LESS-PAID"]


def test_days_that_end_before_they_begin_are_refused() -> None:
    text = "profiles:\n  B:\n    effective: 2026-02-01\n    termination: 2026-01-31\n"

    assert [each[:2] for each in _told(text)] == [("M006", 4)]


def test_two_profiles_for_one_plan_may_follow_but_not_overlap() -> None:
    text = (
        "profiles:\n  OLD:\n    plans: [B]\n    termination: {}\n"
        "  NEW:\n    plans: [B]\n    effective: 2026-01-01\n"
    )

    assert len(_read(text.format("2025-12-31"))) == 2
    assert [each[:2] for each in _told(text.format("2026-01-01"))] == [("M053", 5)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "M005"),
        ("profile:\n  B: {}\n", "M003"),
        ("profiles: [B]\n", "M006"),
        ("profiles: &x\n  B: {}\n", "M002"),
        ("profiles: !!python/object:os.system\n  B: {}\n", "M002"),
        ("profiles:\n  B: {}\n  B: {}\n", "M009"),
        ("profiles: {B: {", "M001"),
        ("profiles:\n  B:\n    title: '\u202e'\n", "M006"),
    ],
)
def test_a_file_that_is_no_profile_file_is_told_and_runs_nothing(
    text: str, code: str
) -> None:
    assert code in [each.code for each in _problems(text)]


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
).map(lambda text: unicodedata.normalize("NFC", text))  # as all files are read
ids = st.from_regex(r"[A-Z0-9][A-Z0-9._-]{0,20}", fullmatch=True)
profiles = st.builds(
    Profile,
    ids,
    texts.filter(lambda t: t.casefold() != "none") | st.just(""),
    texts.filter(lambda t: t.casefold() != "none") | st.just(""),
    st.lists(texts, min_size=1, max_size=4, unique=True).map(tuple),
    st.none() | st.just(date(2026, 1, 1)),
    st.none() | st.just(date(2026, 12, 31)),
    st.sampled_from([None, "CAPPED", "BILLED-LESS-PAID"]),
    st.sampled_from([None, "BILLED-LESS-PAID"]),
    st.sampled_from(["favorable", "unfavorable", "none"]),
    st.sampled_from(["yes", "no", "none"]),
)


@given(profiles)
def test_a_profile_that_is_written_and_read_back_is_the_same(profile: Profile) -> None:
    (read,) = _read(profile_text(profile))

    assert changes(profile, read) == ()


def test_changes_are_told_setting_by_setting() -> None:
    before = Profile("B", plans=("B",), secondary="CAPPED")
    after = Profile("B", plans=("B", "C"), language_category="favorable")

    assert changes(before, after) == (
        "plans: B → B, C",
        "secondary: CAPPED → none",
        "language_category: none → favorable",
    )


def test_the_sample_that_ships_is_right() -> None:
    found = read_profiles(shipped_profiles())

    assert len(found) == 5
    assert {each.language_category for each in found} == {
        "favorable",
        "unfavorable",
        "none",
    }


def test_own_methods_stand_beside_those_that_ship(tmp_path: Path) -> None:
    own = tmp_path / "own.rules"
    own.write_text(OWN, encoding="utf-8")
    file = tmp_path / "p.yaml"
    file.write_text("profiles:\n  B:\n    secondary: HALF\n    tertiary: MANUAL\n")

    (read,) = read_profiles(file, [own])

    assert (read.secondary, read.tertiary) == ("HALF", "MANUAL")
    with pytest.raises(DiagnosticError):
        read_profiles(file)


ACCOUNT = {
    "account_id": "A-1",
    "service_date": "2026-03-04",
    "lines": [{"line": "1", "billed": "1000.00"}],
    "coverages": [
        {"plan": "FIRST", "amounts": {"paid": "600.00", "allowed": "900.00"}},
        {"plan": "BLUE", "method": "MANUAL", "amounts": {"allowed": "800.00"}},
        {"plan": "THIRD", "amounts": {"allowed": "700.00", "benefit": "500.00"}},
    ],
}


def _expected(found: tuple[Profile, ...], facility: Facility) -> list[int | None]:
    book = load_accounts(order="as-given", profiles=Profiles(found, facility))
    account = book.account(ACCOUNT)
    assert isinstance(account, Account)
    return [payer.expected for payer in book.settle(account).payers[1:]]


def test_the_position_decides_which_method_of_a_profile_is_used() -> None:
    both = {
        "secondary": "BILLED-LESS-PAID",
        "tertiary": "NON-DUPLICATION",
        "reprice": "yes",
    }
    blue = Profile("B", plans=("BLUE",), **both)  # type: ignore[arg-type]
    third = Profile("T", plans=("THIRD",), **both)  # type: ignore[arg-type]
    on = Facility("H", fully_enabled=True)

    # 1000 - 600; then 500 - (600 + 400), not below zero.
    assert _expected((blue, third), on) == [40_000, 0]
    assert _expected((blue, third), Facility("H")) == [40_000, None]
    secondary_only = Facility("H", fully_enabled=True, secondary_only=True)
    assert _expected((blue, third), secondary_only) == [40_000, None]


@pytest.mark.parametrize("reprice", ["no", "none"])
def test_what_is_not_to_be_repriced_has_no_method_and_says_why(reprice: str) -> None:
    blue = Profile("B", plans=("BLUE",), secondary="BILLED-LESS-PAID", reprice=reprice)
    book = load_accounts(order="as-given", profiles=Profiles((blue,)))
    account = book.account(ACCOUNT)
    assert isinstance(account, Account)

    payer = book.settle(account).payers[1]

    assert payer.expected is None
    assert payer.problem == (
        f"BLUE stands secondary, and its profile B says `reprice: {reprice}`"
    )


def test_a_plan_without_a_profile_keeps_the_method_of_the_account() -> None:
    other = Profile("B", plans=("OTHER",), secondary="BILLED-LESS-PAID")

    assert _expected((other,), Facility("H", fully_enabled=True)) == [None, None]


def test_the_service_date_chooses_the_profile() -> None:
    old = Profile("O", plans=("BLUE",), termination=date(2025, 12, 31))
    new = Profile(
        "N",
        plans=("BLUE",),
        effective=date(2026, 1, 1),
        secondary="BILLED-LESS-PAID",
        reprice="yes",
    )

    assert _expected((old, new), Facility("H", fully_enabled=True))[0] == 40_000


def test_the_category_changes_no_amount() -> None:
    on = Facility("H", fully_enabled=True)
    amounts = {
        tuple(
            _expected(
                (
                    Profile(
                        "B",
                        plans=("BLUE",),
                        secondary="BILLED-LESS-PAID",
                        language_category=category,
                        reprice="yes",
                    ),
                ),
                on,
            )
        )
        for category in ("favorable", "unfavorable", "none")
    }

    assert len(amounts) == 1


def test_settle_and_reprice_use_the_profiles_of_a_file(
    tmp_path: Path, whopays: Command
) -> None:
    account, profiles = tmp_path / "a.json", tmp_path / "p.yaml"
    account.write_text(json.dumps(ACCOUNT), encoding="utf-8")
    profiles.write_text(
        "profiles:\n  B:\n    plans: [BLUE]\n    secondary: BILLED-LESS-PAID\n"
        "    reprice: yes\n",
        encoding="utf-8",
    )
    words = ("--order", "as-given", "--profiles", profiles)

    told = whopays("cob", "settle", account, *words)
    repriced = whopays("cob", "reprice", account, *words, "-o", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))

    assert "BILLED-LESS-PAID" in told.out
    assert "$400.00" in told.out
    assert repriced.code == 0
    assert [each["name"] for each in manifest["profiles"]] == ["p.yaml"]


def test_an_unknown_method_stops_a_run_before_any_account_is_read(
    tmp_path: Path, whopays: Command
) -> None:
    profiles = tmp_path / "p.yaml"
    profiles.write_text("profiles:\n  B:\n    secondary: BILED-LESS-PAID\n")

    ran = whopays(
        "cob", "reprice", "no-such.json", "--profiles", profiles, "-o", tmp_path / "out"
    )

    assert ran.code == 1
    assert "did you mean `BILLED-LESS-PAID`?" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_method_for_all_and_profiles_exclude_each_other(
    tmp_path: Path, whopays: Command
) -> None:
    ran = whopays(
        *("cob", "settle", "a.json", "--method", "MANUAL"),
        *("--profiles", tmp_path / "p.yaml"),
    )

    assert ran.code == 2
    assert "give one of the two" in ran.err


def test_check_shows_the_profiles_and_methods_lists_what_they_may_name(
    whopays: Command,
) -> None:
    checked = whopays("cob", "profiles", "check", shipped_profiles())
    methods = whopays("cob", "profiles", "methods")

    assert "5 profiles, and nothing is wrong" in checked.out
    assert all(name in methods.out for name in positions_of(methods_of()))
