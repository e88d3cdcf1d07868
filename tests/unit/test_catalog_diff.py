"""`catalog diff`: which codes moved, appeared, vanished, and which rows that touches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Command
from small_catalogs import CATALOG, CONTRACT, catalog_file, contract_folder
from whopays.analyse.catalogs.moves import Diff, diff
from whopays.analyse.catalogs.spans import Stretch
from whopays.analyse.catalogs.touched import TouchedContract, touched
from whopays.api.catalogs import find_catalog, find_contract


def changed(*changes: tuple[str, str]) -> str:
    text = CATALOG.replace("version 1.0", "version 2.0")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def compared(folder: Path, *changes: tuple[str, str]) -> Diff:
    old = catalog_file(folder, name="old.rules")
    new = catalog_file(folder, changed(*changes), name="new.rules")
    return diff(find_catalog(str(old)), find_catalog(str(new)))


def moves(found: Diff) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (each.kind, f"{each.system} {', '.join(each.codes)}", each.left, each.joined)
        for each in found.moves
    ]


def touches(folder: Path, found: Diff, contract: str = CONTRACT) -> TouchedContract:
    rules = contract_folder(folder, contract=contract)
    chosen = find_contract(rules, None)
    assert chosen is not None
    return touched(found, chosen)


def test_a_new_version_alone_is_no_difference(tmp_path: Path) -> None:
    assert compared(tmp_path).is_empty


def test_codes_appear_vanish_and_move_by_ranges(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        ("codes CPT 99281-99285", "codes CPT 99281-99284, 99288"),
        (
            'codes CPT 70450\n  when network is inside\nend\n\ncategory "Scans, two"',
            'codes CPT 70460\n  when network is inside\nend\n\ncategory "Scans, two"',
        ),
        ("codes CPT 90785-90899", "codes CPT 90785-90832, 90834-90899"),
    )

    assert sorted(moves(found)) == [
        ("appeared", "CPT 70460", (), ("Scans, one",)),
        ("appeared", "CPT 99288", (), ("Emergency room",)),
        ("moved", "CPT 70450", ("Scans, one",), ()),
        ("vanished", "CPT 90833", ("Mental health",), ()),
        ("vanished", "CPT 99285", ("Emergency room",), ()),
    ]


def test_codes_with_one_fate_stand_together(tmp_path: Path) -> None:
    found = compared(
        tmp_path, ("codes REV 0450-0459", "codes REV 0451, 0453-0455, 0981")
    )

    assert moves(found) == [
        ("vanished", "REV 0450, 0452, 0456-0459", ("Emergency room",), ()),
        ("appeared", "REV 0981", (), ("Emergency room",)),
    ]


def test_a_service_that_keeps_its_old_name_beside_is_renamed(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        (
            'category "Emergency room"',
            'category "Emergency care"\n  also called "Emergency room"',
        ),
    )

    assert found.renamed == {"Emergency room": "Emergency care"}
    assert (found.moves, found.added, found.gone) == ((), (), ())
    (row,) = touches(tmp_path, found).rows
    assert row.otherwise == ('the service was called "Emergency room"',)


def test_a_service_that_is_gone_is_told_with_its_row(tmp_path: Path) -> None:
    found = compared(
        tmp_path, ('category "Emergency room"', 'category "Something else"')
    )

    assert (found.added, found.gone) == (("Something else",), ("Emergency room",))
    (row,) = touches(tmp_path, found).rows
    assert row.row == 'A "Emergency room"'
    assert row.otherwise == ("the service is gone",)
    assert [each.kind for each in row.loses] == ["moved", "moved"]


def test_a_finer_service_touches_no_row_that_it_inherits(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        (
            'category "Telehealth"',
            (
                'category "Short visits"\n  under "Visits"\n  codes CPT 99201-99202\nend\n\n'
                'category "Telehealth"'
            ),
        ),
    )

    assert found.moves
    assert touches(tmp_path, found).rows == ()


def test_a_code_that_leaves_for_a_row_of_another_service_touches_both(
    tmp_path: Path,
) -> None:
    found = compared(
        tmp_path,
        ("codes CPT 99201-99215\nend", "codes CPT 99202-99215\nend"),
        ("codes CPT 99281-99285", "codes CPT 99201, 99281-99285"),
    )
    rows = {each.row: each for each in touches(tmp_path, found).rows}

    assert [m.codes for m in rows['A "Visits"'].loses] == [("99201",)]
    assert [m.codes for m in rows['A "Emergency room"'].gains] == [("99201",)]


def test_conditions_trees_and_ranks_touch_rows_too(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        ("when age >= 65", "when age >= 67"),
        ('under "Visits"', 'under "Emergency room"'),
        ('rank "Telehealth" before "Visits"\n', ""),
    )
    rows = {each.row: each.otherwise for each in touches(tmp_path, found).rows}

    assert [(each.category, each.what) for each in found.changed] == [
        ("Long visits", "condition"),
        ("Long visits", "under"),
    ]
    assert found.unranked == (("Telehealth", "Visits"),)
    assert 'the condition of "Long visits" is another' in rows['A "Visits"']
    assert (
        'gets the lines of "Long visits", which is under another'
        in rows['A "Emergency room"']
    )
    assert '"Telehealth" and "Visits" are ranked otherwise' in rows['A "Visits"']


def test_a_contract_on_another_catalog_is_told_so(tmp_path: Path) -> None:
    found = compared(tmp_path, ("codes CPT 99281-99285", "codes CPT 99281-99284"))
    other = find_contract(None, "RIVERBEND")
    assert other is not None

    assert touched(found, other).is_on_it is False


@pytest.mark.parametrize(
    ("system", "start", "end", "pieces"),
    [
        ("CPT", ("99213", 0), ("99215", 1), ["99213-99215"]),
        ("CPT", ("99213", 1), ("99215", 0), ["99214"]),
        ("CPT", ("99213", 1), ("99214", 0), []),
        ("CPT", ("0016T", 1), ("0019T", 0), ["0017T-0018T"]),
        ("HCPCS", ("A9999", 1), ("B0002", 0), ["B0000-B0001"]),
        ("REV", ("0000", 0), ("0000", 1), ["0000"]),
        ("ICD10CM", ("F01", 0), ("F99~", 1), ["F01-F99"]),
        ("ICD10CM", ("F32~", 1), ("F33", 0), []),
        ("ICD10CM", ("F32~", 1), ("F35", 0), ["F33-F34"]),
        ("ICD10CM", ("F320~", 1), ("F325", 0), ["F32.1-F32.4"]),
        ("ICD10CM", ("F20", 0), ("F320", 0), ["F20-F31", "F32 itself"]),
        ("ICD10CM", ("F32", 0), ("F320", 0), ["F32 itself"]),
        ("ICD10CM", ("F9Z~", 1), ("G01", 0), ["G-G00"]),
        ("TOB", ("011~", 1), ("013", 0), ["012x"]),
    ],
)
def test_a_stretch_between_two_ends_is_written_as_ranges(
    system: str, start: tuple[str, int], end: tuple[str, int], pieces: list[str]
) -> None:
    assert list(Stretch(system, start, end).pieces()) == pieces


def test_the_command_compares_and_names_rows(whopays: Command, tmp_path: Path) -> None:
    old = catalog_file(tmp_path, name="old.rules")
    new = catalog_file(
        tmp_path,
        changed(("codes CPT 99281-99285", "codes CPT 99281-99284")),
        name="new.rules",
    )
    rules = contract_folder(tmp_path)
    words = ("catalog", "diff", old, new, "--rules", rules)
    text, data = whopays(*words), whopays(*words, "--format", "json")

    assert (text.code, data.code) == (1, 1)
    assert 'CPT 99285: from "Emergency room"' in text.out
    assert 'A "Emergency room" (k.rules:17:3)' in text.out
    record = json.loads(data.out)
    (move,) = record["codes"]
    assert (move["kind"], move["ranges"]) == ("vanished", ["99285"])
    assert record["contracts"][0]["rows"][0]["loses"] == [
        {key: move[key] for key in ("kind", "system", "ranges", "before", "after")}
    ]
    assert whopays("catalog", "diff", old, old, "--rules", rules).code == 0


def test_codes_of_a_list_are_counted_and_the_rest_is_left_out(
    whopays: Command, tmp_path: Path
) -> None:
    old = catalog_file(tmp_path, name="old.rules")
    new = catalog_file(
        tmp_path,
        changed(
            ("codes CPT 99281-99285", "codes CPT 99281-99283"),
            ("codes REV 0450-0459", "codes REV 0450-0451"),
        ),
        name="new.rules",
    )
    codes = tmp_path / "codes.csv"
    codes.write_text("code\n99284\n99284\n99285\n99213\n", encoding="utf-8")
    words = ("catalog", "diff", old, new, "--rules", contract_folder(tmp_path))
    run = whopays(*words, "--codes", codes)

    assert "2 of the list: 99284, 99285" in run.out
    assert "REV 0452" not in run.out
    assert "loses CPT 99284-99285" in run.out
    codes.write_text("code\n99284\nnothing!\n", encoding="utf-8")
    assert whopays(*words, "--codes", codes).code == 3


def test_contracts_that_ship_are_looked_at_where_none_is_named(
    whopays: Command,
) -> None:
    run = whopays("catalog", "diff", "2026", "2026", "--format", "json")

    assert run.code == 0
    names = [each["contract"] for each in json.loads(run.out)["contracts"]]
    assert "RIVERBEND" in names


def test_the_draft_of_the_coming_year_that_ships_is_found_by_its_folder(
    whopays: Command,
) -> None:
    run = whopays("catalog", "diff", "2026", "2027-draft")

    assert run.code == 1
    assert "HCPCS G2012" in run.out
    assert 'A "Telephone and online visits"' in run.out
