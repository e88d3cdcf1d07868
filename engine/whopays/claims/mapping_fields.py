"""One entry under `facts:` of a mapping file."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

import yaml

from whopays.claims.dates import DateFormat, date_format
from whopays.claims.mapping import MISSING, Field, How
from whopays.claims.records import FieldProblem
from whopays.claims.values import Form, value_of
from whopays.claims.yaml_nodes import Nodes
from whopays.diagnostics import Remedy, did_you_mean, nearest, rewrite
from whopays.model.facts import Fact, Kind
from whopays.model.values import UNKNOWN, Value

_SOURCES = ("column", "columns", "first_of", "constant", "gather")
_OPTIONS = (
    "join",
    "values",
    "format",
    "separator",
    "unit",
    "empty",
    "version",
    "versions",
)
_DATES = frozenset({Kind.DATE, Kind.BIRTHDAY})


def read_field(
    nodes: Nodes,
    fact: Fact,
    node: yaml.Node,
    facts: AnyMapping[str, Fact],
    open_facts: frozenset[str],
) -> Field | str | None:
    """Return the field that `node` writes, the fact it gathers, or None with errors."""
    if isinstance(node, yaml.ScalarNode):
        return Field(fact, How.ONE, (nodes.column(node),))
    before = len(nodes.found)
    items = nodes.items(node, (*_SOURCES, *_OPTIONS))
    sources = [name for name in _SOURCES if name in items]
    if len(nodes.found) > before:
        return None
    if len(sources) != 1:
        remedy = f"say one of {', '.join(_SOURCES)}"
        nodes.error("M006", f"`{fact.name}` needs one source", node, remedy)
        return None
    source = items[sources[0]]
    if sources[0] == "gather":
        return _gathered(nodes, fact, source, facts)
    form = _form(nodes, fact, items)
    if sources[0] == "constant":
        constant = _constant(nodes, fact, source, form, open_facts)
        return Field(fact, How.CONSTANT, constant=constant)
    columns = (
        nodes.columns(source) if sources[0] != "column" else (nodes.column(source),)
    )
    how = _how(nodes, fact, sources[0], items)
    if not columns:
        nodes.error("M006", "here stands at least one column", source)
    versions = nodes.columns(items.get("version"))
    if len(versions) == 1:
        versions *= len(columns)
    if versions and (len(versions) != len(columns) or how is How.FIRST):
        message = "`version` is one column, or one for each column"
        nodes.error("M006", message, items["version"])
    if ("version" in items) != ("versions" in items):
        nodes.error("M006", "`version` and `versions` go together", node)
    return Field(
        fact,
        how,
        columns,
        join=_raw(items.get("join")),
        values=_values(nodes, fact, items.get("values"), form, open_facts),
        form=form,
        version_columns=versions,
        versions=tuple(text for text, _ in nodes.texts(items.get("versions"))),
    )


def _raw(node: yaml.Node | None) -> str:
    """Return the text of a scalar with its blanks."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _how(
    nodes: Nodes, fact: Fact, source: str, items: AnyMapping[str, yaml.Node]
) -> How:
    if "join" in items:
        if source != "columns":
            nodes.error("M006", "`join` goes with `columns`", items["join"])
        return How.JOIN
    if source == "columns":
        if fact.kind is not Kind.CODES:
            remedy = 'say `first_of` instead, or add `join: ""`'
            nodes.error(
                "M006", f"`{fact.name}` is not a list", items["columns"], remedy
            )
        return How.LIST
    return How.FIRST if source == "first_of" else How.ONE


def _gathered(
    nodes: Nodes, fact: Fact, node: yaml.Node, facts: AnyMapping[str, Fact]
) -> str | None:
    name = nodes.text(node)
    source = facts.get(name)
    if fact.of != "claim" or fact.kind is not Kind.CODES:
        nodes.error("M006", "only a list of codes of the claim is gathered", node)
        return None
    if source is None:
        nodes.unknown("M004", "fact", node, facts)
        return None
    if source.of != "line" or not set(source.systems) & set(fact.systems):
        nodes.error(
            "M006", f"`{name}` is not a code fact of lines for `{fact.name}`", node
        )
        return None
    return name


def _form(nodes: Nodes, fact: Fact, items: AnyMapping[str, yaml.Node]) -> Form:
    for key, kinds in (
        ("format", _DATES),
        ("unit", {Kind.MONEY}),
        ("separator", {Kind.CODES}),
    ):
        if key in items and fact.kind not in kinds:
            nodes.error("M006", f"`{key}` is not for {fact.type_text}", items[key])
    dates: DateFormat | None = None
    if "format" in items:
        try:
            dates = date_format(nodes.text(items["format"]))
        except ValueError as error:
            nodes.error(
                "M007", str(error), items["format"], "such as %Y%m%d or %d-%b-%Y"
            )
    units = {"dollars": "", "cents": "cents"}
    return Form(
        dates,
        _raw(items.get("separator")) or ";",
        bool(nodes.choice(items.get("unit"), units, "")),
        nodes.choice(items.get("empty"), {each: each for each in MISSING}, ""),
    )


def _constant(
    nodes: Nodes, fact: Fact, node: yaml.Node, form: Form, open_facts: frozenset[str]
) -> Value:
    return _checked(nodes, fact, (nodes.text(node), node), form, open_facts)


def _values(
    nodes: Nodes,
    fact: Fact,
    node: yaml.Node | None,
    form: Form,
    open_facts: frozenset[str],
) -> dict[str, str]:
    """Return the translation of cells; what it translates to is checked here."""
    found = {}
    for name, (_, value) in nodes.pairs(node).items():
        text = nodes.text(value)
        _checked(nodes, fact, (text, value), form, open_facts)
        found[name] = text
    return found


def _checked(
    nodes: Nodes,
    fact: Fact,
    written: tuple[str, yaml.Node],
    form: Form,
    open_facts: frozenset[str],
) -> Value:
    text, node = written
    if text in MISSING:
        return MISSING[text]
    if not text:
        span = nodes.span(node)
        nodes.error(
            "M008",
            f"this value of `{fact.name}` is empty",
            node,
            rewrite(span, "none") if span.end > span.start else "it may be none",
        )
        return UNKNOWN
    try:
        return value_of(fact, text, form, open_facts)
    except FieldProblem as problem:
        near = nearest(text, fact.options)
        remedy = did_you_mean(nodes.span(node), near) if near else Remedy()
        nodes.error(
            "M008", f"this value of `{fact.name}` {problem.reason}", node, remedy
        )
        return UNKNOWN
