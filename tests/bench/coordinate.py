"""Accounts a second through `cob reprice`, beside plain Python for the same methods."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from accounts import FACTS, METHODS, ORDER
from bench.measure import say, seconds, times
from whopays.api.accounts import load_accounts

ACCOUNTS = 2_000
_METHODS = ("REST", "NONDUP", "RESERVE")
Plan = dict[str, Any]


def reprice(folder: Path, count: int = ACCOUNTS) -> None:
    """Print how many accounts a second are repriced, from file to file."""
    print(f"\nAccounts repriced, {count:,} of two lines and three plans")
    rules, accounts = folder / "cob.rules", folder / "accounts.jsonl"
    rules.write_text(f"{FACTS}\n{METHODS}\n{ORDER}", encoding="utf-8")
    documents = generated(count)
    accounts.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    book = load_accounts(rules)
    ours, (counts, _) = seconds(
        lambda: book.reprice_files([accounts], folder / "repriced")
    )
    plain, _ = seconds(lambda: by_hand(accounts, folder / "by_hand.jsonl"))
    if counts["by_status"] != {"balanced": count}:
        raise AssertionError(f"not all accounts balance: {counts['by_status']}")
    same(folder / "repriced" / "accounts.jsonl", folder / "by_hand.jsonl")
    say("whopays cob reprice, with all steps", f"{count / ours:8,.0f} a second")
    say("Python by hand, the amounts alone", f"{count / plain:8,.0f} a second")
    say("whopays : by hand", times(ours, plain))


def generated(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return account documents of two lines and three plans, the same each time."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    found = []
    for number in range(count):
        charges = [draw.randrange(5_000, 90_000) for _ in range(2)]
        plans = []
        for name, since in zip("ABC", draw.sample(range(1990, 2026), 3), strict=True):
            part = draw.randrange(30, 90)
            lines = [
                {
                    "line": str(at),
                    "allowed": _text(c),
                    "benefit": _text(c * part // 100),
                }
                for at, c in enumerate(charges, 1)
            ]
            facts = {"kind": "group", "covers_as": "dependent"}
            facts["since"] = f"{since}-01-01"
            plans.append(
                {
                    "plan": name,
                    "method": draw.choice(_METHODS),
                    "facts": facts,
                    "lines": lines,
                    "balances": {"reserve_left": _text(draw.randrange(0, 9_000))},
                }
            )
        lines = [
            {"line": str(at), "billed": _text(c)} for at, c in enumerate(charges, 1)
        ]
        found.append({"account_id": f"A-{number}", "lines": lines, "coverages": plans})
    return found


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def by_hand(accounts: Path, out: Path) -> None:
    """Reprice as somebody would write it in Python: payments, patient, write-off."""
    with accounts.open(encoding="utf-8") as read, out.open("w", encoding="utf-8") as to:
        for text in read:
            to.write(json.dumps(_settled(json.loads(text))) + "\n")


def _settled(account: dict[str, Any]) -> dict[str, Any]:
    billed = [_cents(line["billed"]) for line in account["lines"]]
    plans = sorted(account["coverages"], key=lambda plan: plan["facts"]["since"])
    paid: dict[str, int] = {}
    prior = [0, 0]
    patient = 0
    for at, plan in enumerate(plans):
        if at == 0:
            lines, patient = [_cents(line["benefit"]) for line in plan["lines"]], 0
        else:
            lines, patient = _HOW[plan["method"]](plan, billed, prior)
        paid[plan["plan"]] = sum(lines)
        prior = [one + other for one, other in zip(prior, lines, strict=True)]
    write_off = sum(billed) - sum(prior) - patient
    return {
        "account_id": account["account_id"],
        "paid": paid,
        "patient": patient,
        "write_off": write_off,
    }


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)


def _rest(plan: Plan, billed: list[int], prior: list[int]) -> tuple[list[int], int]:
    left = sum(billed) - sum(prior)
    paid = min(max(left, 0), sum(billed))
    return _spread(paid, plan), max(0, left - paid)


def _nondup(plan: Plan, _: list[int], prior: list[int]) -> tuple[list[int], int]:
    lines, owed = [], 0
    for line, before in zip(plan["lines"], prior, strict=True):
        paid = max(0, _cents(line["benefit"]) - before)
        lines.append(paid)
        owed += max(0, _cents(line["allowed"]) - before - paid)
    return lines, owed


def _reserve(plan: Plan, billed: list[int], prior: list[int]) -> tuple[list[int], int]:
    left = sum(billed) - sum(prior)
    ordinary = min(sum(_cents(line["benefit"]) for line in plan["lines"]), left)
    drawn = min(_cents(plan["balances"]["reserve_left"]), left - ordinary)
    paid = max(0, ordinary + drawn)
    return _spread(paid, plan), max(0, left - paid)


_HOW: dict[str, Callable[[Plan, list[int], list[int]], tuple[list[int], int]]] = {
    "REST": _rest,
    "NONDUP": _nondup,
    "RESERVE": _reserve,
}


def _spread(cents: int, plan: Plan) -> list[int]:
    """Divide by what the plan allowed; the cent that is left goes to the larger rest."""
    one, other = (_cents(line["allowed"]) for line in plan["lines"])
    exact = Fraction(cents * one, one + other)
    first = int(exact) + (2 * (exact - int(exact)) >= 1)
    return [first, cents - first]


def same(ours: Path, plain: Path) -> None:
    """Raise AssertionError where the two sides do not come to the same amounts."""
    with ours.open(encoding="utf-8") as one, plain.open(encoding="utf-8") as other:
        for left, right in zip(one, other, strict=True):
            told, by_hand_ = json.loads(left), json.loads(right)
            paid = {each["plan"]: each["payment_cents"] for each in told["payers"]}
            whole = {
                "account_id": told["account_id"],
                "paid": paid,
                "patient": told["patient_cents"],
                "write_off": told["write_off_cents"],
            }
            if whole != by_hand_:
                raise AssertionError(f"{told['account_id']}: {whole} and {by_hand_}")
