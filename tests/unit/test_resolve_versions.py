"""The text in force: amendments on two clocks, in the order of their numbers."""

from __future__ import annotations

from datetime import date

import pytest

from whopays.diagnostics import Diagnostic
from whopays.model.contract import Contract, Text, Version
from whopays.resolve import resolve, versions
from whopays.syntax import parse

BASE = """edition 1

facts F "Facts"
  version 1.0
  fact service_date is date
  fact procedure_code is code CPT or none
  fact network is one of inside, outside
end

catalog CAT "Catalog"
  version 1.0
  facts from F 1.0
  match by procedure_code otherwise
end

category "Visit"
  codes CPT 99202-99215
end

category "Laboratory"
  codes CPT 80047-89398
end

contract K "Contract"
  version 1.0
  signed 2025-12-01
  in force 2026-01-01 to 2026-12-31
  party PLAN "Plan"
  party IPA "Group"
  facts from F 1.0
  categories from CAT 1.0
  decide by service_date
end

responsibility A "Exhibit A"
  | category   | when               | PLAN | IPA | cites |
  | Visit      |                    |      |  x  | 1     |
  | Laboratory | network is inside  |      |  x  | 2     |
  | Laboratory | network is outside |  x   |     | 2     |
  otherwise PLAN
end

exception E-1 to A "Visit"
  when network is outside
  then PLAN
end
"""


def test_amendments_cut_the_year_at_the_days_on_which_they_change_it() -> None:
    contract = _contract(
        _amendment(1, "2026-04-01", "2026-07-01 to 2026-09-30", _visit("PLAN"))
    )

    found = _versions(contract)

    assert [(str(each.period), each.amendments) for each in found] == [
        ("2026-01-01 to 2026-06-30", ()),
        ("2026-07-01 to 2026-09-30", (1,)),
        ("2026-10-01 to 2026-12-31", ()),
    ]


def test_amendment_is_not_there_before_it_was_signed() -> None:
    contract = _contract(
        _amendment(1, "2026-04-01", "2026-01-01 onward", _visit("PLAN"))
    )

    before = _versions(contract, date(2026, 3, 31))
    after = _versions(contract, date(2026, 4, 1))

    assert [each.amendments for each in before] == [()]
    assert [each.amendments for each in after] == [(1,)]


def test_nothing_is_in_force_as_known_before_the_contract_was_signed() -> None:
    assert _versions(_contract(), date(2025, 11, 30)) == ()


def test_numbers_decide_whatever_was_signed_first() -> None:
    contract = _contract(
        _amendment(2, "2026-01-02", "2026-01-01 onward", _visit("PLAN")),
        _amendment(1, "2026-06-30", "2026-01-01 onward", _visit("PLAN 50%, IPA 50%")),
    )

    (version,) = _versions(contract)

    assert version.amendments == (1, 2)
    assert _answers(version.text)["Visit"] == ["PLAN 100%"]


def test_change_is_made_to_the_text_that_lower_numbers_left() -> None:
    contract = _contract(
        _amendment(1, "2026-02-01", "2026-01-01 onward", 'withdraw A "Laboratory"'),
        _amendment(
            2, "2026-02-02", "2026-01-01 onward", 'add to A "Laboratory" with PLAN'
        ),
    )

    # As known on the day between, only the first is there.
    between, now = _versions(contract, date(2026, 2, 1)), _versions(contract)
    assert "Laboratory" not in _answers(between[0].text)
    assert _answers(now[0].text)["Laboratory"] == ["PLAN 100%"]


def test_exception_whose_row_is_withdrawn_is_refused() -> None:
    _, found = _read(
        _amendment(1, "2026-02-01", "2026-07-01 onward", 'withdraw A "Visit"')
    )

    (dangling,) = found
    assert dangling.code == "R011"
    assert dangling.labels[0].remark == "in the text in force from 2026-07-01"


def test_replaced_row_among_several_is_found_by_its_condition() -> None:
    contract = _contract(
        _amendment(
            1,
            "2026-02-01",
            "2026-01-01 onward",
            'replace A "Laboratory" when network is inside with PLAN 1/3, IPA 2/3',
        )
    )

    (version,) = _versions(contract)

    assert _answers(version.text)["Laboratory"] == ["PLAN 1/3, IPA 2/3", "PLAN 100%"]


def test_withdrawn_clause_is_gone_while_the_amendment_is_in_force() -> None:
    contract = _contract(
        _amendment(1, "2026-02-01", "2026-07-01 onward", "withdraw E-1")
    )

    early, late = _versions(contract)

    assert [each.id for each in early.text.exceptions] == ["E-1"]
    assert late.text.exceptions == ()


def test_renamed_party_keeps_its_id() -> None:
    contract = _contract(
        _amendment(1, "2026-02-01", "2026-01-01 onward", 'rename party IPA "New"')
    )

    (version,) = _versions(contract)

    names = {party.id: party.name for party in version.text.parties}
    assert names == {"PLAN": "Plan", "IPA": "New"}


def test_whole_clause_with_an_old_id_replaces_the_old_one() -> None:
    clause = '\nexception E-1 to A "Laboratory"\n  then IPA\nend\n'
    contract = _contract(_amendment(1, "2026-02-01", "2026-01-01 onward", "") + clause)

    (version,) = _versions(contract)

    (exception,) = version.text.exceptions
    assert [target.text for target in exception.targets] == ['A "Laboratory"']


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('add to A "Visit" with PLAN', 'adds `A "Visit"`, which is there already'),
        ("withdraw E-9", "withdraws `E-9`, which is not there"),
        (
            'replace A "Laboratory" with PLAN',
            'replaces `A "Laboratory"`, which is not there',
        ),
    ],
)
def test_change_without_target_is_refused(change: str, message: str) -> None:
    _, found = _read(_amendment(1, "2026-02-01", "2026-01-01 onward", change))

    assert [each.message for each in found] == [f"amendment 1 {message}"]


def test_target_that_is_missing_only_as_known_on_some_day_is_refused() -> None:
    _, found = _read(
        _amendment(1, "2026-06-01", "2026-01-01 onward", 'withdraw A "Visit"'),
        _amendment(2, "2026-02-01", "2026-01-01 onward", 'add to A "Visit" with PLAN'),
    )

    assert {each.code for each in found} == {"R013"}


def test_what_follows_from_an_unreadable_declaration_is_not_reported() -> None:
    text = BASE.replace('party IPA "Group"', 'party IPA "Group')

    file, found = parse("k.rules", text)
    found += resolve([file], _nowhere)[1]

    assert [each.code for each in found] == ["P009"]


def _amendment(number: int, signed: str, in_force: str, change: str) -> str:
    return f"""
amendment {number} to K version 1.0
  signed {signed}
  in force {in_force}
  {change}
end
"""


def _visit(answer: str) -> str:
    return f'replace A "Visit" with {answer}'


def _answers(text: Text) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for grid in text.grids:
        for row in grid.rows:
            found.setdefault(str(row.category), []).append(row.answer.text)
    return found


def _versions(contract: Contract, known_on: date | None = None) -> tuple[Version, ...]:
    found, problems = versions(contract, known_on)
    assert problems == []
    return found


def _contract(*amendments: str) -> Contract:
    contract, found = _read(*amendments)
    assert [each.message for each in found] == []
    return contract


def _read(*amendments: str) -> tuple[Contract, list[Diagnostic]]:
    file, found = parse("k.rules", BASE + "".join(amendments))
    rules, more = resolve([file], _nowhere)
    return rules.contracts["K"], found + more


def _nowhere(_kind: str, _id: str, _version: str) -> None:
    """Find no file: the base above is complete."""
