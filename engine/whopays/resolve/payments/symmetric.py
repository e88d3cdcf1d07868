"""Rules of an order that can never decide: what holds of a pair holds the other way round.

A rule is tried in both directions and decides where it holds in one of them alone. Its
tests are taken as independent of each other, so what is told is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from whopays.model import conditions as model

_THIS, _OTHER = "this.", "other."
_MOST = 12  # tests of one rule, both ways round, that are tried with each other
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def is_symmetric(when: model.Condition) -> bool:
    """Tell whether `when` holds in both directions or in none, whatever the plans."""
    tests = dict.fromkeys(
        _key(atom, turned=turned)
        for atom in model.atoms(when)
        for turned in (False, True)
    )
    if len(tests) > _MOST:
        return False
    return all(
        _holds(when, truth, turned=False) == _holds(when, truth, turned=True)
        for truth in _truths(list(tests))
    )


def _truths(tests: list[model.Atom]) -> Iterator[dict[model.Atom, bool]]:
    for sides in product((False, True), repeat=len(tests)):
        yield dict(zip(tests, sides, strict=True))


def _holds(
    when: model.Condition, truth: Mapping[model.Atom, bool], *, turned: bool
) -> bool:
    match when:
        case model.All(parts):
            return all(_holds(part, truth, turned=turned) for part in parts)
        case model.Any_(parts):
            return any(_holds(part, truth, turned=turned) for part in parts)
        case model.Not(part):
            return not _holds(part, truth, turned=turned)
        case model.Named(_, part):
            return _holds(part, truth, turned=turned)
        case _:
            return truth[_key(when, turned=turned)]


def _key(atom: model.Atom, *, turned: bool) -> model.Atom:
    """Return `atom` so that what says the same is the same; `turned`: of the other plan."""
    name = _turned if turned else str
    if not isinstance(atom, model.ComparesFacts):
        return replace(atom, fact=name(atom.fact), text="")
    one, other, op = name(atom.fact), name(atom.other), atom.op
    if atom.shift is None and one > other and (op in _TURNED or op == "is"):
        one, other, op = other, one, _TURNED.get(op, op)
    if op == "in month of" and one > other:
        one, other = other, one
    return replace(atom, fact=one, other=other, op=op, text="")


def _turned(name: str) -> str:
    if name.startswith(_THIS):
        return _OTHER + name.removeprefix(_THIS)
    if name.startswith(_OTHER):
        return _THIS + name.removeprefix(_OTHER)
    return name
