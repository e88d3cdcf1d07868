"""Accounts for callers: rules loaded, accounts settled, methods compared side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.api import load
from whopays.api.book import RuleBook, file_digest, own_version
from whopays.api.profiles import Profiles
from whopays.api.rulefiles import RulesFolderError, shipped_rules
from whopays.claims.accounts import AccountReader, Filed, read_accounts
from whopays.claims.accounts.schema import account_schema
from whopays.claims.records import ReadReport, Reject
from whopays.coordinate.account import Coordinator, Settled
from whopays.coordinate.compared import Compared, Comparison, compare
from whopays.coordinate.corrected import (
    Change,
    Result,
    Reversal,
    change,
    result_of,
    reversal,
)
from whopays.coordinate.pairs import Pairs
from whopays.diagnostics import nearest
from whopays.engines.durable import Durable, Plain
from whopays.explain.accounts import (
    MethodRow,
    account_record,
    account_sentence,
    account_tree,
    comparison_record,
    method_rows,
    pair_text,
    reversed_record,
    told_in_full,
)
from whopays.model.account import Account
from whopays.model.facts import Fact
from whopays.model.payments import Method, Order
from whopays.resolve.payments.methods import of_patient
from whopays.resolve.payments.orders import of_pair

if TYPE_CHECKING:
    from whopays.pages import About

__all__ = [
    "AS_GIVEN",
    "AccountBook",
    "Compared",
    "Comparison",
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
_RULES = "rules_sha256"
#: In place of an order: the plans stand as the account gives them.
AS_GIVEN = "as-given"
#: What came of an account of a file; a text says what is wrong with it.
Repriced = Settled | tuple[Settled, Change] | Reversal | str


@dataclass
class AccountBook:
    """Settles accounts by the methods of loaded rules and one order of benefits.

    `facts` are those that methods and the order may read, `sources` the names and
    digests of the rule files, `method` that of plans that name none. Plans with one of
    `profiles` pay by its method for their position, whatever the account names.
    """

    coordinator: Coordinator
    order: Order | None
    facts: dict[str, Fact]
    sources: tuple[tuple[str, str], ...]
    method: str | None = None
    profiles: Profiles | None = None
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
        return self.coordinator.settle(self._with_methods(account))

    def _with_methods(self, account: Account) -> Account:
        """Return `account` with the method of each plan, as far as there is one."""
        if self.method is not None:
            coverages = tuple(
                replace(each, method=each.method or self.method)
                for each in account.coverages
            )
            account = replace(account, coverages=coverages)
        if self.profiles is not None:
            order = self.coordinator.order_of(account)
            account = self.profiles.applied(account, order)
        return account

    def tree(self, settled: Settled) -> str:
        """Return `settled` in words, with every step and the digest of the rules."""
        tree = account_tree(settled, self.coordinator.facts, self.order)
        return f"{tree}\n  {self.rules_text}"

    @property
    def rules_text(self) -> str:
        """By which rules: how many files, and their digest."""
        count = len(self.sources)
        files = "1 file" if count == 1 else f"{count} files"
        return f"Rules: {files}, SHA-256 {self.rules_digest}"

    def _about(self) -> About:
        from whopays.pages import About  # noqa: PLC0415 - on demand

        asked = (("the method of plans that name none is", self.method or ""),)
        kept = tuple(each for each in asked if each[1])
        return About(own_version(), self.sources, kept)

    def page(self, settled: Settled) -> str:
        """Return `settled` as a page of HTML that needs nothing but itself."""
        from whopays.pages import account_page  # noqa: PLC0415 - on demand

        facts = self.coordinator.facts
        return account_page(self._about(), settled, facts, self.order)

    def sentences(self, settled: Settled) -> str:
        """Return `settled` in sentences, a line each, with every formula filled in."""
        told = told_in_full(settled, self.coordinator.facts, self.order)
        return f"{told}\n{self.rules_text}."

    def record(self, settled: Settled, changed: Change | None = None) -> dict[str, Any]:
        """Return `settled` as plain data, with the digest of the rules."""
        record = account_record(settled, self.coordinator.facts, self.order, changed)
        return {**record, _RULES: self.rules_digest}

    @cached_property
    def rules_digest(self) -> str:
        """The SHA-256 over the names and digests of all rule files."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sources))
        return hashlib.sha256(listed.encode()).hexdigest()

    def compare(
        self, account: Account, plans: Iterable[str] | None = None
    ) -> tuple[Settled, tuple[Comparison, ...]]:
        """Return the account, and what each method that fits a plan's place would come to.

        `plans` None: each plan behind the first. Nothing is kept. KeyError if the account
        has no such plan; no comparison where the order is undetermined.
        """
        return compare(self.coordinator, self._with_methods(account), plans)

    def pair_lines(self, settled: Settled) -> tuple[str, ...]:
        """Return what was said of each pair of plans, with the rule and its citations."""
        if self.order is None:
            return ()
        pairs = settled.order.pairs
        return tuple(pair_text(each, self.order) for each in pairs)

    def method_rows(self, found: Comparison) -> tuple[MethodRow, ...]:
        """Return the methods of `found` in words, as rows of a table."""
        return tuple(method_rows(found, self.coordinator.facts))

    def comparison_record(
        self, settled: Settled, found: Sequence[Comparison]
    ) -> dict[str, Any]:
        """Return what `compare` found as plain data, with the digest of the rules."""
        record = comparison_record(settled, found, self.coordinator.facts, self.order)
        return {**record, _RULES: self.rules_digest}

    def comparison_page(self, settled: Settled, found: Sequence[Comparison]) -> str:
        """Return what `compare` found as a page of HTML that needs nothing but itself."""
        from whopays.pages import comparison_page  # noqa: PLC0415 - on demand

        rows = [(each, self.method_rows(each)) for each in found]
        return comparison_page(self._about(), settled, rows, self.order)

    def reprice(self, filed: Filed) -> Repriced:
        """Return what came of one account of a file; the text says what is wrong with it.

        An account that adjusts an earlier one comes with what it changes; one that
        reverses it is the earlier one's amounts with their signs turned. What has been
        adjusted or reversed can't be a second time: the last of a chain can.
        """
        name = filed.account.id
        of = filed.adjusts or filed.reverses
        before = self._earlier.pop(of, None)
        if of and before is None and not filed.may_be_first:
            return "is no account that stands before this one and is still in force"
        if filed.reverses and before is not None:
            return reversal(before, name)
        settled = self.settle(filed.account)
        after = self._earlier[name] = result_of(settled)
        return settled if before is None else (settled, change(before, after))

    def reprice_files(
        self, files: Iterable[Path], out: Path
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Reprice the accounts of `files` into the folder `out`.

        Return the counts that are in the manifest, and notes on what was left out.
        """
        from whopays.batch.reprice import run  # noqa: PLC0415 - on demand

        paths = tuple(files)
        reports = [ReadReport() for _ in paths]
        rows = self.repriced(paths, reports)
        digests = [{"name": path.name, "sha256": file_digest(path)} for path in paths]
        counts = run(
            (self._recorded(*each) for each in rows),
            out,
            lambda: self._manifest(digests),
        )
        notes = tuple(note for report in reports for note in report.notes())
        return counts, notes

    def repriced(
        self, paths: Sequence[Path], reports: Sequence[ReadReport]
    ) -> Iterator[tuple[Path, Filed | Reject, Repriced]]:
        """Return each account of files with what came of it (`reprice`), one by one."""
        # Made now, so that a bad header or a missing file is noticed before work.
        readers = [self.read(*each) for each in zip(paths, reports, strict=True)]
        self._earlier.clear()
        return (
            (path, each, "" if isinstance(each, Reject) else self.reprice(each))
            for path, reader in zip(paths, readers, strict=True)
            for each in reader
        )

    def _recorded(
        self, path: Path, filed: Filed | Reject, found: Repriced
    ) -> dict[str, Any] | Reject:
        if isinstance(filed, Reject):
            return filed
        account = filed.account
        if isinstance(found, str):
            name = "reverses" if filed.reverses else "adjusts"
            return Reject(str(path), account.record, name, found, account.id)
        if isinstance(found, Reversal):
            record = {**reversed_record(found), _RULES: self.rules_digest}
        elif isinstance(found, Settled):
            record = self.record(found)
        else:
            record = self.record(*found)
        return {**record, "file": path.name, "record": account.record}

    def _manifest(self, inputs: list[dict[str, str]]) -> dict[str, Any]:
        order = f"{self.order.id} {self.order.version}" if self.order else AS_GIVEN
        rules = [{"name": name, "sha256": digest} for name, digest in self.sources]
        manifest = {
            "whopays": own_version(),
            "order": order,
            "method": self.method,
            "inputs": inputs,
            "rules": rules,
            _RULES: self.rules_digest,
        }
        if self.profiles is not None:
            manifest["profiles"] = [
                {"name": name, "sha256": digest}
                for name, digest in self.profiles.sources
            ]
        return manifest


def load_accounts(
    rules: str | Path | None = None,
    *,
    order: str | None = None,
    method: str | None = None,
    profiles: Profiles | None = None,
    engine: str = "durable",
) -> AccountBook:
    """Load the methods and the order of the rules at `rules`, or of those that ship.

    `order` is the id of an order, with or without its version, or `AS_GIVEN`; None: the
    only one that no other takes in. `method` is that of plans that name none. With `profiles`
    the methods that ship are loaded beside those of `rules`. `RulesFolderError` where there
    is no method, or it is open which order is meant; see `whopays.load` for the rest.
    """
    books = _books(rules, engine, beside=profiles is not None)
    sets = {key: each for b in books for key, each in b.rules.methods.items()}
    orders = next((b.rules.orders for b in books if b.rules.orders), {})
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
    chosen = _order(list(orders.values()), order)
    seen = {**facts, **of_patient(facts)}
    pairs = None
    if chosen is not None:
        filler = Durable() if engine == "durable" else Plain()
        pairs = Pairs(chosen, of_pair(chosen.facts), filler)
        facts = {**chosen.facts, **facts}
    sources = tuple(each for b in books for each in b.rules.sources)
    return AccountBook(
        Coordinator(pairs, methods, seen), chosen, facts, sources, method, profiles
    )


def _books(rules: str | Path | None, engine: str, *, beside: bool) -> list[RuleBook]:
    """Return the rules at `rules`, and those that ship where they are wanted `beside`."""
    places = [_place(rules)]
    if beside and rules is not None:
        places.append(_place(None))
    return [load(place, engine=engine) for place in places]


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
