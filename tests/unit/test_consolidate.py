"""`consolidate`: the text in force on a day, as a rule file that stands alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from small_rules import CATALOG, FACTS, GRID, HEAD, rules, written_rules
from whopays.api import RulesFolderError, check, load
from whopays.api.consolidate import consolidate
from whopays.diagnostics import DiagnosticError
from whopays.syntax import format_text

AMENDMENT = """\
amendment {number} to K version 1.0
  signed {signed}
  in force {in_force}
{changes}
end
"""
FAR = "define far\n  when {when}\nend\n"
DAY = date(2026, 7, 15)
MADE = (
    "# Consolidated by whopays, to be read and checked. What was signed, and binds, is:"
)
WITHDRAWS = (
    "#   amendment 1, signed 2026-05-14, in force 2026-07-01 to 2026-09-30; "
    "it withdraws E-1"
)


def amendment(
    *changes: str,
    number: int = 1,
    signed: str = "2026-05-14",
    in_force: str = "2026-07-01 onward",
) -> str:
    lines = "\n".join(f"  {change}" for change in changes)
    text = AMENDMENT.format(
        number=number, signed=signed, in_force=in_force, changes=lines
    )
    return text.replace("version 1.0", "version 1")


def made(folder: Path, *more: str, day: date = DAY, **parts: str) -> str:
    """Return the consolidated text of the small rules, which checks without errors."""
    text = consolidate(written_rules(folder, rules(*more, **parts)), day)
    alone = folder / "alone"
    alone.mkdir(exist_ok=True)
    (alone / "made.rules").write_text(text, encoding="utf-8")
    report = check(alone)
    assert [each.message for each in report.diagnostics if each.is_error] == []
    return text


def test_a_name_that_two_texts_define_is_kept_apart(tmp_path: Path) -> None:
    base = FAR.format(when="area is outside")
    again = FAR.format(when="area is outside and age > 64")
    exception = 'exception {id} to A "Rooms"\n  when far\n  then {who}\nend\n'
    text = made(
        tmp_path,
        base,
        exception.format(id="E-1", who="PLAN"),
        amendment(),
        again,
        exception.format(id="E-2", who="PLAN"),
    )

    assert "define far\n  when area is outside\nend" in text
    assert "define far_of_amendment_1\n  when area is outside and age > 64\nend" in text
    assert 'exception E-1 to A "Rooms"\n  when far\n' in text
    assert 'exception E-2 to A "Rooms"\n  when far_of_amendment_1\n' in text


def test_what_a_definition_uses_is_kept_apart_too(tmp_path: Path) -> None:
    text = made(
        tmp_path,
        FAR.format(when="area is outside"),
        "define old_and_far\n  when far and age > 64\nend\n",
        'exception E-1 to A "Rooms"\n  when old_and_far\n  then PLAN\nend\n',
        amendment(),
        FAR.format(when="network is outside"),
        'exception E-2 to A "Rooms"\n  when old_and_far\n  then PLAN\nend\n',
    )

    assert "define old_and_far\n  when far and age > 64\nend" in text
    later = "define old_and_far_of_amendment_1\n  when far_of_amendment_1 and age > 64"
    assert later in text


def test_a_name_is_kept_by_the_only_text_that_still_uses_it(tmp_path: Path) -> None:
    text = made(
        tmp_path,
        FAR.format(when="area is outside"),
        'exception E-1 to A "Rooms"\n  when far\n  then PLAN\nend\n',
        amendment("withdraw E-1"),
        FAR.format(when="network is outside"),
        'exception E-2 to A "Rooms"\n  when far\n  then PLAN\nend\n',
    )

    assert text.count("define ") == 1
    assert "define far\n  when network is outside\nend" in text


def test_limits_and_routes_are_kept_as_written_with_the_names_of_their_text(
    tmp_path: Path,
) -> None:
    limit = (
        'limit {id} "Far, or not far"\n'
        "  when {when}  # far\n  applies to shares of IPA\n  counts allowed\n"
        "  per claim\n  first IPA up to $100.00\n  then PLAN\nend\n"
    )
    text = made(
        tmp_path,
        FAR.format(when="area is outside"),
        limit.format(id="L-1", when="far"),
        amendment(),
        FAR.format(when="network is outside"),
        limit.format(id="L-2", when="not far\n  yields to L-1"),
    )

    assert 'limit L-1 "Far, or not far"\n  when far  # far\n' in text
    later = 'limit L-2 "Far, or not far"\n  when not far_of_amendment_1\n'
    assert later in text


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("not covered", "|      x      |"),
        ("unlisted", "| unlisted |"),
        ("?", "|  ?   |"),
        (
            'ambiguous because "§2 says the plan, §3 the group"',
            '| ambiguous because "§2 says the plan, §3 the group" |',
        ),
        ("PLAN 1/3, IPA 2/3", "| 1/3  | 2/3 |"),
        ("PLAN 33.333%, IPA 66.667%", "| 33.333% | 66.667% |"),
    ],
)
def test_every_answer_of_an_amendment_stands_in_its_row(
    answer: str, row: str, tmp_path: Path
) -> None:
    text = made(tmp_path, amendment(f'replace A "Rooms" with {answer}'))

    (line,) = [each for each in text.splitlines() if each.startswith("  | Rooms")]
    assert row in line
    assert line.endswith("|  # amendment 1")
    rebuilt = load(tmp_path / "alone").rules.contracts["K"]
    original = load(tmp_path / "rules").rules.contracts["K"]
    (changed,) = original.amendments[0].changes
    rows = [row for row in rebuilt.text.grids[0].rows if row.category == "Rooms"]
    assert [row.answer for row in rows] == [changed.answer]


def test_several_citations_of_a_row_stay_several(tmp_path: Path) -> None:
    change = 'replace A "Rooms" with PLAN cites "Amendment 1, §1", "Exhibit D"'

    text = made(tmp_path, amendment(change))

    assert '"Amendment 1, §1", "Exhibit D"' in text
    contract = load(tmp_path / "alone").rules.contracts["K"]
    assert contract.text.grids[0].rows[-1].cites == ("Amendment 1, §1", "Exhibit D")


def test_rows_of_one_category_with_one_condition_are_all_kept(tmp_path: Path) -> None:
    grid = GRID.replace(
        "  | Rooms ", "  | Visits   | area is outside |  x   |     |\n  | Rooms "
    )

    text = made(tmp_path, grid=grid)

    assert text.count("| Visits   | area is outside |") == 2


def test_texts_in_conditions_and_heads_keep_their_quotes(tmp_path: Path) -> None:
    facts = FACTS.replace("end\n", "  fact plan_name, payer, group is text\nend\n")
    head = HEAD.replace(
        "  products HMO\n", '  products HMO\n  for payer "A, B & Co" group "G-1"\n'
    )
    exception = (
        'exception E-1 to A "Rooms"\n  when plan_name in "Gold # 1", "Silver"\n'
        "  then PLAN\nend\n"
    )

    text = made(tmp_path, exception, facts=facts, head=head)

    assert 'when plan_name in "Gold # 1", "Silver"' in text
    assert 'for payer "A, B & Co" group "G-1"' in text


def test_the_last_renaming_stands_and_says_where_it_comes_from(tmp_path: Path) -> None:
    text = made(
        tmp_path,
        amendment('rename party IPA "First" cites "Amendment 1"'),
        amendment('rename party IPA "Second" cites "Amendment 2, §9"', number=2),
    )

    assert 'party IPA  "Second"  # renamed by amendment 2 (Amendment 2, §9)' in text


def test_a_fund_keeps_who_pays_for_it(tmp_path: Path) -> None:
    head = HEAD.replace(
        "  facts from", '  fund POOL "A pool" paid by PLAN\n  facts from'
    )

    assert 'fund  POOL "A pool" paid by PLAN' in made(tmp_path, head=head)


def test_what_the_contract_builds_on_comes_along_with_its_comments(
    tmp_path: Path,
) -> None:
    facts = FACTS.replace('facts F "Facts"', '# Ours.\nfacts F "Facts"')
    facts = facts.replace("  version 1\n", "  version   1 # as agreed\n")
    catalog = f'{CATALOG}rank "Visits" before "Rooms"\n'

    text = made(tmp_path, facts=facts, catalog=catalog)

    laid_out = format_text("facts.rules", f"edition 1\n\n{facts}")
    assert "  version 1  # as agreed\n" in laid_out
    assert laid_out.removeprefix("edition 1\n\n").strip() in text
    assert 'rank "Visits" before "Rooms"' in text
    assert text.index("facts F") < text.index("catalog C") < text.index("contract K")


def test_what_ships_with_whopays_stays_there(root: Path) -> None:
    text = consolidate(root / "rulesets" / "contracts" / "sunrise-valley", DAY)

    assert "facts from STANDARD 2026.1" in text
    assert "\nfacts " not in text
    assert "\ncatalog " not in text


def test_the_head_says_which_texts_it_is_made_of(tmp_path: Path) -> None:
    more = (
        amendment("withdraw E-1", in_force="2026-07-01 to 2026-09-30"),
        amendment('rename party IPA "New"', number=2, in_force="2026-08-01 onward"),
        amendment('rename party IPA "X"', number=3, in_force="2026-01-01 onward")
        .replace("  signed 2026-05-14\n", "")
        .replace("onward", "to 2026-06-30"),
    )
    exception = 'exception E-1 to A "Rooms"\n  then PLAN\nend\n'
    folder = written_rules(tmp_path, rules(exception, *more))

    def remarks(day: date, known_on: date | None = None) -> list[str]:
        text = consolidate(folder, day, known_on=known_on)
        return [line for line in text.splitlines() if line.startswith("#")]

    assert remarks(date(2026, 8, 15)) == [
        "# K 1 as it stands from 2026-08-01 to 2026-09-30.",
        MADE,
        "#   the contract, signed 2024-12-01, in force 2025-01-01 onward",
        WITHDRAWS,
        "#   amendment 2, signed 2026-05-14, in force 2026-08-01 onward",
    ]
    assert remarks(date(2026, 8, 15), date(2026, 5, 13))[2:] == [
        "#   the contract, signed 2024-12-01, in force 2025-01-01 onward",
        "# As known on 2026-05-13, without what was signed later.",
    ]
    assert (
        "#   amendment 3, no day of signing given, in force 2026-01-01 to 2026-06-30"
        in remarks(date(2026, 2, 1))
    )


def test_the_text_says_that_it_holds_the_amendments(tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    made(tmp_path, amendment('rename party IPA "New"'), amendment(number=2))

    (version,) = {
        each.version.label("1")
        for each in load(folder).decider("K", None).program.versions
    }

    assert version == "1 with amendments 1, 2"
    made(tmp_path, day=date(2025, 2, 1))
    assert "  amended by none\n" in (folder / "made.rules").read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (1, "the text of contract `K` holds amendment 1"),
        (2, "the text of contract `K` holds amendment 2"),
        (3, ""),
    ],
)
def test_an_amendment_is_not_made_twice(
    number: int, message: str, tmp_path: Path
) -> None:
    text = made(
        tmp_path, amendment(number=2, in_force="2025-01-01 onward"), amendment()
    )
    twice = amendment(number=number, in_force="2026-07-01 onward")

    report = check(written_rules(tmp_path, f"{text}\n{twice}"))

    assert [each.message for each in report.diagnostics if each.is_error] == [
        message
    ] * bool(message)


def test_an_amendment_that_comes_before_those_in_the_text_is_refused(
    tmp_path: Path,
) -> None:
    text = made(tmp_path, amendment(number=2))

    (found,) = check(written_rules(tmp_path, f"{text}\n{amendment()}")).diagnostics

    assert found.code == "R013"
    expected = "the text of contract `K` holds a later one than amendment 1"
    assert found.message == expected


def test_a_clause_for_other_days_is_a_warning_in_a_consolidated_text(
    tmp_path: Path,
) -> None:
    exception = (
        'exception E-1 to A "Rooms"\n  when service_date < 2025-06-01\n'
        "  then PLAN\nend\n"
    )

    made(tmp_path, exception, amendment())

    (found,) = check(tmp_path / "alone").diagnostics
    assert (found.code, found.is_error) == ("C003", False)


def test_a_text_whose_grids_were_all_withdrawn_is_a_text(tmp_path: Path) -> None:
    folder = written_rules(tmp_path, rules(amendment("withdraw A")))
    text = consolidate(folder, DAY)
    alone = tmp_path / "alone.rules"
    alone.write_text(text, encoding="utf-8")

    assert "responsibility" not in text
    assert {each.code for each in check(folder).diagnostics} == {"C001"}
    assert {each.code for each in check(alone).diagnostics} == {"C001"}


@pytest.mark.parametrize(
    ("day", "known_on", "message"),
    [
        (
            date(2024, 12, 31),
            None,
            "contract K is not in force on 2024-12-31; it is in force 2025-01-01 onward",
        ),
        (
            DAY,
            date(2024, 11, 30),
            "contract K was signed on 2024-12-01, so on 2024-11-30 it was not known",
        ),
    ],
)
def test_a_day_without_a_text_is_told(
    day: date, known_on: date | None, message: str, tmp_path: Path
) -> None:
    with pytest.raises(RulesFolderError) as raised:
        consolidate(written_rules(tmp_path, rules()), day, known_on=known_on)

    assert str(raised.value) == message


def test_which_contract_is_asked_for_where_there_are_several(tmp_path: Path) -> None:
    head = HEAD.replace("contract K", "contract OTHER").replace("HMO", "MA")
    folder = written_rules(tmp_path, rules(head, GRID))

    with pytest.raises(RulesFolderError, match="2 contracts, K, OTHER; say which"):
        consolidate(folder, DAY)
    with pytest.raises(RulesFolderError, match="no contract OTTER; did you mean OTHER"):
        consolidate(folder, DAY, contract="OTTER")
    assert "contract OTHER" in consolidate(folder, DAY, contract="OTHER")


def test_rules_with_errors_are_not_consolidated(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError):
        consolidate(written_rules(tmp_path, rules(amendment("withdraw E-9"))), DAY)


def test_a_text_holds_on_all_days_on_which_the_same_amendments_are_in_force(
    tmp_path: Path,
) -> None:
    change = 'replace A "Rooms" with PLAN'
    first = "2026-02-01 to 2026-03-31\n  in force 2026-07-01 to 2026-07-31"
    touching = "2026-08-01 to 2026-08-31"
    more = amendment(change, in_force=f"{first}\n  in force {touching}")

    text = made(tmp_path, more)
    before = made(tmp_path, more, day=date(2026, 9, 15))

    def days(of: str) -> list[str]:
        head = of.split("contract K")[1]
        return [each for each in head.splitlines() if each.startswith("  in force")]

    assert days(text) == [
        "  in force 2026-02-01 to 2026-03-31",
        "  in force 2026-07-01 to 2026-08-31",
    ]
    assert text.startswith(
        "# K 1 as it stands from 2026-02-01 to 2026-03-31, and from 2026-07-01 to 2026-08-31.\n"
    )
    assert days(before) == [
        "  in force 2025-01-01 to 2026-01-31",
        "  in force 2026-04-01 to 2026-06-30",
        "  in force 2026-09-01 onward",
    ]
    # The days between have other texts, and are not missed.
    assert check(tmp_path / "alone").diagnostics == ()


LIMIT = """\
limit L-1 "Stop loss"
  applies to shares of IPA
  counts allowed
  {per}  # as agreed
  first IPA up to $100.00
  then PLAN
end
"""


@pytest.mark.parametrize(
    ("day", "per", "written"),
    [
        (DAY, "per member per contract year", " from 2025-01-01"),
        (date(2025, 2, 1), "per member per contract year", ""),
        (DAY, "per member per contract year from 2024-07-01", ""),
        (DAY, "per member per calendar year", ""),
        (DAY, "per claim", ""),
    ],
)
def test_contract_years_of_a_limit_count_as_they_did(
    day: date, per: str, written: str, tmp_path: Path
) -> None:
    text = made(tmp_path, LIMIT.format(per=per), amendment(), day=day)

    assert f"  {per}{written}  # as agreed\n" in text
    contract = load(tmp_path / "alone").rules.contracts["K"]
    (limit,) = contract.text.limits
    if "contract year" in per:
        since = limit.since or contract.in_force[0].first
        assert since == (date(2024, 7, 1) if "from" in per else date(2025, 1, 1))
