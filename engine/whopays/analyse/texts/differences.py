"""What two editions of rule files say otherwise: blocks, and lines of blocks.

Blocks are compared by their canonical form, so that comments, layout and the order of
lines are no difference. Of a block that differs, the lines are told that only one has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from whopays.syntax import nodes
from whopays.syntax.canonical import canonical_block
from whopays.syntax.documents import Document, block_text, documents

#: Lines that are told; whoever changes more looks at the texts.
MOST = 400


def differences(
    before: Iterable[nodes.RuleFile], after: Iterable[nodes.RuleFile]
) -> tuple[str, ...]:
    """Return what `after` says otherwise than `before`, in lines; empty if nothing."""
    old, new = list(before), list(after)
    found = [*_documents(_named(old), _named(new)), *_tests(old, new)]
    if len(found) > MOST:
        found = [*found[:MOST], f"… and {len(found) - MOST:,} more lines"]
    return tuple(found)


def _named(files: Iterable[nodes.RuleFile]) -> dict[str, Document]:
    return {each.name: each for file in files for each in documents(file)}


def _documents(
    old: Mapping[str, Document], new: Mapping[str, Document]
) -> Iterator[str]:
    renamed = _renamed(old, new)
    for name in (name for name in old if name not in new and name not in renamed):
        yield f"gone: {name}"
    earlier = {name: before for before, name in renamed.items()}
    for name, document in new.items():
        before = old.get(earlier.get(name, name))
        if before is None:
            yield f"new: {name}"
            continue
        told = list(_members(_blocks(before), _blocks(document)))
        if told:
            yield f"in {name}" + (f", before {before.name}" if name in earlier else "")
            yield from (f"  {line}" for line in told)


def _renamed(
    old: Mapping[str, Document], new: Mapping[str, Document]
) -> dict[str, str]:
    """Return new names by old ones, of documents of which only the version is another."""
    gone, added = (
        _alone(each for name, each in some.items() if name not in other)
        for some, other in ((old, new), (new, old))
    )
    return {gone[key]: added[key] for key in gone.keys() & added.keys()}


def _alone(found: Iterable[Document]) -> dict[tuple[str, str, str], str]:
    """Return the names of documents of which there is one of a kind, id and number."""
    names: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        names.setdefault((each.kind, each.id, each.number), []).append(each.name)
    return {key: some[0] for key, some in names.items() if len(some) == 1}


def _blocks(document: Document) -> dict[str, nodes.Block]:
    """Return the blocks of a document by their first lines, numbered where two are alike."""
    found: dict[str, nodes.Block] = {}
    for block in (document.head, *document.members):
        label = _label(block.span.text)
        number = 1
        while label in found:
            number += 1
            label = f"{_label(block.span.text)} ({number})"
        found[label] = block
    return found


def _label(text: str) -> str:
    return " ".join(text.split("\n", 1)[0].split())


def _members(
    old: Mapping[str, nodes.Block], new: Mapping[str, nodes.Block]
) -> Iterator[str]:
    for label in (label for label in old if label not in new):
        yield f"gone: {label}"
    for label, block in new.items():
        if label not in old:
            yield f"new: {label}"
            yield from (f"  + {line}" for line in _lines(block)[1:-1])
        elif canonical_block(old[label]) != canonical_block(block):
            yield f"changed: {label}"
            left, right = Counter(_lines(old[label])), Counter(_lines(block))
            yield from (f"  - {line}" for line in (left - right).elements())
            yield from (f"  + {line}" for line in (right - left).elements())


def _lines(block: nodes.Block) -> list[str]:
    """Return the lines of a block without layout and comments of their own."""
    if isinstance(block, nodes.RankLine):
        return [_label(block.span.text)]
    found = (" ".join(line.split()) for line in block_text(block.span).split("\n"))
    return [line for line in found if line and not line.startswith("#")]


def _tests(old: list[nodes.RuleFile], new: list[nodes.RuleFile]) -> Iterator[str]:
    before, after = _titled(old), _titled(new)
    for word, titles in (
        ("new", after.keys() - before.keys()),
        ("gone", before.keys() - after.keys()),
        ("changed", {t for t in after.keys() & before.keys() if after[t] != before[t]}),
    ):
        if titles:
            yield f"tests {word}: {', '.join(sorted(titles))}"


def _titled(files: Iterable[nodes.RuleFile]) -> dict[str, list[str]]:
    """Return the canonical forms of tests, by their titles."""
    found: dict[str, list[str]] = {}
    for file in files:
        for block in file.blocks:
            if isinstance(block, nodes.TestBlock):
                form = canonical_block(block)
                found.setdefault(_label(block.span.text), []).append(form)
    return {title: sorted(forms) for title, forms in found.items()}
