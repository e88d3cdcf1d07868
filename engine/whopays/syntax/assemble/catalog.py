"""Facts and catalogs: from statements to nodes."""

from __future__ import annotations

from typing import Any

from lark import Token, Tree

from whopays.syntax import nodes
from whopays.syntax.assemble.block import Written
from whopays.syntax.build import parts


def facts(block: Written) -> nodes.FactsBlock:
    """Return a `facts` block."""
    name, title = block.head_words()
    return nodes.FactsBlock(
        name,
        title,
        block.word("version"),
        tuple(_fact(block, tree) for tree in block.each("fact")),
        tuple(_amount(block, tree) for tree in block.each("amount")),
        block.span,
    )


def _fact(block: Written, tree: Tree[Any]) -> nodes.FactLine:
    build = block.build
    names, of, kind, *options = parts(tree)
    by_rule = {str(each.data): parts(each) for each in options}
    none = by_rule.get("option_none")
    spread = by_rule.get("option_spread")
    as_of = by_rule.get("option_as_of")
    tokens = [part for part in parts(kind) if isinstance(part, Token)]
    lists = [part for part in parts(kind) if isinstance(part, Tree)]
    return nodes.FactLine(
        build.words(names),
        build.word(parts(of)[0]) if of is not None else None,
        str(kind.data).removeprefix("type_"),
        build.words(lists[0]) if lists else (),
        tuple(build.word(token) for token in tokens),
        none is not None,
        build.literal(none[0]) if none is not None and none[0] else None,
        "option_required" in by_rule,
        build.words(spread[0]) if spread else (),
        build.word(as_of[0]) if as_of else None,
        "option_fixed" in by_rule,
        build.span(tree),
    )


def _amount(block: Written, tree: Tree[Any]) -> nodes.SharedAmount:
    name, per, value = parts(tree)
    build = block.build
    return nodes.SharedAmount(
        build.word(name), build.word(per), block.amount(value), build.span(tree)
    )


def catalog(block: Written) -> nodes.CatalogBlock:
    """Return a `catalog` block."""
    name, title = block.head_words()
    return nodes.CatalogBlock(
        name,
        title,
        block.word("version"),
        block.in_force(),
        block.references("facts_from"),
        block.by("match_by"),
        block.span,
    )


def category(block: Written) -> nodes.CategoryBlock:
    """Return a `category` block."""
    build = block.build
    return nodes.CategoryBlock(
        build.word(block.head[0]),
        block.words("also_called"),
        tuple(build.code_list(parts(tree)[0]) for tree in block.each("codes")),
        block.word("under"),
        block.when(),
        block.span,
    )
