"""The values of conditions and tests: each literal becomes one of its fact's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from whopays.diagnostics import Edit, Remedy, Span, nearest, rewrite
from whopays.model.codes import CodeSet, is_code, normal_code, shape_example
from whopays.model.conditions import value_text
from whopays.model.facts import Fact, Kind
from whopays.model.values import Scalar
from whopays.resolve import literals
from whopays.resolve.report import Report
from whopays.syntax import nodes
from whopays.syntax.mistakes.titles import id_of

_READERS: dict[tuple[Kind, str], Callable[[str, Span, Report], Scalar | None]] = {
    (Kind.MONEY, "money"): literals.money_of,
    (Kind.MONEY, "literal"): literals.money_of,
    (Kind.NUMBER, "literal"): literals.number_of,
    (Kind.PERCENT, "literal"): literals.percent_of,
    (Kind.DATE, "literal"): literals.date_of,
}
_YES_NO = {
    "yes": "yes",
    "no": "no",
    "true": "yes",
    "y": "yes",
    "false": "no",
    "n": "no",
}


def value_of(
    fact: Fact, literal: nodes.Literal, parties: Iterable[str], report: Report
) -> Scalar | None:
    """Return `literal` as a value of `fact`, or report and None."""
    kind, text, span = literal.kind, literal.text, literal.span
    read = _READERS.get((fact.kind, kind))
    if read is not None:
        return read(text, span, report)
    match fact.kind:
        case Kind.ONE_OF if kind in {"word", "yes", "no"}:
            return text if _is_option(fact, text, span, report) else None
        case Kind.YES_NO if kind in {"yes", "no"}:
            return kind == "yes"
        case Kind.PARTY if kind == "word":
            if text in parties:
                return text
            report.unknown("R008", "party", text, span, parties)
        case Kind.PARTY if kind == "string" and text in parties:
            message = f"a party stands without quotes, and `{text}` is one"
            report.error("R003", message, span, rewrite(span, text))
        case Kind.TEXT if kind == "string":
            return text
        case Kind.BIRTHDAY if kind == "literal":
            return _birthday(text, span, report)
        case _:
            _wrong_type(fact, literal, parties, report)
    return None


def _wrong_type(
    fact: Fact, literal: nodes.Literal, parties: Iterable[str], report: Report
) -> None:
    remedy = Remedy(example_of(fact))
    if fact.kind is Kind.YES_NO and literal.text.casefold() in _YES_NO:
        remedy = rewrite(literal.span, _YES_NO[literal.text.casefold()])
    elif fact.kind is Kind.PARTY:
        remedy = _as_party(literal.span, list(parties))
    elif fact.kind is Kind.TEXT:
        remedy = rewrite(literal.span, f'"{literal.text}"')
    elif fact.kind is Kind.ONE_OF and (meant := _option(fact, literal.text)):
        remedy = rewrite(literal.span, meant)
    else:
        remedy = _as_kind(fact, literal) or remedy
    report.error(
        "R003",
        f"`{literals.text_of(literal)}` is not a value of `{fact.name}`, "
        f"which is {fact.described}",
        literal.span,
        remedy,
    )


def _is_option(fact: Fact, text: str, span: Span, report: Report) -> bool:
    """Tell whether `text` is a value of `fact`, or report."""
    what = f"value of `{fact.name}` called"
    meant = _option(fact, text)
    if meant is not None and meant != text:
        message = f"there is no {what} `{text[:60]}`"
        report.repeated("R002", message, span, rewrite(span, meant))
    elif meant is None:
        report.unknown("R002", what, text, span, fact.options)
    return meant == text


def _option(fact: Fact, said: str) -> str | None:
    """Return the one value of `fact` that `said` begins like: `outside` for `out of …`."""
    if said in fact.options:
        return said
    if nearest(said, fact.options) is not None:
        return None
    word = re.split(r"[\s_-]", said.casefold(), maxsplit=1)[0]
    found = [each for each in fact.options if each.casefold().startswith(word)]
    return found[0] if len(found) == 1 and len(word) > 1 else None


def _as_party(span: Span, parties: list[str]) -> Remedy:
    """Return the remedy for what is no id, but may be the title of a party."""
    its_id = id_of(span.text.strip('"'), span.source)
    if its_id in parties:
        return rewrite(span, its_id, ", which is its id")
    listed = ", ".join(f"`{each}`" for each in parties[:12])
    return Remedy(f"a party is named by its id, such as {listed or '`PLAN`'}")


def _as_kind(fact: Fact, literal: nodes.Literal) -> Remedy | None:
    """Return the remedy for a value in the form of another type, if it is plain."""
    text = literal.text
    if fact.kind is Kind.NUMBER and literal.kind == "money":
        bare = text.replace("$", "").replace(",", "").removesuffix(".00")
        return rewrite(literal.span, bare)
    if literal.kind != "string":
        return None
    quiet = Report()
    read = _READERS.get((fact.kind, "money" if text.startswith("$") else "literal"))
    if read is not None and read(text, literal.span, quiet) is not None:
        return rewrite(literal.span, text)
    return None


def _birthday(text: str, span: Span, report: Report) -> Scalar | None:
    short = re.fullmatch(r"(\d\d)-(\d\d)", text)
    try:
        # 2000 is a leap year: 02-29 is a birthday.
        day = date(2000, int(short[1]), int(short[2])) if short else None
    except ValueError:
        report.error("R004", f"`{text}` is not a day of the calendar", span)
        return None
    if day is None:
        day = literals.date_of(text, span, report)
    return None if day is None else (day.month, day.day)


def codes_of(
    fact: Fact, operands: tuple[nodes.Literal, ...], span: Span, report: Report
) -> CodeSet | None:
    """Return `operands`, the first with its system, as codes of `fact`, or report."""
    first = operands[0]
    if first.system is None:
        report.error(
            "R005",
            "a code follows the name of its code system",
            first.span,
            with_system(fact, first.text, first.span),
        )
        return None
    again = next((each for each in operands[1:] if each.system), None)
    if again is not None:
        report.error(
            "R005",
            "a list has codes of one system",
            again.span,
            _named_once(fact, operands),
        )
        return None
    items = tuple(nodes.Word(each.text, _code_span(each)) for each in operands)
    return fitting_codes(fact, nodes.CodeList(first.system, items, span), report)


def with_system(fact: Fact, code: str, span: Span) -> Remedy:
    """Return the remedy for a code without its system, which is the fact's."""
    ends = [normal_code(end) for end in code.split("-")]
    if not re.search(r"\d", code):
        example = shape_example(fact.systems[0])
        return Remedy(f"a {fact.systems[0]} code looks like {example}")
    for written in (False, True):
        fits = [
            each
            for each in fact.systems
            if all(is_code(each, end, written=written) for end in ends)
        ]
        if len(fits) == 1 or len(fact.systems) == 1:
            return rewrite(span, f"{(fits or fact.systems)[0]} {code}")
    return Remedy(f"the systems of `{fact.name}` are {', '.join(fact.systems)}")


