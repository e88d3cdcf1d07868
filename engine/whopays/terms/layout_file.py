"""Reads layouts of claims databases from YAML, with the place of every mistake.

As mappings are read: nodes are composed and nothing is constructed, so a scalar is the
text that stands in the file. What an element names is looked up while reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from whopays.claims.yaml_nodes import Nodes
from whopays.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Remedy,
    Source,
    cut_short,
    did_you_mean,
    nearest,
)
from whopays.model.facts import Fact
from whopays.model.values import UNKNOWN, Value
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.resolve.testgiven import Given
from whopays.syntax.given import parse_given
from whopays.terms.definitions import Word
from whopays.terms.layout import (
    CLAIM_ID,
    DENIED,
    HEADERS,
    IDS,
    KEPT,
    LINE_NUMBER,
    Element,
    Layout,
)

#: Characters of one file, and elements in it.
LARGEST, MOST = 256 * 1024, 1_000
_KEYS = ("name", "cites", "delimiter", "header", "denied_lines", "empty", "elements")
_NEEDED = ("name", "empty", "elements")
_PARTS = ("name", "id", "is", "reading", "required", "only_when", "empty", "codes")
_DELIMITERS = {",": ",", "|": "|", ";": ";", "tab": "\t", "~": "~", "^": "^"}
_WORD = re.compile(r'(\w+) by "([^"]*)"')
_MOST_CELL = 200


@dataclass(frozen=True)
class Names:
    """What elements may name: words of sources, and facts of lines."""

    words: Mapping[tuple[str, str], Word]
    facts: Mapping[str, Fact]


def parse_layout(source: Source, names: Names) -> Layout:
    """Return the layout that `source` writes, or raise DiagnosticError with all errors."""
    if len(source.text) > LARGEST:
        message = f"the layout {source.name} has more than {LARGEST:,} characters"
        raise DiagnosticError([Diagnostic("M002", message, ())])
    nodes = Nodes(source, "a layout")
    root = nodes.compose()
    items = nodes.items(root, _KEYS) if root is not None else {}
    for key in _NEEDED if root is not None else ():
        if key not in items:
            nodes.error("M005", f"the layout does not say `{key}`", root)  # type: ignore[arg-type]
    read = _Reader(nodes, names)
    layout = Layout(
        read.text(items, "name"),
        tuple(text for text, _ in nodes.texts(items.get("cites"))),
        nodes.choice(items.get("delimiter"), _DELIMITERS, ","),
        nodes.choice(items.get("header"), {each: each for each in HEADERS}, IDS),
        nodes.choice(items.get("denied_lines"), {each: each for each in DENIED}, KEPT),
        read.text(items, "empty"),
        read.elements(items.get("elements")),
    )
    if nodes.found:
        nodes.found.sort(key=lambda each: each.labels[0].span.start)
        raise DiagnosticError(cut_short(nodes.found))
    return layout


class _Reader:
    """Reads the elements of one layout, collecting diagnostics in its nodes."""

    def __init__(self, nodes: Nodes, names: Names) -> None:
        self.nodes = nodes
        self.names = names

    def elements(self, node: yaml.Node | None) -> tuple[Element, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.nodes.error("M006", "here stands a list of elements", node)
            return ()
        if len(node.value) > MOST:
            self.nodes.error("M002", f"there are more than {MOST:,} elements", node)
            return ()
        found = [self._element(each) for each in node.value]
        taken: set[str] = set()
        for element, each in zip(found, node.value, strict=True):
            for title in {element.id, element.name} - {""}:
                if title in taken:
                    message = f"`{title[:60]}` is given twice"
                    self.nodes.error("M009", message, each)
                taken.add(title)
        return tuple(found)

    def _element(self, node: yaml.Node) -> Element:
        items = self.nodes.items(node, _PARTS)
        for key in ("name", "is"):
            if key not in items and isinstance(node, yaml.MappingNode):
                self.nodes.error("M005", f"the element does not say `{key}`", node)
        fact, word = self._is(items.get("is"))
        reading = items.get("reading")
        words = {"yes": "yes", "no": "no"}
        required = self.nodes.choice(items.get("required"), words, "no")
        return Element(
            self.text(items, "name"),
            self.text(items, "id"),
            fact,
            word,
            "" if reading is None else self._reading(reading, word),
            required == "yes",
            self._only_when(items.get("only_when")),
            self.text(items, "empty"),
            {
                name: self.nodes.text(value)
                for name, (_, value) in self.nodes.pairs(items.get("codes")).items()
            },
        )

    def _is(self, node: yaml.Node | None) -> tuple[str, tuple[str, str] | None]:
        """Return the fact, or the word and its source, that an element is."""
        if node is None:
            return "", None
        said = self.nodes.text(node)
        match = _WORD.fullmatch(said)
        if match:
            key = (match[1], match[2])
            if key not in self.names.words:
                of_source = [word.id for word in self.names.words.values()]
                self._unknown("no term", node, of_source)
            return "", key
        facts = [
            CLAIM_ID,
            LINE_NUMBER,
            *(
                name
                for name, fact in self.names.facts.items()
                if fact.of in {"line", "claim"}
            ),
        ]
        if said not in facts:
            self._unknown("no fact", node, facts)
        return said, None

    def _unknown(self, what: str, node: yaml.Node, known: Iterable[str]) -> None:
        said = self.nodes.text(node)
        near = nearest(said, known)
        remedy = Remedy('write a fact, or a term such as paid_amount by "Colorado DSG"')
        if near and '"' not in near:
            remedy = did_you_mean(self.nodes.span(node), near)
        elif near:
            remedy = Remedy(f"did you mean `{near}`?")
        self.nodes.error("M070", f"there is {what} `{said[:60]}`", node, remedy)

    def _reading(self, node: yaml.Node, word: tuple[str, str] | None) -> str:
        said = self.nodes.text(node)
        found = self.names.words.get(word) if word is not None else None
        terms = () if found is None else found.definitions
        known = dict.fromkeys(each.name for term in terms for each in term.readings)
        if word is None:
            self.nodes.error("M071", "a fact has no readings", node)
        elif terms and said not in known:
            named = ", ".join(known)
            there = f"there are {named}" if known else "it has none: leave this out"
            near = nearest(said, known)
            remedy = did_you_mean(self.nodes.span(node), near) if near else there
            self.nodes.error(
                "M071", f"the term has no reading `{said[:60]}`", node, remedy
            )
        return said

    def _only_when(self, node: yaml.Node | None) -> dict[str, Value]:
        if node is None:
            return {}
        items, problems = parse_given("only_when", self.nodes.text(node))
        report = Report()
        given = Given(Scope(dict(self.names.facts), report), report, bare=True)
        found = {} if problems else given.facts(items)[0]
        wrong = [each for each in (*problems, *report.found) if each.is_error]
        unsure = [name for name, value in found.items() if value is UNKNOWN]
        if wrong:
            help_ = wrong[0].help or "for example, capitated yes"
            self.nodes.error("M072", wrong[0].message, node, help_)
        elif unsure or not found:
            self.nodes.error(
                "M072", "no line is known by this", node, "for example, capitated yes"
            )
        return found

    def text(self, items: Mapping[str, yaml.Node], key: str) -> str:
        node = items.get(key)
        if node is None:
            return ""
        said = " ".join(self.nodes.text(node).split())
        if not said or len(said) > _MOST_CELL or not said.isprintable():
            message = f"`{key}` is one text, of at most {_MOST_CELL} characters"
            self.nodes.error("M006", message, node)
        return said
