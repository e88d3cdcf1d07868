"""Misdirected claims and late payments: what a decision carries, and how it is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from small_rules import FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.analyse.texts.blame import history
from whopays.analyse.texts.blamed import says
from whopays.api import LineDecision, RuleBook
from whopays.api.consolidate import consolidate
from whopays.explain.schema import DECISION

MORE_FACTS = FACTS.replace(
    "  fact age",
    "  fact received_by is party or none\n"
    "  fact received_date, paid_date is date or none\n"
    "  fact emergency, clean is yes or no\n"
    "  fact rate is percent\n  fact age",
)
HEADED = HEAD.replace(
    "  facts from F 1\n",
    '  party OTHER "A third group"\n  fund POOL "A pool" paid by PLAN\n  facts from F 1\n',
).replace("  decide by", "  calendar US-FEDERAL\n  decide by")
SHARED = """\
responsibility A "Exhibit A"
  | category | when            | PLAN | IPA | POOL |
  | Visits   | area is inside  |      |  x  |      |
  | Visits   | area is outside |      |     |  x   |
  | Rooms    |                 | 1/3  | 2/3 |      |
  otherwise PLAN 50%, IPA 50%
end
"""
ROUTES = """\
route R-1 "Emergencies"
  cites "28 CCR 1300.71(b)(2)(A)"
  when emergency
  then forward within 10 working days of received_date
end
route R-2 "Others"
  when not emergency
  then forward or deny within 20 days of received_date
end
clock T-1 "Complete claims"
  cites "§7"
  when clean
  then pay within 30 calendar days of received_date
  interest greater of (15% per year, $15.00 per year or part)
