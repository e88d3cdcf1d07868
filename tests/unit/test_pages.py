"""Pages of HTML: what they say, and that they need nothing but themselves."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from page_structure import Page, read_page
from small_rules import CATALOG, FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.api import check
from whopays.api.pages import page_of_check, page_of_lines, page_of_tests
from whopays.claims import Reject
from whopays.diagnostics import Edit, Source, Span
from whopays.model.claim import Line
from whopays.model.values import NONE, Value
from whopays.pages.mended import mended
from whopays.pages.render import visible, words

OTHER = """\
exception X-1 to A "Visits"
  cites "Note 1"
  when network is outside
  then PLAN 50%, IPA 50%
end
"""
AMENDMENT = """\
amendment 1 to K version 1
  signed 2025-05-01
  in force 2025-06-01 onward
  replace A "Rooms" with PLAN cites "Amendment 1, §1"
  withdraw A "Visits" when area is outside
  rename party IPA "The new group"
end
"""
TEST = """\
test "{title}"
  contract K
  given procedure_code CPT 99213, area inside, network inside
  given product HMO, service_date 2025-03-04
  expect {who} 100%
end
"""
GIVEN: dict[str, Value] = {
    "product": "HMO",
    "procedure_code": "99213",
    "revenue_code": NONE,
    "area": "inside",
    "network": "outside",
    "service_date": "2025-03-04",
}


def of_check(folder: Path, text: str) -> Page:
    """Return the page of the check of `text`, which has no problems of its own."""
    page = read_page(page_of_check(check(written_rules(folder, text))))
    assert page.problems == []
    return page


def of_tests(folder: Path, *more: str) -> Page:
    book = book_of(folder, rules(*more))
    page = read_page(page_of_tests(book, book.run_tests(), book.coverage()))
    assert page.problems == []
    return page


def of_lines(
    folder: Path,
    *more: str,
    rejects: tuple[Reject, ...] = (),
    why_not: str | None = None,
    **facts: Value,
) -> Page:
    book = book_of(folder, rules(*more))
    given: dict[str, Value] = {**GIVEN, "allowed": 12001, **facts}
    claim = {
        **{name: None if value is NONE else value for name, value in given.items()},
        "claim_id": "C-7",
        "lines": [{"line": 1, "allowed": "120.01"}],
    }
    del claim["allowed"]
    decided = [(each, None) for each in book.decide(claim)]
    page = read_page(page_of_lines(book, decided, rejects, why_not))
    assert page.problems == []
    return page


# check


LIMIT = """\
limit L-1 "Stop loss"
  cites "§6.4"
  when age > 64
  applies to shares of IPA
  counts lesser of (allowed, billed)
  per member per contract year from 2024-07-01
  first IPA up to $10,000.00
  then PLAN 80%, IPA 20% up to $50,000.00
  then PLAN
  yields to L-2
end

limit L-2 "Years"
  applies to shares of IPA
  counts age
  per claim
  first IPA up to 60
  then PLAN
end
"""
AMOUNTS = """\
methods M "Methods of ours"
  version 1
  facts from F 1
end

method RESERVE "What is left"
  cites "§7"
  for secondary, tertiary
  per line
  when age > 64
  let left_over = billed - allowed
  pay left_over
    not below $0.00
    not above billed
  patient owes billed - own_paid
  rounded half even
end

method MANUAL "By hand"
  for equal
  calculate by hand
end

order O "Order of ours"
  version 1
  facts from F 1
  rule OLD "The old one"
    cites "§8"
    this ahead of other
    when this.since < other.since
  end
  otherwise share equally
end

terms T "Words of ours"
  version 1
  facts from F 1
end

term paid by "A source"
  called "Paid amount"
  in force 2026-01-01 onward
  per line
  is allowed
    not above billed
  reading whole per claim is sum of allowed
end

term charge by "B"
  undefined because "it is silent"
