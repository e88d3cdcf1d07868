"""A column mapping: which columns of a table say which facts, and how.

A mapping is data; `mapping_file` reads it from YAML, `binding` applies it to a header.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from whopays.claims.values import PLAIN, Form
from whopays.diagnostics import Span
from whopays.model.facts import Fact
from whopays.model.values import NONE, UNKNOWN, Missing, Value

#: Words of a mapping that stand for no value; no fact has them as a value.
MISSING: AnyMapping[str, Missing] = MappingProxyType({"none": NONE, "unknown": UNKNOWN})


class How(Enum):
    """How the cells of a field's columns become one raw value."""

    ONE = "column"
    LIST = "columns"
    JOIN = "join"
    FIRST = "first_of"
    CONSTANT = "constant"


@dataclass(frozen=True)
class Field:
    """How one fact is read.

    `columns` are header names. `join` stands between them for `How.JOIN`. `constant`
    is the value for `How.CONSTANT`. `values` translates cells, before they are read.
    `version_columns`, one a column, say the version of the code beside it; with a
    code whose version is not in `versions` the fact is unknown, since an ICD-9 code can
    look like an ICD-10 code of another meaning.
    """

    fact: Fact
    how: How
    columns: tuple[str, ...] = ()
    join: str = ""
    constant: Value = UNKNOWN
    values: AnyMapping[str, str] = field(default_factory=dict)
    form: Form = PLAIN
    version_columns: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A whole mapping, checked against the declared facts.

    `gather` maps facts of the claim to the facts of lines that they are gathered from.
    `places` says where each column was named, for diagnostics. `quoted` False reads
    quotation marks of a text file as ordinary characters.
    """

    name: str
    claim_id: str
    line: str
    fields: tuple[Field, ...]
    delimiter: str = ","
    quoted: bool = True
    gather: AnyMapping[str, str] = field(default_factory=dict)
    places: AnyMapping[str, Span] = field(
        default_factory=dict, compare=False, repr=False
    )


def identity_mapping(
    header: tuple[str, ...], facts: AnyMapping[str, Fact], delimiter: str = ","
) -> Mapping:
    """Return the mapping of whopays' own columns: each is named as its fact."""
    fields = tuple(
        Field(facts[name], How.ONE, (name,))
        for name in header
        if name in facts and facts[name].of in {"line", "claim"}
    )
    return Mapping("whopays", "claim_id", "line", fields, delimiter)
