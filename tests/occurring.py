"""The codes that occur in public sample claims, whatever the format they travel in.

Read by plain means, without the readers of the product: what these skip is found, too.
As a program, it writes a list for `whopays catalog coverage`:

    python tests/occurring.py ../shared/data > codes.csv
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

#: A code system, or PROCEDURE where CPT and HCPCS stand in one field; and a code.
Code: TypeAlias = tuple[str, str]

PROCEDURE = "PROCEDURE"
_CPT = re.compile(r"\d{4}[0-9FTUMA]")
_REVENUE_DIGITS = 4
_SERVICE = re.compile(r"\bSV1.HC.([0-9A-Z]+)|\bSVC.HC.([0-9A-Z]+)")
_REVENUE = re.compile(r"\bSV2.(\d+)(?:.HC.([0-9A-Z]+))?|\bSVC.NU.(\d+)")
_FHIR = {
    "https://bluebutton.cms.gov/resources/codesystem/hcpcs": PROCEDURE,
    "https://bluebutton.cms.gov/resources/variables/rev_cntr": "REV",
    "https://www.nubc.org/CodeSystem/RevenueCodes": "REV",
}


def occurring(data: Path) -> list[Code]:
    """Return the procedure and revenue codes in the files below `data`, each once."""
    found: set[Code] = set()
    for path in sorted(data.rglob("*")):
        if path.is_file():
            found.update(_of_file(path))
    return sorted({(_system(code, system), code) for system, code in found})


def _system(code: str, system: str) -> str:
    if system != PROCEDURE:
        return system
    return "CPT" if _CPT.fullmatch(code) else "HCPCS"


def _of_file(path: Path) -> Iterator[Code]:
    if path.parent.name == "bfd-rif-synthea":
        yield from _of_rif(path)
    elif path.parent.name == "synpuf":
        yield from _of_synpuf(path)
    elif path.suffix == ".json":
        yield from _of_fhir(json.loads(path.read_text("utf-8")))
    elif "x12" in path.parts:
        yield from _of_x12(path.read_text("latin-1"))


def _of_rif(path: Path) -> Iterator[Code]:
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE):
            for column, value in row.items():
                code = (value or "").strip()
                if code and column == "HCPCS_CD":
                    yield PROCEDURE, code
                elif code and column == "REV_CNTR":
                    yield "REV", code
                elif code and re.fullmatch(r"ICD_PRCDR_CD\d+", column or ""):
                    yield "ICD10PCS", code


def _of_synpuf(path: Path) -> Iterator[Code]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, value in row.items():
                # Its codes of ICD-9 were no codes any more when catalogs began.
                if value and (column or "").startswith("HCPCS_CD"):
                    yield PROCEDURE, value.strip()


def _of_fhir(node: object) -> Iterator[Code]:
    """Yield codings of services; a modifier has the system of procedures."""
    if isinstance(node, dict):
        system = _FHIR.get(str(node.get("system")))
        if system is not None and "code" in node:
            yield system, str(node["code"])
        for key, each in node.items():
            if key != "modifier":
                yield from _of_fhir(each)
    elif isinstance(node, list):
        for each in node:
            yield from _of_fhir(each)


def _of_x12(text: str) -> Iterator[Code]:
    for first, second in _SERVICE.findall(text):
        yield PROCEDURE, first or second
    for revenue, procedure, paid in _REVENUE.findall(text):
        yield "REV", (revenue or paid).zfill(_REVENUE_DIGITS)
        if procedure:
            yield PROCEDURE, procedure


if __name__ == "__main__":
    rows = csv.writer(sys.stdout)
    rows.writerow(("system", "code"))
    rows.writerows(occurring(Path(sys.argv[1])))
