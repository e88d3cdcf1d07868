"""Files of accounts: documents and tables read alike, and what is wrong with them told."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from small_rules import written_rules
from whopays.api.accounts import AccountBook, Filed, ReadReport, Reject, load_accounts
from whopays.model.account import Account
from whopays.model.values import NONE, UNKNOWN

DATED = FACTS.replace(
    "size          of plan is number", "size of plan is number as of service_date"
)
ACCOUNT: dict[str, Any] = {
    "account_id": "A-1",
    "service_date": "2026-03-04",
    "patient": {"is_child": "no"},
    "lines": [{"line": "1", "billed": "100.00"}, {"line": "2", "billed": 50}],
    "coverages": [
        {
            "plan": "BETA",
            "method": "REST",
            "facts": {"kind": "group", "covers_as": "dependent", "since": "2002-01-01"},
            "balances": {"reserve_left": "20.00"},
        },
        {
            "plan": "ALPHA",
            "facts": {"kind": "group", "covers_as": "dependent", "since": "2001-01-01"},
            "lines": [
                {"line": "2", "paid": "0.00", "allowed": "40.00"},
                {"line": "1", "paid": "70.00", "allowed": "90.00"},
            ],
        },
    ],
}
ROWS = """\
account_id,line,plan,method,service_date,billed,paid,allowed,plan.kind,plan.covers_as,plan.since,patient.is_child,reserve_left
A-1,1,,,2026-03-04,100.00,,,,,,no,
A-1,2,,,,50,,,,,,,
A-1,,BETA,REST,,,,,group,dependent,2002-01-01,,20.00
A-1,,ALPHA,,,,,,group,dependent,2001-01-01,,
A-1,1,ALPHA,,,,70.00,90.00,,,,,
A-1,2,ALPHA,,,,0.00,40.00,,,,,
"""


@pytest.fixture
def book(tmp_path: Path) -> AccountBook:
    path = written_rules(tmp_path, f"{DATED}\n{METHODS}\n{ORDER}")
    return load_accounts(path, engine="reference")


def _changed(**changes: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(ACCOUNT)), **changes}


def _account(book: AccountBook, document: dict[str, Any]) -> Account:
    found = book.account(document)
    assert isinstance(found, Account), found
    return found


def _problem(book: AccountBook, document: dict[str, Any]) -> tuple[str, str]:
    found = book.account(document)
    assert isinstance(found, Reject)
    return found.field, found.reason


def test_a_document_is_read_in_whole_cents_with_the_lines_of_plans_by_their_numbers(
    book: AccountBook,
) -> None:
    read = _account(book, ACCOUNT)

    assert [line["billed"] for line in read.lines] == [10000, 5000]
    assert read.claim["patient.is_child"] is False
    alpha = read.coverage("ALPHA")
    assert alpha.lines == (
        {"paid": 7000, "allowed": 9000},
        {"paid": 0, "allowed": 4000},
    )
    assert read.coverage("BETA").balances == {"reserve_left": 2000}


def test_a_table_says_the_same_as_a_document(book: AccountBook, tmp_path: Path) -> None:
    path = written(tmp_path, "accounts.csv", ROWS)
    report = ReadReport()

    (filed,) = book.read(path, report)

    assert isinstance(filed, Filed)
    assert book.record(book.settle(filed.account)) == book.record(
        book.settle(_account(book, ACCOUNT))
    )
    assert report.notes() == ()


def test_a_parquet_table_says_the_same_as_a_csv(
    book: AccountBook, tmp_path: Path
) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only this test needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    head, *rows = [line.split(",") for line in ROWS.splitlines()]
    columns = {name: [row[at] or None for row in rows] for at, name in enumerate(head)}
    path = tmp_path / "accounts.parquet"
    pq.write_table(pa.table(columns), path)

    (filed,) = book.read(path)

    assert isinstance(filed, Filed)
    assert filed.account.coverages == tuple(
        _account(book, ACCOUNT).coverage(plan) for plan in ("BETA", "ALPHA")
    )


def test_posted_zero_none_and_nothing_are_three_things(book: AccountBook) -> None:
    document = _changed()
    document["coverages"][1]["amounts"] = {"otaf": None, "benefit": {"unknown": True}}

    said = _account(book, document).coverage("ALPHA")

    assert said.amounts == {"otaf": NONE, "benefit": UNKNOWN}
    assert said.of_line("paid", 1) == 0
    assert said.of_claim("paid") is UNKNOWN


@pytest.mark.parametrize(
    ("day", "size"),
    [
        ("2025-12-31", 19),
        ("2026-01-01", 25),
        ("2019-12-31", UNKNOWN),
        ("2026-07-01", UNKNOWN),
        ("2027-01-01", 30),
    ],
)
def test_a_dated_fact_has_the_value_of_the_day_and_none_in_a_gap(
    book: AccountBook, day: str, size: object
) -> None:
    document = _changed(service_date=day)
    document["coverages"][0]["facts"]["size"] = [
        {"from": "2026-01-01", "to": "2026-06-30", "value": 25},
        {"from": "2020-01-01", "to": "2025-12-31", "value": "19"},
        {"from": "2027-01-01", "value": 30},
    ]

    assert _account(book, document).coverages[0].facts["size"] == size


def test_a_dated_fact_of_lines_on_days_with_different_values_is_unknown(
    book: AccountBook,
) -> None:
    document = _changed()
    document["lines"][1]["service_date"] = "2025-12-31"
    document["coverages"][0]["facts"]["size"] = [
        {"to": "2025-12-31", "value": 19},
        {"from": "2026-01-01", "value": 25},
    ]

    read = _account(book, document)

    assert read.coverages[0].facts["size"] is UNKNOWN
    assert read.lines[0]["service_date"] == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("spells", "reason"),
    [
        (
            [{"to": "2026-01-01", "value": 1}, {"from": "2026-01-01", "value": 2}],
            "has two values that are in force on the same day",
        ),
        (
            [{"from": "2026-01-02", "to": "2026-01-01", "value": 1}],
            "has a value that ends before it begins",
        ),
        ([{"till": "2026-01-02", "value": 1}], "is not a list of values with"),
        ([17], "is not a list of values with"),
        ([{"from": 3, "value": 1}], "has a `from` or a `to` that is no date"),
    ],
)
def test_dated_values_that_make_no_sense_are_rejected(
    book: AccountBook, spells: list[Any], reason: str
) -> None:
    document = _changed()
    document["coverages"][0]["facts"]["size"] = spells

    field, told = _problem(book, document)

    assert field == "coverages[0].facts.size"
    assert told.startswith(reason)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"account_id": ""}, "account_id", "is missing"),
        ({"lines": []}, "lines", "is not a list of at least one element"),
        ({"lines": [7]}, "lines[0]", "is not a line: a JSON object"),
        ({"coverages": {}}, "coverages", "is not a list of at least one element"),
        ({"coverages": ["X"]}, "coverages[0]", "is not a coverage: a JSON object"),
        ({"coverages": [{}]}, "coverages[0].plan", "is missing"),
        (
            {"coverages": [{"plan": "A"}, {"plan": "A"}]},
            "coverages[1].plan",
            "was given before",
        ),
        (
            {"coverages": [{"plan": "A", "lines": [{"line": "9"}]}]},
            "coverages[0].lines[0].line",
            "is not the number of a line of the account",
        ),
        (
            {"coverages": [{"plan": "A", "amounts": {"paid": "SECRET"}}]},
            "coverages[0].amounts.paid",
            "is not an amount in dollars and cents such as 1234.50",
        ),
        (
            {"coverages": [{"plan": "A", "amounts": [1]}]},
            "coverages[0].amounts",
            "is not a JSON object",
        ),
        (
            {"coverages": [{"plan": "A", "facts": {"kind": "SECRET"}}]},
            "coverages[0].facts.kind",
            "is not one of group, medicare, medicaid",
        ),
        ({"patient": "SECRET"}, "patient", "is not a JSON object"),
        (
            {"reverses": "A-0"},
            "reverses",
            "takes an account back and needs nothing else",
        ),
        (
            {"coverages": [{"plan": str(n)} for n in range(21)]},
            "coverages",
            "has more than 20 elements",
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_field_without_what_it_holds(
    book: AccountBook, change: dict[str, Any], field: str, reason: str
) -> None:
    assert _problem(book, _changed(**change)) == (field, reason)


def test_unknown_words_are_noted_with_what_may_have_been_meant(
    book: AccountBook, tmp_path: Path
) -> None:
    document = _changed(servicedate="2026-01-01")
    document["coverages"][0]["amounts"] = {"alowed": "1.00"}
    path = written(tmp_path, "a.json", json.dumps(document))
    report = ReadReport()

    list(book.read(path, report))

    assert report.notes() == (
        "no word of an account is called `alowed`: ignored once; did you mean `allowed`?",
        (
            "no word of an account is called `servicedate`: ignored once; "
            "did you mean `service_date`?"
        ),
    )


def test_each_account_of_a_file_is_read_or_rejected_once(
    book: AccountBook, tmp_path: Path
) -> None:
    texts = [json.dumps(_changed()), "{", json.dumps(_changed()), "7", "", "[1"]
    texts.append(json.dumps(_changed(account_id="A-2")))
    path = written(tmp_path, "a.jsonl", "\n".join(texts))
    report = ReadReport()

    found = list(book.read(path, report))

    assert [type(each).__name__ for each in found] == [
        *("Filed", "Reject", "Reject", "Reject", "Reject", "Filed")
    ]
    assert (report.lines, report.rejects) == (2, 4)


def test_rows_that_contradict_each_other_reject_their_account_alone(
    book: AccountBook, tmp_path: Path
) -> None:
    other = "A-2,1,,,2026-03-04,1.00,,,,,,,\nA-2,1,,,2026-03-05,,,,,,,,\n"
    lost = "A-3,1,,,,1.00,5.00,,,,,,\n"
    path = written(tmp_path, "a.csv", ROWS + other + lost)

    found = list(book.read(path))

    assert isinstance(found[0], Filed)
    rejects = [each for each in found if isinstance(each, Reject)]
    assert [(each.claim_id, each.field, each.reason) for each in rejects] == [
        ("A-2", "service_date", "is not the same in all rows that say it"),
        ("A-3", "paid", "is of a plan, and the row names none"),
    ]


def test_an_account_whose_rows_are_scattered_is_rejected_whole(
    book: AccountBook, tmp_path: Path
) -> None:
    one, *rest = ROWS.splitlines()[1:]
    other = "A-2,1,,,2026-03-04,1.00,,,,,,,\nA-2,,BETA,,,,,,,,,,"
    text = "\n".join([ROWS.splitlines()[0], one, other, *rest])
    path = written(tmp_path, "a.csv", text)

    reject, filed = book.read(path)

    assert isinstance(reject, Reject)
    assert (reject.claim_id, reject.field) == ("A-1", "account_id")
    assert isinstance(filed, Filed)
    assert filed.account.id == "A-2"


def test_documents_follow_the_published_schema(book: AccountBook) -> None:
    schema = book.schema()
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema).is_valid
    assert valid(ACCOUNT)
    assert valid({"account_id": "A-9", "reverses": "A-1"})
    assert not valid(_changed(coverages=[]))


def test_the_account_of_the_readme_is_read_without_a_note_and_balances(
    tmp_path: Path,
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    text = readme.partition("```account\n")[2].partition("```")[0]
    book = load_accounts(engine="reference")
    report = ReadReport()

    (filed,) = book.read(written(tmp_path, "a.json", text), report)

    assert isinstance(filed, Filed)
    assert report.notes() == ()
    settled = book.settle(filed.account)
    assert (settled.status, settled.patient, settled.write_off) == ("balanced", 0, 2500)
    assert settled.order.places == (("EMPLOYER",), ("MEDICARE",))


def test_lines_stand_by_their_numbers_in_whatever_order_they_come(
    book: AccountBook,
) -> None:
    numbers = ["10", "9", "2b", "2"]
    lines = [{"line": n, "billed": f"{at}.00"} for at, n in enumerate(numbers, 1)]
    said = [{"line": n, "paid": f"0.0{at}"} for at, n in enumerate(numbers, 1)]
    plan = {"plan": "A", "lines": said[:3]}
    document = {"account_id": "A-1", "lines": lines, "coverages": [plan]}

    read = _account(book, document)

    assert read.numbers == ("2", "9", "10", "2b")
    assert [line["billed"] for line in read.lines] == [400, 200, 100, 300]
    assert [line.get("paid") for line in read.coverages[0].lines] == [None, 2, 1, 3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (
            {"lines": [{"billed": "1"}, {"billed": "-1.00"}]},
            "lines[1].billed",
        ),
        (
            {"coverages": [{"plan": "A", "lines": [{"line": "2", "paid": "-0.01"}]}]},
            "coverages[0].lines[line 2].paid",
        ),
        (
            {"coverages": [{"plan": "A", "amounts": {"percent": "-5"}}]},
            "coverages[0].amounts.percent",
        ),
        (
            {"coverages": [{"plan": "A", "balances": {"reserve_left": "-5"}}]},
            "coverages[0].balances.reserve_left",
        ),
        (
            {"coverages": [{"plan": "A", "amounts": {"paid": "-5"}}]},
            "coverages[0].amounts.paid",
        ),
    ],
)
def test_amounts_below_zero_are_rejected(
    book: AccountBook, change: dict[str, Any], field: str
) -> None:
    found, reason = _problem(book, _changed(**change))

    assert found == field
    assert reason.startswith("is below zero")


def test_a_part_for_the_claim_may_be_below_zero_where_lines_make_up_for_it(
    book: AccountBook,
) -> None:
    document = _changed()
    document["coverages"][1]["amounts"] = {"paid": "-10.00"}

    settled = book.settle(_account(book, document))

    assert settled.payers[0].payment.cents == 6000


def test_a_total_that_repeats_its_lines_is_no_second_payment(book: AccountBook) -> None:
    document = _changed()
    lines = document["coverages"][1]["lines"]
    total = sum(Decimal(line["paid"]) for line in lines if "paid" in line)
    document["coverages"][1]["amounts"] = {"paid": str(total)}

    field, reason = _problem(book, document)

    assert field == "coverages[1].amounts.paid"
    assert reason.startswith("is the sum of what the lines say")
    document["coverages"][1]["amounts"] = {"paid": str(total + 1)}
    settled = book.settle(_account(book, document))
    assert settled.payers[0].payment.cents == int((2 * total + 1) * 100)


def test_the_number_of_the_hospital_is_read_from_documents_and_tables(
    tmp_path: Path,
) -> None:
    book = load_accounts(written_rules(tmp_path, f"{FACTS}\n{METHODS}\n{ORDER}"))
    read = book.account({**ACCOUNT, "account_number": 77})
    table = tmp_path / "a.csv"
    table.write_text(
        "account_id,account_number,line,plan,billed\nA,77,1,,5.00\nA,,,ALPHA,\n",
        encoding="utf-8",
    )
    (filed,) = book.read(table)

    assert isinstance(read, Account)
    assert isinstance(filed, Filed)
    assert (read.number, filed.account.number) == ("77", "77")
    Draft202012Validator(book.schema()).validate({**ACCOUNT, "account_number": 77})
    wrong = book.account({**ACCOUNT, "account_number": ["77"]})
    assert isinstance(wrong, Reject)
    assert wrong.field == "account_number"


def test_a_method_that_is_no_name_rejects_the_account(tmp_path: Path) -> None:
    book = load_accounts(written_rules(tmp_path, f"{FACTS}\n{METHODS}\n{ORDER}"))
    plan = {**ACCOUNT["coverages"][0], "method": ["REST"]}

    read = book.account({**ACCOUNT, "coverages": [plan]})

    assert isinstance(read, Reject)
    assert read.field == "coverages[0].method"


SIZES = """\
account_id,line,plan,from,to,service_date,billed,plan.kind,plan.size
A-1,1,,,,2026-03-04,100.00,,
A-1,,BETA,,2025-12-31,,,,19
A-1,,BETA,2026-01-01,,,,group,25
"""


def test_rows_with_days_give_the_facts_that_change(
    book: AccountBook, tmp_path: Path
) -> None:
    (filed,) = book.read(written(tmp_path, "accounts.csv", SIZES))

    assert isinstance(filed, Filed)
    (beta,) = filed.account.coverages
    assert beta.facts == {"kind": "group", "size": 25}
    assert [spell.value for spell in beta.dated["size"]] == [19, 25]


def test_days_of_a_parquet_table_may_be_dates(
    book: AccountBook, tmp_path: Path
) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only this test needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    head, *rows = [line.split(",") for line in SIZES.splitlines()]
    columns: dict[str, Any] = {
        name: [row[at] or None for row in rows] for at, name in enumerate(head)
    }
    for name in ("from", "to"):
        days = [day and date.fromisoformat(day) for day in columns[name]]
        columns[name] = pa.array(days, pa.date32())
    path = tmp_path / "accounts.parquet"
    pq.write_table(pa.table(columns), path)

    (filed,) = book.read(path)

    assert isinstance(filed, Filed)
    assert filed.account.coverages[0].facts["size"] == 25


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("A-1,,BETA,2026-01-01,,,,,30", "coverages[0].facts.size", "the same day"),
        ("A-1,,BETA,2026-01-01,,,,group,", "from", "has no fact that changes"),
        ("A-1,,BETA,,,,,,30", "plan.size", "is not the same in all rows"),
        ("A-1,,,2027-01-01,,,,,30", "plan.size", "the row names none"),
        ("A-1,,BETA,1/1/2027,,,,,30", "coverages[0].facts.size", "is not a date"),
    ],
)
def test_days_that_make_no_sense_reject_their_account(
    book: AccountBook, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    (reject,) = book.read(written(tmp_path, "accounts.csv", f"{SIZES}{row}\n"))

    assert isinstance(reject, Reject)
    assert (reject.field, reason in reject.reason) == (field, True), reject.reason


def test_a_value_without_days_does_not_go_with_one_that_has_some(
    book: AccountBook, tmp_path: Path
) -> None:
    plain = SIZES.replace("A-1,,BETA,,2025-12-31,", "A-1,,BETA,,,")

    (reject,) = book.read(written(tmp_path, "accounts.csv", plain))

    assert isinstance(reject, Reject)
    assert reject.reason == "has one value with days and one without"


def test_facts_of_the_patient_may_have_days(tmp_path: Path) -> None:
    facts = DATED.replace(
        "is_child      of patient is yes or no",
        "is_child of patient is yes or no as of service_date",
    )
    path = written_rules(tmp_path, f"{facts}\n{METHODS}\n{ORDER}")
    book = load_accounts(path, engine="reference")
    over = [{"to": "2026-03-03", "value": "yes"}, {"from": "2026-03-04", "value": "no"}]
    document = _changed(patient={"is_child": over})

    assert _account(book, document).claim["patient.is_child"] is False
    assert list(Draft202012Validator(book.schema()).iter_errors(document)) == []
    table = (
        "account_id,line,from,to,service_date,billed,patient.is_child,plan\n"
        "A-1,1,,,2026-03-04,100.00,,\nA-1,,,2026-03-03,,,yes,\n"
        "A-1,,2026-03-04,,,,no,\nA-1,,,,,,,ALPHA\n"
    )
    (filed,) = book.read(written(tmp_path, "accounts.csv", table))
    assert isinstance(filed, Filed)
    assert filed.account.claim["patient.is_child"] is False


def test_the_word_none_in_a_table_says_that_there_is_none(
    book: AccountBook, tmp_path: Path
) -> None:
    table = (
        "account_id,line,billed,otaf,plan,plan.kind\n"
        "A-1,1,100.00,,,\nA-1,1,,None,ALPHA,group\n"
    )
    (filed,) = book.read(written(tmp_path, "accounts.csv", table))
    assert isinstance(filed, Filed)
    assert filed.account.coverages[0].of_line("otaf", 0) is NONE

    wrong = table.replace("None,ALPHA,group", ",ALPHA,none")
    (reject,) = book.read(written(tmp_path, "accounts.csv", wrong))
    assert isinstance(reject, Reject)
    assert reject.field == "coverages[0].facts.kind"
