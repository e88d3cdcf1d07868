"""Published cases of coordination as account documents: what they give, in our words.

Each kind of case names the shipped method that is its formula. What a case leaves open is
filled in here, and said so: it is chosen so that only the terms that the case gives bind.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Inputs = dict[str, Any]
Document = dict[str, Any]
#: A charge that binds nothing, where a case gives none.
_FAR = "100000.00"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Run:
    """A case as an account of which the last plan is asked, by `method`.

    `names` says what the expectations of a case are called in the result: `pay`,
    `patient`, a let, or `write_off`.
    """

    method: str
    document: Document
    names: dict[str, str]


_PAID = {
    "secondary_payment": "pay",
    "secondary_expected": "pay",
    "tertiary_expected": "pay",
    "patient_responsibility": "patient",
}


def times(amount: str, rate: str) -> str:
    """Return `amount` times `rate`, as a payer would state it: to the cent, halves up."""
    return str((Decimal(amount) * Decimal(rate)).quantize(_CENT, ROUND_HALF_UP))


def less(amount: str, other: str) -> str:
    """Return the difference of two amounts."""
    return str(Decimal(amount) - Decimal(other))


def account(
    method: str,
    own: Document,
    *ahead: Document,
    billed: str = _FAR,
    **names: str,
) -> Run:
    """Return a case of one line: what the plans ahead say, and the last one's words."""
    plans = [
        {"plan": f"PLAN-{at}", "lines": [each]} for at, each in enumerate(ahead, 1)
    ]
    last = {"plan": "LAST", "method": method, "lines": [own]}
    document = {
        "account_id": "CASE",
        "lines": [{"billed": billed}],
        "coverages": [*plans, last],
    }
    return Run(method, document, {**_PAID, **names})


def _percent(rate: str) -> str:
    return f"{Decimal(rate) * 100:f}%"


def normal(case: Inputs) -> str:
    """Return what the second plan would pay alone, within its maximum."""
    found = case.get("secondary_normal")
    if found is None:
        base = case.get("secondary_allowed", case.get("allowed"))
        if base is None:  # nothing is said of it: it would pay in full
            base = case["eligible_expense"]
        found = times(base, case.get("secondary_pct", "1"))
    most = case.get("secondary_max")
    return str(found if most is None else min(Decimal(found), Decimal(most)))


_BASES = {
    "common_allowed": "STANDARD-SECONDARY",
    "secondary_allowed": "STANDARD-SECONDARY",
    "primary_allowed": "STANDARD-PRIMARY",
    "highest_allowed": "STANDARD-HIGHEST",
    "lowest_allowed": "STANDARD-LOWEST",
    "billed": "STANDARD-BILLED",
    "otaf": "STANDARD-OTAF",
    "primary_patient_responsibility": "STANDARD-PATIENT-SHARE",
    "patient_responsibility": "STANDARD-PATIENT-SHARE",
    "eligible_expense": "STANDARD-EXPENSE",
    "allowable_expense": "STANDARD-EXPENSE",
}


def standard(case: Inputs) -> Run:
    """Return standard coordination: its basis says which method it is."""
    own: Document = {"benefit": normal(case)}
    both = case.get("allowed")
    if both or "secondary_allowed" in case:
        own["allowed"] = case.get("secondary_allowed", both)
    for name in ("eligible_expense", "allowable_expense"):
        if name in case:
            own["allowable_expense"] = case[name]
    ahead: Document = {"paid": case["primary_paid"]}
    if both or "primary_allowed" in case:
        ahead["allowed"] = case.get("primary_allowed", both)
    share = case.get("primary_patient_responsibility")
    if share is not None:
        ahead["patient_share"] = share
    if "otaf" in case:
        ahead["otaf"] = case["otaf"]
    return account(_BASES[case["basis"]], own, ahead, billed=case.get("billed", _FAR))


def non_duplication(case: Inputs) -> Run:
    """Return the own benefit less what was paid; the maximum is within the own benefit."""
    base = case.get("secondary_allowed", case.get("allowed"))
    own = {"benefit": normal(case), "allowed": base}
    ahead = {"paid": case["primary_paid"]}
    return account("NON-DUPLICATION", own, ahead, billed=case.get("billed", _FAR))


