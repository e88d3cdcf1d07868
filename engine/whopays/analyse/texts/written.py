"""The clauses of a text in force as rule text: what is read back means the same.

A definition is written under the name that `names` gives it: two texts may define one
name in two ways, and each clause keeps the meaning of its own text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

from whopays.model import conditions as model
from whopays.model.conditions import Condition
from whopays.model.contract import (
    Answer,
    ExceptionClause,
    Grid,
    Party,
    Row,
    Treat,
    percent,
)
from whopays.resolve.clauses import QUOTED_CELL

#: The name of each definition in the text written.
Names: TypeAlias = Mapping[model.Named, str]
#: What is to be remarked about a row, or nothing.
Remarks: TypeAlias = Callable[[Row], str]
_NOBODY = "not covered"
_WIDEST = 96
_SPECIAL = {"draft": "?", "not_covered": "not covered", "unlisted": "unlisted"}


def condition(when: Condition, names: Names) -> str:
    """Return `when` in the words of the language."""
    match when:
        case model.Named():
            return names[when]
        case model.All(parts):
            return " and ".join(_grouped(part, names) for part in parts)
        case model.Any_(parts):
            return " or ".join(_grouped(part, names) for part in parts)
        case model.Not(model.All() | model.Any_() | model.Not() as part):
            return f"not ({condition(part, names)})"
        case model.Not(model.Named() as part):
            return f"not {names[part]}"
        case _:
            return when.text


def _grouped(part: Condition, names: Names) -> str:
    text = condition(part, names)
    return f"({text})" if isinstance(part, model.All | model.Any_) else text


def when_lines(when: Condition | None, names: Names) -> list[str]:
    """Return the `when` of a block, over several lines where it is long."""
    if when is None:
        return []
    line = f"  when {condition(when, names)}"
    if len(line) <= _WIDEST or not isinstance(when, model.All | model.Any_):
        return [line]
    word = "and" if isinstance(when, model.All) else "or"
    first, *rest = [_grouped(part, names) for part in when.parts]
    return [f"  when {first}", *(f"  {word} {part}" for part in rest)]


def answer(given: Answer) -> str:
    """Return an answer as it stands after `then`, `otherwise` or `with`."""
    if given.kind == "ambiguous":
        return f'ambiguous because "{given.reason}"'
    if given.kind != "shares":
        return _SPECIAL[given.kind]
    if len(given.shares) == 1:
        return given.shares[0][0]
    return ", ".join(f"{who} {percent(part)}" for who, part in given.shares)


def quoted(texts: Iterable[str]) -> str:
    """Return `texts` in quotes, commas between."""
    return ", ".join(f'"{text}"' for text in texts)


# Clauses


def grid_lines(
    grid: Grid, parties: Iterable[Party], names: Names, remarks: Remarks
) -> list[str]:
    """Return the lines of `grid`, its columns in the order of `parties`."""
    order = [party.id for party in parties]
    rows = [_cells(row, order[0], names) for row in grid.rows]
    used = {column for row in rows for column in row}
    columns = [
        "category",
        *(c for c in ("when", *order, _NOBODY, "cites") if c in used),
    ]
    table = [dict(zip(columns, columns, strict=True)), *rows]
    widths = [max(len(row.get(name, "")) for row in table) for name in columns]
    said = [
        " | ".join(
            row.get(n, "").ljust(w) for n, w in zip(columns, widths, strict=True)
        )
        for row in table
    ]
    header, *body = [f"  | {cells} |" for cells in said]
    return [
        f'responsibility {grid.id} "{grid.title}"',
        *when_lines(grid.when, names),
        header,
        *(
            line + _remark(row, remarks)
            for line, row in zip(body, grid.rows, strict=True)
        ),
        *(_rest(row, names) + _remark(row, remarks) for row in grid.otherwise),
        "end",
    ]


def _rest(row: Row, names: Names) -> str:
    when = f" when {condition(row.when, names)}" if row.when is not None else ""
    cites = f" cites {quoted(row.cites)}" if row.cites else ""
    return f"  otherwise {answer(row.answer)}{when}{cites}"


def _remark(row: Row, remarks: Remarks) -> str:
    remark = remarks(row)
    return f"  # {remark}" if remark else ""


def _cells(row: Row, first: str, names: Names) -> dict[str, str]:
    """Return the cells of `row`; an answer that is no party's stands under `first`."""
    found = {"category": row.category or ""}
    if row.when is not None:
        found["when"] = condition(row.when, names)
    if row.answer.kind == "shares":
        found.update((who, _share(part)) for who, part in row.answer.shares)
    elif row.answer.kind == "not_covered":
        found[_NOBODY] = "x"
    else:
        found[first] = answer(row.answer)
    if row.cites:
        found["cites"] = _cites_cell(row.cites)
    return found


def _share(part: Fraction) -> str:
    return "x" if part == 1 else percent(part)


def _cites_cell(cites: tuple[str, ...]) -> str:
    text = cites[0]
    # Several citations stand in quotes, and so does one that would read otherwise.
    plain = len(cites) == 1 and text and not QUOTED_CELL.fullmatch(text)
    return text if plain else quoted(cites)


def exception_lines(clause: ExceptionClause, names: Names) -> list[str]:
    """Return the lines of an exception."""
    targets = ", ".join(target.text for target in clause.targets)
    return [
        f"exception {clause.id} to {targets}",
        *_cites(clause.cites),
        *when_lines(clause.when, names),
        f"  then {answer(clause.answer)}",
        *(f"  regardless of {fact}" for fact in clause.regardless),
        "end",
    ]


def treat_lines(clause: Treat, names: Names) -> list[str]:
    """Return the lines of a treat."""
    return [
        f'treat {clause.id} "{clause.source}" as "{clause.target}"',
        *_cites(clause.cites),
        *when_lines(clause.when, names),
        "end",
    ]


def define_lines(name: str, when: Condition, names: Names) -> list[str]:
    """Return the lines of a definition."""
    return [f"define {name}", *when_lines(when, names), "end"]


def _cites(cites: tuple[str, ...]) -> list[str]:
    return [f"  cites {quoted(cites)}"] if cites else []
