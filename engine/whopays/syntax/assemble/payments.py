"""Limits, coordination of benefits and payment terms: from statements to nodes."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token, Tree

from whopays.syntax import nodes
from whopays.syntax.assemble.block import Written
from whopays.syntax.assemble.clocks import days
from whopays.syntax.build import parts

#: Results, as the grammar calls them, and what a node is called.
_AMOUNTS = {
    "pay": "pay",
    "patient_owes": "patient owes",
    "carry": "carry",
    "is_line": "is",
}


def limit(block: Written) -> nodes.LimitBlock | None:
    """Return a `limit` block."""
    name, title = block.head_words()
    applies, counts, per = block.word("applies"), block.first("counts"), _per(block)
    if applies is None or counts is None or per is None:
        return None
    recover = block.first("recover")
    return nodes.LimitBlock(
        name,
        title,
        block.cites(),
        block.when(),
        applies,
        block.amount(parts(counts)[0]),
        per,
        tuple(_tiers(block)),
        block.words("yields"),
        days(block, recover, parts(recover)) if recover is not None else None,
        block.span,
    )


def _tiers(block: Written) -> list[nodes.TierLine]:
    found = []
    for rule, tree in block.read.lines:
        span = block.build.span(tree)
        if rule in {"first_tier", "then_tier"}:
            shares, threshold = parts(tree)
            up_to = block.build.literal(parts(threshold)[0])
            answer = block.build.shares(shares)
            found.append(nodes.TierLine(answer, up_to, span))
        elif rule == "then_line":
            answer = block.build.answer(parts(tree)[0])
            found.append(nodes.TierLine(answer, None, span))
    return found


def _per(block: Written) -> nodes.PerLine | None:
    tree = block.first("per")
    if tree is None:
        return None
    build = block.build
    whom, *rest = parts(tree)
    tokens = [each for each in rest if isinstance(each, Token)]
    period = tuple(build.word(each) for each in tokens if each.type != "LITERAL")
    days = [build.word(each) for each in tokens if each.type == "LITERAL"]
    lists = [build.words(each) for each in rest if isinstance(each, Tree)]
    return nodes.PerLine(
        build.word(whom),
        period,
        days[0] if days else None,
        lists[0] if lists else (),
        build.span(tree),
    )


# Coordination of benefits


def methods(block: Written) -> nodes.MethodsBlock:
    """Return the head of methods."""
    name, title = block.head_words()
    version, facts = block.word("version"), block.references("facts_from")
    words = block.references("terms_from")
    return nodes.MethodsBlock(name, title, version, facts, words, block.span)


def method(block: Written) -> nodes.MethodBlock:
    """Return a `method` block."""
    build = block.build
    name, title = block.head_words()
    rounded, by_hand = block.first("rounded"), block.first("by_hand")
    return nodes.MethodBlock(
        name,
        title,
        block.cites(),
        block.words("positions"),
        _per(block),
        block.when(),
        _lets(block),
        tuple(_amounts(block)),
        tuple(map(build.word, parts(rounded))) if rounded else (),
        build.span(by_hand) if by_hand else None,
        tuple(_breaks(block)),
        block.span,
    )


def _breaks(block: Written) -> Iterator[nodes.BreaksLine]:
    build = block.build
    for tree in block.each("breaks"):
        promises, because = parts(tree)
        yield nodes.BreaksLine(
            build.words(promises), build.word(because), build.span(tree)
        )


def _lets(block: Written) -> tuple[nodes.LetLine, ...]:
    build = block.build
    return tuple(
        nodes.LetLine(
            build.word(parts(tree)[0]), build.choice(parts(tree)[1]), build.span(tree)
        )
        for tree in block.each("let")
    )


def _amounts(block: Written) -> list[nodes.AmountLine]:
    """Return the results, each with the bounds that follow it."""
    found = []
    for at, (rule, tree) in enumerate(block.read.lines):
        if rule not in _AMOUNTS:
            continue
        build = block.build
        *name, value = parts(tree)
        found.append(
            nodes.AmountLine(
                _AMOUNTS[rule],
                build.word(name[0]) if name else None,
                block.amount(value),
                _bounds(block, at),
                build.span(tree),
            )
        )
    return found


def _bounds(block: Written, at: int) -> tuple[nodes.Bound, ...]:
    found = []
    for rule, tree in block.read.lines[at + 1 :]:
        if rule != "bound":
            break
        kind, value = parts(tree)
        build = block.build
        found.append(nodes.Bound(str(kind), build.formula(value), build.span(tree)))
    return tuple(found)


def order(block: Written) -> nodes.OrderBlock:
    """Return an `order` block; its rules keep their places."""
    build = block.build
    name, title = block.head_words()
    steps: list[nodes.Step] = list(block.read.inner)
    for tree in block.each("rules_from"):
        reference = nodes.Reference(*map(build.word, parts(tree)))
        steps.append(nodes.RulesFrom(reference, build.span(tree)))
    return nodes.OrderBlock(
        name,
        title,
        block.word("version"),
        block.references("facts_from"),
        tuple(sorted(steps, key=_place)),
        block.has("share_equally"),
        block.span,
    )


def _place(step: nodes.Step) -> int:
    return step.span.start


def rule(block: Written) -> nodes.RuleBlock | None:
    """Return a `rule` of an order; its condition may follow `this ahead of other`."""
    name, title = block.head_words()
    ahead = block.first("ahead")
    inline = parts(ahead)[0] if ahead is not None else None
    when = block.when() if inline is None else block.build.condition(inline)
    if when is None:
        if not block.read.broken:
            block.report(
                "P016",
                "this `rule` block has no `when`",
                block.span,
                "add a line that begins with `when`",
            )
        return None
    if inline is not None and block.has("when_line"):
        block.report(
            "P015",
            "`when` stands twice in this `rule` block",
            block.build.span(inline),
            "keep one; join two conditions with `and`",
        )
    return nodes.RuleBlock(name, title, block.cites(), when, block.span)


# Payment terms


def terms(block: Written) -> nodes.TermsBlock:
    """Return the head of terms."""
    name, title = block.head_words()
    version, facts = block.word("version"), block.references("facts_from")
    return nodes.TermsBlock(name, title, version, facts, block.span)


def term(block: Written) -> nodes.TermBlock:
    """Return a `term` block."""
    name, source = block.head_words()
    amounts = _amounts(block)
    return nodes.TermBlock(
        name,
        source,
        block.word("called"),
        block.cites(),
        block.when(),
        block.in_force(),
        _per(block),
        _lets(block),
        amounts[0] if amounts else None,
        tuple(_readings(block)),
        block.when("holds_when"),
        block.word("ambiguous"),
        block.word("undefined"),
        block.span,
    )


def _readings(block: Written) -> list[nodes.ReadingLine]:
    build, found = block.build, []
    for at, (rule, tree) in enumerate(block.read.lines):
        if rule == "reading":
            name, per, value = parts(tree)
            found.append(
                nodes.ReadingLine(
                    build.word(name),
                    build.word(per) if per else None,
                    block.amount(value),
                    _bounds(block, at),
                    build.span(tree),
                )
            )
    return found
