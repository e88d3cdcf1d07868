"""What generated conditions ask, and the values that generated lines give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from whopays.model.values import NONE, Value

Facts = Mapping[str, Value]


@dataclass(frozen=True)
class Test:
    """One atom of a condition: as text, and as Python would ask it."""

    __test__ = False

    text: str
    fact: str
    holds: Callable[[Facts], bool]


def over(years: int) -> Test:
    """Return `age >= years`."""
    return Test(f"age >= {years}", "age", lambda facts: facts["age"] >= years)  # type: ignore[operator]


def under(years: int) -> Test:
    """Return `age < years`."""
    return Test(f"age < {years}", "age", lambda facts: facts["age"] < years)  # type: ignore[operator]


def _is(fact: str, value: Value, text: str) -> Test:
    return Test(text, fact, lambda facts: facts[fact] == value)


def _meets(fact: str, values: frozenset[Value], text: str) -> Test:
    def holds(facts: Facts) -> bool:
        value = facts[fact]
        return bool(values & set(value if isinstance(value, tuple) else (value,)))

    return Test(text, fact, holds)


PAIRS: tuple[tuple[Test, ...], ...] = (
    (
        _is("network", "inside", "network is inside"),
        _is("network", "outside", "network is outside"),
    ),
    (
        _is("emergency", True, "emergency"),
        _is("emergency", False, "not emergency"),
    ),
    (),
)
_JOINT = frozenset({"M170", "M171"})
RARE = (
    _meets("diagnoses", _JOINT, "diagnoses include ICD10CM M17.0, M17.1"),
    _meets("modifiers", frozenset({"JG", "TB"}), "modifiers include MODIFIER JG, TB"),
    _meets(
        "place_of_service", frozenset({"21", "23"}), "place_of_service in POS 21, 23"
    ),
    _is("authorized_by", "IPA", "authorized_by is IPA"),
    _is("capitated", True, "capitated"),
    _is("area", "outside", "area is outside"),
    _is("claim_type", "institutional", "claim_type is institutional"),
    _meets("bill_type", frozenset({"0111", "0121"}), "bill_type in TOB 0111, 0121"),
    Test("units > 10", "units", lambda facts: facts["units"] > 10),  # type: ignore[operator]
)
VALUES: dict[str, tuple[Value, ...]] = {
    "product": ("HMO", "POS"),
    "service_date": tuple(date(2026, month, 3) for month in range(1, 13)),
    "age": (3, 17, 25, 38, 44, 59, 66, 81),
    "network": ("inside", "outside"),
    "emergency": (True, False),
    "diagnoses": (("M170", "E119"), ("I10",), ("J069", "R05"), ()),
    "modifiers": (("JG",), ("26",), (), ()),
    "place_of_service": ("11", "21", "22", "23"),
    "authorized_by": ("IPA", "PLAN", NONE),
    "capitated": (True, False),
    "area": ("inside", "outside"),
    "claim_type": ("professional", "institutional"),
    "bill_type": ("0111", "0131", NONE),
    "units": (1, 2, 12),
}
