"""Engines that say which clauses of a table hold in an entry."""
