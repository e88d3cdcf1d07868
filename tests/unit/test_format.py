"""What the formatter makes of a text, by examples: before and after."""

from __future__ import annotations

from textwrap import dedent

import pytest

from whopays.diagnostics import DiagnosticError
from whopays.syntax import format_text, parse
from whopays.syntax.layout.format import FormatBug, same
from whopays.syntax.layout.spacing import tidied

EDITION = "edition 1\n\n"


def _formatted(text: str) -> str:
    return format_text("a.rules", EDITION + dedent(text)).removeprefix(EDITION)


def _is_written(before: str, after: str) -> None:
    """Check that `before` is written as `after`, and that `after` stays as it is."""
    assert _formatted(before) == dedent(after)
    assert _formatted(after) == dedent(after)


# The order of statements


def test_statements_of_a_block_stand_in_the_order_of_the_language() -> None:
    _is_written(
        """\
        exception N-1 to A
        then PLAN
        when emergency
        cites "Note 1"
        end
        """,
        """\
        exception N-1 to A
          cites "Note 1"
          when emergency
          then PLAN
        end
        """,
    )


def test_rows_and_statements_of_one_kind_keep_the_order_of_their_author() -> None:
    _is_written(
        """\
        responsibility A "Exhibit A"
          otherwise PLAN when age > 3
          otherwise GROUP when age <= 3
          | category | PLAN | GROUP |
          | Zeta     |  x   |       |
          | Alpha    |      |   x   |
          when product is HMO
        end
        """,
        """\
        responsibility A "Exhibit A"
          when product is HMO
          | category | PLAN | GROUP |
          | Zeta     |  x   |       |
          | Alpha    |      |   x   |
          otherwise PLAN when age > 3
          otherwise GROUP when age <= 3
        end
        """,
    )


def test_parties_and_funds_keep_their_order_because_the_first_gets_the_odd_cent() -> (
    None
):
    _is_written(
        """\
        contract K "K"
          fund POOL "Pool" paid by PLAN
          party PLAN "Plan"
          version 1
        end
        """,
        """\
        contract K "K"
          version 1
          fund  POOL "Pool" paid by PLAN
          party PLAN "Plan"
        end
        """,
    )


def test_changes_of_an_amendment_keep_their_order() -> None:
    _is_written(
        """\
        amendment 1 to K version 1
          withdraw N-1
          replace A "X" with PLAN
          signed 2026-01-01
          in force 2026-01-01 onward
        end
        """,
        """\
        amendment 1 to K version 1
          signed 2026-01-01
          in force 2026-01-01 onward
          withdraw N-1
          replace A "X" with PLAN
        end
        """,
    )


