"""Reading in columns: files, tables and claims become lines, as `claims` reads them."""

from whopays.columns.reading.chunk import ROWS, Chunk
from whopays.columns.reading.files import read_columns, read_table
from whopays.columns.reading.scalar import of_claims

__all__ = ["ROWS", "Chunk", "of_claims", "read_columns", "read_table"]
