"""`lock`: a published text that was changed or taken away is noticed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from command_line import Command
from small_rules import rules, written_rules
from whopays.api import RulesFolderError, check, load
from whopays.api.consolidate import consolidate
from whopays.api.lock import check_lock, lock
from whopays.api.lockfile import read_lock
from whopays.diagnostics import Diagnostic, DiagnosticError

EXCEPTION = """\
exception E-1 to A "Visits", A "Rooms"
  cites "Note 1"
  cites "Note 2"
  when age > 64 and network is outside
  then PLAN 1/3, IPA 2/3
end
"""
AMENDMENT = """\
amendment 1 to K version 1
  signed 2026-05-14
  in force 2026-07-01 onward
  withdraw E-1
  replace A "Rooms" with PLAN cites "Amendment 1"
end
"""
TEST = """\
test "A visit"
  contract K
  given procedure_code CPT 99205, area inside, product HMO, service_date 2025-03-04
  given age 40
  expect IPA
end
"""
DAY = date(2026, 7, 15)
TEXT = rules(EXCEPTION, AMENDMENT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of rules that is locked."""
    found = written_rules(tmp_path, TEXT)
    lock(found)
    return found


def found_in(folder: Path, text: str) -> list[Diagnostic]:
    (folder / "small.rules").write_text(text, encoding="utf-8")
    return [each for each in check(folder).diagnostics if each.code.startswith("L")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("| IPA |\n", "| IPA |\n\n", id="a blank line"),
        pytest.param("edition 1\n", "edition 1\n# News.\n", id="a comment"),
        pytest.param("| 1/3  | 2/3 |", "|1/3|2/3|", id="the width of a cell"),
        pytest.param("area is inside ", "area  is  inside", id="blanks in a condition"),
        pytest.param(
            '  cites "Note 1"\n  cites "Note 2"\n',
            '  cites "Note 2"\n  cites "Note 1"\n',
            id="the order of lines",
        ),
        pytest.param(
            "  withdraw E-1\n  replace", "  replace", id="the order of changes"
        ),
        pytest.param('  cites "Note 1"\n', '  cites "Note   1" # one\n', id="blanks"),
        pytest.param("when age > 64 and", "when age > 64\n  and", id="a line broken"),
        pytest.param(AMENDMENT, f"{AMENDMENT}\n{TEST}", id="a test"),
    ],
)
def test_what_says_the_same_breaks_no_lock(old: str, new: str, folder: Path) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new)
    if old.startswith("  withdraw"):
        text = text.replace(
            'cites "Amendment 1"\n', 'cites "Amendment 1"\n  withdraw E-1\n'
        )

    assert text != TEXT
    assert found_in(folder, text) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('cites "Note 2"', 'cites "Note 3"', "contract K 1"),
        ("PLAN 1/3, IPA 2/3", "PLAN 2/3, IPA 1/3", "contract K 1"),
        ("age > 64", "age >= 64", "contract K 1"),
        ('"Exhibit A"', '"Exhibit  B"', "contract K 1"),
        ('A "Visits", A "Rooms"', 'A "Rooms"', "contract K 1"),
        ("  otherwise unlisted\n", "  otherwise PLAN\n", "contract K 1"),
        ("  decide by service_date", "  decide by admission_date", "contract K 1"),
        ("  signed 2026-05-14", "  signed 2026-05-15", "amendment 1 to K 1"),
        ('with PLAN cites "Amendment 1"', "with PLAN", "amendment 1 to K 1"),
        ("CPT 99201-99215", "CPT 99201-99214", "catalog C 1"),
        (
            "codes REV 0100-0199\n",
            "codes REV 0100-0199\n  when age > 1\n",
            "catalog C 1",
        ),
        ("fact age is number", "fact age is number in years", "facts F 1"),
        (
            '  party PLAN "The plan"\n  party IPA "The group"\n',
            '  party IPA "The group"\n  party PLAN "The plan"\n',
            "contract K 1",
        ),
    ],
)
def test_a_published_text_that_says_something_else_is_an_error(
    old: str, new: str, name: str, folder: Path
) -> None:
    assert old in TEXT

    (found,) = found_in(folder, TEXT.replace(old, new))

    assert found.code == "L001"
    assert found.message == f"`{name}` was changed after it was published"
    assert [each.span.source.name for each in found.labels] == [
        "small.rules",
        "whopays.lock",
    ]
    assert name in found.labels[1].span.text