end
"""


def test_page_shows_what_limits_say(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules(LIMIT))

    (row,) = (each for each in page.rows if each[0] == "L-1")
    assert row[1:4] == [
        "Stop loss",
        "age > 64",
        (
            "applies to shares of IPA counts lesser of (allowed, billed) "
            "per member per contract year from 2024-07-01 first IPA up to $10,000.00 "
            "then PLAN 80%, IPA 20% up to $50,000.00 then PLAN yields to L-2"
        ),
    ]
    (row,) = (each for each in page.rows if each[0] == "L-2")
    assert row[2] == "always"
    assert row[3].endswith("counts age per claim first IPA up to 60 then PLAN")


def test_page_shows_methods_orders_and_terms(tmp_path: Path) -> None:
    facts = FACTS.replace("end\n", "  fact since of plan is date\nend\n")

    page = of_check(tmp_path, rules(AMOUNTS, facts=facts))

    assert "How amounts are calculated" in page.text
    rows = {row[0]: row[1:] for row in page.rows if row}
    assert rows["RESERVE"][:3] == [
        "What is left",
        "age > 64",
        (
            "for secondary, tertiary per line let left_over = billed - allowed "
            "pay left_over not below $0.00 not above billed "
            "patient owes billed - own_paid rounded half even"
        ),
    ]
    assert rows["MANUAL"][2] == "for equal calculate by hand"
    assert rows["OLD"][:3] == ["The old one", "this.since < other.since", "§8"]
    assert rows["paid"][:3] == [
        "A source (Paid amount)",
        "always in force 2026-01-01 onward",
        (
            "per line is allowed not above billed "
            "reading whole per claim is sum of allowed"
        ),
    ]
    assert rows["charge"][2] == 'undefined because "it is silent"'


def test_page_without_methods_says_nothing_of_them(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules())

    assert "How amounts are calculated" not in page.text


def test_page_of_sound_rules_says_that_one_answer_stands(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules())

    assert page.texts("h1") == ["Check of K"]
    assert page.texts("strong", "badge") == ["✓ usable", "✓ proved"]
    assert "exactly one answer stands" in page.text
    assert "lines of no category" in page.texts("li")


def test_page_shows_both_places_of_a_conflict_and_an_example(tmp_path: Path) -> None:
    other = OTHER.replace("X-1", "X-2").replace("50%, IPA 50%", "100%")

    page = of_check(tmp_path, rules(OTHER, other))

    assert page.texts("strong", "badge") == ["✗ not usable", "✗ not proved"]
    (article,) = page.texts("article")
    assert "✗ error C002" in article
    assert len([each for each in page.elements if each.tag == "mark"]) == 2
    assert "network outside" in article
    assert "help make one an exception to the other" in article


def test_page_marks_the_words_that_a_report_is_about(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules(grid=GRID.replace("area is inside", "aera is it")))

    assert page.texts("h1") == ["Check of K"]
    assert page.texts("mark", "first") == ["aera"]
    assert page.texts("pre")[0].endswith("| Visits | aera is it | | x |")
    assert "Nothing is decided by these rules" in page.text


def test_page_shows_the_line_as_it_reads_after_the_help(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules(grid=GRID.replace("area is ins", "aera is ins")))

    assert page.texts("ins") == ["area"]
    assert page.texts("pre")[1].endswith("| Visits | area is inside | | x |")


@pytest.mark.parametrize(
    ("edits", "pieces"),
    [
        ([(6, 9, "2")], [("one = ", False), ("2", True)]),
        ([(0, 0, "# ")], [("# ", True), ("one = two", False)]),
        (
            [(6, 9, "three"), (0, 3, "two")],
            [("two", True), (" = ", False), ("three", True)],
        ),
        ([(10, 10, "and ")], [("and ", True), ("last", False)]),
        ([(9, 10, " ")], [("one = two", False), (" ", True), ("last", False)]),
    ],
)
def test_edits_are_shown_within_their_lines(
    edits: list[tuple[int, int, str]], pieces: list[tuple[str, bool]]
) -> None:
    source = Source("a.rules", "one = two\nlast\n")

    found = mended(tuple(Edit(Span(source, *at), text) for *at, text in edits))

    assert found is not None
    assert list(found.pieces) == pieces


@pytest.mark.parametrize(
    "edits",
    [
        [],
        [(0, 3, "x"), (2, 4, "y")],
        [(0, 9, "")],
        [(0, 3, "a\n" * 6)],
        [(0, 3, "a" * 601)],
    ],
    ids=["none", "they overlap", "nothing is left", "many lines", "long"],
)
def test_edits_that_would_bury_the_report_are_not_shown(
    edits: list[tuple[int, int, str]],
) -> None:
    source = Source("a.rules", "one = two\nlast\n")

    assert mended(tuple(Edit(Span(source, *at), text) for *at, text in edits)) is None


def test_page_lists_several_problems_with_links_to_each(tmp_path: Path) -> None:
    grid = GRID.replace("Rooms ", "Roms ").replace("area is inside", "aera is it")

    page = of_check(tmp_path, rules(grid=grid))

    links = [each.attributes["href"] for each in page.elements if each.tag == "a"]
    assert links[:2] == ["#problem-1", "#problem-2"]
    assert len(page.texts("article")) == 2


def test_page_has_errors_before_warnings(tmp_path: Path) -> None:
    draft = OTHER.replace("then PLAN 50%, IPA 50%", "then ?")
    grid = GRID.replace("otherwise unlisted", "")

    page = of_check(tmp_path, rules(draft, grid=grid))

    kinds = [each.split(" ", 3)[1:3] for each in page.texts("h3")]
    assert kinds == [["error", "C001"], ["warning", "C009"]]


def test_page_of_rules_without_a_contract_says_so(tmp_path: Path) -> None:
    page = of_check(tmp_path, f"edition 1\n{FACTS}\n{CATALOG}")

    assert page.texts("h1") == ["Check"]
    assert "These rules hold no contract" in page.text


def test_page_says_what_each_code_means_once(tmp_path: Path) -> None:
    grid = GRID.replace("area is inside", "aera is it").replace("area is out", "x is ")

    page = of_check(tmp_path, rules(grid=grid))

    means = [each for each in page.texts("summary") if each.startswith("R001")]
    assert means == ["R001 An unknown fact"]
    assert "corpus/bad" not in page.text


def test_page_of_a_very_long_line_shows_the_words_and_what_is_around(
    tmp_path: Path,
) -> None:
    many = " and ".join(["age > 3"] * 500)
    long = GRID.replace("area is inside ", f"{many} and aera is inside and {many}")

    page = of_check(tmp_path, rules(grid=long))

    (line,) = page.texts("pre")[:1]
    assert page.texts("mark", "first") == ["aera"]
    assert len(line) < 300
    assert line.count("…") == 2


def test_page_shows_each_grid_as_it_stands(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules(OTHER))

    rows = page.texts("tr")
    assert "category when PLAN IPA cites where" in rows
    assert any(each.startswith("Rooms 1/3 2/3 line ") for each in rows)
    assert any(each.startswith("otherwise unlisted line ") for each in rows)
    assert any(
        each.startswith(
            'X-1 A "Visits" network is outside PLAN 50%, IPA 50% Note 1 line '
        )
        for each in rows
    )


def test_page_shows_what_an_amendment_changes(tmp_path: Path) -> None:
    page = of_check(tmp_path, rules(AMENDMENT))

    assert page.texts("summary")[-2:] == [
        "1, in force 2025-01-01 to 2025-05-31",
        "1 with amendment 1, in force 2025-06-01 onward, 3 differences from the text before",
    ]
    rows = page.texts("tr")
    before, now = "PLAN 1/3, IPA 2/3", "PLAN 100% (Amendment 1, §1)"
    assert any(f"changed Exhibit A Rooms {before} {now}" in each for each in rows)
    assert any("changed Parties IPA The group The new group" in each for each in rows)
    gone = "withdrawn Exhibit A Visits when area is outside PLAN 100% \N{EN DASH}"
    assert any(gone in each for each in rows)


def test_text_between_two_amendments_shows_only_what_differs(tmp_path: Path) -> None:
    second = AMENDMENT.replace("amendment 1", "amendment 2").replace("06-01", "07-01")
    second = (
        second.replace("Rooms", "Visits")
        .replace("  withdraw A", "  # ")
        .replace("  rename", "  # ")
    )
    second = second.replace('"Visits" with', '"Visits" when area is inside with')

    page = of_check(tmp_path, rules(AMENDMENT, second))

    assert len(page.texts("details", "text")) == 3
    captions = page.texts("caption")
    assert captions.count("Exhibit A small.rules") == 2
    assert captions.count("What differs from the text before") == 2
    assert captions.count("Parties") == 2


def test_page_as_known_on_a_day_leaves_out_what_was_signed_later(
    tmp_path: Path,
) -> None:
    folder = written_rules(tmp_path, rules(AMENDMENT))

    before, never = (
        read_page(page_of_check(check(folder, known_on=day)))
        for day in (date(2025, 4, 30), date(2024, 1, 1))
    )

    assert before.problems == never.problems == []
    assert "Made by whopays" in before.text
    assert "as known on 2025-04-30." in before.text
    assert len(before.texts("details", "text")) == 1
    assert "No text of it is known." in never.text


def test_text_of_too_many_rows_is_not_shown_but_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whopays.pages.standing._MOST_ROWS", 5)

    page = of_check(tmp_path, rules())

    assert page.texts("caption") == []
    assert "6 rows are too many for a page" in page.text


# test


def test_page_of_tests_says_what_was_expected_and_what_there_was(
    tmp_path: Path,
) -> None:
    page = of_tests(
        tmp_path,
        TEST.format(title="Right", who="IPA"),
        TEST.format(title="Wrong", who="PLAN"),
    )

    assert page.texts("h1") == ["Tests of K"]
    assert "1 passed, 1 failed, 0 not run." in page.text
    (article,) = page.texts("article")
    assert "✗ failed Wrong" in article
    assert "expected PLAN 100%, got IPA 100% because A" in article
    rows = page.texts("tr")
    assert any(each.startswith("Right ✓ passed K small.rules:") for each in rows)


def test_page_of_tests_says_what_none_shows_by_clause(tmp_path: Path) -> None:
    page = of_tests(tmp_path, TEST.format(title="Right", who="IPA"))

    (summary,) = [each for each in page.texts("summary") if "Missing" in each]
    assert re.fullmatch(r"Missing: no test shows \(\d+ items\)", summary)
    rows = page.texts("tr")
    assert any(each.startswith('A "Rooms" answers small.rules:') for each in rows)
    assert any("rows 1 3 2" in each for each in rows)


def test_list_of_too_many_clauses_says_how_many_more_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = of_tests(tmp_path).texts("table", "clauses")[0]
    monkeypatch.setattr("whopays.pages.groups._MOST_GROUPS", 1)

    page = of_tests(tmp_path)

    more = whole.count("small.rules:") - 1
    assert more > 1
    assert page.texts("table", "clauses")[0].count("small.rules:") == 1
    assert f"{more} more clauses of this list" in page.text


def test_page_of_tests_names_the_first_tests_that_touch_an_item(
    tmp_path: Path,
) -> None:
    tests = [TEST.format(title=f"Number {n}", who="IPA") for n in range(5)]

    page = of_tests(tmp_path, *tests)

    assert "answers \N{EN DASH} Number 0; Number 1; Number 2; and 2 more" in " ".join(
        page.text.split()
    )


def test_page_of_slips_names_those_that_no_test_notices(tmp_path: Path) -> None:
    book = book_of(tmp_path, rules(TEST.format(title="Right", who="IPA")))
    (survey,) = book.surveys()
    mutation = survey.mutation(1, None)

    page = read_page(page_of_tests(book, book.run_tests(), (), (mutation,)))

    assert page.problems == []
    assert "K: which slips the tests notice" in page.texts("h2")
    missed = len(mutation.of("missed"))
    assert missed > 1
    assert f"Missed: no test notices ({missed} slips)" in page.texts("summary")
    assert page.texts("table", "clauses")[0].count("decided otherwise: ") == missed


def test_page_of_a_generated_test_says_that_nobody_reviewed_it(
    tmp_path: Path,
) -> None:
    text = TEST.format(title="Made", who="IPA")
    text = text.replace("contract K", "contract K\n  generated, unreviewed")

    page = of_tests(tmp_path, text)

    assert "1 of those that passed is generated" in page.text
    assert "✓ passed, generated and unreviewed" in page.texts("td")


def test_page_without_tests_says_how_to_write_one(tmp_path: Path) -> None:
    page = of_tests(tmp_path)

    assert page.texts("strong", "badge")[0] == "! no test ran"
    assert 'write test "what it shows" blocks' in page.text


# explain


def test_card_has_sentence_shares_and_the_clauses(tmp_path: Path) -> None:
    page = of_lines(tmp_path, OTHER)

    (card,) = page.texts("article")
    assert card.startswith("Claim C-7, line 1 ✓ decided PLAN bears 50% ($60.01)")
    rows = page.texts("tr")
    assert "PLAN The plan 50% $60.01 PLAN" in rows
    assert "together 100% $120.01" in rows
    assert "X-1 (Note 1) → PLAN 50%, IPA 50%: answers" in card
    assert "network is outside: network is outside" in card
    assert "replaced by X-1" in card


def test_card_says_which_tests_failed_and_what_the_claim_says(tmp_path: Path) -> None:
    page = of_lines(tmp_path, OTHER, network="inside")

    (card,) = page.texts("article")
    (folded,) = [each for each in page.texts("details") if "other clauses" in each]
    assert "X-1 (Note 1) → PLAN 50%, IPA 50%: does not hold" in folded
    assert "network is outside: network is inside" in folded
    assert 'A "Visits" when area is inside → IPA 100%: answers' in card


def test_card_of_an_open_line_names_the_facts_needed(tmp_path: Path) -> None:
    page = of_lines(tmp_path, area=None)  # type: ignore[arg-type]

    (card,) = page.texts("article")
    assert "! undetermined Undetermined: needs area." in card
    assert "To settle it, one has to know: area" in card
    assert "area is inside: area is unknown" in card


def test_card_of_a_claim_of_nobody_says_what_it_would_need(tmp_path: Path) -> None:
    page = of_lines(tmp_path, product="MA")

    (card,) = page.texts("article")
    assert "! no contract No contract: not a claim of K" in card


def test_card_says_why_a_party_does_not_bear_it(tmp_path: Path) -> None:
    page = of_lines(tmp_path, network="inside", why_not="PLAN")

    (card,) = page.texts("article")
    assert "Why not PLAN? PLAN would bear it for Visits by:" in card


def test_card_says_what_would_change_it(tmp_path: Path) -> None:
    book = book_of(tmp_path, rules())
    line = Line("C-7", "1", {**GIVEN, "service_date": date(2025, 3, 4)})
    decided = book.decide_line(line), book.what_would_change(line, party="PLAN")

    page = read_page(page_of_lines(book, [decided]))

    assert page.problems == []
    assert "What would change it" in page.texts("h3")
    assert "area is outside (now inside) → PLAN 100%" in page.texts("li")


def test_page_names_the_file_of_a_reject_without_its_folder(tmp_path: Path) -> None:
    reject = Reject("/home/somebody/claims.csv", 3, "area", "is not one of inside")

    page = of_lines(tmp_path, rejects=(reject,))

    assert "claims.csv 3 area is not one of inside" in page.texts("tr")
    assert "somebody" not in page.text


def test_page_of_several_lines_begins_with_a_list_of_them(tmp_path: Path) -> None:
    book = book_of(tmp_path, rules())
    lines = [Line("A", str(n), GIVEN) for n in range(3)]

    page = read_page(
        page_of_lines(book, [(book.decide_line(line), None) for line in lines])
    )

    assert page.problems == []
    links = [each.attributes["href"] for each in page.elements if each.tag == "a"]
    assert links == ["#line-1", "#line-2", "#line-3"]


# every page


@pytest.fixture
def page(tmp_path: Path) -> str:
    folder = written_rules(tmp_path, rules(OTHER, AMENDMENT))
    return page_of_check(check(folder))


def test_page_forbids_the_browser_to_load_or_run_anything(page: str) -> None:
    (policy,) = [
        each.attributes["content"]
        for each in read_page(page).elements
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (style,) = re.findall(r"<style>(.*)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not re.search(r"url\(|@import|</|expression", style)


def test_page_has_no_address_of_another_place(page: str) -> None:
    assert not re.search(r"https?:|//|src=|<script", page)


def test_page_carries_its_rules_and_whopays_and_no_path(
    page: str, tmp_path: Path
) -> None:
    raw = (tmp_path / "rules" / "small.rules").read_bytes()

    assert hashlib.sha256(raw).hexdigest() in page
    assert "Made by whopays 0." in page
    assert str(tmp_path) not in page


def test_words_between_backticks_are_code_and_nothing_else_is_markup() -> None:
    assert words("no `<b>` & `x`") == ("no <code>&lt;b&gt;</code> &amp; <code>x</code>")
    assert words("a lone ` stays") == "a lone ` stays"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\u202eb", "a[U+202E]b"),
        ("\u2066x\u2069", "[U+2066]x[U+2069]"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\x00\x1b[1m", "[U+0000][U+001B][1m"),
        ("\ud800", "[U+D800]"),
        ("no\u00a0break é 漢", "no\u00a0break é 漢"),
    ],
)
def test_what_can_not_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_text_have_enough_contrast(page: str, scheme: str) -> None:
    (style,) = re.findall(r"<style>(.*)</style>", page, re.DOTALL)
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6});", dark))

    low = [
        (text, ground)
        for text in ("text", "quiet", "link", "good", "bad", "warn")
        for ground in ("page", "panel")
        if _contrast(colours[text], colours[ground]) < 45
    ]
    low += [
        ("text", ground)
        for ground in ("bad-tint", "other-tint", "good-tint")
        if _contrast(colours["text"], colours[ground]) < 45
    ]

    assert low == []


def _contrast(one: str, other: str) -> int:
    """Return ten times the contrast as WCAG 2.2 defines it; AA asks for 4.5."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return int(10 * (lighter + 0.05) / (darker + 0.05))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_catalog_and_contract_titles_are_escaped(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>' onload='alert(2)"
    head = HEAD.replace("A contract", bad).replace("The plan", f"</td>{bad}")
    grid = GRID.replace("Exhibit A", f"&lt;{bad}")
    catalog = CATALOG.replace("Catalog", bad)

    page = of_check(tmp_path, rules(head=head, grid=grid, catalog=catalog))

    assert page.texts("h2")[0] == f"K: {bad}"
    assert f"PLAN </td>{bad} PLAN" in page.texts("tr")
    assert f"&lt;{bad} small.rules" in page.texts("caption")
