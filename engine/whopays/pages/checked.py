"""The page of a check: what is proved, what is wrong, and the contracts as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from whopays.checks import Checked
from whopays.checks.statement import by_otherwise, claim, details, is_proved
from whopays.diagnostics import Diagnostic
from whopays.diagnostics.sarif import Rule
from whopays.model.contract import Contract, Version
from whopays.pages.about import About
from whopays.pages.codes import section
from whopays.pages.excerpt import Excerpt, excerpt
from whopays.pages.mended import Mended, mended
from whopays.pages.render import rendered
from whopays.pages.standing import Stood, standing
from whopays.pages.tables import Table


@dataclass(frozen=True)
class Problem:
    """One diagnostic, with the lines that it is about."""

    number: int
    severity: str
    code: str
    title: str
    message: str
    excerpts: tuple[Excerpt, ...]
    help: str
    notes: tuple[str, ...]
    mended: Mended | None


@dataclass(frozen=True)
class Explained:
    """What the documentation says of a code."""

    code: str
    title: str
    text: Markup


@dataclass(frozen=True)
class Looked:
    """A contract that was looked at: what is said of it, and its texts."""

    number: int
    id: str
    title: str
    is_sound: bool
    claim: str
    said: tuple[str, ...]
    by_otherwise: tuple[str, ...]
    texts: tuple[Stood, ...]


@dataclass(frozen=True)
class Read:
    """What was read: the contracts with their texts, and how amounts are calculated."""

    contracts: Mapping[str, tuple[Contract, Sequence[Version]]]
    amounts: Sequence[Table]


def check_page(
    about: About,
    found: Sequence[Diagnostic],
    checked: Mapping[str, Checked],
    read: Read,
    rules: Mapping[str, Rule],
) -> str:
    """Return the page of a check that `found` these problems.

    `checked` says what was looked at in each contract, `read` what was read, `rules`
    what the documentation says of each code.
    """
    problems = tuple(_problems(found, rules))
    return rendered(
        "check.html",
        about,
        names=list(read.contracts),
        problems=problems,
        errors=sum(each.is_error for each in found),
        warnings=sum(not each.is_error for each in found),
        contracts=[
            _looked(number, checked[name], *read.contracts[name])
            for number, name in enumerate(checked, 1)
        ],
        amounts=tuple(read.amounts),
        codes=tuple(_explained(sorted({each.code for each in found}), rules)),
    )


def _problems(
    found: Iterable[Diagnostic], rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    # What stops the rules from being used comes first.
    ordered = sorted(found, key=lambda each: not each.is_error)
    for number, each in enumerate(ordered, 1):
        yield Problem(
            number,
            each.severity.value,
            each.code,
            rules[each.code].title if each.code in rules else "",
            each.message,
            tuple(map(excerpt, each.labels)),
            each.help,
            each.notes,
            mended(each.fix),
        )


def _explained(codes: Iterable[str], rules: Mapping[str, Rule]) -> Iterator[Explained]:
    for code in codes:
        if code in rules:
            rule = rules[code]
            yield Explained(code, rule.title, section(rule.section))


def _looked(
    number: int, checked: Checked, contract: Contract, versions: Sequence[Version]
) -> Looked:
    return Looked(
        number,
        contract.id,
        contract.title,
        is_proved(checked),
        claim(checked),
        tuple(details(checked)),
        tuple(by_otherwise(checked)),
        standing(contract, versions),
    )
