"""How the tables of the store came to be: each step is a revision of alembic.

A revision that was released is never edited; what comes next is another one.
"""

#: The revision that this whopays works with.
HEAD = "r0002"
