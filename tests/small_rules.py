"""A small contract in one text, to be spoiled and repaired by tests of the whole way."""

from __future__ import annotations

from pathlib import Path

from whopays.api import RuleBook, load

FACTS = """\
facts F "Facts"
  version 1
  fact product is one of HMO, MA
  fact claim_type is one of professional, institutional
  fact service_date is date
  fact admission_date is date or none
  fact procedure_code is code CPT or none
  fact revenue_code is code REV or none
  fact area is one of inside, outside
  fact network is one of inside, outside
  fact age is number
  fact billed is money per line
  fact allowed is money per line
end
"""
CATALOG = """\
catalog C "Catalog"
  version 1
  in force 2025-01-01 onward
  facts from F 1
  match by procedure_code, revenue_code otherwise
end
category "Visits"
  codes CPT 99201-99215
end
category "Rooms"
  codes REV 0100-0199
end
"""
HEAD = """\
contract K "A contract"
  version 1
  signed 2024-12-01
  in force 2025-01-01 onward
  products HMO
  party PLAN "The plan"
  party IPA "The group"
  facts from F 1
  categories from C 1
  divides allowed
  decide by service_date
end
"""
GRID = """\
responsibility A "Exhibit A"
  | category | when            | PLAN | IPA |
  | Visits   | area is inside  |      |  x  |
  | Visits   | area is outside |  x   |     |
  | Rooms    |                 | 1/3  | 2/3 |
  otherwise unlisted
end
"""


def rules(
    *more: str,
    facts: str = FACTS,
    catalog: str = CATALOG,
    head: str = HEAD,
    grid: str = GRID,
) -> str:
    """Return the text of the contract, with blocks in place of others and `more`."""
    return "\n".join(("edition 1", "", facts, catalog, head, grid, *more))


def written_rules(folder: Path, text: str) -> Path:
    """Write `text` as the one rule file of a folder below `folder`, and return that."""
    rules_folder = folder / "rules"
    rules_folder.mkdir(exist_ok=True)
    (rules_folder / "small.rules").write_text(text, encoding="utf-8")
    return rules_folder


def book_of(folder: Path, text: str, engine: str = "reference") -> RuleBook:
    """Return the rule book of `text`."""
    return load(written_rules(folder, text), engine=engine)
