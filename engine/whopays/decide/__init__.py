"""From the clauses that hold to who pays: precedence, completions, shares."""
