"""Lines a second through `whopays terms`, beside plain Python for the same three terms."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bench.measure import say, seconds, times
from whopays.api.terms import ComponentClaim, TermBook, load_terms

CLAIMS = 2_000
_LINES = 2
_SOURCES = ("CARIN", "Colorado DSG", "Premera")
_PARTS = ("discount", "copay", "deductible", "coinsurance", "withhold", "plan_paid")
Answers = list[tuple[str, int | None]]


def said(folder: Path, count: int = CLAIMS) -> None:
    """Print how many lines a second are said in sources' words, from file to file."""
    print(f"\nPayment terms, {count:,} claims of {_LINES} lines")
    claims = folder / "claims.jsonl"
    documents = generated(count)
    claims.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    book = load_terms()
    out = folder / "said.jsonl"
    three, ours = seconds(lambda: _said(book, claims, out, _SOURCES, ("paid_amount",)))
    every, _ = seconds(lambda: _said(book, claims, out, (), ()))
    plain, theirs = seconds(lambda: by_hand(claims, folder / "by_hand.jsonl"))
    if ours != theirs:
        raise AssertionError("the sides disagree about what is paid")
    lines = count * _LINES
    say(
        "whopays terms, three terms, filled in", f"{lines / three:8,.0f} lines a second"
    )
    say("whopays terms, all that ship", f"{lines / every:8,.0f} lines a second")
    say("Python by hand, three amounts", f"{lines / plain:8,.0f} lines a second")
    say("whopays : by hand, three terms", times(three, plain))


def generated(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return claim documents whose lines balance, the same each time."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    found = []
    for number in range(count):
        lines = []
        for at in range(1, _LINES + 1):
            cents = {part: draw.randrange(0, 20_000) for part in _PARTS}
            cents["billed"] = sum(cents.values())
            lines.append({"line": str(at), **{n: _text(c) for n, c in cents.items()}})
        given = {"claim_type": "professional", "adjudicated": "yes"}
        found.append({"claim_id": f"C-{number}", **given, "lines": lines})
    return found


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _said(
    book: TermBook,
    claims: Path,
    out: Path,
    sources: tuple[str, ...],
    words: tuple[str, ...],
) -> Answers:
    found: Answers = []
    with out.open("w", encoding="utf-8") as to:
        for claim in book.read(claims):
            if not isinstance(claim, ComponentClaim):
                raise TypeError(claim)
            told = book.said(claim, sources, words)
            to.write(json.dumps(book.record(told)) + "\n")
            found.extend(
                (word.source, answer.cents)
                for word, answers in told.words
                for answer in answers
            )
    return found


def by_hand(claims: Path, out: Path) -> Answers:
    """Work out the same as somebody would write it in Python: the amounts alone."""
    found: Answers = []
    with claims.open(encoding="utf-8") as read, out.open("w", encoding="utf-8") as to:
        for text in read:
            claim = json.loads(text)
            lines = [
                {name: _cents(line[name]) for name in (*_PARTS, "billed")}
                for line in claim["lines"]
            ]
            amounts: Answers = [("CARIN", line["plan_paid"]) for line in lines]
            amounts.extend(
                ("Colorado DSG", line["plan_paid"] + line["withhold"]) for line in lines
            )
            billed = sum(line["billed"] for line in lines)
            less = ("discount", "copay", "deductible", "coinsurance")
            left = billed - sum(line[name] for line in lines for name in less)
            amounts.append(("Premera", min(left, billed)))
            to.write(
                json.dumps({"claim_id": claim["claim_id"], "paid": amounts}) + "\n"
            )
            found.extend(amounts)
    return found


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)
