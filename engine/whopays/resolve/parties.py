"""The parties and funds of a contract, and who pays for a fund."""

from __future__ import annotations

from whopays.diagnostics import Span
from whopays.model.contract import Party
from whopays.resolve.names import check_id
from whopays.resolve.report import Report
from whopays.syntax import nodes


def parties_of(head: nodes.ContractBlock, report: Report) -> dict[str, Party]:
    """Return the parties under `head` by id; what is wrong is reported."""
    found: dict[str, Party] = {}
    spans: dict[str, Span] = {}
    for line in head.parties:
        check_id("party", line.id, report)
        if line.id.text in found:
            report.twice("party", line.id.text, line.id.span, spans[line.id.text])
            continue
        spans[line.id.text] = line.id.span
        paid_by = line.paid_by.text if line.paid_by else None
        found[line.id.text] = Party(line.id.text, line.name.text, paid_by)
    for line in head.parties:
        payers = [name for name, party in found.items() if party.paid_by is None]
        if line.paid_by is not None and line.paid_by.text not in payers:
            report.unknown(
                "R008", "party", line.paid_by.text, line.paid_by.span, payers
            )
    if not found:
        report.missing(
            "this `contract` block has no `party`",
            head.span,
            'it takes a line for each party, such as `party PLAN "Name of the plan"`',
        )
    return found
