"""Catalogs: categories, their tree and ranks, and what is looked at first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from whopays import bounds
from whopays.diagnostics import Label, Span
from whopays.model.catalog import By, Catalog, Category, Period
from whopays.model.codes import SHAPES, events
from whopays.model.facts import Fact, Kind
from whopays.model.graphs import circles, depths
from whopays.resolve import literals
from whopays.resolve.circles import places, shown_circle
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.syntax import nodes
from whopays.syntax.mistakes.characters import called, folded

Members = tuple[nodes.Block, ...]


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
        report.missing(
            "this `catalog` block has no `version`",
            block.span,
            "it takes a line such as `version 2026.1`",
        )
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
    _not_too_common(found, report)
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
            report.error(
                "R020",
                "this period ends before it begins",
                line.span,
                "the days may be turned around, or the year of one is another",
            )
            continue
        period = Period(first, last)
        found.append((period, line.span))
    found.sort(key=lambda each: each[0].first)
    _apart(found, report)
    return tuple(period for period, _ in found)


def _apart(found: list[tuple[Period, Span]], report: Report) -> None:
    """Report periods, in the order of their first days, that overlap."""
    longest = found[:1]
    for period, span in found[1:]:
        before, before_span = longest[0]
        if period.first in before:
            earlier, later = sorted((before_span, span), key=lambda each: each.start)
            report.error(
                "R020",
                "two periods overlap",
                later,
                "end one on the day before the other begins",
                also=[Label(earlier, "the other")],
            )
        if before.last is not None and (
            period.last is None or period.last > before.last
        ):
            longest = [(period, span)]


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
    for number, line in enumerate(lines):
        if number == bounds.MOST_BY_LINES:
            report.error(
                "P020",
                f"there are more than {bounds.MOST_BY_LINES} `{words}` lines",
                line.span,
                "one line can ask for several things, joined by `or`",
            )
            break
        facts = []
        for word in line.facts:
            fact = scope.fact(word)
            if fact is None:
                continue
            if fact.kind not in kinds:
                allowed = " or ".join(kind.value for kind in kinds)
                fitting = [f.name for f in scope.facts.values() if f.kind in kinds]
                listed = ", ".join(f"`{name}`" for name in fitting[:12])
                report.error(
                    "R016",
                    f"`{words}` needs a {allowed}; `{fact.name}` is {fact.described}",
                    word.span,
                    f"there are {listed}" if fitting else "",
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


def _categories(members: Members, scope: Scope, report: Report) -> dict[str, Category]:
    found: dict[str, Category] = {}
    names: dict[str, Span] = {}
    looks: dict[str, nodes.Word] = {}
    for block in members:
        if not isinstance(block, nodes.CategoryBlock):
            continue
        if block.name.text in found:
            report.twice(
                "category",
                block.name.text,
                block.name.span,
                found[block.name.text].span,
            )
            continue
        for word in (block.name, *block.also_called):
            first = names.setdefault(word.text.casefold(), word.span)
            if first is not word.span:
                report.twice("category name", word.text, word.span, first)
            else:
                _looks_like_no_other(word, looks, report)
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


def _looks_like_no_other(
    word: nodes.Word, looks: dict[str, nodes.Word], report: Report
) -> None:
    """Report a name that differs from another in characters that look alike."""
    other = looks.setdefault(folded(word.text).casefold(), word)
    if other is word:
        return
    odd = next(
        (char for char in word.text if not char.isascii() and char not in other.text),
        next((char for char in other.text if char not in word.text), ""),
    )
    told = f", by {called(odd)}" if odd else ""
    report.error(
        "R006",
        f"category names `{word.text}` and `{other.text}` look alike and differ{told}",
        word.span,
        "give one of them another name, or write both with the same characters",
        also=[Label(other.span, "the other")],
    )


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
    tree: dict[str, list[str]] = {}
    for name, word in under.items():
        if word.text in found.categories:
            tree.setdefault(name, []).append(word.text)
            continue
        known = found.categories
        report.unknown("R007", "category", word.text, word.span, known)
    spans = {(name, word.text): word.span for name, word in under.items()}
    if _circle(tree, spans, "categories are under each other", report):
        return
    _not_deep(tree, spans, report)
    both = {name: list(above) for name, above in tree.items()}
    for before, after in found.ranked:
        both.setdefault(before, []).append(after)
    _circle(
        both, {**spans, **found.ranked}, "categories are ranked in a circle", report
    )


def _not_deep(
    tree: dict[str, list[str]], spans: dict[tuple[str, str], Span], report: Report
) -> None:
    """Report the first category that has too many above it."""
    for name, depth in depths(tree).items():
        if depth == bounds.DEEPEST_CHAIN + 1:
            report.error(
                "P020",
                f"`{name}` has more than {bounds.DEEPEST_CHAIN} categories above it",
                spans[name, tree[name][0]],
                "a tree of services needs three or four levels",
            )
            return


def _circle(
    edges: dict[str, list[str]],
    spans: dict[tuple[str, str], Span],
    message: str,
    report: Report,
) -> bool:
    found = circles(edges)
    for circle in found:
        steps = list(zip(circle, [*circle[1:], circle[0]], strict=True))
        first, *others = [spans[step] for step in steps]
        report.error(
            "R012",
            f"{message}: {shown_circle(circle)}",
            first,
            "take one of these out; a child always goes before its parent",
            also=places(others, "and here"),
        )
    return bool(found)


def _not_too_common(found: Catalog, report: Report) -> None:
    """Report codes that too many categories list: each set of them is a case."""
    sets = [
        (category.name, codes)
        for category in found.categories.values()
        for codes in category.codes
    ]
    many = bounds.MOST_LISTING
    total = 0
    for (system, _), line in events(sets).items():
        here: dict[Hashable, int] = {}
        for (code, _), step, name in line:
            here[name] = here.get(name, 0) + step
            if not here[name]:
                del here[name]
            total += len(here)
            if len(here) > many or total > bounds.MOST_LISTINGS_IN_ALL:
                category = found.categories[str(name)]
                report.error(
                    "P020",
                    f"more than {many} categories list the code {system} {code}"
                    if len(here) > many
                    else "the categories of this catalog have too many codes in common",
                    category.span,
                    "a wide range belongs to the category above the others",
                )
                return


def _codes_are_matched(members: Members, found: Catalog, report: Report) -> None:
    looked_at = {
        system for fact in found.code_facts() for system in found.facts[fact].systems
    }
    for block in members:
        if not isinstance(block, nodes.CategoryBlock):
            continue
        for codes in block.codes:
            if codes.system.text in SHAPES and codes.system.text not in looked_at:
                report.error(
                    "R016",
                    f"no `match by` looks at codes of {codes.system.text}",
                    codes.system.span,
                    "name the fact that has them in a `match by` line of the catalog",
                )
