"""Days that are left out: by the contract, by its catalog, by an amendment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model.contract import Contract
from whopays.program.compile import Program

_DAY = timedelta(days=1)


def days(contract: Contract) -> Iterator[Diagnostic]:
    """Yield the days between those of the contract, and those its catalog leaves out."""
    # A consolidated text is for some days of a contract: the others have other texts.
    periods = () if contract.amended_by is not None else contract.in_force
    for before, after in pairwise(periods):
        if before.last is not None and before.last + _DAY < after.first:
            yield _uncovered(contract, f"{before.last + _DAY} to {after.first - _DAY}")
    catalog = contract.catalog
    if not catalog.in_force:
        return
    begins = min(period.first for period in contract.in_force)
    if catalog.is_silent_on(begins):
        yield Diagnostic(
            "C006",
            f"catalog `{catalog.id}` {catalog.version} is not in force when contract "
            f"`{contract.id}` begins, on {begins}",
            (Label(contract.span), Label(catalog.span, "the catalog")),
            f"it is in force {', '.join(map(str, catalog.in_force))}; name the version "
            "that is, in `categories from`",
            severity=Severity.WARNING,
        )


def catalog_ends(contract: Contract) -> str:
    """Return that the contract runs on after its catalog, or "".

    A catalog of a year can't know the codes of the next, and a contract runs for years:
    that is no mistake of its author, but who decides by it should know.
    """
    catalog = contract.catalog
    last = catalog.in_force[-1].last if catalog.in_force else None
    ends = [period.last for period in contract.in_force]
    if last is None or not any(end is None or end > last for end in ends):
        return ""
    return (
        f"catalog {catalog.id} {catalog.version} ends on {last}, and the contract runs "
        f"on: later lines are decided by its codes, and each decision says so"
    )


def _uncovered(contract: Contract, days: str) -> Diagnostic:
    return Diagnostic(
        "C006",
        f"contract `{contract.id}` is not in force from {days}",
        (Label(contract.span),),
        "lines on these days get `no_contract`",
        severity=Severity.WARNING,
    )


def idle_amendments(program: Program) -> Iterator[Diagnostic]:
    """Yield the amendments that are in force on no day of the contract."""
    used = {number for each in program.versions for number in each.version.amendments}
    known_on, first = program.known_on, date.min
    for amendment in program.contract.amendments:
        is_known = known_on is None or (amendment.signed or first) <= known_on
        if is_known and program.versions and amendment.number not in used:
            yield Diagnostic(
                "C010",
                f"amendment {amendment.number} is in force on no day of the contract",
                (Label(amendment.span), Label(program.contract.span, "the contract")),
                f"the contract is in force "
                f"{', '.join(map(str, program.contract.in_force))}",
                severity=Severity.WARNING,
            )
