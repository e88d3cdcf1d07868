"""Contracts and amendments: from statements to nodes."""

from __future__ import annotations

from typing import Any

from lark import Token, Tree

from whopays.syntax import nodes
from whopays.syntax.assemble.block import Written
from whopays.syntax.build import parts
from whopays.syntax.rows import RowReader


def contract(block: Written) -> nodes.ContractBlock:
    """Return the head of a contract."""
    build = block.build
    name, title = block.head_words()
    payer = block.first("payer_for")
    return nodes.ContractBlock(
        name,
        title,
        block.word("version"),
        _amended_by(block),
        block.word("signed"),
        block.in_force(),
        build.word(parts(payer)[0]) if payer else None,
        build.word(parts(payer)[1]) if payer and parts(payer)[1] else None,
        block.words("products"),
        tuple(
            _party(block, tree)
            for rule, tree in block.read.lines
            if rule in {"party", "fund"}
        ),
        block.references("facts_from"),
        block.references("categories_from"),
        block.references("regulations_from"),
        block.references("terms_from"),
        block.word("divides"),
        block.word("calendar"),
        block.by("decide_by"),
        block.span,
    )


def _amended_by(block: Written) -> tuple[nodes.Word, ...] | None:
    tree = block.first("amended_by")
    if tree is None:
        return None
    numbers = (part for part in parts(tree) if isinstance(part, Token))
    return tuple(map(block.build.word, numbers))


def _party(block: Written, tree: Tree[Any]) -> nodes.PartyLine:
    build = block.build
    name, title, *rest = parts(tree)
    paid_by = build.word(rest[0]) if rest else None
    return nodes.PartyLine(
        build.word(name), build.word(title), paid_by, build.span(tree)
    )


def grid(block: Written) -> nodes.GridBlock:
    """Return a `responsibility` block with its rows."""
    name, title = block.head_words()
    rows = RowReader(block.build, block.found)
    columns, read = rows.grid(block.read.rows, block.span, broken=block.read.broken)
    return nodes.GridBlock(
        name,
        title,
        block.when(),
        columns,
        read,
        tuple(_otherwise(block, tree) for tree in block.each("otherwise")),
        block.span,
    )


def _otherwise(block: Written, tree: Tree[Any]) -> nodes.OtherwiseLine:
    answer, when, cites = parts(tree)
    build = block.build
    return nodes.OtherwiseLine(
        build.answer(answer),
        build.optional(when),
        build.words(cites),
        build.span(tree),
    )


def define(block: Written) -> nodes.DefineBlock | None:
    """Return a `define` block; its condition may stand in the head."""
    name, inline = block.head
    when = block.build.condition(inline) if inline else block.when()
    if when is None:
        return None
    return nodes.DefineBlock(block.build.word(name), when, block.span)


def exception(block: Written) -> nodes.ExceptionBlock | None:
    """Return an `exception` block."""
    build = block.build
    then = block.first("then_line")
    if then is None:
        return None
    name, targets = block.head
    return nodes.ExceptionBlock(
        build.word(name),
        tuple(build.address(each) for each in parts(targets)),
        block.cites(),
        block.when(),
        build.answer(parts(then)[0]),
        block.words("regardless"),
        block.span,
    )


def treat(block: Written) -> nodes.TreatBlock:
    """Return a `treat` block."""
    name, source, target = block.head_words()
    return nodes.TreatBlock(
        name, source, target, block.cites(), block.when(), block.span
    )


_CHANGES = frozenset({"replace", "add_to", "withdraw", "rename"})


def amendment(block: Written) -> nodes.AmendmentBlock:
    """Return the head of an amendment with its changes."""
    number, name, version = block.head_words()
    return nodes.AmendmentBlock(
        number,
        nodes.Reference(name, version),
        block.word("signed"),
        block.in_force(),
        tuple(
            _change(block, rule, tree)
            for rule, tree in block.read.lines
            if rule in _CHANGES
        ),
        block.span,
    )


def _change(block: Written, rule: str, tree: Tree[Any]) -> nodes.Change:
    build, span, inner = block.build, block.build.span(tree), parts(tree)
    if rule == "rename":
        party = nodes.PartyLine(build.word(inner[0]), build.word(inner[1]), None, span)
        return nodes.Change("rename", None, None, build.words(inner[2]), party, span)
    if rule == "withdraw":
        if isinstance(inner[0], Token):
            name = build.word(inner[0])
            address = nodes.Address("clause", name, None, None, name.span)
        else:
            address = build.address(inner[0])
        return nodes.Change("withdraw", address, None, (), None, span)
    kind = "add" if rule == "add_to" else "replace"
    address = build.address(inner[0])
    answer, cites = build.answer(inner[1]), build.words(inner[2])
    return nodes.Change(kind, address, answer, cites, None, span)
