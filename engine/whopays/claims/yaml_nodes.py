"""YAML nodes with their places: scalars as text, mistakes as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import yaml

from whopays.diagnostics import (
    Diagnostic,
    Label,
    Remedy,
    Source,
    Span,
    did_you_mean,
    nearest,
)

_CLIP = 60
_DEEPEST = 8  # a mapping needs four


class Nodes:
    """Composes one YAML source and takes its nodes apart, collecting diagnostics.

    `what` the source is, for messages. `places` remembers where each column was named
    first.
    """

    def __init__(self, source: Source, what: str = "a mapping") -> None:
        self.source = source
        self.what = what
        self.found: list[Diagnostic] = []
        self.places: dict[str, Span] = {}

    def compose(self) -> yaml.Node | None:
        """Return the root node, or None with a diagnostic."""
        text = self.source.text
        try:
            if not self._is_plain(text):
                return None
            root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._at(
                "M001",
                f"this is not YAML: {_in_words(error)}",
                mark.index if mark else 0,
            )
            return None
        except yaml.YAMLError:
            self._at(
                "M001", "this is not YAML: it has a character that is not allowed", 0
            )
            return None
        if root is None:
            self._at("M005", f"{self.what.replace('a ', 'the ', 1)} is empty", 0)
        return root

    def _is_plain(self, text: str) -> bool:
        """Tell whether `text` has what a mapping has a use for, or report.

        Before anything is composed: a few lines of aliases stand for millions of nodes.
        """
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            said = ""
            if getattr(event, "anchor", None) is not None:
                said = f"{self.what} has no use for an anchor or alias"
            elif getattr(event, "tag", None) is not None:
                said = f"{self.what} has no use for a tag"
            elif depth > _DEEPEST:
                said = f"{self.what} is not nested this deeply"
            if said:
                mark = event.start_mark
                self._at("M002", said, mark.index if mark else 0)
                return False
        return True

    def span(self, node: yaml.Node) -> Span:
        """Return the place of `node`; of a block, its first line."""
        start, end = node.start_mark.index, node.end_mark.index
        if not isinstance(node, yaml.ScalarNode):
            line_end = self.source.text.find("\n", start)
            end = min(end, line_end) if line_end >= 0 else end
        return Span(self.source, start, max(end, start))

    def error(
        self, code: str, message: str, node: yaml.Node, remedy: str | Remedy = ""
    ) -> None:
        """Report an error at `node`; a `remedy` that is a rewrite brings its edits."""
        if isinstance(remedy, str):
            remedy = Remedy(remedy)
        labels = (Label(self.span(node)),)
        self.found.append(
            Diagnostic(code, message, labels, remedy.words, fix=remedy.fix)
        )

    def unknown(
        self, code: str, what: str, node: yaml.Node, known: Iterable[str]
    ) -> None:
        """Report a name that is not among `known`, with the nearest one."""
        name = self.text(node)
        names = tuple(known)
        near = nearest(name, names)
        remedy = did_you_mean(self.span(node), near) if near else Remedy()
        if not near and len(names) <= 15:  # noqa: PLR2004 - few enough to list
            remedy = Remedy(f"there are {', '.join(names)}")
        self.error(code, f"there is no {what} `{name[:_CLIP]}`", node, remedy)

    def text(self, node: yaml.Node) -> str:
        """Return the text of a scalar, stripped; "" for other nodes."""
        return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""

    def pairs(self, node: yaml.Node | None) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Return key and value nodes of a mapping node, by the key's text."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.error("M006", "here stand `key: value` pairs", node)
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            name = self.text(key)
            if not isinstance(key, yaml.ScalarNode):
                self.error("M006", "a key is one word", key)
            elif name in found:
                self.error("M009", f"`{name[:_CLIP]}` is given twice", key)
            else:
                found[name] = (key, value)
        return found

    def items(self, node: yaml.Node, keys: Iterable[str]) -> dict[str, yaml.Node]:
        """Return the values of a mapping node whose keys must be among `keys`."""
        allowed = tuple(keys)
        found = {}
        for name, (key, value) in self.pairs(node).items():
            if name in allowed:
                found[name] = value
            else:
                self.unknown("M003", "key", key, allowed)
        return found

    def column(self, node: yaml.Node | None) -> str:
        """Return a column name and remember its place."""
        if node is None:
            return ""
        name = self.text(node)
        if not name:
            self.error("M006", "here stands the name of a column", node)
        self.places.setdefault(name, self.span(node))
        return name

    def texts(self, node: yaml.Node | None) -> tuple[tuple[str, yaml.Node], ...]:
        """Return the scalars of a list, or the one scalar."""
        if node is None:
            return ()
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = []
        for part in parts:
            if isinstance(part, yaml.ScalarNode):
                found.append((self.text(part), part))
            else:
                self.error("M006", "here stands one word or a list of words", part)
        return tuple(found)

    def columns(self, node: yaml.Node | None) -> tuple[str, ...]:
        """Return a list of column names."""
        return tuple(self.column(part) for _, part in self.texts(node))

    def choice(
        self, node: yaml.Node | None, known: Mapping[str, str], default: str
    ) -> str:
        """Return what the text of `node` stands for in `known`, or report."""
        if node is None:
            return default
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if text in known:
            return known[text]
        self.error(
            "M007",
            "this is not one of the words for it",
            node,
            f"there are {_or(known)}",
        )
        return default

    def _at(self, code: str, message: str, index: int) -> None:
        at = min(index, len(self.source.text))
        self.found.append(
            Diagnostic(code, message, (Label(Span(self.source, at, at)),))
        )


def _in_words(error: yaml.MarkedYAMLError) -> str:
    """Return what is wrong with a text that is no YAML, in words for who wrote it."""
    said = str(error.problem)
    if "another document" in said:
        return "a second document begins here"
    if "'\\t'" in said:
        return "a tab stands where spaces are needed"
    if said.endswith("that cannot start any token"):
        return "a text that begins with this character is written in quotes"
    return said


def _or(known: Iterable[str]) -> str:
    return " or ".join(repr(each).replace("'", "`") for each in known)
