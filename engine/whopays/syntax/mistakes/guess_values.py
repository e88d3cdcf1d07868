"""What was probably meant by the values of a statement: guesses to be tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whopays.syntax.mistakes.stopped import Stopped, Try
from whopays.syntax.mistakes.unless import UNLESS

#: What is written without a blank inside.
_IN_ONE = re.compile(r"[\d.]+%|-?\$[\d,.]+|[A-Z]\d{2,4}|\d+/\d+")
_BETWEEN = re.compile(
    r"([\w.]+)\s+(?:is\s+)?(?:between|from)\s+([\w$.,%-]+)\s+(?:and|to|-)\s+([\w$.,%-]+)"
)
#: Code systems by the shape of a code, the likelier first.
_SYSTEMS = (
    (r"\d{5}", "CPT"),
    (r"[A-V]\d{4}", "HCPCS"),
    (r"\d{4}", "REV"),
    (r"[A-Z]\d[0-9A-Z](\.\w+)?", "ICD10CM"),
)
_TURNED = re.compile(r"(\$?\d[\w.,%-]*)\s*(<=|>=|<|>)\s*([a-z_][\w.]*)")
_OPPOSITE = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
_OR_MORE = re.compile(r"([a-z_][\w.]*)\s+(?:is\s+)?(\$?\d[\d.,]*)\s*\+")
_EITHER = re.compile(
    r"([a-z_][\w.]*)\s+is\s+(?:either\s+)?"
    r"((?:[A-Z]\w*\s+)?[\w.%$-]+(?:\s*(?:,\s*or|,|\bor)\s+[\w.%$-]+)+)"
)


#: Whole turns of phrase, and what to write for them.
_REWORDED = (
    (
        re.compile(r"\bnetwork is (not )?out[ -]of[ -](?:the )?network\b"),
        r"network is \1outside",
    ),
    (
        re.compile(r"\bnetwork is (not )?in[ -](?:the )?network\b"),
        r"network is \1inside",
    ),
    (re.compile(r"\b(?:either|both) (?=[a-z(])"), ""),
    (re.compile(r"\beither ([a-z(][^#\n]*? or [^#\n]*[^#\n ])"), r"(\1)"),
    (re.compile(r"\bneither ([a-z][^#\n]*?) nor ([^#\n]*[^#\n ])"), r"not (\1 or \2)"),
    (re.compile(r"\bnot\s+([a-z_][\w.]*)\s+is\s+"), r"\1 is not "),
    (re.compile(r"\bnot\s+([a-z_][\w.]*)\s+in\s+"), r"\1 not in "),
    (
        re.compile(r"(?:is )?within\s+(\d+)\s*(\w+)\s+(?:of|after|from|following)\s+"),
        r"<= \1 \2 after ",
    ),
    (re.compile(r"\b(\d+)(days?|months?|years?)\b"), r"\1 \2"),
    (re.compile(r"in (?:the )?(?:same )?month (?:of|as)"), "in month of"),
    (re.compile(r"amendment (?:#|[Nn]o\.?|number) *(\d+)"), r"amendment \1"),
    (re.compile(r",\s*(because|needs|cites|when)\b"), r" \1"),
    (re.compile(r"to (?:present|date|now|open|further notice|today)$"), "onward"),
    (
        re.compile(r"per (?:plan |policy |benefit )?(?:year|annum)$"),
        "per contract year",
    ),
    (re.compile(r"contract-year"), "contract year"),
    (re.compile(r"\bif (.+?),? then (.+?),? else (.+)$"), r"\2 if \1 else \3"),
    (re.compile(r"\bto the (\w)"), r"to \1"),
)
#: A value of a fact after an equals sign: between quotes it is hardly a text.
_EQUALS = re.compile(r'\s*={1,2}\s*(?:"([a-z]\w*|[A-Z][A-Z0-9-]*)"|([\w$][\w.$%-]*))')
_ONE_LESS = re.compile(
    rf"^when\s+([^#\n]+?)\s+{UNLESS.pattern}([^#\n]+?)(?=\s*(?:#|$))", re.IGNORECASE
)
_WILD = re.compile(r"\b([A-Z]?\d*)\*")


def between(at: Stopped) -> Iterator[Try]:
    """Write two comparisons for `age between 21 and 64`."""
    for found in _BETWEEN.finditer(at.text):
        name, low, high = found.groups()
        text = f"{name} >= {low} and {name} <= {high}"
        for whole in (text, f"({text})"):
            yield Try(f"write `{whole}`", ((*found.span(), whole),))


def compared(at: Stopped) -> Iterator[Try]:
    """Turn `65 <= age` and `65+` into comparisons, `A or B` into a list."""
    for found in _TURNED.finditer(at.text):
        text = f"{found[3]} {_OPPOSITE[found[2]]} {found[1]}"
        yield Try(f"write `{text}`", ((*found.span(), text),))
    for found in _OR_MORE.finditer(at.text):
        text = f"{found[1]} >= {found[2]}"
        yield Try(f"write `{text}`", ((*found.span(), text),))
    for found in _ONE_LESS.finditer(at.text):
        text = f"{found[1]} and not ({found[2]})"
        for write in (text, f"({found[1]}) and not ({found[2]})"):
            yield Try(f"write `when {write}`", ((*found.span(), f"when {write}"),))
    for pattern, write in _REWORDED:
        for found in pattern.finditer(at.text):
            text = found.expand(write)
            if not text:
                yield at.left_out(found.start(), found.end() - 1)
                continue
            yield Try(f"write `{text}`", ((*found.span(), text),))
    for found in _WILD.finditer(at.text):
        size = 4 if "REV" in at.text or "TOB" in at.text else 5
        free = size - len(found[1])
        text = f"{found[1]}{'0' * free}-{found[1]}{'9' * free}"
        yield Try(f"write `{text}`", ((*found.span(), text),))
    for found in _EITHER.finditer(at.text):
        values = re.sub(r"\s*(?:,\s*or|,|\bor)\s+", ", ", found[2])
        into = "is one of" if at.piece(0) == "fact" else "in"
        text = f"{found[1]} {into} {values}"
        yield Try(f"write `{text}`", ((*found.span(), text),))


def equals(at: Stopped) -> Iterator[Try]:
    """Write `network is outside` for `network = "outside"`, wherever it stands."""
    found = [each for each in _EQUALS.finditer(at.text) if each[1] or each[2]]
    if any(each[1] for each in found):
        edits = tuple((*each.span(), f" is {each[1] or each[2]}") for each in found)
        shown = " and ".join(f"`{edit[2].strip()}`" for edit in edits)
        yield Try(f"write {shown}", edits)


def formula(at: Stopped) -> Iterator[Try]:
    """Mend formulas: parentheses of a choice of amounts, division, zero dollars."""
    for found in re.finditer(r"((?:lesser|greater) of)\s+([^()]+)$", at.text):
        text = f"{found[1]} ({found[2]})"
        yield Try(f"write `{text}`", ((*found.span(), text),))
    for found in re.finditer(r"\s*/\s*(\d+)\b", at.text):
        yield Try(f"write `* 1/{found[1]}`", ((*found.span(), f" * 1/{found[1]}"),))
    word = at.piece(at.here)
    if "MONEY" in at.problem.expected and re.fullmatch(r"\d+(\.\d\d)?", word):
        start, end = at.pieces[at.here]
        amount = f"${int(word.split('.')[0]):,}.{([*word.split('.'), '00'])[1]}"
        yield Try(f"write `{amount}`", ((start, end, amount),))


def joined(at: Stopped) -> Iterator[Try]:
    """Join a number and its sign, or the parts of a code; leave out `v`."""
    version = re.search(r"\bv(?:er\.?|ersion)?\s*(\d[\d.]*)", at.text)
    if version is not None and version.end() > at.at:
        yield Try(f"write `{version[1]}`", ((*version.span(), version[1]),))
    for number in (at.here, at.here + 1):
        if not 0 < number < len(at.pieces):
            continue
        start, end = at.pieces[number - 1][1], at.pieces[number][0]
        word = at.piece(number - 1) + at.piece(number)
        if start < end and _IN_ONE.fullmatch(word):
            yield Try(f"write `{word}`", ((start, end, ""),))


def coded(at: Stopped) -> Iterator[Try]:
    """Write the code system before codes that have the shape of one."""
    found = re.match(r"codes\s+(?=(\S+))", at.text)
    if found is None:
        return
    first = found[1].rstrip(",").split("-")[0]
    for shape, system in _SYSTEMS:
        if re.fullmatch(shape, first):
            end = found.end()
            shown = f"{system} {at.text[end:]}"
            yield Try(f"write `codes {shown}`", ((end, end, f"{system} "),))


def grid_again(at: Stopped) -> Iterator[Try]:
    """Write the grid before each category: `A "Visits", A "Rooms"`."""
    found = re.search(r'([A-Z][A-Z0-9.-]*) +"[^"]*"\s*,\s*$', at.text[: at.at])
    if found is not None and at.piece(at.here).startswith('"'):
        start, end = at.pieces[at.here]
        shown = f"{found[1]} {at.text[start:end]}"
        yield Try(f"write `{shown}`", ((start, start, f"{found[1]} "),))


def underscored(at: Stopped) -> Iterator[Try]:
    """Join the words of the name of a fact, a `let` or a definition by `_`."""
    found = re.match(
        r"(?:fact|let|define|amount)\s+([a-z]\w*(?:\s+[a-z]\w*)+)\s+(is|=|when|per)\b",
        at.text,
    )
    if found is not None:
        name = "_".join(found[1].split())
        yield Try(f"write `{name}`", ((*found.span(1), name),))


def turned(at: Stopped) -> Iterator[Try]:
    """Write the party before its share."""
    found = list(re.finditer(r"([\d./]+%?)\s+([A-Za-z][\w-]*)", at.text))
    edits = tuple((*m.span(), f"{m[2]} {m[1]}") for m in found)
    if edits:
        shown = ", ".join(new for _, _, new in edits)
        yield Try(f"write `{shown}`", edits)


def swapped(at: Stopped) -> Iterator[Try]:
    """Turn two words around."""
    for number in (at.here + 1, at.here):
        if not 1 < number < len(at.pieces):
            continue
        left, right = at.pieces[number - 1], at.pieces[number]
        one, other = at.piece(number - 1), at.piece(number)
        edits = ((*left, other), (*right, one))
        yield Try(f"write `{other} {one}`", edits)


def brackets(at: Stopped) -> Iterator[Try]:
    """Try brackets around a list, and one bracket too many or too few."""
    if at.text.count("(") > 1:
        edits = tuple((m.start(), m.end(), "") for m in re.finditer(r"[()]", at.text))
        yield Try("leave out the parentheses", edits)
    for opening, closing in ("()", "[]", "{}"):
        first, last = at.text.find(opening), at.text.rfind(closing)
        if 0 <= first < last:
            edits = ((first, first + 1, ""), (last, last + 1, ""))
            yield Try(f"leave out `{opening}` and `{closing}`", edits)
    if at.piece(at.here) == ")":
        yield Try("leave out `)`", (at.cut(*at.pieces[at.here]),))
    missing = at.text.count("(") - at.text.count(")")
    if at.here == len(at.pieces) and 0 < missing < 5:  # noqa: PLR2004 - a few
        end = len(at.text)
        yield Try(f"write `{')' * missing}` at the end", ((end, end, ")" * missing),))
