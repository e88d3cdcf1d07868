"""X12 claims: every fact that they carry, every line accounted for, sloppy senders."""

from __future__ import annotations

import re
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from claims_support import FACTS, lines_of, rejects_of, written
from whopays.claims import OPEN_FACTS, ReadReport, Reject, read_claims
from whopays.claims.x12.account import Account
from whopays.claims.x12.balance import coordination
from whopays.claims.x12.cells import claim_cells, line_cells
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.columns import COLUMNS
from whopays.claims.x12.loops import Loops
from whopays.claims.x12.segments import Cutter
from whopays.diagnostics import DiagnosticError
from whopays.model.claim import Claim, Line
from whopays.model.values import NONE, UNKNOWN
from x12_writer import (
    PLAIN,
    Segment,
    Style,
    above,
    claim,
    isa,
    line,
    provider,
    room,
    stay,
    subscriber,
)
from x12_writer import written as x12


class Read:
    """A file as it was read: claims, rejects and the report."""

    def __init__(self, path: Path, content: str | bytes) -> None:
        self.report = ReadReport()
        path = written(path, "claims.837", content)
        found = list(read_claims(path, FACTS, None, OPEN_FACTS, self.report))
        self.claims = [each for each in found if isinstance(each, Claim)]
        self.lines = lines_of(found)
        self.rejects = rejects_of(found)
        self.remarks = [
            (each["record"], each["field"], each["reason"])
            for each in self.report.take_remarks()
        ]

    @property
    def line(self) -> Line:
        (found,) = self.lines
        return found


def _office(*, kind: str = "837P", style: Style = PLAIN) -> str:
    segments = [*above(), *claim("C-1", "120", line(1, "99213:25", "120"))]
    return x12(segments, kind, style)


def test_a_professional_line_has_all_the_facts_that_it_carries(tmp_path: Path) -> None:
    read = Read(tmp_path, _office())
    assert read.line.facts == {
        "payer": "Riverbend Health Plan",
        "group": "G-77",
        "product": "HMO",
        "claim_type": "professional",
        "service_date": date(2026, 3, 4),
        "admission_date": NONE,
        "procedure_code": "99213",
        "modifiers": ("25",),
        "revenue_code": NONE,
        "claim_revenue_codes": NONE,
        "place_of_service": "11",
        "bill_type": NONE,
        "drg": NONE,
        "principal_diagnosis": "J020",
        "diagnoses": ("J020",),
        "provider_specialty": "207Q00000X",
        "emergency": UNKNOWN,
        "capitated": UNKNOWN,
        "age": 52,
        "units": 1,
        "billed": 12000,
        "noncovered": UNKNOWN,
        "primary_paid": UNKNOWN,
        "primary_allowed": UNKNOWN,
        "prior_paid": UNKNOWN,
    }
    assert (read.line.claim_id, read.line.number) == ("C-1", "1")
    assert not read.rejects
    assert not read.remarks


def test_an_institutional_stay_has_all_the_facts_that_it_carries(
    tmp_path: Path,
) -> None:
    segments = [
        *above(),
        *stay("S-1", "9000.50", room(1, "0120", "9000"), room(2, "250", ".5")),
    ]
    read = Read(tmp_path, x12(segments, "837I"))
    room_facts, drug = (each.facts for each in read.lines)
    assert room_facts["claim_type"] == "institutional"
    assert (
        room_facts["service_date"] == room_facts["admission_date"] == date(2026, 3, 4)
    )
    assert room_facts["bill_type"] == "0111"
    assert room_facts["drg"] == "470"
    assert room_facts["diagnoses"] == ("M1711",)
    assert room_facts["procedure_code"] is room_facts["place_of_service"] is NONE
    assert room_facts["emergency"] is True
    assert room_facts["units"] == 3
    assert (drug["revenue_code"], drug["billed"]) == ("0250", 50)
    assert drug["claim_revenue_codes"] == ("0120", "0250")
    assert not read.remarks


