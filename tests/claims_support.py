"""Declared facts for tests of the readers, and helpers that take results apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from whopays.claims import Reject
from whopays.diagnostics import Source, Span
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact, Kind

SPAN = Span(Source("test.rules", "facts"), 0, 5)
_CODES = {
    "procedure_code": (Kind.CODE, ("CPT", "HCPCS", "ICD10PCS")),
    "modifiers": (Kind.CODES, ("MODIFIER",)),
    "revenue_code": (Kind.CODE, ("REV",)),
    "place_of_service": (Kind.CODE, ("POS",)),
    "bill_type": (Kind.CODE, ("TOB",)),
    "drg": (Kind.CODE, ("MSDRG",)),
    "principal_diagnosis": (Kind.CODE, ("ICD10CM",)),
    "diagnoses": (Kind.CODES, ("ICD10CM",)),
    "provider_specialty": (Kind.CODE, ("TAXONOMY",)),
}


def _facts() -> Iterable[Fact]:
    yield Fact("payer", Kind.TEXT, SPAN)
    yield Fact("group", Kind.TEXT, SPAN, or_none=True)
    yield Fact("product", Kind.ONE_OF, SPAN, options=("HMO", "MA"))
    kinds = ("professional", "institutional", "dental", "pharmacy")
    yield Fact("claim_type", Kind.ONE_OF, SPAN, options=kinds)
    yield Fact("network", Kind.ONE_OF, SPAN, options=("inside", "outside"))
    yield Fact("service_date", Kind.DATE, SPAN)
    yield Fact("admission_date", Kind.DATE, SPAN, or_none=True)
    yield Fact("birthday", Kind.BIRTHDAY, SPAN)
    yield Fact("emergency", Kind.YES_NO, SPAN)
    yield Fact("capitated", Kind.YES_NO, SPAN)
    yield Fact("age", Kind.NUMBER, SPAN)
    yield Fact("authorized_by", Kind.PARTY, SPAN, or_none=True)
    yield Fact("units", Kind.NUMBER, SPAN)
    yield Fact("own_plan_percent", Kind.PERCENT, SPAN)
    for name, (kind, systems) in _CODES.items():
        yield Fact(name, kind, SPAN, systems=systems, or_none=True)
    yield Fact(
        "claim_revenue_codes",
        Kind.CODES,
        SPAN,
        systems=("REV",),
        or_none=True,
        of="claim",
    )
    yield Fact("covers_as", Kind.ONE_OF, SPAN, options=("subscriber",), of="plan")
    for name in ("primary_paid", "primary_allowed", "prior_paid"):
        yield Fact(name, Kind.MONEY, SPAN)
    for name in ("billed", "plan_paid", "allowed"):
        yield Fact(name, Kind.MONEY, SPAN)
    for name in ("noncovered", "copay", "deductible", "coinsurance"):
        yield Fact(name, Kind.MONEY, SPAN, or_none=True, none_is_zero=True)


FACTS = {fact.name: fact for fact in _facts()}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines_of(found: Iterable[Claim | Reject]) -> list[Line]:
    return [line for each in found if isinstance(each, Claim) for line in each.lines]


def rejects_of(found: Iterable[Claim | Reject]) -> list[Reject]:
    return [each for each in found if isinstance(each, Reject)]
