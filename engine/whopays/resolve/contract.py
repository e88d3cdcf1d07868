"""Contracts and amendments: heads, parties, the facts and the catalog they build on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from whopays import bounds
from whopays.diagnostics import Label, Span
from whopays.model.catalog import Catalog
from whopays.model.conditions import normal
from whopays.model.contract import (
    MEMBER,
    Amendment,
    Change,
    Contract,
    Party,
    Text,
)
from whopays.model.facts import Fact, Kind
from whopays.model.workdays import CALENDARS
from whopays.resolve import literals
from whopays.resolve.catalog import by_lines, periods
from whopays.resolve.clauses import Clause, Clauses
from whopays.resolve.clocks import Under, clocks, routes
from whopays.resolve.conditions import Scope
from whopays.resolve.limits import limits
from whopays.resolve.parties import parties_of
from whopays.resolve.payments.dictionary import Dictionary
from whopays.resolve.report import Report
from whopays.resolve.sections import Section, defines_of
from whopays.syntax import nodes


def contract(
    base: Section,
    amendments: list[Section],
    facts: dict[str, Fact],
    catalog: Catalog,
    dictionary: Dictionary,
) -> Contract | None:
    """Return the contract whose text is `base`, with its `amendments`.

    What is wrong is reported where `dictionary` reports.
    """
    head, report = base.head, dictionary.report
    if not isinstance(head, nodes.ContractBlock):
        return None
    parties = parties_of(head, report)
    for name, word in (("payer", head.payer), ("group", head.group)):
        if word is not None and name not in facts:
            report.unknown("R001", "fact", name, word.span, facts)
    if head.products and "product" not in facts:
        report.unknown("R001", "fact", "product", head.products[0].span, facts)
    facts = _with_products(facts, head)
    facts = _with_member(facts, (base, *amendments))
    defines = defines_of(base, report)
    scope = Scope(facts, report, _people(parties), defines, terms=dictionary.fact)
    scope.resolve_defines()
    clauses = Clauses(
        catalog, scope, parties, report, _calendar(head, report), dictionary
    )
    text = replace(_text(base, clauses), parties=tuple(parties.values()))
    in_force = periods(head.in_force, report)
    if not in_force and not head.in_force:
        report.missing(
            "this `contract` block has no `in force`",
            head.span,
            "it takes a line such as `in force 2026-01-01 onward`",
        )
    decide_by = by_lines(head.decide_by, scope, report, ("decide by", (Kind.DATE,)))
    if not decide_by and not head.decide_by:
        report.missing(
            "this `contract` block has no `decide by`",
            head.span,
            "it takes a line such as `decide by service_date`",
        )
    # A text that amendments left without a grid is still what is in force.
    has_grid = any(isinstance(each, nodes.GridBlock) for each in base.members)
    if not has_grid and not head.amended_by:
        report.missing(
            "this contract has no grid",
            head.span,
            "add a `responsibility` block below it",
            code="R021",
        )
    return Contract(
        head.id.text,
        head.title.text,
        head.version.text if head.version else "",
        _date(head.signed, report),
        in_force,
        head.payer.text if head.payer else None,
        head.group.text if head.group else None,
        tuple(word.text for word in head.products),
        _divides(head, scope),
        decide_by,
        catalog,
        facts,
        text,
        _amendments(amendments, (head, clauses, defines), report),
        (),
        _amended_by(head, report),
        scope.resolved,
        head.id.span,
        clauses.calendar,
        dictionary.terms if dictionary.sets else (),
    )


def _calendar(head: nodes.ContractBlock, report: Report) -> str:
    word = head.calendar
    if word is None:
        return ""
    if word.text not in CALENDARS:
        report.unknown("R028", "calendar", word.text, word.span, CALENDARS)
    return word.text


def _divides(head: nodes.ContractBlock, scope: Scope) -> str:
    """Return the amount that the contract divides, an amount of a line."""
    if head.divides is None:
        return "allowed"
    fact = scope.fact(head.divides)
    if fact is not None and fact.kind is not Kind.MONEY:
        amounts = [f.name for f in scope.facts.values() if f.kind is Kind.MONEY]
        scope.report.error(
            "R003",
            f"`divides` needs an amount; `{fact.name}` is {fact.described}",
            head.divides.span,
            f"amounts are {', '.join(f'`{name}`' for name in amounts[:12])}",
        )
    return head.divides.text


def _people(parties: dict[str, Party]) -> dict[str, object]:
    return {name: each for name, each in parties.items() if each.paid_by is None}


def _with_products(
    facts: dict[str, Fact], head: nodes.ContractBlock
) -> dict[str, Fact]:
    product = facts.get("product")
    if product is None or not head.products:
        return facts
    words = (*product.options, *(word.text for word in head.products))
    options = tuple(dict.fromkeys(words))
    return {**facts, "product": replace(product, options=options)}


def _with_member(
    facts: dict[str, Fact], sections: Iterable[Section]
) -> dict[str, Fact]:
    """Return `facts` with the one that says whose a line is, where a limit asks for it."""
    if MEMBER in facts:
        return facts
    for section in sections:
        for each in section.members:
            if isinstance(each, nodes.LimitBlock) and each.per.whom.text == "member":
                member = Fact(MEMBER, Kind.TEXT, each.per.span, fixed=True)
                return {**facts, MEMBER: member}
    return facts


def _text(section: Section, clauses: Clauses) -> Text:
    members = _clauses(section)
    under = Under(clauses.scope, clauses.calendar)
    return replace(
        clauses.text(members),
        limits=limits(members, clauses),
        routes=routes(members, under),
        clocks=clocks(members, under),
    )


def _clauses(section: Section) -> list[Clause]:
    return [each for each in section.members if isinstance(each, Clause)]


def _date(word: nodes.Word | None, report: Report) -> date | None:
    return None if word is None else literals.date_of(word.text, word.span, report)


# Amendments


def _amendments(
    sections: list[Section],
    amended: tuple[nodes.ContractBlock, Clauses, dict[str, nodes.DefineBlock]],
    report: Report,
) -> tuple[Amendment, ...]:
    contract_head, base, defines = amended
    found: dict[int, Amendment] = {}
    _not_too_many(sections, contract_head, report)
    for section in sections[: bounds.MOST_AMENDMENTS]:
        head = section.head
        if not isinstance(head, nodes.AmendmentBlock):
            continue
        number = _number(head.number, report)
        if number is None:
            continue
        if number in found:
            report.twice("amendment", str(number), head.number.span, found[number].span)
            continue
        scope = base.scope
        own = defines_of(section, report)
        if own:
            everything = {**defines, **own}
            scope = Scope(
                scope.facts, report, scope.parties, everything, terms=scope.terms
            )
            scope.resolve_defines()
        clauses = replace(base, scope=scope)
        found[number] = _amendment(number, section, clauses, report)
        if own:
            scope.definitions.warn_of_vain(defines)
        _not_in_the_text(number, head, contract_head, report)
    return tuple(found[number] for number in sorted(found))


def _not_too_many(
    sections: list[Section], contract_head: nodes.ContractBlock, report: Report
) -> None:
    name = contract_head.id.text
    if len(sections) > bounds.MOST_AMENDMENTS:
        report.error(
            "P020",
            f"contract `{name}` has more than {bounds.MOST_AMENDMENTS} amendments",
            sections[bounds.MOST_AMENDMENTS].head.span,
            "a consolidated text holds what the first of them made of the contract",
        )
    changes = 0
    for head in (section.head for section in sections):
        if isinstance(head, nodes.AmendmentBlock):
            changes += len(head.changes)
            if changes > bounds.MOST_CHANGES:
                report.error(
                    "P020",
                    f"the amendments of contract `{name}` make more than "
                    f"{bounds.MOST_CHANGES:,} changes",
                    head.span,
                    "a whole `responsibility` block in an amendment replaces the old one",
                )
                return


def _number(word: nodes.Word, report: Report) -> int | None:
    text = word.text
    if text.isdecimal() and len(text) < 6 and int(text) > 0:  # noqa: PLR2004
        return int(text)
    report.error(
        "R004",
        f"`{text}` is not a number of an amendment",
        word.span,
        "amendments are numbered 1, 2, 3",
    )
    return None


def _amended_by(head: nodes.ContractBlock, report: Report) -> tuple[int, ...] | None:
    if head.amended_by is None:
        return None
    numbers = [_number(word, report) for word in head.amended_by]
    return tuple(sorted({number for number in numbers if number is not None}))


def _not_in_the_text(
    number: int,
    amendment: nodes.AmendmentBlock,
    head: nodes.ContractBlock,
    report: Report,
) -> None:
    """Report an amendment that a consolidated text holds already, or came after."""
    held = [word for word in head.amended_by or () if word.text.isdecimal()]
    later = next((word for word in held if int(word.text) >= number), None)
    if later is None:
        return
    what = "holds" if int(later.text) == number else "holds a later one than"
    report.error(
        "R013",
        f"the text of contract `{head.id.text}` {what} amendment {number}",
        amendment.number.span,
        "put the amendment with the text that it was written for, the one without "
        "`amended by`",
        also=[Label(later.span, "the contract is consolidated")],
    )


def _amendment(
    number: int, section: Section, clauses: Clauses, report: Report
) -> Amendment:
    head = section.head
    if not isinstance(head, nodes.AmendmentBlock):
        raise TypeError(head)
    in_force = periods(head.in_force, report)
    if not in_force and not head.in_force:
        report.missing(
            "this `amendment` block has no `in force`",
            head.span,
            "it takes a line such as `in force 2026-01-01 onward`",
        )
    changes = [_change(each, clauses, report) for each in head.changes]
    found = [each for each in changes if each is not None]
    _named_once(found, section, report)
    # The lines of a block stand in any order: what goes makes room for what comes.
    good = tuple(sorted(found, key=lambda each: _ORDER.index(each.kind)))
    text = _text(section, clauses)
    signed = _date(head.signed, report)
    defines = clauses.scope.resolved
    return Amendment(number, signed, in_force, good, text, defines, head.span)


_ORDER = ("withdraw", "replace", "add", "rename")


def _named_once(changes: list[Change], section: Section, report: Report) -> None:
    seen: dict[tuple[str, str, str | None, str], Span] = {}
    whole = {each.id.text: each.id.span for each in _clauses(section)}
    for change in changes:
        if change.what != "party" and change.id in whole:
            report.error(
                "R013",
                f"`{change.target}` is changed, and `{change.id}` stands as a whole in "
                "the same amendment",
                change.span,
                "make the change in the whole clause, and take this line out",
                also=[Label(whole[change.id], "the whole of it")],
            )
            continue
        if change.kind == "add":
            continue
        key = (change.what, change.id, change.category, normal(change.when))
        first = seen.setdefault(key, change.span)
        if first is not change.span:
            report.error(
                "R013",
                f"`{change.target}` is changed twice in one amendment",
                change.span,
                "keep one of the two",
                also=[Label(first, "the first")],
            )


def _change(node: nodes.Change, clauses: Clauses, report: Report) -> Change | None:
    cites = tuple(word.text for word in node.cites)
    if node.party is not None:
        party = node.party
        if party.id.text not in clauses.parties:
            report.unknown(
                "R008", "party", party.id.text, party.id.span, clauses.parties
            )
            return None
        return Change(
            "rename",
            "party",
            party.id.text,
            None,
            None,
            None,
            cites,
            party.name.text,
            node.span,
        )
    address = node.address
    if address is None:
        return None
    category = None
    if address.category is not None:
        category = clauses.category(address.category)
        if category is None:
            return None
    when = clauses.scope.optional(address.when)
    answer = clauses.answer(node.answer) if node.answer else None
    if (node.answer and answer is None) or (address.when and when is None):
        return None
    what = address.what
    return Change(
        node.kind, what, address.id.text, category, when, answer, cites, "", node.span
    )
