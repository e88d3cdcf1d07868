"""Facts as a `given` line of a test writes them, read without a test around them."""

from __future__ import annotations

from whopays.diagnostics import Diagnostic, Source, Span
from whopays.syntax import nodes
from whopays.syntax.build import Builder, parts
from whopays.syntax.extent import longer_than_bounds
from whopays.syntax.mistakes.pasted import pasted
from whopays.syntax.problems import Problems
from whopays.syntax.read import read_tree
from whopays.syntax.statements import Statement, normal_text

Items = tuple[tuple[nodes.Literal, ...], ...]


def parse_given(name: str, text: str) -> tuple[Items, list[Diagnostic]]:
    """Return the items of `text`, such as `claim_type professional, age 64`.

    `name` is what reports call the text. A leading `given` may stand there or not.
    """
    words = " ".join(normal_text(text).split())
    if not words.startswith("given "):
        words = f"given {words}"
    source = Source(name, words)
    too_long = longer_than_bounds(source)
    if too_long is not None:
        return (), [too_long]
    problems = Problems(source)
    problems.extend(pasted(source))
    if problems:
        return (), list(problems)
    statement = Statement("given", Span(source, 0, len(words)))
    tree = read_tree(statement, "statement", problems)
    if tree is None:
        return (), list(problems)
    return Builder(source).items(parts(tree)[0]), list(problems)
