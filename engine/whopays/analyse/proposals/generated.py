"""A generated test as rule text: what it gives, what the reference says, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from whopays.analyse.witnesses.drafts import Draft
from whopays.model.codes import system_of
from whopays.model.conditions import All, Any_, Condition, Named, Not, value_text
from whopays.model.contract import Contract, Row
from whopays.model.facts import Fact, Kind
from whopays.model.outcome import Outcome
from whopays.model.values import Value
from whopays.program.piece import Clause
from whopays.syntax import format_text

_WIDTH = 100
_EDITION = "edition 1\n"
_STATUS = {"not_covered": "not covered", "by_hand": "by hand"}


@dataclass(frozen=True)
class Test:
    """One generated test: its `title`, its facts, and the outcome that it expects.

    `reasons` are the clauses that gave it, as a test names them.
    """

    __test__ = False

    title: str
    contract: str
    draft: Draft
    outcome: Outcome
    reasons: tuple[str, ...]
    #: What is expected, where that is no answer but a duty.
    expect: str = ""


def file_text(contract: Contract, tests: Iterable[Test], before: str = "") -> str:
    """Return a rule file with `tests`, laid out; `before` is what it holds already."""
    blocks = "\n".join(test_text(contract, test) for test in tests)
    text = format_text(contract.id, f"{_EDITION}\n{_note(contract)}\n{blocks}")
    if not before.strip():
        return text
    return f"{before.rstrip()}\n{text.removeprefix(_EDITION)}"


def _note(contract: Contract) -> str:
    return (
        f"# Generated from the text of {contract.id} by `whopays test --write-missing`: "
        "these tests show what the text\n"
        "# says, not what was meant. Read each; if it is right, take out its line "
        "`generated, unreviewed`.\n"
    )


def test_text(contract: Contract, test: Test) -> str:
    """Return `test` as a `test` block."""
    return "\n".join(_lines(contract, test)) + "\n"


def _lines(contract: Contract, test: Test) -> Iterator[str]:
    yield f'test "{test.title}"'
    yield f"  contract {test.contract}"
    yield "  generated, unreviewed"
    if test.draft.known_on is not None:
        yield f"  known on {test.draft.known_on}"
    items = [
        f"{name} {fact_text(contract.facts[name], test.draft.given[name])}"
        for name in in_order(contract, test.draft.given)
    ]
    if test.draft.category is not None:
        items.insert(0, f'category "{test.draft.category}"')
    yield from _wrapped("given", items)
    yield f"  {test.expect or expectation(test.outcome, test.reasons)}"
    yield "end"


def _wrapped(word: str, items: list[str]) -> Iterator[str]:
    line = ""
    for item in items:
        longer = f"{line}, {item}" if line else f"  {word} {item}"
        if line and len(longer) > _WIDTH:
            yield line
            longer = f"  {word} {item}"
        line = longer
    if line:
        yield line


def in_order(contract: Contract, given: Mapping[str, Value]) -> list[str]:
    """Return the names of the facts `given`: codes first, the product and dates last."""
    codes = contract.catalog.code_facts()
    names = list(contract.facts)

    def place(name: str) -> tuple[int, int]:
        if name in codes:
            return 0, codes.index(name)
        late = name == "product" or contract.facts[name].kind is Kind.DATE
        return (2 if late else 1), names.index(name)

    return sorted(given, key=place)


def fact_text(fact: Fact, value: Value) -> str:
    """Return `value` as a test gives it: codes with their system, text in quotes."""
    if fact.kind in {Kind.CODE, Kind.CODES} and isinstance(value, str | tuple):
        codes = (value,) if isinstance(value, str) else tuple(map(str, value))
        system = system_of(codes[0], fact.systems) or fact.systems[0]
        return f"{system} {', '.join(_code(system, code) for code in codes)}"
    text = value_text(
        value, money=fact.kind is Kind.MONEY, percent=fact.kind is Kind.PERCENT
    )
    is_quoted = fact.kind is Kind.TEXT and isinstance(value, str)
    return f'"{text}"' if is_quoted else text


def _code(system: str, code: str) -> str:
    if system == "ICD10CM" and len(code) > 3:  # noqa: PLR2004 - the dot
        return f"{code[:3]}.{code[3:]}"
    return code


def expectation(outcome: Outcome, reasons: tuple[str, ...]) -> str:
    """Return the `expect` line for `outcome`, with its reasons or the facts needed."""
    status = _STATUS.get(outcome.status, outcome.status)
    if outcome.status == "decided" and outcome.answer is not None:
        status = outcome.answer.text
    because = f" because {', '.join(reasons)}" if reasons else ""
    needs = f" needs {', '.join(outcome.needs)}" if outcome.needs else ""
    return f"expect {status}{needs}{because}"


def reasons_of(outcome: Outcome, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    """Return the reasons for `outcome` as a test writes them; `clauses` are by their ids.

    A test knows no definitions, so a row whose condition has one goes by its category.
    """
    found: dict[str, None] = {}
    for name in (*outcome.moved, *outcome.clauses):
        clause = clauses.get(name)
        if not isinstance(clause, Row) or clause.when is None:
            found[name] = None
            continue
        head, when = replace(clause, when=None).id, clause.when.text
        if _is_defined(clause.when):
            found[head] = None
        else:
            # A comma would begin the next reason.
            found[f"{head} when {f'({when})' if ',' in when else when}"] = None
    return tuple(found)


def _is_defined(when: Condition) -> bool:
    match when:
        case Named():
            return True
        case Not(part):
            return _is_defined(part)
        case All(parts) | Any_(parts):
            return any(map(_is_defined, parts))
        case _:
            return False
