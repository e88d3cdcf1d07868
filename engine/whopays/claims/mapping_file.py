"""Reads a mapping from YAML, with the place of every mistake.

Only nodes are composed, nothing is constructed: a scalar is the text that stands in
the file, so `yes`, `no` and `0450` stay what they are. Anchors, aliases and tags are
refused, so that a small file can't become a large one. A mapping may be based on one
that comes with whopays, and say only what is different.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from pathlib import Path

import yaml

from whopays.claims.mapping import Field, Mapping
from whopays.claims.mapping_fields import read_field
from whopays.claims.yaml_nodes import Nodes
from whopays.diagnostics import Diagnostic, DiagnosticError, Source, cut_short, nearest
from whopays.model.facts import Fact
from whopays.resources import bundle

_LARGEST = 256 * 1024
_KEYS = ("name", "based_on", "claim_id", "line", "delimiter", "quotes", "facts")
_DELIMITERS = {
    ",": ",",
    "|": "|",
    ";": ";",
    "tab": "\t",
    "\t": "\t",
    "~": "~",
    "^": "^",
}


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with whopays."""
    folder = bundle("rulesets") / "mappings"
    files = (each.name for each in folder.iterdir())
    return tuple(sorted(f.removesuffix(".yaml") for f in files if f.endswith(".yaml")))


def load_mapping(
    path_or_name: str | Path,
    facts: dict[str, Fact],
    open_facts: frozenset[str] = frozenset(),
) -> Mapping:
    """Return the mapping in a file, or the shipped one of that name.

    DiagnosticError holds everything that is wrong with it.
    """
    name = str(path_or_name)
    path = Path(path_or_name)
    if not isinstance(path_or_name, Path) and path.suffix not in {".yaml", ".yml"}:
        return shipped_mapping(name, facts, open_facts)
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8-sig")
    except OSError as error:
        raise _refused(
            "M001", f"the mapping {name} can't be read: {error.strerror}"
        ) from None
    except UnicodeDecodeError:
        raise _refused("M001", f"the mapping {name} is not UTF-8 text") from None
    return parse_mapping(Source(name, text), facts, open_facts)


def shipped_mapping(
    name: str,
    facts: dict[str, Fact],
    open_facts: frozenset[str] = frozenset(),
    *,
    where_declared: bool = False,
) -> Mapping:
    """Return the shipped mapping `name`, such as "tuva".

    `where_declared` leaves out facts that `facts` does not declare: for a mapping that
    nobody asked for by name.
    """
    known = shipped_mappings()
    if name not in known:
        near = nearest(name, known)
        remedy = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"
        raise _refused(
            "M013",
            f"no mapping called `{name}` comes with whopays",
            f"{remedy} (a file's name ends in .yaml)",
        )
    text = (bundle("rulesets") / "mappings" / f"{name}.yaml").read_text("utf-8")
    source = Source(f"{name}.yaml", text)
    return parse_mapping(source, facts, open_facts, where_declared=where_declared)


def parse_mapping(
    source: Source,
    facts: dict[str, Fact],
    open_facts: frozenset[str] = frozenset(),
    *,
    where_declared: bool = False,
) -> Mapping:
    """Return the mapping that `source` writes, or raise DiagnosticError with all errors.

    `where_declared`: an unknown fact is left out instead of being an error.
    """
    nodes = Nodes(source)
    if len(source.text) > _LARGEST:
        raise _refused(
            "M002", f"the mapping {source.name} is longer than {_LARGEST} characters"
        )
    root = nodes.compose()
    items = nodes.items(root, _KEYS) if root is not None else {}
    claim_id = nodes.column(items.get("claim_id"))
    line = nodes.column(items.get("line"))
    base = _base(nodes, items.get("based_on"), facts, open_facts)
    for needed in ("claim_id", "line", "facts") if "based_on" not in items else ():
        if root is not None and needed not in items:
            nodes.error("M005", f"the mapping does not say `{needed}`", root)
    named = items.get("name")
    delimiter = nodes.choice(items.get("delimiter"), _DELIMITERS, ",")
    quoted = (
        nodes.choice(items.get("quotes"), {"yes": "yes", "no": "no"}, "yes") == "yes"
    )
    known = dict(nodes.pairs(items.get("facts")))
    if where_declared:
        known = {name: at for name, at in known.items() if name in facts}
    fields, gather = _fields(nodes, known, facts, open_facts)
    if nodes.found:
        raise DiagnosticError(cut_short(nodes.found))
    title = nodes.text(named) if isinstance(named, yaml.ScalarNode) else source.name
    own = Mapping(
        title or source.name,
        claim_id,
        line,
        tuple(fields),
        delimiter,
        quoted,
        gather,
        nodes.places,
    )
    return own if base is None else _over(base, own, frozenset(items))


def _base(
    nodes: Nodes,
    node: yaml.Node | None,
    facts: dict[str, Fact],
    open_facts: frozenset[str],
) -> Mapping | None:
    """Return the shipped mapping that `node` names, if there is one."""
    if node is None:
        return None
    name = nodes.text(node)
    if name not in shipped_mappings():
        nodes.unknown("M013", "shipped mapping", node, shipped_mappings())
        return None
    return shipped_mapping(name, facts, open_facts)


def _over(base: Mapping, own: Mapping, said: frozenset[str]) -> Mapping:
    """Return `base` with what `own` says otherwise; `said` are the keys that it has."""
    facts = {each.fact.name for each in own.fields} | own.gather.keys()
    kept = tuple(each for each in base.fields if each.fact.name not in facts)
    gather = {name: of for name, of in base.gather.items() if name not in facts}
    return Mapping(
        own.name,
        own.claim_id or base.claim_id,
        own.line or base.line,
        (*kept, *own.fields),
        own.delimiter if "delimiter" in said else base.delimiter,
        own.quoted if "quotes" in said else base.quoted,
        {**gather, **own.gather},
        {**base.places, **own.places},
    )


def _fields(
    nodes: Nodes,
    entries: AnyMapping[str, tuple[yaml.Node, yaml.Node]],
    facts: dict[str, Fact],
    open_facts: frozenset[str],
) -> tuple[list[Field], dict[str, str]]:
    """Return the fields that `entries` write, and the facts of the claim to gather."""
    fields: list[Field] = []
    gather: dict[str, str] = {}
    for name, (key, node) in entries.items():
        fact = facts.get(name)
        if fact is None:
            nodes.unknown("M004", "fact", key, facts)
        elif fact.of not in {"line", "claim"}:
            nodes.error(
                "M004", f"`{name}` is a fact of a {fact.of}, not of a line", key
            )
        else:
            read = read_field(nodes, fact, node, facts, open_facts)
            if isinstance(read, str):
                gather[name] = read
            elif read is not None:
                fields.append(read)
    return fields, gather


def _refused(code: str, message: str, remedy: str = "") -> DiagnosticError:
    return DiagnosticError([Diagnostic(code, message, (), help=remedy)])