@pytest.mark.parametrize(
    ("old", "remedy"),
    [
        ("age > 64", "publish the change as an amendment"),
        ("with PLAN cites", "publish the change as another amendment"),
        ("CPT 99201", "publish the change as a new version"),
    ],
)
def test_the_remedy_is_what_fits_the_text(old: str, remedy: str, folder: Path) -> None:
    new = {"age > 64": "age > 65", "with PLAN cites": "with IPA cites"}
    (found,) = found_in(folder, TEXT.replace(old, new.get(old, "CPT 99202")))

    assert found.help == f"put the text back as it was, and {remedy}"


def test_a_text_may_move_to_another_file(folder: Path) -> None:
    (folder / "amended.rules").write_text(f"edition 1\n{AMENDMENT}", encoding="utf-8")

    assert found_in(folder, TEXT.replace(AMENDMENT, "")) == []


def test_a_text_that_is_gone_is_an_error(folder: Path) -> None:
    (found,) = found_in(folder, TEXT.replace(AMENDMENT, ""))

    assert found.code == "L002"
    assert found.message == (
        "`amendment 1 to K 1` was published, and is in no file any more"
    )
    assert found.help == "put it back; it was in `small.rules`"


def test_a_new_text_is_no_error(folder: Path) -> None:
    again = AMENDMENT.replace("amendment 1", "amendment 2").replace(
        "  withdraw E-1\n", ""
    )
    text = f"{TEXT}\n{again}"

    assert found_in(folder, text) == []
    (found,), locked = check_lock(folder)
    assert (found.code, found.is_error, locked) == ("L004", False, 4)
    assert found.message == "`amendment 2 to K 1` is not locked"
    assert lock(folder).added == ("amendment 2 to K 1",)
    assert check_lock(folder) == ([], 5)


