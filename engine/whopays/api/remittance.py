"""Remittances for callers: claims as they were paid, and their rows with all leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whopays.claims.records import ReadReport, Reject
from whopays.claims.x12.remittance import read_remittance
from whopays.model.remittance import LEAVES, PRIOR, UNASSIGNED, Payment, RemittedClaim

__all__ = ["COLUMNS", "read_remittance", "rows"]

_PARTS = (*LEAVES, PRIOR, UNASSIGNED)
#: The columns of `rows`; money is in whole cents, empty where nothing was said.
COLUMNS = (
    *("file", "record", "level", "claim_id", "line", "status", "payer_claim_number"),
    *("service_from", "procedure", "modifiers", "revenue_code", "units"),
    *("charge_cents", "paid_cents", "allowed_cents", "balanced"),
    *(f"{part}_cents" for part in _PARTS),
    *("excluded_member_cents", "paid_to_member_cents"),
)


def rows(
    path: str | Path, report: ReadReport | None = None
) -> Iterator[dict[str, Any] | Payment | Reject]:
    """Yield a row for each line of an 835, and one for what a claim has beside its lines.

    Over the rows of a balanced claim, each column of cents adds up: `charge_cents` to
    CLP03, `paid_cents` to CLP04, and the leaves to the charge. Payments and rejects are
    yielded as they are. See `read_remittance`.
    """
    name = Path(path).name
    for each in read_remittance(path, report):
        if isinstance(each, RemittedClaim):
            yield from _rows(name, each)
        else:
            yield each


def _rows(file: str, claim: RemittedClaim) -> Iterator[dict[str, Any]]:
    for number, (level, line, parts) in enumerate(claim.rows(), 1):
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
        row |= {f"{part}_cents": parts.leaves.get(part, 0) for part in _PARTS}
        row |= {
            "file": file,
            "record": line.record if line else claim.record,
            "level": level,
            "claim_id": claim.claim_id,
            "status": claim.status,
            "payer_claim_number": claim.payer_claim_number,
            "excluded_member_cents": parts.excluded_member,
            "paid_to_member_cents": parts.paid_to_member,
        }
        if line is None:
            row["charge_cents"] = _rest(claim.charge, claim, "charge")
            row["paid_cents"] = _rest(claim.paid, claim, "paid")
            row["balanced"] = _said(claim.balanced)
        else:
            row |= {
                "line": number,
                "service_from": line.service_from,
                "procedure": line.procedure,
                "modifiers": ";".join(line.modifiers),
                "revenue_code": line.revenue_code,
                "units": line.units,
                "charge_cents": _empty(line.charge),
                "paid_cents": _empty(line.paid),
                "allowed_cents": _empty(line.allowed),
                "balanced": _said(claim.balanced),
            }
        yield row


def _rest(whole: int | None, claim: RemittedClaim, name: str) -> int | str:
    """Return what is left of an amount of the claim after its lines."""
    if whole is None:
        return ""
    return whole - sum(getattr(line, name) or 0 for line in claim.lines)


def _empty(cents: int | None) -> int | str:
    return "" if cents is None else cents


def _said(yes: bool) -> str:
    return "yes" if yes else "no"
