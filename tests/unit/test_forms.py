"""How statements are written, as helps show them, is how they can be read."""

from __future__ import annotations

import re

import pytest

from whopays.diagnostics import Source
from whopays.syntax import surface
from whopays.syntax.mistakes.forms import FORMS, form_of
from whopays.syntax.problems import Problems
from whopays.syntax.read import reader

#: What stands in a form for something of the author's.
FILLED = {
    "CONDITION": "emergency",
    "AMOUNT": "$1.00",
    "CONTRACT": "K",
    "ORDER": "O",
    "GRID": "A",
}


@pytest.mark.parametrize("rule", FORMS)
def test_form_can_be_read(rule: str) -> None:
    for form in FORMS[rule].split("` or `"):
        for each in form.split("`, `"):
            text = re.sub(r"[A-Z]{4,}", lambda m: FILLED.get(m[0], m[0]), each)
            assert reader(text.split()[0], "statement", Problems(Source("", "")))(
                text
            ), each


def test_every_statement_has_a_form() -> None:
    statements = {rule for rules in surface.BLOCKS.values() for rule in rules}
    heads = {f"{kind}_head" for kind in surface.BLOCKS}

    assert statements | heads <= set(FORMS)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("decide by qq", "decide by service_date"),
        ("facts from STANDARD", "facts from STANDARD 2026.1"),
        ("facts STANDARD", 'facts ID "title"'),
        ("fact x is money", "fact allowed is money per line"),
    ],
)
def test_the_form_is_that_of_the_statement(text: str, form: str) -> None:
    assert form_of(text) == f"it is written `{form}`"
