"""How people call code systems, and the columns of a table that hold codes of them."""

from __future__ import annotations

import re

from whopays.model.codes import SHAPES

_PROCEDURES = ("CPT", "HCPCS")
#: Names of systems beside the language's own, without blanks, hyphens and underscores.
_SYSTEMS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in SHAPES},
    "CPT4": ("CPT",),
    # CPT is level I of HCPCS, and many files call both so.
    "HCPCS": ("HCPCS", "CPT"),
    "HCPC": ("HCPCS", "CPT"),
    "HCPCSCPT": _PROCEDURES,
    "CPTHCPCS": _PROCEDURES,
    "PROCEDURE": _PROCEDURES,
    "PROC": _PROCEDURES,
    "ICD": ("ICD10CM",),
    "ICD10": ("ICD10CM",),
    "DIAGNOSIS": ("ICD10CM",),
    "DX": ("ICD10CM",),
    "PRINCIPALDIAGNOSIS": ("ICD10CM",),
    "PRNCPALDGNS": ("ICD10CM",),
    "ICDDGNS": ("ICD10CM",),
    "DRG": ("MSDRG",),
    "REVENUE": ("REV",),
    "REVENUECENTER": ("REV",),
    "REVCNTR": ("REV",),
    "REVCENTER": ("REV",),
    "RC": ("REV",),
    "PLACEOFSERVICE": ("POS",),
    "BILLTYPE": ("TOB",),
    "TYPEOFBILL": ("TOB",),
    "MOD": ("MODIFIER",),
    "NUCC": ("TAXONOMY",),
    "PROVIDERTAXONOMY": ("TAXONOMY",),
}
_SAYS_NOTHING = re.compile(r"(codes?|cd)?\d*")
#: Names of the columns that name a code's system, and of those that hold any code.
SYSTEM_COLUMNS = (
    *("system", "code_system", "coding_system", "codesystem", "code_type"),
    *("vocabulary", "vocabulary_id", "terminology"),
)
CODE_COLUMNS = ("code", "codes", "code_value", "concept_code")


def systems_called(name: str) -> tuple[str, ...]:
    """Return the systems that `name` is a name of; none for another word.

    `hcpcs_cpt` is a name of two: the shape of a code says which it is of.
    """
    return _SYSTEMS.get("".join(c for c in name.upper() if c.isalnum()), ())


def systems_of_column(name: str) -> tuple[str, ...]:
    """Return the systems of the codes in a column: `Revenue Code` is of REV.

    Numbered ones are alike: `diagnosis_code_1`, `icd_dgns_cd12`.
    """
    parts = name.split("_")
    kept = [part for part in parts if not _SAYS_NOTHING.fullmatch(part)]
    return systems_called(name) or systems_called("".join(kept))
