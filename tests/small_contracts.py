"""Contracts drawn by chance, so small that every line of them can be decided."""

from __future__ import annotations

from hypothesis import strategies as st

from small_rules import CATALOG, FACTS, GRID, HEAD, rules

_ATOMS = (
    *("area is inside", "network is outside", "age > 64", "age <= 30"),
    *("claim_type is professional", "procedure_code in CPT 99203-99210"),
    *("revenue_code is given", "admission_date is given"),
    *("admission_date < 2025-06-01", "service_date >= 2025-03-01"),
    *("admission_date < 2025-01-01", "service_date < 2025-01-01"),
    *("place in POS 20-23", "place in POS 11, 21", "modifiers include MODIFIER 26"),
    *("modifiers include MODIFIER JG, TB", "modifiers is given"),
)
SMALL_FACTS = FACTS.replace(
    "end\n",
    "  fact place is code POS\n  fact modifiers is list of code MODIFIER or none\nend\n",
)
_WHO = ("PLAN", "IPA")
_PROMISED = (
    *("area", "network", "age", "claim_type", "procedure_code"),
    *("admission_date", "service_date", "area, age"),
)


@st.composite
def small_contracts(draw: st.DrawFn) -> str:
    """Draw a contract whose facts have few values; most have gaps and conflicts."""
    # Few conditions, or what places a line would seldom be asked again.
    pool = draw(st.permutations(_ATOMS))[:4]
    atom = st.sampled_from(pool)
    whens = st.one_of(
        atom,
        st.builds("not ({})".format, atom),
        st.builds("{} and {}".format, atom, atom),
        st.builds("{} or not ({})".format, atom, atom),
    )
    visits, late = draw(whens), draw(whens)
    catalog = CATALOG + (
        f'category "Long visits"\n  under "Visits"\n  codes CPT 99201-99219\n'
        f"  when {visits}\nend\n"
    )
    grid = GRID.replace("area is inside ", draw(whens)).replace(
        "area is outside", draw(whens)
    )
    if draw(st.booleans()):
        grid = grid.replace("  otherwise unlisted\n", "")
    blocks = [
        f"exception N-{at} to {draw(st.sampled_from(targets))}\n"
        f"  when {draw(whens)}\n  then {draw(st.sampled_from(_WHO))}\n"
        f"  regardless of {draw(st.sampled_from(_PROMISED))}\nend\n"
        for at, targets in enumerate((("A", 'A "Visits"'), ("A", "N-0")))
    ]
    if draw(st.booleans()):
        blocks.append(f'treat T-1 "Visits" as "Rooms"\n  when {late}\nend\n')
    head = HEAD
    if draw(st.booleans()):
        by = "  decide by admission_date when admission_date is given\n"
        head = head.replace(
            "  decide by service_date\n", f"{by}  decide by service_date otherwise\n"
        )
    return rules(*blocks, facts=SMALL_FACTS, catalog=catalog, head=head, grid=grid)
