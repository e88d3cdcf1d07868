"""A text is read on as if its exact fixes had been made, and places stay those typed."""

from __future__ import annotations

import pytest

from whopays.diagnostics import Diagnostic, fixes, rewritten
from whopays.syntax import nodes, parse


def test_a_wrong_quote_in_a_head_hides_nothing_below_it() -> None:
    file, found = parse(
        "a.rules",
        "edition 1\nresponsibility A “Exhibit A”\n  | category | when | PLAN |\n"
        "  | Visits   | age => 3 | x |\nend\n",
    )

    assert _told(found) == [("P001", "“Exhibit A”"), ("P001", "=")]
    (grid,) = file.blocks
    assert isinstance(grid, nodes.GridBlock)
    assert (grid.title.text, grid.title.span.text) == ("Exhibit A", "“Exhibit A”")
    assert grid.rows[0].when is not None
    assert grid.rows[0].when.span.text == "age => 3"


def test_a_misspelt_head_is_read_as_the_block_that_was_meant() -> None:
    file, found = parse("a.rules", "edition 1\ndefin far\n  when age > 3\nend\n")

    assert _told(found) == [("P004", "defin")]
    assert isinstance(file.blocks[0], nodes.DefineBlock)


def test_the_same_character_at_many_places_is_one_mistake() -> None:
    lines = "".join(f"  codes CPT 9920{n}\u20139921{n}\n" for n in range(8))
    _, found = parse("a.rules", f'edition 1\ncategory "V"\n{lines}end\n')

    (one,) = found
    assert len(one.labels) == 5
    assert one.notes == ("and at 3 more places",)
    assert len(one.fix) == 8


def test_two_kinds_of_characters_in_a_line_are_two_mistakes() -> None:
    _, found = parse(
        "a.rules", "edition 1\ncategory “V”\n  codes CPT 99202\u201399215\nend\n"
    )

    assert _told(found) == [("P001", "“V”"), ("P001", "\u2013")]


@pytest.mark.parametrize(
    "line",
    [
        'cites "§4.2 \u2013 “the Plan\u2019s” share, ½ of it…"',
        'cites "the Plan\'s" # \u2013 • ½ “so”',
        'when age >= 3 # January 4, 2026, 50 percent and "',
    ],
)
def test_texts_and_comments_may_have_any_visible_character(line: str) -> None:
    _, found = parse(
        "a.rules", f"edition 1\nexception A-1 to A\n  {line}\n  then PLAN\nend\n"
    )

    assert found == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("in force March 4, 2026 onward", "in force 2026-03-04 onward"),
        ("in force 4 Mar 2026 \u2013 5 Apr 2026", "in force 2026-03-04 to 2026-04-05"),
        ("• signed 2026-03-04", "signed 2026-03-04"),
        ("2. signed 2026-03-04", "signed 2026-03-04"),
        ("signed\u2003\uff12\uff10\uff12\uff16-03-04", "signed 2026-03-04"),
        ("products HMO\uff1bMA", "products HMO,MA"),
        ("products HMO,\n    MA", "products HMO, MA"),
        ("party P 'Plan'", 'party P "Plan"'),
        ("party P „Plan“", 'party P "Plan"'),
        ('party P "Plan”', 'party P "Plan"'),
        ('party\u00ad P "Plan"', 'party P "Plan"'),
        ('\u0440arty P "Plan"', 'party P "Plan"'),
    ],
)
def test_what_is_pasted_gets_what_is_meant(typed: str, meant: str) -> None:
    assert _mended(f'contract K "K"\n  {typed}\nend\n') == (
        f'contract K "K"\n  {meant}\nend\n'
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("age is greater than or equal to 65", "age >= 65"),
        ("age between 21 and 64", "age >= 21 and age <= 64"),
        ("65 <= age", "age >= 65"),
        ("age 65+", "age >= 65"),
        ("area != inside", "area is not inside"),
        ("not area is inside", "area is not inside"),
        ("area in [inside, outside]", "area in inside, outside"),
        ("codes_here contains REV 0450 to 0459", "codes_here include REV 0450-0459"),
        ("day within 60 days of other_day", "day <= 60 days after other_day"),
        ("allowed > 250 dollars", "allowed > $250.00"),
    ],
)
def test_other_wordings_of_a_condition_get_what_to_write(
    typed: str, meant: str
) -> None:
    assert _mended(f"define d\n  when {typed}\nend\n") == (
        f"define d\n  when {meant}\nend\n"
    )


def test_a_line_that_breaks_inside_a_cell_is_a_blank() -> None:
    _, found = parse(
        "a.rules",
        'edition 1\nresponsibility A "A"\n  | category | when | PLAN |\n'
        "  | Visits   | \x0b | x |\nend\n",
    )

    assert _told(found) == [("P001", "\x0b")]


def test_a_repair_that_cannot_be_read_is_not_told() -> None:
    _, (found,) = parse("a.rules", "edition 1\ndefine d\n  when age qq zz 3\nend\n")

    assert found.fix == ()
    assert found.help.startswith("it is written ")


def _mended(text: str) -> str:
    """Return `text` after all fixes, made until there are no more."""
    typed = f"edition 1\n{text}"
    for _ in range(4):
        _, found = parse("a.rules", typed)
        if not found:
            break
        assert all(each.fix for each in found), [each.message for each in found]
        source = found[0].labels[0].span.source
        typed = rewritten(source, fixes(found, source))
    return typed.removeprefix("edition 1\n")


def _told(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(each.code, each.labels[0].span.text) for each in found]
