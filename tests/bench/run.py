"""Measures whopays beside its alternatives, in one run; see README.md."""

from __future__ import annotations

import sys
import tempfile
from itertools import chain
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.amend import amended
from bench.by_hand import ByHand
from bench.by_message import ByMessage
from bench.columns import columns
from bench.coordinate import reprice
from bench.filling import fill
from bench.generate import Generated, generate, lines
from bench.measure import each, printed, process, say, seconds, times
from bench.terms import said
from bench.x12 import read_x12
from whopays import api
from whopays.api import RuleBook
from whopays.engines.durable import Durable, Plain
from whopays.model.claim import Line
from whopays.program.compile import Program
from whopays.program.table import Table

SIZES = {"rows": 300, "exceptions": 40, "categories": 120, "codes": 10_000}
LINES = 4_000
TABLES = 30
AMENDMENTS = 20
ENTRIES = 40
HEAVY = "numpy", "pyarrow"


def main() -> None:
    """Print the report."""
    made = generate(**SIZES)
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules")
        rules.mkdir()
        (rules / "made.rules").write_text(made.text, encoding="utf-8")
        print(", ".join(f"{count:,} {what}" for what, count in SIZES.items()))
        book = api.load(rules)
        explained(book, made)
        filled(book, made)
        checked(rules)
        started()
        loaded(rules, Path(folder, "cache"))
        laid_out(rules / "made.rules", Path(folder, "cache"))
        authored(made, Path(folder, "amended"), Path(folder, "cache"))
        reprice(Path(folder))
        said(Path(folder))
        read_x12(Path(folder))
        whole = Path(folder, "columns")
        whole.mkdir()
        columns(whole)


def explained(book: RuleBook, made: Generated) -> None:
    """One line in process, when the tables are filled."""
    print("\nAn explained line")
    facts = lines(made, LINES)
    some = [Line("C-1", str(at), each) for at, each in enumerate(facts)]
    by_hand, by_message = ByHand(made), ByMessage(made)
    for line in some:
        found = dict(book.decide_line(line).shares)
        shares, _ = by_hand.decide(line.facts)
        fired = by_message.decide(line.facts)
        if not found.keys() == dict(shares).keys() == dict(fired).keys():
            raise AssertionError(f"the sides disagree about line {line.number}")
    first = each(lambda line: book.decide_line(line).record(), some)
    decided = each(book.decide_line, some)
    trace = each(lambda line: book.decide_line(line).decision.shared.id, some)
    record = each(lambda line: book.decide_line(line).record(), some)
    told = each(lambda line: book.decide_line(line).explain(), some)
    hand = each(by_hand.decide, facts)
    message = each(by_message.decide, facts)
    say("decide", decided)
    say("decide, and the explanation's id", trace, "50 µs")
    say("decide, and the record with its explanation", record, "50 µs")
    say("decide, and one sentence", told)
    say("the same record, an explanation not met before", first)
    say("Python by hand, with a full trace", hand)
    say("durable-rules, a message a line", message)
    say("record : by hand", times(record.median, hand.median))
    say("message a line : record", times(message.median, record.median))


def filled(book: RuleBook, made: Generated) -> None:
    """One entry of a table, by durable-rules and by plain evaluation."""
    print("\nFilling an entry")
    contract = next(iter(book.rules.contracts.values()))
    version = Program(contract).versions[0]
    tables = [
        version.piece(category).table
        for category in sorted(contract.catalog.categories)[:TABLES]
    ]
    cells = [_cells(table, made) for table in tables]
    durable, plain = Durable(), Plain()
    first = [(table, some[0]) for table, some in zip(tables, cells, strict=True)]
    rest = [
        (table, cell)
        for table, some in zip(tables, cells, strict=True)
        for cell in some[1:]
    ]
    load = each(lambda pair: durable.held(*pair), first)
    by_durable = each(lambda pair: durable.held(*pair), rest)
    for table in tables:
        table.held.clear()
    by_plain = each(lambda pair: plain.held(*pair), chain(first, rest))
    durable.close()
    say(f"durable-rules ({len(rest):,} entries)", by_durable, "150 µs")
    say("durable-rules, the first of a table", load)
    say("plain evaluation", by_plain)
    say("durable : plain", times(by_durable.median, by_plain.median))
    fill(tables)


