"""Routes, clocks and the heads of regulations: from statements to nodes."""

from __future__ import annotations

from typing import Any

from lark import Token, Tree

from whopays.syntax import nodes
from whopays.syntax.assemble.block import Written
from whopays.syntax.build import parts


def route(block: Written) -> nodes.RouteBlock | None:
    """Return a `route` block."""
    build = block.build
    name, title = block.head_words()
    then = block.first("then_duty")
    if then is None:
        return None
    duty, *rest = parts(then)
    within = days(block, then, rest)
    return nodes.RouteBlock(
        name,
        title,
        block.cites(),
        block.in_force(),
        block.when(),
        nodes.DutyLine(
            build.duties(duty), within.count, within.unit, within.fact, within.span
        ),
        block.words("yields"),
        block.span,
    )


def clock(block: Written) -> nodes.ClockBlock | None:
    """Return a `clock` block."""
    name, title = block.head_words()
    then, interest = block.first("then_pay"), block.first("interest")
    rounded = block.first("rounded")
    if then is None:
        return None
    return nodes.ClockBlock(
        name,
        title,
        block.cites(),
        block.in_force(),
        block.when(),
        days(block, then, parts(then)),
        _interest(block, interest) if interest else None,
        tuple(map(block.build.word, parts(rounded))) if rounded else (),
        block.words("yields"),
        block.span,
    )


def regulation(block: Written) -> nodes.RegulationBlock:
    """Return the head of a regulation."""
    name, title = block.head_words()
    version, facts = block.word("version"), block.references("facts_from")
    return nodes.RegulationBlock(name, title, version, facts, block.span)


def days(block: Written, line: Tree[Any], inner: list[Any]) -> nodes.DaysLine:
    """Return what `inner` says: how many days, of which kind, from which date."""
    build = block.build
    count, *unit, fact = inner
    return nodes.DaysLine(
        build.word(count),
        tuple(build.word(each) for each in unit if each is not None),
        build.word(fact),
        build.span(line),
    )


def _interest(block: Written, line: Tree[Any]) -> nodes.InterestLine:
    build = block.build
    accrues, on = parts(line)
    extreme, rates = "", [accrues]
    if accrues.data != "rate":
        kind, *rates = parts(accrues)
        extreme = str(kind)
    return nodes.InterestLine(
        extreme,
        tuple(_rate(block, each) for each in rates),
        build.word(on) if on is not None else None,
        build.span(line),
    )


def _rate(block: Written, tree: Tree[Any]) -> nodes.RateTerm:
    build = block.build
    amount, *unit, begun = parts(tree)
    return nodes.RateTerm(
        build.literal(amount),
        tuple(build.word(each) for each in unit if isinstance(each, Token)),
        begun is not None,
        build.span(tree),
    )