end
"""
GIVEN: dict[str, Any] = {
    "procedure_code": "99213",
    "revenue_code": None,
    "product": "HMO",
    "service_date": "2025-03-04",
    "area": "inside",
    "network": "inside",
    "allowed": "1000.00",
    "received_by": "PLAN",
    "received_date": "2026-01-05",
    "emergency": "yes",
    "clean": "yes",
    "paid_date": None,
}
PLACES: dict[str, dict[str, Any]] = {
    "nowhere": {"procedure_code": "10000"},
    "room": {"procedure_code": None, "revenue_code": "0120"},
}


def text_of(*more: str, grid: str = SHARED) -> str:
    return rules(*more, facts=MORE_FACTS, head=HEADED, grid=grid)


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, text_of(ROUTES))


def _lines(book: RuleBook, *lines: dict[str, Any]) -> list[LineDecision]:
    given = [
        {"line": number, **{k: v for k, v in {**GIVEN, **line}.items() if v != "?"}}
        for number, line in enumerate(lines, 1)
    ]
    return book.decide({"claim_id": "X", "lines": given})


def _one(book: RuleBook, **facts: Any) -> LineDecision:
    return _lines(book, facts)[0]


def test_a_misdirected_claim_carries_whom_it_goes_to_and_by_when(
    book: RuleBook,
) -> None:
    found = _one(book)
    record = found.record()

    jsonschema.validate(record, DECISION)
    assert record["misdirected_to"] == ["IPA"]
    assert record["route"] == {
        "state": "due",
        "does": ["forward"],
        "to": ["IPA"],
        "by": "2026-01-20",
        "within": "10 working days of received_date",
        "because": ["R-1"],
        "cites": ["28 CCR 1300.71(b)(2)(A)"],
        "needs": [],
    }
    assert (
        "  By 2026-01-20 PLAN forwards the claim to IPA, because of R-1 "
        "(28 CCR 1300.71(b)(2)(A))."
    ) in found.explain("tree").splitlines()
    assert found.explain().endswith(
        "By 2026-01-20 PLAN forwards the claim to IPA, because of R-1 "
        "(28 CCR 1300.71(b)(2)(A)). To be paid by 2026-02-04, because of T-1 (§7). "
        "Interest $0.41 for each day after 2026-02-04, not paid yet (greater of (15% "
        "per year, $15.00 per year or part))."
    )


@pytest.mark.parametrize(
    ("facts", "to"),
    [
        ({"received_by": "IPA"}, []),
        ({"area": "outside"}, []),  # the plan pays for the pool
        ({"area": "outside", "received_by": "IPA"}, ["PLAN"]),
        ({"received_by": "OTHER"}, ["IPA"]),
        ({"received_by": None}, []),
        (PLACES["room"], []),  # the plan pays a part, and keeps it
        ({**PLACES["room"], "received_by": "OTHER"}, ["IPA", "PLAN"]),
        ({**PLACES["nowhere"], "received_by": "OTHER"}, ["PLAN", "IPA"]),
    ],
)
def test_a_claim_goes_to_the_payer_with_the_larger_share(
    book: RuleBook, facts: dict[str, Any], to: list[str]
) -> None:
    record = _one(book, **facts).record()

    assert record["misdirected_to"] == to
    assert (record["route"] or {"to": []})["to"] == to


@pytest.mark.parametrize(
    ("facts", "state", "needs"),
    [
        ({"emergency": "?"}, "undetermined", ["emergency"]),
        ({"received_by": "?"}, "undetermined", ["received_by"]),
        ({"area": "?", "received_by": "IPA"}, "undetermined", ["area"]),
        ({"received_date": "?"}, "due", ["received_date"]),
        ({"received_date": None}, "due", ["received_date"]),
    ],
)
def test_what_is_not_known_is_asked_for(
    book: RuleBook, facts: dict[str, Any], state: str, needs: list[str]
) -> None:
    record = _one(book, **facts).record()

    jsonschema.validate(record, DECISION)
    assert (record["route"]["state"], record["route"]["by"]) == (state, None)
    assert record["route"]["needs"] == needs


def test_who_bears_it_may_be_open_where_it_is_clear_who_gets_the_claim(
    tmp_path: Path,
) -> None:
    grid = SHARED.replace(
        "Visits   | area is inside  |      |  x  |      |",
        "Visits   | area is inside  |  x   |     |      |",
    )
    book = book_of(tmp_path, text_of(ROUTES, grid=grid))

    record = _one(book, area="?", received_by="IPA").record()

    assert record["status"] == "undetermined"
    assert (record["route"]["to"], record["route"]["by"]) == (["PLAN"], "2026-01-20")


def test_a_misdirected_claim_of_which_no_route_speaks_is_told(tmp_path: Path) -> None:
    only = ROUTES[: ROUTES.index("route R-2")]
    found = _one(book_of(tmp_path, text_of(only)), emergency="no")

    assert found.record()["route"]["state"] == "unsaid"
    assert "no route says by when" in found.explain("tree")


@pytest.mark.parametrize("name", ["NOBODYX", "POOL", "plan"])
def test_a_receiver_that_is_no_party_is_not_believed(book: RuleBook, name: str) -> None:
    found = _one(book, received_by=name)

    assert found.status == "rejected"
    assert (
        "received_by is no party of these rules (IPA, OTHER, PLAN)" in found.explain()
    )


def test_routes_that_contradict_each_other_are_by_hand(tmp_path: Path) -> None:
    more = 'route R-3 "All"\n  then deny within 5 days of received_date\nend\n'
    found = _one(book_of(tmp_path, text_of(ROUTES, more)))

    assert found.record()["route"]["because"] == ["R-1", "R-3"]
    assert found.record()["route"]["state"] == "conflict"
    assert "routes R-1 and R-3 contradict each other" in found.explain("tree")


def test_what_yields_does_not_come_back(tmp_path: Path) -> None:
    chain = (
        'route C "Third"\n  then deny within 3 days of received_date\nend\n'
        'route B "Second"\n  then deny within 2 days of received_date\n  yields to C\nend\n'
        'route A-1 "First"\n  then deny within 1 days of received_date\n  yields to B\nend\n'
    )
    record = _one(book_of(tmp_path, text_of(chain))).record()

    assert (record["route"]["because"], record["route"]["by"]) == (["C"], "2026-01-08")


# Interest


def test_interest_is_told_for_each_day_until_the_claim_is_paid(book: RuleBook) -> None:
    found = _one(book)

    assert found.record()["clock"]["by"] == "2026-02-04"
    assert found.record()["clock"]["interest"] == {
        "cents": None,
        "days_late": None,
        "cents_per_day": "3000/73",  # 15% of $1,000.00, over 365 days
        "needs": ["paid_date"],
        "terms": "greater of (15% per year, $15.00 per year or part)",
        "rounding": "half away",
    }
    assert "Interest $0.41 for each day after 2026-02-04, not paid yet" in (
        found.explain("tree")
    )


@pytest.mark.parametrize(
    ("paid", "allowed", "cents", "days"),
    [
        ("2026-02-04", "1000.00", 0, 0),
        ("2026-02-05", "1000.00", 1500, 1),
        ("2026-02-14", "10000.00", 4110, 10),
        ("2027-02-05", "20.00", 3000, 366),
        ("2026-02-14", "0.00", 0, 10),
        ("2026-02-14", "-50.00", 0, 10),
    ],
)
def test_interest_on_what_is_paid_late(
    book: RuleBook, paid: str, allowed: str, cents: int, days: int
) -> None:
    interest = _one(book, paid_date=paid, allowed=allowed).record()["clock"]["interest"]

    assert (interest["cents"], interest["days_late"]) == (cents, days)


def test_the_interest_of_a_claim_is_rounded_once_and_spread(book: RuleBook) -> None:
    three = [{"paid_date": "2026-02-14", "allowed": "40.00"}] * 2
    found = _lines(book, *three, {"paid_date": "2026-02-14", "allowed": "20.00"})

    # $15.00 once for the claim, not for each line.
    assert [each.record()["clock"]["interest"]["cents"] for each in found] == [
        *(600, 600, 300)
    ]


def test_without_the_amount_the_interest_is_not_known(book: RuleBook) -> None:
    found = _one(book, paid_date="2026-02-14", allowed="?")

    assert found.record()["clock"]["interest"]["needs"] == ["allowed"]
    assert "Interest is undetermined: needs allowed." in found.explain("tree")


def test_a_clock_runs_where_nobody_knows_who_pays(book: RuleBook) -> None:
    record = _one(book, area="?", paid_date="2026-02-14").record()

    assert record["status"] == "undetermined"
    assert record["clock"]["by"] == "2026-02-04"
    assert record["clock"]["interest"]["cents"] is None
    assert record["clock"]["interest"]["needs"] == ["area"]


def test_interest_of_a_claim_asks_for_what_one_of_its_lines_lacks(
    book: RuleBook,
) -> None:
    late: dict[str, Any] = {"paid_date": "2026-02-14"}
    found = _lines(book, late, {**late, "area": "?"}, {**late, "allowed": "?"})

    for each in found:
        needs = each.record()["clock"]["interest"]["needs"]
        assert needs == ["area", "allowed"]
    both = _one(book, **late, area="?", allowed="?").record()
    assert both["clock"]["interest"]["needs"] == ["area", "allowed"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("not covered", "To be answered by 2026-02-04, because of T-1 (§7)."),
        (
            'ambiguous because "two readings"',
            "Interest is open: who bears a line of the claim is not settled.",
        ),
    ],
)
def test_a_line_that_nobody_is_known_to_pay_is_not_said_to_be_paid(
    tmp_path: Path, answer: str, told: str
) -> None:
    more = f'exception N-1 to A "Visits"\n  cites "§9"\n  then {answer}\nend\n'
    book = book_of(tmp_path, text_of(ROUTES, more))

    assert told in _one(book, paid_date="2026-02-14").explain()


# Files, texts and tests


def test_outputs_have_columns_for_deadlines_and_interest(
    book: RuleBook, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet  # noqa: PLC0415

    claim = {
        "claim_id": "X",
        "lines": [{"line": 1, **GIVEN, "paid_date": "2026-02-14"}],
    }
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(claim), "utf-8")
    book.decide_files([path], tmp_path / "out", form="parquet")

    (row,) = parquet.read_table(tmp_path / "out" / "decisions.parquet").to_pylist()
    assert (row["route_by"], row["pay_by"]) == (date(2026, 1, 20), date(2026, 2, 4))
    assert row["interest_cents"] == 1500
    counts = json.loads((tmp_path / "out" / "manifest.json").read_text())["counts"]
    assert (counts["routes"], counts["clocks"]) == ({"due": 1}, {"due": 1})
    assert counts["cents_of_interest"] == 1500


AMENDED = """\
amendment 1 to K version 1
  signed 2025-05-01
  in force 2025-07-01 onward
  withdraw R-2
