"""The page of methods side by side: what each would pay for a plan, and every step."""

from __future__ import annotations

from collections.abc import Sequence

from whopays.coordinate.account import PRIMARY, Settled
from whopays.coordinate.compared import Comparison
from whopays.explain.accounts.compared import MethodRow
from whopays.explain.accounts.tree import pair_line
from whopays.model.payments import Order
from whopays.pages.about import About
from whopays.pages.render import rendered


def comparison_page(
    about: About,
    settled: Settled,
    found: Sequence[tuple[Comparison, Sequence[MethodRow]]],
    order: Order | None,
) -> str:
    """Return the page of `found`, the methods of each plan; `settled` is the account."""
    plans = [
        {
            "plan": each.payer.coverage.plan,
            "position": each.payer.position,
            "is_first": each.payer.position == PRIMARY,
            "rows": rows,
        }
        for each, rows in found
    ]
    account = {
        "id": settled.account.id,
        "places": [" and ".join(each) for each in settled.order.places],
        "why": "" if settled.payers else settled.why,
        "needs": () if settled.payers else settled.needs,
        "order": f"{order.id} {order.version}: {order.title}" if order else "",
        "pairs": [pair_line(p, settled, order) for p in settled.order.pairs]
        if order
        else [],
    }
    return rendered("compared.html", about, account=account, plans=plans)
