"""Which statement may stand in which block, and which words begin a block.

The one table of the surface of the language: a new statement or block is added here,
in the grammar, and in `assemble`. The formatter writes the statements of a block in the
order of this table.
"""

from __future__ import annotations

#: The statements of each block: the rule of the grammar, and whether it may repeat.
#: Their order is the one in which the formatter writes them.
BLOCKS: dict[str, dict[str, bool]] = {
    "facts": {"version": False, "fact": True, "amount": True},
    "catalog": {
        "version": False,
        "in_force": True,
        "facts_from": True,
        "match_by": True,
    },
    "category": {
        "under": False,
        "also_called": True,
        "codes": True,
        "when_line": False,
    },
    "contract": {
        "version": False,
        "amended_by": False,
        "signed": False,
        "in_force": True,
        "payer_for": False,
        "products": False,
        "party": True,
        "fund": True,
        "facts_from": True,
        "categories_from": True,
        "regulations_from": True,
        "terms_from": True,
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
    "limit": {
        "cites": True,
        "when_line": False,
        "applies": False,
        "counts": False,
        "per": False,
        "first_tier": False,
        "then_tier": True,
        "then_line": False,
        "recover": False,
        "yields": True,
    },
    "route": {
        "cites": True,
        "in_force": True,
        "when_line": False,
        "then_duty": False,
        "yields": True,
    },
    "clock": {
        "cites": True,
        "in_force": True,
        "when_line": False,
        "then_pay": False,
        "interest": False,
        "rounded": False,
        "yields": True,
    },
    "regulation": {"version": False, "facts_from": True},
    "methods": {"version": False, "facts_from": True, "terms_from": True},
    "method": {
        "cites": True,
        "positions": False,
        "per": False,
        "when_line": False,
        "let": True,
        "pay": False,
        "patient_owes": False,
        "carry": True,
        "bound": True,
        "rounded": False,
        "by_hand": False,
        "breaks": True,
    },
    "order": {
        "version": False,
        "facts_from": True,
        "rules_from": True,
        "share_equally": False,
    },
    "rule": {"cites": True, "ahead": False, "when_line": False},
    "terms": {"version": False, "facts_from": True},
    "term": {
        "called": False,
        "cites": True,
        "when_line": False,
        "in_force": True,
        "per": False,
        "let": True,
        "is_line": False,
        "bound": True,
        "reading": True,
        "holds_when": False,
        "ambiguous": False,
        "undefined": False,
    },
    "test": {
        "test_contract": False,
        "test_method": False,
        "test_order": False,
        "test_term": False,
        "generated": False,
        "known_on": False,
        "given": True,
        "test_line": True,
        "counted": True,
        "expect": True,
    },
}
#: Blocks inside a block, with an `end` of their own, and what they stand in.
INSIDE = {"rule": "order"}
#: Statements whose order among themselves is the author's. It counts for tiers and the
#: rules of an order, and for parties: on a tie of cents the first one gets the cent.
#: Facts and the changes of an amendment are grouped by subject.
TOGETHER: dict[str, tuple[str, ...]] = {
    "facts": ("fact", "amount"),
    "contract": ("party", "fund"),
    "amendment": ("replace", "add_to", "withdraw", "rename"),
    "limit": ("first_tier", "then_tier", "then_line"),
    "method": ("pay", "patient_owes", "carry"),
    "order": ("rules_from", "rule"),
}
#: The rows of a grid stand above this statement.
ROWS_ABOVE = "otherwise"
#: Begins a bound (`not below`), which belongs to the amount above it.
BOUND = "not"
HEADS = tuple(kind for kind in BLOCKS if kind not in INSIDE)
#: What a test tests; the same words begin heads.
TESTED = ("contract", "method", "order", "term")
#: Statements that stand alone, outside any block.
ALONE = ("edition", "rank")
#: The word, or words, with which each statement is written.
WRITTEN = {
    "when_line": "when",
    "then_line": "then",
    "in_force": "in force",
    "amended_by": "amended by",
    "facts_from": "facts from",
    "match_by": "match by",
    "also_called": "also called",
    "payer_for": "for payer",
    "categories_from": "categories from",
    "regulations_from": "regulations from",
    "terms_from": "terms from",
    "decide_by": "decide by",
    "add_to": "add to",
    "rename": "rename party",
    "known_on": "known on",
    "test_contract": "contract",
    "test_line": "line",
    "regardless": "regardless of",
    "applies": "applies to shares of",
    "first_tier": "first",
    "then_tier": "then",
    "then_duty": "then",
    "then_pay": "then pay",
    "yields": "yields to",
    "positions": "for",
    "patient_owes": "patient owes",
    "bound": "not below",
    "by_hand": "calculate by hand",
    "ahead": "this ahead of other",
    "rules_from": "rules from",
    "share_equally": "otherwise share equally",
    "is_line": "is",
    "holds_when": "holds when",
    "ambiguous": "ambiguous because",
    "undefined": "undefined because",
    "test_method": "method",
    "test_order": "order",
    "test_term": "term",
}
#: Heads that are not an id and a title.
_HEADS_AS_WRITTEN = {
    "category": 'category "Name"',
    "define": "define NAME when CONDITION",
    "exception": "exception ID to GRID",
    "treat": 'treat ID "A" as "B"',
    "amendment": "amendment 1 to CONTRACT version 1.0",
    "term": 'term NAME by "Source"',
    "test": 'test "What it shows"',
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


def place(block: str, text: str) -> int | None:
    """Return where the formatter puts the statement or row `text` of `block`.

    Statements with the same number keep their order. None for a statement that is not
    in the table: it stays below the one above it.
    """
    words = [word.rstrip(",") for word in text.split()]
    rules = list(BLOCKS.get(block, ()))
    if words[0].startswith("|"):
        return 2 * rules.index(ROWS_ABOVE) - 1 if ROWS_ABOVE in rules else None
    fitting = (
        rule
        for rule in (*rules, *INSIDE)
        if words[: len(written(rule).split())] == written(rule).split()
    )
    rule = max(fitting, key=lambda each: len(written(each)), default="")
    together = TOGETHER.get(block, ())
    rule = together[0] if rule in together else rule
    return 2 * rules.index(rule) if rule in rules else None


def first_words(block: str | None) -> tuple[str, ...]:
    """Return the words with which a statement may begin in `block`, or outside any."""
    if block is None:
        return (*HEADS, *ALONE)
    inner = (written(rule).split()[0] for rule in BLOCKS[block])
    nested = (kind for kind, outer in INSIDE.items() if outer == block)
    return (*dict.fromkeys(inner), *nested, "end")


def head_as_written(kind: str) -> str:
    """Return how the head of a `kind` block is written."""
    return _HEADS_AS_WRITTEN.get(kind, f'{kind} ID "title"')
