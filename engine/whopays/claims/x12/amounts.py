"""Amounts and composite elements as X12 writes them: `.5`, `174`, `HC:99213:25`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whopays.claims.records import FieldProblem
from whopays.claims.x12.segments import Segment
from whopays.model.money import dollars as shown_dollars
from whopays.model.money import parse_cents

_ZEROS = re.compile(r"(\.\d\d)0+", re.ASCII)
_OTHER_MARK = re.compile(r"[A-Z]{2}([>:<^|])", re.ASCII | re.IGNORECASE)
_MODIFIERS = 4


def plain_amount(text: str) -> str:
    """Return the number `text` as everybody else writes it: 0.5, not `.5` or `5.`."""
    text = text.removesuffix(".")
    if text.startswith("."):
        return f"0{text}"
    return f"-0{text[1:]}" if text.startswith("-.") else text


def cents(text: str) -> int | None:
    """Return the cents of an amount, None of an empty element.

    FieldProblem if it is no amount or has a part of a cent.
    """
    if not text:
        return None
    plain = _ZEROS.sub(r"\1", plain_amount(text))
    try:
        return parse_cents(plain if plain.isascii() else "")
    except ValueError:
        raise FieldProblem("is not an amount in dollars and cents") from None


def written(amount: int | None) -> str:
    """Return cents as an amount in dollars, "" for None."""
    return "" if amount is None else shown_dollars(amount).translate(_NO_SIGNS)


@dataclass(slots=True)
class Amounts:
    """Amounts of a segment; `problem` is the first that is none: (element, reason)."""

    problem: tuple[str, str] | None = None

    def read(self, segment: Segment, at: int) -> int | None:
        """Return the cents of element `at`, None if it is empty or none."""
        try:
            return cents(segment.get(at))
        except FieldProblem as found:
            self.problem = self.problem or (f"{segment.id}{at:02d}", found.reason)
            return None


_NO_SIGNS = {ord("$"): None, ord(","): None}


def procedure(segment: Segment, at: int) -> tuple[str, str, list[str]]:
    """Return the qualifier, the code and the modifiers of a composite element.

    Some senders write it with another separator than their ISA says: `HC>99213`.
    """
    parts = segment.parts(at)
    if len(parts) == 1:
        found = _OTHER_MARK.match(parts[0])
        if found:
            parts = [each.strip() for each in parts[0].split(found[1])]
    qualifier, code = parts[0].upper(), parts[1] if len(parts) > 1 else ""
    return qualifier, code, [each for each in parts[2 : 2 + _MODIFIERS] if each]
