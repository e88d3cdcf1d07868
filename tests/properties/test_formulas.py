"""A formula written back from the model is read as the same formula."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whopays.model.formulas import Let
from whopays.resolve import resolve
from whopays.syntax import parse
from whopays.syntax.nodes import RuleFile

FACTS = """\
edition 1

facts P "Payments"
  version 1
  fact billed, paid, own_allowed is money per line
  fact rate is percent
  fact is_child of patient is yes or no
end

methods M "Methods"
  version 1
  facts from P 1
end
"""
numbers = st.sampled_from(["2", "0.5", "80%", "12.5%", "1/3", "rate"])
names = st.sampled_from(["billed", "paid", "own_allowed", "$10.00", "$1,234.56"])


def _larger(money: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(money, min_size=2, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("{} {} {}".format, money, st.sampled_from("+-"), money),
        st.builds("({} {} {})".format, money, st.sampled_from("+-"), money),
        st.builds("{} * ({})".format, numbers, money),
        st.builds("80% of ({})".format, money),
        st.builds(
            "{} of {}({})".format,
            st.sampled_from(["lesser", "greater"]),
            st.sampled_from(["", "given "]),
            several,
        ),
    )


money = st.recursive(names, _larger, max_leaves=8)
choices = st.builds(
    "{} if {} else {}".format,
    money,
    st.sampled_from(
        ["billed > paid", "patient.is_child", "rate >= 20% and paid > $0.00"]
    ),
    money,
)


@given(st.lists(money | choices, min_size=1, max_size=4))
def test_a_formula_is_read_again_from_its_own_text(written: list[str]) -> None:
    first = _lets(written)
    again = _lets([let.value.text for let in first])

    assert again == first
    assert [let.unit for let in first] == ["money"] * len(written)


@given(money, money)
def test_what_is_taken_away_keeps_its_parentheses(left: str, right: str) -> None:
    whole, other = _lets([f"({left}) - ({right})", f"({left}) + ({right})"])

    assert whole.value.text != other.value.text
    assert _lets([whole.value.text])[0].value == whole.value


def _lets(written: list[str]) -> tuple[Let, ...]:
    lines = "".join(f"  let x{at} = {text}\n" for at, text in enumerate(written))
    method = f'method A "A"\n  for secondary\n  per line\n{lines}  pay billed\nend\n'
    file, found = parse("a.rules", f"{FACTS}\n{method}")
    rules, more = resolve([file], _nowhere)
    assert [each.message for each in (*found, *more) if each.is_error] == []
    return rules.methods["M", "1"].methods["A"].lets


def _nowhere(_kind: str, _id: str, _version: str) -> RuleFile | None:
    return None
