"""Limits, routes, methods, orders, terms: what their text becomes, and back to text."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from small_rules import HEAD, rules, written_rules
from whopays.api import read_rules
from whopays.diagnostics import Diagnostic
from whopays.model import formulas
from whopays.model.payments import Method
from whopays.model.rules import Rules
from whopays.resolve import resolve
from whopays.syntax import parse
from whopays.syntax.nodes import RuleFile

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "grammar" / "corpus" / "good"
MONEY = """\
facts P "Payments"
  version 1
  fact billed, paid, own_allowed is money per line
  fact deductible is money per claim
  fact rate is percent
  fact reserve_left is money per member per calendar year
  fact is_child of patient is yes or no
  fact kind of plan is one of group, medicare
end

methods M "Methods"
  version 1
  facts from P 1
end
"""


@pytest.fixture(scope="module")
def every() -> Rules:
    """Return the rules of the file that has one of every block."""
    found, problems = read_rules(GOOD / "every-block.rules")
    assert [each.message for each in problems if each.is_error] == []
    return found


def test_a_method_has_its_parts(every: Rules) -> None:
    reserve = every.methods["COB", "1.0"].methods["RESERVE"]

    assert (reserve.positions, reserve.level) == (("secondary", "tertiary"), "claim")
    assert reserve.spread_by == ("own_allowed", "billed")
    assert [let.name for let in reserve.lets] == ["left_over", "ordinary", "drawn"]
    assert reserve.pay is not None
    assert [bound.kind for bound in reserve.pay.bounds] == ["below", "above"]
    assert [carry.name for carry in reserve.carries] == ["reserve_left"]
    assert reserve.rounding == "half even"
    assert every.methods["COB", "1.0"].methods["MANUAL"].by_hand


def test_the_rules_of_another_order_stand_where_they_are_named(every: Rules) -> None:
    order = every.orders["ALL", "1.0"]

    assert [(rule.id, rule.order) for rule in order.rules] == [
        ("LARGE", "ALL"),
        ("BIRTHDAY", "CHILDREN"),
    ]
    assert order.share_equally
    assert not every.orders["CHILDREN", "1.0"].share_equally


def test_a_term_has_its_editions_and_readings(every: Rules) -> None:
    found = [t for t in every.terms["WORDS", "1.0"].terms if t.name == "paid_amount"]

    assert [str(term.in_force[0]) for term in found] == [
        "2020-01-01 to 2025-12-31",
        "2026-01-01 onward",
    ]
    assert [reading.name for reading in found[0].readings] == ["without_patient"]


def test_a_limit_has_its_tiers_in_cents(every: Rules) -> None:
    dollars, days = every.contracts["WHOLE"].text.limits

    assert [tier.up_to for tier in dollars.tiers] == [1_000_000, 5_000_000, None]
    assert [tier.shares.text for tier in dollars.tiers] == [
        "GROUP 100%",
        "PLAN 80%, GROUP 20%",
        "PLAN 100%",
    ]
    assert (dollars.per, dollars.period) == ("member", "contract year")
    assert (days.unit, days.tiers[0].up_to) == ("number", 60)
    assert dollars.yields_to == ("SL-2",)


def test_a_route_has_its_deadline(every: Rules) -> None:
    route = every.contracts["WHOLE"].text.routes[0]

    assert route.duties == ("forward", "deny")
    assert (route.days.count, route.days.unit, route.days.fact) == (
        10,
        "working days",
        "received_date",
    )


def test_a_shared_amount_has_its_formula(every: Rules) -> None:
    fact = every.facts["EVERY", "1.0"].facts["allowed"]

    assert fact.computed == ("patient_part", "plan_paid")
    assert fact.formula is not None
    assert fact.formula.text == "patient_part + plan_paid"


def test_a_percent_of_an_amount_is_an_exact_product(tmp_path: Path) -> None:
    method = _method(tmp_path, "per line", "pay 12.5% of billed")

    assert method.pay is not None
    assert method.pay.value == formulas.Times(
        formulas.Number(Fraction(1, 8), "number", "12.5%"), formulas.Read("billed")
    )


def test_lets_may_be_written_in_any_order(tmp_path: Path) -> None:
    method = _method(
        tmp_path,
        "per line",
        "pay second",
        "let second = first - $1.00 if first > $1.00 else $0.00",
        "let first = billed - paid",
    )

    assert [let.name for let in method.lets] == ["second", "first"]
    assert method.lets[0].value.text == "first - $1.00 if first > $1.00 else $0.00"


def test_a_let_has_the_level_of_what_it_reads(tmp_path: Path) -> None:
    method = _method(
        tmp_path,
        "per claim",
        "let of_line = billed - paid",
        "let of_claim = sum of of_line - deductible",
        "let constant = 2 * $1.00",
        "pay of_claim - constant",
    )

    assert [let.level for let in method.lets] == ["line", "claim", ""]


def test_an_amendment_replaces_and_withdraws_limits_and_routes(tmp_path: Path) -> None:
    limit = """\
