"""The bulk update: which profiles, what they say afterwards, and what it does to dollars."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import Command
from office import document, first
from whopays.api.bulk import effect_on, planned
from whopays.api.profiles import Profiles
from whopays.api.reports import office_of_file
from whopays.diagnostics import Source
from whopays.office import Facility, Profile, parse_profiles
from whopays.office.bulk import BulkError, Settings, bulk, where
from whopays.office.profile_edit import edited

BLUE = Profile("BLUE-PPO", "Blue PPO", "Blue Shield", ("BLUE", "BLUE-PPO"))
RED = Profile("RED-HMO", payer="Red", plans=("RED-HMO",), reprice="yes")
POSITIONS = {
    "BILLED-LESS-PAID": ("secondary", "tertiary"),
    "CAPPED": ("secondary",),
}


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("payer=Blue Shield", ["BLUE-PPO"]),
        ("payer = blue*", ["BLUE-PPO"]),
        ("payer=*SHIELD", ["BLUE-PPO"]),
        ("payer=b*s*d", ["BLUE-PPO"]),
        ("payer=*", ["BLUE-PPO", "RED-HMO"]),
        ("payer=Blue", []),
        ("payer=*x*", []),
        ("payer!=Red", ["BLUE-PPO"]),
        ("id=RED*", ["RED-HMO"]),
        ("plans=BLUE", ["BLUE-PPO"]),
        ("plan=blue-*", ["BLUE-PPO"]),
        ("reprice=none", ["BLUE-PPO"]),
        ("language category=none", ["BLUE-PPO", "RED-HMO"]),
        ("title=none", ["RED-HMO"]),
        ("effective!=none", []),
    ],
)
def test_profiles_are_chosen_by_what_they_say(condition: str, meant: list[str]) -> None:
    chosen = where(condition)

    assert [each.id for each in (BLUE, RED) if chosen.holds(each)] == meant


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("payr=Blue", "did you mean payer?"),
        ("payer", "write one such as payer=Blue*"),
        ("payer=", "`payer=none` is none"),
        ("=Blue", "is no condition"),
        ("x=1", "there are id, title"),
    ],
)
def test_a_condition_that_makes_no_sense_is_told(condition: str, said: str) -> None:
    with pytest.raises(BulkError) as caught:
        where(condition)

    assert said in str(caught.value)


def test_all_conditions_must_hold_and_only_what_changes_is_changed() -> None:
    conditions = [where("payer=*"), where("reprice!=no")]

    found = bulk((BLUE, RED), conditions, Settings("CAPPED", reprice="yes"))

    assert found.meant == 2
    assert [each.lines for each in found.changed] == [
        ("secondary: none → CAPPED", "reprice: none → yes"),
        ("secondary: none → CAPPED",),
    ]
    assert [each.secondary for each in found.after] == ["CAPPED", "CAPPED"]
    assert bulk(found.after, conditions, Settings("CAPPED")).changed == ()


def test_a_method_is_taken_away_by_none() -> None:
    found = bulk((Profile("B", secondary="CAPPED"),), [], Settings("none"))

    assert found.after[0].secondary is None


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Settings("CAPED"), "did you mean CAPPED?"),
        (Settings("QQQQ"), "whopays cob profiles methods"),
        (Settings(tertiary="CAPPED"), "for secondary plans, not for tertiary ones"),
    ],
)
def test_methods_are_looked_up_first(wanted: Settings, said: str) -> None:
    with pytest.raises(BulkError) as caught:
        wanted.must_be_known(POSITIONS)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("facility", "wanted", "said"),
    [
        (Facility("H", fully_enabled=True), Settings("MANUAL"), "check out, edit"),
        (Facility("H"), Settings(tertiary="MANUAL"), "fully enabled"),
    ],
)
def test_the_switch_refuses_it(facility: Facility, wanted: Settings, said: str) -> None:
    with pytest.raises(BulkError) as caught:
        planned(Profiles((BLUE,), facility), [where("payer=*")], wanted, POSITIONS)

    assert said in str(caught.value)


def test_before_the_switch_it_is_allowed() -> None:
    found = planned(
        Profiles((BLUE,), Facility("H")),
        [where("payer=*")],
        Settings("CAPPED"),
        POSITIONS,
    )

    assert found.after.profiles[0].secondary == "CAPPED"
    assert found.before.profiles == (BLUE,)


# Files are changed in place

BODIES = st.sampled_from(
    [
        "    title: One # mine\n    reprice: no\n",
        "    payer: 'A, B'\n    plans:\n      - X{n}\n      - Y{n}\n",
        "    plans: [X{n},\n      Y{n}] # two\n    # the end\n",
        "    title: >\n      long\n      title\n",
        "    title: |\n      long\n",
        '    secondary:   CAPPED   # as agreed\n\n    language_category: "none"\n',
        "    reprice: 'yes'\n    tertiary: None\n",
        "    language_category: Favorable\n",
    ]
)
FLOWS = st.sampled_from(["{{}}", "{{title: T}}", "{{plans: [X{n}], reprice: no }}"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a profile file as somebody may have written it."""
    text = draw(st.sampled_from(["profiles:\n", "# ours\nprofiles: # all\n"]))
    for number in range(draw(st.integers(1, 4))):
        text += draw(st.sampled_from(["", "\n", "  # a comment\n"]))
        if draw(st.booleans()):
            text += f"  P{number}:\n" + draw(BODIES).replace("{n}", str(number))
        else:
            flow = draw(FLOWS).format(n=number)
            text += f"  P{number}: {flow}\n"
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


