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
MOST_LINES = 200_000
#: Rule files below one folder, and all that is looked at to find them; their bytes and
#: lines in all: thousands of contracts.
MOST_FILES = 10_000
MOST_ENTRIES = 200_000
LARGEST_FOLDER = 100_000_000
MOST_LINES_OF_FOLDER = 2_000_000
#: Characters of one statement or row: the longest lists of codes have 20,000.
LONGEST_STATEMENT = 200_000
#: Characters out of place that are looked at: pasted from a word processor, say.
MOST_PASTED = 20_000
#: Characters of a statement with a mistake for which repairs are tried.
LONGEST_MENDED = 2_000
#: Characters of a file whose titles are looked up where an id is missing.
LONGEST_TITLED = 2_000_000
#: Parentheses within each other, `of` within `of`, `else` after `else`; a contract needs
#: three.
DEEPEST = 40
#: Definitions that build on definitions, categories under categories, exceptions to
#: exceptions, treats after treats: all are followed step by step.
DEEPEST_CHAIN = 40
#: Amendments of one contract: each may make a text of its own.
MOST_AMENDMENTS = 200
#: Lines of these amendments that change something, in all.
MOST_CHANGES = 10_000
#: Categories that list one code, and how often codes are listed in a whole catalog,
#: counted at the ends of ranges: each set of categories is a case.
MOST_LISTING = 200
MOST_LISTINGS_IN_ALL = 5_000_000
#: Pairs of facts that are compared and hang together, as three dates do by two pairs:
#: every order in which they can stand is a case.
MOST_COMPARED = 12
#: Exceptions in force together: each is looked at beside each.
MOST_EXCEPTIONS = 1_000
#: Routes, or clocks, of one text: each is looked at beside each. And periods in which
#: one of them is in force.
MOST_DUTIES = 100
MOST_PERIODS = 50
#: `decide by` and `match by` lines of one head: no two may hold together.
MOST_BY_LINES = 50
#: Rules of an order, with those that it takes from others.
MOST_RULES = 500
#: `let` lines of one method or term; a method needs five.
MOST_LETS = 200
#: Tests in one condition with its definitions written out, and in all conditions of the
#: rules: a definition that uses another twice doubles it.
MOST_TESTS = 5_000
MOST_TESTS_IN_ALL = 1_000_000
#: Problems of one run that are shown: nobody reads on.
MOST_PROBLEMS = 500
