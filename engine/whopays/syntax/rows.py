"""The rows of a grid: a header of columns, then one row a service."""

from __future__ import annotations

import re

from whopays import bounds
from whopays.diagnostics import (
    Diagnostic,
    Edit,
    Label,
    Remedy,
    Span,
    did_you_mean,
    insert,
    leave_out_lines,
    nearest,
    rewrite,
)
from whopays.syntax import nodes
from whopays.syntax.build import Builder
from whopays.syntax.extent import too_long
from whopays.syntax.mistakes.wordings import COLUMNS
from whopays.syntax.problems import Problems
from whopays.syntax.read import read_tree
from whopays.syntax.statements import (
    NOT_A_PARTY,
    RowText,
    Statement,
    column_name,
    comment_start,
    composed,
    row_cells,
)

#: The line under the header of a table in Markdown.
_RULE = re.compile(r"[|:\s-]*")


class RowReader:
    """Reads rows; what is wrong goes to `found`."""

    def __init__(self, build: Builder, found: Problems) -> None:
        self.build = build
        self.found = found
        # The category of the row above, and where rows without one were reported.
        self._above = ""
        self._blank: int | None = None

    def grid(
        self, rows: list[Statement], head: Span, *, broken: bool = False
    ) -> tuple[tuple[nodes.Word, ...], tuple[nodes.RowLine, ...]]:
        """Return the columns and the rows that could be read."""
        if not rows:
            # Where lines could not be read they may have been the rows.
            self.found.lost.append(head)
            if not broken:
                advice = "it takes a header and rows"
                self.found.report("P014", "this grid has no rows", head, advice)
            return (), ()
        header = self._cells(rows[0])
        columns = tuple(
            nodes.Word(column_name(cell.text), cell)
            for cell in (header.cells if header else ())
        )
        if header is None or not self._good_header(columns, rows[0]):
            # Without its columns nothing of the grid is known.
            self.found.lost.append(head)
            return (), ()
        read = []
        for row in rows[1:]:
            line = self._row(row, columns)
            if line is not None:
                read.append(line)
            elif len(self.found) >= bounds.MOST_PROBLEMS:
                break
        return columns, tuple(read)

    def _good_header(self, columns: tuple[nodes.Word, ...], row: Statement) -> bool:
        seen: dict[str, nodes.Word] = {}
        if self._misnamed(columns):
            return False
        if not any(column.text == "category" for column in columns):
            self.found.report(
                "P014",
                "the first row of a grid names its columns, among them `category`",
                row.span,
                "such as `| category | when | PARTY | … | cites |`",
            )
            return False
        for column in columns:
            if column.text in seen:
                first = Label(seen[column.text].span, "the first one")
                self.found.append(
                    Diagnostic(
                        "P014",
                        f"the column `{column.text}` stands twice"
                        if column.text
                        else "two columns have no name",
                        (Label(column.span), first),
                        "every column has its own party",
                    )
                )
                return False
            seen[column.text] = column
        return True

    def _misnamed(self, columns: tuple[nodes.Word, ...]) -> bool:
        """Report columns that are not parties and have another name than the language's."""
        present = {column.text for column in columns}
        found = False
        for column in columns:
            if column.text in NOT_A_PARTY or not column.text or column.text.isupper():
                continue
            said = column.text.casefold()
            near = nearest(said, NOT_A_PARTY)
            meant = COLUMNS.get(said, near)
            if meant is not None and meant not in present:
                found = True
                self.found.report(
                    "P014",
                    f"`{column.text}` is not how this column is called",
                    column.span,
                    did_you_mean(column.span, meant),
                )
        return found

    def _cells(self, row: Statement) -> RowText | None:
        too_much = too_long(row)
        if too_much is not None:
            self.found.append(too_much)
            return None
        cells = row_cells(row)
        if cells.closed:
            return cells
        if self._has_bar_in_comment(row, r"\|\s*#"):
            return None
        end = row.span.start + comment_start(row.span.text)
        end = len(row.span.source.text[:end].rstrip())
        self.found.report(
            "P012",
            "a row begins and ends with `|`",
            row.span,
            insert(row.span.source, end, " |", "write `|` at its end"),
        )
        return None

    def _has_bar_in_comment(self, row: Statement, before: str) -> bool:
        """Report bars in a comment behind `row`, which begins where `before` ends."""
        text, source = row.span.text, row.span.source
        begins = re.search(before, text)
        if begins is None or "|" not in text[begins.end() :]:
            return False
        start = row.span.start + begins.end() - 1
        place = Span(source, start, row.span.end)
        bars = [start + at for at, char in enumerate(place.text) if char == "|"]
        fix = tuple(Edit(Span(source, at, at + 1), "/") for at in bars)
        message = "a comment behind a row cannot contain `|`"
        remedy = Remedy(f"write `{_clip(place.text.replace('|', '/'))}`", fix)
        self.found.report("P012", message, place, remedy)
        return True

    def _row(
        self, row: Statement, columns: tuple[nodes.Word, ...]
    ) -> nodes.RowLine | None:
        if "-" in row.span.text and _RULE.fullmatch(row.span.text):
            self.found.report(
                "P014",
                "a grid has no line of dashes",
                row.span,
                leave_out_lines(row.span, "leave it out"),
            )
            return None
        read = self._cells(row)
        if read is None or self._is_no_row(row, read, columns):
            return None
        beyond = read.cells[len(columns) : len(columns) + 1]
        if beyond and beyond[0].text.startswith("#"):
            first = f"(\\|[^|]*){{{len(columns)}}}\\|\\s*#"
            if self._has_bar_in_comment(row, first):
                return None
        if len(read.cells) != len(columns):
            self.found.report(
                "P013",
                f"this row has {len(read.cells)} cells, its grid has {len(columns)} columns",
                row.span,
                "every row has one cell a column; an empty one is blank between two `|`",
            )
            return None
        by_name = {
            column.text: nodes.Word(composed(cell.text), cell)
            for column, cell in zip(columns, read.cells, strict=True)
        }
        category = self._category(by_name["category"])
        if category is None:
            return None
        when = None
        if by_name.get("when") and by_name["when"].text.strip():
            when = self._condition(by_name["when"].span)
            if when is None:
                return None
        cites = by_name.get("cites")
        return nodes.RowLine(
            category,
            when,
            tuple(
                nodes.Cell(column, by_name[column.text])
                for column in columns
                if column.text not in {"category", "when", "cites"}
                and by_name[column.text].text
            ),
            cites if cites is not None and cites.text else None,
            row.span,
        )

    def _is_no_row(
        self, row: Statement, read: RowText, columns: tuple[nodes.Word, ...]
    ) -> bool:
        """Report a header that stands again, a row of blanks, or a heading in one cell."""
        words = [each.text.casefold() for each in read.cells]
        names = [each.text.casefold() for each in columns]
        again = len(words) == len(names) and all(
            word in {"", name} or COLUMNS.get(word) == name
            for word, name in zip(words, names, strict=True)
        )
        if not any(words):
            message, remedy = (
                "this row is empty",
                leave_out_lines(row.span, "leave it out"),
            )
        elif again:
            message = "the header of a grid stands once, above its rows"
            remedy = leave_out_lines(row.span, "leave it out")
        elif len(words) != len(names) and words[0] and not any(words[1:]):
            message = "this row has one cell, and no answer"
            heading = f"# {read.cells[0].text}"
            remedy = rewrite(row.span, heading, ", if it is a heading")
        else:
            return False
        self.found.report("P014" if again else "P013", message, row.span, remedy)
        return True

    def _category(self, cell: nodes.Word) -> nodes.Word | None:
        """Return the category in `cell`, that of the row above if it is blank."""
        name = " ".join(cell.text.split()).strip('"')
        if name:
            self._above = name
            return nodes.Word(name, cell.span)
        message = "this row names no category"
        if not self._above:
            advice = "every row names its category, also where it is that of another"
            self.found.report("R007", message, cell.span, advice)
            return None
        edit = Edit(cell.span, f"{self._above} ")
        if self._blank is None:
            words = f"write `{self._above}`, which is that of the row above"
            self._blank = len(self.found)
            self.found.report("R007", message, cell.span, Remedy(words, (edit,)))
        else:
            self.found.also(self._blank, Label(cell.span, "here too"), edit)
        return nodes.Word(self._above, cell.span)

    def _condition(self, cell: Span) -> nodes.Condition | None:
        word = cell.text.split(None, 1)[0] if cell.text.strip() else ""
        tree = read_tree(Statement(word, cell), "condition", self.found)
        return None if tree is None else self.build.condition(tree)


def _clip(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004
