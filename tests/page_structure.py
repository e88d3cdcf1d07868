"""Reads a page of HTML as strictly as it should be written, for tests of pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "meta", "link", "img", "input", "hr"}
#: What a page may have: neither scripts nor anything that is fetched.
ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "footer",
    "section",
    "article",
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "li",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "figure",
    "figcaption",
    "pre",
    "code",
    "mark",
    "ins",
    "b",
    "strong",
    "cite",
    "em",
    "span",
    "div",
    "a",
    "br",
    "meter",
    "ol",
    "blockquote",
}
ATTRIBUTES = {
    "lang",
    "dir",
    "charset",
    "http-equiv",
    "content",
    "name",
    "id",
    "class",
    "href",
    "scope",
    "colspan",
    "open",
    "role",
    "tabindex",
    "aria-label",
    "aria-labelledby",
    "aria-hidden",
    "min",
    "max",
    "value",
}


@dataclass
class Element:
    """An element with its attributes; `text` is all that stands in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page:
    """A page that was read: its elements in order, and what is wrong with it."""

    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text of the page that is shown."""
        return next(each.text for each in self.elements if each.tag == "body")

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements with the names of their attributes, without what is quoted."""
        return [
            (each.tag, tuple(each.attributes))
            for each in self.elements
            if each.tag != "code"
        ]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row of a table, blanks as one."""
        found: list[list[str]] = []
        for each in self.elements:
            if each.tag == "tr":
                found.append([])
            elif each.tag in {"td", "th"}:
                found[-1].append(" ".join(each.text.split()))
        return found

    def texts(self, tag: str, kind: str = "") -> list[str]:
        """Return the texts of the elements `tag`, of the class `kind`, blanks as one."""
        return [
            " ".join(each.text.split())
            for each in self.elements
            if each.tag == tag
            and (not kind or kind in each.attributes.get("class", "").split())
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if len(element.attributes) < len(attrs):
            self.page.problems.append(f"<{tag}> has an attribute twice")
        self.page.elements.append(element)
        if tag in {"td", "th", "br"}:  # cells stand apart
            self.handle_data(" ")
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            inside = self.open[-1].tag if self.open else "nothing"
            self.page.problems.append(f"</{tag}> closes {inside}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        self.page.problems.append(f"a comment: {data[:40]}")


def read_page(text: str) -> Page:
    """Return `text` as a page; `problems` says all that a page of ours must not have."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    page = reader.page
    page.problems.extend(f"<{each.tag}> is not closed" for each in reader.open)
    if not text.startswith("<!doctype html>\n<html lang="):
        page.problems.append("it does not begin as a page")
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    page.problems.extend(f"id {each} twice" for each in set(ids) if ids.count(each) > 1)
    for each in page.elements:
        page.problems.extend(_wrong(each, set(ids)))
    return page


def _wrong(element: Element, ids: set[str]) -> list[str]:
    found = []
    if element.tag not in ELEMENTS:
        found.append(f"an element <{element.tag}>")
    found.extend(
        f"<{element.tag}> has {name}" for name in element.attributes.keys() - ATTRIBUTES
    )
    link = element.attributes.get("href")
    if link is not None and not (link.startswith("#") and link[1:] in ids):
        found.append(f"a link to {link}")
    label = element.attributes.get("aria-labelledby")
    if label is not None and label not in ids:
        found.append(f"a label {label} that is not there")
    if element.tag == "th" and "scope" not in element.attributes:
        found.append("a <th> without scope")
    return found
