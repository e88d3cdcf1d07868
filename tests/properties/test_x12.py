"""X12: what is written is read, whatever the separators; and no bytes are too odd."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import invariants
from claims_support import FACTS
from whopays.claims import OPEN_FACTS, ReadReport, read_claims
from whopays.model.claim import Claim
from whopays.model.money import parse_cents
from x12_writer import Segment, Style, above, claim, line, room, stay, subscriber
from x12_writer import written as x12

_MARKS = "*|~^!+:><'#\x1c\x1d\x1e\x1f"
_LATEST = date(2035, 12, 31)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    marks = draw(st.lists(st.sampled_from(_MARKS), min_size=3, max_size=3, unique=True))
    # Without terminators of its own, a line is a segment.
    ends = draw(
        st.sampled_from(
            [
                ("", "\n"),
                ("", "\r\n"),
                *[(marks[2], each) for each in ("", "\n", "\r\n", "\n\n")],
            ]
        )
    )
    if not ends[0]:
        return Style(
            marks[0], marks[1], ends[1][0] if len(ends[1]) == 1 else "\r", ends[1][1:]
        )
    return Style(marks[0], marks[1], ends[0], ends[1])


_PROCEDURES = st.sampled_from(["99213", "87070", "J3301:JZ", "99214:25:59"])
_CENTS = st.integers(0, 9_999_999).map(
    lambda cents: f"{cents // 100}.{cents % 100:02d}"
)
_DAYS = st.dates(date(1990, 1, 1), _LATEST)
_LINES = st.lists(st.tuples(_PROCEDURES, _CENTS, _DAYS), min_size=1, max_size=4)


@given(st.lists(_LINES, min_size=1, max_size=3), styles(), _DAYS)
def test_every_line_that_is_written_is_read(
    claims: list[list[tuple[str, str, date]]], style: Style, born: date
) -> None:
    segments: list[Segment] = above(born=f"{born:%Y%m%d}")
    expected = []
    for number, lines in enumerate(claims, 1):
        written = []
        for at, (procedure, charge, day) in enumerate(lines, 1):
            written.append(line(at, procedure, charge, day=f"{day:%Y%m%d}"))
            code, *modifiers = procedure.split(":")
            age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
            expected.append(
                (
                    f"C-{number}",
                    str(at),
                    code,
                    tuple(sorted(modifiers)),
                    parse_cents(charge),
                    day,
                    age,
                )
                if age >= 0
                else None
            )
        segments += [
            *subscriber(number + 1, 1, born=f"{born:%Y%m%d}"),
            *claim(f"C-{number}", "1", *written),
        ]
    report, found = _read(x12(segments, style=style))
    read = [
        (
            each.claim_id,
            each.number,
            each.read("procedure_code"),
            tuple(each.facts["modifiers"])
            if isinstance(each.facts["modifiers"], tuple)
            else (),
            each.read("billed"),
            each.read("service_date"),
            each.read("age"),
        )
        for one in found
        for each in one.lines
    ]
    assert read == [each for each in expected if each]
    assert report.lines + report.rejects == len(expected)


@pytest.mark.parametrize("ends", [("~", "\n"), ("\n", ""), ("\r", "\n")])
def test_a_mark_that_separates_elements_and_repetitions_is_read(
    ends: tuple[str, str],
) -> None:
    segments = [
        *above(),
        *subscriber(2, 1),
        *claim("C-1", "1", line(1, "99213", "7.00")),
    ]
    report, found = _read(x12(segments, style=Style("^", "*", *ends)))

    assert (report.lines, report.rejects) == (1, 0)
    assert found[0].lines[0].read("procedure_code") == "99213"


@given(
    st.lists(
        st.tuples(st.sampled_from(["0120", "0250", "360"]), _CENTS),
        min_size=1,
        max_size=4,
    ),
    styles(),
)
def test_every_room_that_is_written_is_read(
    rooms: list[tuple[str, str]], style: Style
) -> None:
    lines = [room(at, code, charge) for at, (code, charge) in enumerate(rooms, 1)]
    _, found = _read(x12([*above(), *stay("S-1", "1", *lines)], "837I", style))
    read = [
        (each.read("revenue_code"), each.read("billed"))
        for one in found
        for each in one.lines
    ]
    assert read == [(code.rjust(4, "0"), parse_cents(charge)) for code, charge in rooms]
    union = tuple(sorted({code.rjust(4, "0") for code, _ in rooms}))
    assert {each.read("claim_revenue_codes") for each in found[0].lines} == {union}


def _read(text: str) -> tuple[ReadReport, list[Claim]]:
    report = ReadReport()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "c.837")
        path.write_bytes(text.encode("utf-8"))
        found = list(read_claims(path, FACTS, None, OPEN_FACTS, report))
    return report, [each for each in found if isinstance(each, Claim)]


_SEEDS = sorted((Path(__file__).parents[1] / "fuzz/seeds/x12").iterdir())


@given(st.sampled_from(_SEEDS), st.data())
def test_a_damaged_file_is_read_on_without_losing_a_segment(
    path: Path, data: st.DataObject
) -> None:
    raw = path.read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), at + data.draw(st.integers(0, 40)))
        raw = raw[:at] + data.draw(st.binary(max_size=6)) + raw[end:]
    invariants.x12(raw)


@given(st.sampled_from(_SEEDS), st.data())
def test_a_file_that_was_cut_has_no_claim_but_those_of_the_whole(
    path: Path, data: st.DataObject
) -> None:
    text = path.read_bytes().decode()
    kept = text[: data.draw(st.integers(0, len(text)))]
    _, whole = _read(text)
    report, cut = _read(kept)
    assert cut == whole[: len(cut)]
    assert len(cut) == len(whole) or report.rejects or not kept.strip()


@given(st.sampled_from(_SEEDS), st.randoms(use_true_random=True))
def test_segments_in_any_order_are_read_on(path: Path, chance: object) -> None:
    raw = path.read_bytes()
    mark = raw.rstrip()[-1:]
    segments = raw.split(mark)
    chance.shuffle(segments)  # type: ignore[attr-defined]
    invariants.x12(mark.join(segments))


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_read(raw: bytes) -> None:
    invariants.x12(raw)
    invariants.x12(b"ISA*00*" + raw)
