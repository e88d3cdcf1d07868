"""Published examples of who pays first as account documents, by the id of the example.

The examples tell facts in words. What they leave open and does not matter to them is said
here: plans coordinate, nobody has kidney failure, no child has a decree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """The account of an example, and the places of its plans that come out.

    `differs` says why, where the shipped rules do not give what was published.
    """

    document: dict[str, Any]
    places: tuple[tuple[str, ...], ...]
    differs: str = ""


def example(
    patient: Facts, plans: dict[str, Facts], *places: str, differs: str = ""
) -> Example:
    """Return an example with its plans, one place for each of `places`."""
    nobody = {"medicare_by": None, "esrd_eligible_from": None, "is_child": False}
    coverages = [
        {"plan": name, "facts": {"coordinates": True, "yields_by_terms": False, **each}}
        for name, each in plans.items()
    ]
    document = {
        "account_id": "EXAMPLE",
        "service_date": "2026-03-04",
        "patient": {"active_duty": False, **nobody, **patient},
        "lines": [{"billed": "100.00"}],
        "coverages": coverages,
    }
    return Example(document, tuple(tuple(p.split("=")) for p in places), differs)


_MEDICARE = {"kind": "medicare", "covers_as": "subscriber"}
_OWN = {"kind": "group", "covers_as": "subscriber", "employment": "active"}
_CHILD = {"is_child": True, "decree": None, "named_parent_covers": False}


def _parent(through: str, *, custody: bool | None = None, **facts: Any) -> Facts:
    found: Facts = {
        "kind": "group",
        "covers_as": "dependent",
        "covers_through": through,
        "employment": "active",
        "decree_known_on": None,
        "named_by_decree": False,
        "paid_before_decree_known": False,
        **facts,
    }
    if custody is not None:
        found["has_custody"] = custody
    return found


EXAMPLES = {
    "ord-msp-aged-20plus": example(
        {"medicare_by": "age"},
        {"medicare": _MEDICARE, "ghp": {**_OWN, "employer_size": "20"}},
        "ghp",
        "medicare",
    ),
    "ord-msp-disabled-100plus": example(
        {"medicare_by": "disability"},
        {"medicare": _MEDICARE, "ghp": {**_OWN, "large_group_size": "100"}},
        "ghp",
        "medicare",
    ),
    "ord-msp-esrd-after30": example(
        {
            "medicare_by": "esrd",
            "esrd_eligible_from": "2023-09-01",
            "esrd_eligible_to": None,
        },
        {"medicare": _MEDICARE, "ghp": {**_OWN, "behind_medicare_before_esrd": False}},
        "medicare",
        "ghp",
    ),
    "ord-msp-cobra-aged": example(
        {"medicare_by": "age"},
        {"cobra": {**_OWN, "employment": "continued"}, "medicare": _MEDICARE},
        "medicare",
        "cobra",
    ),
    # The published order leaves the insurer out: it covers no line, and stands last.
    "ord-msp-nofault-unrelated": example(
        {"medicare_by": "age"},
        {
            "no_fault": {"kind": "no_fault", "answers_for_service": False},
            "medicare": _MEDICARE,
        },
        "medicare",
        "no_fault",
    ),
    "ord-msp-tertiary-auto": example(
        {"medicare_by": "age"},
        {
            "medicare": _MEDICARE,
            "ghp": {**_OWN, "employer_size": "50"},
            "auto": {"kind": "no_fault", "answers_for_service": True},
        },
        "auto",
        "ghp",
        "medicare",
    ),
    "ord-age-retirement-then-esrd": example(
        {
            "medicare_by": "age",
            "esrd_eligible_from": "2026-01-01",
            "esrd_eligible_to": None,
        },
        {
            "ghp": {
                **_OWN,
                "employment": "retired",
                "behind_medicare_before_esrd": True,
            },
            "medicare": _MEDICARE,
        },
        "medicare",
        "ghp",
    ),
    "ord-multi-employer-20": example(
        {"medicare_by": "age"},
        {
            "medicare": _MEDICARE,
            "ghp": {
                **_OWN,
                "employer_size": "12",
                "employer_size_last_year": "12",
                "multi_employer": True,
                "largest_employer_size": "20",
                "small_employer_excepted": False,
            },
        },
        "ghp",
        "medicare",
    ),
    "ord-tricare-stepparent": example(
        {**_CHILD, "parents": "apart"},
        {
            "tricare": _parent("parent", kind="tricare", custody=True),
            "stepparent_plan": _parent("parents_spouse", custody=True),
        },
        "stepparent_plan",
        "tricare",
    ),
    "ord-tricare-medicaid": example(
        {},
        {"medicaid": {"kind": "medicaid"}, "tricare": {"kind": "tricare"}},
        "tricare",
        "medicaid",
    ),
    "ord-birthday-oct-apr": example(
        {**_CHILD, "parents": "together"},
        {
            "parent_1_plan": _parent("parent", subscriber_birthday="1980-10-09"),
            "parent_2_plan": _parent("parent", subscriber_birthday="1985-04-30"),
        },
        "parent_2_plan",
        "parent_1_plan",
    ),
    "ord-custody-four-plans": example(
        {**_CHILD, "parents": "apart"},
        {
            "mothers_spouse_plan": _parent("parents_spouse", custody=False),
            "mother_plan": _parent("parent", custody=False),
            "fathers_spouse_plan": _parent("parents_spouse", custody=True),
            "father_plan": _parent("parent", custody=True),
        },
        "father_plan",
        "fathers_spouse_plan",
        "mother_plan",
        "mothers_spouse_plan",
    ),
    "ord-in-decree-responsible-uninsured": example(
        {**_CHILD, "parents": "apart", "decree": "one_parent"},
        {
            "parent_b_plan": _parent("parent", custody=True),
            "parent_a_spouse_plan": _parent(
                "parents_spouse",
                custody=False,
                named_by_decree=True,
                decree_known_on="2025-01-01",
            ),
        },
        "parent_a_spouse_plan",
        "parent_b_plan",
    ),
    "ord-ny-ogc-stepfather": example(
        {**_CHILD, "parents": "apart"},
        {
            "father_plan": _parent(
                "parent", custody=False, subscriber_birthday="1980-01-01"
            ),
            "stepfather_plan": _parent("parents_spouse", custody=True),
        },
        "stepfather_plan",
        "father_plan",
    ),
    "ord-cobra-other": example(
        {},
        {
            "plan_a": {**_OWN, "employment": "continued"},
            "plan_b": _OWN,
        },
        "plan_b",
        "plan_a",
    ),
    "ord-gender-rule-legacy": example(
        {**_CHILD, "parents": "together"},
        {
            "mother_plan": _parent("parent", subscriber_birthday="1980-03-01"),
            "father_plan": _parent("parent", subscriber_birthday="1980-08-01"),
        },
        "mother_plan",
        "father_plan",
        differs="the rule of the father's plan is no rule of the model regulation of 2013: "
        "the birthday that comes first in the year decides",
    ),
    "ord-none-decides-equal": example(
        {},
        {
            "plan_a": {**_OWN, "covered_since": "2020-01-01"},
            "plan_b": {**_OWN, "covered_since": "2020-01-01"},
        },
        "plan_a=plan_b",
    ),
}
