"""A contract as plain data: cells, tables and clauses, each table with a digest."""