def _code_span(code: nodes.Literal) -> Span:
    """Return where the code itself stands, without its system."""
    return Span(code.span.source, code.span.end - len(code.text), code.span.end)


def _named_once(fact: Fact, operands: tuple[nodes.Literal, ...]) -> Remedy:
    systems = {each.system.text for each in operands if each.system}
    if len(systems) > 1:
        return Remedy(f"a second test takes the others: `or {fact.name} in …`")
    fix = tuple(
        Edit(each.span, each.text) for each in operands[1:] if each.system is not None
    )
    shown = ", ".join(each.text for each in operands)
    return Remedy(f"write `{systems.pop()} {shown}`", fix)


def fitting_codes(fact: Fact, node: nodes.CodeList, report: Report) -> CodeSet | None:
    """Return the codes of `node` if `fact` has codes of their system, or report."""
    codes = literals.code_set(node, report, fact.systems)
    if codes is None or codes.system in fact.systems:
        return codes
    report.error(
        "R005",
        f"`{fact.name}` has no codes of {codes.system}",
        node.system.span,
        f"it is {fact.described}",
    )
    return None


def example_of(fact: Fact) -> str:
    """Return a condition on `fact`, as help."""
    code = _code_example(fact)
    example = {
        Kind.ONE_OF: f"{fact.name} is {fact.options[0] if fact.options else 'A'}",
        Kind.YES_NO: fact.name,
        Kind.DATE: f"{fact.name} >= 2026-01-01",
        Kind.BIRTHDAY: f"{fact.name} < 07-01",
        Kind.NUMBER: f"{fact.name} >= 21",
        Kind.PERCENT: f"{fact.name} >= 80%",
        Kind.MONEY: f"{fact.name} > $250.00",
        Kind.CODE: f"{fact.name} in {code}",
        Kind.CODES: f"{fact.name} include {code}",
        Kind.PARTY: f"{fact.name} is PLAN",
        Kind.TEXT: f'{fact.name} is "…"',
    }[fact.kind]
    return f"for example, `{example}`"


def example_given(fact: Fact) -> str:
    """Return `fact` with a value as a test gives it, as help."""
    value = {
        Kind.ONE_OF: fact.options[0] if fact.options else "A",
        Kind.YES_NO: "yes",
        Kind.DATE: "2026-03-04",
        Kind.BIRTHDAY: "07-01",
        Kind.NUMBER: "21",
        Kind.PERCENT: "80%",
        Kind.MONEY: "$250.00",
        Kind.PARTY: "PLAN",
        Kind.TEXT: '"…"',
    }.get(fact.kind, _code_example(fact))
    return f"for example, `{fact.name} {value}`"


def _code_example(fact: Fact) -> str:
    return " ".join(f"{each} {shape_example(each)}" for each in fact.systems[:1])


def shown(fact: Fact, value: Scalar) -> str:
    """Return `value` of `fact` as the language writes it."""
    if fact.kind is Kind.TEXT:
        return f'"{value}"'
    return value_text(
        value, money=fact.kind is Kind.MONEY, percent=fact.kind is Kind.PERCENT
    )
