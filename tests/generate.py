"""Small contracts and lines, drawn by chance: what the property tests decide.

A contract is drawn as parts and written out as rule text, so that the same contract can
also be written in another order. Everything that it refers to exists on every day, as
known on any day, so the text always resolves; gaps and conflicts may remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random
from typing import TypeVar

from whopays.model.values import NONE, Value

T = TypeVar("T")
PARTIES = ("PLAN", "IPA", "HOSP")
BEARERS = (*PARTIES, "POOL")
#: A fact that no clause ever mentions.
IDLE = "idle"

_DAYS = (
    date(2025, 11, 30),
    date(2025, 12, 31),
    *(date(2026, 1, day) for day in (1, 15, 31)),
    *(date(2026, 2, day) for day in (1, 14, 28)),
    *(date(2026, 3, day) for day in (1, 2, 31)),
    *(date(2026, 4, day) for day in (1, 2)),
    *(date(2026, 6, day) for day in (29, 30)),
    date(2026, 7, 1),
    date(2026, 12, 31),
    date(2027, 1, 1),
)
_FACTS: dict[str, tuple[str, tuple[Value, ...]]] = {
    "product": ("one of HMO, MA", ("HMO", "MA")),
    "payer": ("text", ("Acme", "Other")),
    "network": ("one of inside, outside", ("inside", "outside")),
    "setting": ("one of home, office, ward or none", ("home", "office", "ward", NONE)),
    "emergency": ("yes or no", (True, False)),
    "accident": ("yes or no or none", (True, False, NONE)),
    "age": ("number in years", (0, 18, Fraction(37, 2), 19, 20, 21, 64, 65)),
    "miles": ("number or none", (29, 30, Fraction(61, 2), 31, NONE)),
    "rate": ("percent", (79, 80, Fraction(1601, 20), 100)),
    "allowed": ("money per line", (-25001, 0, 24999, 25000, 25001, 100000)),
    "ceiling": ("money per line or none", (0, 25000, 25001, 50000, NONE)),
    "fee": ("money per line or none else $0.00", (0, 1, 9999, 10000, NONE)),
    "service_date": ("date", _DAYS),
    "admission_date": ("date or none", (*_DAYS, NONE, NONE, NONE)),
    "discharge_date": ("date or none", (*_DAYS, NONE, NONE)),
    "birth": ("birthday", ((1, 1), (2, 29), (6, 30), (7, 1), (7, 2), (12, 31))),
    "place": ("code POS", ("10", "11", "20", "21", "23", "24", "99")),
    "bill": ("code TOB or none", ("0110", "0111", "0120", "0131", "0999", NONE)),
    "diagnoses": (
        "list of code ICD10CM or none",
        (("E08",), ("E119", "F329"), ("F32",), ("F33", "Z000"), ("A000",), (), NONE),
    ),
    "modifiers": (
        "list of code MODIFIER",
        (("26",), ("JG",), ("JG", "26"), ("TB", "ZZ"), ("ZZ",), ()),
    ),
    "authorized_by": ("party or none", (*PARTIES, "another", NONE)),
    "procedure_code": (
        "code CPT, HCPCS or none",
        (
            *("99201", "99209", "99210", "99215", "99220", "99221", "99230", "99299"),
            *("A0425", "A0430", "A0436", "A0437", "0016T", NONE),
        ),
    ),
    "revenue_code": (
        "code REV or none",
        ("0449", "0450", "0455", "0459", "0460", NONE),
    ),
    "received_by": ("party or none", (*PARTIES, "another", NONE)),
    "received_date": (
        "date or none",
        (*(date(2025, 12, day) for day in (24, 31)), date(2026, 1, 1), NONE),
    ),
    "paid_date": (
        "date or none",
        (date(2025, 12, 31), date(2026, 2, 27), date(2027, 3, 1), NONE),
    ),
    IDLE: ("number", (0, 1, 2)),
}
_ATOMS: dict[str, tuple[str, ...]] = {
    "product": ("product is HMO", "product is not HMO"),
    "network": (
        "network is inside",
        "network is outside",
        "network in inside, outside",
    ),
    "setting": (
        *("setting is home", "setting in home, ward", "setting not in office, ward"),
        *("setting is given", "setting is not given", "setting is not ward"),
    ),
    "emergency": ("emergency", "not emergency", "emergency is no"),
    "accident": ("accident", "not accident", "accident is given", "accident is no"),
    "age": ("age < 19", "age >= 21", "age <= 18.5", "age > 64", "age is 20"),
    "miles": ("miles > 30", "miles <= 30", "miles < 30.5", "miles is not given"),
    "rate": ("rate >= 80%", "rate < 80.05%", "rate is 100%"),
    "allowed": ("allowed > $250.00", "allowed <= $250.00", "allowed < $0.00"),
    "ceiling": ("allowed > ceiling", "ceiling is given", "ceiling >= $250.01"),
    "fee": ("fee > $0.00", "fee <= $0.00", "fee >= $100.00"),
    "service_date": ("service_date >= 2026-03-01", "service_date <= 2026-06-30"),
    "admission_date": (
        "service_date <= 60 days after admission_date",
        "service_date > 1 month after admission_date",
        "service_date is admission_date",
        "admission_date is given",
        "admission_date < 2026-02-01",
        "admission_date > 2 months before service_date",
    ),
    "discharge_date": (
        "service_date in month of discharge_date",
        "discharge_date in month of service_date",
        "discharge_date is not given",
        "discharge_date > service_date",
    ),
    "birth": ("birth < 07-01", "birth >= 02-29"),
    "place": ("place in POS 20-23", "place in POS 11", "place not in POS 10-11, 24"),
    "bill": ("bill in TOB 011x, 012x", "bill in TOB 0111", "bill is given"),
    "diagnoses": (
        "diagnoses include ICD10CM E08-E13",
        "diagnoses include ICD10CM F32",
        "diagnoses include ICD10CM F32.9, A00-A09",
        "diagnoses is given",
    ),
    "modifiers": ("modifiers include MODIFIER JG, TB", "modifiers include MODIFIER 26"),
    "authorized_by": (
        *("authorized_by is IPA", "authorized_by in IPA, PLAN"),
        *("authorized_by is given", "authorized_by is not PLAN"),
    ),
    "procedure_code": ("procedure_code is given", "procedure_code in CPT 99205-99215"),
    "revenue_code": ("revenue_code in REV 0450-0455",),
}
_CODES = (
    "CPT 99201-99215",
    "CPT 99210-99229",
    "CPT 99221, 99299",
    "CPT 99200-99299",
    "HCPCS A0425-A0436",
    "HCPCS A0430",
    "REV 0450-0459",
    "REV 0455",
    "REV 0450, 0460",
)


@dataclass
class Chunk:
    """Lines that stay together: `head`, and `rows` whose order does not matter."""

    head: str
    rows: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A block with its `end`, or (without `body`) a statement that stands alone."""

    head: str
    body: list[Chunk] | None = None


