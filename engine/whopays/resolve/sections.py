"""The blocks of rule files, sorted under the heads that they belong to.

A block belongs to the nearest head above it in its file. Opens no file: `find` supplies
the blocks of facts, catalogs and orders that no given file has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Source
from whopays.resolve.names import check_id, check_name
from whopays.resolve.report import Report
from whopays.syntax import nodes

#: `find(kind, id, version)` returns the file that has the block, or None.
Find: TypeAlias = Callable[[str, str, str], nodes.RuleFile | None]
#: `shipped(kind)` names what `find` has, as `STANDARD 2026.1`, for suggestions.
Shipped: TypeAlias = Callable[[str], Iterable[str]]
Key: TypeAlias = tuple[str, str]
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
#: Heads that others refer to by id and version.
Versioned: TypeAlias = (
    nodes.FactsBlock
    | nodes.CatalogBlock
    | nodes.MethodsBlock
    | nodes.OrderBlock
    | nodes.TermsBlock
    | nodes.RegulationBlock
)

_CLAUSES: tuple[type[nodes.Block], ...] = (
    nodes.GridBlock,
    nodes.ExceptionBlock,
    nodes.TreatBlock,
    nodes.LimitBlock,
    nodes.RouteBlock,
    nodes.ClockBlock,
    nodes.DefineBlock,
)
#: What may stand under each head.
_FITS: dict[type[nodes.Block], tuple[type[nodes.Block], ...]] = {
    nodes.FactsBlock: (),
    nodes.CatalogBlock: (nodes.CategoryBlock, nodes.RankLine, nodes.DefineBlock),
    nodes.ContractBlock: _CLAUSES,
    nodes.AmendmentBlock: _CLAUSES,
    nodes.MethodsBlock: (nodes.MethodBlock, nodes.DefineBlock),
    nodes.OrderBlock: (nodes.DefineBlock,),
    nodes.TermsBlock: (nodes.TermBlock, nodes.DefineBlock),
    nodes.RegulationBlock: (nodes.RouteBlock, nodes.ClockBlock, nodes.DefineBlock),
}
#: What a head is called in messages.
_CALLED: dict[type[nodes.Block], str] = {
    nodes.FactsBlock: "facts block",
    nodes.CatalogBlock: "catalog",
    nodes.MethodsBlock: "methods block",
    nodes.OrderBlock: "order",
    nodes.TermsBlock: "terms block",
    nodes.RegulationBlock: "regulation",
}
#: The same kinds, by the word that begins them.
KINDS: dict[str, type[nodes.Block]] = {
    "facts": nodes.FactsBlock,
    "catalog": nodes.CatalogBlock,
    "order": nodes.OrderBlock,
    "regulation": nodes.RegulationBlock,
    "terms": nodes.TermsBlock,
}
_LOST_HEADS = frozenset(
    {"facts", "catalog", "contract", "amendment", "methods", "order", "terms"}
    | {"regulation"}
)


@dataclass(frozen=True)
class Section:
    """A head and the blocks under it."""

    head: Head
    members: tuple[nodes.Block, ...]


class Library:
    """The blocks of all files that were given or found."""

    def __init__(
        self, find: Find, report: Report, shipped: Shipped | None = None
    ) -> None:
        self.report = report
        self.sources: set[tuple[str, str]] = set()
        self.contracts: list[Section] = []
        self.amendments: list[Section] = []
        self.tests: list[nodes.TestBlock] = []
        self._versioned: dict[type[nodes.Block], dict[Key, Section]] = {
            kind: {} for kind in _CALLED
        }
        self._find = find
        self._shipped = shipped

    def sections(self, kind: type[nodes.Block]) -> Mapping[Key, Section]:
        """Return the sections whose heads are of `kind`, by id and version."""
        return self._versioned[kind]

    def add(self, file: nodes.RuleFile, *, is_found: bool = False) -> None:
        """Sort the blocks of `file` under their heads.

        `is_found`: the file is not one of those given. Its tests are of no concern to
        them, and may be of blocks that they do not use.
        """
        self.report.lose(file.unread)
        self.sources.add((file.source.name, _digest(file.source)))
        head: nodes.Block | None = None
        members: list[nodes.Block] = []
        for block in file.blocks:
            if isinstance(block, nodes.TestBlock):
                if not is_found:
                    self.tests.append(block)
            elif type(block) in _FITS or _is_lost_head(block):
                self._close(head, members)
                head, members = block, []
            elif not isinstance(block, nodes.LostBlock):
                members.append(block)
        self._close(head, members)

    def _close(self, head: nodes.Block | None, members: list[nodes.Block]) -> None:
        if isinstance(head, nodes.LostBlock):
            return
        fits = _FITS[type(head)] if head is not None else ()
        self._named(head)
        section_members = tuple(each for each in members if isinstance(each, fits))
        if isinstance(head, nodes.ContractBlock):
            self.contracts.append(Section(head, section_members))
        elif isinstance(head, nodes.AmendmentBlock):
            self.amendments.append(Section(head, section_members))
        elif isinstance(head, Versioned):
            self._keep(Section(head, section_members), head)
        for block in members:
            if not isinstance(block, fits):
                self._stray(block)

    def _named(self, head: nodes.Block | None) -> None:
        if isinstance(head, nodes.ContractBlock):
            check_id("contract", head.id, self.report)
        elif isinstance(head, Versioned):
            check_id(_CALLED[type(head)], head.id, self.report)

    def _stray(self, block: nodes.Block) -> None:
        home = "contract, amendment or catalog"
        if isinstance(block, nodes.MethodBlock):
            home = "`methods` block"
        elif isinstance(block, nodes.TermBlock):
            home = "`terms` block"
        what = "block"
        if isinstance(block, nodes.RankLine):
            what, home = "`rank`", "catalog"
        self.report.error(
            "P008",
            f"this {what} belongs to no {home} above it",
            block.span,
            "put it below the head that it belongs to",
        )

    def _keep(self, section: Section, head: Versioned) -> None:
        key = (head.id.text, head.version.text if head.version else "")
        kept = self._versioned[type(head)]
        if key not in kept:
            kept[key] = section
            return
        first = kept[key].head
        if isinstance(first, Versioned) and first.id.span != head.id.span:
            name = " ".join(key).strip()
            what = _CALLED[type(head)]
            self.report.twice(what, name, head.id.span, first.id.span)
            # Names are looked for in the one that says more.
            if _size(section) > _size(kept[key]):
                kept[key] = section

    def have(self, kind: str, reference: nodes.Reference) -> Key | None:
        """Return the key of the block that `reference` names, or report and None."""
        key = (reference.id.text, reference.version.text)
        known = self._versioned[KINDS[kind]]
        if key not in known:
            file = self._find(kind, *key)
            if file is not None:
                self.add(file, is_found=True)
        if key in known:
            return key
        if self.report.is_lost(key[0]):
            self.report.problems += 1
            return None
        names = [" ".join(each) for each in known]
        names.extend(self._shipped(kind) if self._shipped else ())
        what = f"`{kind}` block" if kind in {"facts", "terms"} else kind
        span = reference.id.span.to(reference.version.span)
        self.report.unknown("R009", what, " ".join(key), span, dict.fromkeys(names))
        return None


def defines_of(section: Section, report: Report) -> dict[str, nodes.DefineBlock]:
    """Return the definitions of a section by name; twice is an error."""
    found: dict[str, nodes.DefineBlock] = {}
    for block in section.members:
        if not isinstance(block, nodes.DefineBlock):
            continue
        if block.name.text in found:
            first = found[block.name.text].name.span
            report.twice("definition", block.name.text, block.name.span, first)
        check_name("definition", block.name, report)
        found.setdefault(block.name.text, block)
    return found


def _size(section: Section) -> int:
    facts = section.head.facts if isinstance(section.head, nodes.FactsBlock) else ()
    return len(section.members) + len(facts)


def version_of(head: nodes.ContractBlock | Versioned) -> str:
    """Return the version that `head` states, empty where it states none."""
    return head.version.text if head.version else ""


def _is_lost_head(block: nodes.Block) -> bool:
    return isinstance(block, nodes.LostBlock) and block.kind in _LOST_HEADS


def _digest(source: Source) -> str:
    return hashlib.sha256(source.text.encode()).hexdigest()
