"""`let` lines: each is resolved after those that it reads; a circle is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whopays import bounds
from whopays.model import formulas as model
from whopays.model.facts import Fact, Kind
from whopays.model.graphs import circles
from whopays.resolve.circles import places, shown_circle
from whopays.resolve.names import check_name
from whopays.resolve.payments.amounts import ANY, MONEY, Amounts, Typed
from whopays.syntax import nodes
from whopays.syntax.formulas import names


def lets(lines: tuple[nodes.LetLine, ...], amounts: Amounts) -> tuple[model.Let, ...]:
    """Return the lets of a block, and make them known to its formulas and conditions."""
    report = amounts.scope.report
    if len(lines) > bounds.MOST_LETS:
        report.error(
            "P020",
            f"more than {bounds.MOST_LETS} `let` lines in a block",
            lines[0].span,
        )
        return ()
    by_name: dict[str, nodes.LetLine] = {}
    for line in lines:
        name = line.name
        check_name("let", name, report)
        if name.text in by_name:
            report.twice("let", name.text, name.span, by_name[name.text].name.span)
        elif name.text in amounts.scope.facts:
            first = amounts.scope.facts[name.text].span
            report.twice("name", name.text, name.span, first)
        else:
            by_name[name.text] = line
    found: dict[str, model.Let] = {}
    for name_text in _in_order(by_name, amounts):
        built = _let(by_name[name_text], amounts)
        if built is not None:
            found[name_text] = built
            _declare(built, by_name[name_text], amounts)
        else:
            report.lose_name(name_text)
    return tuple(found[name] for name in by_name if name in found)


def _let(line: nodes.LetLine, amounts: Amounts) -> model.Let | None:
    value = choice(line.value, amounts)
    if value is None:
        return None
    formula, typed = value
    return model.Let(line.name.text, formula, typed.unit, typed.level)


def choice(
    node: nodes.Choice, amounts: Amounts
) -> tuple[model.Formula | model.Choice, Typed] | None:
    """Return an amount or a choice between amounts, and what it is; or None."""
    if not isinstance(node, nodes.IfElse):
        found = amounts.formula(node)
        return None if found is None else (found.value, found)
    sides = (*(case.value for case in node.cases), node.otherwise)
    # As parts of one sum, so that units and levels are compared and reported alike.
    whole = amounts.formula(
        nodes.Extreme("choice", given=False, parts=sides, span=node.span)
    )
    conditions = [amounts.scope.condition(case.when) for case in node.cases]
    if whole is None or not isinstance(whole.value, model.Extreme):
        return None
    good = [each for each in conditions if each is not None]
    if len(good) < len(conditions):
        return None
    *values, otherwise = whole.value.parts
    return model.Choice(tuple(zip(values, good, strict=True)), otherwise), whole


def _declare(built: model.Let, line: nodes.LetLine, amounts: Amounts) -> None:
    amounts.written[built.name] = line
    amounts.own[built.name] = Typed(model.Read(built.name), built.unit, built.level)
    if not isinstance(built.value, model.Choice):
        amounts.lets[built.name] = built.value
    kind = Kind.MONEY if built.unit == MONEY else Kind.NUMBER
    per = built.level if built.level != ANY else "line"
    fact = Fact(built.name, kind, line.name.span, per=per)
    amounts.scope.facts[built.name] = fact


def _in_order(by_name: dict[str, nodes.LetLine], amounts: Amounts) -> list[str]:
    """Return the names, each after those that it reads; those in circles left out."""
    reads = {
        name: [each for each in _reads(line.value) if each in by_name]
        for name, line in by_name.items()
    }
    lost: set[str] = set()
    for circle in circles(reads):
        lost.update(circle)
        spans = [by_name[name].name.span for name in circle]
        amounts.scope.report.error(
            "R012",
            f"amounts use each other: {shown_circle(circle)}",
            spans[0],
            "one of them has to do with facts alone",
            also=places(spans[1:], "and this one"),
        )
    for name in lost:
        amounts.scope.report.lose_name(name)
    done: list[str] = []
    waiting = [name for name in by_name if name not in lost]
    while waiting:
        ready = [n for n in waiting if all(r in done or r in lost for r in reads[n])]
        if not ready:  # what reads a circle
            return done
        done.extend(ready)
        waiting = [name for name in waiting if name not in ready]
    return done


def _reads(value: nodes.Choice) -> Iterator[str]:
    yield from (word.text for word in names(value))
    if isinstance(value, nodes.IfElse):
        for case in value.cases:
            yield from _mentions([case.when])


def _mentions(conditions: Iterable[nodes.Condition]) -> Iterator[str]:
    waiting = list(conditions)
    while waiting:
        match waiting.pop():
            case nodes.AllOf(parts) | nodes.AnyOf(parts):
                waiting.extend(parts)
            case nodes.Negated(part):
                waiting.append(part)
            case atom:
                yield atom.fact.text
                for operand in atom.operands:
                    if isinstance(operand, nodes.Literal):
                        yield operand.text
