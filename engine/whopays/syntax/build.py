"""From Lark's trees to nodes: conditions, answers, addresses and values."""

from __future__ import annotations

from typing import Any

from lark import Token, Tree

from whopays.diagnostics import Source, Span
from whopays.syntax import nodes
from whopays.syntax.statements import composed

_KINDS = {"WORD": "word", "LITERAL": "literal", "MONEY": "money", "STRING": "string"}
_KINDS["PER"] = "word"  # of `interest $0.41 per day`


def parts(tree: Tree[Any]) -> list[Any]:
    """Return what stands under `tree`: trees, tokens, and None for what is left out."""
    return list(tree.children)


class Builder:
    """Builds nodes out of the trees of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def span(self, part: Tree[Any] | Token) -> Span:
        """Return where `part` stands."""
        if isinstance(part, Token):
            return Span(self.source, part.start_pos or 0, part.end_pos or 0)
        meta = part.meta
        return Span(self.source, meta.start_pos, meta.end_pos)

    def word(self, token: Token) -> nodes.Word:
        """Return a name, or the text between quotes."""
        text = str(token)
        if token.type == "STRING":
            text = " ".join(composed(text[1:-1]).split())
        return nodes.Word(text, self.span(token))

    def words(self, tree: Tree[Any] | None) -> tuple[nodes.Word, ...]:
        """Return the words of a `words` or `strings` tree, none for None."""
        if tree is None:
            return ()
        return tuple(self.word(token) for token in parts(tree))

    def subjects(self, tree: Tree[Any] | None) -> tuple[nodes.Word, ...]:
        """Return the facts and terms of a `needed` tree, none for None."""
        if tree is None:
            return ()
        return tuple(map(self._subject, parts(tree)))

    def literal(self, part: Tree[Any] | Token) -> nodes.Literal:
        """Return a value as written."""
        if isinstance(part, Token):
            word = self.word(part)
            return nodes.Literal(_KINDS[part.type], word.text, word.span)
        if part.data == "system_code":
            system, token = parts(part)
            whole = self.span(system).to(self.span(token))
            return nodes.Literal("code", str(token), whole, self.word(system))
        if parts(part):
            return self.literal(parts(part)[0])
        return nodes.Literal(str(part.data), str(part.data), self.span(part))

    def code_list(self, tree: Tree[Any]) -> nodes.CodeList:
        """Return a code system and its codes."""
        system, *codes = parts(tree)
        items = tuple(map(self.word, codes))
        return nodes.CodeList(self.word(system), items, self.span(tree))

    def condition(self, tree: Tree[Any]) -> nodes.Condition:
        """Return the condition that `tree` is."""
        span = self.span(tree)
        match str(tree.data):
            case "all_of":
                return nodes.AllOf(tuple(map(self.condition, parts(tree))), span)
            case "any_of":
                return nodes.AnyOf(tuple(map(self.condition, parts(tree))), span)
            case "negated":
                return nodes.Negated(self.condition(parts(tree)[0]), span)
            case _:
                return self._atom(tree, span)

    def _atom(self, tree: Tree[Any], span: Span) -> nodes.Atom:
        fact = self._subject(parts(tree)[0])
        rest = parts(tree)[1:]
        match str(tree.data):
            case "is_in" | "is_not_in":
                operands = tuple(self._member(each) for each in rest[0].children)
            case "includes":
                return nodes.Atom("include", fact, (), span, self.code_list(rest[0]))
            case "compared":
                return nodes.Atom(str(rest[0]), fact, (self._operand(rest[1]),), span)
            case _:
                operands = tuple(self.literal(each) for each in rest)
        return nodes.Atom(_OPS[str(tree.data)], fact, operands, span)

    def _subject(self, part: Tree[Any] | Token) -> nodes.Word:
        """Return a fact's name, or a term as it is written: `paid_amount by "Maine"`."""
        if isinstance(part, Token):
            return self.word(part)
        name, source = map(self.word, parts(part))
        return nodes.Word(f'{name.text} by "{source.text}"', self.span(part))

    def _member(self, tree: Tree[Any]) -> nodes.Literal:
        return self.literal(parts(tree)[0])

    def _operand(self, tree: Tree[Any]) -> nodes.Operand:
        part = parts(tree)[0]
        if isinstance(part, Token):
            return self.literal(part)
        if part.data == "term_name":
            term = self._subject(part)
            return nodes.Literal("word", term.text, term.span)
        count, unit, direction, fact = parts(part)
        return nodes.Shifted(
            self.literal(count),
            self.word(unit),
            str(direction),
            self.word(fact),
            self.span(part),
        )

    def answer(self, tree: Tree[Any]) -> nodes.Answer:
        """Return what a clause answers."""
        span = self.span(tree)
        match str(tree.data):
            case "answer_not":
                return nodes.Answer(f"not {parts(tree)[0]}", (), "", span)
            case "answer_unlisted":
                return nodes.Answer("unlisted", (), "", span)
            case "answer_ambiguous":
                reason = self.word(parts(tree)[0]).text
                return nodes.Answer("ambiguous", (), reason, span)
            case "answer_draft":
                return nodes.Answer("?", (), "", span)
            case _:
                return self.shares(parts(tree)[0])

    def shares(self, tree: Tree[Any]) -> nodes.Answer:
        """Return parties and their parts as an answer."""
        shares = tuple(map(self._share, parts(tree)))
        return nodes.Answer("shares", shares, "", self.span(tree))

    def _share(self, tree: Tree[Any]) -> nodes.Share:
        party, part = parts(tree)
        return nodes.Share(self.word(party), self.literal(part) if part else None)

    def address(self, tree: Tree[Any]) -> nodes.Address:
        """Return where a clause stands."""
        span, inner = self.span(tree), parts(tree)
        name = self.word(inner[0])
        match str(tree.data):
            case "address_row" | "target_row":
                when = self.optional(inner[2]) if len(inner) > 2 else None  # noqa: PLR2004
                return nodes.Address("row", name, self.word(inner[1]), when, span)
            case "address_otherwise" | "target_otherwise":
                when = self.optional(inner[2]) if len(inner) > 2 else None  # noqa: PLR2004
                return nodes.Address("otherwise", name, None, when, span)
            case _:
                return nodes.Address("clause", name, None, None, span)

    def optional(self, tree: Tree[Any] | None) -> nodes.Condition | None:
        """Return the condition, or None where there is none."""
        return None if tree is None else self.condition(tree)

    def items(self, tree: Tree[Any]) -> tuple[tuple[nodes.Literal, ...], ...]:
        """Return the pieces between the commas of a test's line."""
        return tuple(tuple(map(self._piece, parts(item))) for item in parts(tree))

    def _piece(self, part: Tree[Any] | Token) -> nodes.Literal:
        if isinstance(part, Tree) and part.data == "duty":
            words = " or ".join(self.duties(part))
        elif isinstance(part, Tree) and part.data == "first_ahead":
            words = " ahead of ".join(map(str, parts(part)))
        else:
            return self.literal(part)
        return nodes.Literal("word", words, self.span(part))

    def duties(self, tree: Tree[Any]) -> tuple[str, ...]:
        """Return `forward`, `deny`, or both."""
        return tuple(str(part) for part in parts(tree) if part is not None)

    # Formulas

    def choice(self, tree: Tree[Any]) -> nodes.Choice:
        """Return an amount, or a choice between amounts."""
        span, cases = self.span(tree), []
        while tree.data == "if_else":
            value, when, tree = parts(tree)
            cases.append(nodes.Case(self.formula(value), self.condition(when)))
        otherwise = self.formula(tree)
        return nodes.IfElse(tuple(cases), otherwise, span) if cases else otherwise

    def formula(self, tree: Tree[Any]) -> nodes.Formula:
        """Return the amount that `tree` is."""
        span, inner = self.span(tree), parts(tree)
        match str(tree.data):
            case "number":
                return nodes.Number(self.literal(inner[0]), span)
            case "name":
                return nodes.Name(self.word(inner[0]), span)
            case "term_name":
                return nodes.TermName(self.word(inner[0]), self.word(inner[1]), span)
            case "percent_of":
                number = nodes.Number(self.literal(inner[0]), self.span(inner[0]))
                return nodes.Times(number, self.formula(inner[1]), span)
            case "sum_of":
                return nodes.SumOf(self.formula(inner[0]), span)
            case "times":
                return nodes.Times(self.formula(inner[0]), self.formula(inner[1]), span)
            case "extreme":
                kind, given, *rest = inner
                several = tuple(map(self.formula, rest))
                return nodes.Extreme(str(kind), given is not None, several, span)
            case _:
                signs = ("+", *(str(each) for each in inner[1::2]))
                several = tuple(map(self.formula, inner[::2]))
                return nodes.Plus(signs, several, span)


_OPS = {
    "holds": "holds",
    "is_value": "is",
    "is_not_value": "is not",
    "is_given": "is given",
    "is_not_given": "is not given",
    "is_in": "in",
    "is_not_in": "not in",
    "in_month": "in month of",
}