WANTED = st.builds(
    Settings,
    st.sampled_from([None, "none", "CAPPED", "BILLED-LESS-PAID"]),
    st.sampled_from([None, "none", "BILLED-LESS-PAID"]),
    st.sampled_from([None, "favorable", "unfavorable", "none"]),
    st.sampled_from([None, "yes", "no", "none"]),
)


def _read(text: str) -> tuple[Profile, ...]:
    return parse_profiles(Source("p.yaml", text), POSITIONS)


@given(files(), WANTED, st.sampled_from(["id=*", "id=P0", "reprice=no"]))
def test_a_file_changed_in_place_says_what_is_wanted_and_keeps_the_rest(
    text: str, wanted: Settings, condition: str
) -> None:
    found = bulk(_read(text), [where(condition)], wanted)

    new = edited(text, {each.before.id: each.settings for each in found.changed})

    assert _read(new) == found.after
    kept = [line for line in text.splitlines() if "#" in line]
    assert [c.split("#")[1] for c in kept] == [
        line.split("#")[1] for line in new.splitlines() if "#" in line
    ]
    assert ("\r\n" in new) == ("\r\n" in text)
    if not found.changed:
        assert new == text


# The command

PROFILES = """\
# ours
profiles:
  BLUE:
    payer: Blue Shield # the large one
    secondary: BILLED-LESS-PAID
    language_category: favorable
    reprice: yes
  RED:
    payer: Red
"""
ACCOUNTS = [
    document("A-1", first(), "BLUE"),
    document("A-2", first(), "RED"),
    document("A-3", first("800.00"), "RED"),
    document("A-4", first(), "GREEN"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(PROFILES, encoding="utf-8")
    accounts = "\n".join(map(json.dumps, ACCOUNTS))
    (tmp_path / "a.jsonl").write_text(accounts, encoding="utf-8")
    return tmp_path


def _set(whopays: Command, place: Path, *words: str) -> tuple[int, str]:
    accounts = ("--accounts", place / "a.jsonl", "--order", "as-given")
    told = whopays(
        *("cob", "profiles", "set", "--profiles", place / "p.yaml"), *accounts, *words
    )
    return told.code, " ".join((told.out + told.err).replace("│", " ").split())


LOAD = ("--method", "BILLED-LESS-PAID", "--language-category", "unfavorable")


def test_a_dry_run_shows_profiles_and_dollars_and_changes_nothing(
    whopays: Command, place: Path
) -> None:
    code, said = _set(
        *(whopays, place, *LOAD, "--reprice", "yes"),
        *("--where", "id=RED", "--dry-run"),
    )

    assert code == 0
    assert "RED secondary: none → BILLED-LESS-PAID" in said
    assert "1 of 2 profiles change" in said
    assert "unfavorable 0 2 $600.00 $600.00" in said
    assert "exception 3 1" in said
    assert "A-3 RED, secondary exception → unfavorable $200.00 $200.00" in said
    assert "dry run" in said
    assert (place / "p.yaml").read_text("utf-8") == PROFILES


def test_what_is_set_stands_in_the_file_with_its_comments(
    whopays: Command, place: Path
) -> None:
    code, said = _set(whopays, place, "--where", "payer=Blue*", "--method", "MANUAL")

    assert (code, "written to" in said) == (0, True)
    expected = PROFILES.replace("BILLED-LESS-PAID", "MANUAL")
    assert (place / "p.yaml").read_text("utf-8") == expected


def test_a_mark_at_the_beginning_of_a_file_is_kept(
    whopays: Command, place: Path
) -> None:
    (place / "p.yaml").write_bytes(b"\xef\xbb\xbf" + PROFILES.encode())

    _set(whopays, place, "--all", "--reprice", "no")

    raw = (place / "p.yaml").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# ours")
    assert raw.count(b"reprice: no") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reprice", "yes"), "Say which profiles"),
        (("--reprice", "yes", "--all", "--where", "id=RED"), "Say which profiles"),
        (("--all",), "Say what to change"),
        (("--all", "--method", "BILED-LESS-PAID"), "did you mean BILLED-LESS-PAID?"),
        (("--where", "payr=Red", "--reprice", "no"), "did you mean payer?"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    whopays: Command, place: Path, words: tuple[str, ...], said: str
) -> None:
    code, told = _set(whopays, place, *words)

    assert code == 2
    assert said in told
    assert (place / "p.yaml").read_text("utf-8") == PROFILES


def test_the_dollars_of_the_accounts_that_move_are_what_the_reports_differ_by(
    place: Path,
) -> None:
    office = office_of_file(place / "p.yaml", order="as-given")
    wanted = Settings("BILLED-LESS-PAID", None, "favorable", "yes")
    found = planned(office.profiles, [where("id=RED")], wanted, office.positions())

    effect = effect_on([place / "a.jsonl"], found, office)

    was, now = effect.before.reports.totals, effect.after.reports.totals
    moved = sum(
        (m.after.expected or 0) - (m.before.expected or 0) for m in effect.moved
    )
    differ = sum((now[name].cents or 0) - (was[name].cents or 0) for name in was)
    assert moved == differ == 60_000
    assert {m.after.account for m in effect.moved} == {"A-2", "A-3"}