def maintenance(case: Inputs) -> Run:
    """Return maintenance: the payment comes off the allowed amount, then the plan's percent counts."""
    own = {
        "allowed": case.get("secondary_allowed", case.get("allowed")),
        "plan_percent": _percent(case["secondary_pct"]),
        "deductible": case.get("secondary_deductible", "0.00"),
        "copay": case.get("secondary_copay", "0.00"),
    }
    return account("MAINTENANCE", own, {"paid": case["primary_paid"]})


def fee_schedule(case: Inputs) -> Run:
    """Medicare second, 42 CFR 411.33(a)."""
    allowed = case["medicare_allowed"]
    open_ = case["medicare_deductible_remaining"]
    rest = less(allowed, open_)
    own = {
        "allowed": allowed,
        "plan_percent": _percent(case["medicare_pct"]),
        "deductible": open_,
        "coinsurance": less(rest, times(rest, case["medicare_pct"])),
        "accepts_primary_as_full": False,
    }
    ahead = {
        "paid": case["primary_paid"],
        "allowed": case.get("primary_allowed", allowed),
        "otaf": case.get("otaf"),
    }
    return account(
        "MSP-FEE-SCHEDULE",
        own,
        ahead,
        billed=case.get("billed", _FAR),
        term_1="left_over",
        term_2="alone",
        term_3="by_highest",
    )


def charge_term_only(case: Inputs) -> Run:
    """Medicare second, where a case gives the first term alone: the others are far."""
    allowed = case.get("allowed_as_printed", case.get("billed", _FAR))
    return fee_schedule(
        {
            "medicare_allowed": allowed,
            "medicare_pct": "1",
            "medicare_deductible_remaining": "0.00",
            "primary_allowed": case.get("primary_allowed", allowed),
            "primary_paid": case["primary_paid"],
            "otaf": case["otaf"],
            "billed": case.get("billed", _FAR),
        }
    )


def other_basis(case: Inputs) -> Run:
    """Medicare second, 42 CFR 411.33(e)."""
    own = {
        "gross": case["medicare_gross"],
        "deductible": case["medicare_deductible"],
        "coinsurance": case["medicare_coinsurance"],
        "accepts_primary_as_full": False,
    }
    ahead = {"paid": case["primary_paid"], "otaf": case.get("otaf")}
    found = account(
        "MSP-OTHER-BASIS",
        own,
        ahead,
        billed=case["billed"],
        term_gross_less_costshare="gross_less_shares",
        term_gross_less_primary="gross_less_paid",
        term_charge_less_primary="charge_less_paid",
        term_charge_less_costshare="charge_less_share",
    )
    last = found.document["coverages"][-1]
    last["amounts"] = {"gross": last["lines"][0].pop("gross")}
    return found


def tricare_participating(case: Inputs) -> Run:
    """Return the manual's two steps; a service that TRICARE can't process is not covered."""
    own: list[Document] = []
    for each in case["lines"]:
        allowed = each["tricare_allowed"]
        if allowed is None:
            own.append({"covered": False})
        else:
            own.append(
                {"allowed": allowed, "benefit": times(allowed, case["tricare_pct"])}
            )
    count = range(1, len(own) + 1)
    document = {
        "account_id": "CASE",
        "lines": [{"billed": each["billed"]} for each in case["lines"]],
        "coverages": [
            {
                "plan": "OTHER",
                "lines": [
                    {"line": str(at), "paid": each["ohi_paid"], "patient_share": "0.00"}
                    for at, each in zip(count, case["lines"], strict=True)
                ],
            },
            {
                "plan": "LAST",
                "method": "TRICARE-UNPAID-BALANCE",
                "lines": [
                    {"line": str(at), **each}
                    for at, each in zip(count, own, strict=True)
                ],
            },
        ],
    }
    names = {
        "tricare_absent_other_coverage": "alone",
        "unpaid_balance": "left_over",
        "net_billed": "sum of billed",
        "ohi_applicable": "sum of prior_paid",
    }
    return Run("TRICARE-UNPAID-BALANCE", document, {**_PAID, **names})


def tricare_nonparticipating(case: Inputs) -> Run:
    """115% of what TRICARE allows is all that the provider may bill."""
    allowed = case["tricare_allowed"]
    own = {"allowed": allowed, "benefit": times(allowed, case["tricare_pct"])}
    ahead = {
        "paid": case["ohi_paid"],
        "patient_share": case["patient_owes_after_ohi"],
    }
    return account("TRICARE-NONPARTICIPATING", own, ahead, billed=case["billed"])


