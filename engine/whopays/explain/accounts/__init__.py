"""A settled account in words and as data: the order, each payment, and the balance."""

from __future__ import annotations

from whopays.explain.accounts.compared import (
    MethodRow,
    comparison_record,
    method_rows,
)
from whopays.explain.accounts.record import account_record, reversed_record
from whopays.explain.accounts.schema import CALCULATION, REJECT, RESULT
from whopays.explain.accounts.sentence import account_sentence
from whopays.explain.accounts.tree import (
    account_tree,
    aside_lines,
    pair_line,
    pair_text,
    told_in_full,
)

__all__ = [
    "CALCULATION",
    "REJECT",
    "RESULT",
    "MethodRow",
    "account_record",
    "account_sentence",
    "account_tree",
    "aside_lines",
    "comparison_record",
    "method_rows",
    "pair_line",
    "pair_text",
    "reversed_record",
    "told_in_full",
]
