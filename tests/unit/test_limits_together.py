"""Two limits that can take the same line are an error until one yields to the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_rules import HEAD, book_of, rules, written_rules
from whopays.api import check
from whopays.diagnostics import Diagnostic

LIMIT = """\
limit {id} "A limit"
  {when}
  applies to shares of {of}
  counts {counts}
  per member per contract year
  first {of} up to {up_to}
  then PLAN
  {more}
end
"""


def limit(name: str, **parts: str) -> str:
    """Return a limit; `parts` are its `when`, `of`, `counts`, `up_to` and `more`."""
    given = {"of": "IPA", "counts": "allowed", "up_to": "$100.00", "more": "", **parts}
    when = f"when {given['when']}" if "when" in given else ""
    return LIMIT.format(**{**given, "id": name, "when": when})


def found(folder: Path, *more: str, head: str = HEAD) -> list[Diagnostic]:
    """Return what a check finds."""
    return list(check(written_rules(folder, rules(*more, head=head))).diagnostics)


def test_limits_that_can_take_one_line_are_shown_by_a_claim(tmp_path: Path) -> None:
    both = (limit("L-1", when="network is inside"), limit("L-2", when="age > 64"))

    (told,) = found(tmp_path, *both)

    assert (told.code, told.is_error) == ("C013", True)
    expected = "limits `L-1` and `L-2` can both take one line of `IPA`"
    assert told.message == expected
    (note,) = told.notes
    words = note.removeprefix("for example: ").split(", ")
    facts = dict(word.split(" ", 1) for word in words)
    assert facts["network"] == "inside"
    assert int(facts["age"]) > 64
    document = {
        "claim_id": "w",
        "lines": [{"line": 1, **{n: v.split()[-1] for n, v in facts.items()}}],
    }
    (decided,) = book_of(tmp_path, rules(*both)).decide(document)
    assert "IPA" in decided.shares


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"more": "yields to L-2"}, {}),
        ({}, {"more": "yields to L-1"}),
        ({"when": "network is inside"}, {"when": "network is outside"}),
        ({"when": "age < 21"}, {"when": "age >= 21"}),
        ({}, {"of": "PLAN"}),
        # No line of which the group has a share is outside.
        (
            {"when": "area is outside and procedure_code is given"},
            {"when": "revenue_code is not given and procedure_code in CPT 99201-99215"},
        ),
    ],
)
def test_limits_that_never_meet_or_yield_are_no_error(
    one: dict[str, str], other: dict[str, str], tmp_path: Path
) -> None:
    assert found(tmp_path, limit("L-1", **one), limit("L-2", **other)) == []


def test_an_amount_and_a_number_of_units_meet_too(tmp_path: Path) -> None:
    days = limit("L-2", counts="age", up_to="60")

    assert [each.code for each in found(tmp_path, limit("L-1"), days)] == ["C013"]


def test_yielding_to_a_third_does_not_help(tmp_path: Path) -> None:
    three = (
        limit("L-1", more="yields to L-2"),
        limit("L-2", more="yields to L-3"),
        limit("L-3"),
    )

    (told,) = found(tmp_path, *three)

    assert "`L-1` and `L-3`" in told.message


@pytest.mark.parametrize("to", ["L-1", "L-2"])
def test_limits_do_not_yield_in_a_circle(to: str, tmp_path: Path) -> None:
    other = limit("L-2", more="yields to L-1")

    told = found(tmp_path, limit("L-1", more=f"yields to {to}"), other)

    assert [each.code for each in told] == ["R012"]


def test_limits_that_stand_together_on_some_days_meet_on_these(tmp_path: Path) -> None:
    amendment = """\
amendment 1 to K version 1
  in force 2026-07-01 onward
end
"""
    early = limit("L-2", when="service_date < 2026-01-01")
    late = limit("L-2", when="service_date < 2027-01-01")

    assert found(tmp_path, limit("L-1"), amendment, early) == []
    (told,) = found(tmp_path, limit("L-1"), amendment, late)
    assert "service_date 2026-07-0" in told.notes[0]
