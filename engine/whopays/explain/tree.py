"""A decision as a tree of lines, for the terminal and for paper."""

from __future__ import annotations

from whopays.decide.asked import Test
from whopays.decide.seen import Seen
from whopays.explain.duties import duty_lines, route_record
from whopays.explain.limits import limit_lines
from whopays.explain.recorded import Told
from whopays.explain.said import said_sentences
from whopays.explain.sentence import (
    answer_sentence,
    clause_text,
    code_sentences,
    sentence,
)

_MARKS = {
    "answers": "answers",
    "moved": "moves the line",
    "replaced": "replaced by",
    "stands": "stands, unless an open clause replaces it",
    "failed": "does not hold",
    "open": "open",
    "idle": "holds, but what it is an exception to does not act",
    "chosen": "chosen",
    "passed over": "comes after",
    "held": "holds",
}


def tree(decision: Told) -> str:
    """Return the decision with every step below it."""
    trace = decision.trace()
    out = [
        f"claim {decision.claim_id}, line {decision.line}",
        f"  {answer_sentence(decision)}",
        *(f"  {each}" for each in said_sentences(decision)),
        *(f"  {each}" for each in code_sentences(decision)),
    ]
    if decision.amounts_note:
        out.append(f"  The amounts are undetermined: {decision.amounts_note}.")
    out.extend(f"  {each}" for each in limit_lines(decision))
    duties = [f"  {each}" for each in duty_lines(decision)]
    if decision.misdirected_to and route_record(decision) is None:
        to = ", ".join(decision.misdirected_to)
        out.append(f"  Misdirected: the receiver pays no part of it; it goes to {to}.")
    out.extend(duties)
    if trace.version:
        by = f" by {trace.date_fact} {trace.date}" if trace.date_fact else ""
        out.append(
            f"  Contract {trace.contract} {trace.version}, {trace.in_force},{by}"
        )
    elif decision.status == "undetermined" and trace.contract:
        out.append(f"  Contract {trace.contract}: which text of it governs is open")
    if trace.code_fact:
        out.append(f"  Category: looked up by {trace.code_fact} {trace.code}")
    moved = any(each.state == "moved" for each in trace.clauses)
    left = trace.landed if moved else ""
    out.extend(f"    {_line(each)}" for each in in_order(trace.categories))
    if trace.clauses:
        where = f" of {trace.category}" if trace.category else ""
        out.append(f"  Clauses{where}")
        out.extend(f"    {_line(each, left)}" for each in in_order(trace.clauses))
    if trace.needs:
        out.append(f"  Needed: {', '.join(trace.needs)}")
    return "\n".join(out)


def why_not(decision: Told, party: str) -> str:
    """Return, clause by clause, why `party` does not bear the line."""
    trace = decision.trace()
    if any(part.bearer == party for part in decision.parts):
        return f"{party} does bear this line: {sentence(decision)}"
    giving = [each for each in trace.clauses if party in _words(each.answer)]
    where = f" for {trace.category}" if trace.category else ""
    if not giving and not trace.clauses and trace.needs:
        return f"It is open which clauses apply: {sentence(decision)}"
    if not giving:
        return f"No clause{where} gives anything to {party}. {sentence(decision)}"
    out = [f"{party} would bear it{where} by:"]
    out.extend(f"  {_line(each)}" for each in giving)
    return "\n".join(out)


def _words(answer: str) -> list[str]:
    return answer.replace(",", " ").split()


def in_order(seen: tuple[Seen, ...]) -> list[Seen]:
    """Return what was looked at, that which gave the answer first."""
    order = list(_MARKS)
    return sorted(seen, key=lambda each: (order.index(each.state), each.id))


def state_words(seen: Seen, left: str = "") -> str:
    """Return what came of `seen`; `left` is the category that a treat moved it from."""
    mark = _MARKS[seen.state]
    if seen.state == "idle" and seen.kind == "row":
        mark = "not asked, because a row of the category itself holds"
        if left and f'"{left}"' in seen.id:
            mark = "not asked, because the line was moved"
    return f"{mark} {', '.join(seen.by)}" if seen.by else mark


def _line(seen: Seen, left: str = "") -> str:
    answer = f" → {seen.answer}" if seen.answer else ""
    tests = f": {'; '.join(_test(each) for each in seen.tests)}" if seen.tests else ""
    return f"{clause_text(seen)}{answer}, {state_words(seen, left)}{tests}"


def _test(test: Test) -> str:
    given = ", ".join(
        f"{name} is {value}"
        for name, value in zip(test.facts, test.values, strict=False)
    )
    return f"{test.text} ({given})" if given else test.text
