"""The terms that a method names, worked out on what its plan sees of the claim."""

from __future__ import annotations

from whopays.amounts.sight import Sight
from whopays.model.payments import Method
from whopays.model.values import UNKNOWN, Value
from whopays.terms.adjudicated import known
from whopays.terms.definitions import words_of
from whopays.terms.evaluate import Evaluation
from whopays.terms.rows import ComponentClaim, Row
from whopays.terms.seen import seen


def words_for(method: Method, sight: Sight) -> Evaluation | None:
    """Return what works out the terms of `method` by `sight`; None where it has none.

    What is given for the claim alone is divided over the lines, as a formula of the
    line sees it.
    """
    if not method.names_terms:
        return None
    rows = tuple(
        Row(str(at + 1), _facts(sight, at), record=at) for at in range(len(sight.lines))
    )
    claim = known(ComponentClaim("", rows), {})
    return Evaluation(words_of(method.terms), seen(claim, sight.facts))


def _facts(sight: Sight, at: int) -> dict[str, Value]:
    found = {name: sight.of_line(name, at) for name in sight.facts}
    return {name: value for name, value in found.items() if value is not UNKNOWN}
