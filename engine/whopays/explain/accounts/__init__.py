"""A settled account in words and as data: the order, each payment, and the balance."""

from __future__ import annotations

from whopays.explain.accounts.record import account_record, reversed_record
from whopays.explain.accounts.sentence import account_sentence
from whopays.explain.accounts.tree import account_tree

__all__ = ["account_record", "account_sentence", "account_tree", "reversed_record"]
