"""`whopays export apcd`: money elements of lines in the layouts of claims databases."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import Command, Told
from component_claims import NETWORK, document
from whopays.api.exports import read_layout, shipped_layouts
from whopays.api.terms import load_terms
from whopays.diagnostics import Diagnostic, DiagnosticError, Source
from whopays.terms.answers import NOT_APPLICABLE
from whopays.terms.exported import BY_LAYOUT, WRITTEN
from whopays.terms.exported import Exporter as Exporter_
from whopays.terms.layout_file import Names, parse_layout
from whopays.terms.rows import COMPONENTS

BOOK = load_terms()
NAMES = Names(BOOK.words, BOOK.facts)
NOT_CAPITATED = {**NETWORK, "capitated": "no", "contract_max": "170.00"}
CAPITATED = {
    "billed": "140.00",
    "discount": "40.00",
    "copay": "15.00",
    "prepaid": "85.00",
    "capitated": "yes",
    "contract_max": None,
}
DENIED = {"billed": "180.00", "noncovered": "30.00", "denied": "150.00"}
HEAD = "name: Mine\nempty: not known\nelements:\n"
X12 = Path(__file__).parents[2].parent / "shared" / "data" / "x12"


class Exporter:
    """Exports claim documents, and reads what was written."""

    def __init__(self, run: Command, folder: Path) -> None:
        self.run, self.folder = run, folder
        self.out = folder / "out.csv"

    def __call__(
        self, layout: str, *lines: dict[str, Any], words: tuple[str, ...] = ()
    ) -> Told:
        claims = self.folder / "claims.json"
        claims.write_text(json.dumps(document(*lines)), encoding="utf-8")
        return self.of(layout, claims, *words)

    def of(self, layout: str, claims: Path, *words: str) -> Told:
        command = ("export", "apcd", "--layout", layout, claims, "-o", self.out)
        return self.run(*command, *words)

    @property
    def rows(self) -> list[dict[str, str]]:
        return self._read("out.csv")

    @property
    def problems(self) -> list[dict[str, str]]:
        return self._read("out.csv.problems.csv")

    @property
    def manifest(self) -> dict[str, Any]:
        text = (self.folder / "out.csv.manifest.json").read_text("utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def _read(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def export(whopays: Command, tmp_path: Path) -> Exporter:
    return Exporter(whopays, tmp_path)


# What is written

#: Amounts of the two lines in each layout, worked out by hand from their components.
BY_HAND = {
    "colorado": {
        "MC062": ("250.00", "140.00"),
        "MC063": ("110.00", "0.00"),
        "MC064": ("", "85.00"),
        "MC065": ("20.00", "15.00"),
        "MC066": ("10.00", "0.00"),
        "MC067": ("30.00", "0.00"),
    },
    "washington": {
        "MC062": ("250.00", "140.00"),
        "MC063": ("105.00", "0.00"),
        "MC064": ("", "85.00"),
        "Allowed amount": ("170.00", ""),
    },
    "massachusetts": {
        "MC063": ("105.00", "0.00"),
        "MC064": ("", "85.00"),
        "MC098": ("170.00", ""),
        "MC116": ("5.00", "0.00"),
    },
    "apcd-cdl": {
        "Charge Amount": ("250.00", "140.00"),
        "Allowed Amount": ("170.00", "100.00"),
        "Plan Paid Amount": ("110.00", "0.00"),
        "Prepaid Amount": ("", "85.00"),
        "Withhold Amount": ("5.00", "0.00"),
    },
    "arkansas": {
        "MC063": ("105.00", "0.00"),
        "MC064": ("", "85.00"),
        "MC067": ("30.00", "0.00"),
        "MC206": ("N", "Y"),
    },
}


@pytest.mark.parametrize("layout", BY_HAND)
def test_a_layout_has_each_amount_in_its_own_words(
    export: Exporter, layout: str
) -> None:
    assert export(layout, NOT_CAPITATED, CAPITATED).code == 0

    found = {name: tuple(row[name] for row in export.rows) for name in BY_HAND[layout]}
    assert found == BY_HAND[layout]


def test_every_shipped_layout_is_read_and_tried() -> None:
    assert set(shipped_layouts()) == set(BY_HAND)
    for name in shipped_layouts():
        assert read_layout(name, BOOK).layout.empty


def test_prepaid_is_empty_unless_the_line_is_capitated(export: Exporter) -> None:
    unsaid = {name: cents for name, cents in NETWORK.items() if name != "capitated"}
    run = export("colorado", NOT_CAPITATED, CAPITATED, unsaid)

    assert [row["MC064"] for row in export.rows] == ["", "85.00", ""]
    # Empty as the layout says, written, and not known: only the last is a problem.
    assert [(each["place"], each["why"]) for each in export.problems] == [
        ("line 3", "needs capitated (yes or no)")
    ]
    assert "by the layout 1, undetermined 1" in run.out
    assert "facts most needed: capitated (1)" in run.out
    export("colorado", unsaid, words=("--facts", "capitated no"))
    assert export.problems == []


def test_nothing_that_is_missing_is_written_as_zero(export: Exporter) -> None:
    claim = {"adjudicated": "no", "billed": "250.00", "copay": "20.00"}
    run = export("apcd-cdl", claim)
    (row,) = export.rows

    amounts = {name: text for name, text in row.items() if name.endswith("Amount")}
    assert {name for name, text in amounts.items() if text} == {
        "Charge Amount",
        "Copay Amount",
    }
    told = {each["element"]: each for each in export.problems}
    assert told["Plan Paid Amount"]["severity"] == "error"
    assert told["Withhold Amount"]["severity"] == "warning"
    assert told["Plan Paid Amount"]["problem"] == "undetermined"
    assert (run.code, "not checked whether the charge adds up" in run.out) == (1, True)


def test_a_component_that_is_not_given_is_zero_where_the_line_is_adjudicated(
    export: Exporter,
) -> None:
    absent = {"copay": None, "medicare_paid": None, "withhold": None}
    silent = {name: cents for name, cents in NETWORK.items() if name not in absent}
    export("massachusetts", {**NETWORK, **absent}, silent)

    # That Medicare paid nothing is no part of the charge, and nobody said so.
    for row in export.rows:
        assert [row[each] for each in ("MC065", "MC116", "MC097")] == ["0.00"] * 2 + [
            ""
        ]


def test_a_null_of_a_line_that_does_not_say_adjudicated_is_not_written_as_zero(
    export: Exporter,
) -> None:
    line = {**NETWORK, "adjudicated": None, "copay": None, "coinsurance": "0.00"}
    export("massachusetts", line)
    (row,) = export.rows

    assert (row["MC065"], row["MC066"]) == ("", "0.00")


def test_a_source_that_says_nothing_leaves_the_element_empty(export: Exporter) -> None:
    export("washington", {**CAPITATED, "contract_max": None})

    (told,) = export.problems
    assert (told["element"], told["problem"]) == ("Allowed amount", "undefined")
    assert "there is no contract" in told["why"]


def test_each_word_of_a_source_is_told_as_what_it_is(
    export: Exporter, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    wac = 'billed_charge by "WAC 182-550-1050"'
    own.write_text(
        f"{HEAD}"
        f"  - {{name: open, is: {wac}}}\n"
        f"  - {{name: one_line, is: {wac}, reading: one_line}}\n"
        f"  - {{name: whole_claim, is: {wac}, reading: whole_claim}}\n"
        '  - {name: whole, is: allowed_covered_charges by "WAC 182-550-1050"}\n'
        '  - {name: rate, is: coinsurance by "Oregon OAR 409-025"}\n'
        '  - {name: drug, is: paid_amount by "NCPDP D.0"}\n'
        '  - {name: flag, is: capitated_service by "Maine ch. 243", codes: {yes: Y}}\n',
        encoding="utf-8",
    )
    line = {
        **NOT_CAPITATED,
        "claim_type": "institutional",
        "coinsurance_percent": "20",
    }
    export(str(own), line, line)

    found = [{**row} for row in export.rows]
    assert found == 2 * [{**dict.fromkeys(found[0], ""), "one_line": "250.00"}]
    told = {each["element"]: each["problem"] for each in export.problems}
    assert told == {
        "open": "ambiguous",
        "whole_claim": "of the claim",
        "whole": "of the claim",
        "rate": "a percent",
        "flag": "no code",
    }
    # Of a claim of one line the claim's amount is the line's.
    export(str(own), line)
    assert [export.rows[0][name] for name in ("open", "whole")] == ["250.00", "250.00"]


def test_the_file_to_write_is_neither_claims_nor_layout(
    export: Exporter, whopays: Command, tmp_path: Path
) -> None:
    export("colorado", NOT_CAPITATED)
    own = tmp_path / "own.yaml"
    own.write_text(f"{HEAD}  - {{name: A, is: billed}}\n", encoding="utf-8")
    before = own.read_bytes()
    command = ("export", "apcd", "--layout", own, tmp_path / "claims.json", "-o", own)

    assert whopays(*command).code == 2
    assert own.read_bytes() == before


AMOUNTS = st.one_of(st.none(), st.just("unknown"), st.integers(-500, 500))


@given(
    st.dictionaries(st.sampled_from((*COMPONENTS, "billed", "contract_max")), AMOUNTS),
    st.sampled_from(sorted(BY_HAND)),
    st.sampled_from(["yes", "no", None]),
    st.sampled_from(["professional", "pharmacy", None]),
)
def test_an_amount_is_written_where_it_is_known_and_told_where_not(
    amounts: dict[str, int | str | None],
    layout: str,
    capitated: str | None,
    kind: str | None,
) -> None:
    line: dict[str, Any] = {
        name: f"{cents / 100:.2f}" if isinstance(cents, int) else None
        for name, cents in amounts.items()
        if cents != "unknown"
    }
    whole = {"claim_type": kind, "capitated": capitated, "adjudicated": "no"}
    said = {name: value for name, value in whole.items() if value is not None}
    claim = BOOK.claim({"claim_id": "C-1", **said, "lines": [{"line": "1", **line}]})
    read = read_layout(layout, BOOK).layout
    found = Exporter_(read, BOOK.words, BOOK.facts).export(claim)
    told = {each.element for each in found.problems}
    row = claim.rows[0]
    for cells in found.rows:
        for element, cell in zip(read.elements, cells, strict=True):
            assert (cell.status == WRITTEN) == bool(cell.text)
            if cell.status not in {WRITTEN, BY_LAYOUT, NOT_APPLICABLE}:
                assert element.label in told
            if element.fact in COMPONENTS and cell.status == WRITTEN:
                cents = row.cents(element.fact)
                assert cents is not None
                assert cell.text == f"{cents / 100:.2f}"
            if element.fact in COMPONENTS and row.cents(element.fact) is None:
                assert not cell.text


def test_denied_lines_are_left_out_where_the_layout_says_so(export: Exporter) -> None:
    run = export("washington", NOT_CAPITATED, DENIED)
    assert [row["MC005"] for row in export.rows] == ["1"]
    assert "denied, and left out as the layout says: 1 line" in run.out
    export("colorado", NOT_CAPITATED, DENIED)
    assert [row["MC005"] for row in export.rows] == ["1", "2"]
    # Not covered is not denied, nor is a line with a charge of zero.
    export("washington", {"billed": "30.00", "noncovered": "30.00"}, {"billed": "0.00"})
    assert [row["MC005"] for row in export.rows] == ["1", "2"]


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("apcd-cdl", ("Medicare Paid Amount", "Other Insurance Paid Amount")),
        ("massachusetts", ("MC097", "MC096")),
    ],
)
def test_what_others_paid_is_not_what_they_are_credited_with(
    export: Exporter, layout: str, names: tuple[str, str]
) -> None:
    behind = {"billed": "300.00", "discount": "200.00", "medicare_credited": "80.00"}
    export(layout, {**behind, "medicare_paid": "85.00", "plan_paid": "20.00"})

    (row,) = export.rows
    assert [row[each] for each in names] == ["85.00", ""]


def test_reversals_are_below_zero(export: Exporter) -> None:
    export("colorado", {name: f"-{amount}" for name, amount in NETWORK.items()})
    (row,) = export.rows

    assert (row["MC062"], row["MC063"], row["MC067"]) == (
        "-250.00",
        "-110.00",
        "-30.00",
    )


def test_amounts_that_do_not_add_up_are_told_with_their_numbers(
    export: Exporter,
) -> None:
    run = export("colorado", {**NOT_CAPITATED, "discount": "79.00"})

    (told,) = export.problems
    assert (told["problem"], told["element"], run.code) == ("unbalanced", "I1", 1)
    assert "they differ by $1.00" in told["why"]


def test_what_is_of_the_claim_as_a_whole_is_told_and_not_spread(
    export: Exporter,
) -> None:
    whole = {
        "level": "claim",
        "billed": "0.00",
        "discount": "-3.00",
        "plan_paid": "3.00",
    }
    export("colorado", {**NOT_CAPITATED, "capitated": "no"}, whole)

    assert len(export.rows) == 1
    told = [each["why"] for each in export.problems if each["element"] == "plan_paid"]
    assert told == ["given for the claim, in no line of the file: $3.00"]


def test_a_claim_id_is_no_formula_of_a_spreadsheet(
    export: Exporter, tmp_path: Path
) -> None:
    claims = tmp_path / "claims.json"
    whole = {**document(NOT_CAPITATED), "claim_id": "=1+1"}
    claims.write_text(json.dumps(whole), encoding="utf-8")
    export.of("colorado", claims)

    assert export.rows[0]["MC004"] == "'=1+1"


@pytest.mark.skipif(not X12.is_dir(), reason="the shared data is not there")
def test_views_of_other_payers_are_not_exported(export: Exporter) -> None:
    claim = X12 / "837p-tr3-examples" / "demo.cob.example3.B.837"
    run = export.of("colorado", claim)

    assert len(export.rows) == 3
    assert "left out, as what other payers have seen: 1 claim" in run.out
    assert {row["MC063"] for row in export.rows} == {""}


def test_the_manifest_has_the_digests_of_rules_layout_and_claims(
    export: Exporter,
) -> None:
    export("colorado", NOT_CAPITATED)
    found = export.manifest

    assert found["layout"]["file"] == "colorado.yaml"
    assert {each["file"] for each in found["rules"]} >= {"colorado.rules"}
    assert [each["file"] for each in found["claims"]] == ["claims.json"]
    assert found["counts"]["elements"]["MC064 Prepaid amount"] == {"by the layout": 1}


def test_an_error_leaves_the_file_as_it_was(
    export: Exporter, whopays: Command, tmp_path: Path
) -> None:
    export("colorado", NOT_CAPITATED)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    lost = export.of("colorado", tmp_path / "lost.json")
    own = whopays(
        *("export", "apcd", "--layout", "colorado", tmp_path / "claims.json"),
        *("-o", tmp_path / "claims.json"),
    )
    layout = export.of("colorad", tmp_path / "claims.json")

    assert (lost.code, own.code, layout.code) == (2, 2, 2)
    assert "did you mean colorado?" in layout.err
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


# Layouts


def _problems(text: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as caught:
        parse_layout(Source("mine.yaml", text), NAMES)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("element", "code", "help_"),
    [
        ("{name: A, is: biled}", "M070", "did you mean `billed`?"),
        (
            'name: A\n    is: paid_amount by "Colorado DGS"',
            "M070",
            'did you mean `paid_amount by "Colorado DSG"`?',
        ),
        (
            '{name: A, is: paid_amount by "APCD Council", reading: custm}',
            "M071",
            "did you mean `custom`?",
        ),
        ("{name: A, is: billed, reading: custom}", "M071", ""),
        (
            "{name: A, is: prepaid, only_when: capitatd yes}",
            "M072",
            "did you mean `capitated`?",
        ),
        ("{name: A, is: prepaid, only_when: product unknown}", "M072", ""),
        ("{name: A, is: billed, requierd: yes}", "M003", "did you mean `required`?"),
        ("{name: A}", "M005", ""),
        ("just text", "M006", ""),
    ],
)
def test_a_mistake_in_a_layout_is_told_at_its_place(
    element: str, code: str, help_: str
) -> None:
    found = [each for each in _problems(f"{HEAD}  - {element}\n") if each.code == code]

    assert len(found) == 1
    assert found[0].labels[0].span.line in {4, 5}
    assert help_ in found[0].help


def test_an_element_stands_once_and_the_layout_says_what_empty_means() -> None:
    twice = "  - {name: A, is: billed}\n  - {id: A, name: B, is: copay}\n"
    assert [each.code for each in _problems(HEAD + twice)] == ["M009"]
    (silent,) = _problems("name: Mine\nelements:\n  - {name: A, is: billed}\n")
    assert silent.message == "the layout does not say `empty`"


def test_a_layout_of_ones_own_has_names_and_a_delimiter(
    export: Exporter, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        'name: Mine\ndelimiter: "|"\nheader: names\nempty: not known\nelements:\n'
        "  - {id: X1, name: Charge, is: billed}\n"
        "  - {name: Kind, is: claim_type, codes: {professional: P}}\n"
        "  - {name: Day, is: service_date}\n",
        encoding="utf-8",
    )
    run = export(str(own), {**NETWORK, "service_date": "2026-03-04"})
    text = export.out.read_text("utf-8")

    assert text == "Charge|Kind|Day\n250.00|P|20260304\n"
    assert run.code == 0
