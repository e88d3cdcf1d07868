"""Clauses of a contract or an amendment: grids, exceptions, treats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from whopays.diagnostics import Label, Span, nearest, rewrite
from whopays.model.catalog import Catalog
from whopays.model.contract import (
    Answer,
    ExceptionClause,
    Grid,
    Party,
    Row,
    Target,
    Text,
    Treat,
)
from whopays.resolve import literals
from whopays.resolve.cells import Share, meant_by, meant_whole
from whopays.resolve.conditions import Scope
from whopays.resolve.definitions import atoms
from whopays.resolve.headings import no_row
from whopays.resolve.names import check_id
from whopays.resolve.payments.dictionary import Dictionary
from whopays.resolve.report import Report
from whopays.syntax import nodes
from whopays.syntax.mistakes.characters import folded

Clause = (
    nodes.GridBlock
    | nodes.ExceptionBlock
    | nodes.TreatBlock
    | nodes.LimitBlock
    | nodes.RouteBlock
    | nodes.ClockBlock
)
_X = ("x", "X", "✓", "✔")
#: What people write as a category for all that is not listed.
_REST = frozenset({"otherwise", "other", "others", "all other", "all others", "rest"})
#: What people write for an answer that nobody pays.
_NOBODY = frozenset(
    {"nobody", "none", "noone", "no-one", "excluded", "exclude", "denied", "deny"}
    | {"noncovered", "non-covered", "uncovered", "not-covered", "not_covered"}
)
_DRAFT = Answer("draft")
_AMBIGUOUS = re.compile(r'ambiguous\s+because\s+"([^"]*)"')
#: A cell of citations that stand in quotes.
QUOTED_CELL = re.compile(r'"[^"]*"(\s*,\s*"[^"]*")*')


@dataclass
class Clauses:
    """Resolves the clauses of one contract."""

    catalog: Catalog
    scope: Scope
    parties: dict[str, Party]
    report: Report
    calendar: str = ""
    dictionary: Dictionary | None = None

    def text(self, members: list[Clause]) -> Text:
        """Return the grids, exceptions and treats in `members`; ids are declared once."""
        seen: dict[str, Span] = {}
        for block in members:
            check_id("clause", block.id, self.report)
            first = seen.setdefault(block.id.text, block.id.span)
            if first is not block.id.span:
                self.report.twice("clause", block.id.text, block.id.span, first)
        grids = [self.grid(b) for b in members if isinstance(b, nodes.GridBlock)]
        exceptions = [
            self.exception(b) for b in members if isinstance(b, nodes.ExceptionBlock)
        ]
        treats = [self.treat(b) for b in members if isinstance(b, nodes.TreatBlock)]
        built = {each.id for each in (*exceptions, *treats) if each is not None}
        for block in members:
            is_clause = isinstance(block, nodes.ExceptionBlock | nodes.TreatBlock)
            if is_clause and block.id.text not in built:
                self.report.lose_name(block.id.text)
        return Text(
            tuple(grids),
            tuple(each for each in exceptions if each is not None),
            tuple(each for each in treats if each is not None),
        )

    def category(self, word: nodes.Word) -> str | None:
        """Return the title of the category that `word` names, or report."""
        title = self.catalog.titles.get(word.text.casefold())
        if title is None:
            meant = self._same_typed(word.text)
            if meant is not None:
                self.report.typed_otherwise(word, meant)
                return meant
            if word.text.casefold() in _REST:
                self.report.error(
                    "R007",
                    f"`{word.text}` is not a category",
                    word.span,
                    "for what is not listed a grid has a line such as `otherwise PLAN`",
                )
                return None
            known = self.catalog.titles.values()
            self.report.unknown("R007", "category", word.text, word.span, known)
        return title

    def _same_typed(self, name: str) -> str | None:
        """Return the category whose name is `name` as a plain keyboard types it."""
        if name.isascii():
            return None
        plain = folded(name).strip("\"'").casefold()
        titles = self.catalog.titles
        return next((t for t in titles.values() if folded(t).casefold() == plain), None)

    def bearer(self, word: nodes.Word) -> bool:
        """Tell whether `word` is a party or a fund, or report."""
        if word.text in self.parties:
            return True
        self.report.unknown("R008", "party", word.text, word.span, self.parties)
        return False

    # Grids

    def grid(self, block: nodes.GridBlock) -> Grid:
        """Return the grid `block`."""
        self._columns(block.columns)
        rows = [self._row(block, line) for line in block.rows]
        self._one_rest(block)
        rest = [
            Row(
                block.id.text,
                None,
                self.scope.optional(line.when),
                self.answer(line.answer) or _DRAFT,
                tuple(word.text for word in line.cites),
                line.span,
            )
            for line in block.otherwise
        ]
        return Grid(
            block.id.text,
            block.title.text,
            self.scope.optional(block.when),
            tuple(row for row in rows if row is not None),
            tuple(rest),
            block.span,
        )

    def _one_rest(self, block: nodes.GridBlock) -> None:
        """Check that one `otherwise` at most has no condition."""
        rest = [line for line in block.otherwise if line.when is None]
        for line in rest[1:]:
            self.report.error(
                "R006",
                f"grid `{block.id.text}` has two `otherwise` without a condition",
                line.span,
                "keep one, or give each its own `when`",
                also=[Label(rest[0].span, "the first")],
            )

    def _columns(self, columns: tuple[nodes.Word, ...]) -> None:
        for column in columns:
            if column.text in {"category", "when", "cites", "not covered"}:
                continue
            if column.text not in self.parties:
                known = [*self.parties, "when", "cites", "not covered"]
                self.report.unknown(
                    "R014", "party for the column", column.text, column.span, known
                )

    def _row(self, block: nodes.GridBlock, line: nodes.RowLine) -> Row | None:
        if self._is_no_row(line):
            return None
        category = self.category(line.category)
        answer = self._cells(line)
        when = self.scope.optional(line.when)
        if category is None or answer is None or (line.when and when is None):
            return None
        return Row(block.id.text, category, when, answer, _cites(line), line.span)

    def _is_no_row(self, line: nodes.RowLine) -> bool:
        """Report a heading or a total, and tell whether `line` is one."""
        name, titles = line.category.text, self.catalog.titles
        if name.casefold() in titles or self.report.is_lost(name):
            return False
        remedy = no_row(line) if nearest(name, titles) is None else None
        if remedy is not None:
            message = f"there is no category `{name[:60]}`"
            self.report.error("R007", message, line.category.span, remedy)
        return remedy is not None

    def _cells(self, line: nodes.RowLine) -> Answer | None:
        shares: list[Share] = []
        special: list[Answer] = []
        cells = [each for each in line.cells if self._is_column(each.column.text)]
        read = [(cell, self._cell(cell)) for cell in cells]
        if len(cells) < len(line.cells) or any(each is None for _, each in read):
            return None
        for cell, each in read:
            if isinstance(each, Answer):
                special.append(each)
            elif each is not None:
                shares.append((cell.column.text, each, cell.text.span))
        if special and not shares and len(special) == 1:
            return special[0]
        if special:
            self.report.error(
                "R015", "this row has two answers", line.span, "it takes one of them"
            )
            return None
        return self._whole(shares, line.span)

    def _is_column(self, name: str) -> bool:
        return name == "not covered" or name in self.parties

    def _cell(self, cell: nodes.Cell) -> Answer | Fraction | None:
        text, span = cell.text.text, cell.text.span
        if cell.column.text == "not covered":
            if text in _X:
                return Answer("not_covered")
        elif text in _X:
            return Fraction(1)
        elif text == "?":
            return _DRAFT
        elif text in {"unlisted", "not covered"}:
            return Answer(text.replace(" ", "_"))
        elif (reason := _AMBIGUOUS.fullmatch(text)) is not None:
            return Answer("ambiguous", reason=" ".join(reason[1].split()))
        elif text[0] in "0123456789." and text not in {"0", "1"}:
            return literals.part_of(text, span, self.report)
        message = f"`{text[:40]}` cannot stand in a cell"
        self.report.repeated(
            "R015", message, span, meant_by(text, span, cell.column.text)
        )
        return None

    def _whole(self, written: list[Share], span: Span) -> Answer | None:
        shares = [(who, part) for who, part, _ in written]
        if not shares:
            self.report.error(
                "R010",
                "nobody pays for this",
                span,
                "an `x` marks the party, or stands under `not covered`",
            )
            return None
        total = sum((part for _, part in shares), Fraction(0))
        if total != 1:
            shown = " + ".join(f"{Answer('shares', (share,)).text}" for share in shares)
            self.report.error(
                "R010",
                f"the shares do not make 100%: {shown}",
                span,
                meant_whole(written),
            )
            return None
        # In the order of the parties, so that equal shares are equal answers.
        # A column that is no party is reported already.
        order = {name: at for at, name in enumerate(self.parties)}
        shares.sort(key=lambda share: order.get(share[0], len(order)))
        kept = tuple(share for share in shares if share[1] != 0)
        return Answer("shares", kept)

    # Answers

    def answer(self, node: nodes.Answer) -> Answer | None:
        """Return what a clause answers, or report and None."""
        if node.kind == "shares":
            return self._shares(node)
        if node.kind == "not covered":
            return Answer("not_covered")
        if node.kind.startswith("not "):
            self.report.unknown(
                "R015", "answer", node.kind, node.span, ("not covered", "unlisted")
            )
            return None
        if node.kind == "?":
            return _DRAFT
        return Answer(node.kind, reason=node.reason)

    def _shares(self, node: nodes.Answer) -> Answer | None:
        known = [self._answers(share, node) for share in node.shares]
        if not all(known):
            return None
        if len(node.shares) == 1 and node.shares[0].part is None:
            return Answer("shares", ((node.shares[0].party.text, Fraction(1)),))
        found: dict[str, Share] = {}
        for share in node.shares:
            name = share.party.text
            if share.part is None:
                self.report.error(
                    "R010",
                    f"`{name}` has no share",
                    share.party.span,
                    "in a list every party has a percent or a fraction",
                )
                return None
            if name in found:
                self.report.error(
                    "R010",
                    f"`{name}` stands twice",
                    share.party.span,
                    "add its shares together",
                    also=[Label(found[name][2], "the first one")],
                )
                return None
            part = literals.part_of(share.part.text, share.part.span, self.report)
            if part is not None:
                found[name] = (name, part, share.part.span)
        if len(found) < len(node.shares):
            return None
        return self._whole(list(found.values()), node.span)

    def _answers(self, share: nodes.Share, node: nodes.Answer) -> bool:
        """Tell whether a party bears the share, or report what may answer."""
        name = share.party.text
        alone = len(node.shares) == 1 and share.part is None
        if name in self.parties or not alone:
            return self.bearer(share.party)
        span = share.party.span
        known = [*self.parties, "not covered", "unlisted", "ambiguous"]
        if name.casefold() in _NOBODY and nearest(name, self.parties) is None:
            message = f"there is no party `{name}`"
            self.report.error("R008", message, span, rewrite(span, "not covered"))
        else:
            self.report.unknown("R008", "party", name, span, known)
        return False

    def _named_regardless(self, word: nodes.Word) -> None:
        block = self.scope.defines.get(word.text)
        if word.text in self.scope.facts:
            self.scope.fact(word)
        elif block is not None:
            read = dict.fromkeys(f"`{each.fact.text}`" for each in atoms(block.when))
            message = f"`regardless of` names a fact, and `{word.text}` is a definition"
            advice = f"it reads {', '.join(list(read)[:8])}"
            self.report.error("R003", message, word.span, advice)
        else:
            facts = self.scope.facts
            self.report.unknown("R001", "fact", word.text, word.span, facts)

    # Other clauses

    def exception(self, block: nodes.ExceptionBlock) -> ExceptionClause | None:
        """Return the exception `block`."""
        targets = [self._target(each) for each in block.targets]
        answer = self.answer(block.then)
        when = self.scope.optional(block.when)
        for word in block.regardless:
            self._named_regardless(word)
        if answer is None or None in targets or (block.when and when is None):
            return None
        return ExceptionClause(
            block.id.text,
            tuple(target for target in targets if target is not None),
            when,
            answer,
            tuple(word.text for word in block.cites),
            tuple(word.text for word in block.regardless),
            block.id.span,
        )

    def _target(self, node: nodes.Address) -> Target | None:
        if node.category is not None:
            category = self.category(node.category)
            if category is None:
                return None
            return Target("row", node.id.text, category, node.span)
        what = "otherwise" if node.what == "otherwise" else "clause"
        return Target(what, node.id.text, None, node.span)

    def treat(self, block: nodes.TreatBlock) -> Treat | None:
        """Return the treat `block`."""
        source, target = self.category(block.source), self.category(block.target)
        when = self.scope.optional(block.when)
        if source is None or target is None or (block.when and when is None):
            return None
        if source == target:
            self.report.error(
                "R012",
                "a category is treated as itself",
                block.target.span,
                "it names another category, or is taken out",
            )
            return None
        cites = tuple(word.text for word in block.cites)
        return Treat(block.id.text, source, target, when, cites, block.id.span)


def _cites(line: nodes.RowLine) -> tuple[str, ...]:
    """Return the citations of a row: the cell as it is, or those that stand in quotes."""
    if line.cites is None:
        return ()
    text = line.cites.text
    if QUOTED_CELL.fullmatch(text):
        return tuple(re.findall(r'"([^"]*)"', text))
    return (text,)