def test_bounds_stay_under_their_amount_and_tiers_in_their_order() -> None:
    _is_written(
        """\
        method M "M"
        pay own_benefit
        not above billed
        # never less than nothing
        not below $0.00
        let y = a
        per line
        for secondary
        end
        limit L "L"
        first IPA up to $1,000.00
        then PLAN 80%, IPA 20%
        per member per contract year
        counts allowed
        applies to shares of IPA
        end
        """,
        """\
        method M "M"
          for secondary
          per line
          let y = a
          pay own_benefit
            not above billed
            # never less than nothing
            not below $0.00
        end

        limit L "L"
          applies to shares of IPA
          counts allowed
          per member per contract year
          first IPA up to $1,000.00
          then PLAN 80%, IPA 20%
        end
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        """\
        method M "M"
          for secondary
          carry reserve_left = reserve_left - own_paid
            not below $0.00
          patient owes copay
          pay own_benefit
        end
        """,
        """\
        limit L "L"
          applies to shares of IPA
          counts allowed
          per member per contract year
          then PLAN up to $9.00
          first IPA up to $1.00
          then PLAN
        end
        """,
    ],
)
def test_results_of_a_method_and_tiers_keep_the_order_of_their_author(
    text: str,
) -> None:
    _is_written(text, text)


def test_rules_of_an_order_keep_their_order_and_their_own_end() -> None:
    _is_written(
        """\
        order O "O"
        otherwise share equally
        rule B "b"
        when this.x is y
        this ahead of other
        end
        rules from NAIC 2013.1
        rule A "a"
        this ahead of other when this.z is y
        end
        version 1
        end
        """,
        """\
        order O "O"
          version 1

          rule B "b"
            this ahead of other
            when this.x is y
          end

          rules from NAIC 2013.1

          rule A "a"
            this ahead of other when this.z is y
          end

          otherwise share equally
        end
        """,
    )


# Comments


def test_comment_moves_with_the_statement_below_it() -> None:
    _is_written(
        """\
        exception N-1 to A   # the first note
        # who pays

        # in the end
        then PLAN#all of it
        # from the exhibit
        cites "#1"     # as printed
        #last
        end# of N-1
        # what follows
        """,
        """\
        exception N-1 to A  # the first note
          # who pays

          # from the exhibit
          cites "#1"  # as printed
          # in the end
          then PLAN  #all of it
          #last
        end  # of N-1

        # what follows
        """,
    )


def test_comments_between_the_lines_of_a_statement_stay_there() -> None:
    _is_written(
        """\
        define a
          when emergency # first
        # because of note 2

            and not (age > 3 # second
        # or either of these
          or age < 2)
        end
        """,
        """\
        define a
          when emergency  # first
          # because of note 2
          and not (age > 3  # second
            # or either of these
            or age < 2)
        end
        """,
    )


def test_comments_between_and_behind_rows_stay_there() -> None:
    _is_written(
        """\
        responsibility A "A"
        # the header
        | category | PLAN | # as printed
        # surgery
        |Surgery|x|# page 2

        | Transplants | x |
        end
        """,
        """\
        responsibility A "A"
          # the header
          | category    | PLAN |  # as printed
          # surgery
          | Surgery     |  x   |  # page 2

          | Transplants |  x   |
        end
        """,
    )


def test_comments_before_the_edition_and_after_the_last_block_stay_there() -> None:
    text = "# Ours.\nedition 1\ndefine a\n when b\nend\n#1\n\n\n#2"

    assert format_text("a.rules", text) == (
        "# Ours.\nedition 1\n\ndefine a\n  when b\nend\n\n#1\n\n#2\n"
    )


# Blank lines


def test_one_blank_line_stands_between_blocks_and_at_most_one_within() -> None:
    _is_written(
        """\
        define a

          when b


          # closing

        end
        define c
          when d
        end



        rank "A" before "B"
        rank "B" before "C"

        rank "D" before "E"
        # on c
        define e
          when f
        end
        """,
        """\
        define a
          when b

          # closing
        end

        define c
          when d
        end

        rank "A" before "B"
        rank "B" before "C"

        rank "D" before "E"

        # on c
        define e
          when f
        end
        """,
    )


def test_comment_alone_in_a_block_stands_right_below_its_head() -> None:
    _is_written(
        'category "A"\n\n# by name\n\n# only\n\nend\n',
        'category "A"\n  # by name\n\n  # only\nend\n',
    )


def test_block_without_statements_is_closed_on_the_next_line() -> None:
    _is_written('category "A"\n\n\nend\n', 'category "A"\nend\n')


# Lines


def test_line_breaks_of_a_long_statement_are_the_authors() -> None:
    _is_written(
        """\
        method M "M"
          for secondary
          when a
              and b
              or c
          let x = sum of (billed
          - copay
          - (a
          + b))
          pay x
        end
        """.replace("              or c\n", ""),
        """\
        method M "M"
          for secondary
          when a
          and b
          let x = sum of (billed
            - copay
            - (a
              + b))
          pay x
        end
        """,
    )


def test_blanks_stand_around_words_but_not_inside_brackets_or_before_commas() -> None:
    _is_written(
        """\
        test "A  text,with   blanks"
          contract   K
          given procedure_code CPT 99213 ,allowed $1,234.56,age   3
          expect PLAN 50%,IPA 1/3 because A"X"when not( a )and age>=21 , N-1
        end
        """,
        """\
        test "A  text,with   blanks"
          contract K
          given procedure_code CPT 99213, allowed $1,234.56, age 3
          expect PLAN 50%, IPA 1/3 because A "X" when not (a) and age >= 21, N-1
        end
        """,
    )


def test_differences_and_negative_amounts_are_told_apart() -> None:
    _is_written(
        """\
        method M "M"
          for secondary
          pay (a-b)-(c)-1.5*d
            not below -$5.00
        end
        """,
        """\
        method M "M"
          for secondary
          pay (a-b) - (c) - 1.5 * d
            not below -$5.00
        end
        """,
    )


def test_traces_of_other_editors_go_but_strings_and_comments_keep_theirs() -> None:
    text = (
        "\ufeffedition\t1\r\n\r\n\tdefine a\u00a0\r\n\twhen b\u00a0\u00a0and c\r\n"
        'end\rrank "A\u00a0B\tC"  before "D" #\u00a0§\u00a04'
    )

    assert format_text("a.rules", text) == (
        "edition 1\n\ndefine a\n  when b and c\nend\n\n"
        'rank "A\u00a0B\tC" before "D"  #\u00a0§\u00a04\n'
    )


@pytest.mark.parametrize("line", ["a:b", "a : b", "a :b", "a!= b"])
def test_marks_that_are_no_part_of_the_language_keep_their_blanks(line: str) -> None:
    assert tidied(line) == line
    assert tidied(line.replace(" ", "   ")) == line


# Columns


def test_names_in_a_run_stand_under_each_other_and_a_blank_line_ends_a_run() -> None:
    _is_written(
        """\
        facts F "F"
          fact age is number
          # on services
          fact claim_type, network is text
          fact is_child of patient is yes or no
          amount due per line = a
          amount member_share per line = b

          fact x is date
          fact a_name, that_is_longer_than, most_of_them is date
          fact yy is date
        end
        """,
        """\
        facts F "F"
          fact age                 is number
          # on services
          fact claim_type, network is text
          fact is_child            of patient is yes or no
          amount due          per line = a
          amount member_share per line = b

          fact x  is date
          fact a_name, that_is_longer_than, most_of_them is date
          fact yy is date
        end
        """,
    )


def test_grid_has_columns_as_wide_as_their_widest_cell() -> None:
    _is_written(
        """\
        responsibility A "A"
        |Category|WHEN|PLAN|GROUP|Not  Covered|CITES|
        |  Office   visits |age<21 and  emergency|50%|50%||§ 1, "line 2"|
        | Surgery||x||| |
        |Acupuncture||||x|x|
        end
        """,
        """\
        responsibility A "A"
          | category      | when                   | PLAN | GROUP | not covered | cites         |
          | Office visits | age < 21 and emergency | 50%  |  50%  |             | § 1, "line 2" |
          | Surgery       |                        |  x   |       |             |               |
          | Acupuncture   |                        |      |       |      x      | x             |
        end
        """,
    )


def test_cell_of_citations_keeps_its_no_break_spaces_but_no_tab() -> None:
    text = _formatted(
        'responsibility A "A"\n|category|PLAN|cites|\n|A|x|§\u00a04,\t line  2|\nend\n'
    )

    assert "| A        |  x   | §\u00a04,  line  2 |\n" in text


def test_wide_and_combining_characters_are_counted_as_they_are_shown() -> None:
    _is_written(
        """\
        responsibility A "A"
          | category | PLAN |
          | 外来診療 | x |
          | Cafe\u0301 | x |
          | Plain text | x |
        end
        """,
        """\
        responsibility A "A"
          | category   | PLAN |
          | 外来診療   |  x   |
          | Cafe\u0301       |  x   |
          | Plain text |  x   |
        end
        """,
    )


def test_one_long_cell_stands_out_and_does_not_widen_its_column() -> None:
    long = " or ".join(f"area_{at} is inside" for at in range(9))
    text = _formatted(
        f"""\
        responsibility A "A"
          | category | when | PLAN |
          | Surgery | {long} | x |
          | Other | age < 21 | x |
        end
        """
    )

    assert f"  | Surgery  | {long} |  x   |\n" in text
    assert "  | Other    | age < 21 |  x   |\n" in text


def test_header_counts_however_long_it_is() -> None:
    party = "A" * 70
    text = _formatted(
        f'responsibility A "A"\n| category | {party} |\n| Surgery | x |\nend\n'
    )

    header, row = text.splitlines()[1:3]
    assert len(header) == len(row)


# Refusals


def test_text_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(DiagnosticError) as refused:
        format_text("a.rules", "edition 1\ndefine a\n  when ?\nend\ndefine b\n")

    assert [each.code for each in refused.value.diagnostics] == ["P002", "P006", "P016"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("when b", "when c"),
        ("# why", "# when"),
        ("  when b\n  # why\n", ""),
        ("  # why\n", ""),
        ("define d\n  when e\nend\n", ""),
    ],
)
def test_what_would_change_the_meaning_or_lose_a_comment_is_not_returned(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    text = "edition 1\n\ndefine a\n  when b\n  # why\nend\n\ndefine d\n  when e\nend"
    good = format_text("a.rules", text)
    monkeypatch.setattr(
        "whopays.syntax.layout.format.written", lambda _: good.replace(right, wrong)
    )

    with pytest.raises(FormatBug, match="please report it"):
        format_text("a.rules", text)


def test_nodes_are_the_same_wherever_they_stand_and_whatever_else_differs_is_not() -> (
    None
):
    first, _ = parse("a.rules", "edition 1\ndefine a\n when b and c\nend\n")
    moved, _ = parse("b.rules", "edition 1\n\n\ndefine a\n when b\n and c\nend\n")
    other, _ = parse("a.rules", "edition 1\ndefine a\n when b and d\nend\n")
    fewer, _ = parse("a.rules", "edition 1\n")

    assert same(first, moved)
    assert not same(first, other)
    assert not same(first, fewer)
