"""Catalogs: categories, their tree and ranks, and what is looked at first."""

from __future__ import annotations

from collections.abc import Iterable

from whopays.diagnostics import Label, Span
from whopays.model.catalog import By, Catalog, Category, Period
from whopays.model.facts import Fact, Kind
from whopays.resolve import literals
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.syntax import nodes

Members = list[nodes.CategoryBlock | nodes.RankLine | nodes.DefineBlock]


def catalog(
    block: nodes.CatalogBlock,
    members: Members,
    facts: dict[str, Fact],
    report: Report,
) -> Catalog:
    """Return the catalog `block` with the categories and ranks in `members`."""
    defines = {m.name.text: m for m in members if isinstance(m, nodes.DefineBlock)}
    scope = Scope(facts, report, defines=defines)
    categories = _categories(members, scope, report)
    if block.version is None:
        report.error("P016", "this `catalog` block has no `version`", block.span)
    found = Catalog(
        block.id.text,
        block.version.text if block.version else "",
        block.title.text,
        periods(block.in_force, report),
        by_lines(block.match_by, scope, report, ("match by", (Kind.CODE,))),
        categories,
        _ranks(members, categories, report),
        facts,
        block.span,
    )
    _tree(members, found, report)
    _codes_are_matched(members, found, report)
    return found


def periods(lines: Iterable[nodes.Dates], report: Report) -> tuple[Period, ...]:
    """Return `in force` lines as periods in order; two must not overlap."""
    found: list[tuple[Period, Span]] = []
    for line in lines:
        first = literals.date_of(line.first.text, line.first.span, report)
        last = None
        if line.last is not None:
            last = literals.date_of(line.last.text, line.last.span, report)
            if last is None:
                continue
        if first is None:
            continue
        if last is not None and last < first:
            report.error("R020", "this period ends before it begins", line.span)
            continue
        period = Period(first, last)
        for other, span in found:
            if first in other or other.first in period:
                report.error(
                    "R020",
                    "two periods overlap",
                    line.span,
                    also=[Label(span, "the other")],
                )
        found.append((period, line.span))
    return tuple(sorted((each for each, _ in found), key=lambda each: each.first))


def by_lines(
    lines: Iterable[nodes.ByLine],
    scope: Scope,
    report: Report,
    what: tuple[str, tuple[Kind, ...]],
) -> tuple[By, ...]:
    """Return `match by` or `decide by` lines; `what` is (words, kinds allowed)."""
    words, kinds = what
    found: list[By] = []
    rest: nodes.ByLine | None = None
    for line in lines:
        facts = []
        for word in line.facts:
            fact = scope.fact(word)
            if fact is None:
                continue
            if fact.kind not in kinds:
                allowed = " or ".join(kind.value for kind in kinds)
                report.error(
                    "R016",
                    f"`{words}` needs a {allowed}; `{fact.name}` is {fact.type_text}",
                    word.span,
                )
                continue
            facts.append(fact.name)
        if line.when is None:
            if rest is not None:
                report.error(
                    "R016",
                    f"two `{words}` lines have no condition",
                    line.span,
                    f"only one `{words} … otherwise` can be the rest",
                    also=[Label(rest.span, "the first")],
                )
                continue
            rest = line
            found.append(By(tuple(facts), None, line.span))
            continue
        when = scope.condition(line.when)
        if when is not None:
            found.append(By(tuple(facts), when, line.span))
    # Invariant: `otherwise` comes last, wherever it was written.
    return tuple(sorted(found, key=lambda each: each.when is None))


def _categories(
    members: Members, scope: Scope, report: Report
) -> dict[str, Category]:
    found: dict[str, Category] = {}
    names: dict[str, Span] = {}
    for block in members:
        if not isinstance(block, nodes.CategoryBlock):
            continue
        if block.name.text in found:
            report.twice("category", block.name.text, block.name.span, found[block.name.text].span)
            continue
        for word in (block.name, *block.also_called):
            first = names.setdefault(word.text.casefold(), word.span)
            if first is not word.span:
                report.twice("category name", word.text, word.span, first)
        listed = [literals.code_set(codes, report) for codes in block.codes]
        found[block.name.text] = Category(
            block.name.text,
            tuple(codes for codes in listed if codes is not None),
            scope.optional(block.when),
            block.under.text if block.under else None,
            tuple(word.text for word in block.also_called),
            block.name.span,
        )
    return found


def _ranks(
    members: Members, categories: dict[str, Category], report: Report
) -> dict[tuple[str, str], Span]:
    found: dict[tuple[str, str], Span] = {}
    for line in members:
        if not isinstance(line, nodes.RankLine):
            continue
        names = [line.first, *line.later]
        unknown = [word for word in names if word.text not in categories]
        for word in unknown:
            report.unknown("R007", "category", word.text, word.span, categories)
        if unknown:
            continue
        for word in line.later:
            if word.text == line.first.text:
                report.error("R012", "a category is ranked before itself", word.span)
            else:
                found.setdefault((line.first.text, word.text), word.span)
    return found


def _tree(members: Members, found: Catalog, report: Report) -> None:
    under = {
        m.name.text: m.under
        for m in members
        if isinstance(m, nodes.CategoryBlock) and m.under is not None
    }
    for name, word in under.items():
        if word.text not in found.categories:
            report.unknown("R007", "category", word.text, word.span, found.categories)
        elif name in _chain(name, found.categories):
            circle = " → ".join([name, *_chain(name, found.categories)])
            report.error("R012", f"`{name}` is under itself", word.span, circle)
    reported: set[frozenset[str]] = set()
    for (before, after), span in found.ranked.items():
        pair = frozenset((before, after))
        if before in found.later[after] and pair not in reported:
            reported.add(pair)
            report.error(
                "R012",
                f"`{before}` and `{after}` are ranked before each other",
                span,
                "a child always goes before its parent; ranks form no circle",
            )


def _chain(name: str, categories: dict[str, Category]) -> list[str]:
    found: list[str] = []
    above = categories[name].under
    while above is not None and above in categories:
        found.append(above)
        if above == name or above in found[:-1]:
            break
        above = categories[above].under
    return found


def _codes_are_matched(members: Members, found: Catalog, report: Report) -> None:
    looked_at = {
        system for fact in found.code_facts() for system in found.facts[fact].systems
    }
    for block in members:
        if not isinstance(block, nodes.CategoryBlock):
            continue
        for codes in block.codes:
            if codes.system.text in literals.SHAPES and codes.system.text not in looked_at:
                report.error(
                    "R016",
                    f"no `match by` looks at codes of {codes.system.text}",
                    codes.system.span,
                    "name the fact that has them in a `match by` line of the catalog",
                )

