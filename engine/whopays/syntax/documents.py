"""The published documents of a rule file: each head with the blocks that belong to it.

A contract, an amendment, a catalog and the like are documents. Tests are not: they say
what somebody expects of a text, and are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Span
from whopays.syntax import nodes

Head: TypeAlias = (
    nodes.FactsBlock
    | nodes.CatalogBlock
    | nodes.ContractBlock
    | nodes.AmendmentBlock
    | nodes.MethodsBlock
    | nodes.OrderBlock
    | nodes.TermsBlock
    | nodes.RegulationBlock
)


@dataclass(frozen=True)
class Document:
    """One document: `kind` is the word that its head begins with.

    `number` is that of an amendment, whose `id` and `version` are its contract's.
    """

    kind: str
    id: str
    version: str
    number: str
    head: Head
    members: tuple[nodes.Block, ...]

    @property
    def name(self) -> str:
        """How the document is called: `amendment 2 to SUN-VAL 1.0`, `catalog STD 1`."""
        what = f"{self.kind} {self.number} to" if self.number else self.kind
        return f"{what} {self.id} {self.version}".rstrip()


def documents(file: nodes.RuleFile) -> Iterator[Document]:
    """Yield the documents of `file` in the order written."""
    head: Head | None = None
    members: list[nodes.Block] = []
    for block in file.blocks:
        if isinstance(block, Head):
            if head is not None:
                yield _document(head, members)
            head, members = block, []
        elif not isinstance(block, nodes.TestBlock):
            members.append(block)
    if head is not None:
        yield _document(head, members)


def _document(head: Head, members: list[nodes.Block]) -> Document:
    kind = head.span.text.split()[0]
    if isinstance(head, nodes.AmendmentBlock):
        name, version = head.contract.id.text, head.contract.version.text
        return Document(kind, name, version, head.number.text, head, tuple(members))
    version = head.version.text if head.version else ""
    return Document(kind, head.id.text, version, "", head, tuple(members))


def written(document: Document) -> str:
    """Return the text of `document` as it was written, with its comments."""
    found = [block_text(document.head.span)]
    for block in document.members:
        is_line = isinstance(block, nodes.RankLine)
        found.append(block.span.text if is_line else block_text(block.span))
    return "\n\n".join(found)


def block_text(head: Span) -> str:
    """Return the text of the block with this `head`, from the comment above to `end`."""
    out = _remarks_above(head)
    inner = 0
    for line in range(head.line, len(head.source.line_starts) + 1):
        text = head.source.line_text(line).rstrip()
        out.append(text)
        word = text.split("#")[0].strip()
        if word == "end" and not inner:
            break
        inner += -1 if word == "end" else word.startswith("rule ")
    return "\n".join(out)


def _remarks_above(head: Span) -> list[str]:
    """Return the comment lines that stand right above `head`."""
    found: list[str] = []
    for line in range(head.line - 1, 0, -1):
        text = head.source.line_text(line).strip()
        if not text.startswith("#"):
            break
        found.insert(0, text)
    return found
