"""Accounts of a hospital with two or three plans, and their reports, in few words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from whopays.api.accounts import AccountBook, load_accounts
from whopays.api.profiles import Profiles
from whopays.api.reports import Reported, report_files
from whopays.office import Facility, Profile

ON, OFF = Facility("H", fully_enabled=True), Facility("H")
Document = dict[str, Any]


def document(
    name: str, *plans: str | Document, billed: str = "1000.00", **words: Any
) -> Document:
    """Return an account of one line; a plan that is a name says that 800 is allowed."""
    coverages = [
        {"plan": each, "amounts": {"allowed": "800.00"}}
        if isinstance(each, str)
        else each
        for each in plans
    ]
    return {
        "account_id": name,
        "service_date": "2026-03-04",
        "lines": [{"line": "1", "billed": billed}],
        "coverages": coverages,
        **words,
    }


def first(paid: str = "600.00", allowed: str = "900.00") -> Document:
    """Return a first plan that has posted `paid`; without it, one that has not."""
    amounts = {"allowed": allowed}
    return {"plan": "FIRST", "amounts": {**amounts, "paid": paid} if paid else amounts}


def reported(
    folder: Path,
    documents: Iterable[Document],
    profiles: Iterable[Profile],
    facility: Facility = ON,
    order: str = "as-given",
) -> Reported:
    """Return the reports of accounts, as the command makes them."""
    file = folder / "accounts.jsonl"
    file.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    found = Profiles(tuple(profiles), facility)
    return report_files(replace(_book(order), profiles=found), found, [file])


@cache
def _book(order: str) -> AccountBook:
    return load_accounts(order=order)