def test_a_stay_that_does_not_say_its_admission_leaves_it_unknown(
    tmp_path: Path,
) -> None:
    segments = [*above(), *stay("S-1", "9", room(1, "0120", "9"))]
    left = [each for each in segments if each[:2] != ("DTP", "435")]
    assert Read(tmp_path, x12(left, "837I")).line.read("admission_date") is UNKNOWN
    visit = [
        ("CLM", "S-1", "9", "", "", ("13", "A", "1")) if each[0] == "CLM" else each
        for each in left
    ]
    assert Read(tmp_path, x12(visit, "837I")).line.read("admission_date") is NONE


def test_codes_of_icd_9_are_unknown_and_not_misread(tmp_path: Path) -> None:
    text = _office().replace("ABK", "BK").replace("ABF", "BF")
    read = Read(tmp_path, text)
    assert read.line.read("principal_diagnosis") is UNKNOWN
    assert read.line.read("diagnoses") is UNKNOWN


def test_a_line_has_the_diagnoses_that_it_points_at(tmp_path: Path) -> None:
    text = _office().replace("***1~", "***2:1~")
    read = Read(tmp_path, text)
    assert read.line.read("diagnoses") == ("J020", "Z1159")
    assert read.line.read("principal_diagnosis") == "J020"
    for pointers in ("3", "0", "1:9", "x", ""):
        text = _office().replace("***1~", f"***{pointers}~")
        assert Read(tmp_path, text).line.read("diagnoses") is UNKNOWN


@pytest.mark.parametrize(
    "broken", ["HI*ABK:J020*ABF*ABF:Z1159", "HI*ABK:J020*J03*ABF:Z1159"]
)
def test_a_diagnosis_that_cannot_be_read_leaves_the_list_open(
    tmp_path: Path, broken: str
) -> None:
    text = _office().replace("HI*ABK:J020*ABF:Z1159", broken)
    read = Read(tmp_path, text)
    assert read.line.read("principal_diagnosis") == "J020"
    assert read.line.read("diagnoses") is UNKNOWN
    assert [each[1] for each in read.remarks] == ["HI02"]


def test_a_claim_that_replaces_another_names_it(tmp_path: Path) -> None:
    text = _office().replace("11:B:1", "11:B:7")
    named = text.replace("HI*", "REF*F8*P-1~\nHI*").replace("SE*22*", "SE*23*")
    assert [each[1] for each in Read(tmp_path, text).remarks] == ["REF02 (F8)"]
    assert not Read(tmp_path, named).remarks


def test_the_age_is_that_of_the_patient_on_the_day_of_service(tmp_path: Path) -> None:
    patient = [
        ("HL", "3", "2", "23", "0"),
        ("PAT", "19"),
        ("NM1", "QC", "1", "SMITH", "TED"),
        ("DMG", "D8", "20080305", "M"),
    ]
    lines = line(1, "99213", "60"), line(2, "99213", "60", day="20260305")
    read = Read(tmp_path, x12([*above(), *patient, *claim("C-1", "120", *lines)]))
    assert [each.read("age") for each in read.lines] == [17, 18]


def test_who_renders_the_service_gives_the_specialty_or_nobody(tmp_path: Path) -> None:
    known = line(
        1,
        "99213",
        "60",
        ("NM1", "82", "1", "DOE", "", "", "", "", "XX", "1234567893"),
        ("PRV", "PE", "PXC", "207P00000X"),
    )
    silent = line(2, "99213", "60", ("NM1", "82", "1", "DOE"))
    billing = line(3, "99213", "60")
    read = Read(tmp_path, x12([*above(), *claim("C-1", "180", known, silent, billing)]))
    assert [each.read("provider_specialty") for each in read.lines] == [
        "207P00000X",
        UNKNOWN,
        "207Q00000X",
    ]


