"""The contracts that the benchmark generates are whole, and the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.amend import amended
from bench.by_hand import ByHand
from bench.coordinate import reprice
from bench.generate import generate, lines
from whopays.api import check, load
from whopays.model.claim import Line


def test_generated_contract_checks_clean(tmp_path: Path) -> None:
    made = generate(rows=24, exceptions=6, categories=9, codes=60)
    (tmp_path / "made.rules").write_text(made.text, encoding="utf-8")

    report = check(tmp_path)

    assert report.diagnostics == ()
    assert report.contracts["MADE"].entries > 100


def test_amended_contract_checks_clean(tmp_path: Path) -> None:
    made = generate(rows=40, exceptions=6, categories=9, codes=60)
    texts = amended(made, 8)
    (tmp_path / "made.rules").write_text(made.text, encoding="utf-8")
    for number, text in enumerate(texts, 1):
        (tmp_path / f"amendment-{number}.rules").write_text(text, encoding="utf-8")

    report = check(tmp_path)

    assert report.diagnostics == ()
    assert report.contracts["MADE"].versions > 8
    assert amended(made, 8) == texts


def test_generated_text_depends_on_the_seed_alone() -> None:
    size = {"rows": 24, "exceptions": 6, "categories": 9, "codes": 60}

    again = generate(**size).text

    assert again == generate(**size).text
    assert again != generate(**size, seed=5).text


def test_python_by_hand_decides_alike(tmp_path: Path) -> None:
    made = generate(rows=24, exceptions=6, categories=9, codes=60)
    (tmp_path / "made.rules").write_text(made.text, encoding="utf-8")
    book, by_hand = load(tmp_path, engine="reference"), ByHand(made)

    for at, facts in enumerate(lines(made, 200)):
        decided = book.decide_line(Line("C-1", str(at), facts))
        shares, trace = by_hand.decide(facts)
        assert decided.shares.keys() == dict(shares).keys()
        assert decided.because == (trace["because"][0],) or trace["because"][0] == "A"


def test_accounts_repriced_come_to_what_plain_python_comes_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reprice(tmp_path, 40)

    assert "a second" in capsys.readouterr().out
