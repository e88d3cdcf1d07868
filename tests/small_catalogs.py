"""A small catalog with a tree, ranks and services without codes, and its contract."""

from __future__ import annotations

from pathlib import Path

CATALOG = """\
edition 1

catalog CAT "Services"
  version 1.0
  in force 2025-01-01 onward
  facts from STANDARD 2026.1
  match by revenue_code, procedure_code when claim_type is institutional
  match by procedure_code, revenue_code otherwise
end

category "Visits"
  also called "Office visits"
  codes CPT 99201-99215
end

category "Long visits"
  under "Visits"
  codes CPT 99214-99215
  when age >= 65
end

category "Telehealth"
  codes CPT 99202-99215
  when place_of_service in POS 02, 10
end

category "Emergency room"
  codes CPT 99281-99285
  codes REV 0450-0459
end

category "Mental health"
  codes CPT 90785-90899
  when principal_diagnosis in ICD10CM F01-F99
end

category "Scans, one"
  codes CPT 70450
  when network is inside
end

category "Scans, two"
  codes CPT 70450
  when network is inside
end

category "Dental"
  when claim_type is dental
end

rank "Telehealth" before "Long visits"
rank "Telehealth" before "Visits"
"""
CONTRACT = """\
edition 1

contract K "A contract"
  version 1.0
  in force 2025-01-01 to 2026-12-31
  products HMO
  party PLAN "Plan"
  party IPA "Group"
  facts from STANDARD 2026.1
  categories from CAT 1.0
  decide by service_date
end

responsibility A "Exhibit A"
  | category       | PLAN | IPA | cites    |
  | Visits         |      |  x  | A line 1 |
  | Emergency room |  x   |     | A line 2 |
  otherwise PLAN
end
"""


def catalog_file(folder: Path, text: str = CATALOG, name: str = "cat.rules") -> Path:
    """Write a catalog into a folder of its own below `folder`, and return the file."""
    path = folder / name.removesuffix(".rules") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def contract_folder(
    folder: Path, catalog: str = CATALOG, contract: str = CONTRACT
) -> Path:
    """Write the catalog and its contract into a folder below `folder`."""
    rules = folder / "contract"
    rules.mkdir(exist_ok=True)
    (rules / "cat.rules").write_text(catalog, encoding="utf-8")
    (rules / "k.rules").write_text(contract, encoding="utf-8")
    return rules
