"""A decision in words: one sentence, a tree for the terminal, a JSON record."""

from whopays.explain.changes import changes_record, changes_sentence, changes_tree
from whopays.explain.record import (
    decision_record,
    explanation_json,
    explanation_record,
)
from whopays.explain.sentence import sentence
from whopays.explain.tree import tree

__all__ = [
    "changes_record",
    "changes_sentence",
    "changes_tree",
    "decision_record",
    "explanation_json",
    "explanation_record",
    "sentence",
    "tree",
]