limit SL "Stop loss"
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $100.00
  then PLAN
end
"""
    amendment = """\
amendment 1 to K version 1
  in force 2026-01-01 onward
  withdraw R
end
"""
    route = 'route R "Back"\n  then deny within 9 days of service_date\nend\n'
    text = rules(limit, route, amendment, limit.replace("$100.00", "$200.00"))

    found, problems = read_rules(written_rules(tmp_path, text))

    assert [each.message for each in problems if each.is_error] == []
    contract = found.contracts["K"]
    assert contract.text.limits[0].tiers[0].up_to == 10_000
    assert contract.amendments[0].text.limits[0].tiers[0].up_to == 20_000
    assert [each.id for each in contract.text.routes] == ["R"]


def test_a_calendar_of_the_head_makes_working_days(tmp_path: Path) -> None:
    route = 'route R "Back"\n  then deny within 9 working days of service_date\nend\n'
    head = HEAD.replace("  decide by", "  calendar US-FEDERAL\n  decide by")

    _, without = read_rules(written_rules(tmp_path, rules(route)))
    _, with_one = read_rules(written_rules(tmp_path, rules(route, head=head)))

    assert [each.code for each in without] == ["R028"]
    assert [each.code for each in with_one] == []


def _method(folder: Path, per: str, *lines: str) -> Method:
    body = "".join(f"  {line}\n" for line in lines)
    text = f'edition 1\n{MONEY}\nmethod A "A"\n  for secondary\n  {per}\n{body}end\n'
    found, problems = read_rules(written_rules(folder, text))
    assert [each.message for each in problems if each.is_error] == []
    return found.methods["M", "1"].methods["A"]


EQUAL = """\
methods M "Methods"
  version 1
  facts from F 1
end

method EQUAL "Equal plans"
  for {position}
  per line
  let part = billed * equal_share
  pay {pay}
end

test "A third"
  method EQUAL
  given equal_share 1/3, billed $90.00
  expect pay $30.00
end
"""


def _of_equal(folder: Path, position: str, pay: str) -> list[Diagnostic]:
    text = rules(EQUAL.format(position=position, pay=pay))
    found = read_rules(written_rules(folder, text))[1]
    return [each for each in found if each.is_error]


def test_the_share_of_equal_plans_needs_no_fact(tmp_path: Path) -> None:
    assert _of_equal(tmp_path, "equal", "part") == []


def test_the_share_of_equal_plans_is_for_equal_plans(tmp_path: Path) -> None:
    assert [each.code for each in _of_equal(tmp_path, "secondary", "part")] == ["R026"]


def test_a_name_that_is_none_is_told_with_each_name_once(tmp_path: Path) -> None:
    (told,) = _of_equal(tmp_path, "equal", "something_else")

    assert told.help == "there are `part`, `equal_share`, `age`, `billed`, `allowed`"


USED = """\
edition 1

order LENT "Lent to others"
  version 1
  facts from P 1

  rule GROUP "Group plans first"
    this ahead of other
    when this.kind is group and other.kind is medicare
  end
end

order BESIDE "Not used by anybody"
  version 1
  facts from P 1

  rule LENT-AGAIN "The other way round"
    this ahead of other
    when this.kind is medicare and other.kind is group
  end
end

test "A test of the used file"
  order LENT
  given this.kind group, other.kind medicare
  expect this ahead of other because GROUP
end

test "A test of what the user's file does not have"
  method NOBODY-HAS-IT
  expect by hand
end
"""


def test_tests_of_a_file_that_is_only_used_are_left_to_that_file() -> None:
    own = f"""\
edition 1

{MONEY}
order MINE "Mine"
  version 1
  facts from P 1
  rules from LENT 1
end

test "My own"
  order MINE
  given this.kind medicare, other.kind group
  expect other ahead of this because GROUP
end
"""
    file, found = parse("mine.rules", own)
    used, _ = parse("lent.rules", USED)

    def find(kind: str, name: str, _version: str) -> RuleFile | None:
        return used if (kind, name) == ("order", "LENT") else None

    resolved, more = resolve([file], find)

    assert [each.message for each in found + more] == []
    assert [each.title for each in resolved.tests] == ["My own"]
    given = resolve([file, used], find)[1]
    assert [each.code for each in given] == ["R009"]
