"""Two contracts that answer for the same lines: an error of the folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whopays.diagnostics import Diagnostic, Label
from whopays.model.contract import Contract


def overlapping_heads(contracts: Mapping[str, Contract]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each pair of contracts that one line can be of."""
    found = list(contracts.values())
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            shared = _shared(one, other)
            if shared is not None:
                yield Diagnostic(
                    "C008",
                    f"contracts `{one.id}` and `{other.id}` both answer for some lines",
                    (Label(one.span), Label(other.span)),
                    "tell them apart by `for payer`, `products` or `in force`",
                    (f"for example: {shared}",),
                )


def _shared(one: Contract, other: Contract) -> str | None:
    """Return a line of both contracts in words, or None if there is none."""
    said = []
    for name in ("payer", "group"):
        left, right = getattr(one, name), getattr(other, name)
        if left is not None and right is not None and left != right:
            return None
        if left or right:
            said.append(f'{name} "{left or right}"')
    if one.products and other.products:
        both = [each for each in one.products if each in other.products]
        if not both:
            return None
        said.append(f"product {both[0]}")
    elif one.products or other.products:
        said.append(f"product {(one.products or other.products)[0]}")
    for period in one.in_force:
        for another in other.in_force:
            first = max(period.first, another.first)
            if first in period and first in another:
                return ", ".join([*said, f"on {first}"])
    return None
