"""What tests show of a dictionary: definitions, readings, and the days of editions."""

from __future__ import annotations

from pathlib import Path

from command_line import Command

TEXT = """edition 1

terms OWN "Own"
  version 1.0
  facts from STANDARD 2026.1
  facts from TERMS 2026.1
end

term paid by "A"
  called "old"
  in force 2020-01-01 to 2020-12-31
  per line
  is plan_paid
  reading held is plan_paid + withhold
end

term paid by "A"
  called "new"
  in force 2021-01-01 onward
  per line
  is plan_paid
end

test "The last day"
  term paid by "A"
  given service_date 2020-12-31, plan_paid $5.00, withhold $1.00
  expect $5.00{more}
end
"""


def test_readings_and_editions_that_no_test_shows_are_listed(
    whopays: Command, tmp_path: Path
) -> None:
    file = tmp_path / "own.rules"
    file.write_text(TEXT.format(more=""), encoding="utf-8")
    run = whopays("test", file, "--coverage")

    assert "OWN: what 1 passing test touches" in run.out
    assert "comes to an amount by its reading held" in run.out
    assert (
        'paid by "A" (new) answers on the first day of an edition, 2021-01-01'
        in run.out
    )
    assert "(old) answers on the first day of an edition, 2020-01-01" in run.out
    assert "on the last day" not in run.out

    file.write_text(TEXT.format(more=", held $6.00"), encoding="utf-8")
    assert "reading held" not in whopays("test", file, "--coverage").out


def test_a_test_that_fails_touches_nothing(whopays: Command, tmp_path: Path) -> None:
    file = tmp_path / "own.rules"
    file.write_text(TEXT.format(more=", held $7.00"), encoding="utf-8")
    run = whopays("test", file, "--coverage")

    assert "reading held" in run.out
    assert "on the last day of an edition, 2020-12-31" in run.out
