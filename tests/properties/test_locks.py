"""A digest is of what a text says: laid out otherwise it stays, said otherwise it changes."""

from __future__ import annotations

from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from generate import draft
from whopays.api.lockfile import lock_of, lock_text
from whopays.syntax import format_text, parse
from whopays.syntax.canonical import digest
from whopays.syntax.documents import documents

chances = st.randoms(use_true_random=True)


@given(chances)
def test_order_and_layout_of_a_text_are_not_in_its_digest(chance: Random) -> None:
    drawn = draft(chance, duties=True)
    text = drawn.text()
    # Of the lines of a block, those of the parties stand in an order that counts.
    mixed = _with_parties_of(text, drawn.text(chance))

    assert _digests(mixed) == _digests(text)
    assert _digests(format_text("drawn.rules", mixed)) == _digests(text)


@given(chances, st.data())
def test_a_text_that_says_something_else_has_another_digest(
    chance: Random, data: st.DataObject
) -> None:
    text = draft(chance, duties=True).text()
    lines = text.split("\n")
    at = data.draw(st.sampled_from([at for at, line in enumerate(lines) if line]))
    left_out = "\n".join([*lines[:at], *lines[at + 1 :]])
    _, found = parse("drawn.rules", left_out)
    assume(not any(each.is_error for each in found))
    assume(lines[at] != "edition 1")

    # A line that stood there twice says no more than once, but it is not the same text.
    assert _digests(left_out) != _digests(text)


_ENTRY = "{digest}  {name}  {file}\n"
_LINES = st.builds(
    _ENTRY.format,
    digest=st.sampled_from(["a" * 64, "b" * 64, "A" * 64, "a" * 63]),
    name=st.sampled_from(["contract K 1", "amendment 2 to K 1", "contract", "a  b"]),
    file=st.sampled_from(["k.rules", "", " ", "a b.rules"]),
)


@given(st.lists(_LINES | st.text(max_size=20), max_size=6), st.binary(max_size=9))
def test_whatever_stands_in_a_lock_file_is_read_or_told(
    lines: list[str], more: bytes
) -> None:
    raw = ("whopays lock 1\n" + "".join(lines)).encode("utf-8", "replace") + more

    for found in (lock_of(raw), lock_of(more)):
        assert all(each.code == "L003" for each in found.found)
        for each in found.found:
            span = each.labels[0].span
            assert 0 <= span.start <= span.end <= len(span.source.text)
        again = lock_of(
            lock_text(
                (e.digest, e.name, e.file) for e in found.entries.values()
            ).encode()
        )
        assert again.found == ()
        assert again.entries.keys() == found.entries.keys()


def _with_parties_of(text: str, other: str) -> str:
    """Return `other` with its parties in the order that they have in `text`."""
    is_party = ("party ", "fund ")
    parties = iter(
        line for line in text.split("\n") if line.strip().startswith(is_party)
    )
    return "\n".join(
        next(parties) if line.strip().startswith(is_party) else line
        for line in other.split("\n")
    )


def _digests(text: str) -> dict[str, str]:
    file, _ = parse("drawn.rules", text)
    return {each.name: digest(each) for each in documents(file)}
