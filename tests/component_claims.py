"""Claims in components and terms of a few sources, for tests of payment terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whopays.api.terms import Said, TermBook, load_terms

HEAD = """\
edition 1

terms WORDS "Words of the test"
  version 1
  facts from STANDARD 2026.1
  facts from TERMS 2026.1
end
"""
#: In network: $250.00, of which $170.00 are allowed and $5.00 withheld.
NETWORK = {
    "billed": "250.00",
    "discount": "80.00",
    "copay": "20.00",
    "deductible": "30.00",
    "coinsurance": "10.00",
    "withhold": "5.00",
    "plan_paid": "105.00",
}


def book_of(folder: Path, *terms: str) -> TermBook:
    """Return the book of `terms`, each the lines of a block without its `end`."""
    file = folder / "words.rules"
    blocks = "".join(f"\n{term.strip()}\nend\n" for term in terms)
    file.write_text(HEAD + blocks, encoding="utf-8")
    return load_terms(file)


def document(*lines: dict[str, Any], **whole: Any) -> dict[str, Any]:
    """Return a claim document; its lines are adjudicated unless it says otherwise."""
    numbered = [{"line": str(at), **line} for at, line in enumerate(lines, 1)]
    given = {"adjudicated": "yes", "claim_type": "professional", **whole}
    return {"claim_id": "C-1", **given, "lines": numbered}


def said(book: TermBook, *lines: dict[str, Any], **whole: Any) -> Said:
    """Return the claim of `lines` in the words of `book`."""
    return book.said(book.claim(document(*lines, **whole)))


def told(book: TermBook, *lines: dict[str, Any], **whole: Any) -> list[str]:
    """Return what each word comes to, a place after the other: cents, or a status."""
    return [
        f"{each.cents}" if each.cents is not None else each.status
        for _, answers in said(book, *lines, **whole).words
        for each in answers
    ]
