"""Accounts for callers: rules loaded, accounts settled, methods compared side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from whopays.api import load
from whopays.api.book import file_digest, own_version
from whopays.api.rulefiles import RulesFolderError, shipped_rules
from whopays.claims.accounts import AccountReader, Filed, read_accounts
from whopays.claims.accounts.schema import account_schema
from whopays.claims.records import ReadReport, Reject
from whopays.coordinate.account import Coordinator, Payer, Settled
from whopays.coordinate.corrected import (
    Change,
    Result,
    Reversal,
    change,
    result_of,
    reversal,
)
from whopays.coordinate.method import Paid
from whopays.coordinate.pairs import Pairs
from whopays.diagnostics import nearest
from whopays.engines.durable import Durable, Plain
from whopays.explain.accounts import (
    account_record,
    account_sentence,
    account_tree,
    reversed_record,
)
from whopays.explain.accounts.filled import filled, units_of
from whopays.model.account import Account
from whopays.model.facts import Fact
from whopays.model.payments import Method, Order
from whopays.resolve.payments.methods import of_patient
from whopays.resolve.payments.orders import of_pair

__all__ = [
    "AS_GIVEN",
    "AccountBook",
    "Compared",
    "Filed",
    "ReadReport",
    "Reject",
    "Settled",
    "account_record",
    "account_sentence",
    "account_tree",
    "load_accounts",
    "reversed_record",
    "schema_of",
]
#: In place of an order: the plans stand as the account gives them.
AS_GIVEN = "as-given"


@dataclass(frozen=True)
class Compared:
    """What one method would come to for a plan, and the account with it."""

    method: Method
    payer: Payer
    settled: Settled


@dataclass
class AccountBook:
    """Settles accounts by the methods of loaded rules and one order of benefits.

    `facts` are those that methods and the order may read, `sources` the names and
    digests of the rule files, `method` that of plans that name none.
    """

    coordinator: Coordinator
    order: Order | None
    facts: dict[str, Fact]
    sources: tuple[tuple[str, str], ...]
    method: str | None = None
    _earlier: dict[str, Result] = field(default_factory=dict)

    def read(
        self, path: str | Path, report: ReadReport | None = None
    ) -> Iterator[Filed | Reject]:
        """Return the accounts and rejects of a file; see `claims.accounts`."""
        return read_accounts(path, self.facts, report)

    def account(self, document: Mapping[str, Any]) -> Account | Reject:
        """Return the account of an account document, or why it can't be read."""
        reader = AccountReader("account", self.facts, ReadReport())
        (found,) = reader.read(dict(document), 1)
        return found.account if isinstance(found, Filed) else found

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of an account document for these rules."""
        return account_schema(self.facts)

    def settle(self, account: Account) -> Settled:
        """Return what each plan of `account` pays, and what is left."""
        if self.method is not None:
            coverages = tuple(
                replace(each, method=each.method or self.method)
                for each in account.coverages
            )
            account = replace(account, coverages=coverages)
        return self.coordinator.settle(account)

    def tree(self, settled: Settled) -> str:
        """Return `settled` in words, with every step."""
        return account_tree(settled, self.coordinator.facts, self.order)

    def page(self, settled: Settled) -> str:
        """Return `settled` as a page of HTML that needs nothing but itself."""
        from whopays.pages import About, account_page  # noqa: PLC0415 - on demand

        asked = (("the method of plans that name none is", self.method or ""),)
        about = About(
            own_version(), self.sources, tuple(each for each in asked if each[1])
        )
        return account_page(about, settled, self.coordinator.facts, self.order)

    def record(self, settled: Settled, changed: Change | None = None) -> dict[str, Any]:
        """Return `settled` as plain data."""
        return account_record(settled, self.coordinator.facts, self.order, changed)

    def filled(self, paid: Paid) -> str:
        """Return the formula of `pay` with its numbers, where there is one alone."""
        pays = [step.pay for step in paid.steps if step.pay is not None]
        if len(pays) != 1:
            return ""
        return filled(pays[0].worked, units_of(paid.method, self.coordinator.facts))

    def compare(self, account: Account, plan: str) -> list[Compared]:
        """Return what each method that fits the place of `plan` would come to.

        Nothing is kept. KeyError if the account has no such plan; empty where the order
        is undetermined, or the plan goes first.
        """
        account.coverage(plan)
        found = self.settle(account)
        payer = next((p for p in found.payers if p.coverage.plan == plan), None)
        if payer is None:
            return []
        fitting = [
            method
            for method in self.coordinator.methods.values()
            if payer.position in method.positions
        ]
        return [self._compared(account, plan, method) for method in fitting]

    def _compared(self, account: Account, plan: str, method: Method) -> Compared:
        coverages = tuple(
            replace(each, method=method.id) if each.plan == plan else each
            for each in account.coverages
        )
        settled = self.settle(replace(account, coverages=coverages))
        payer = next(p for p in settled.payers if p.coverage.plan == plan)
        return Compared(method, payer, settled)

    def reprice(
        self, filed: Filed
    ) -> Settled | tuple[Settled, Change] | Reversal | str:
        """Return what came of one account of a file; the text says what is wrong with it.

        An account that adjusts an earlier one comes with what it changes; one that
        reverses it is the earlier one's amounts with their signs turned. What has been
        adjusted or reversed can't be a second time: the last of a chain can.
        """
        name = filed.account.id
        of = filed.adjusts or filed.reverses
        before = self._earlier.get(of)
        if of and before is None:
            return "is no account that stands before this one and is still in force"
        if filed.reverses and before is not None:
            del self._earlier[of]
            return reversal(before, name)
        settled = self.settle(filed.account)
        after = self._earlier[name] = result_of(settled)
        if before is None:
            return settled
        del self._earlier[of]
        return settled, change(before, after)

    def reprice_files(
        self, files: Iterable[Path], out: Path
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Reprice the accounts of `files` into the folder `out`.

        Return the counts that are in the manifest, and notes on what was left out.
        """
        from whopays.batch.reprice import run  # noqa: PLC0415 - on demand

        paths = tuple(files)
        reports = [ReadReport() for _ in paths]
        # Made now, so that a bad header or a missing file is noticed before work.
        readers = [self.read(*each) for each in zip(paths, reports, strict=True)]
        digests = [{"name": path.name, "sha256": file_digest(path)} for path in paths]
        self._earlier.clear()
        rows = (
            (path, each) for path, r in zip(paths, readers, strict=True) for each in r
        )
        counts = run(
            (self._repriced(path, each) for path, each in rows),
            out,
            lambda: self._manifest(digests),
        )
        notes = tuple(note for report in reports for note in report.notes())
        return counts, notes

    def _repriced(self, path: Path, filed: Filed | Reject) -> dict[str, Any] | Reject:
        if isinstance(filed, Reject):
            return filed
        account = filed.account
        found = self.reprice(filed)
        if isinstance(found, str):
            name = "reverses" if filed.reverses else "adjusts"
            return Reject(str(path), account.record, name, found, account.id)
        if isinstance(found, Reversal):
            record = reversed_record(found)
        elif isinstance(found, Settled):
            record = self.record(found)
        else:
            record = self.record(*found)
        return {**record, "file": path.name, "record": account.record}

    def _manifest(self, inputs: list[dict[str, str]]) -> dict[str, Any]:
        order = f"{self.order.id} {self.order.version}" if self.order else AS_GIVEN
        rules = [{"name": name, "sha256": digest} for name, digest in self.sources]
        return {
            "whopays": own_version(),
            "order": order,
            "method": self.method,
            "inputs": inputs,
            "rules": rules,
        }


