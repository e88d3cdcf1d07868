"""Reads contract profiles from YAML, with the place of every mistake.

As mappings are read: a scalar is the text that stands in the file, so `no` and `none` stay
what they are. Methods are looked up while reading, so that an unknown one is told before
anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import yaml

from whopays.claims.records import FieldProblem, clean_text
from whopays.claims.yaml_nodes import Nodes
from whopays.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Remedy,
    Source,
    cut_short,
    did_you_mean,
    nearest,
    rewrite,
)
from whopays.office.profile import (
    CATEGORIES,
    NONE,
    REPRICE,
    SECONDARY,
    TERTIARY,
    Profile,
    overlapping,
)
from whopays.resources import bundle

#: Characters of one file, and profiles in it.
LARGEST, MOST = 1_000_000, 5_000
_WHAT = "a profile file"
_KEYS = (
    *("title", "payer", "plans", "effective", "termination"),
    *(SECONDARY, TERTIARY, "language_category", "reprice"),
)
_ID = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,59}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Words by which YAML elsewhere says that there is nothing.
_NULLS = frozenset({"null", "~"})
_FORM = "an id is capitals, digits, `-`, `_` and `.`, as BLUE-PPO"

#: By the id of each method, the positions of plans that it is for.
Positions = Mapping[str, tuple[str, ...]]


def shipped_profiles() -> Path:
    """Return the sample profile file that comes with whopays."""
    return Path(str(bundle("rulesets"))) / "profiles" / "sample.yaml"


def load_profiles(path: str | Path, methods: Positions) -> tuple[Profile, ...]:
    """Return the profiles of the file at `path`; `methods` are those that they may name.

    DiagnosticError holds everything that is wrong with it; OSError if it can't be read.
    """
    return parse_profiles(Source(str(path), profile_file_text(path)), methods)


def profile_file_text(path: str | Path) -> str:
    """Return the text of the profile file at `path`.

    DiagnosticError if it is no text, OSError if it can't be read.
    """
    with Path(path).open("rb") as file:
        raw = file.read(4 * LARGEST + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("M001", f"the profile file {path} is not UTF-8 text") from None


def parse_profiles(source: Source, methods: Positions) -> tuple[Profile, ...]:
    """Return the profiles that `source` writes, or raise DiagnosticError with all errors."""
    if len(source.text) > LARGEST:
        raise _refused(
            "M002",
            f"the profile file {source.name} has more than {LARGEST:,} characters",
        )
    nodes = Nodes(source, _WHAT)
    root = nodes.compose()
    items = nodes.items(root, ("profiles",)) if root is not None else {}
    if root is not None and "profiles" not in items and not nodes.found:
        nodes.error("M005", "the profile file does not say `profiles`", root)
    entries = nodes.pairs(items.get("profiles"))
    if len(entries) > MOST:
        raise _refused("M002", f"{source.name} has more than {MOST:,} profiles")
    read = _Reader(nodes, methods)
    profiles = tuple(read.profile(key, node) for key, node in entries.values())
    if not nodes.found:
        read.overlaps(profiles, entries)
    if nodes.found:
        nodes.found.sort(key=lambda each: each.labels[0].span.start)
        raise DiagnosticError(cut_short(nodes.found))
    return profiles


class _Reader:
    """Reads the entries of one file, collecting diagnostics in its nodes."""

    def __init__(self, nodes: Nodes, methods: Positions) -> None:
        self.nodes = nodes
        self.methods = methods

    def profile(self, key: yaml.Node, node: yaml.Node) -> Profile:
        name = self._id(key)
        items = self.nodes.items(node, _KEYS)
        plans = self._plans(items.get("plans")) or (name,)
        first, last = (self._day(items, each) for each in ("effective", "termination"))
        if first is not None and last is not None and last < first:
            message = "`termination` is before `effective`"
            self.nodes.error("M006", message, items["termination"])
        return Profile(
            name,
            self._text(items, "title"),
            self._text(items, "payer"),
            plans,
            first,
            last,
            self._method(items.get(SECONDARY), SECONDARY),
            self._method(items.get(TERTIARY), TERTIARY),
            self._word(items, "language_category", CATEGORIES),
            self._word(items, "reprice", REPRICE),
        )

    def overlaps(
        self,
        profiles: Iterable[Profile],
        entries: Mapping[str, tuple[yaml.Node, yaml.Node]],
    ) -> None:
        for one, other, plan in overlapping(profiles):
            self.nodes.error(
                "M053",
                f"{one.id} and {other.id} are both for the plan `{plan}` on the same day",
                entries[other.id][0],
                "give each plan one profile on each day: `effective`, `termination`",
            )

    def _id(self, key: yaml.Node) -> str:
        name = self.nodes.text(key)
        if _ID.fullmatch(name):
            return name
        better = re.sub(r"[\s]+", "-", name.upper())
        fits = _ID.fullmatch(better) is not None
        remedy = rewrite(self.nodes.span(key), better) if fits else Remedy(_FORM)
        self.nodes.error("M052", f"`{name[:60]}` is no id of a profile", key, remedy)
        return name

    def _method(self, node: yaml.Node | None, position: str) -> str | None:
        if node is None:
            return None
        name = self.nodes.text(node)
        if not isinstance(node, yaml.ScalarNode) or not name:
            self.nodes.error("M006", "here stands one method, or none", node)
        elif name.casefold() == NONE:
            return None
        elif name not in self.methods:
            message = f"there is no method `{name[:60]}`"
            self._refuse("M050", message, node, position)
        elif position not in self.methods[name]:
            fits = " and ".join(self.methods[name])
            message = f"{name} is for {fits} plans, not for {position} ones"
            self._refuse("M051", message, node, position)
        return name

    def _refuse(self, code: str, message: str, node: yaml.Node, position: str) -> None:
        """Report a method, with the one most like it that is for `position`."""
        fitting = [name for name, fits in self.methods.items() if position in fits]
        said = self.nodes.text(node)
        near = nearest(said, [*fitting, NONE])
        if said.casefold() in _NULLS:
            near = NONE
        remedy = Remedy("`whopays cob profiles methods` lists those that there are")
        if near:
            remedy = did_you_mean(self.nodes.span(node), near)
        self.nodes.error(code, message, node, remedy)

    def _word(
        self, items: Mapping[str, yaml.Node], key: str, words: tuple[str, ...]
    ) -> str:
        node = items.get(key)
        if node is None:
            return NONE
        said = self.nodes.text(node)
        if isinstance(node, yaml.ScalarNode) and said.casefold() in words:
            return said.casefold()
        near = nearest(said.casefold(), words)
        remedy = Remedy(f"there are {', '.join(words)}")
        if near and isinstance(node, yaml.ScalarNode):
            remedy = did_you_mean(self.nodes.span(node), near)
        self.nodes.error("M007", f"`{key}` is not one of its words", node, remedy)
        return NONE

    def _plans(self, node: yaml.Node | None) -> tuple[str, ...]:
        found = []
        for text, each in self.nodes.texts(node):
            plan = self._clean(text, each, "a plan")
            if plan in found:
                self.nodes.error("M009", f"`{plan[:60]}` is given twice", each)
            found.append(plan)
        return tuple(found)

    def _text(self, items: Mapping[str, yaml.Node], key: str) -> str:
        node = items.get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.nodes.error("M006", f"`{key}` is one text", node)
            return ""
        return self._clean(" ".join(self.nodes.text(node).split()), node, f"`{key}`")

    def _clean(self, text: str, node: yaml.Node, what: str) -> str:
        try:
            cleaned, reason = clean_text(text), "says nothing"
        except FieldProblem as problem:
            cleaned, reason = "", problem.reason
        if not cleaned:
            self.nodes.error("M006", f"{what} {reason}", node)
        return cleaned

    def _day(self, items: Mapping[str, yaml.Node], key: str) -> date | None:
        node = items.get(key)
        if node is None or self.nodes.text(node).casefold() == NONE:
            return None
        said = self.nodes.text(node)
        try:
            if _DAY.fullmatch(said):  # not the other forms that Python reads
                return date.fromisoformat(said)
        except ValueError:
            pass
        self.nodes.error(
            "M006", f"`{key}` is not a date", node, "for example, 2026-01-01"
        )
        return None


def _refused(code: str, message: str) -> DiagnosticError:
    return DiagnosticError([Diagnostic(code, message, ())])