@pytest.mark.parametrize(
    ("code", "lines"), [("203BF0100Y", 1), ("203BA0200N", 1), ("203BF0100Z", 0)]
)
def test_a_specialty_of_an_early_edition_is_unknown_and_another_is_rejected(
    tmp_path: Path, code: str, lines: int
) -> None:
    read = Read(tmp_path, _office().replace("207Q00000X", code))
    assert [each.read("provider_specialty") for each in read.lines] == [UNKNOWN] * lines
    assert [each.field for each in read.rejects] == ["PRV03"] * (1 - lines)


def test_minutes_of_anesthesia_are_no_units(tmp_path: Path) -> None:
    read = Read(tmp_path, _office().replace("*UN*1*", "*MJ*55*"))
    assert read.line.read("units") is UNKNOWN


def test_parts_of_medicare_are_no_medicare_advantage(tmp_path: Path) -> None:
    for filing, product in (
        ("MA", UNKNOWN),
        ("16", "MA"),
        ("CI", UNKNOWN),
        ("MC", "MEDICAID"),
    ):
        segments = [*above(filing=filing), *claim("C-1", "1", line(1, "99213", "1"))]
        assert Read(tmp_path, x12(segments)).line.read("product") == product


def test_a_mapping_of_the_users_own_says_otherwise(tmp_path: Path) -> None:
    from whopays.claims import load_mapping  # noqa: PLC0415

    mine = written(
        tmp_path,
        "mine.yaml",
        "claim_id: claim_number\nline: line_control_number\n"
        "facts: {payer: member_id, product: {constant: HMO}, billed: total_charge}",
    )
    lines = line(1, "99213", "60", ("REF", "6R", "L-9"))
    text = x12([*above(), *claim("C-1", "60", lines)])
    path = written(tmp_path, "c.837", text)
    mapping = load_mapping(mine, FACTS)
    (found,) = lines_of(read_claims(path, FACTS, mapping))
    assert found.facts == {
        "payer": "JS0011",
        "product": "HMO",
        "billed": 6000,
        "claim_revenue_codes": UNKNOWN,
    }


def test_a_mapping_that_names_no_column_of_x12_is_an_error_at_once(
    tmp_path: Path,
) -> None:
    from whopays.claims import load_mapping  # noqa: PLC0415

    mine = "claim_id: claim_number\nline: line_number\nfacts: {billed: charges}"
    mapping = load_mapping(written(tmp_path, "mine.yaml", mine), FACTS)
    with pytest.raises(DiagnosticError) as caught:
        read_claims(written(tmp_path, "c.837", _office()), FACTS, mapping)
    assert [each.code for each in caught.value.diagnostics] == ["M010"]
    assert caught.value.diagnostics[0].help == "did you mean `charge`?"


def test_a_mapping_of_a_table_is_not_for_x12(tmp_path: Path) -> None:
    from whopays.claims import load_mapping  # noqa: PLC0415

    mapping = load_mapping("rif-carrier", FACTS)
    with pytest.raises(DiagnosticError) as caught:
        read_claims(written(tmp_path, "c.837", _office()), FACTS, mapping)
    (found,) = caught.value.diagnostics
    assert found.code == "M015"
    assert "is for tables" in found.message


# how senders write


@pytest.mark.parametrize(
    "style",
    [
        Style(after=""),
        Style(after="\r\n"),
        Style(after="\n\n  "),
        Style(segment="\n", after=""),
        Style(segment="\r", after="\n"),
        Style("|", ">", "'"),
        Style("\x1d", "\x1f", "\x1c", ""),
        Style("~", "^", "_"),
        Style("+", ":", "\u00a7"),
    ],
)
def test_separators_are_those_of_the_interchange(tmp_path: Path, style: Style) -> None:
    read = Read(tmp_path, _office(style=style))
    assert read.line.read("billed") == 12000
    assert read.line.read("modifiers") == ("25",)
    assert not read.remarks


def _longer(text: str) -> str:
    return text.replace("ISA*00*          *", "ISA*00*         *", 1)


