"""A code as somebody types it: of which system it is, or what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from whopays.claims.codes import read_code
from whopays.claims.records import FieldProblem
from whopays.codes.names import systems_called
from whopays.diagnostics import nearest
from whopays.model.codes import (
    SHAPES,
    normal_code,
    shape_example,
    shown_code,
    system_of,
)

_Known = Callable[[str, str], bool]
_PREFIXED = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)[\s:]+(\S.*)", re.DOTALL)
_LONGEST = 100
#: Letters that are typed for digits, and digits for letters.
_LIKE = str.maketrans("OIL", "011")


class CodeError(Exception):
    """What was typed is no code; the text says why, and what to write."""


@dataclass(frozen=True)
class Said:
    """A code and its system.

    `also` are other codes, with their systems, that may be meant where nothing is known
    of this one; `short_of` are the systems whose codes have one character more.
    """

    system: str
    code: str
    also: tuple[str, ...] = ()
    short_of: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The code as the language writes it."""
        return f"{self.system} {shown_code(self.system, self.code)}"


def _any(system: str, code: str) -> bool:
    del system, code
    return True


def said_code(text: str, looked_at: Iterable[str], known: _Known = _any) -> Said:
    """Return the code that `text` is: `99283`, `cpt 99283`, `f32.9`, `450`.

    `looked_at` are the systems that are likelier than others; only codes that are
    `known`, by system and code, are said to be meant. Raise `CodeError` with what to
    write if there is no such code.
    """
    words = " ".join(text.split())
    if not words:
        raise CodeError("a code is missing: for example, 99283, or CPT 99283")
    if len(words) > _LONGEST:
        raise CodeError(f"a code has no more than {_LONGEST} characters")
    found = _PREFIXED.match(words)
    # `REV 0450` is no code of ICD10PCS, though its seven characters could be.
    named = found is not None and bool(systems_called(found[1]))
    if found and (named or not _as_code(words.replace(" ", ""))):
        return _of_system(found[1], found[2], known)
    likelier = tuple(dict.fromkeys(looked_at))
    whole = words.replace(" ", "")
    if "." in whole:  # no other system has a dot
        likelier = ("ICD10CM", *likelier)
    others = tuple(each for each in SHAPES if each not in likelier)
    exact = _systems(whole, likelier)
    filled = exact or _filled(whole, likelier)
    rest = _systems(whole, others)
    every = (*filled, *rest)
    if every:
        (system, code), *more = every
        also = [f"{each} {shown_code(each, other)}" for each, other in more]
        if not filled:
            also = [*_meant(words, normal_code(whole), likelier, known), *also]
        # A diagnosis that is whole may have one character more, and misses none.
        short = tuple(each for each in _short(whole, likelier) if each != system)
        return Said(system, code, tuple(dict.fromkeys(also)), short)
    raise CodeError(
        f"`{words}` is no code of any system{_hint(words, likelier, known)}"
    )


def _short(whole: str, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Return the systems of which `whole` may be a code without its last character."""
    return tuple(system for system, _ in _systems(f"{whole}0", systems))


def _as_code(whole: str) -> bool:
    return bool(_systems(whole, tuple(SHAPES)))


def _systems(text: str, systems: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the systems that `text` has the shape of, with the code."""
    found = []
    for system in systems:
        code = _normal(text, system)
        if code is not None and SHAPES[system].fullmatch(code):
            found.append((system, code))
    return found


def _normal(text: str, system: str) -> str | None:
    """Return `text` as a code of `system` is compared; None where a dot is no dot of it."""
    if not text.isascii():
        return None
    if "." in text and (system != "ICD10CM" or text.find(".") != 3):  # noqa: PLR2004
        return None
    if system == "NDC" and re.fullmatch(r"\d{5}-\d{4}-\d{2}", text):
        return text.replace("-", "")
    return normal_code(text)


def _filled(text: str, systems: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return `text` with zeros before it, as files lose them: 450 is REV 0450."""
    found = []
    for system in systems:
        try:
            code = read_code(text, (system,))
        except FieldProblem:
            continue
        found.append((system, code))
    return found


def _of_system(name: str, rest: str, known: _Known) -> Said:
    systems = systems_called(name)
    whole = rest.replace(" ", "")
    if not systems:
        near = nearest(name.upper(), SHAPES)
        there_are = f"there are {', '.join(SHAPES)}"
        raise CodeError(
            f"there is no code system `{name}`; "
            + (f"did you mean {near}?" if near else there_are)
        )
    found = _systems(whole, systems) or _filled(whole, systems)
    if not found:
        raise CodeError(
            f"`{rest}` is no code of {' or '.join(systems)}{_hint(rest, systems, known)}; "
            f"a code of {systems[0]} looks like {shape_example(systems[0])}"
        )
    return Said(*found[0])


def _hint(words: str, systems: tuple[str, ...], known: _Known) -> str:
    """Return what was probably meant, as the end of a sentence."""
    whole = normal_code(words.replace(" ", ""))
    parts = [part for part in re.split("[-\u2013\u2014]", whole) if part]
    if len(parts) > 1 and all(_systems(part, systems) for part in parts):
        return f": it is a range, and one code is looked up, such as {parts[0]}"
    base = parts[0] if parts else ""
    if len(parts) > 1 and _systems(base, systems) and len(parts[1]) <= 2:  # noqa: PLR2004
        fact = f'--facts "modifiers MODIFIER {parts[1]}"'
        return f": did you mean {base}, with {fact}?"
    for among in (systems, tuple(SHAPES)):
        for meant in _meant(words, whole, among, known):
            return f"; did you mean {meant}?"
    examples = ", ".join(f"{each} {shape_example(each)}" for each in systems[:4])
    return f"; codes look like {examples}" if len(systems) > 1 else ""


def _meant(
    words: str, whole: str, systems: tuple[str, ...], known: _Known
) -> Iterator[str]:
    """Yield codes of `systems` that were meant, if what is typed has slips."""
    for guess in _guesses(words, whole) if words.isascii() else ():
        system = system_of(guess, systems)
        if system is not None and known(system, guess):
            yield f"{system} {shown_code(system, guess)}"


def _guesses(words: str, whole: str) -> Iterable[str]:
    if re.fullmatch(r"\d+\.0+", words.replace(" ", "")):  # as a spreadsheet leaves it
        number = words.split(".", maxsplit=1)[0]
        yield number
        yield number.rjust(4, "0")
    yield re.sub(r"[^0-9A-Z]", "", whole)
    yield whole[:1] + whole[1:].translate(_LIKE)
    yield whole.translate(_LIKE)
