"""Cutting text into statements, and blocks that are closed or not."""

from __future__ import annotations

import pytest

from whopays.diagnostics import Source
from whopays.syntax import nodes, parse
from whopays.syntax.statements import normal_text, statements


def test_line_that_begins_with_and_continues_the_one_above() -> None:
    found = _texts("when emergency\n  and age < 21\ncites x")

    assert found == ["when emergency\n  and age < 21", "cites x"]


@pytest.mark.parametrize("sign", ["+", "-", "*"])
def test_line_that_begins_with_a_sign_continues_the_one_above(sign: str) -> None:
    assert len(_texts(f"amount a per line = b\n  {sign} c")) == 1


def test_word_that_only_begins_like_and_does_not_continue() -> None:
    assert len(_texts("when emergency\nandy")) == 2


def test_comment_between_two_lines_does_not_divide_a_statement() -> None:
    found = _texts("when emergency\n# why\nand age < 21")

    assert len(found) == 1


def test_row_is_never_continued() -> None:
    assert len(_texts("| a |\nand b")) == 2


@pytest.mark.parametrize(
    "raw", ["\ufeffedition 1", "edition\u00a01", "edition\t1", "edition 1\r\n"]
)
def test_traces_of_other_editors_are_read_as_blanks(raw: str) -> None:
    assert normal_text(raw).strip() == "edition 1"


def test_statement_that_cannot_be_read_takes_no_other_with_it() -> None:
    file, found = parse(
        "a.rules",
        'edition 1\ncontract K "K"\n  version ?\n  products HMO\nend\n',
    )

    (head,) = file.blocks
    assert [each.code for each in found] == ["P002"]
    assert isinstance(head, nodes.ContractBlock)
    assert [word.text for word in head.products] == ["HMO"]
    assert [span.text for span in file.unread] == ["version ?"]


def test_block_whose_head_cannot_be_read_is_kept_as_lost() -> None:
    file, found = parse("a.rules", "edition 1\ncontract K ?\n  version 1.0\nend\n")

    (lost,) = file.blocks
    assert len(found) == 1
    assert isinstance(lost, nodes.LostBlock)
    assert lost.kind == "contract"


def test_block_without_end_is_reported_once_and_read() -> None:
    text = 'edition 1\ndefine a\n  when b\ncontract K "K"\n  products HMO\nend\n'

    file, found = parse("a.rules", text)

    assert [each.code for each in found] == ["P006"]
    assert [type(each).__name__ for each in file.blocks] == [
        "DefineBlock",
        "ContractBlock",
    ]


def test_end_too_early_is_one_mistake() -> None:
    text = "edition 1\ndefine a\n  when b\nend\n  cites c\n  then PLAN\nend\n"

    _, found = parse("a.rules", text)

    assert [each.code for each in found] == ["P008"]


def test_misspelled_block_of_a_later_edition_is_one_message() -> None:
    _, found = parse("a.rules", "edition 1\nmethd M-1\n  pay x\nend\n")

    assert [each.help for each in found] == ["did you mean `method`?"]


def _texts(text: str) -> list[str]:
    return [each.span.text for each in statements(Source("a.rules", text))]


def test_because_in_a_comment_gives_no_reason() -> None:
    text = (
        'edition 1\ntest "t"\n  contract K\n'
        "  expect PLAN 100%  # because, of course, N-9\n"
        "  expect PLAN 100% because N-1, N-2  # not because of N-3, N-4\nend\n"
    )

    file, found = parse("a.rules", text)

    (test,) = file.blocks
    assert found == []
    assert isinstance(test, nodes.TestBlock)
    assert [[each.id.text for each in one.because] for one in test.expect] == [
        [],
        ["N-1", "N-2"],
    ]


def test_quote_in_a_comment_makes_no_head_of_what_a_test_tests() -> None:
    text = 'edition 1\ntest "t"\n  method M  # of "the plan"\n  expect pay $1.00\nend\n'

    file, found = parse("a.rules", text)

    assert found == []
    assert [type(each).__name__ for each in file.blocks] == ["TestBlock"]


def test_sign_before_a_name_that_begins_like_a_word_of_the_language_is_no_bullet() -> (
    None
):
    text = (
        'edition 1\nterm x by "y"\n  let a = plan_paid\n    + patient_part\n'
        "    - is_x\n  is a\nend\n"
    )

    assert parse("a.rules", text)[1] == []