@pytest.mark.parametrize(
    ("change", "remarked"),
    [
        (str.lower, ()),
        (
            lambda text: text.rstrip().removesuffix("~"),
            ("has no terminator: the file ends here",),
        ),
        (
            lambda text: text.replace("~\nN3", "\nN3"),
            ("has no terminator: its line ends here",),
        ),
        (lambda text: text.replace("~", ""), ()),
        (_longer, ("is not 106 characters long: it is read by its separators",)),
        (
            lambda text: text[text.index("GS*") :],
            ("is missing: the separators are told from what follows", "closes no ISA"),
        ),
        (
            lambda text: text[text.index("ST*") :],
            (
                "is missing: the separators are told from what follows",
                "closes no GS",
                "closes no ISA",
            ),
        ),
        (
            lambda text: text.replace("*T*:~", "*T*>~"),
            ("is not the separator that is used: it is told from the claims",),
        ),
        (lambda text: text.replace("*T*:~\n", "*T*~\n"), ("is missing",)),
        (lambda text: f"\ufeff\r\n {text}\r\n\r\n\x1a", ()),
        (
            lambda text: text.replace("SE*22*0001", "SE*9*0002"),
            (
                "does not say how many segments there are",
                "is not the control number of its ST",
            ),
        ),
        (
            lambda text: text.replace("GE*1*1", "GE*2*7").replace("IEA*1*", "IEA*x*"),
            (
                "does not say how many transaction sets there are",
                "is not the control number of its GS",
                "does not say how many groups there are",
            ),
        ),
        (
            lambda text: text.replace("GE*1*1~\n", ""),
            ("is missing: the GS before was not closed",),
        ),
        (lambda text: text.replace("HL*2*1*22*0", "HL*2*1*22*1"), ()),
        (
            lambda text: text.replace("HL*2*1*22*0", "HL*2*9*22*0"),
            ("does not name the level that it stands below: read by position",),
        ),
        (
            lambda text: text.replace("CLM*C-1*120*", "CLM*C-1*121*"),
            ("is not the sum of the charges of the lines",),
        ),
        (
            lambda text: text.replace("LX*1~\n", ""),
            (
                "has no LX before it",
                "does not number the lines of the claim: counted anew",
                "does not say how many segments there are",
            ),
        ),
        (
            lambda text: text.replace("ST*837*0001*005010X222A1~\n", ""),
            ("is missing before this segment",),
        ),
    ],
)
def test_what_senders_do_wrong_is_remarked_and_read_on(
    tmp_path: Path, change: object, remarked: tuple[str, ...]
) -> None:
    assert callable(change)
    text = change(_office())
    assert isinstance(text, str)
    read = Read(tmp_path, text)
    assert read.line.read("billed") == 12000
    assert read.line.read("procedure_code") == "99213"
    assert not read.rejects
    assert {each[2] for each in read.remarks} == set(remarked)


def test_lines_broken_at_a_width_are_joined(tmp_path: Path) -> None:
    text = _office(style=Style(after=""))
    wide = "\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    read = Read(tmp_path, wide)
    assert read.line.facts == Read(tmp_path, _office()).line.facts


def test_interchanges_with_other_separators_follow_one_another(tmp_path: Path) -> None:
    one = _office().rstrip().removesuffix("~")
    two = _office(style=Style("|", "^", "!", "\r\n")).replace("C-1", "C-2")
    read = Read(tmp_path, f"{one}\n{two}")
    assert [each.id for each in read.claims] == ["C-1", "C-2"]
    assert [each.read("billed") for each in read.lines] == [12000, 12000]


