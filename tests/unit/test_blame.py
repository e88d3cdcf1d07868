"""`blame`: which text says what about a category or a clause, and instead of what."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from command_line import Command
from small_rules import CATALOG, GRID, rules, written_rules
from whopays.analyse.texts.blame import History
from whopays.analyse.texts.blamed import says
from whopays.analyse.texts.earlier import Said
from whopays.api import RulesFolderError
from whopays.api.blame import blame

EXCEPTION = 'exception E-1 to A "Rooms"\n  when age > 64\n  then PLAN\nend\n'
CARE = 'category "Intensive care"\n  under "Rooms"\n  codes REV 0120\nend\n'


WITHDRAWN = (
    "    withdrawn by amendment 1, in force 2026-01-01 onward, signed 2026-02-03, "
    "not known before"
)


def amendment(
    number: int,
    *changes: str,
    in_force: str = "2026-01-01 onward",
    signed: str = "2025-12-01",
) -> str:
    lines = [f"  signed {signed}", f"  in force {in_force}"]
    lines += [f"  {change}" for change in changes]
    return "\n".join([f"amendment {number} to K version 1", *lines, "end"])


def told(history: History) -> list[tuple[str, list[str]]]:
    """Return each period, and the chain of each clause in it, in short."""
    return [
        (
            str(stretch.period),
            [
                " < ".join(map(_said, standing.chain))
                for standing in (*stretch.standing, *stretch.gone)
            ],
        )
        for stretch in history.stretches
    ]


def _said(said: Said) -> str:
    gone = f" (gone by {said.withdrawn_by})" if said.withdrawn_by else ""
    return f"{said.number}: {says(said.clause)}{gone}"


def of(folder: Path, subject: str, *more: str, known_on: date | None = None) -> History:
    return blame(written_rules(folder, rules(*more)), subject, known_on=known_on)


def test_a_row_is_told_with_all_that_it_stands_instead_of(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "Rooms",
        amendment(1, 'replace A "Rooms" with IPA', in_force="2025-03-01 onward"),
        amendment(
            2, 'replace A "Rooms" with PLAN', in_force="2026-01-01 to 2026-06-30"
        ),
    )

    assert told(found) == [
        ("2025-01-01 to 2025-02-28", ["0: PLAN 1/3, IPA 2/3"]),
        ("2025-03-01 to 2025-12-31", ["1: IPA 100% < 0: PLAN 1/3, IPA 2/3"]),
        (
            "2026-01-01 to 2026-06-30",
            ["2: PLAN 100% < 1: IPA 100% < 0: PLAN 1/3, IPA 2/3"],
        ),
        ("2026-07-01 onward", ["1: IPA 100% < 0: PLAN 1/3, IPA 2/3"]),
    ]


def test_what_changes_other_categories_makes_no_period(tmp_path: Path) -> None:
    change = 'replace A "Visits" when area is inside with PLAN'

    assert len(of(tmp_path, "Rooms", amendment(1, change)).stretches) == 1
    assert len(of(tmp_path, "Visits", amendment(1, change)).stretches) == 2


def test_a_withdrawn_clause_is_told_as_long_as_it_is_gone(tmp_path: Path) -> None:
    gone = amendment(1, "withdraw E-1", in_force="2026-01-01 to 2026-03-31")

    found = of(tmp_path, "Rooms", EXCEPTION, gone)

    assert [each[1][1:] for each in told(found)] == [
        ["0: PLAN 100%"],
        ["0: PLAN 100% (gone by 1)"],
        ["0: PLAN 100%"],
    ]


def test_a_row_that_was_withdrawn_and_added_again_knows_both(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "Rooms",
        amendment(1, 'withdraw A "Rooms"', in_force="2026-01-01 onward"),
        amendment(2, 'add to A "Rooms" with IPA', in_force="2026-07-01 onward"),
    )

    rows = [each[1] for each in told(found)]
    assert rows[1] == ["0: unlisted", "0: PLAN 1/3, IPA 2/3 (gone by 1)"]
    assert rows[2] == ["2: IPA 100% < 0: PLAN 1/3, IPA 2/3 (gone by 1)"]


def test_an_exception_that_became_a_treat_is_one_story(tmp_path: Path) -> None:
    treat = 'treat E-1 "Rooms" as "Visits"\n  when age > 70\nend\n'

    found = of(tmp_path, "E-1", EXCEPTION, amendment(1), treat)

    assert told(found) == [
        ("2025-01-01 to 2025-12-31", ["0: PLAN 100%"]),
        ("2026-01-01 onward", ['1: "Rooms" as "Visits" < 0: PLAN 100%']),
    ]


def test_a_whole_grid_that_replaces_another_is_told_row_by_row(tmp_path: Path) -> None:
    grid = GRID.replace("| 1/3  | 2/3 |", "|  x   |     |")

    found = of(tmp_path, "Rooms", amendment(1), grid)

    assert told(found)[1][1] == ["1: PLAN 100% < 0: PLAN 1/3, IPA 2/3"]


def test_a_category_without_a_row_is_told_whose_row_it_has(tmp_path: Path) -> None:
    catalog = f"{CATALOG}{CARE}"
    folder = written_rules(tmp_path, rules(EXCEPTION, catalog=catalog))

    (stretch,) = blame(folder, "Intensive care").stretches

    assert [(each.role, each.clause.id) for each in stretch.standing] == [
        ("Intensive care has no row of its own here", 'A "Rooms"'),
        ("exception", "E-1"),
    ]


def test_treats_are_told_on_both_sides(tmp_path: Path) -> None:
    treat = 'treat T-1 "Rooms" as "Visits"\n  when age > 70\nend\n'

    (rooms,) = of(tmp_path, "Rooms", treat).stretches
    (visits,) = of(tmp_path, "Visits", treat).stretches

    assert [(each.role, each.clause.id) for each in rooms.standing] == [
        ("", 'A "Rooms"'),
        ("where a treat moves its lines", 'A "Visits" when area is inside'),
        ("where a treat moves its lines", 'A "Visits" when area is outside'),
        ("where no row answers", "A otherwise"),
        ("moves its lines", "T-1"),
    ]
    assert ("moves lines here", "T-1") in [
        (each.role, each.clause.id) for each in visits.standing
    ]


def test_otherwise_is_told_where_rows_leave_room(tmp_path: Path) -> None:
    (visits,) = of(tmp_path, "Visits").stretches
    (rooms,) = of(tmp_path, "Rooms").stretches

    assert visits.standing[-1].role == "where no row answers"
    assert len(rooms.standing) == 1


@pytest.mark.parametrize("subject", ["A otherwise", "a OTHERWISE", "A"])
def test_the_otherwise_of_a_grid_can_be_asked_about(
    subject: str, tmp_path: Path
) -> None:
    change = amendment(1, "replace A otherwise with PLAN")

    assert told(of(tmp_path, subject, change))[1][1] == ["1: PLAN 100% < 0: unlisted"]


def test_limits_and_routes_can_be_asked_about(tmp_path: Path) -> None:
    limit = (
        'limit {id} "Stop loss"\n  applies to shares of IPA\n  counts allowed\n'
        "  per claim\n  first IPA up to ${amount}.00\n  then PLAN\nend\n"
    )
    more = (
        limit.format(id="SL-1", amount="100"),
        amendment(1),
        limit.format(id="SL-1", amount="200"),
    )

    assert told(of(tmp_path, "SL-1", *more))[1][1] == ["1: Stop loss < 0: Stop loss"]


def test_the_names_of_a_party_can_be_asked_about(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "IPA",
        amendment(1, 'rename party IPA "First"', in_force="2026-01-01 to 2026-06-30"),
        amendment(2, 'rename party IPA "Second"', in_force="2026-04-01 onward"),
    )

    assert told(found) == [
        ("2025-01-01 to 2025-12-31", ['0: "The group"']),
        ("2026-01-01 to 2026-03-31", ['1: "First" < 0: "The group"']),
        ("2026-04-01 to 2026-06-30", ['2: "Second" < 1: "First" < 0: "The group"']),
        ("2026-07-01 onward", ['2: "Second" < 0: "The group"']),
    ]


def test_what_was_not_known_is_left_out_and_named(tmp_path: Path) -> None:
    change = amendment(1, 'replace A "Rooms" with IPA', signed="2026-05-01")

    found = of(tmp_path, "Rooms", change, known_on=date(2026, 4, 30))

    assert told(found) == [("2025-01-01 onward", ["0: PLAN 1/3, IPA 2/3"])]
    assert [each.number for each in found.unknown] == [1]


def test_names_are_found_by_synonym_and_mistakes_are_told(tmp_path: Path) -> None:
    catalog = CATALOG.replace(
        'category "Rooms"\n', 'category "Rooms"\n  also called "Room and board"\n'
    )
    folder = written_rules(tmp_path, rules(catalog=catalog))

    assert blame(folder, "room and  board").subject == "Rooms"
    with pytest.raises(RulesFolderError, match="did you mean `Rooms`"):
        blame(folder, "Roms")
    with pytest.raises(RulesFolderError, match="did you mean `Rooms`"):
        blame(folder, "Room and bord")


# The command


def test_the_story_is_told_in_words(whopays: Command, tmp_path: Path) -> None:
    folder = written_rules(
        tmp_path,
        rules(
            EXCEPTION,
            amendment(
                1,
                'replace A "Rooms" with IPA cites "Amendment 1, §1"',
                "withdraw E-1",
                signed="2026-02-03",
            ),
        ),
    )

    told_ = whopays("blame", folder, "Rooms")

    assert told_.code == 0
    assert told_.out.splitlines() == [
        "K 1: Rooms",
        "",
        "from 2025-01-01 to 2025-12-31",
        '  A "Rooms" → PLAN 1/3, IPA 2/3',
        "    contract K 1, in force 2025-01-01 onward, signed 2024-12-01",
        "    small.rules:48",
        "  exception E-1 → PLAN 100%",
        "    when age > 64",
        "    contract K 1, in force 2025-01-01 onward, signed 2024-12-01",
        "    small.rules:52",
        "",
        "from 2026-01-01 onward",
        '  A "Rooms" → IPA 100%',
        "    amendment 1, in force 2026-01-01 onward, signed 2026-02-03, not known before",
        '    small.rules:60, cites "Amendment 1, §1"',
        '    instead of A "Rooms" → PLAN 1/3, IPA 2/3',
        "      contract K 1, in force 2025-01-01 onward, signed 2024-12-01",
        "      small.rules:48",
        "  withdrawn: exception E-1 → PLAN 100%",
        WITHDRAWN,
        "      small.rules:61",
        "    when age > 64",
        "    contract K 1, in force 2025-01-01 onward, signed 2024-12-01",
        "    small.rules:52",
    ]


def test_a_name_without_quotes_is_the_same_name(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules(catalog=f"{CATALOG}{CARE}"))

    told_ = whopays("blame", folder, "intensive", "care")

    assert (told_.code, told_.out.splitlines()[0]) == (0, "K 1: Intensive care")


def test_what_stays_is_told_once(whopays: Command, tmp_path: Path) -> None:
    folder = written_rules(tmp_path, rules(EXCEPTION, amendment(1, "withdraw E-1")))

    assert '  A "Rooms" → PLAN 1/3, IPA 2/3, as before\n' in (
        whopays("blame", folder, "Rooms").out
    )


def test_the_story_as_json(whopays: Command, tmp_path: Path) -> None:
    folder = written_rules(
        tmp_path, rules(amendment(1, 'replace A "Rooms" with IPA', signed="2026-02-03"))
    )

    found = json.loads(whopays("blame", folder, "Rooms", "--format", "json").out)

    assert (found["contract"], found["asked"], found["not_known_yet"]) == (
        "K",
        "Rooms",
        [],
    )
    last = found["periods"][-1]
    assert (last["first"], last["last"]) == ("2026-01-01", None)
    (row,) = last["clauses"]
    assert row["says"] == "IPA 100%"
    assert row["document"] == {
        "name": "amendment 1",
        "amendment": 1,
        "signed": "2026-02-03",
        "in_force": [{"first": "2026-01-01", "last": None}],
    }
    assert [each["says"] for each in row["instead_of"]] == ["PLAN 1/3, IPA 2/3"]
    assert row["place"].startswith("small.rules:")


def test_days_before_the_signing_have_no_story(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules())

    told_ = whopays("blame", folder, "Rooms", "--known-on", "2024-11-30")

    assert told_.out.splitlines()[-1] == (
        "not known on 2024-11-30: contract K, signed 2024-12-01"
    )


def test_a_contract_in_place_of_its_rules_is_told_what_to_write(
    whopays: Command,
) -> None:
    told_ = whopays("blame", "SUN-VAL", "Rooms")
    assert told_.code == 2
    assert 'RULES "Rooms" --contract SUN-VAL' in told_.err

    told_ = whopays("consolidate", "sun-val", "--as-of", "2026-07-15")
    assert told_.code == 2
    assert "RULES --contract sun-val --as-of 2026-07-15" in told_.err


def test_consolidate_prints_or_writes(whopays: Command, tmp_path: Path) -> None:
    folder = written_rules(tmp_path, rules(amendment(1, 'rename party IPA "New"')))
    words = ("consolidate", folder, "--as-of", "2026-07-15")

    printed = whopays(*words)
    written = whopays(*words, "-o", tmp_path / "out.rules")

    assert (printed.code, printed.err) == (0, "")
    assert printed.out == (tmp_path / "out.rules").read_text(encoding="utf-8")
    assert written.out == f"written to {tmp_path / 'out.rules'}\n"
    assert whopays("check", tmp_path / "out.rules").code == 0


def test_a_consolidated_text_is_laid_out_as_all_rule_files_are(
    whopays: Command, root: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.rules"
    folder = root / "rulesets" / "contracts" / "sunrise-valley"

    whopays("consolidate", folder, "--as-of", "2026-07-15", "-o", out)

    assert whopays("fmt", "--check", out).code == 0


def test_a_consolidated_text_does_not_go_among_those_that_made_it(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules())
    words = ("consolidate", folder, "--as-of", "2026-07-15", "-o")

    assert whopays(*words, folder / "small.rules").code == 2
    told_ = whopays(*words, folder / "out.rules")
    assert (told_.code, "move it elsewhere" in told_.err) == (0, True)
