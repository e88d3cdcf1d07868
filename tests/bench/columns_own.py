"""A second contract for the columnar benchmark, of the kind that whopays is made for.

Categories with conditions, in a tree, some by name only; treats in a chain; exceptions to
exceptions; a grid with a condition; another order of code facts for institutional claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

_AREAS = 30  # top categories, each with a child by a condition and one by codes
_CODES = 333  # each lists
_PARTIES = ("PLAN", "IPA", "HOSP")


def own_rules(seed: int = 5) -> str:
    """Return the rule file; the same seed gives the same text."""
    random = Random(seed)  # noqa: S311 - nothing secret
    return "\n".join((*_HEAD, *_catalog(), *_CONTRACT, *_grids(random), *_LAST, ""))


def _catalog() -> Iterator[str]:
    for at in range(_AREAS):
        first = 10_000 + 8 * _CODES * at
        last = first + 8 * (_CODES - 1)
        yield f'category "Area {at:02d}"'
        yield f"  codes CPT {first}-{last}"
        yield "end"
        yield f'category "Urgent {at:02d}"'
        yield f'  under "Area {at:02d}"'
        yield f"  codes CPT {first}-{first + 8 * (_CODES // 2)}"
        yield f"  when {_URGENT[at % len(_URGENT)]}"
        yield "end"
        yield f'category "Drugs {at:02d}"'
        yield f'  under "Area {at:02d}"'
        yield f"  codes CPT {last - 8 * 40}-{last}"
        yield "end"


def _grids(random: Random) -> Iterator[str]:
    yield 'responsibility GENERAL "General"'
    yield f"  | category | when | {' | '.join(_PARTIES)} | cites |"
    for at in range(_AREAS):
        for name in (f"Area {at:02d}", f"Urgent {at:02d}"):
            # Some urgent ones have no row, and take that of their area.
            if name.startswith("Urgent") and at % 3 == 0:
                continue
            yield from _rows(random, name, at)
    # What drugs are given for is not in the grid: `treat` sends most of them on.
    yield from _rows(random, "Biologics", 0)
    yield from _rows(random, "Home", 1)
    yield '  otherwise PLAN cites "§ 1"'
    yield "end"
    for at in range(0, _AREAS, 2):
        yield f'treat T-{at:02d} "Drugs {at:02d}" as "Biologics"'
        yield f'  cites "§ 2.{at}"'
        yield "  when modifiers include MODIFIER JG, TB or miles_from_pcp > 40"
        yield "end"
    for number, (what, targets, when, then) in enumerate(_exceptions()):
        yield f"exception {what} to {targets}"
        yield f'  cites "§ 4.{number}"'
        yield f"  when {when}"
        yield f"  then {then}"
        yield "end"


def _rows(random: Random, name: str, at: int) -> Iterator[str]:
    fact = _PAIRS[at % len(_PAIRS)]
    for when in fact:
        cells = list(random.choice(_CELLS))
        yield f"  | {name} | {when} | {' | '.join(cells)} | Exh. {name} |"


def _exceptions() -> Iterator[tuple[str, str, str, str]]:
    """Yield exceptions to the grid, and exceptions to those, three deep."""
    yield "OUT", "GENERAL", "network is outside and not emergency", "not covered"
    yield "AWAY", "OUT", "authorized_by is IPA", "IPA"
    yield "FAR", "AWAY", "area is outside and units > 10", "PLAN 2/3, HOSP 1/3"
    yield (
        *("KNEE", 'GENERAL "Area 04", OUT, AWAY, FAR'),
        *("diagnoses include ICD10CM M17.0 and age >= 65", "HOSP 50%, PLAN 50%"),
    )
    yield (
        *("STAY", 'GENERAL "Area 07", OUT, AWAY, FAR, KNEE'),
        *("place_of_service in POS 21 and allowed > $500.00", "HOSP"),
    )


_CELLS = (("x", "", ""), ("", "x", ""), ("", "", "x"), ("60%", "40%", ""))
_URGENT = (
    "age < 18 and area is inside",
    "emergency or place_of_service in POS 23",
    "emergency",
    "not capitated and network is inside",
)
_PAIRS = (
    ("",),
    ("network is inside", "network is outside"),
    ("age < 26", "age >= 26 and age < 65", "age >= 65"),
    ("emergency", "not emergency"),
)
_HEAD = (
    "edition 1",
    'catalog OWN "Categories with conditions"',
    "  version 1",
    "  in force 2026-01-01 onward",
    "  facts from STANDARD 2026.1",
    "  match by procedure_code otherwise",
    "end",
    'category "Biologics"',
    "end",
    'category "Home"',
    "end",
)
_CONTRACT = (
    'contract OWN "A contract with conditions"',
    "  version 1",
    "  signed 2025-10-01",
    "  in force 2026-01-01 onward",
    "  products HMO, POS",
    '  party PLAN "Plan"',
    '  party IPA "Group"',
    '  party HOSP "Hospital"',
    "  facts from STANDARD 2026.1",
    "  categories from OWN 1",
    "  divides allowed",
    "  decide by service_date",
    "end",
)
_LAST = (
    'treat HOME "Biologics" as "Home"',
    '  cites "§ 3"',
    "  when place_of_service in POS 22 and not capitated",
    "end",
)
