"""X12 that was cut off: no amount is believed that may be short, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from claims_support import FACTS, written
from command_line import Command
from whopays.claims import (
    OPEN_FACTS,
    ReadReport,
    Reject,
    read_claims,
    shipped_mapping,
)
from whopays.claims.x12.remittance import read_remittance
from whopays.model.claim import Claim
from whopays.model.remittance import Payment, RemittedClaim
from x12_writer import Segment, above, claim, line, room, stay, subscriber
from x12_writer import written as x12

_CUT = "stands in a transaction set that no SE closes: its end may be missing"
_MAPPING = shipped_mapping("x12-837", FACTS, OPEN_FACTS)
_GONE = "is missing: the file may have been cut off, and what followed is not here"


@dataclass
class _Read:
    """What a file gave, each in the order of the file."""

    found: list[Claim | RemittedClaim | Payment]
    rejects: list[Reject]
    report: ReadReport


def _read(path: Path) -> _Read:
    report = ReadReport()
    found: list[Claim | RemittedClaim | Payment] = []
    rejects: list[Reject] = []
    for each in _each(path, report):
        if isinstance(each, Reject):
            rejects.append(each)
        else:
            found.append(each)
    return _Read(found, rejects, report)


def _each(
    path: Path, report: ReadReport
) -> Iterator[Claim | Reject | RemittedClaim | Payment]:
    if path.suffix == ".835":
        return read_remittance(path, report)
    return read_claims(path, FACTS, _MAPPING, OPEN_FACTS, report)


def _accounted(report: ReadReport) -> int:
    return sum(
        each["used"] + each["kept"] + sum(each["skipped"].values())
        for each in report.account["by_id"].values()
    )


_OTHER_PAYER: list[Segment] = [
    ("SBR", "S", "18", "", "", "", "", "", "", "CI"),
    ("CAS", "CO", "45", "20"),
    ("AMT", "D", "100"),
    ("OI", "", "", "Y", "", "", "Y"),
    ("NM1", "PR", "2", "OTHER", "", "", "", "", "PI", "P2"),
]
_OFFICE = [
    *above(),
    *claim("C-1", "245.10", line(1, "99213:25", "125"), line(2, "87070", "120.10")),
    *subscriber(3, 1, member="JS0012"),
    ("CLM", "C-2", "120", "", "", ("11", "B", "1"), "Y", "A", "Y", "Y"),
    ("HI", ("ABK", "J020")),
    *_OTHER_PAYER,
    *line(1, "99214", "120", ("SVD", "P2", "100", ("HC", "99214"), "", "1")),
]
_STAY = [*above(), *stay("S-1", "1250.50", room(1, "0120", "1250.50"))]
_PAID = [
    ("BPR", "I", "105", "C", "CHK", *[""] * 11, "20260401"),
    ("TRN", "1", "T-1", "1999999999"),
    ("LX", "1"),
    ("CLP", "C-1", "1", "250", "105", "", "12", "P-1", "11", "1"),
    ("SVC", ("HC", "99213", "25"), "250", "105", "", "1"),
    ("CAS", "CO", "45", "80", "", "104", "65"),
    ("PLB", "1234567893", "20261231", ("WO", "X"), "0"),
]
_FILES = {
    "office.837": x12(_OFFICE),
    "stay.837": x12(_STAY, "837I"),
    "paid.835": x12(_PAID, "835"),
}


@pytest.mark.parametrize("name", _FILES)
def test_a_file_cut_at_any_byte_gives_no_other_amounts_and_loses_nothing(
    tmp_path: Path, name: str
) -> None:
    text = _FILES[name]
    path = tmp_path / name
    path.write_text(text)
    whole = _read(path)
    assert whole.found
    assert not whole.rejects
    for at in range(1, len(text)):
        path.write_text(text[:at])
        cut = _read(path)
        assert cut.found == whole.found[: len(cut.found)], text[:at][-40:]
        assert _accounted(cut.report) == cut.report.account["segments"]
        assert cut.report.account["segments"] == len(_segments(text[:at]))
        # All of it is there, and only the end of the last segment is not.
        is_whole = "IEA*" in text[:at] or text[:at].endswith("IEA")
        assert bool(cut.rejects) is not is_whole, text[:at][-40:]
        assert cut.found == whole.found or cut.rejects


def _segments(text: str) -> list[str]:
    return [each for each in text.split("~") if each.strip()]


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_file_behind_a_cut_one_is_read_and_the_cut_one_is_not_believed(
    tmp_path: Path, between: str
) -> None:
    path = tmp_path / "two.837"
    path.write_text(_FILES["stay.837"])
    second = _read(path).found
    path.write_text(_FILES["office.837"])
    first = _read(path).found
    text = _FILES["office.837"]
    for at in range(text.index("ST*"), text.index("SE*"), 7):
        path.write_text(text[:at] + between + _FILES["stay.837"])
        read = _read(path)
        assert read.rejects
        *before, last = read.found
        assert before == first[: len(before)]
        assert isinstance(last, Claim)
        assert isinstance(second[0], Claim)
        assert [each.facts for each in last.lines] == [
            each.facts for each in second[0].lines
        ]


def test_each_line_of_the_claim_at_the_cut_is_a_reject(tmp_path: Path) -> None:
    text = x12([*above(), *claim("C-1", "9", line(1, "1", "4"), line(2, "2", "125"))])
    path = written(tmp_path, "c.837", text[: text.rindex("*125") + len("*12")])
    read = _read(path)
    assert read.found == []
    said = [(each.line, each.field, each.reason) for each in read.rejects]
    assert said == [("1", "CLM", _CUT), ("2", "CLM", _CUT)]


@pytest.mark.parametrize(
    ("kept_to", "field"), [("CLM*", "SE"), ("GE*", "GE"), ("IEA*", "IEA")]
)
def test_an_end_that_is_missing_is_a_reject_though_no_claim_was_being_read(
    tmp_path: Path, kept_to: str, field: str
) -> None:
    text = x12([*above(), *claim("C-1", "9", line(1, "99213", "9"))])
    read = _read(written(tmp_path, "c.837", text[: text.index(kept_to)]))
    assert [(each.field, each.reason) for each in read.rejects] == [(field, _GONE)]
    assert len(read.found) == (kept_to != "CLM*")


def test_a_group_that_nothing_closes_costs_nothing_where_its_interchange_ends(
    tmp_path: Path,
) -> None:
    text = x12([*above(), *claim("C-1", "9", line(1, "99213", "9"))])
    read = _read(written(tmp_path, "c.837", text.replace("GE*1*1~\n", "")))
    assert (len(read.found), read.rejects) == (1, [])


def test_a_payment_of_a_cut_remittance_is_a_reject(tmp_path: Path) -> None:
    text = _FILES["paid.835"]
    read = _read(written(tmp_path, "c.835", text[: text.index("CAS*CO*45*80") + 11]))
    assert read.found == []
    assert [each.field for each in read.rejects] == ["CLP", "CLP", "BPR"]
    assert {each.reason for each in read.rejects} == {_CUT}


def test_commands_say_that_a_file_was_cut_and_do_not_exit_with_zero(
    whopays: Command, tmp_path: Path, root: Path
) -> None:
    rules = root / "rulesets/contracts/riverbend-commercial"
    text = _FILES["office.837"]
    path = written(
        tmp_path, "c.837", text[: text.rindex("99214*120") + len("99214*12")]
    )
    told = whopays("explain", path, "--rules", rules, "--format", "sentence")
    assert told.code == 3
    assert f"CLM {_CUT}" in told.err
    path = written(tmp_path, "c.835", _FILES["paid.835"][:-40])
    told = whopays("remit", path, "--format", "csv")
    assert told.code == 3
    assert "rejected" in told.err
    told = whopays("remit", path)
    assert "all claims and payments add up" not in told.out
