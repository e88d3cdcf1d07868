"""Each bad code pack says exactly what is wrong with it, and nothing of what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from whopays.codes import load_pack
from whopays.diagnostics import DiagnosticError, render_all

FOLDER = Path(__file__).parents[2] / "grammar" / "corpus" / "bad-packs"
PACKS = sorted(each for each in FOLDER.iterdir() if each.is_dir())


def _name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("pack", PACKS, ids=_name)
def test_bad_pack_gives_the_expected_report(
    pack: Path, *, update_expected: bool
) -> None:
    with pytest.raises(DiagnosticError) as refused:
        load_pack(pack, wordings=True)
    report = render_all(refused.value.diagnostics) + "\n"
    expected = pack / "report.expected"

    if update_expected:
        expected.write_text(report, encoding="utf-8")

    assert report == expected.read_text(encoding="utf-8")
    assert "MARKER" not in report


@pytest.mark.parametrize("pack", PACKS, ids=_name)
def test_message_is_one_plain_sentence(pack: Path) -> None:
    with pytest.raises(DiagnosticError) as refused:
        load_pack(pack)

    for found in refused.value.diagnostics:
        assert not found.message.endswith(".")
        assert found.message[0] == found.message[0].lower()
        assert "\n" not in found.message