def test_several_sets_providers_subscribers_claims_and_lines(tmp_path: Path) -> None:
    def visits(name: str) -> list[object]:
        lines = line(1, "99213", "10"), line(2, "87070", "5")
        return [*claim(name, "15", *lines)]

    segments = [
        *above(),
        *visits("A"),
        *visits("B"),
        *subscriber(3, 1, payer="Other Plan", born="20200101"),
        *visits("C"),
        *provider(4),
        *subscriber(5, 4, payer="Third Plan"),
        *visits("D"),
    ]
    text = x12(segments)  # type: ignore[arg-type]
    read = Read(tmp_path, text + text)
    assert [each.id for each in read.claims] == [*"ABCD"] * 2
    assert [len(each.lines) for each in read.claims] == [2] * 8
    payers = [each.lines[0].read("payer") for each in read.claims[:4]]
    assert payers == ["Riverbend Health Plan"] * 2 + ["Other Plan", "Third Plan"]
    ages = [each.lines[0].read("age") for each in read.claims[:4]]
    assert ages == [52, 52, 6, 52]
    assert not read.remarks


# what can't be read


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("99213:25*120", "99213:25*12O"),
            (22, "SV102", "is not an amount in dollars and cents such as 1234.50"),
        ),
        (
            ("99213:25*120", "99213:25*1.005"),
            (22, "SV102", "is not an amount in dollars and cents such as 1234.50"),
        ),
        (
            ("HC:99213", "HC:9921"),
            (22, "SV101-2", "has not the shape of a code of CPT, HCPCS, ICD10PCS"),
        ),
        (
            ("D8*20260304", "D8*20260230"),
            (23, "DTP03 (472)", "is not a day of the calendar"),
        ),
        (
            ("D8*20260304", "D6*260304"),
            (23, "DTP03 (472)", "is not a date of the form %Y%m%d"),
        ),
        (("19730501", "19733501"), (17, "DMG02", "is not a day of the calendar")),
        (
            ("19730501", "20990501"),
            (17, "DMG02", "is no birth date for this day of service"),
        ),
        (
            ("ABK:J020", "ABK:J0 2"),
            (20, "HI01", "has not the shape of a code of ICD10CM"),
        ),
        (("11:B:1", "1X:B:1"), (19, "CLM05-1", "has not the shape of a code of POS")),
        (("CLM*C-1*", "CLM**"), (21, "CLM01", "is missing")),
        (("SV1*HC", "SV9*HC"), (22, "", "is no segment of a claim")),
    ],
)
def test_a_reject_names_segment_element_and_reason(
    tmp_path: Path, change: tuple[str, str], told: tuple[int, str, str]
) -> None:
    text = _office()
    assert change[0] in text
    read = Read(tmp_path, text.replace(*change))
    assert not read.lines
    first = read.rejects[0]
    assert (first.record, first.field, first.reason) == told
    assert first.file.endswith("claims.837")


def test_a_reject_never_repeats_what_the_file_holds(tmp_path: Path) -> None:
    text = _office().replace("C-1*120", "C-1*SECRET").replace("99213", "SECRET")
    read = Read(tmp_path, text.replace("PER*", "SECRET*"))
    told = [f"{each.field} {each.reason}" for each in read.rejects]
    told += [f"{field} {reason}" for _, field, reason in read.remarks]
    assert told
    assert "SECRET" not in "".join(told)
    assert "SECRET" not in str(read.report.account)


def test_one_bad_line_does_not_take_its_neighbours(tmp_path: Path) -> None:
    lines = line(1, "99213", "10"), line(2, "bad", "10"), line(3, "87070", "10")
    read = Read(tmp_path, x12([*above(), *claim("C-1", "30", *lines)]))
    assert [each.number for each in read.lines] == ["1", "3"]
    assert [each.line for each in read.rejects] == ["2"]
    assert {each.read("claim_revenue_codes") for each in read.lines} == {UNKNOWN}


def test_a_claim_without_lines_and_a_line_without_service_are_rejected(
    tmp_path: Path,
) -> None:
    segments = [
        *above(),
        *claim("C-1", "10"),
        *claim("C-2", "10", [("LX", "1")], line(2, "99213", "10")),
    ]
    read = Read(tmp_path, x12(segments))
    assert [(each.claim_id, each.number) for each in read.lines] == [("C-2", "2")]
    assert [(each.claim_id, each.field) for each in read.rejects] == [
        ("C-1", "CLM"),
        ("C-2", "LX"),
    ]


