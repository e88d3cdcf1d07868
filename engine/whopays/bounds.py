"""How much there may be of anything in a rule file: each bound, and why it is there.

Rule files are untrusted text, and a report has to come in bounded time and memory. A
bound is far above what any contract needs and far below what a machine can't take;
`grammar/reference.md` lists them for authors. Nothing else is refused for its size.
"""

from __future__ import annotations

# Reading

#: Bytes of one rule file; a large contract has 100,000.
LARGEST_FILE = 20_000_000
#: Lines of one rule file: a grid of 20,000 rows has a tenth of it.
MOST_LINES = 300_000
#: Rule files below one folder, and all that is looked at to find them; their bytes and
#: lines in all: thousands of contracts.
MOST_FILES = 10_000
MOST_ENTRIES = 200_000
LARGEST_FOLDER = 100_000_000
MOST_LINES_OF_FOLDER = 2_000_000
#: Characters of one statement or row: the longest lists of codes have 20,000.
LONGEST_STATEMENT = 200_000
#: Characters of a statement with a mistake for which repairs are tried.
LONGEST_MENDED = 2_000
#: Parentheses within each other, and `of` within `of`; a contract needs three.
DEEPEST = 40
#: Definitions that build on definitions, and categories under categories; both are
#: looked up step by step.
DEEPEST_CHAIN = 40
#: Amendments of one contract: each may make a text of its own.
MOST_AMENDMENTS = 200
#: Lines of these amendments that change something, in all.
MOST_CHANGES = 10_000
#: Rules of an order, with those that it takes from others.
MOST_RULES = 500
#: Tests in one condition with its definitions written out, and in all conditions of the
#: rules: a definition that uses another twice doubles it.
MOST_TESTS = 5_000
MOST_TESTS_IN_ALL = 1_000_000
#: Problems of one run that are shown: nobody reads on.
MOST_PROBLEMS = 500
