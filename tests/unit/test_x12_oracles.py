"""x12sdk and pyx12 read what we read: claims, lines, amounts, dates, adjustments.

Each library refuses some files that senders write; which ones is stated, so that a new
version that reads more is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyx12 import error_handler, map_if, params, x12context
from x12sdk.generate import generate_835, generate_837i, generate_837p
from x12sdk.io import X12ModelReader

from whopays.api.remittance import read_remittance
from whopays.claims.x12.account import Account
from whopays.claims.x12.amounts import cents
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.loops import Loops
from whopays.claims.x12.segments import Cutter
from whopays.model.remittance import RemittedClaim

#: A line: procedure, revenue code, charge, units, first day.
Row = tuple[str, str, int | None, str, str]
#: A claim: its number, charge and lines.
Found = list[tuple[str, int | None, list[Row]]]
CLAIMS = (
    "837p-tr3-examples/*",
    "837i-tr3-examples/*",
    "imsweb-837p/*",
    "moov/sample.txt",
)
#: x12sdk stops at claims below an HL that says it has children, and at unknown segments.
NOT_X12SDK = "imsweb-837p"
NOT_PYX12 = ("x12_bad_first_line.txt", "x12_no_isa_line.txt")


def _ours(path: Path) -> Found:
    def odd(number: int, element: str, reason: str) -> None:
        del number, element, reason

    with path.open("rb") as file:
        read = Loops(Account(), odd).read(Cutter(file.read, odd).segments())
        claims = [each for each in read if isinstance(each, ClaimLoop)]
    return [
        (each.id, _charge(each.sheet.values["total_charge"]), _rows(each))
        for each in claims
    ]


def _rows(claim: ClaimLoop) -> list[Row]:
    found = []
    for line in claim.lines:
        said = line.sheet.values
        row = (
            said.get("procedure", ""),
            said.get("revenue_code", ""),
            _charge(said.get("charge")),
            said.get("units", ""),
            said.get("service_from", ""),
        )
        found.append(row)
    return found


def _charge(text: str | Decimal | None) -> int | None:
    return None if text is None else cents(str(text))


def _by_x12sdk(path: Path) -> Found:
    found = []
    with X12ModelReader(str(path)) as reader:
        models: Any = reader.models()
        for model in models:
            for claim in model.claims():
                rows = [_x12sdk_row(each) for each in claim.service_lines]
                number = claim.patient_control_number
                found.append((number, _charge(claim.charge), rows))
    return found


def _x12sdk_row(line: Any) -> Row:
    service = getattr(line, "sv1_segment", None) or line.sv2_segment
    is_office = hasattr(service, "product_service_id_qualifier")
    composite = (
        service.product_service_id_qualifier
        if is_office
        else service.composite_medical_procedure_identifier
    )
    parts = re.split("[:><]", composite or "")
    dates = (
        line.dtp_segment if isinstance(line.dtp_segment, list) else [line.dtp_segment]
    )
    days = [
        each.date_time_period
        for each in dates
        if each and each.date_time_qualifier == "472"
    ]
    day = (
        str(days[0][0] if isinstance(days[0], (list, tuple)) else days[0])
        if days
        else ""
    )
    return (
        parts[1] if len(parts) > 1 else "",
        "" if is_office else service.service_line_revenue_code,
        _charge(service.line_item_charge_amount),
        str(service.service_unit_count),
        day.replace("-", "")[:8],
    )


def _by_pyx12(path: Path) -> Found:
    found: Found = []
    with path.open(encoding="ascii") as file:
        source = x12context.X12ContextReader(
            params.ParamsUnix(), error_handler.errh_null(), file
        )
        for loop in source.iter_segments("2300"):
            if loop.id != "2300":
                continue
            rows = [_pyx12_row(each) for each in loop.select("2400")]
            number, charge = loop.get_value("CLM01"), loop.get_value("CLM02")
            found.append((number or "", _charge(charge), rows))
    return found


def _pyx12_row(line: Any) -> Row:
    office = line.exists("SV1")
    elements = (
        ("SV101-2", "SV102", "SV104") if office else ("SV202-2", "SV203", "SV205")
    )
    procedure, charge, units = (line.get_value(each) for each in elements)
    day = line.get_value("DTP[472]03") or ""
    revenue = "" if office else line.get_value("SV201")
    return procedure or "", revenue, _charge(charge), units or "", day.split("-")[0]


def _plain(found: Found) -> Found:
    """Return `found` with units as numbers: 1.00 and 1 are the same."""
    return [
        (
            number,
            charge,
            [
                (*row[:3], str(Decimal(row[3] or "0").normalize()), row[4])
                for row in rows
            ],
        )
        for number, charge, rows in found
    ]


def _files(shared: Path) -> Iterator[Path]:
    for pattern in CLAIMS:
        yield from sorted((shared / "data/x12").glob(pattern))


def test_x12sdk_reads_the_same_claims_of_the_shared_files(shared: Path) -> None:
    compared = 0
    for path in _files(shared):
        if path.parent.name == NOT_X12SDK:
            continue
        assert _plain(_ours(path)) == _plain(_by_x12sdk(path)), path.name
        compared += 1
    assert compared == 23


def test_x12sdk_still_stops_at_what_senders_write(shared: Path) -> None:
    # Were it to read one, that file could be compared above.
    for path in sorted((shared / "data/x12" / NOT_X12SDK).iterdir()):
        assert _stops(path) or _by_x12sdk(path) != _ours(path)


def _stops(path: Path) -> bool:
    try:
        _by_x12sdk(path)
    except Exception:  # noqa: BLE001 - any kind of refusal
        return True
    return False


def test_pyx12_reads_the_same_claims_of_the_shared_files(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It loads the guide anew for each file, which takes longer than all the reading.
    real = map_if.load_map_file
    load = cache(lambda name: real(name, params.ParamsUnix()))
    monkeypatch.setattr(map_if, "load_map_file", lambda name, *_: load(name))
    compared = 0
    for path in _files(shared):
        if path.name in NOT_PYX12:
            continue
        text = path.read_text("ascii")
        # It has the guides of the first errata, and no sense for other separators.
        older = text.replace("005010X222A2", "005010X222A1")
        older = older.replace("005010X223A3", "005010X223A2")
        if re.search(r"\*(HC|BK|ABK|PR)>", older):
            older = older.replace("*T*:", "*T*>", 1)
        copy = tmp_path / path.name
        copy.write_text(older, "ascii")
        assert _plain(_ours(copy)) == _plain(_by_pyx12(copy)), path.name
        compared += 1
    assert compared == 30


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("generate", [generate_837p, generate_837i])
def test_what_x12sdk_generates_is_read_whole(
    tmp_path: Path, generate: Any, seed: int
) -> None:
    path = tmp_path / "made.837"
    path.write_text(generate(seed=seed, claims=12, dependent_rate=0.5), "utf-8")
    ours = _ours(path)
    assert len(ours) == 12
    assert _plain(ours) == _plain(_by_x12sdk(path))


@pytest.mark.parametrize("seed", range(6))
def test_the_remittances_that_x12sdk_generates_are_read_and_balance(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "made.835"
    path.write_text(generate_835(seed=seed, claims=12), "utf-8")
    ours = [each for each in read_remittance(path) if isinstance(each, RemittedClaim)]
    with X12ModelReader(str(path)) as reader:
        models: Any = reader.models()
        theirs = [claim for model in models for claim in model.claims()]
    assert [
        (each.claim_id, each.charge, each.paid, len(each.lines)) for each in ours
    ] == [
        (
            each.patient_control_number,
            _charge(each.charge),
            _charge(each.paid),
            len(each.service_lines),
        )
        for each in theirs
    ]
    assert all(each.balanced for each in ours)
    for each in ours:
        assert sum(parts.total for _, _, parts in each.rows()) == each.charge
