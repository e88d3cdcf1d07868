"""A decision in words: one sentence, a tree for the terminal, a JSON record."""

from whopays.explain.record import decision_record, explanation_record
from whopays.explain.sentence import sentence
from whopays.explain.tree import tree

__all__ = ["decision_record", "explanation_record", "sentence", "tree"]
