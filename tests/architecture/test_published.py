"""What is published beside the code is what the code says: schemas, and the grammar."""

from __future__ import annotations

import json
from pathlib import Path

import lark
from jsonschema import Draft202012Validator

import whopays
from whopays.explain.schema import CHANGES, DECISION
from whopays.syntax.grammar import STARTS


class _Whole:
    always_accept = ("WORD", "LITERAL")

    def process(self, stream: object) -> object:
        return stream


def test_the_grammar_is_lalr_without_any_conflict(root: Path) -> None:
    text = (root / "grammar" / "whopays.lark").read_text(encoding="utf-8")

    lark.Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=STARTS,
        postlex=_Whole(),
        strict=True,
    )


def test_the_published_schema_of_decisions_is_the_one_in_the_code(root: Path) -> None:
    published = _read(root / "grammar" / "schemas" / "decision.schema.json")

    assert published == json.loads(json.dumps(DECISION))
    Draft202012Validator.check_schema(published)


def test_the_published_schema_of_changes_is_the_one_in_the_code(root: Path) -> None:
    published = _read(root / "grammar" / "schemas" / "changes.schema.json")

    assert published == json.loads(json.dumps(CHANGES))
    Draft202012Validator.check_schema(published)


def test_the_published_schema_of_claims_is_that_of_the_standard_facts(
    root: Path,
) -> None:
    published = _read(root / "grammar" / "schemas" / "claim.schema.json")
    book = whopays.load(root / "rulesets" / "facts", engine="reference")

    assert published == json.loads(json.dumps(book.claim_schema()))
    Draft202012Validator.check_schema(published)


def test_the_shipped_sample_claims_follow_the_published_schema(root: Path) -> None:
    schema = _read(root / "grammar" / "schemas" / "claim.schema.json")
    claims = sorted((root / "rulesets").glob("contracts/*/claims/*.json"))

    assert claims
    for path in claims:
        Draft202012Validator(schema).validate(_read(path))


def _read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))
