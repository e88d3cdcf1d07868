"""What the tests of a contract touch, and what they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from whopays.analyse.demands import items_of
from whopays.analyse.items import MISSING, TOUCHED, Coverage, Covered
from whopays.analyse.testing import Result
from whopays.analyse.touches import Touches
from whopays.engines.durable import Plain
from whopays.model.contract import Contract


def coverage(contract: Contract, results: Iterable[Result]) -> Coverage:
    """Return what `results`, of the tests of `contract`, touch.

    Only a test that passes, and that expects something, touches anything.
    """
    touches = Touches(contract, Plain())
    mine = [each for each in results if each.case.contract == contract.id]
    touched: dict[Hashable, list[str]] = {}
    for result in mine:
        if result.state == "passed" and result.case.expected:
            for key in of_test(touches, result):
                touched.setdefault(key, []).append(result.case.title)
    items = tuple(
        Covered(item, TOUCHED, tuple(touched[item.key]))
        if item.key in touched
        else Covered(item, MISSING)
        for item in items_of(touches.program)
    )
    states = Counter(each.state for each in mine)
    unreviewed = sum(each.state == "passed" and each.case.unreviewed for each in mine)
    return Coverage(
        contract.id,
        states["passed"],
        states["failed"],
        states["later"],
        unreviewed,
        items,
    )


def of_test(touches: Touches, result: Result) -> frozenset[Hashable]:
    """Return the keys of the items that the lines of a test touch."""
    case = result.case
    found = (touches.of(line, case.category, case.known_on) for line in case.lines)
    return frozenset(key for keys in found for key in keys)
