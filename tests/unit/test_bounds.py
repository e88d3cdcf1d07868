"""How much there may be of anything: as much as a bound is no error, one more is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from small_rules import HEAD, rules, written_rules
from whopays import bounds
from whopays.api.rulefiles import read_rules

METHODS = 'methods M "Methods"\n  version 1\n  facts from F 1\nend\n'


def nested(many: int) -> str:
    when = "(" * many + "age > 64" + ")" * many
    return rules(f'exception E-1 to A "Rooms"\n  when {when}\n  then PLAN\nend\n')


def lets(many: int) -> str:
    lines = "\n".join(f"  let x{at} = billed" for at in range(many))
    return rules(
        f'{METHODS}\nmethod X "X"\n  for secondary\n  per line\n{lines}\n  pay billed\nend\n'
    )


def chain(many: int) -> str:
    first = "define d0\n  when age > 64\nend\n"
    others = (
        f"define d{at}\n  when d{at - 1} or age < {at}\nend\n" for at in range(1, many)
    )
    return rules(first, *others)


def exceptions(many: int) -> str:
    return rules(
        *(
            f'exception E-{at} to A "Rooms"\n  when age is {at}\n  then PLAN\nend\n'
            for at in range(many)
        )
    )


def amendments(many: int) -> str:
    return rules(
        *(
            f"amendment {at} to K version 1\n  in force 2026-01-01 onward\nend\n"
            for at in range(1, many + 1)
        )
    )


def by_lines(many: int) -> str:
    lines = "\n".join(
        f"  decide by service_date when age is {at}" for at in range(many - 1)
    )
    every = f"{lines}\n  decide by service_date otherwise\n"
    return rules(head=HEAD.replace("  decide by service_date\n", every))


def order(many: int) -> str:
    ids = [f"R-{at}" for at in range(many)]
    found = "\n".join(
        f'  rule {name} "R"\n    this ahead of other\n'
        "    when this.since < other.since\n  end"
        for name in ids
    )
    facts = "fact since of plan is date"
    text = rules(f'order O "O"\n  version 1\n  facts from F 1\n{found}\nend\n')
    return text.replace("  fact age is number\n", f"  fact age is number\n  {facts}\n")


def routes(many: int) -> str:
    return rules(
        *(
            f'route R-{at} "R"\n  when age is {at}\n'
            "  then deny within 9 days of service_date\nend\n"
            for at in range(many)
        )
    )


def periods(many: int) -> str:
    lines = "".join(
        f"  in force {2000 + at}-01-01 to {2000 + at}-12-31\n" for at in range(many)
    )
    then = "  then pay within 9 days of service_date\n"
    return rules(f'clock T "T"\n{lines}{then}end\n')


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (nested, bounds.DEEPEST),
        (lets, bounds.MOST_LETS),
        (chain, bounds.DEEPEST_CHAIN),
        (exceptions, bounds.MOST_EXCEPTIONS),
        (amendments, bounds.MOST_AMENDMENTS),
        (by_lines, bounds.MOST_BY_LINES),
        (order, bounds.MOST_RULES),
        (routes, bounds.MOST_DUTIES),
        (periods, bounds.MOST_PERIODS),
    ],
)
def test_as_much_as_a_bound_is_no_error_and_one_more_is(
    text: Callable[[int], str], most: int, tmp_path: Path
) -> None:
    def codes(many: int) -> list[str]:
        found = read_rules(written_rules(tmp_path, text(many)))[1]
        return [each.code for each in found if each.is_error]

    assert codes(most) == []
    assert codes(most + 1) == ["P020"]