def test_everything_that_reads_rules_sees_the_lock(folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(TEXT.replace("age > 64", "age > 65"), encoding="utf-8")
    readers: list[Callable[[Path], object]] = [load, partial(consolidate, as_of=DAY)]

    for read, place in product(readers, (folder, path)):
        with pytest.raises(DiagnosticError) as raised:
            read(place)
        assert [found.code for found in raised.value.diagnostics] == ["L001"]


def test_one_file_of_a_folder_is_not_asked_for_the_texts_of_others(
    folder: Path,
) -> None:
    (folder / "amended.rules").write_text(f"edition 1\n{AMENDMENT}", encoding="utf-8")
    path = folder / "small.rules"
    path.write_text(TEXT.replace(AMENDMENT, ""), encoding="utf-8")

    assert load(path).notes == ()


def test_a_text_that_cannot_be_read_is_told_as_that_alone(folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(TEXT.replace('cites "Note 1"', "cites Note 1"), encoding="utf-8")

    assert {each.code[0] for each in check(folder).diagnostics} == {"P"}


def test_what_is_locked_is_written_anew_only_in_so_many_words(folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(TEXT.replace("age > 64", "age > 65"), encoding="utf-8")
    before = (folder / "whopays.lock").read_text(encoding="utf-8")

    with pytest.raises(DiagnosticError) as raised:
        lock(folder)
    assert [each.code for each in raised.value.diagnostics] == ["L001"]
    assert (folder / "whopays.lock").read_text(encoding="utf-8") == before
    done = lock(folder, again=["contract K 1"])
    assert (done.again, done.added, done.kept) == (("contract K 1",), (), 3)
    assert load(folder).notes == ()


def test_what_is_gone_is_forgotten_only_in_so_many_words(folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(TEXT.replace(AMENDMENT, ""), encoding="utf-8")

    with pytest.raises(DiagnosticError):
        lock(folder)
    done = lock(folder, forget=["amendment 1 to K 1"])
    assert (done.forgotten, done.kept) == (("amendment 1 to K 1",), 3)
    assert check_lock(folder) == ([], 3)


def test_names_of_documents_are_looked_at(folder: Path) -> None:
    with pytest.raises(RulesFolderError, match="did you mean `contract K 1`"):
        lock(folder, again=["contract K1"])
    with pytest.raises(RulesFolderError, match="there are `catalog C 1`, `facts F 1`"):
        lock(folder, again=["xyz"])
    with pytest.raises(RulesFolderError, match="is still there"):
        lock(folder, forget=["contract K 1"])


def test_texts_with_errors_are_not_locked(tmp_path: Path) -> None:
    folder = written_rules(tmp_path, TEXT.replace("  otherwise unlisted\n", ""))

    with pytest.raises(DiagnosticError):
        lock(folder)

    assert not (folder / "whopays.lock").exists()


def test_the_lock_is_a_line_a_document_in_one_order(folder: Path) -> None:
    lines = (folder / "whopays.lock").read_text(encoding="utf-8").splitlines()

    assert [line[66:] for line in lines[2:]] == [
        "catalog C 1  small.rules",
        "facts F 1  small.rules",
        "contract K 1  small.rules",
        "amendment 1 to K 1  small.rules",
    ]


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        (b"", "`whopays.lock` is empty"),
        (b"\xff\xfe", "`whopays.lock` is not text"),
        (b"hello", "`whopays.lock` is no lock file of the form `whopays lock 1`"),
        (
            b"whopays lock 1\nabc  contract K 1  small.rules\n",
            "this line of the lock file can't be read",
        ),
        (
            b"whopays lock 1\n" + 2 * (b"a" * 64 + b"  contract K 1  small.rules\n"),
            "`contract K 1` stands twice in the lock file",
        ),
    ],
)
def test_a_lock_file_that_cannot_be_read_is_an_error(
    spoiled: bytes, message: str, folder: Path
) -> None:
    (folder / "whopays.lock").write_bytes(spoiled)

    (found,) = found_in(folder, TEXT)

    assert (found.code, found.message) == ("L003", message)
    with pytest.raises(DiagnosticError):
        lock(folder)


@pytest.mark.parametrize("link", [False, True])
def test_what_has_the_name_of_a_lock_file_and_is_none_is_an_error(
    link: bool, folder: Path
) -> None:
    place = folder / "whopays.lock"
    place.unlink()
    if link:
        place.symlink_to(folder / "elsewhere")
    else:
        place.mkdir()

    (found,) = check(folder).diagnostics

    assert (found.code, found.message) == ("L003", "`whopays.lock` is no file")
    with pytest.raises(DiagnosticError):
        lock(folder)
    with pytest.raises(DiagnosticError):
        check_lock(folder)


def test_a_lock_file_of_many_bad_lines_is_told_in_a_few(folder: Path) -> None:
    text = "whopays lock 1\n" + "<<<<<<< ours\n" * 100_000
    (folder / "whopays.lock").write_text(text, encoding="utf-8")

    assert len(found_in(folder, TEXT)) < 30


def test_a_file_name_cannot_add_a_line(tmp_path: Path) -> None:
    folder = written_rules(tmp_path, TEXT)
    (folder / "small.rules").rename(folder / "a\nb.rules")

    lock(folder)

    found = read_lock(folder / "whopays.lock")
    assert found is not None
    assert {each.file for each in found.entries.values()} == {"a<U+000A>b.rules"}
    assert check_lock(folder) == ([], 4)


# The command


def test_locking_tells_what_is_new(whopays: Command, tmp_path: Path) -> None:
    folder = written_rules(tmp_path, TEXT)

    told = whopays("lock", folder)

    assert told.code == 0
    assert told.out.splitlines() == [
        "locked  facts F 1",
        "locked  catalog C 1",
        "locked  contract K 1",
        "locked  amendment 1 to K 1",
        f"no documents locked before, written to {folder / 'whopays.lock'}",
    ]
    assert whopays("lock", "--check", folder).out == "4 documents as locked\n"


def test_a_changed_text_is_exit_code_1(whopays: Command, folder: Path) -> None:
    path = folder / "small.rules"
    path.write_text(TEXT.replace("age > 64", "age > 65"), encoding="utf-8")

    for words in (("lock", "--check"), ("lock",), ("check",), ("test",)):
        told = whopays(*words, folder)
        assert (told.code, "L001" in told.err) == (1, True)
    told = whopays("lock", folder, "--again", "contract K 1")
    assert (told.code, told.out.splitlines()[0]) == (0, "locked again  contract K 1")


def test_wrong_use_is_exit_code_2(whopays: Command, folder: Path) -> None:
    told = whopays("lock", folder / "small.rules")
    assert (told.code, "name the folder of small.rules" in told.err) == (2, True)
    told = whopays("lock", "--check", "--again", "contract K 1", folder)
    assert told.code == 2
    (folder / "whopays.lock").unlink()
    told = whopays("lock", "--check", folder)
    assert (told.code, "`whopays lock" in told.err) == (2, True)
