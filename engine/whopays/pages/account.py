"""The page of an account: what each plan pays, and every step, for who disputes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whopays.coordinate.account import Payer, Settled
from whopays.coordinate.payments import MISSING, POSTED
from whopays.explain.accounts.sentence import account_sentence, payment_words
from whopays.explain.accounts.tree import (
    aside_lines,
    balance_text,
    pair_line,
    payer_lines,
)
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import Order
from whopays.pages.about import About
from whopays.pages.render import rendered


@dataclass(frozen=True)
class _Payer:
    """A row and a card of the page; amounts in words, empty where there is none."""

    plan: str
    place: int
    position: str
    method: str
    pays: str
    expected: str
    variance: str
    words: str
    lines: tuple[str, ...]


def account_page(
    about: About, settled: Settled, facts: Mapping[str, Fact], order: Order | None
) -> str:
    """Return the page of `settled`; `facts` are those that its methods read."""
    title = f"{order.id} {order.version}: {order.title}" if order is not None else ""
    account = {
        "id": settled.account.id,
        "status": settled.status,
        "sentence": account_sentence(settled),
        "balance": "" if settled.write_off is None else balance_text(settled),
        "needs": settled.needs,
        "order": title,
        "pairs": _said(settled, order),
        "payers": [_payer(each, settled, facts) for each in settled.payers],
    }
    return rendered("account.html", about, account=account)


def _said(settled: Settled, order: Order | None) -> list[str]:
    """Return what was said of each pair of plans, and the facts that were worked out."""
    if order is None:
        return []
    pairs = [pair_line(each, settled, order) for each in settled.order.pairs]
    known = [f"Worked out: {each.text}" for each in settled.established]
    return [*pairs, *known, *aside_lines(settled)]


def _payer(payer: Payer, settled: Settled, facts: Mapping[str, Fact]) -> _Payer:
    payment = payer.payment
    pays = "not known" if payment.cents is None else dollars(payment.cents)
    if payment.basis not in {POSTED, MISSING}:
        pays = f"{pays} (not posted yet)"
    return _Payer(
        payer.coverage.plan,
        payer.place,
        payer.position,
        payer.method.id if payer.method is not None else "",
        pays,
        "" if payer.expected is None else dollars(payer.expected),
        "" if payer.variance is None else dollars(payer.variance),
        payment_words(payer),
        tuple(line.strip() for line in payer_lines(payer, settled, facts)),
    )
