"""The history of a category or a clause as plain data, for `--format json`."""

from __future__ import annotations

from typing import Any

from whopays.analyse.texts.blame import History, Standing, Stretch
from whopays.analyse.texts.earlier import PartyName, Said
from whopays.analyse.texts.origin import BASE, Clause
from whopays.model.catalog import Period
from whopays.model.clocks import Clock, Route
from whopays.model.contract import (
    Amendment,
    Contract,
    ExceptionClause,
    Limit,
    Row,
    Treat,
)

_KINDS = {
    Row: "row",
    ExceptionClause: "exception",
    Treat: "treat",
    Limit: "limit",
    Route: "route",
    Clock: "clock",
    PartyName: "party",
}


def record(history: History) -> dict[str, Any]:
    """Return `history` as plain data."""
    contract = history.contract
    return {
        "contract": contract.id,
        "version": contract.version,
        "asked": history.subject,
        "known_on": history.known_on.isoformat() if history.known_on else None,
        "periods": [_stretch(each, contract) for each in history.stretches],
        "not_known_yet": [_document(contract, each.number) for each in history.unknown],
    }


def _stretch(stretch: Stretch, contract: Contract) -> dict[str, Any]:
    return {
        **_period(stretch.period),
        "clauses": [_standing(each, contract) for each in stretch.standing],
        "withdrawn": [_standing(each, contract) for each in stretch.gone],
    }


def _period(period: Period) -> dict[str, Any]:
    last = period.last.isoformat() if period.last else None
    return {"first": period.first.isoformat(), "last": last}


def _standing(standing: Standing, contract: Contract) -> dict[str, Any]:
    first, *before = [_said(each, contract) for each in standing.chain]
    return {"role": standing.role, **first, "instead_of": before}


def _said(said: Said, contract: Contract) -> dict[str, Any]:
    clause = said.clause
    withdrawn = said.withdrawn_by
    return {
        "id": clause.id,
        "kind": kind_of(clause),
        "says": says(clause),
        "to": [target.text for target in getattr(clause, "targets", ())],
        "when": clause.when.text if clause.when is not None else None,
        "cites": list(clause.cites),
        "document": _document(contract, said.number),
        "place": clause.span.place,
        "withdrawn_by": _document(contract, withdrawn) if withdrawn else None,
        "withdrawn_at": said.withdrawn_at.place if said.withdrawn_at else None,
    }


def _document(contract: Contract, number: int) -> dict[str, Any]:
    text = text_of(contract, number)
    return {
        "name": name_of(contract, number),
        "amendment": number or None,
        "signed": text.signed.isoformat() if text.signed else None,
        "in_force": [_period(each) for each in text.in_force],
    }


def text_of(contract: Contract, number: int) -> Contract | Amendment:
    """Return the amendment `number`, or the contract itself."""
    return next((a for a in contract.amendments if a.number == number), contract)


def name_of(contract: Contract, number: int) -> str:
    """Return what the text `number` is called."""
    if number == BASE:
        return f"contract {contract.id} {contract.version}"
    return f"amendment {number}"


def kind_of(clause: Clause | PartyName) -> str:
    """Return the word for what `clause` is."""
    if isinstance(clause, Row) and clause.category is None:
        return "otherwise"
    return _KINDS[type(clause)]


def says(clause: Clause | PartyName) -> str:
    """Return what `clause` says, apart from its condition."""
    match clause:
        case Row() | ExceptionClause():
            reason = (
                f' because "{clause.answer.reason}"' if clause.answer.reason else ""
            )
            return f"{clause.answer.text}{reason}"
        case Treat():
            return f'"{clause.source}" as "{clause.target}"'
        case PartyName():
            return f'"{clause.name}"'
        case Route() | Clock():
            return clause.text
        case _:
            return clause.title
