"""Settings changed in a profile file, in place: comments and layout stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

#: By the id of a profile, its settings to write, by their names.
Edits = Mapping[str, Mapping[str, str]]
_Edit = tuple[int, int, str]


def edited(text: str, edits: Edits) -> str:
    """Return the profile file `text` with other settings.

    `text` has been read without an error before. What it says afterwards is for the
    caller to compare: where a setting stands in a way that is not known here, it stays.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found: list[_Edit] = []
    for name, profile in _items(_items_by_name(root).get("profiles")):
        if name in edits and isinstance(profile, yaml.MappingNode):
            found.extend(_edits(text, profile, edits[name]))
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(found):
        parts += (text[at:start], new)
        at = end
    return "".join([*parts, text[at:]])


def _items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _items_by_name(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return dict(_items(node))


def _edits(
    text: str, profile: yaml.MappingNode, wanted: Mapping[str, str]
) -> Iterator[_Edit]:
    """Yield the edits of one profile: words replaced, and lines added at its end."""
    said = _items_by_name(profile)
    added = []
    for name, value in wanted.items():
        node = said.get(name)
        if node is None:
            added.append((name, value))
            continue
        start, end = node.start_mark.index, node.end_mark.index
        blank = " " if start == end and text[start - 1 : start] == ":" else ""
        yield start, end, f"{blank}{value}"
    if not added:
        return
    if profile.flow_style or not profile.value:
        at = profile.start_mark.index + 1  # behind the brace
        more = ", " if profile.value else ""
        yield at, at, ", ".join(f"{name}: {value}" for name, value in added) + more
        return
    first = profile.value[0][0]
    indent = " " * first.start_mark.column
    at = _end(profile.value[-1][1])
    line = text.rfind("\n", 0, at) + 1
    newline = "\r\n" if "\r\n" in text[:at] or "\r\n" in text[at : at + 200] else "\n"
    lines = [f"{indent}{name}: {value}" for name, value in added]
    if at == line and at > 0:  # a block that ends with its line
        yield at, at, "".join(f"{each}{newline}" for each in lines)
        return
    after = text.find("\n", at)
    if after < 0:
        yield len(text), len(text), "".join(f"{newline}{each}" for each in lines)
    else:
        yield after + 1, after + 1, "".join(f"{each}{newline}" for each in lines)


def _end(node: yaml.Node) -> int:
    """Return where the last word of `node` ends: a block ends where the next one begins."""
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _end(node.value[-1])
    return int(node.end_mark.index)
