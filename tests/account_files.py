"""Accounts drawn at random, and written as files of each format that accounts have."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from x12_writer import Segment, above, claim, line
from x12_writer import written as x12

Document = dict[str, Any]
Row = dict[str, str]
METHODS = ("REST", "NONDUP", "RESERVE", "EQUAL", "HAND")
_CENTS = (0, 1, 99, 100, 5000, 7001, 10001, 12345, 33333)
_SOMETIMES, _SELDOM = 0.4, 0.08


def drawn(chance: Random, name: str = "A-1") -> Document:
    """Return an account of up to five coverages and four lines; some facts are missing."""
    numbers = [str(n) for n in range(1, chance.randint(1, 4) + 1)]
    lines = []
    for number in numbers:
        cents = dollars(chance.choice(_CENTS[1:]))
        lines.append({"line": number, "billed": cents, "allowable_expense": cents})
    plans = [_plan(chance, plan, numbers) for plan in "ABCDE"[: chance.randint(1, 5)]]
    return {"account_id": name, "lines": lines, "coverages": plans}


def _plan(chance: Random, name: str, numbers: list[str]) -> Document:
    facts = {
        "kind": chance.choice(("group", "medicare", "medicaid")),
        "covers_as": chance.choice(("subscriber", "dependent")),
        "since": f"{chance.randint(2000, 2003)}-01-01",
        "size": chance.choice(("5", "19", "20", "100")),
    }
    facts = {k: v for k, v in facts.items() if chance.random() > _SELDOM / 4}
    amounts: dict[str, str] = {}
    by_line: list[dict[str, str]] = [{"line": number} for number in numbers]
    for word in ("benefit", "allowed", "paid", "patient_share"):
        if word == "paid" and chance.random() < _SOMETIMES:
            continue
        if chance.random() < _SOMETIMES:
            amounts[word] = dollars(chance.choice(_CENTS))
        else:
            for each in by_line:
                if chance.random() > _SELDOM / 2:
                    each[word] = dollars(chance.choice(_CENTS))
    for each in by_line:
        if chance.random() < _SELDOM:
            each["covered"] = "no"
    found: Document = {"plan": name, "facts": facts, "amounts": amounts}
    found["lines"] = [each for each in by_line if len(each) > 1]
    found["balances"] = {"reserve_left": dollars(chance.choice((0, 777)))}
    if chance.random() > _SELDOM:
        found["method"] = chance.choice(METHODS)
    return found


def dollars(cents: int) -> str:
    """Return `cents` as files write them."""
    return f"{cents // 100}.{cents % 100:02d}"


def shuffled(chance: Random, document: Document) -> Document:
    """Return `document` with its lines and coverages in another order."""
    found: Document = json.loads(json.dumps(document))
    chance.shuffle(found["lines"])
    chance.shuffle(found["coverages"])
    for each in found["coverages"]:
        chance.shuffle(each["lines"])
    return found


def rows_of(document: Document) -> list[Row]:
    """Return the rows of a table that say the same as `document`."""
    name = document["account_id"]
    rows = [{"account_id": name, **each} for each in document["lines"]]
    for plan in document["coverages"]:
        head = {"account_id": name, "plan": plan["plan"]}
        facts = {f"plan.{k}": v for k, v in plan["facts"].items()}
        method = {"method": plan["method"]} if "method" in plan else {}
        rows.append({**head, **method, **facts, **plan["amounts"], **plan["balances"]})
        rows.extend({**head, **each} for each in plan["lines"])
    return rows


def write(path: Path, documents: Iterable[Document], rows: Iterable[Row] = ()) -> Path:
    """Write `documents`, or in a table `rows`, into the file `path`, by its suffix."""
    if path.suffix == ".json":
        path.write_text(json.dumps(list(documents)), encoding="utf-8")
    elif path.suffix == ".jsonl":
        text = "\n".join(map(json.dumps, documents))
        path.write_text(text, encoding="utf-8")
    else:
        given = list(rows)
        columns = list(dict.fromkeys(name for row in given for name in row))
        _TABLES[path.suffix](path, columns, given)
    return path


def _csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _parquet(path: Path, columns: list[str], rows: list[Row]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only this format needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.table(
        {
            name: pa.array([row.get(name) for row in rows], pa.string())
            for name in columns
        }
    )
    pq.write_table(table, path)


_TABLES = {".csv": _csv, ".parquet": _parquet}


# X12: other payers each of which answers every line, so that what they say adds up.


def drawn_for_x12(chance: Random, name: str = "A-1") -> Document:
    """Return an account that an 837 can say: up to four payers ahead of the receiver."""
    numbers = [str(n) for n in range(1, chance.randint(1, 4) + 1)]
    charges = {n: chance.choice(_CENTS[1:]) for n in numbers}
    lines = [{"line": n, "billed": dollars(cents)} for n, cents in charges.items()]
    plans: list[Document] = []
    for payer in ("ONE", "TWO", "THREE", "FOUR")[: chance.randint(1, 4)]:
        by_line = []
        for number, charge in charges.items():
            paid = chance.randint(0, charge)
            share = chance.randint(0, charge - paid)
            said = {"paid": dollars(paid), "patient_share": dollars(share)}
            by_line.append({"line": number, **said})
        plans.append({"plan": payer, "facts": {"kind": "medicare"}, "lines": by_line})
        plans[-1]["facts"]["covers_as"] = "subscriber"
    plans.append({"plan": "RECEIVER"})
    return {"account_id": name, "lines": lines, "coverages": plans}


def x12_of(chance: Random, documents: Iterable[Document]) -> str:
    """Return an 837 that says the same as `documents`; its loops stand in any order."""
    documents = list(documents)
    segments: list[Segment] = []
    for each in documents:
        place = "PSTABCDEFGH"[len(each["coverages"]) - 1]
        segments += [*above(position=place), *_claim(chance, each)]
    return x12(segments)


def _claim(chance: Random, document: Document) -> Iterator[Segment]:
    payers = document["coverages"][:-1]
    charges = {each["line"]: each["billed"] for each in document["lines"]}
    total = dollars(sum(cents(each) for each in charges.values()))
    lines = [
        line(int(number), "99213", charge, *_answers(chance, payers, number, charge))
        for number, charge in charges.items()
    ]
    head, diagnoses, *rest = claim(document["account_id"], total, *lines)
    yield head
    yield diagnoses
    placed = list(zip("PSTABCDEFGH", payers, strict=False))
    chance.shuffle(placed)
    for position, payer in placed:
        yield from _payer(position, payer)
    yield from rest


def _payer(position: str, payer: Document) -> Iterator[Segment]:
    paid = dollars(sum(cents(each["paid"]) for each in payer["lines"]))
    name = payer["plan"]
    yield ("SBR", position, "18", "G1", "", "", "", "", "", "MA")
    yield ("AMT", "D", paid)
    yield ("OI", "", "", "Y", "", "", "Y")
    yield ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", "M1")
    yield ("NM1", "PR", "2", name, "", "", "", "", "PI", name)


def _answers(
    chance: Random, payers: list[Document], number: str, charge: str
) -> Iterator[Segment]:
    for payer in chance.sample(payers, len(payers)):
        said = next(each for each in payer["lines"] if each["line"] == number)
        paid, share = cents(said["paid"]), cents(said["patient_share"])
        written_off = cents(charge) - paid - share
        yield ("SVD", payer["plan"], said["paid"], ("HC", "99213"), "", "1")
        if written_off:
            yield ("CAS", "CO", "45", dollars(written_off))
        if share:
            yield ("CAS", "PR", "2", dollars(share))
        yield ("DTP", "573", "D8", "20260310")


def cents(text: str) -> int:
    """Return the cents of an amount as files write it."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)
