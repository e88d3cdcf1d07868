"""Contracts of any size, as rule text: the same seed gives the same text.

A contract is drawn as parts, so that the benchmark can also write it by hand in Python
and as one durable-rules ruleset. Each category's rows are exclusive and exhaustive, and
each exception names what it beats, so `whopays check` has nothing to report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random

from bench.pools import PAIRS, RARE, VALUES, Test, over, under
from whopays.model.values import Value

_IN_A_LINE = 12
_IN_A_GROUP = 4
_BEARERS = ("PLAN", "IPA", "HOSP", "POOL")
_ANSWERS = (("x",), ("x",), ("x",), ("50%", "50%"), ("1/3", "2/3"))


@dataclass(frozen=True)
class Clause:
    """A row or an exception: `place` is a row's category, an exception's group."""

    id: str
    place: int
    tests: tuple[Test, ...]
    shares: tuple[tuple[str, str], ...]
    cite: str


@dataclass(frozen=True)
class Generated:
    """A contract and its catalog. `groups[category]` says which exceptions apply."""

    categories: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Clause, ...], ...]
    groups: tuple[int, ...]
    exceptions: tuple[tuple[Clause, ...], ...]

    @property
    def text(self) -> str:
        """The rule file."""
        return "\n".join(chain(_HEAD, _categories(self), _contract(self), [""]))

    def rows_of(self, group: int) -> list[str]:
        """Return the targets of the exceptions of `group`: the rows of its categories."""
        return [f'A "{name(at)}"' for at, own in enumerate(self.groups) if own == group]


def name(category: int) -> str:
    """Return the title of a category."""
    return f"Service {category:03d}"


def generate(
    rows: int, exceptions: int, categories: int, codes: int, seed: int = 1
) -> Generated:
    """Return a contract of that size; needs no fewer rows than categories."""
    random = Random(seed)  # noqa: S311 - nothing secret
    step = min(8, 89_000 // codes)
    every = [str(10_000 + step * at) for at in range(codes)]
    cuts = [codes * at // categories for at in range(categories + 1)]
    listed = [every[cuts[at] : cuts[at + 1]] for at in range(categories)]
    for at in range(1, categories, 10):  # some share codes, and are ranked
        listed[at] = [*listed[at - 1][-2:], *listed[at]]
    counts = [rows // categories + (at < rows % categories) for at in range(categories)]
    groups = -(-exceptions // _IN_A_GROUP) or 1
    pools = [random.sample(RARE, len(RARE)) for _ in range(groups)]
    found: list[list[Clause]] = [[] for _ in range(groups)]
    for at in range(exceptions):
        group, nth = at % groups, at // groups
        tests = tuple(pools[group][2 * nth : 2 * nth + 2])
        cite = f"§ {at + 1}"
        found[group].append(
            Clause(f"X-{at:03d}", group, tests, drawn_answer(random), cite)
        )
    return Generated(
        tuple(map(tuple, listed)),
        tuple(_rows(random, at, count) for at, count in enumerate(counts)),
        tuple(at % groups for at in range(categories)),
        tuple(map(tuple, found)),
    )


def lines(generated: Generated, count: int, seed: int = 2) -> list[dict[str, Value]]:
    """Return the facts of `count` lines, all known."""
    random = Random(seed)  # noqa: S311 - nothing secret
    codes = [code for listed in generated.categories for code in listed]
    return [
        {
            "procedure_code": random.choice(codes),
            "allowed": random.randrange(1_000, 500_000),
            **{fact: random.choice(values) for fact, values in VALUES.items()},
        }
        for _ in range(count)
    ]


def drawn_answer(random: Random) -> tuple[tuple[str, str], ...]:
    """Draw bearers and their shares."""
    shares = random.choice(_ANSWERS)
    return tuple(zip(random.sample(_BEARERS, len(shares)), shares, strict=True))


def _rows(random: Random, category: int, count: int) -> tuple[Clause, ...]:
    pair = random.choice(PAIRS)
    cuts = sorted(random.sample(range(5, 90), count - 1))
    found = []
    for at in range(count):
        low = (over(cuts[at - 1]),) if at else ()
        high = (under(cuts[at]),) if at < count - 1 else ()
        tests = (pair[at],) if count == len(pair) and pair else (*low, *high)
        cite = f"Exh. A line {category + 1}.{at + 1}"
        found.append(Clause("A", category, tests, drawn_answer(random), cite))
    return tuple(found)


def _categories(generated: Generated) -> Iterator[str]:
    for at, codes in enumerate(generated.categories):
        yield f'category "{name(at)}"'
        for start in range(0, len(codes), _IN_A_LINE):
            yield f"  codes CPT {', '.join(codes[start : start + _IN_A_LINE])}"
        yield "end"
        if at % 10 == 1:
            yield f'rank "{name(at)}" before "{name(at - 1)}"'


def _contract(generated: Generated) -> Iterator[str]:
    yield from _CONTRACT
    for row in chain.from_iterable(generated.rows):
        shares = dict(row.shares)
        cells = (
            name(row.place),
            when_text(row),
            *(shares.get(p, "") for p in _BEARERS),
        )
        yield f"  | {' | '.join((*cells, row.cite))} |"
    yield from ('  otherwise PLAN cites "§ 0"', "end")
    for group, chained in enumerate(generated.exceptions):
        rows = generated.rows_of(group)
        for at, each in enumerate(chained):
            targets = (*rows, *(earlier.id for earlier in chained[:at]))
            yield f"exception {each.id} to {', '.join(targets)}"
            yield f'  cites "{each.cite}"'
            yield f"  when {when_text(each)}"
            yield f"  then {answer_text(each.shares)}"
            yield "end"


def answer_text(shares: tuple[tuple[str, str], ...]) -> str:
    """Return shares as they stand after `then`."""
    return ", ".join(f"{party} {part}" for party, part in shares).replace(" x", "")


def when_text(clause: Clause) -> str:
    """Return the condition of a clause, empty for none."""
    return " and ".join(test.text for test in clause.tests)


_HEAD = (
    "edition 1",
    'catalog MADE "Generated categories"',
    "  version 1",
    "  in force 2026-01-01 onward",
    "  facts from STANDARD 2026.1",
    "  match by procedure_code otherwise",
    "end",
)
_CONTRACT = (
    'contract MADE "Generated contract"',
    "  version 1",
    "  signed 2025-10-01",
    "  in force 2026-01-01 onward",
    "  products HMO, POS",
    '  party PLAN "Plan"',
    '  party IPA "Group"',
    '  party HOSP "Hospital"',
    '  fund POOL "Pool" paid by PLAN',
    "  facts from STANDARD 2026.1",
    "  categories from MADE 1",
    "  divides allowed",
    "  decide by service_date",
    "end",
    'responsibility A "Exhibit A"',
    f"  | category | when | {' | '.join(_BEARERS)} | cites |",
)
