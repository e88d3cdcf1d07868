"""`facts` blocks: what a claim may say, and what an empty cell means."""

from __future__ import annotations

from dataclasses import replace

from whopays.diagnostics import rewrite
from whopays.model.facts import Fact, FactSet, Kind
from whopays.model.formulas import Read, parts_of
from whopays.model.graphs import circles
from whopays.resolve import literals
from whopays.resolve.circles import places, shown_circle
from whopays.resolve.conditions import Scope
from whopays.resolve.payments.amounts import LINE, Amounts
from whopays.resolve.report import Report
from whopays.syntax import nodes

_KINDS = {
    "one_of": Kind.ONE_OF,
    "yes_no": Kind.YES_NO,
    "date": Kind.DATE,
    "birthday": Kind.BIRTHDAY,
    "number": Kind.NUMBER,
    "percent": Kind.PERCENT,
    "money": Kind.MONEY,
    "code": Kind.CODE,
    "codes": Kind.CODES,
    "party": Kind.PARTY,
    "text": Kind.TEXT,
}
_OF = ("line", "claim", "plan", "patient")
_PER = ("line", "claim", "member")


def fact_set(block: nodes.FactsBlock, report: Report) -> FactSet:
    """Return the facts that `block` declares."""
    found: dict[str, Fact] = {}
    for line in block.facts:
        for fact in _facts(line, report):
            _declare(fact, found, report)
    for line in block.facts:
        for word in line.names:
            if word.text not in found:
                report.lose_name(word.text)
    _shared_amounts(block, found, report)
    version = block.version.text if block.version else ""
    if block.version is None:
        report.missing(
            "this `facts` block has no `version`",
            block.span,
            "it takes a line such as `version 2026.1`",
        )
    return FactSet(block.id.text, version, block.title.text, found, block.span)


def _shared_amounts(
    block: nodes.FactsBlock, found: dict[str, Fact], report: Report
) -> None:
    """Declare the shared amounts, then resolve what each is computed from."""
    for amount in block.amounts:
        if amount.per.text != LINE:
            report.unknown(
                "R003",
                "level of a shared amount",
                amount.per.text,
                amount.per.span,
                [LINE],
            )
        _declare(Fact(amount.name.text, Kind.MONEY, amount.name.span), found, report)
    reads = {}
    for amount in block.amounts:
        fact = found.get(amount.name.text)
        formula = Amounts(Scope(found, report), LINE).whole(amount.value)
        if fact is None or fact.span != amount.name.span or formula is None:
            continue
        parts = parts_of(formula.value)
        names = dict.fromkeys(part.name for part in parts if isinstance(part, Read))
        reads[fact.name] = list(names)
        found[fact.name] = replace(fact, computed=tuple(names), formula=formula.value)
    for circle in circles(reads):
        first, *others = [found[name].span for name in circle]
        report.error(
            "R012",
            f"amounts use each other: {shown_circle(circle)}",
            first,
            "one of them has to do with facts alone",
            also=places(others, "and this one"),
        )


def _declare(fact: Fact, found: dict[str, Fact], report: Report) -> None:
    if fact.name in found:
        report.twice("fact", fact.name, fact.span, found[fact.name].span)
    else:
        found[fact.name] = fact


def _facts(line: nodes.FactLine, report: Report) -> list[Fact]:
    of = line.of.text if line.of else "line"
    if line.of is not None and of not in _OF:
        report.unknown("R003", "kind of thing", of, line.of.span, _OF[1:])
        return []
    per = line.per[0].text if line.type == "money" and line.per else "line"
    if per not in _PER:
        report.unknown("R003", "level of money", per, line.per[0].span, _PER)
        return []
    systems: tuple[str, ...] = ()
    if line.type in {"code", "codes"}:
        named = [literals.system_of(word, report) for word in line.words]
        systems = tuple(system for system in named if system is not None)
        if len(systems) != len(named):
            return []
    zero = _zero(line, report)
    return [
        Fact(
            word.text,
            _KINDS[line.type],
            word.span,
            options=tuple(each.text for each in line.words)
            if line.type == "one_of"
            else (),
            systems=systems,
            per=per,
            unit=line.per[0].text if line.type == "number" and line.per else "",
            of=of,
            or_none=line.or_none,
            none_is_zero=zero,
            required=line.required,
            spread_by=tuple(each.text for each in line.spread_by),
            as_of=line.as_of.text if line.as_of else "",
            fixed=line.fixed,
        )
        for word in line.names
        if _is_name(word, report)
    ]


def _zero(line: nodes.FactLine, report: Report) -> bool:
    if line.otherwise is None:
        return False
    if line.type != "money" or line.otherwise.text != "$0.00":
        report.error(
            "R003",
            "only money has an `else`, and it is $0.00",
            line.otherwise.span,
            rewrite(line.otherwise.span, "$0.00")
            if line.type == "money"
            else "what is not given is none, or unknown",
        )
        return False
    return True


def _is_name(word: nodes.Word, report: Report) -> bool:
    good = word.text.replace("_", "").isalnum() and word.text == word.text.lower()
    if not good:
        report.error(
            "R003",
            f"`{word.text}` is not a name for a fact",
            word.span,
            "names of facts are lower case, such as "
            f"`{word.text.lower().replace('-', '_').replace('.', '_')}`",
        )
    return good