def _cells(table: Table, made: Generated) -> list[tuple[int, ...]]:
    found: dict[tuple[int, ...], None] = {}
    for facts in lines(made, 20 * ENTRIES):
        cells = table.cells_of(facts)
        found[tuple(cell for cell in cells if cell is not None)] = None
    return list(found)[:ENTRIES]


def checked(rules: Path) -> None:
    """`whopays check`, in process."""
    print("\nCheck")
    taken, report = seconds(lambda: api.check(rules))
    entries = sum(each.entries for each in report.contracts.values())
    say(
        f"{entries:,} entries, {len(report.diagnostics)} reports",
        f"{taken:8.2f} s",
        "2 s",
    )
    say("entries a second, loading from cache included", f"{entries / taken:8,.0f}")


def started() -> None:
    """Start processes that do nothing yet."""
    print("\nStart-up, a process")
    say(
        "python -m whopays --help",
        f"{process('-m', 'whopays', '--help'):8.3f} s",
        "0.25 s",
    )
    say('python -c "import whopays"', f"{process('-c', 'import whopays'):8.3f} s")
    say('python -c "pass"', f"{process('-c', 'pass'):8.3f} s")
    names = printed("import whopays, sys; print(*sys.modules)").split()
    heavy = [name for name in HEAVY if name in names]
    say("of numpy and pyarrow were imported", ", ".join(heavy) or "none")


def loaded(rules: Path, cache: Path) -> None:
    """Load the rules, in a process each time."""
    print("\nLoading, a process")
    program = f"import whopays; whopays.load({str(rules)!r})"
    cold = process("-c", program)
    cache.mkdir()
    process("-c", program, cache=str(cache), times=1)
    warm = process("-c", program, cache=str(cache))
    say("with an empty cache folder", f"{cold:8.3f} s", "1.5 s")
    say("from the cache folder", f"{warm:8.3f} s", "0.3 s")
    say("cold : cached", times(cold, warm))


def laid_out(path: Path, cache: Path) -> None:
    """Format a file, in a process each time; Lark's tables are in the cache folder."""
    print("\nFormatting, a process")
    text = path.read_text(encoding="utf-8")
    command = ("-m", "whopays", "fmt", str(path))
    changed = []
    for _ in range(5):
        path.write_text(text, encoding="utf-8")
        changed.append(process(*command, cache=str(cache), times=1))
    say("every row of the grid changes", f"{median(changed):8.3f} s", "0.5 s")
    same = process(*command, cache=str(cache))
    say("nothing changes", f"{same:8.3f} s", "0.5 s")


def authored(made: Generated, rules: Path, cache: Path) -> None:
    """Measure what an author runs all day, on the contract with its amendments."""
    print(f"\nWith {AMENDMENTS} amendments, a process from the cache folder")
    rules.mkdir()
    texts = {"made": made.text}
    for number, text in enumerate(amended(made, AMENDMENTS), 1):
        texts[f"amendment-{number:02d}"] = text
    for stem, text in texts.items():
        (rules / f"{stem}.rules").write_text(text, encoding="utf-8")
    folder, out = str(rules), str(rules.parent / "out.rules")
    day = ("--as-of", "2026-11-01", "-o", out)
    for words, aim, runs in (
        (("check", folder), "2 s", 3),
        (("fmt", "--check", folder), "0.5 s", 3),
        (("consolidate", folder, *day), "0.5 s", 3),
        (("blame", folder, "Service 012"), "", 3),
        (("lock", folder), "", 1),
        # The contract has no tests: they are written first, then looked at.
        (("test", folder, "--write-missing"), "", 1),
        (("test", folder, "--coverage"), "5 s", 3),
        (("test", folder, "--mutate", "--at-most", "200"), "", 1),
    ):
        command = ("-m", "whopays", *words)
        if "--write-missing" not in words:  # a second run has nothing to write
            process(*command, cache=str(cache), times=1, fails=words[0] == "fmt")
        taken = process(*command, cache=str(cache), times=runs, fails=words[0] == "fmt")
        said = " ".join(each for each in words if each not in {folder, out})
        say(f"whopays {said}", f"{taken:8.3f} s", aim)


if __name__ == "__main__":
    main()
