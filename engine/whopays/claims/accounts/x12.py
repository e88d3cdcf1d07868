"""Accounts of X12 837 claims: the other payers of a claim, and the one it was sent to.

The place of a payer follows from coverage: SBR01 gives the order in which the plans are
listed, and an order of benefits is asked as for any account. What a payer says is taken
only where it adds up; what it adjusted on the claim as a whole stays with the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from whopays.claims.accounts.amounts import below_zero
from whopays.claims.accounts.document import AccountReader, Filed
from whopays.claims.mapping_file import shipped_mapping
from whopays.claims.records import ReadReport, Reject
from whopays.claims.x12 import read_x12
from whopays.model.account import CAPITATED, PAID, REFUSED, Account, Coverage
from whopays.model.claim import Claim
from whopays.model.coordination import (
    POSITIONS,
    Adjustment,
    Coordination,
    OtherPayer,
    total,
)
from whopays.model.facts import Fact
from whopays.model.values import NONE, Value

_MAPPING = "x12-837"
_SHARE, _REMAINING, _OTAF = "patient_share", "remaining_patient_share", "otaf"
_RECEIVER = "RECEIVER"
#: Facts of the line that say of other payers what the coverages say themselves.
_SAID_BY_COVERAGES = ("primary_paid", "primary_allowed", "prior_paid")
#: Kinds of plans by SBR09, as far as it tells them; a commercial plan can be any.
_KINDS = {
    "MA": "medicare",
    "MB": "medicare",
    "16": "medicare",
    "MC": "medicaid",
    "CH": "tricare",
    "VA": "veterans",
    "WC": "workers_compensation",
    "AM": "no_fault",
    "LM": "liability",
    "TV": "title_v",
}
_PATIENT, _BALANCE_BILLED = "PR", "45"
#: Reasons (CARC) of a payment of nothing: under capitation, or because another goes first.
_NOTHING_PAID = {CAPITATED: "24", REFUSED: "22"}
#: Frequencies of claims (CLM05-3).
_REPLACES, _VOIDS = "7", "8"


def read_x12_accounts(
    path: Path, facts: Mapping[str, Fact], reader: AccountReader
) -> Iterator[Filed | Reject]:
    """Return an account for each claim of an X12 file, or one reject for each.

    A claim of which a line can't be read is a reject: its account would not balance.
    Two claims may have one id, which is the provider's own; `record` tells them apart.
    """
    given = {name: fact for name, fact in facts.items() if fact.of in {"line", "claim"}}
    mapping = shipped_mapping(_MAPPING, given, frozenset(), where_declared=True)
    report = ReadReport()
    claims = read_x12(path, given, mapping, frozenset({"product"}), report)
    return _noted(_accounts(claims, reader), report, reader)


def _noted(
    found: Iterator[Filed | Reject], report: ReadReport, reader: AccountReader
) -> Iterator[Filed | Reject]:
    """Yield `found`; what was remarked of the claims is noted of the accounts."""
    yield from found
    reader.report.remarks.update(report.remarks)


def _accounts(
    claims: Iterable[Claim | Reject], reader: AccountReader
) -> Iterator[Filed | Reject]:
    broken: list[Reject] = []
    for each in claims:
        if isinstance(each, Reject):
            if broken and broken[-1].claim_id != each.claim_id:
                yield _rejected(broken, reader)
            broken.append(each)
            continue
        if broken and broken[-1].claim_id == each.id:
            yield _rejected(broken, reader)
            continue
        if broken:
            yield _rejected(broken, reader)
        account = _account(each, reader)
        problem = below_zero(account, reader.words)
        if problem is not None:
            yield reader.reject(account.record, *problem, account.id)
            continue
        reader.report.lines += 1
        yield _filed(account, each.frequency)
    if broken:
        yield _rejected(broken, reader)


def _filed(account: Account, frequency: str) -> Filed:
    """Return the account; one that voids or replaces another has that one's id."""
    if frequency == _VOIDS:
        return Filed(account, reverses=account.id)
    if frequency == _REPLACES:
        return Filed(account, adjusts=account.id, may_be_first=True)
    return Filed(account)


def _rejected(broken: list[Reject], reader: AccountReader) -> Reject:
    """Return one reject for the account that `broken` lines are of, and forget them."""
    first = broken[0]
    broken.clear()
    named = first.claim_id, first.line
    return reader.reject(first.record, first.field, first.reason, *named)


def _account(claim: Claim, reader: AccountReader) -> Account:
    numbers = tuple(line.number for line in claim.lines)
    lines = tuple(
        {n: v for n, v in line.facts.items() if n not in _SAID_BY_COVERAGES}
        for line in claim.lines
    )
    said = claim.coordination
    whole: dict[str, Value] = {}
    listed: list[tuple[str, Coverage]] = []
    if said is not None:
        if _OTAF in reader.words.amounts and not said.otaf_open:
            whole, lines = _obliged(said, numbers, lines)
        listed = _coverages(said, numbers, reader)
    position = said.position if said is not None else ""
    names = {coverage.plan for _, coverage in listed}
    listed.append((position, Coverage(_free(_RECEIVER, names), {})))
    listed.sort(key=lambda each: _rank(each[0]))
    coverages = tuple(coverage for _, coverage in listed)
    record = claim.lines[0].record
    unplaced = _unplaced([position for position, _ in listed])
    return Account(claim.id, whole, lines, coverages, numbers, record, unplaced)