def medicaid_writeoff(case: Inputs) -> Run:
    """Medicaid's own benefit less what was paid; whatever is left is written off."""
    own = {"benefit": case["secondary_allowed"]}
    ahead = {"paid": case["primary_paid"]}
    return account(
        "MEDICAID-BENEFIT-LESS-PAID",
        own,
        ahead,
        billed=case["billed"],
        secondary_writeoff=f"write_off less {case['primary_writeoff']}",
    )


def crossover(case: Inputs) -> Run:
    """Medicaid behind Medicare: the cost share, within what is left of the fee."""
    own = {"allowed": case["medicaid_allowed"]}
    ahead = {
        "paid": case["medicare_paid"],
        "deductible": case.get("medicare_deductible", "0.00"),
        "coinsurance": case["medicare_cost_share"],
    }
    found = account("MEDICAID-CROSSOVER-CLAIM", own, ahead, billed=case["billed"])
    found.document["coverages"][0]["facts"] = {"kind": "medicare"}
    return found


def _others(case: Inputs) -> list[Document]:
    """Return the plans ahead; two of them where the plan is the third."""
    paid = case.get("other_paid") or [
        case.get("primary_paid", case.get("sum_other_paid"))
    ]
    if case["rank"] == "tertiary" and len(paid) == 1:
        paid = [*paid, "0.00"]
    found: list[Document] = [{"paid": each} for each in paid]
    for one, allowed in zip(found, case.get("other_allowed", ()), strict=False):
        one["allowed"] = allowed
    if "primary_allowed" in case:
        found[0]["allowed"] = case["primary_allowed"]
    return found


def type_a(case: Inputs) -> Run:
    """Contract management, type A."""
    return account("BILLED-LESS-PAID", {}, *_others(case), billed=case["billed"])


def type_b(case: Inputs) -> Run:
    """Contract management, type B; the raw difference is the formula before its bounds."""
    own = {"expected": case["own_total_expected"]}
    return account(
        "EXPECTED-LESS-PAID", own, *_others(case), raw_difference="before bounds"
    )


def type_c(case: Inputs) -> Run:
    """Contract management, type C, as printed."""
    third = case["rank"] == "tertiary"
    method = (
        "ALLOWED-LESS-PAID-TERTIARY-LITERAL" if third else "ALLOWED-LESS-PAID-CAPPED"
    )
    own = {"allowed": case["own_allowed"]}
    return account(method, own, *_others(case), billed=case.get("billed", _FAR))


def own_allowed(case: Inputs) -> Run:
    """Take what was paid off what the second plan allows.

    The first plan's write-off was posted before: what it took too much is the credit.
    """
    own = {"allowed": case["secondary_allowed"]}
    ahead = {"paid": case["primary_paid"], "allowed": case["primary_allowed"]}
    posted = case["primary_contractual_posted"]
    return account(
        "OWN-ALLOWED-LESS-PAID",
        own,
        ahead,
        billed=case["billed"],
        account_credit=f"{posted} less write_off",
    )


def bank(case: Inputs) -> Run:
    """Return standard coordination, then what was saved on earlier claims."""
    own = {
        "benefit": normal(case),
        "allowable_expense": case["allowable_expense"],
    }
    found = account("RESERVE", own, {"paid": case["primary_paid"]}, drawn="drawn")
    found.document["coverages"][-1]["balances"] = {"reserve_left": case["bank"]}
    return found


#: By the kind of a case. `x12_cob_balance` and `compromise_share` are no accounts.
KINDS = {
    "standard": standard,
    "non_duplication": non_duplication,
    "maintenance_of_benefits": maintenance,
    "benefit_bank": bank,
    "msp_fee_schedule": fee_schedule,
    "msp_charge_term_only": charge_term_only,
    "msp_other_basis": other_basis,
    "tricare_participating": tricare_participating,
    "tricare_nonparticipating": tricare_nonparticipating,
    "medicaid_secondary_writeoff": medicaid_writeoff,
    "medicaid_crossover": crossover,
    "finthrive_A": type_a,
    "finthrive_B": type_b,
    "finthrive_C": type_c,
    "secondary_allowed_less_paid": own_allowed,
}
