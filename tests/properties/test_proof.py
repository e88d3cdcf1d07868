"""What a check says of drawn contracts is what the reference says of drawn lines."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from agree import contract_of, line_of, read_facts
from generate import draft, line_facts
from small_contracts import small_contracts
from whopays.checks.asked import Asked
from whopays.checks.compared import joint_cells
from whopays.checks.proof import Proof, prove
from whopays.checks.ranks import unranked
from whopays.checks.regardless import regardless
from whopays.diagnostics import Source, Span
from whopays.model import conditions as model
from whopays.model.contract import Contract, ExceptionClause, Row
from whopays.model.facts import Fact, Kind
from whopays.model.outcome import Outcome
from whopays.model.values import Value
from whopays.program.compile import Program
from whopays.reference import decide, decide_known
from whopays.reference.values import possible_values
from whopays.resolve import versions

chances = st.randoms(use_true_random=True)
_NOWHERE = Span(Source("", ""), 0, 0)
_LINES = 30
few = settings(max_examples=40)


def drawn(chance: Random) -> tuple[Contract, Asked, Proof]:
    contract = contract_of(draft(chance).text())
    asked = Asked(Program(contract))
    return contract, asked, prove(asked)


def missed(contract: Contract, outcome: Outcome, proof: Proof) -> bool:
    """Tell whether the outcome shows a problem that was not reported with a claim."""
    if outcome.note == "gap":
        return ("gap", frozenset({str(outcome.landed)})) not in proof.errors
    if outcome.note != "conflict":
        return False
    reported = {names for kind, names in proof.errors if kind == "conflict"}
    answers = answers_of(contract)
    return any(
        frozenset(pair) not in reported
        for pair in combinations(outcome.clauses, 2)
        if not answers[pair[0]] & answers[pair[1]]
    )


def answers_of(contract: Contract) -> dict[str, set[object]]:
    """Return all that the clauses of an id answer in some version; treats move."""
    found: dict[str, set[object]] = {}
    for version in Program(contract).versions:
        text = version.text
        rows = [r for grid in text.grids for r in (*grid.rows, *grid.otherwise)]
        clauses: list[Row | ExceptionClause] = [*rows, *text.exceptions]
        for clause in clauses:
            found.setdefault(clause.id, set()).add(clause.answer)
        for treat in text.treats:
            found.setdefault(treat.id, set()).add(treat.target)
    return found


@settings(max_examples=60)
@given(chances)
def test_a_line_without_one_answer_was_reported_by_the_check(chance: Random) -> None:
    contract, asked, proof = drawn(chance)
    unordered = {frozenset(each.message.split("`")[1:4:2]) for each in unranked(asked)}
    assert not proof.too_large
    for _ in range(_LINES):
        outcome = decide(contract, line_of(line_facts(chance, 0.0)))
        assert not missed(contract, outcome, proof)
        if outcome.note.startswith("two categories: "):
            names = outcome.note.removeprefix("two categories: ").split(", ")
            assert all(frozenset(pair) in unordered for pair in combinations(names, 2))


@few
@given(chances)
def test_a_clause_that_answers_some_line_is_not_called_dead(chance: Random) -> None:
    contract, _, proof = drawn(chance)
    acted = {name for name, _ in proof.acted}
    for _ in range(_LINES):
        outcome = decide(contract, line_of(line_facts(chance, 0.0)))
        assert acted.issuperset((*outcome.clauses, *outcome.moved))


# Small contracts, of which every line can be decided


@settings(max_examples=60)
@given(small_contracts())
def test_what_is_said_of_a_small_contract_is_what_all_its_lines_show(text: str) -> None:
    contract = contract_of(text)
    asked = Asked(Program(contract))
    proof = prove(asked)
    names = sorted(read_facts(contract))
    values = [possible_values(contract, name, {}) for name in names]
    cases, gaps, conflicts = set(), set(), set()
    acted: set[str] = set()
    in_force, _ = versions(contract)
    answers = answers_of(contract)
    because: dict[tuple[Value, ...], set[str]] = {}
    for taken in product(*values):
        facts = dict(zip(names, taken, strict=True))
        outcome = decide_known(contract, in_force, facts.__getitem__)
        because[taken] = set(outcome.clauses)
        if outcome.status == "no_contract":
            continue
        (version,) = asked.program.versions
        atoms = version.piece(outcome.landed).table.atoms
        truth = tuple(atom.holds(facts.__getitem__) for atom in atoms)
        cases.add((outcome.landed, truth))
        acted.update((*outcome.clauses, *outcome.moved))
        if outcome.note == "gap":
            gaps.add(("gap", frozenset({str(outcome.landed)})))
        if outcome.note == "conflict":
            # Two rows with one condition have one name.
            if len(set(outcome.clauses)) == 1:
                conflicts.add(("conflict", frozenset(outcome.clauses)))
            conflicts.update(
                ("conflict", frozenset(pair))
                for pair in combinations(outcome.clauses, 2)
                if not answers[pair[0]] & answers[pair[1]]
            )

    assert proof.entries == len(cases)
    assert {key for key in proof.errors if key[0] == "gap"} == gaps
    assert {key for key in proof.errors if key[0] == "conflict"} == conflicts
    assert not proof.possible
    # What is replaced everywhere has acted, too.
    assert {name for name, _ in proof.acted} >= acted
    told = (each.message.split("`")[1:4:2] for each in regardless(asked))
    assert {tuple(each) for each in told} == broken(contract, names, because)


def broken(
    contract: Contract, names: list[str], because: dict[tuple[Value, ...], set[str]]
) -> set[tuple[str, str]]:
    """Return each exception with a fact that takes a line away from it, by all lines."""
    found = set()
    for exception in contract.text.exceptions:
        for fact in set(exception.regardless).intersection(names):
            at = names.index(fact)
            holds: dict[tuple[Value, ...], set[bool]] = {}
            for taken, clauses in because.items():
                rest = taken[:at] + taken[at + 1 :]
                holds.setdefault(rest, set()).add(exception.id in clauses)
            if any(len(each) > 1 for each in holds.values()):
                found.add((exception.id, fact))
    return found


# Facts that are compared

_BASE = date(2026, 1, 15)
days = st.integers(-500, 800).map(lambda at: _BASE + timedelta(days=at))
shifts = st.none() | st.builds(
    model.Shift,
    st.sampled_from((-60, -31, -2, -1, 1, 2, 3, 28, 60, 100)),
    st.sampled_from(("days", "months", "years")),
)


@st.composite
def date_atoms(draw: st.DrawFn, names: tuple[str, ...]) -> model.Atom:
    one, other = draw(st.permutations(names))[:2]
    op = draw(st.sampled_from(("<", "<=", ">", ">=", "is", "in month of", "alone")))
    if op == "alone":
        return model.Compares(one, draw(st.sampled_from(("<", ">="))), draw(days), "")
    shift = None if op in {"is", "in month of"} else draw(shifts)
    return model.ComparesFacts(one, op, other, shift, "")


@given(st.data())
def test_two_dates_that_are_compared_have_no_other_cells_than_those_known(
    data: st.DataObject,
) -> None:
    names = ("here", "there")
    facts = [Fact(name, Kind.DATE, _NOWHERE, or_none=True) for name in names]
    atoms = tuple(
        dict.fromkeys(data.draw(st.lists(date_atoms(names), min_size=1, max_size=4)))
    )
    joint = joint_cells(facts, atoms)
    assert joint is not None
    known = set(joint.truth)
    for _ in range(40):
        first = data.draw(days)
        step = timedelta(days=data.draw(st.integers(-130, 130)))
        read = dict(zip(names, (first, first + step), strict=True)).__getitem__
        assert tuple(atom.holds(read) for atom in atoms) in known


numbers = st.fractions(0, 10, max_denominator=8)


@few
@given(st.data(), st.sampled_from((Kind.NUMBER, Kind.MONEY)))
def test_three_amounts_that_are_compared_have_no_other_cells_than_those_known(
    data: st.DataObject, kind: Kind
) -> None:
    names = ("a", "b", "c")
    value: st.SearchStrategy[int | Fraction] = st.integers(-3, 12)
    if kind is Kind.NUMBER:
        value = numbers
    facts = [Fact(name, kind, _NOWHERE) for name in names]
    atoms: list[model.Atom] = [model.ComparesFacts("a", "<", "b", None, "")]
    for op, (one, other) in product(("<=", "is"), combinations(names, 2)):
        if data.draw(st.booleans()):
            atoms.append(model.ComparesFacts(one, op, other, None, ""))
    atoms.extend(
        model.Compares(name, ">", data.draw(value), "")
        for name in data.draw(st.lists(st.sampled_from(names), max_size=2))
    )
    atoms = list(dict.fromkeys(atoms))
    joint = joint_cells(facts, atoms)
    assert joint is not None
    known = set(joint.truth)
    for _ in range(40):
        taken: dict[str, Value] = {name: data.draw(value) for name in names}
        assert tuple(atom.holds(taken.__getitem__) for atom in atoms) in known


def test_the_values_of_a_cell_have_its_truth() -> None:
    names = ("here", "there")
    facts = [Fact(name, Kind.DATE, _NOWHERE, or_none=True) for name in names]
    shift = model.Shift(2, "months")
    atoms = (
        model.ComparesFacts("here", "<", "there", shift, ""),
        model.ComparesFacts("here", "in month of", "there", None, ""),
    )
    joint = joint_cells(facts, atoms)
    assert joint is not None
    assert len(joint.truth) == len(set(joint.truth)) == 3
    for values, truth in zip(joint.values, joint.truth, strict=True):
        read = dict(zip(names, values, strict=True)).__getitem__
        assert tuple(atom.holds(read) for atom in atoms) == truth
