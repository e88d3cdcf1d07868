"""Payment terms explained: a claim in each source's words, and whether it balances."""