def _obliged(
    said: Coordination, numbers: tuple[str, ...], lines: tuple[dict[str, Value], ...]
) -> tuple[dict[str, Value], tuple[dict[str, Value], ...]]:
    """Return what the provider is obligated to accept: of lines, else of the claim.

    What is not reported is none: a claim has to report it where there is one.
    """
    by_line = dict(said.otaf_by_line)
    if not by_line:
        return {_OTAF: NONE if said.otaf is None else said.otaf}, lines
    found = (
        {**line, _OTAF: by_line.get(number, NONE)}
        for number, line in zip(numbers, lines, strict=True)
    )
    return {}, tuple(found)


def _rank(position: str) -> int:
    return POSITIONS.find(position) if position else len(POSITIONS)


def _unplaced(positions: list[str]) -> str:
    """Say why SBR01 does not put the payers in order, where it does not."""
    if any(not each or each not in POSITIONS for each in positions):
        return "the claim does not say at which place each payer stands (SBR01)"
    if len(set(positions)) < len(positions):
        return "the claim puts two payers at the same place (SBR01)"
    return ""


def _free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number where a plan has it already."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}-{count}"
    return found


def _coverages(
    said: Coordination, numbers: tuple[str, ...], reader: AccountReader
) -> list[tuple[str, Coverage]]:
    found: list[tuple[str, Coverage]] = []
    names: set[str] = set()
    for payer in said.payers:
        plan = _free(payer.id or payer.name or payer.position or "PAYER", names)
        names.add(plan)
        amounts, lines = _amounts(payer, numbers)
        amounts.update(_flags(payer))
        facts = _facts(payer, reader)
        found.append((payer.position, Coverage(plan, facts, None, amounts, lines)))
    return found


def _facts(payer: OtherPayer, reader: AccountReader) -> dict[str, Value]:
    """Return what SBR says of a plan, in words that the rules have."""
    words = {"kind": _KINDS.get(payer.filing_indicator, "")}
    if payer.relationship:
        own = payer.relationship == "18"
        words["covers_as"] = "subscriber" if own else "dependent"
    known = reader.words.plan
    return {
        name: word
        for name, word in words.items()
        if name in known and word in known[name].options
    }


def _flags(payer: OtherPayer) -> dict[str, Value]:
    """Return what a payment of nothing means: capitated, or another is to go first."""
    if payer.paid:
        return {}
    reasons = {each.reason for each in _adjustments(payer)}
    return {word: True for word, reason in _NOTHING_PAID.items() if reason in reasons}


def _adjustments(payer: OtherPayer) -> list[Adjustment]:
    """Return what a payer adjusted, on the claim as a whole and on its lines."""
    of_lines = (each for line in payer.lines for each in line.adjustments)
    return [*payer.adjustments, *of_lines]


def _amounts(
    payer: OtherPayer, numbers: tuple[str, ...]
) -> tuple[dict[str, Value], tuple[dict[str, Value], ...]]:
    """Return what a payer says of the claim as a whole, and of each line."""
    if payer.balanced is False:
        return {}, ()
    whole: dict[str, Value] = {}
    if payer.remaining is not None:
        whole[_REMAINING] = payer.remaining
    lines = tuple(_of_line(payer, number) for number in numbers)
    answered = [line for line in lines if PAID in line]
    if len(answered) < len(lines):
        # No answer to some line: what is known is of the claim as a whole.
        if payer.paid is not None:
            whole[PAID] = payer.paid
        if payer.balanced:
            # It adds up to the charge, so these are all that it adjusted.
            whole[_SHARE] = _share(_adjustments(payer))
        return whole, ()
    cents = sum(_cents(line[PAID]) for line in lines)
    if payer.paid is not None and payer.paid != cents:
        whole[PAID] = payer.paid - cents
    if payer.adjustments:
        whole[_SHARE] = _share(payer.adjustments)
    return whole, lines


def _of_line(payer: OtherPayer, number: str) -> dict[str, Value]:
    answers = payer.of_line(number)
    paid = [each.paid for each in answers if each.paid is not None]
    if not answers or len(paid) < len(answers):
        return {}
    shares = _share(adj for each in answers for adj in each.adjustments)
    found: dict[str, Value] = {PAID: sum(paid), _SHARE: shares}
    left = [each.remaining for each in answers if each.remaining is not None]
    if left and len(left) == len(answers):
        found[_REMAINING] = sum(left)
    return found


def _share(adjustments: Iterable[Adjustment]) -> int:
    """Return what is left to the patient; balance billing is no part of what is allowed."""
    return total(
        each
        for each in adjustments
        if each.group == _PATIENT and each.reason != _BALANCE_BILLED
    )


def _cents(value: Value) -> int:
    return value if isinstance(value, int) else 0
