"""What the documents show is what the engine does: examples, output, source, modules."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import whopays
from command_line import Command
from whopays import bounds
from whopays.api import check
from whopays.checks import statement
from whopays.explain import changes_tree

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "engine" / "whopays"
README = ROOT / "README.md"
ENGINE = ROOT / "engine" / "README.md"
REFERENCE = ROOT / "grammar" / "reference.md"
QUOTED = ("decide_known", "governing", "_places", "_answering", "_settle")


def _blocks(page: Path, kind: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


EXAMPLES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in (README, REFERENCE)
    for number, text in enumerate(_blocks(page, "rules"), 1)
]


@pytest.fixture
def shown(tmp_path: Path) -> list[whopays.LineDecision]:
    """Return the decisions of the claim in the README by its rule file."""
    (rules,), (claim,) = _blocks(README, "rules"), _blocks(README, "json")
    path = tmp_path / "sunrise.rules"
    path.write_text(rules, encoding="utf-8")
    return whopays.load(path).decide(json.loads(claim))


def test_there_are_examples() -> None:
    assert _blocks(README, "rules")
    assert _blocks(REFERENCE, "rules")


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_a_whole_file_without_problems(text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.rules"
    path.write_text(text, encoding="utf-8")

    report = check(path)
    results = whopays.load(path).run_tests()

    assert [each.message for each in report.diagnostics] == []
    assert [each.problems for each in results if each.state == "failed"] == []


def test_readme_shows_the_explanation_that_is_printed(
    shown: list[whopays.LineDecision],
) -> None:
    (tree,) = _blocks(README, "explanation")

    assert tree.rstrip("\n") == shown[0].explain("tree")


def test_readme_shows_what_would_change_the_answer(
    shown: list[whopays.LineDecision], tmp_path: Path
) -> None:
    (rules,) = _blocks(README, "rules")
    path = tmp_path / "sunrise.rules"
    path.write_text(rules, encoding="utf-8")
    changes = whopays.load(path).what_would_change(shown[0])
    (told,) = _blocks(README, "changes")

    assert told.rstrip("\n") == changes_tree(shown[0].decision, changes)


def test_readme_shows_the_sentences_that_are_printed(
    shown: list[whopays.LineDecision],
) -> None:
    (sentences,) = _blocks(README, "sentences")

    assert sentences.splitlines() == [each.explain() for each in shown]


def test_readme_shows_the_lookup_of_a_code_that_is_printed(whopays: Command) -> None:
    (shown,) = _blocks(README, "lookup")

    run = whopays("catalog", "lookup", "99283", "--facts", "claim_type professional")

    assert run.out == shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("report", ("report", "favorable")),
        (
            "worklist",
            ("worklist", "--language-category", "favorable", "--on", "2026-06-30"),
        ),
    ],
)
def test_readme_shows_what_the_office_prints(
    whopays: Command, kind: str, words: tuple[str, ...]
) -> None:
    (shown,) = _blocks(README, kind)
    samples = ROOT / "rulesets" / "profiles"

    run = whopays(
        *("cob", *words),
        *(
            samples / "sample-accounts.csv",
            "--profiles",
            samples / "sample.yaml",
            "--order",
            "as-given",
        ),
    )

    assert [line.rstrip() for line in run.out.splitlines()] == shown.splitlines()


def test_readme_shows_the_account_that_is_settled(
    whopays: Command, tmp_path: Path
) -> None:
    (account,), (shown,) = _blocks(README, "account"), _blocks(README, "settled")
    path = tmp_path / "account.json"
    path.write_text(account, encoding="utf-8")

    told = whopays("cob", "settle", path)

    # The last line is the digest of the rules that ship.
    assert told.err == ""
    assert told.out.splitlines()[:-1] == shown.splitlines()


def test_readme_shows_what_the_check_prints(tmp_path: Path) -> None:
    (rules,) = _blocks(README, "rules")
    (tmp_path / "sunrise.rules").write_text(rules, encoding="utf-8")
    ((name, checked),) = check(tmp_path).contracts.items()

    assert _blocks(README, "check") == ["\n".join([*statement(name, checked), ""])]


def test_reference_quotes_the_definition_of_a_decision() -> None:
    source = (PACKAGE / "reference" / "decide.py").read_text(encoding="utf-8")
    found = {
        node.name: ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }

    (quoted,) = _blocks(REFERENCE, "python")

    assert quoted.split("\n\n\n") == [
        *(found[name] for name in QUOTED[:-1]),
        f"{found[QUOTED[-1]]}\n",
    ]


def test_reference_lists_each_bound() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    section = text.split("\n## Bounds\n")[1].split("\n## ")[0]
    listed = re.findall(r"(?<![\w,])\d+(?:,\d{3})*(?![\w,])", section)
    values = [value for name, value in vars(bounds).items() if name.isupper()]

    assert sorted(listed) == sorted(f"{value:,}" for value in values)


def test_every_module_has_a_line_and_every_line_a_module() -> None:
    modules = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    text = ENGINE.read_text(encoding="utf-8")
    listed = re.findall(r"^\| (?:\*\*)?`([\w/]+\.py)`", text, re.MULTILINE)

    assert sorted(listed) == sorted(modules)


def test_modules_and_files_named_in_passing_exist() -> None:
    text = ENGINE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.-]+\.(?:py|md|lark|toml))`", text))
    folders = (ROOT, ROOT / "engine", PACKAGE)

    assert [
        name
        for name in sorted(named)
        if not any((folder / name).is_file() for folder in folders)
    ] == []


@pytest.mark.parametrize(
    "page",
    [README, ENGINE, REFERENCE, *sorted((ROOT / "engine" / "decisions").glob("*.md"))],
    ids=lambda page: page.stem,
)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)

    assert [link for link in links if not (page.parent / link).exists()] == []