@dataclass
class Section:
    """A head and the blocks that belong to it."""

    head: Block
    members: list[Block] = field(default_factory=list)


@dataclass
class Draft:
    """A contract as parts; `days` are those on which its amendments were signed."""

    facts: Section
    catalog: Section
    contract: Section
    amendments: list[Section]
    days: list[date]

    def text(self, shuffle: Random | None = None) -> str:
        """Write the whole draft, its parts in the order that `shuffle` gives them."""
        return self.known_on(None, shuffle)

    def known_on(self, day: date | None, shuffle: Random | None = None) -> str:
        """Write the draft without the amendments that were signed after `day`."""
        signed = zip(self.amendments, self.days, strict=True)
        known = [each for each, on in signed if day is None or on <= day]
        sections = [self.facts, self.catalog, self.contract, *known]
        return "\n".join(_written(sections, shuffle)) + "\n"


def _written(sections: list[Section], shuffle: Random | None) -> Iterator[str]:
    yield "edition 1"
    for section in _mixed(sections, shuffle):
        for block in (section.head, *_mixed(section.members, shuffle)):
            yield ""
            yield block.head
            if block.body is None:
                continue
            for chunk in _mixed(block.body, shuffle):
                yield f"  {chunk.head}"
                yield from (f"  {row}" for row in _mixed(chunk.rows, shuffle))
            yield "end"


def _mixed(parts: list[T], shuffle: Random | None) -> list[T]:
    return parts if shuffle is None else shuffle.sample(parts, len(parts))


# Drawing a contract


def draft(chance: Random, *, duties: bool = False) -> Draft:
    """Draw a contract, with routes and clocks if `duties`."""
    drawing = _Drawing(chance)
    drawing.duties = duties
    return drawing.draft()


