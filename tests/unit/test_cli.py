"""The command line: words and exit codes for what goes well and for what does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from command_line import Command
from small_rules import GRID, HEAD, rules, written_rules

TEST = """\
test "A visit inside the area"
  contract K
  given procedure_code CPT 99213, area inside, product HMO, service_date 2025-03-04
  expect {who} 100%
end
"""
ROW = "{claim},1,HMO,2025-03-04,99213,,{area},100.00\n"
COLUMNS = (
    "claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed\n"
)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return written_rules(tmp_path, rules(TEST.format(who="IPA")))


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    rows = ROW.format(claim="A", area="inside") + ROW.format(claim="B", area="outside")
    path.write_text(COLUMNS + rows, encoding="utf-8")
    return path


# check


def test_check_of_sound_rules_says_so(whopays: Command, sound: Path) -> None:
    told = whopays("check", sound)
    assert told.code == 0
    assert told.out.startswith("K: ")
    assert "exactly one answer stands in every case" in told.out
    assert (
        "`otherwise` answers, sometimes or always, for: lines of no category"
        in told.out
    )
    assert not told.err


def test_check_of_a_gap_is_exit_code_1(whopays: Command, tmp_path: Path) -> None:
    text = rules(grid=GRID.replace("otherwise unlisted", ""))
    told = whopays("check", written_rules(tmp_path, text))
    assert told.code == 1
    assert "error[C001]: nothing answers for a line of no category" in told.err
    assert "1 error, no warnings" in told.err
    assert "exactly one answer" not in told.out


def test_check_in_json_has_the_same_exit_code(whopays: Command, tmp_path: Path) -> None:
    text = rules(grid=GRID.replace("otherwise unlisted", ""))
    folder = written_rules(tmp_path, text)
    told = whopays("check", folder, "--format", "json")
    assert told.code == 1
    (found,) = json.loads(told.out)["diagnostics"]
    assert (found["code"], found["severity"]) == ("C001", "error")
    assert found["labels"][0]["file"] == "small.rules"
    assert str(tmp_path) not in told.out


def test_check_of_text_with_a_mistake_shows_the_line(
    whopays: Command, tmp_path: Path
) -> None:
    text = rules(grid=GRID.replace("area is inside", "aera is inside"))
    told = whopays("check", written_rules(tmp_path, text))
    assert told.code == 1
    assert "small.rules:" in told.err
    assert "aera" in told.err
    assert "`area`" in told.err


# test


def test_test_counts_what_passed(whopays: Command, sound: Path) -> None:
    told = whopays("test", sound)
    assert (told.code, told.out) == (0, "1 passed, 0 failed, 0 not run\n")
    assert "passed  A visit inside the area" in whopays("test", sound, "-v").out


def test_test_that_fails_is_exit_code_1_and_says_what_it_got(
    whopays: Command, tmp_path: Path
) -> None:
    folder = written_rules(tmp_path, rules(TEST.format(who="PLAN")))
    told = whopays("test", folder)
    assert told.code == 1
    assert "FAILED  A visit inside the area  (small.rules:" in told.out
    assert "expected PLAN 100%, got IPA 100% because A " in told.out
    assert told.out.endswith("0 passed, 1 failed, 0 not run\n")


def test_test_of_rules_without_tests_says_how_to_write_one(
    whopays: Command, tmp_path: Path
) -> None:
    told = whopays("test", written_rules(tmp_path, rules()))
    assert (told.code, told.out[:8]) == (0, "no tests")


# decide


def test_decide_writes_the_folder_and_the_table(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    told = whopays("decide", claims, "--rules", sound, "-o", tmp_path / "out")
    assert told.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "decisions.jsonl",
        "explanations.jsonl",
        "manifest.json",
        "rejects.jsonl",
        "remarks.jsonl",
        "run.json",
    ]
    for line in ("status: decided", "party: IPA", "party: PLAN", "category: Visits"):
        assert line in told.out
    assert "$200.00" in told.out


def test_decide_with_rejects_is_exit_code_3(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    with claims.open("a") as file:
        file.write(ROW.format(claim="C", area="upstairs"))
    told = whopays("decide", claims, "--rules", sound, "-o", tmp_path / "out")
    assert told.code == 3
    assert told.err.startswith("1 rejected, see rejects in ")


def test_decide_into_a_folder_of_somebody_else_is_exit_code_2(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    told = whopays("decide", claims, "--rules", sound, "-o", sound)
    assert told.code == 2
    assert "is not the output of an earlier run; name another folder" in told.err
    assert (sound / "small.rules").is_file()
    assert not list(tmp_path.glob(".*"))


def test_decide_with_a_mapping_that_there_is_not_names_those_that_are(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    told = whopays(
        *("decide", claims, "--rules", sound, "-o", tmp_path / "out"),
        *("--mapping", "rif-carier"),
    )
    assert told.code in {1, 2}
    assert "rif-carier" in told.err
    assert "rif-carrier" in told.err
    assert not (tmp_path / "out").exists()


def test_decide_with_a_mapping_file_that_there_is_not_is_a_message(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path
) -> None:
    told = whopays(
        *("decide", claims, "--rules", sound, "-o", tmp_path / "out"),
        *("--mapping", "gone.yaml"),
    )
    assert told.code in {1, 2}
    assert "gone.yaml" in told.err


def test_known_on_leaves_out_what_was_signed_later(
    whopays: Command, claims: Path, tmp_path: Path
) -> None:
    amendment = HEAD.split("\n")[2]
    assert amendment == "  signed 2024-12-01"
    folder = written_rules(tmp_path, rules())
    told = whopays(
        *("explain", claims, "--rules", folder, "--format", "sentence"),
        *("--known-on", "2025-01-01"),
    )
    assert told.code == 0
    assert told.out.startswith("IPA (The group) bears 100% ($100.00)")


# explain


def test_explain_shows_the_tree_of_each_line(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound)
    assert told.code == 0
    assert told.out.count("claim ") == 2
    assert "  IPA (The group) bears 100% ($100.00) because of A " in told.out


def test_explain_of_one_claim_in_json_validates(
    whopays: Command, sound: Path, claims: Path
) -> None:
    schema = json.loads(whopays("schema", "decision").out)
    told = whopays(
        "explain", claims, "--rules", sound, "--claim", "B", "--format", "json"
    )
    record = json.loads(told.out)
    jsonschema.Draft202012Validator(schema).validate(record)
    assert (record["claim_id"], record["shares"][0]["bearer"]) == ("B", "PLAN")


def test_explain_why_not(whopays: Command, sound: Path, claims: Path) -> None:
    told = whopays(
        *("explain", claims, "--rules", sound, "--claim", "A", "--why-not", "PLAN")
    )
    assert told.code == 0
    assert "area is outside (area is inside)" in told.out


def test_explain_of_a_claim_that_is_not_in_the_file_is_exit_code_2(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound, "--claim", "Z")
    assert told.code == 2
    assert "no line of this claim and number was found" in told.err


@pytest.mark.parametrize(
    "content",
    [
        '{"claim_id": "A", "lines": [',
        "",
        "[1, 2]",
        '"text"',
        "\x00\x01",
        '{"lines": 3}',
    ],
    ids=["cut off", "empty", "numbers", "text", "binary", "no lines"],
)
def test_explain_of_malformed_json_says_that_it_is_rejected(
    whopays: Command, sound: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    told = whopays("explain", path, "--rules", sound)
    assert told.code == 3
    assert told.err.startswith(f"rejected: {path}, record 1: ")
    assert "was found" not in told.err
    assert "  " not in told.err
    assert not told.out


# schema, demo


def test_the_schema_of_a_claim_accepts_the_sample_claims(
    whopays: Command, root: Path
) -> None:
    told = whopays("schema", "claim")
    schema = json.loads(told.out)
    validator = jsonschema.Draft202012Validator(schema)
    samples = sorted(root.glob("rulesets/contracts/*/claims/*.json"))
    assert samples
    for path in samples:
        validator.validate(json.loads(path.read_text("utf-8")))
    assert not validator.is_valid({"lines": "none"})


def test_the_demo_decides_and_explains_the_sample_claims(
    whopays: Command, root: Path
) -> None:
    told = whopays("demo")
    assert told.code == 0
    for path in root.glob("rulesets/contracts/riverbend-commercial/claims/*.json"):
        assert json.loads(path.read_text("utf-8"))["claim_id"] in told.out
    assert "one of them, explained:\n\nclaim C-1003, line 1\n" in told.out
    assert "status: undetermined" in told.out


# wrong use


def test_a_mistyped_command_is_told_the_nearest(whopays: Command) -> None:
    told = whopays("chekc", ".")
    assert told.code == 2
    assert "There is no command `chekc`. Did you mean `check`?" in told.err


@pytest.mark.parametrize("command", ["check", "test"])
def test_rules_that_are_not_there_are_exit_code_2(
    whopays: Command, tmp_path: Path, command: str
) -> None:
    told = whopays(command, tmp_path / "gone")
    assert told.code == 2
    assert told.err == f"error: there is no file or folder {tmp_path / 'gone'}\n"


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_folder_without_rules_is_exit_code_2(
    whopays: Command, tmp_path: Path, command: str
) -> None:
    told = whopays(command, tmp_path)
    assert told.code == 2
    assert told.err == f"error: there is no file *.rules in {tmp_path}\n"


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_claims_that_are_not_there_are_exit_code_2(
    whopays: Command, sound: Path, tmp_path: Path, command: str
) -> None:
    gone = tmp_path / "gone.csv"
    output = ("-o", tmp_path / "out") if command == "decide" else ()
    told = whopays(command, gone, "--rules", sound, *output)
    assert told.code == 2
    assert told.err == f"error: {gone}: No such file or directory\n"


def test_claims_of_an_unknown_format_are_told_which_are_known(
    whopays: Command, sound: Path, tmp_path: Path
) -> None:
    path = tmp_path / "claims.docx"
    path.write_text("")
    told = whopays("explain", path, "--rules", sound)
    assert told.code in {1, 2}
    assert ".jsonl" in told.err


def test_a_date_that_is_none_is_exit_code_2(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound, "--known-on", "2026-02-30")
    assert told.code == 2
    assert "2026-02-30 is not a date; write it like 2026-03-04" in told.err


def test_a_contract_that_there_is_not_is_told_which_there_are(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims, "--rules", sound, "--contract", "OTHER")
    assert (told.code, told.err) == (
        2,
        "error: there is no contract OTHER; there are K\n",
    )


def test_rules_with_errors_decide_nothing(
    whopays: Command, claims: Path, tmp_path: Path
) -> None:
    text = rules(grid=GRID.replace("Rooms", "Roms"))
    folder = written_rules(tmp_path, text)
    told = whopays("decide", claims, "--rules", folder, "-o", tmp_path / "out")
    assert told.code == 1
    assert "`Rooms`" in told.err
    assert not (tmp_path / "out").exists()


# durable-rules is missing


@pytest.fixture
def without_durable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)


@pytest.mark.usefixtures("without_durable")
@pytest.mark.parametrize("command", ["test", "explain", "decide", "demo"])
def test_without_durable_rules_one_message_says_how_to_install_it(
    whopays: Command, sound: Path, claims: Path, tmp_path: Path, command: str
) -> None:
    words: dict[str, tuple[str | Path, ...]] = {
        "test": (sound,),
        "explain": (claims, "--rules", sound),
        "decide": (claims, "--rules", sound, "-o", tmp_path / "out"),
        "demo": (),
    }
    told = whopays(command, *words[command])
    assert told.code == 2
    assert not told.out
    assert told.err.startswith("error: durable-rules can't be loaded.")
    assert told.err.count("error:") == 1
    assert (
        "\n  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install "
        "--no-cache-dir --force-reinstall durable_rules==2.0.28\n"
    ) in told.err
    assert "--engine reference" in told.err


def test_the_reference_decides_the_same_without_durable_rules(
    whopays: Command, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = root / "rulesets/contracts/riverbend-commercial"
    samples = sorted((folder / "claims").glob("*.json"))
    told = whopays("decide", *samples, "--rules", folder, "-o", tmp_path / "one")
    assert told.code == 0
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    told = whopays(
        *("decide", "--rules", folder, "-o", tmp_path / "two"),
        *("--engine", "reference"),
        *samples,
    )
    assert told.code == 0
    for name in ("decisions.jsonl", "explanations.jsonl", "rejects.jsonl"):
        one, two = (tmp_path / each / name for each in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    assert (tmp_path / "one/decisions.jsonl").stat().st_size


@pytest.mark.usefixtures("without_durable")
def test_check_and_schema_need_no_durable_rules(whopays: Command, sound: Path) -> None:
    assert whopays("check", sound).code == 0
    assert whopays("schema", "claim").code == 0
    assert whopays("test", sound, "--engine", "reference").code == 0


# as a process


def test_a_reader_that_closes_the_pipe_is_no_error(sound: Path, claims: Path) -> None:
    command = [sys.executable, "-m", "whopays", "explain", claims, "--rules", sound]
    with subprocess.Popen(
        [*map(str, command), "--engine", "reference"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert b"Traceback" not in said
    assert process.returncode in {0, 1}


# Names of files and contracts


def test_a_file_that_is_not_there_is_told_with_the_nearest(
    whopays: Command, sound: Path
) -> None:
    told = whopays("check", sound / "smal.rules")
    assert told.code == 2
    assert told.err.endswith(f"did you mean {sound / 'small.rules'}?\n")


def test_claims_that_are_not_there_are_told_with_the_nearest(
    whopays: Command, sound: Path, claims: Path
) -> None:
    told = whopays("explain", claims.with_name("claim.csv"), "--rules", sound)
    assert told.code == 2
    assert f"did you mean {claims}?" in told.err


def test_a_contract_that_is_not_there_is_told_with_the_nearest(
    whopays: Command, tmp_path: Path, claims: Path
) -> None:
    folder = written_rules(tmp_path, rules(head=HEAD.replace("K ", "BASE ")))
    told = whopays("explain", claims, "--rules", folder, "--contract", "BSE")
    assert told.code == 2
    assert "there is no contract BSE; did you mean BASE?" in told.err
