"""Codes as files write them, made into the one form in which the engine compares them."""

from __future__ import annotations

from whopays.claims.records import FieldProblem
from whopays.model.codes import normal_code, system_of

#: Systems whose leading zeros get lost, the lengths that are filled up, and to what.
_FILLED = {
    "REV": ((3,), 4),
    "TOB": ((3,), 4),
    "POS": ((1,), 2),
    "MSDRG": ((1, 2), 3),
}
_DOT_AT = 3  # F32.9


def read_code(text: str, systems: tuple[str, ...]) -> str:
    """Return `text` as a normalised code of one of `systems`, or raise FieldProblem.

    A dot is taken out only where ICD-10-CM has it: the cell 450.0, as a spreadsheet
    leaves revenue code 0450, must not become 4500.
    """
    if not text.isascii():
        raise FieldProblem("has characters that no code has")
    if "." in text and (
        "ICD10CM" not in systems or text.find(".") != _DOT_AT or text.count(".") > 1
    ):
        raise FieldProblem("has a decimal point, which no such code has")
    code = normal_code(text)
    if system_of(code, systems):
        return code
    for system in systems:
        lengths, width = _FILLED.get(system, ((), 0))
        if len(code) in lengths:
            filled = code.rjust(width, "0")
            if system_of(filled, (system,)):
                return filled
    raise FieldProblem(f"has not the shape of a code of {', '.join(systems)}")
