"""Code systems, and sets of codes as rule files write them.

A claim gives a procedure code without saying whether it is CPT or HCPCS; the shapes
of the systems are disjoint, so the shape says it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

#: The shape of a code of each system, after `normal_code`.
SHAPES = {
    "CPT": re.compile(r"\d{4}[0-9FTUMA]"),
    "HCPCS": re.compile(r"[A-V]\d{4}"),
    "REV": re.compile(r"\d{4}"),
    "POS": re.compile(r"\d{2}"),
    "TOB": re.compile(r"0[0-9]{2}[0-9A-Z]"),
    "ICD10CM": re.compile(r"[A-Z]\d[0-9A-Z]{1,5}"),
    "ICD10PCS": re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    "MSDRG": re.compile(r"\d{3}"),
    "MODIFIER": re.compile(r"[0-9A-Z]{2}"),
    "TAXONOMY": re.compile(r"[0-9A-Z]{9}X"),
    "NDC": re.compile(r"\d{11}"),
}
#: Systems in which a code stands for everything written under it.
_TREES = frozenset({"ICD10CM", "ICD10PCS", "TOB"})
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def normal_code(text: str) -> str:
    """Return `text` as codes are compared: capitals, no blanks, no dots."""
    return text.strip().upper().replace(".", "")


def shape_example(system: str) -> str:
    """Return a code that shows the shape of `system`, for messages."""
    return _EXAMPLES[system]


_EXAMPLES = {
    "CPT": "99285",
    "HCPCS": "A0427",
    "REV": "0450",
    "POS": "23",
    "TOB": "011x",
    "ICD10CM": "F32.9",
    "ICD10PCS": "0DTJ4ZZ",
    "MSDRG": "470",
    "MODIFIER": "26",
    "TAXONOMY": "207P00000X",
    "NDC": "00002751001",
}


def system_of(code: str, systems: tuple[str, ...]) -> str | None:
    """Return the system among `systems` that `code` has the shape of, or None."""
    return next((each for each in systems if SHAPES[each].fullmatch(code)), None)


def is_code(system: str, text: str, *, written: bool) -> bool:
    """Tell whether normalised `text` can be a code of `system`.

    In a rule file (`written`) a tree system also takes the head of a branch: `F32`,
    or `011` for the bill types 0110 to 011Z.
    """
    if SHAPES[system].fullmatch(text):
        return True
    if not written:
        return False
    if system == "ICD10CM":
        return bool(re.fullmatch(r"[A-Z](\d[0-9A-Z]{0,5})?", text))
    if system == "ICD10PCS":
        return bool(re.fullmatch(r"[0-9A-HJ-NP-Z]{1,7}", text))
    if system == "TOB":
        return bool(re.fullmatch(r"0\d{0,2}", text))
    return False


def events(
    sets: Iterable[tuple[Hashable, CodeSet]],
) -> dict[tuple[str, str], list[tuple[tuple[str, int], int, Hashable]]]:
    """Return where sets of codes begin and end, on the line of codes of each shape.

    An event is a place, 1 or -1, and the name of the set; places stand in order.
    """
    found: dict[tuple[str, str], list[tuple[tuple[str, int], int, Hashable]]] = {}
    for name, codes in sets:
        tree = codes.system in _TREES
        for lo, hi in codes.ranges:
            line = found.setdefault((codes.system, shape(codes.system, lo)), [])
            line.append(((lo, 0), 1, name))
            line.append(((hi + "~" if tree else hi, 1), -1, name))
    for line in found.values():
        line.sort(key=_place)
    return found


def _place(event: tuple[tuple[str, int], int, Hashable]) -> tuple[str, int]:
    return event[0]


def is_tree(system: str) -> bool:
    """Tell whether a code of `system` stands for all that is written under it."""
    return system in _TREES


def shape(system: str, code: str) -> str:
    """Return on which line of `system` the code stands; trees have one."""
    return "" if system in _TREES else _mask(code)


def _mask(code: str) -> str:
    """Return the shape of `code` with its letters at the end kept: 0016T is ddddT."""
    head = "".join("d" if char.isdigit() else "L" for char in code[:-1])
    return head + ("d" if code[-1].isdigit() else code[-1])


@dataclass(frozen=True)
class CodeSet:
    """Codes of one `system`: ranges `(first, last)`, both ends included."""

    system: str
    ranges: tuple[tuple[str, str], ...]

    def __contains__(self, code: str) -> bool:
        """Tell whether `code`, normalised, is in the set."""
        if not SHAPES[self.system].fullmatch(code):
            return False
        if self.system in _TREES:
            return any(lo <= code[: len(lo)] <= hi for lo, hi in self.ranges)
        return any(
            lo <= code <= hi and (lo == code or _mask(code) == _mask(lo))
            for lo, hi in self.ranges
        )

    def range_of(self, code: str) -> tuple[str, str] | None:
        """Return the range that holds `code`, normalised; None where it is not in."""
        for each in self.ranges:
            if code in CodeSet(self.system, (each,)):
                return each
        return None

    def __str__(self) -> str:
        """Return the set as the language writes it."""
        shown = (shown_range(self.system, *ends) for ends in self.ranges)
        return f"{self.system} {', '.join(shown)}"


def shown_range(system: str, first: str, last: str) -> str:
    """Return a range of `system` as the language writes it, without the system."""
    if first == last:
        return shown_code(system, first)
    return f"{shown_code(system, first)}-{shown_code(system, last)}"


def shown_code(system: str, code: str) -> str:
    """Return `code` of `system`, or the head of a branch, as the language writes it."""
    if system == "TOB":
        return code.ljust(4, "x")
    if system == "ICD10CM" and len(code) > 3:  # noqa: PLR2004 - the dot
        return f"{code[:3]}.{code[3:]}"
    return code


@lru_cache(maxsize=4096)
def edge_codes(codes: CodeSet) -> tuple[str, ...]:
    """Return codes at which membership in `codes` can change: starts and successors.

    Every class of codes that some family of sets can tell apart contains the first
    code of one of the sets, or the code after the last of one, or is outside all.
    """
    found = []
    for lo, hi in codes.ranges:
        found.extend(_completed(codes.system, lo))
        found.extend(_completed(codes.system, hi))
        after = _successor(hi)
        if after is not None:
            found.extend(_completed(codes.system, after))
    return tuple(dict.fromkeys(found))


def _successor(code: str) -> str | None:
    """Return the next code of the same shape, or None at the end."""
    chars = list(code)
    for at in reversed(range(len(chars))):
        char = chars[at]
        if char.isalpha() and at == len(chars) - 1 and code[:-1].isdigit():
            continue  # 0016T is followed by 0017T
        last = "9" if char.isdigit() and code[:at].isdigit() | (at == 0) else "Z"
        if char.isdigit() and last == "Z" and len(code) == 5:  # noqa: PLR2004 - HCPCS
            last = "9"
        if char < last:
            chars[at] = _ALPHABET[_ALPHABET.index(char) + 1]
            return "".join(chars)
        chars[at] = "0" if char.isdigit() or last == "Z" else char
    return None


def _completed(system: str, code: str) -> list[str]:
    """Return whole codes that begin with `code`, the shortest first."""
    if is_code(system, code, written=False):
        return [code]
    if system not in _TREES:
        return []
    longest = {"ICD10CM": 7, "ICD10PCS": 7, "TOB": 4}[system]
    for fill in ("0", "1"):
        grown = code
        while len(grown) < longest:
            grown += fill
            if is_code(system, grown, written=False):
                return [grown]
    return []