def test_lines_that_are_numbered_alike_are_counted_anew(tmp_path: Path) -> None:
    lines = line(1, "99213", "10"), line(1, "87070", "10")
    read = Read(tmp_path, x12([*above(), *claim("C-1", "20", *lines)]))
    assert [each.number for each in read.lines] == ["1", "2"]
    assert [each[1] for each in read.remarks] == ["LX01"]


@pytest.mark.parametrize("lost", ["HL*3*1*22*0~\n", "HL*3*1*22*0"])
def test_claims_below_a_level_that_was_lost_are_nobodys(
    tmp_path: Path, lost: str
) -> None:
    segments = [
        *above(),
        *claim("C-1", "10", line(1, "99213", "10")),
        *subscriber(3, 1, payer="Other Plan"),
        *claim("C-2", "10", line(1, "99213", "10")),
        *subscriber(4, 1, payer="Third Plan"),
        *claim("C-3", "10", line(1, "99213", "10")),
    ]
    text = x12(segments)
    assert lost in text
    read = Read(tmp_path, text.replace(lost, "" if "~" in lost else "H?*3*1*22*0"))
    assert [each.id for each in read.claims] == ["C-1", "C-3"]
    assert read.claims[1].lines[0].read("payer") == "Third Plan"
    (gone,) = [each for each in read.rejects if each.claim_id]
    assert gone.reason == "stands below a level whose HL is missing"


def test_lines_below_a_clm_that_was_lost_are_in_no_other_claim(tmp_path: Path) -> None:
    segments = [
        *above(),
        *claim("C-1", "10", line(1, "99213", "10")),
        *claim("C-2", "20", line(1, "99213", "10"), line(2, "87070", "10")),
    ]
    read = Read(tmp_path, x12(segments).replace("CLM*C-2", "CML*C-2"))
    assert [(each.claim_id, each.number) for each in read.lines] == [("C-1", "1")]
    assert [each.reason for each in read.rejects] == [
        "is no segment of a claim",
        "stands below a CLM that can't be read",
        "stands below a CLM that can't be read",
    ]


@pytest.mark.parametrize("lost", ["", "CML*C-2*20"])
def test_diagnoses_among_lines_are_those_of_a_claim_that_was_lost(
    tmp_path: Path, lost: str
) -> None:
    segments = [
        *above(),
        *claim("C-1", "10", line(1, "99213", "10")),
        *claim("C-2", "20", line(2, "87070", "20")),
    ]
    text = re.sub(r"CLM\*C-2[^~]*", lost, x12(segments))
    read = Read(tmp_path, text)
    assert [(each.claim_id, each.number) for each in read.lines] == [("C-1", "1")]
    assert read.rejects[-1].reason == "stands below a CLM that can't be read"
    assert read.rejects[-1].line == "2"


def test_a_claim_of_no_subscriber_has_no_payer(tmp_path: Path) -> None:
    segments = [*above(), *provider(3), *claim("C-1", "10", line(1, "99213", "10"))]
    read = Read(tmp_path, x12(segments))
    assert read.line.read("payer") is read.line.read("age") is UNKNOWN
    assert [each[1:] for each in read.remarks] == [
        ("CLM", "stands below no subscriber")
    ]


def test_a_line_of_no_claim_is_rejected(tmp_path: Path) -> None:
    segments = [*above(), *line(1, "99213", "10")]
    (reject,) = Read(tmp_path, x12(segments)).rejects
    assert (reject.field, reject.reason) == ("SV1", "stands in no claim")


def test_a_segment_without_end_costs_itself_only(tmp_path: Path) -> None:
    text = _office().replace("PER*", f"PER*{'x' * 300_000}*")
    read = Read(tmp_path, text)
    assert read.line.read("billed") == 12000
    (reject,) = read.rejects
    assert (reject.record, reject.field) == (6, "PER")
    assert reject.reason == "is longer than 16,384 characters"


