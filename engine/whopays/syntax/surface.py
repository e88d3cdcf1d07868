"""Which statement may stand in which block, and which words begin a block.

The one table of the surface of the language: a new statement or block is added here,
in the grammar, and in `assemble`.
"""

from __future__ import annotations

#: The statements of each block: the rule of the grammar, and whether it may repeat.
BLOCKS: dict[str, dict[str, bool]] = {
    "facts": {"version": False, "fact": True, "amount": True},
    "catalog": {
        "version": False,
        "in_force": True,
        "facts_from": True,
        "match_by": True,
    },
    "category": {
        "also_called": True,
        "codes": True,
        "under": False,
        "when_line": False,
    },
    "contract": {
        "version": False,
        "signed": False,
        "in_force": True,
        "payer_for": False,
        "products": False,
        "party": True,
        "fund": True,
        "facts_from": True,
        "categories_from": True,
        "divides": False,
        "calendar": False,
        "decide_by": True,
    },
    "responsibility": {"when_line": False, "otherwise": True},
    "define": {"when_line": False},
    "exception": {
        "cites": True,
        "when_line": False,
        "then_line": False,
        "regardless": True,
    },
    "treat": {"cites": True, "when_line": False},
    "amendment": {
        "signed": False,
        "in_force": True,
        "replace": True,
        "add_to": True,
        "withdraw": True,
        "rename": True,
    },
    "limit": {"cites": True, "when_line": False, "applies": False},
    "test": {
        "test_contract": False,
        "known_on": False,
        "given": True,
        "test_line": True,
        "counted": True,
        "expect": True,
    },
}
#: Blocks of the language that this edition reads over.
LATER = ("route", "methods", "method", "order", "terms", "term")
#: Statements inside a limit that this edition reads over.
LATER_IN_LIMIT = ("counts", "per", "first", "then", "yields")
#: What makes a test one of a later edition.
LATER_IN_TEST = ("method", "order", "term")
HEADS = (*BLOCKS, *LATER)
#: Statements that stand alone, outside any block.
ALONE = ("edition", "rank")
#: The word, or words, with which each statement is written.
WRITTEN = {
    "when_line": "when",
    "then_line": "then",
    "in_force": "in force",
    "facts_from": "facts from",
    "match_by": "match by",
    "also_called": "also called",
    "payer_for": "for payer",
    "categories_from": "categories from",
    "decide_by": "decide by",
    "add_to": "add to",
    "rename": "rename party",
    "known_on": "known on",
    "test_contract": "contract",
    "test_line": "line",
    "regardless": "regardless of",
    "applies": "applies to shares of",
}
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "is",
        "in",
        "include",
        "given",
        "if",
        "else",
        "lesser",
        "greater",
        "sum",
        "of",
        "with",
        "cites",
        "per",
        "end",
        "yes",
        "no",
        "none",
    ]
)


def written(rule: str) -> str:
    """Return how the statement `rule` is written."""
    return WRITTEN.get(rule, rule.removesuffix("_head"))


def first_words(block: str | None) -> tuple[str, ...]:
    """Return the words with which a statement may begin in `block`, or outside any."""
    if block is None:
        return (*HEADS, *ALONE)
    inner = (written(rule).split()[0] for rule in BLOCKS[block])
    later = LATER_IN_LIMIT if block == "limit" else ()
    return (*dict.fromkeys(inner), *later, "end")
