"""Tests: from statements to nodes."""

from __future__ import annotations

from typing import Any

from lark import Tree

from whopays.syntax import nodes
from whopays.syntax.assemble.block import Written
from whopays.syntax.build import parts

_KINDS = {
    "test_contract": "contract",
    "test_method": "method",
    "test_order": "order",
    "test_term": "term",
}


def test(block: Written) -> nodes.TestBlock:
    """Return a `test` block."""
    build = block.build
    kind, tested = "", None
    for rule, tree in block.read.lines:
        if rule in _KINDS:
            kind, tested = _KINDS[rule], tree
    words = [build.word(each) for each in parts(tested)] if tested else []
    given = [build.items(parts(tree)[0]) for tree in block.each("given")]
    counted = [build.items(parts(tree)[0]) for tree in block.each("counted")]
    return nodes.TestBlock(
        build.word(block.head[0]),
        kind,
        words[0] if words else None,
        words[1] if kind == "term" else None,
        block.has("generated"),
        block.word("known_on"),
        tuple(item for items in given for item in items),
        tuple(build.items(parts(tree)[0]) for tree in block.each("test_line")),
        tuple(item for items in counted for item in items),
        tuple(_expect(block, tree) for tree in block.each("expect")),
        block.span,
    )


def _expect(block: Written, tree: Tree[Any]) -> nodes.Expectation:
    items, needs, *because = parts(tree)
    build = block.build
    return nodes.Expectation(
        build.items(items),
        build.subjects(needs),
        tuple(build.address(each) for each in because if each is not None),
        build.span(tree),
    )