end
clock T-1 "Complete claims, sooner"
  cites "Amendment 1"
  when clean
  then pay within 15 calendar days of received_date
end
"""


def test_an_amendment_replaces_and_withdraws_routes_and_clocks(tmp_path: Path) -> None:
    book = book_of(tmp_path, text_of(ROUTES, AMENDED))
    before, after = _one(book), _one(book, service_date="2025-07-01", emergency="no")

    assert before.record()["clock"]["by"] == "2026-02-04"
    assert after.record()["clock"]["by"] == "2026-01-20"
    assert after.record()["clock"]["interest"] is None
    assert after.record()["route"]["state"] == "unsaid"


def test_a_consolidated_text_has_its_clocks_and_blame_tells_them(
    tmp_path: Path,
) -> None:
    path = written_rules(tmp_path, text_of(ROUTES, AMENDED))
    text = consolidate(path, date(2025, 7, 1))
    contract = book_of(tmp_path, text_of(ROUTES, AMENDED)).rules.contracts["K"]
    stretches = history(contract, "T-1", None).stretches

    assert "# Of amendment 1." in text
    assert "then pay within 15 calendar days of received_date" in text
    assert "route R-2" not in text
    told = [says(said.clause) for each in stretches for said in each.standing[0].chain]
    assert told == [
        (
            "pay within 30 calendar days of received_date, interest greater of "
            "(15% per year, $15.00 per year or part)"
        ),
        "pay within 15 calendar days of received_date",
        (
            "pay within 30 calendar days of received_date, interest greater of "
            "(15% per year, $15.00 per year or part)"
        ),
    ]


TEST = """\
test "What is expected"
  contract K
  given procedure_code CPT 99213, product HMO, service_date 2025-03-04, area inside
  given received_by PLAN, received_date 2026-01-05, emergency yes, clean yes
  given allowed $1,000.00, paid_date 2026-02-14
  expect {}
