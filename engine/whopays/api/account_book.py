"""The book of accounts: settles them, explains, compares methods, and reprices files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.api.book import own_version
from whopays.api.profiles import Profiles
from whopays.batch.folder import file_digest
from whopays.claims.accounts import AccountReader, Filed, Seen, read_accounts
from whopays.claims.accounts.schema import account_schema
from whopays.claims.records import ReadReport, Reject
from whopays.coordinate.account import Coordinator, Settled
from whopays.coordinate.compared import Comparison, compare
from whopays.coordinate.corrected import (
    Change,
    Result,
    Reversal,
    change,
    result_of,
    reversal,
)
from whopays.explain.accounts import (
    MethodRow,
    account_record,
    account_tree,
    aside_lines,
    comparison_record,
    method_rows,
    pair_text,
    reversed_record,
    told_in_full,
)
from whopays.model.account import Account
from whopays.model.facts import Fact
from whopays.model.payments import Order

if TYPE_CHECKING:
    from whopays.pages import About

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
        self,
        path: str | Path,
        report: ReadReport | None = None,
        seen: Seen | None = None,
    ) -> Iterator[Filed | Reject]:
        """Return the accounts and rejects of a file; see `claims.accounts`."""
        return read_accounts(path, self.facts, report, seen)

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
        """Return what was said of each pair of plans, with the rule and its citations.

        Last stand the plans that have no part in the account.
        """
        order = self.order
        pairs = settled.order.pairs if order is not None else ()
        said = [pair_text(each, order) for each in pairs if order is not None]
        return (*said, *aside_lines(settled))

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
        digests = [file_digest(path) for path in paths]
        counts = run(
            (self._recorded(*each) for each in rows),
            out,
            lambda: self._manifest(_inputs(paths, digests, reports)),
        )
        notes = tuple(note for report in reports for note in report.notes())
        return counts, notes

    def repriced(
        self, paths: Sequence[Path], reports: Sequence[ReadReport]
    ) -> Iterator[tuple[Path, Filed | Reject, Repriced]]:
        """Return each account of files with what came of it (`reprice`), one by one."""
        # Made now, so that a bad header or a missing file is noticed before work.
        seen: Seen = {}
        readers = [
            self.read(path, report, seen)
            for path, report in zip(paths, reports, strict=True)
        ]
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

    def _manifest(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
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


def _inputs(
    paths: Sequence[Path], digests: Sequence[str], reports: Sequence[ReadReport]
) -> list[dict[str, Any]]:
    """Return what was read: each file with its digest, its accounts and its rejects."""
    return [
        {
            "name": path.name,
            "sha256": digest,
            "accounts": report.lines,
            "rejects": report.rejects,
        }
        for path, digest, report in zip(paths, digests, reports, strict=True)
    ]
