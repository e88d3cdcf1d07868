"""The cells of one line: what its claim and it say, in the columns of `columns`.

Where the guide demands an element and a sender left it out, the cell says `unknown`.
An element that the guide asks for only in some cases is empty: there is none.
"""

from __future__ import annotations

import re
from datetime import date

from whopays.claims.dates import DateFormat, date_format, read_date
from whopays.claims.records import FieldProblem
from whopays.claims.x12.amounts import written
from whopays.claims.x12.balance import prior
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.lineloop import LineLoop
from whopays.model.coordination import Coordination

UNKNOWN = "unknown"
_DAY: DateFormat = date_format("%Y%m%d")
#: First two digits of the types of bill that say an admission or a start of care:
#: hospital, nursing facility, swing bed, home health, hospice, and the like.
_ADMITTED = frozenset(
    (
        *("11", "12", "18", "21", "22", "28", "32", "33", "34", "41", "65", "66"),
        *("81", "82", "86"),
    )
)
#: Of these, those that are paid by DRG.
_GROUPED = frozenset({"11", "41", "86"})
_EARLY = re.compile(r"\d{3}[0-9A-Z]{6}[YN]", re.ASCII)
_CAPITATED = "05"
_MOST_YEARS = 150


def claim_cells(claim: ClaimLoop) -> dict[str, str]:
    """Return the cells that all lines of `claim` share."""
    found: dict[str, str] = {}
    for sheet in claim.above:
        found.update(sheet.values)
    claim.diagnoses.put(claim.sheet)
    found.update(claim.sheet.values)
    found["kind"] = claim.kind
    who = "patient" if claim.has_patient else "subscriber"
    for name in ("birth_date", "sex"):
        found[name] = found.get(f"{who}_{name}", "")
    for name in ("state", "zip"):
        found[f"member_{name}"] = found.get(f"{who}_{name}", "")
    subscriber = found.get("subscriber_id", "")
    found["member_id"] = (claim.has_patient and found.get("patient_id")) or subscriber
    found["capitated"] = "yes" if found.get("contract_type") == _CAPITATED else ""
    (_institutional if claim.kind == "institutional" else _professional)(found)
    return found


def _professional(cells: dict[str, str]) -> None:
    cells["bill_type"] = cells["drg"] = ""


def _institutional(cells: dict[str, str]) -> None:
    """Fill in the type of bill, and what a stay must say."""
    facility, frequency = cells.get("facility_code", ""), cells.get("frequency", "")
    whole = bool(facility and frequency)
    cells["bill_type"] = f"{facility}{frequency}" if whole else UNKNOWN
    kind = facility[-2:]
    admitted = UNKNOWN if kind in _ADMITTED or not facility else ""
    cells.setdefault("admission_date", admitted)
    grouped = UNKNOWN if kind in _GROUPED or not facility else ""
    cells["drg"] = cells.get("drg_code") or grouped


def line_cells(
    claim: ClaimLoop,
    shared: dict[str, str],
    line: LineLoop,
    number: str,
    found: Coordination | None,
) -> dict[str, str]:
    """Return the cells of `line`; FieldProblem, with the column, if a birth date is none."""
    own = line.sheet.values
    cells = {**shared, **own, "line_number": number}
    if claim.kind == "institutional":
        cells["place_of_service"] = ""
        cells.setdefault("revenue_code", UNKNOWN)
        cells["diagnoses"] = shared.get("all_diagnoses", "")
        cells["diagnoses_version"] = shared.get("all_diagnoses_version", "")
        if shared.get("admission_type") == "1":
            cells["emergency"] = "yes"
    else:
        place = own.get("place_of_service") or shared.get("facility_code")
        cells["place_of_service"] = place or UNKNOWN
        cells.setdefault("procedure", UNKNOWN)
        cells["revenue_code"] = ""
        codes, version = claim.diagnoses.pointed(line.pointers)
        cells["diagnoses"], cells["diagnoses_version"] = codes, version
        said = own.get("emergency_indicator", "")
        cells["emergency"] = {"Y": "yes", "N": "no"}.get(said, "")
    if cells.get("procedure") in {"", UNKNOWN}:
        cells["procedure_qualifier"] = "HC"
    cells["taxonomy"] = _taxonomy(shared, own)
    cells["age"] = _age(cells)
    paid, allowed, ahead = prior(found, number)
    cells["primary_paid"], cells["primary_allowed"] = written(paid), written(allowed)
    cells["prior_paid"] = written(ahead)
    return cells


def _taxonomy(shared: dict[str, str], own: dict[str, str]) -> str:
    """Return the specialty of who rendered the service: if nobody else, who bills.

    It is empty, and so unknown, for a code of the first editions of the list, which
    ended in Y or N: as with other codes of another edition, nobody says what it is now.
    """
    found = shared.get("billing_taxonomy", "")
    for each in (shared, own):
        if "rendering" in each:
            found = each.get("rendering_taxonomy", "")
    return "" if _EARLY.fullmatch(found) else found


def _age(cells: dict[str, str]) -> str:
    """Return completed years on the day of service, "" where a date is missing."""
    born_text = cells.get("birth_date", "")
    on_text = cells.get("service_from") or cells.get("statement_from", "")
    if not born_text:
        return ""
    born = read_date(born_text, _DAY)
    try:
        on = read_date(on_text, _DAY)
    except FieldProblem:
        return ""
    years = completed_years(born, on)
    if not 0 <= years <= _MOST_YEARS:
        raise FieldProblem("is no birth date for this day of service")
    return str(years)


def completed_years(born: date, on: date) -> int:
    """Return the age on the day `on` of who was born on `born`.

    Who was born on 29 February has completed a year on 1 March of common years.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
