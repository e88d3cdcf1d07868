"""Adjustments to leaves of the charge: which component each reason code means.

The rules are those of payment terms: a reason of nobody's agreement is looked up by its
code, and PR makes what a contract would write off the member's. Codes that are not here
are the member's if their group is PR, and else in no leaf: nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from whopays.model.coordination import Adjustment
from whopays.model.remittance import PRIOR, UNASSIGNED, Components

_MEMBER = "PR"
_TO_MEMBER: Final = "100"
_BILLED = frozenset({"noncovered", "denied"})
#: Leaves of reason codes, in the code list that X12 maintains (source 139).
_CODES = {
    "deductible": "1 66 247",
    "coinsurance": "2 248",
    "copay": "3",
    "member_other": "35 119 122 142 149 178",
    PRIOR: "23",
    "prepaid": "24",
    "withhold": "104 245",
    "payment_reduction": "253 B4 237",
    "plan_paid": _TO_MEMBER,
    "discount": "42 44 45 59 94 103 131 A2",
    "noncovered": (
        "48 49 50 51 53 54 55 56 60 78 96 111 114 117 167 168 170 171 172 183 184 185 202"
        " 204 212 256 269 B1"
    ),
    "denied": (
        "4 5 6 7 8 9 10 11 12 13 14 15 16 18 19 20 21 22 26 27 29 31 32 33 34 38 39 40 58"
        " 61 95 97 106 107 108 109 110 112 116 128 129 133 135 136 138 140 146 147 148 150"
        " 151 152 153 154 155 157 158 159 160 163 164 165 166 173 174 175 176 177 179 180"
        " 181 182 188 189 190 197 198 199 200 203 206 207 208 210 211 216 219 222 226 227"
        " 228 231 233 234 236 238 239 240 242 243 246 249 250 251 252 257 258 270 272 273"
        " 274 276 279 A1 A6 A8 B5 B7 B8 B9 B10 B11 B12 B13 B14 B15 B16 B20"
    ),
}
LEAF_OF = MappingProxyType(
    {code: leaf for leaf, codes in _CODES.items() for code in codes.split()}
)


def leaf_of(group: str, reason: str) -> str:
    """Return the leaf that an adjustment belongs to, or PRIOR, or UNASSIGNED."""
    leaf = LEAF_OF.get(reason.lstrip("0"), "")
    if group == _MEMBER:
        if leaf == "discount":
            return "balance_bill"
        return leaf or "member_other"
    # A share of the member that the group does not give to the member is nobody's yet.
    if leaf in {"deductible", "coinsurance", "copay", "member_other"}:
        return UNASSIGNED
    return leaf or UNASSIGNED


def components(adjustments: Iterable[Adjustment], paid: int | None) -> Components:
    """Return the parts of a charge: what was adjusted, and what the plan paid, in cents."""
    leaves: dict[str, int] = {"plan_paid": paid or 0}
    excluded = to_member = 0
    for each in adjustments:
        leaf = leaf_of(each.group, each.reason)
        leaves[leaf] = leaves.get(leaf, 0) + each.cents
        if each.group == _MEMBER and leaf in _BILLED:
            excluded += each.cents
        if leaf == "plan_paid":
            to_member += each.cents
    return Components(
        {name: cents for name, cents in leaves.items() if cents}, excluded, to_member
    )