end
"""


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ("forward to IPA by 2026-01-20 because R-1", ""),
        ("forward, pay by 2026-02-04, interest $15.00 because R-1, T-1", ""),
        ('IPA 100%, forward because A "Visits", R-1', ""),
        (
            "forward to IPA by 2026-01-21",
            (
                "expected forward to IPA by 2026-01-21, got forward to IPA by 2026-01-20 "
                "because R-1"
            ),
        ),
        ("deny", "expected deny, got forward to IPA by 2026-01-20 because R-1"),
        ("no route", "expected no route, got forward to IPA by 2026-01-20 because R-1"),
        (
            "route undetermined",
            "expected route undetermined, got forward to IPA by 2026-01-20 because R-1",
        ),
        (
            "forward to PLAN",
            "expected forward to PLAN, got forward to IPA by 2026-01-20 because R-1",
        ),
        ("forward because R-2", "expected because R-2, got because R-1"),
        (
            "pay by 2026-02-05",
            "expected pay by 2026-02-05, got pay by 2026-02-04 because T-1",
        ),
        ("interest $15.01", "expected interest $15.01, got $15.00"),
    ],
)
def test_a_test_says_what_it_expected_of_a_duty(
    tmp_path: Path, expect: str, problem: str
) -> None:
    book = book_of(tmp_path, text_of(ROUTES, TEST.format(expect)))
    (result,) = book.run_tests()

    assert result.problems == ((problem,) if problem else ())
    assert result.state == ("failed" if problem else "passed")


def test_a_contract_without_routes_and_clocks_says_nothing_of_them(
    tmp_path: Path,
) -> None:
    found = _one(book_of(tmp_path, text_of(grid=GRID)))

    assert (found.record()["route"], found.record()["clock"]) == (None, None)
    assert found.decision.duties is None


LAW = """\
regulation LAW "A law"
  version 1
  facts from F 1
end
define urgent
  when emergency
end
route R-1 "Emergencies"
  when urgent
  then forward within 5 days of received_date
end
clock T-1 "All claims"
  then pay within 60 days of received_date
end
"""
OWN = """\
clock T-1 "All claims, sooner"
  then pay within 20 days of received_date
end
"""


def _with_law(*more: str) -> str:
    head = HEADED.replace("  divides", "  regulations from LAW 1\n  divides")
    text = rules(*more, facts=MORE_FACTS, head=head, grid=SHARED)
    return f"{text}\n{LAW}"


@pytest.mark.parametrize(
    ("more", "pay_by"),
    [
        ((), "2026-03-06"),
        ((OWN,), "2026-01-25"),
        (
            ("amendment 1 to K version 1\n  in force 2025-01-01 onward\nend\n", OWN),
            "2026-01-25",
        ),
        (
            (
                "amendment 1 to K version 1\n  in force 2025-01-01 onward\n  withdraw T-1\nend\n",
            ),
            None,
        ),
    ],
)
def test_a_regulation_is_part_of_the_contracts_that_name_it(
    tmp_path: Path, more: tuple[str, ...], pay_by: str | None
) -> None:
    record = _one(book_of(tmp_path, _with_law(*more))).record()

    assert record["route"]["by"] == "2026-01-10"
    assert (record["clock"] or {"by": None})["by"] == pay_by


def test_a_text_that_uses_a_regulation_is_consolidated_with_its_clauses(
    tmp_path: Path,
) -> None:
    text = consolidate(written_rules(tmp_path, _with_law(OWN)), date(2025, 7, 1))
    (tmp_path / "alone").mkdir()

    assert "regulations from" not in text
    assert "then forward within 5 days of received_date" in text
    alone = _one(book_of(tmp_path / "alone", text)).record()
    assert (alone["route"]["by"], alone["clock"]["by"]) == ("2026-01-10", "2026-01-25")
