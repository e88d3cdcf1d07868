"""Problems that only the cases show, each with a claim that has it where one can be built."""

from whopays.checks.catalog import check_catalog
from whopays.checks.contract import Checked, check_contract
from whopays.checks.heads import overlapping_heads
from whopays.checks.statement import statement

__all__ = [
    "Checked",
    "check_catalog",
    "check_contract",
    "overlapping_heads",
    "statement",
]
