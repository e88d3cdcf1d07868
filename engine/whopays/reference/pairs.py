"""Which of two plans goes ahead: the definition, on facts that are all known."""

from __future__ import annotations

from collections.abc import Callable

from whopays.model.payments import Order
from whopays.model.values import Value

_SIDES = {"this": "other", "other": "this"}


def ahead(order: Order, read: Callable[[str], Value]) -> tuple[str, str]:
    """Return the plan that goes ahead and the rule that says so: this, other, or neither.

    A rule that holds in both directions, or in none, decides nothing.
    """
    for rule in order.rules:
        forth = rule.when.holds(read)
        back = rule.when.holds(lambda name: read(_exchanged(name)))
        if forth != back:
            return ("this" if forth else "other"), rule.id
    return "neither", ""


def _exchanged(name: str) -> str:
    side, dot, rest = name.partition(".")
    return f"{_SIDES[side]}.{rest}" if dot and side in _SIDES else name