def load_accounts(
    rules: str | Path | None = None,
    *,
    order: str | None = None,
    method: str | None = None,
    engine: str = "durable",
) -> AccountBook:
    """Load the methods and the order of the rules at `rules`, or of those that ship.

    `order` is the id of an order, with or without its version, or `AS_GIVEN`; None: the
    only one that no other takes in. `method` is that of plans that name none. `RulesFolderError` where there is no method, or it is
    open which order is meant; see `whopays.load` for the rest.
    """
    book = load(_place(rules), engine=engine)
    sets = book.rules.methods
    methods: dict[str, Method] = {}
    facts: dict[str, Fact] = {}
    for (name, version), each in sets.items():
        twice = methods.keys() & each.methods.keys()
        if twice:
            raise RulesFolderError(
                f"the method {min(twice)} is in {name} {version} and in another set of "
                "methods: name the file of one of them"
            )
        methods.update(each.methods)
        for fact in each.facts.values():
            facts.setdefault(fact.name, fact)
    if not methods:
        raise RulesFolderError("these rules have no method of coordination")
    if method is not None and method not in methods:
        near = nearest(method, methods)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(methods)}"
        raise RulesFolderError(f"there is no method {method}; {hint}")
    chosen = _order(list(book.rules.orders.values()), order)
    seen = {**facts, **of_patient(facts)}
    pairs = None
    if chosen is not None:
        filler = Durable() if engine == "durable" else Plain()
        pairs = Pairs(chosen, of_pair(chosen.facts), filler)
        facts = {**chosen.facts, **facts}
    return AccountBook(
        Coordinator(pairs, methods, seen), chosen, facts, book.rules.sources, method
    )


def schema_of(rules: str | Path | None = None) -> dict[str, Any]:
    """Return the JSON Schema of an account document for the facts of `rules`."""
    found = load(_place(rules), engine="reference").rules
    facts: dict[str, Fact] = {}
    for methods in found.methods.values():
        facts = {**methods.facts, **facts}
    for order in found.orders.values():
        facts = {**order.facts, **facts}
    return account_schema(facts)


def _place(rules: str | Path | None) -> str | Path:
    """Return `rules`, or the folder of those that ship."""
    if rules is not None:
        return rules
    shipped = shipped_rules("cob")
    if not shipped.is_dir():
        raise RulesFolderError(
            "no methods and orders come with this whopays: name yours with --rules"
        )
    return shipped


def _order(orders: list[Order], asked: str | None) -> Order | None:
    if asked == AS_GIVEN or (asked is None and not orders):
        return None
    names = [f"{each.id} {each.version}" for each in orders]
    if asked is not None:
        named = [o for o in orders if asked in {o.id, f"{o.id} {o.version}"}]
        if len(named) == 1:
            return named[0]
        known = "; ".join(names) or "none"
        near = nearest(asked, [each.id for each in orders])
        hint = f"did you mean {near}?" if near and not named else f"there are {known}"
        several = "more than one order" if named else "no order"
        raise RulesFolderError(f"there is {several} {asked}; {hint}")
    taken = {
        rule.order for each in orders for rule in each.rules if rule.order != each.id
    }
    left = [each for each in orders if each.id not in taken]
    if len(left) == 1:
        return left[0]
    raise RulesFolderError(
        f"name the order of benefits with --order: there are {'; '.join(names)}; or "
        f"--order {AS_GIVEN} where the plans stand in the order in which they pay"
    )
