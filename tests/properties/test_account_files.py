"""Files of accounts drawn at random: every format and order tells the same, to the byte.

Each test writes files and reprices them, as `whopays cob reprice` does, and looks at what
was written. What a file says of itself (its name, where a record stands) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from account_files import (
    Document,
    cents,
    drawn,
    drawn_for_x12,
    rows_of,
    shuffled,
    write,
    x12_of,
)
from accounts import FACTS, METHODS, ORDER
from small_rules import written_rules
from whopays.api.accounts import AS_GIVEN, AccountBook, load_accounts
from whopays.explain.accounts import REJECT, RESULT

chances = st.randoms(use_true_random=True)
#: Takes files; returns the results and rejects that are written for them.
Reprice = Callable[..., tuple[list[Document], list[Document]]]
AMOUNTS = ("billed_cents", "payments_cents", "patient_cents", "write_off_cents")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = f"{FACTS}\n{METHODS}\n{ORDER}"
    return written_rules(tmp_path_factory.mktemp("rules"), text)


@pytest.fixture(scope="module")
def reprice(rules: Path) -> Reprice:
    # A function: of a whole book of rules hypothesis would print every field.
    book = load_accounts(rules)
    return lambda *files: repriced(book, *files)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    numbers = count()
    base = tmp_path_factory.mktemp("files")

    def new() -> Path:
        found = base / str(next(numbers))
        found.mkdir()
        return found

    return new


def repriced(book: AccountBook, *files: Path) -> tuple[list[Document], list[Document]]:
    """Return the results and rejects that are written for `files`."""
    out = files[0].with_name("out")
    counts, _ = book.reprice_files(files, out)
    results, rejects = (
        [json.loads(each) for each in (out / name).read_text("utf-8").splitlines()]
        for name in ("accounts.jsonl", "rejects.jsonl")
    )
    assert counts["accounts"] == len(results) + len(rejects)
    return results, rejects


def bare(results: list[Document]) -> dict[str, str]:
    """Return what was said of each account, without the place it was read at."""
    found = {}
    for each in results:
        kept = {k: v for k, v in each.items() if k not in {"file", "record"}}
        found[each["account_id"]] = json.dumps(kept, sort_keys=True)
    assert len(found) == len(results)
    return found


@settings(max_examples=40)
@given(chances)
def test_documents_and_tables_tell_the_same_of_the_same_accounts(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    documents = [drawn(chance, f"A-{n}") for n in range(3)]
    rows = [row for each in documents for row in rows_of(each)]
    told = [
        reprice(write(folder() / f"accounts{suffix}", documents, rows))
        for suffix in (".json", ".jsonl", ".csv", ".parquet")
    ]

    first, rejects = told[0]
    assert rejects == []
    for results, none in told[1:]:
        assert none == []
        assert bare(results) == bare(first)
    schema = Draft202012Validator(RESULT)
    for each in first:
        schema.validate(each)


@settings(max_examples=60)
@given(chances)
def test_the_order_of_accounts_coverages_lines_and_rows_changes_nothing(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    documents = [drawn(chance, f"A-{n}") for n in range(3)]
    others = [shuffled(chance, each) for each in documents]
    chance.shuffle(others)
    groups = [rows_of(each) for each in others]
    for each in groups:
        chance.shuffle(each)
    mixed = [row for each in groups for row in each]

    first, _ = reprice(write(folder() / "a.jsonl", documents))
    second, _ = reprice(write(folder() / "a.jsonl", others))
    table, _ = reprice(write(folder() / "a.csv", others, mixed))

    assert bare(first) == bare(second) == bare(table)


@settings(max_examples=40)
@given(chances)
def test_an_837_tells_the_same_as_a_document_in_whatever_order_its_loops_stand(
    rules: Path, folder: Callable[[], Path], chance: Random
) -> None:
    book = load_accounts(rules, order=AS_GIVEN, method="REST", engine="reference")
    documents = [drawn_for_x12(chance, f"A-{n}") for n in range(2)]
    claims = folder() / "claims.837"
    claims.write_text(x12_of(chance, documents), encoding="utf-8")

    told, rejects = repriced(book, claims)
    as_documents, _ = repriced(book, write(folder() / "a.jsonl", documents))

    assert rejects == []
    assert bare(told) == bare(as_documents)
    assert {each["status"] for each in told} == {"balanced"}


@settings(max_examples=60)
@given(chances)
def test_every_cent_of_an_account_is_accounted_for(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    documents = {name: drawn(chance, name) for name in ("A", "B", "C", "D")}

    results, _ = reprice(write(folder() / "a.jsonl", documents.values()))

    for each in results:
        document = documents[each["account_id"]]
        if each["write_off_cents"] is not None:
            assert each["status"] in {"balanced", "by_hand"}
            billed = sum(cents(line["billed"]) for line in document["lines"])
            rest = sum(each[name] for name in AMOUNTS[1:])
            assert each["billed_cents"] == billed == rest
            assert each["refund_cents"] == max(0, -each["write_off_cents"])
        else:
            assert each["status"] != "balanced"
        for payer in each["payers"]:
            _adds_up(payer, document)
        known = [payer["payment_cents"] for payer in each["payers"]]
        if each["payers"] and None not in known:
            assert each["payments_cents"] == sum(known)


def _adds_up(payer: dict[str, Any], document: Document) -> None:
    by_line = payer["payment_cents_by_line"]
    assert set(by_line) == {line["line"] for line in document["lines"]}
    if None not in by_line.values():
        assert sum(by_line.values()) == payer["payment_cents"]
    posted = _posted(document, payer["plan"])
    if posted is not None:
        assert (payer["basis"], payer["payment_cents"]) == ("posted", posted)
    if payer["basis"] == "missing":
        assert payer["payment_cents"] is None
    if payer["method"] is not None and payer["expected_cents"] is not None:
        assert payer["expected_cents"] >= 0
        assert payer["needs"] == []


def _posted(document: Document, plan: str) -> int | None:
    """Return what the document says that a plan posted on all it covers, by itself."""
    said = next(each for each in document["coverages"] if each["plan"] == plan)
    lines = {each["line"]: each for each in said["lines"]}
    found = [lines.get(each["line"], {}) for each in document["lines"]]
    paid = [each["paid"] for each in found if "paid" in each]
    covered = [each for each in found if "paid" in each or "covered" not in each]
    if "paid" in said["amounts"] and not paid:
        return cents(said["amounts"]["paid"])
    whole = len(paid) == len(covered) and paid
    return sum(map(cents, paid)) if whole else None


@settings(max_examples=40)
@given(chances)
def test_a_reversal_turns_every_sign_and_gives_back_what_was_used(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    document = drawn(chance, "A")
    back = {"account_id": "A-back", "reverses": "A"}

    (first, second), _ = reprice(write(folder() / "a.jsonl", [document, back]))

    for name in AMOUNTS:
        assert second[name] == (None if first[name] is None else -first[name])
    for payer in first["payers"]:
        turned = second["payers"][payer["plan"]]
        for name in ("payment_cents", "expected_cents"):
            known = payer[name] is not None
            assert turned[name] == (-payer[name] if known else None)
        given_back = second["balances_given_back"].get(payer["plan"], {})
        assert set(given_back) == set(payer["balances_cents"])
        for name, left in payer["balances_cents"].items():
            plans = document["coverages"]
            own = next(each for each in plans if each["plan"] == payer["plan"])
            before = cents(own["balances"][name])
            assert given_back[name] == (None if left is None else before - left)


@settings(max_examples=40)
@given(chances)
def test_correcting_an_account_changes_it_by_the_difference_that_is_told(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    before, after = drawn(chance, "A"), drawn(chance, "B")
    (one, alone), _ = reprice(write(folder() / "a.jsonl", [before, after]))
    corrected = {**after, "adjusts": "A"}

    (_, found), _ = reprice(write(folder() / "a.jsonl", [before, corrected]))

    change = found.pop("change")
    assert found.pop("adjusts") == "A"
    assert bare([found]) == bare([alone])
    for name in AMOUNTS:
        known = None not in {one[name], alone[name]}
        assert change[name] == (alone[name] - one[name] if known else None)


@settings(max_examples=60)
@given(chances)
def test_every_record_of_a_damaged_file_is_a_result_or_a_reject_once(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    texts = [json.dumps(drawn(chance, f"A-{n}")) for n in range(6)]
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(texts))
        texts[at] = _damaged(chance, texts[at])
    file = folder() / "a.jsonl"
    file.write_text("\n".join(texts), encoding="utf-8")

    results, rejects = reprice(file)

    lines = [each["record"] for each in (*results, *rejects)]
    assert sorted(lines) == list(range(1, len(texts) + 1))
    schema = Draft202012Validator(REJECT)
    for each in rejects:
        schema.validate(each)


def _damaged(chance: Random, text: str) -> str:
    at = chance.randrange(len(text))
    how = chance.randrange(4)
    if how == 0:
        return text[:at] or "{"  # cut off
    if how == 1:
        return text[:at] + chance.choice('{}[]",:-9x\\') + text[at + 1 :]
    if how == 2:
        return json.dumps(
            {**json.loads(_whole(text)), "coverages": chance.choice([1, [], ["A"]])}
        )
    return "17"


def _whole(text: str) -> str:
    """Return `text` where it is a document, else one that is: damage comes upon damage."""
    try:
        whole = isinstance(json.loads(text), dict)
    except ValueError:
        whole = False
    return text if whole else '{"account_id": "X"}'


@settings(max_examples=60)
@given(chances)
def test_every_account_of_a_damaged_table_is_a_result_or_a_reject_once(
    reprice: Reprice, folder: Callable[[], Path], chance: Random
) -> None:
    rows = [row for n in range(4) for row in rows_of(drawn(chance, f"A-{n}"))]
    for _ in range(chance.randint(0, 5)):
        row = chance.choice(rows)
        name = chance.choice(list(row))
        row[name] = chance.choice(("", "x", "-1", "9.999", "A-1", "\u202e"))
    if chance.random() < 1 / 2:
        chance.shuffle(rows)

    results, rejects = reprice(write(folder() / "a.csv", [], rows))

    named = [each["account_id"] for each in results]
    named += [each["claim_id"] for each in rejects if each["claim_id"]]
    # An id that can't be read is not repeated: the row is rejected by its number.
    unnamed = [each["record"] for each in rejects if not each["claim_id"]]
    asked = {row.get("account_id", "") for row in rows}
    assert sorted(named) == sorted(asked - {"", "\u202e"})
    without = [
        at for at, row in enumerate(rows, 2) if row["account_id"] in {"", "\u202e"}
    ]
    assert sorted(unnamed) == without
