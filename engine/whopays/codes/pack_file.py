"""`pack.yaml`: what a code pack is, whose it is, and to whom its wording may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from whopays.claims.records import FieldProblem, clean_text
from whopays.claims.yaml_nodes import Nodes
from whopays.diagnostics import DiagnosticError, Source, cut_short
from whopays.model.catalog import Period
from whopays.model.codes import SHAPES

_NEEDED = (
    *("name", "systems", "edition", "holder", "licence"),
    *("licensed_users", "users"),
)
_KEYS = (*_NEEDED, "valid_from", "valid_to", "complete")
_EVERYBODY, _UNLIMITED = "everybody", "unlimited"
_MOST_USERS = 10_000
_NUMBER = re.compile(r"[1-9]\d{0,6}", re.ASCII)


@dataclass(frozen=True)
class Licence:
    """Whose the pack is, under which words, and to whom its wording may be shown.

    `users` is the licensed number, None for unlimited; `named` are the users, None for
    everybody.
    """

    text: str
    holder: str
    users: int | None
    named: frozenset[str] | None

    def shows_to(self, user: str) -> bool:
        """Tell whether `user` is one of the named users."""
        return self.named is None or _user(user) in self.named

    @property
    def scope(self) -> str:
        """How many users may see the wording, in words."""
        if self.named is None:
            return "for everybody"
        if self.users is None:
            return f"for {len(self.named)} named users"
        return f"licensed for {self.users}, {len(self.named)} named"


@dataclass(frozen=True)
class Head:
    """What `pack.yaml` says."""

    name: str
    systems: tuple[str, ...]
    edition: str
    licence: Licence
    covers: Period
    complete: bool


def _user(name: str) -> str:
    return " ".join(name.split())


def read_head(source: Source) -> Head:
    """Return what the text of a `pack.yaml` says; raise DiagnosticError if it can't be."""
    nodes = Nodes(source, "a code pack")
    root = nodes.compose()
    items = nodes.items(root, _KEYS) if root is not None else {}
    for needed in _NEEDED:
        if root is not None and needed not in items and not nodes.found:
            nodes.error("M005", f"the code pack does not say `{needed}`", root)
    head = _head(_Reader(nodes, items)) if root is not None and items else None
    if nodes.found or head is None:
        raise DiagnosticError(cut_short(nodes.found))
    return head


@dataclass
class _Reader:
    nodes: Nodes
    items: Mapping[str, yaml.Node]

    def text(self, key: str) -> str:
        node = self.items.get(key)
        if node is None:
            return ""
        found = " ".join(self.nodes.text(node).split())
        try:
            cleaned, reason = clean_text(found), "says nothing"
        except FieldProblem as problem:
            cleaned, reason = "", problem.reason
        if not cleaned:
            self.nodes.error("M006", f"`{key}` {reason}", node)
        return cleaned

    def list(self, key: str) -> tuple[tuple[str, yaml.Node], ...]:
        return self.nodes.texts(self.items.get(key))

    def day(self, key: str, default: date | None) -> date | None:
        node = self.items.get(key)
        if node is None:
            return default
        try:
            return date.fromisoformat(self.nodes.text(node))
        except ValueError:
            message = f"`{key}` is not a date"
            self.nodes.error("M006", message, node, "for example, 2026-01-01")
            return default


def _head(read: _Reader) -> Head:
    return Head(
        read.text("name"),
        _systems(read),
        read.text("edition"),
        _licence(read),
        _covers(read),
        read.nodes.choice(
            read.items.get("complete"), {"yes": "yes", "no": "no"}, default="no"
        )
        == "yes",
    )


def _systems(read: _Reader) -> tuple[str, ...]:
    for system, node in read.list("systems"):
        if system not in SHAPES:
            read.nodes.unknown("M008", "code system", node, SHAPES)
    return tuple(dict.fromkeys(system for system, _ in read.list("systems")))


def _covers(read: _Reader) -> Period:
    first, last = read.day("valid_from", date.min), read.day("valid_to", None)
    if first is not None and last is not None and last < first:
        message = "`valid_to` is before `valid_from`"
        read.nodes.error("M006", message, read.items["valid_to"])
    return Period(first or date.min, last)


def _licence(read: _Reader) -> Licence:
    users = read.list("users")
    number = _licensed(read)
    for name, node in users:
        if not name:
            read.nodes.error("M006", "a user has a name", node)
    named = frozenset(_user(name) for name, _ in users)
    everybody = {name.casefold() for name in named} == {_EVERYBODY}
    if len(named) > _MOST_USERS:
        read.nodes.error(
            "M041", f"more than {_MOST_USERS:,} users are named", users[0][1]
        )
    elif number is not None and (everybody or len(named) > number):
        who = _EVERYBODY if everybody else f"{len(named)} users"
        read.nodes.error(
            "M041",
            f"the pack names {who}, and is licensed for {number}",
            read.items["users"],
            "name no more users than the licence allows, or license more",
        )
    return Licence(
        read.text("licence"), read.text("holder"), number, None if everybody else named
    )


def _licensed(read: _Reader) -> int | None:
    node = read.items.get("licensed_users")
    said = "" if node is None else read.nodes.text(node)
    if node is None or said == _UNLIMITED:
        return None
    if not _NUMBER.fullmatch(said):
        message = "`licensed_users` is a whole number from 1, or `unlimited`"
        read.nodes.error("M006", message, node)
        return None
    return int(said)
