"""What is wrong with some cases, said to the author of the clauses."""

from __future__ import annotations

from collections.abc import Sequence

from whopays.checks.witness import Shown
from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model import conditions as model
from whopays.model.contract import Treat
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece

_SHOWN = 3
_FACTS = 8


def problem(
    version: VersionProgram, piece: Piece, clauses: Sequence[Clause], found: Shown
) -> Diagnostic:
    """Return what to say of a gap (no `clauses`), or of two that contradict each other.

    What cannot be built as a claim is told, but does not stop the file.
    """
    where = f"`{piece.category}`" if piece.category else "a line of no category"
    labels = tuple(map(_label, clauses))
    if clauses:
        one, other = clauses
        both = f"`{one.id}` and `{other.id}`"
        moves = isinstance(one, Treat)
        code = "C002"
        message = (
            f"{both} move {where} to different categories"
            if moves
            else f"{both} give different answers for {where}"
        )
        remedy = (
            "make their conditions exclusive"
            if moves
            else "make one an exception to the other, or their conditions exclusive"
        )
    else:
        labels = tuple(Label(clause.span) for clause in piece.clauses[:_SHOWN])
        if not labels:
            grids = version.text.grids
            span = grids[0].span if grids else version.program.contract.span
            labels = (Label(span),)
        code, message = "C001", f"nothing answers for {where}"
        remedy = "add an `otherwise`, or a row whose `when` holds then"
    if found.facts is not None:
        return Diagnostic(
            code, message, labels, remedy, (f"for example: {found.words}",)
        )
    return Diagnostic(
        "C011",
        f"possible, no example found: {message}",
        labels,
        f"no claim could be made that shows it; to be sure, {remedy}",
        (f"it would take: {found.words}",),
        Severity.WARNING,
    )


def _label(clause: Clause) -> Label:
    text = clause.target if isinstance(clause, Treat) else clause.answer.text
    return Label(clause.span, text)


def too_large(pieces: Sequence[Piece]) -> Diagnostic:
    """Return that the cases of `pieces` were too many to be looked at."""
    names = [
        f"`{piece.category}`" if piece.category else "lines of no category"
        for piece in pieces
    ]
    whens = {
        id(clause): (clause, dict.fromkeys(model.facts_of(when)))
        for piece in pieces
        for clause, (_, when) in zip(piece.clauses, piece.table.clauses, strict=True)
    }
    widest = sorted(whens.values(), key=lambda each: -len(each[1]))[:_SHOWN]
    facts = list({name: None for _, asked in whens.values() for name in asked})
    return Diagnostic(
        "C007",
        f"the conditions for {_listed(names, _SHOWN)} hang together in too many ways to "
        "look at them all",
        tuple(
            Label(each.span, f"asks for {len(asked)} facts")
            for each, asked in widest
            if 2 * len(asked) >= len(widest[0][1])
        ),
        "lines are decided as always, but that exactly one answer stands is not proved; "
        "give clauses that ask for many facts at once fewer of them, or narrower targets",
        (f"they ask for {len(facts)} facts: {_listed(facts, _FACTS)}",),
        Severity.WARNING,
    )


def _listed(names: Sequence[str], most: int) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