def values_of(fact: str) -> tuple[Value, ...]:
    """Return values of `fact`, on every side of what conditions mention."""
    return _FACTS[fact][1]


def line_facts(chance: Random, missing: float) -> dict[str, Value]:
    """Draw the facts of a line, each left out with the probability `missing`."""
    facts = {name: chance.choice(values) for name, (_, values) in _FACTS.items()}
    if chance.random() < 0.8:  # most lines are the contract's own
        facts["payer"] = "Acme"
        facts["product"] = chance.choice(("HMO", "MA"))
    return {name: v for name, v in facts.items() if chance.random() >= missing}


def _words(condition: str, defined: dict[str, str]) -> str:
    """Return the words of `condition` without names that it uses, in order.

    Of two `not` neither is left: they may stand before one condition.
    """
    plain = condition.replace("(", "").replace(")", "")
    found = [w for word in plain.split() for w in defined.get(word, word).split()]
    nots = found.count("not") % 2
    return " ".join(sorted([w for w in found if w != "not"] + ["not"] * nots))


class _Drawing:
    """One contract on its way; `kept` are targets that no amendment may take away."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        # Few facts a contract, or no line would meet two clauses at once.
        topics = chance.sample(sorted(_ATOMS), 5)
        if {"admission_date", "discharge_date"} <= set(topics):
            topics.remove("discharge_date")  # three dates compared have many corners
        self.every = [atom for topic in topics for atom in _ATOMS[topic]]
        # A catalog knows no party.
        self.atoms = [atom for atom in self.every if "authorized_by" not in atom]
        self.defines: list[str] = []
        self.base_defines: tuple[str, ...] = ()
        self.base_words: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.categories = [f"Care {at}" for at in range(chance.randint(3, 8))]
        self.above: dict[str, str] = {}
        self.targets: list[str] = []
        self.exceptions: list[str] = []
        self.rows: dict[tuple[str, str], list[str]] = {}
        self.drawn: dict[tuple[str, str], set[str]] = {}
        self.rest: dict[str, list[str]] = {}
        self.treats: list[tuple[str, str, str]] = []
        self.duties = False
        self.duty_names: dict[str, list[str]] = {"route": [], "clock": []}
        self.yielded_to: set[str] = set()
        self.aimed: set[str] = set()
        self.added: set[str] = set()

    def maybe(self, probability: float) -> bool:
        return self.chance.random() < probability

    def draft(self) -> Draft:
        facts = Section(
            Block(
                'facts F "Facts"',
                [
                    Chunk("version 1"),
                    *(
                        Chunk(f"fact {name} is {kind}")
                        for name, (kind, _) in _FACTS.items()
                    ),
                ],
            )
        )
        catalog = self.catalog()
        self.atoms = self.every
        contract = self.contract()
        count = self.chance.choice((0, 1, 1, 2, 3))
        amendments = [self.amendment(number) for number in range(1, count + 1)]
        sections = [section for section, _ in amendments]
        return Draft(facts, catalog, contract, sections, [day for _, day in amendments])

    # Conditions

    def condition(self) -> str:
        if self.defines and self.maybe(0.25):
            name = self.chance.choice(self.defines)
            return name if self.maybe(0.7) else f"not {name}"
        if self.maybe(0.55):
            return self.chance.choice(self.atoms)
        parts = self.chance.sample(self.atoms, self.chance.choice((2, 2, 3)))
        if self.maybe(0.3):
            parts[0] = f"not ({parts[0]})"
        if self.maybe(0.2):
            inner = " or ".join(self.chance.sample(self.atoms, 2))
            return f"{parts[0]} and ({inner})"
        return self.chance.choice((" and ", " and ", " or ")).join(parts)

    def when(self, probability: float) -> list[Chunk]:
        return [Chunk(f"when {self.condition()}")] if self.maybe(probability) else []

    def define(self, name: str) -> Block:
        when = self.condition()
        self.words[name] = _words(when, self.words)
        self.defines.append(name)
        return Block(f"define {name}", [Chunk(f"when {when}")])

    def redefine(self, name: str) -> Block:
        """Define `name` by facts alone: with other names it could use itself."""
        known, self.defines = self.defines, []
        block = self.define(name)
        self.defines = [*dict.fromkeys((*known, name))]
        return block

    # The catalog

    def catalog(self) -> Section:
        head = [
            *(Chunk("version 1"), Chunk("in force 2020-01-01 onward")),
            Chunk("facts from F 1"),
        ]
        first, second = "procedure_code, revenue_code", "revenue_code, procedure_code"
        if self.maybe(0.4):
            gate = self.chance.choice(self.atoms)
            head.append(Chunk(f"match by {second} when {gate}"))
        head.append(Chunk(f"match by {first} otherwise"))
        section = Section(Block('catalog STD "Categories"', head))
        if self.maybe(0.4):
            section.members.append(self.define("special"))
        for at, name in enumerate(self.categories):
            section.members.append(self.category(at, name))
        # Later ones go first, so that children go before their parents.
        for at, name in enumerate(self.categories):
            after = [f'"{n}"' for n in self.categories[:at] if self.maybe(0.7)]
            if after:
                rank = f'rank "{name}" before {", ".join(after)}'
                section.members.append(Block(rank))
        self.defines.clear()
        return section

    def category(self, at: int, name: str) -> Block:
        body: list[Chunk] = []
        if at and self.maybe(0.35):
            self.above[name] = self.chance.choice(self.categories[:at])
            body.append(Chunk(f'under "{self.above[name]}"'))
        if self.maybe(0.8):
            codes = self.chance.sample(_CODES, self.chance.choice((1, 1, 2)))
            body.extend(Chunk(f"codes {each}") for each in codes)
            body.extend(self.when(0.35))
        else:
            body.extend(self.when(0.8))
        return Block(f'category "{name}"', body)

    # The contract

    def contract(self) -> Section:
        last = "onward" if self.maybe(0.6) else "to 2026-12-31"
        head = [
            *(Chunk("version 1"), Chunk("signed 2025-06-01")),
            *(Chunk("facts from F 1"), Chunk("categories from STD 1")),
            *(Chunk("divides allowed"), Chunk(f"in force 2026-01-01 {last}")),
            *(Chunk(f'party {name} "Party {name}"') for name in PARTIES),
            Chunk('fund POOL "Pool" paid by PLAN'),
        ]
        if self.maybe(0.3):
            head.append(Chunk("products HMO, MA"))
        if self.maybe(0.2):
            head.append(Chunk('for payer "Acme"'))
        if self.maybe(0.4):
            gate = self.chance.choice(("admission_date is given", "network is outside"))
            head.append(Chunk(f"decide by admission_date when {gate}"))
        head.append(Chunk("decide by service_date otherwise"))
        section = Section(Block('contract X "Contract"', head))
        section.members.extend(
            self.define(name) for name in ("far", "odd") if self.maybe(0.5)
        )
        self.base_defines = tuple(self.defines)
        self.base_words = dict(self.words)
        names = ("A", "B") if self.maybe(0.4) else ("A",)
        section.members.extend(self.grid(name, len(names)) for name in names)
        section.members.extend(
            self.exception(f"N-{at}") for at in range(self.chance.randint(0, 4))
        )
        section.members.extend(
            block
            for at in range(self.chance.choice((0, 0, 1, 2)))
            for block in self.treat(f"T-{at}")
        )
        if self.duties:
            section.head.body = [*head, Chunk("calendar US-FEDERAL")]
            section.members.extend(self.all_duties())
        return section

    def all_duties(self) -> Iterator[Block]:
        """Draw routes and clocks; a later one may yield to those before it."""
        for word, letter in (("route", "R"), ("clock", "K")):
            names = self.duty_names[word]
            for at in range(self.chance.randint(0, 3)):
                yield self.duty(word, f"{letter}-{at}", names)
                names.append(f"{letter}-{at}")

    def duty(self, word: str, name: str, before: Iterable[str]) -> Block:
        """Draw a route or a clock, which may yield to those `before` it."""
        body = self.when(0.7)
        if self.maybe(0.5):
            last = self.chance.choice(("2025-12-31", "2026-06-30"))
            dates = (f"2025-01-01 to {last}", "2026-01-01 onward")
            body.append(Chunk(f"in force {self.chance.choice(dates)}"))
        unit = self.chance.choice(("days", "calendar days", "working days"))
        fact = self.chance.choice(("received_date", "received_date", "service_date"))
        within = f"within {self.chance.choice((1, 10))} {unit} of {fact}"
        if word == "route":
            duty = self.chance.choice(("forward", "deny", "forward or deny"))
            body.append(Chunk(f"then {duty} {within}"))
        else:
            body.append(Chunk(f"then pay {within}"))
            body.extend(self.interest())
        first = [each for each in before if self.maybe(0.6)]
        self.yielded_to.update(first)
        body.extend(Chunk(f"yields to {each}") for each in first)
        return Block(f'{word} {name} "A deadline"', body)

    def amended_duties(self, number: int) -> Iterator[Chunk | Block]:
        """Draw what an amendment does to routes and clocks: lines of it, and blocks."""
        for word, names in self.duty_names.items():
            loose = [each for each in names if each not in self.yielded_to]
            if loose and self.maybe(0.2):
                gone = self.chance.choice(loose)
                names.remove(gone)
                yield Chunk(f"withdraw {gone}")
            elif names and self.maybe(0.3):
                # Of itself alone: what it yielded to may be gone on other days.
                yield self.duty(word, self.chance.choice(names), ())
            if self.maybe(0.2):
                yield self.duty(word, f"{word[0].upper()}-9{number}", ())

    def interest(self) -> Iterator[Chunk]:
        rates = (
            *("15% per year", "10.5% per calendar year", "0.05% per day"),
            *("$5.00 per day", "$15.00 per year or part", "1% per month or part"),
        )
        rate = self.chance.choice(rates)
        if self.maybe(0.4):
            other = self.chance.choice(rates)
            rate = f"{self.chance.choice(('greater', 'lesser'))} of ({rate}, {other})"
        if self.maybe(0.7):
            yield Chunk(f"interest {rate}{self.chance.choice(('', ' on ceiling'))}")
            if self.maybe(0.3):
                yield Chunk("rounded half even")

    def grid(self, name: str, count: int) -> Block:
        body: list[Chunk] = []
        if count > 1 and self.maybe(0.7):
            product = "HMO" if name == "A" else "MA"
            body.append(Chunk(f"when product is {product}"))
        columns = (*BEARERS, "not covered")
        rows = []
        for category in self.categories:
            if self.maybe(0.35) and category != self.categories[0]:
                continue
            whens = self.row_conditions()
            self.rows[name, category] = whens
            self.drawn[name, category] = {_words(w, self.words) for w in whens}
            for when in whens:
                cells = " | ".join(self.cells(columns))
                rows.append(f"| {category} | {when} | {cells} |")
        body.append(Chunk(f"| category | when | {' | '.join(columns)} |", rows))
        rest = [*([self.condition()] if self.maybe(0.15) else [])]
        if self.maybe(0.7):
            rest.append("")
        for when in rest:
            shown = f" when {when}" if when else ""
            body.append(Chunk(f"otherwise {self.answer()}{shown}"))
        self.rest[name] = rest
        self.targets.append(name)
        if rest:
            self.targets.append(f"{name} otherwise")
        own = [key for key in self.rows if key[0] == name]
        self.targets.extend(f'{name} "{category}"' for _, category in own)
        return Block(f'responsibility {name} "Grid {name}"', body)

    def row_conditions(self) -> list[str]:
        if self.maybe(0.6):
            return [""]
        if self.maybe(0.5):
            atom = self.chance.choice(self.atoms)
            return [atom, f"not ({atom})"]
        return [self.condition()]

    def cells(self, columns: tuple[str, ...]) -> list[str]:
        found = dict.fromkeys(columns, "")
        drawn = self.answer()
        if drawn in {"not covered", "unlisted", "?"} or drawn.startswith("ambiguous"):
            kind = drawn if drawn in {"unlisted", "?"} else "not covered"
            found["not covered" if kind == "not covered" else "PLAN"] = (
                "x" if kind == "not covered" else kind
            )
        else:
            for share in drawn.split(", "):
                who, _, part = share.partition(" ")
                found[who] = part or "x"
        return list(found.values())

    def answer(self) -> str:
        if self.maybe(0.55):
            return self.chance.choice(BEARERS)
        return self.chance.choice(
            (
                *(
                    "PLAN 50%, IPA 50%",
                    "IPA 1/3, HOSP 2/3",
                    "PLAN 33.333%, POOL 66.667%",
                ),
                *("not covered", "unlisted", 'ambiguous because "two readings"', "?"),
            )
        )

    def exception(self, name: str, amended: str = "") -> Block:
        """Draw an exception; `amended` says whose: only it may be an exception to it."""
        count = min(self.chance.choice((1, 1, 2, 3)), len(self.targets))
        several = self.chance.sample(self.targets, count)
        chained = [each for each in self.exceptions if each != name and not amended]
        if chained and self.maybe(0.5):
            several.append(self.chance.choice(chained))
        if not amended:
            self.exceptions.append(name)
        self.aimed.update(several)
        body = [*self.when(0.9), Chunk(f"then {self.answer()}")]
        return Block(f"exception {name} to {', '.join(several)}", body)

    def treat(self, name: str) -> Iterator[Block]:
        source, target = self.chance.sample(self.categories, 2)
        if self._circles(source, target):
            return
        self.treats.append((name, source, target))
        yield Block(f'treat {name} "{source}" as "{target}"', self.when(0.9))

    def _circles(self, source: str, target: str) -> bool:
        """Tell whether a treat from `source` to `target` could come back to itself."""
        treats = [*((s, t) for _, s, t in self.treats), (source, target)]
        reached = [target]
        for place in reached:
            line = {place, *self._over(place)}
            if source in line:
                return True
            reached.extend(t for s, t in treats if s in line and t not in reached)
        return False

    def _over(self, category: str) -> Iterable[str]:
        while category in self.above:
            category = self.above[category]
            yield category

    # Amendments

    def amendment(self, number: int) -> tuple[Section, date]:
        signed = self.chance.choice(
            (date(2025, 12, 1), date(2026, 2, 20), date(2026, 4, 2), date(2026, 8, 1))
        )
        first = self.chance.choice(("2026-01-01", "2026-03-01", "2026-04-01"))
        last = "onward" if self.maybe(0.6) else "to 2026-06-30"
        head = [Chunk(f"signed {signed}"), Chunk(f"in force {first} {last}")]
        changes = list(self.changes())
        head.extend(Chunk(change) for change in changes)
        duties = list(self.amended_duties(number)) if self.duties else []
        head.extend(each for each in duties if isinstance(each, Chunk))
        section = Section(Block(f"amendment {number} to X version 1", head))
        section.members.extend(each for each in duties if isinstance(each, Block))
        if self.maybe(0.4):
            section.members.append(self.define(f"amended_{number}"))
        # A name defined anew; a change that names one would mean another condition.
        named = any(name in change for name in ("far", "odd") for change in changes)
        for name in ("far", "odd"):
            if self.maybe(0.3) and not named:
                section.members.append(self.redefine(name))
        if self.maybe(0.4):
            section.members.append(self.exception(f"M-{number}", f"M-{number}"))
        if self.exceptions and self.maybe(0.3):
            old = self.chance.choice(self.exceptions)
            section.members.append(self.exception(old, old))
        if self.treats and self.maybe(0.3):
            name, source, target = self.chance.choice(self.treats)
            block = Block(f'treat {name} "{source}" as "{target}"', self.when(0.9))
            section.members.append(block)
        # What an amendment defines anew means that in this amendment alone.
        self.defines = list(self.base_defines)
        self.words = dict(self.base_words)
        return section, signed

    def changes(self) -> Iterator[str]:
        """Draw changes; a row that is withdrawn or added is never changed again."""
        for (grid, category), whens in self.rows.items():
            target = f'{grid} "{category}"'
            for when in list(whens):
                address = f"{target} when {when}" if when else target
                if self.maybe(0.2):
                    yield f"replace {address} with {self.answer()}"
                elif self.maybe(0.1) and target not in self.aimed:
                    whens.remove(when)
                    self.added.add(when)  # not again: on some days it is there
                    if target in self.targets:
                        self.targets.remove(target)
                    yield f"withdraw {address}"
        for grid, rest in self.rest.items():
            yield from self.rest_changes(grid, rest)

    def rest_changes(self, grid: str, rest: list[str]) -> Iterator[str]:
        for when in rest:
            address = f"{grid} otherwise when {when}" if when else f"{grid} otherwise"
            if self.maybe(0.2):
                yield f"replace {address} with {self.answer()}"
        category, when = self.chance.choice(self.categories), self.condition()
        words = _words(when, self.words)
        if self.maybe(0.4) and words not in self.added and "amended" not in when:
            self.added.add(words)
            # The same words may be the same condition, which has, or once had, a row.
            if words not in self.drawn.get((grid, category), ()):
                yield f'add to {grid} "{category}" when {when} with {self.answer()}'