def test_a_claim_with_too_many_lines_is_read_as_far_as_it_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whopays.claims.x12.claimloop.MOST_LINES", 3)
    lines = [line(number, "99213", "1") for number in range(1, 8)]
    read = Read(tmp_path, x12([*above(), *claim("C-1", "7", *lines)]))
    assert [each.number for each in read.lines] == ["1", "2", "3"]
    assert len(read.rejects) == 4
    assert {each.field for each in read.rejects} == {"LX"}


def test_a_claim_of_hordes_is_read_in_bounded_memory(tmp_path: Path) -> None:
    long = "x" * 16_000
    answer = ("SVD", "P", "1", ("HC", "99213"), "", "1", long)
    horde: list[Segment] = []
    for number in range(1, 31):
        horde += [("LX", str(number)), *[("REF", "6R", long)] * 2, *[answer] * 40]
    path = written(tmp_path, "horde.837", x12([*above(), *claim("C-1", "7", horde)]))
    tracemalloc.start()
    found = list(read_claims(path, FACTS, None, OPEN_FACTS))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 30
    assert held < path.stat().st_size / 4


def test_a_dental_claim_is_rejected_as_one(tmp_path: Path) -> None:
    text = _office().replace("SV1*", "SV3*").replace("X222A1", "X224A2")
    (reject,) = Read(tmp_path, text).rejects
    assert reject.reason == "is of a dental claim, which is not read"


def test_a_remittance_is_rejected_with_what_reads_it(tmp_path: Path) -> None:
    (reject,) = Read(tmp_path, x12([("LX", "1")], "835")).rejects
    assert (reject.field, reject.reason) == (
        "ST01",
        "is 835, a remittance: `whopays remit` reads it",
    )


# the account


def test_every_segment_is_in_the_account(tmp_path: Path) -> None:
    text = _office().replace("PER*", "NTE*ADD*text~\n???*a~\nPER*")
    read = Read(tmp_path, text)
    account = read.report.account
    by_id = account["by_id"]
    counted = sum(
        each["used"] + each["kept"] + sum(each["skipped"].values())
        for each in by_id.values()
    )
    assert counted == account["segments"] == text.count("~")
    assert by_id["CLM"] == {"used": 1, "kept": 0, "skipped": {}}
    assert by_id["NTE"]["skipped"] == {"free text is not read": 1}
    assert by_id["(unknown)"]["skipped"] == {"is no segment of a claim": 1}


def test_an_empty_file_of_that_name_has_nothing(tmp_path: Path) -> None:
    for content in ("", "\n\n", "\ufeff"):
        read = Read(tmp_path, content)
        assert (read.lines, read.rejects) == ([], [])


def test_x12_is_known_by_its_beginning_whatever_its_name(tmp_path: Path) -> None:
    for name in ("claims.txt", "claims.csv", "claims"):
        path = written(tmp_path, name, _office())
        (found,) = read_claims(path, FACTS, None, OPEN_FACTS)
        assert isinstance(found, Claim)


def test_the_isa_of_the_writer_has_its_width() -> None:
    assert len(isa(Style(after=""))) == 106


def test_line_counts_of_the_report_are_those_of_the_claims(tmp_path: Path) -> None:
    lines = line(1, "99213", "10"), line(2, "bad", "10")
    read = Read(tmp_path, x12([*above(), *claim("C-1", "20", *lines)]))
    assert (read.report.lines, read.report.rejects) == (1, 1)
    assert isinstance(read.rejects[0], Reject)


def test_the_decision_page_lists_the_columns_with_their_elements(root: Path) -> None:
    page = (root / "engine/decisions/0017-x12.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert listed == [
        (name, ", ".join(dict.fromkeys(of))) for name, of in COLUMNS.items()
    ]


