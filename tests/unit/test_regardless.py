"""`regardless of` is checked: no value of the fact takes a line away from the clause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from small_rules import CATALOG, FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.api import check
from whopays.diagnostics import Diagnostic

PROMISE = """\
exception N-1 to A "Visits"
  when network is outside
  then PLAN
  regardless of {fact}
end
"""
OTHER = """\
exception N-2 to N-1
  when age > 64
  then IPA
end
"""
FAR = """\
category "Far visits"
  codes CPT 99201-99215
  when area is outside
end
rank "Far visits" before "Visits"
"""


def _found(folder: Path, text: str) -> list[Diagnostic]:
    return list(check(written_rules(folder, text)).diagnostics)


def _only(folder: Path, text: str) -> Diagnostic:
    (found,) = (each for each in _found(folder, text) if each.code != "C003")
    assert (found.code, found.is_error) == ("C012", True)
    return found


def _because(folder: Path, text: str, facts: dict[str, str]) -> tuple[str, ...]:
    nothing = dict.fromkeys(("procedure_code", "revenue_code", "admission_date"))
    document = {"claim_id": "w", "lines": [{"line": 1, **nothing, **facts}]}
    (decided,) = book_of(folder, text).decide(document)
    return decided.because


def _claims(found: Diagnostic) -> tuple[dict[str, str], dict[str, str]]:
    """Return the facts of the two claims, as a claim document would give them."""
    first, second = found.notes
    said = first.removeprefix("for example: ").rsplit(": ", 1)[0].split(", ")
    one = dict(each.split(" ", 1) for each in said)
    name, value = second.removeprefix("with ").split(" instead: ", 1)[0].split(" ", 1)
    pair = [one, {**one, name: value}]
    for facts in pair:
        for each, text in facts.items():
            facts[each] = re.sub(r"^(CPT|REV) |^\$", "", text)
    return pair[0], pair[1]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("network", rules(PROMISE.format(fact="network"))),
        ("age", rules(PROMISE.format(fact="age"), OTHER)),
        (
            "area",
            rules(
                PROMISE.format(fact="area"),
                catalog=CATALOG + FAR,
                grid=GRID.replace("  | Rooms ", "  | Far visits | | x | |\n  | Rooms "),
            ),
        ),
        ("procedure_code", rules(PROMISE.format(fact="procedure_code"))),
        ("product", rules(PROMISE.format(fact="product"))),
        ("service_date", rules(PROMISE.format(fact="service_date"))),
        (
            "area",
            rules(
                PROMISE.format(fact="area"),
                'treat T-1 "Visits" as "Rooms"\n  when area is outside\nend\n',
            ),
        ),
        (
            "claim_type",
            rules(
                PROMISE.format(fact="claim_type"),
                catalog=CATALOG.replace(
                    "  match by procedure_code, revenue_code otherwise",
                    "  match by revenue_code, procedure_code when claim_type is "
                    "institutional\n  match by procedure_code, revenue_code otherwise",
                ),
            ),
        ),
        (
            "admission_date",
            rules(
                PROMISE.format(fact="admission_date"),
                "amendment 1 to K version 1\n  signed 2025-01-01\n"
                "  in force 2026-01-01 onward\n  withdraw N-1\nend\n",
                head=HEAD.replace(
                    "  decide by service_date\n",
                    "  decide by admission_date when admission_date is given\n"
                    "  decide by service_date otherwise\n",
                ),
            ),
        ),
        (
            "admission_date",
            rules(
                PROMISE.format(fact="admission_date").replace(
                    "network is outside", "service_date < 60 days after admission_date"
                )
            ),
        ),
    ],
    ids=[
        "its own condition",
        "an exception to it",
        "the category",
        "the code that places the line",
        "whether the contract answers",
        "whether it is in force",
        "a treat",
        "which code is looked at first",
        "the version",
        "a date that is compared",
    ],
)
def test_a_fact_that_takes_a_line_away_is_told_with_two_claims(
    tmp_path: Path, fact: str, text: str
) -> None:
    found = _only(tmp_path, text)

    assert found.message == f"`N-1` does not hold regardless of `{fact}`"
    one, other = _claims(found)
    assert {name for name in one if one[name] != other[name]} <= {fact}
    assert one != other
    assert "N-1" in _because(tmp_path, text, one)
    assert "N-1" not in _because(tmp_path, text, other)


@pytest.mark.parametrize(
    "text",
    [
        rules(PROMISE.format(fact="claim_type")),
        rules(PROMISE.format(fact="age, claim_type")),
        rules(PROMISE.format(fact="billed")),
        rules(PROMISE.format(fact="area")),
        rules(PROMISE.format(fact="age"), OTHER.replace("to N-1", 'to A "Rooms"')),
        # It is asked, but where it holds the other exception never acts.
        rules(
            PROMISE.format(fact="age"),
            OTHER.replace("age > 64", "age > 64 and network is inside"),
        ),
        # Another exception answers beside it, and nothing else.
        rules(
            PROMISE.format(fact="age"),
            OTHER.replace("to N-1", 'to A "Visits"').replace("IPA", "PLAN"),
        ),
    ],
    ids=[
        "not asked for",
        "several",
        "never asked for",
        "asked by the rows that it replaces",
        "an exception to something else",
        "never together",
        "the same answer",
    ],
)
def test_a_promise_that_is_kept_is_not_reported(tmp_path: Path, text: str) -> None:
    assert [each.code for each in _found(tmp_path, text) if each.code != "C003"] == []


def test_a_promise_is_checked_in_every_version_that_has_it(tmp_path: Path) -> None:
    amended = (
        "amendment 1 to K version 1\n  signed 2025-01-01\n"
        "  in force 2026-01-01 onward\nend\n"
    )
    assert _found(tmp_path, rules(PROMISE.format(fact="age"))) == []

    found = _only(tmp_path, rules(PROMISE.format(fact="age"), amended, OTHER))

    assert "service_date 2026-" in found.notes[0]


def test_two_promises_of_one_clause_are_told_apart(tmp_path: Path) -> None:
    text = rules(PROMISE.format(fact="age, network"), OTHER)

    assert sorted(each.message for each in _found(tmp_path, text)) == [
        "`N-1` does not hold regardless of `age`",
        "`N-1` does not hold regardless of `network`",
    ]


def test_a_list_of_codes_can_take_a_line_away(tmp_path: Path) -> None:
    facts = FACTS.replace("end\n", "  fact modifiers is list of code MODIFIER\nend\n")
    taken = OTHER.replace("age > 64", "modifiers include MODIFIER 26, TC")

    found = _only(tmp_path, rules(PROMISE.format(fact="modifiers"), taken, facts=facts))

    assert "with modifiers MODIFIER " in found.notes[1]
