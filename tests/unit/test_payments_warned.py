"""What is warned of in methods, terms and orders: it can be used, and is hardly meant."""

from __future__ import annotations

import pytest

from whopays.diagnostics import Diagnostic
from whopays.resolve import resolve
from whopays.syntax import parse

FACTS = """\
edition 1

facts F "Facts"
  version 1
  fact network is one of inside, outside
  fact a, b, c is money per line
  fact rate is percent
  fact kind of plan is one of group, medicare
  fact birthday of plan is birthday
  fact since of plan is date
  fact is_child of patient is yes or no
end
"""
METHOD = """\
methods M "Methods"
  version 1
  facts from F 1
end

method X "X"
  for secondary
  per {level}
  {lets}
  pay {pay}
    {bounds}
end
"""
ORDER = """\
order O "Order"
  version 1
  facts from F 1
  rule R "Rule"
    this ahead of other
    when {when}
  end
end
"""


def found(text: str) -> list[Diagnostic]:
    file, problems = parse("a.rules", f"{FACTS}\n{text}")
    _, more = resolve([file], lambda *_: None)
    every = [*problems, *more]
    assert not any(each.is_error for each in every)
    return every


def method(*bounds: str, level: str = "line", lets: str = "", pay: str = "") -> str:
    amount = pay or ("a" if level == "line" else "sum of a")
    lines = "\n    ".join(bounds)
    return METHOD.format(level=level, lets=lets, pay=amount, bounds=lines)


@pytest.mark.parametrize(
    "bounds",
    [
        ("not below $5.00", "not above $4.99"),
        ("not above $4.99", "not below $5.00"),
        ("not below $0.00", "not above a - b"),
        ("not below a", "not above 80% * a"),
        ("not below a + $0.01", "not above a"),
        ("not below $0.00", "not above lesser of (a, b - c)"),
        ("not below greater of (b, $1.00)", "not above c"),
        ("not below $1.00", "not above a"),
        ("not below $0.00", "not above rest"),
        ("not below $0.00", "not above b", "not above rest"),
    ],
)
def test_a_ceiling_that_can_be_below_a_floor_is_told(bounds: tuple[str, ...]) -> None:
    (told,) = found(method(*bounds, lets="let rest = a - b"))

    assert (told.code, told.is_error) == ("R030", False)
    assert told.labels[0].remark == "acts last, and wins"
    assert told.labels[0].span.text == bounds[-1]


@pytest.mark.parametrize(
    "bounds",
    [
        ("not below $5.00", "not above $5.00"),
        ("not below $0.00", "not above a"),
        ("not below a - b", "not above a"),
        ("not below a - b - $5.00", "not above a - b"),
        ("not below 80% * a", "not above a"),
        ("not below b", "not above greater of (a, b)"),  # no sum: not looked into
        ("not below $0.00", "not above chosen"),
        ("not below $0.00", "not below a"),
        ("not above $5.00", "not above $1.00"),
    ],
)
def test_bounds_that_do_not_cross_are_not_told(bounds: tuple[str, ...]) -> None:
    lets = "let chosen = a - b if a > b else $0.00"

    assert found(method(*bounds, lets=lets)) == []


def test_sums_of_the_claim_are_compared_line_by_line() -> None:
    rest = method("not below $0.00", "not above sum of (a - b)", level="claim")
    most = method("not below $0.00", "not above sum of (a + b)", level="claim")

    assert [each.code for each in found(rest)] == ["R030"]
    assert found(most) == []


def test_lets_that_double_are_added_up_once() -> None:
    doubled = "\n  ".join(f"let x{n} = x{n - 1} + x{n - 1}" for n in range(1, 150))
    lets = f"let x0 = a - b\n  {doubled}"

    (told,) = found(method("not below $0.00", "not above x149", lets=lets))

    assert told.code == "R030"


@pytest.mark.parametrize(
    "when",
    [
        "network is inside",
        "patient.is_child",
        "this.kind is group or other.kind is group",
        "this.kind is group and other.kind is group",
        "this.since in month of other.since",
        "other.kind is group or this.kind is group or network is inside",
        "this.birthday < other.birthday or other.birthday < this.birthday",
        "this.birthday < other.birthday or this.birthday > other.birthday",
        "not (this.kind is group) and not (other.kind is group)",
    ],
)
def test_a_rule_that_asks_the_same_both_ways_is_told(when: str) -> None:
    (told,) = found(ORDER.format(when=when))

    assert (told.code, told.is_error) == ("R031", False)


@pytest.mark.parametrize(
    "when",
    [
        "this.kind is group",
        "this.kind is group and other.kind is medicare",
        "patient.is_child and this.birthday < other.birthday",
        "this.since < 60 days after other.since",
        "this.kind is group and not (other.kind is group)",
    ],
)
def test_a_rule_that_tells_two_plans_apart_is_not_told(when: str) -> None:
    assert found(ORDER.format(when=when)) == []


def test_a_rule_with_very_many_tests_is_not_tried_in_all_ways() -> None:
    both = " or ".join(
        f"{side}.since < 20{year}-01-01"
        for year in range(10, 40)
        for side in ("this", "other")
    )

    assert found(ORDER.format(when=both)) == []


@pytest.mark.parametrize("words", ["lesser of (a)", "greater of given (a)"])
def test_one_amount_compared_with_nothing_is_told(words: str) -> None:
    (told,) = found(method(pay=words))

    assert (told.code, told.is_error) == ("R032", False)
    assert told.help == "write `a`, or add what it is compared with"


@pytest.mark.parametrize("level", ["line", "claim"])
def test_readings_with_levels_of_their_own_need_none_of_the_term(level: str) -> None:
    value = "a" if level == "line" else "sum of a"
    lines = f"""\
terms T "Terms"
  version 1
  facts from F 1
end

term x by "S"
  reading one per line is a
  reading two per {level} is {value}
  ambiguous because "it does not say"
end
"""

    assert found(lines) == []