def _full(kind: str) -> list[Segment]:
    """Return the segments of a claim that says all that there are columns for."""
    npi = ("", "", "", "", "XX", "1234567893")
    more: list[Segment] = [
        ("DTP", "434", "RD8", "20260304-20260307"),
        ("DTP", "435", "D8", "20260304"),
        ("CL1", "1", "7", "01"),
        ("CN1", "05", "1"),
        ("AMT", "F5", "1"),
        ("AMT", "F3", "1"),
        *(("REF", of, "R-1") for of in ("F8", "G1", "9F", "EA", "D9")),
        ("HI", ("ABJ", "J020"), ("APR", "J020"), ("ABN", "W010"), ("DR", "470")),
        ("HI", ("BBR", "0SR90J9"), ("BG", "09")),
        ("HCP", "10", "9"),
        *(("NM1", of, "1", "DOE", *npi) for of in ("71", "72", "DN", "DQ")),
        ("PRV", "AT", "PXC", "207Q00000X"),
        ("NM1", "71", "1", "DOE", *npi),
        ("PRV", "AT", "PXC", "207Q00000X"),
        ("NM1", "82", "1", "DOE", *npi),
        ("NM1", "77", "2", "SITE", *npi),
        ("N4", "RIVERBEND", "CA", "90001"),
        ("SBR", "P", "18", "G1", "", "", "", "", "", "CI"),
        ("AMT", "D", "70"),
        ("NM1", "PR", "2", "ONE", "", "", "", "", "PI", "ID-ONE"),
    ]
    after: list[Segment] = [
        ("HCP", "10", "9"),
        ("REF", "6R", "L-1"),
        ("LIN", "", "N4", "00002143380"),
        ("CTP", "", "", "", "2", "UN"),
        ("NM1", "82", "1", "DOE", *npi),
        ("PRV", "PE", "PXC", "207Q00000X"),
        ("SVD", "ID-ONE", "70", ("HC", "99213"), "", "1"),
        ("CAS", "CO", "45", "30"),
    ]
    if kind == "837I":
        whole = stay("S-1", "100", room(1, "0120", "100", *after))
        service = ("SV2", "0120", ("HC", "99213"), "100", "UN", "1", "", "5")
        whole = [service if each[0] == "SV2" else each for each in whole]
    else:
        whole = claim("C-1", "100", line(1, "99213:25:59:76:77", "100", *after))
        place = ("11", "B", "1")
        whole[0] = (
            "CLM",
            "C-1",
            "100",
            "",
            "",
            place,
            "Y",
            "A",
            "Y",
            "Y",
            "",
            "AA",
            "02",
        )
    patient: list[Segment] = [
        ("HL", "3", "2", "23", "0"),
        ("PAT", "19", "", "", "", "D8", "20260310"),
        ("NM1", "QC", "1", "SMITH", "TED", "", "", "", "MI", "T1"),
        ("N4", "RIVERBEND", "CA", "90001"),
        ("DMG", "D8", "20080305", "M"),
    ]
    head = [
        (*each[:4], "NAME", *each[5:]) if each[0] == "SBR" else each
        for each in above(position="S")
    ]
    at = next(at for at, each in enumerate(whole) if each[0] == "LX")
    return [*head, *patient, *whole[:at], *more, *whole[at:]]


def test_every_column_can_be_filled(tmp_path: Path) -> None:
    """A column that no file fills is one that a mapping waits for in vain."""

    def odd(number: int, element: str, reason: str) -> None:
        raise AssertionError(f"{number} {element} {reason}")

    filled: set[str] = set()
    for kind in ("837P", "837I"):
        path = written(tmp_path, kind, x12(_full(kind), kind))
        with path.open("rb") as file:
            (found,) = Loops(Account(), odd).read(Cutter(file.read, odd).segments())
        assert isinstance(found, ClaimLoop)
        shared = claim_cells(found)
        said = coordination(found, ["1"], shared["payer_position"], odd)
        cells = line_cells(found, shared, found.lines[0], "1", said)
        filled |= {name for name, cell in cells.items() if cell}
    assert set(COLUMNS) - filled == set()
