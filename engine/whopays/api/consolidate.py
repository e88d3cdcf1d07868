"""A contract of a folder as it stands on a day, as rule text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from whopays.analyse.texts.consolidate import Parts, consolidated
from whopays.api.rulefiles import RulesFolderError, find_shipped, read_files
from whopays.diagnostics import DiagnosticError, nearest
from whopays.model.contract import Contract, Version
from whopays.model.rules import Rules
from whopays.resolve import days_of, versions
from whopays.syntax.canonical import digest
from whopays.syntax.documents import Document, documents
from whopays.syntax.nodes import (
    CatalogBlock,
    ContractBlock,
    Reference,
    RegulationBlock,
    RuleFile,
    TermsBlock,
)


def consolidate(
    path: str | Path,
    as_of: date,
    *,
    contract: str | None = None,
    known_on: date | None = None,
) -> str:
    """Return the text of a contract at `path` in force on `as_of`, as rule text.

    `contract` may be left out where there is one. `known_on`: leave out what was signed
    later. Raise `DiagnosticError` if the rules have errors, `RulesFolderError` if there
    is no such contract or none in force on that day.
    """
    rules, files, found = read_files(path)
    errors = [each for each in found if each.is_error]
    if errors:
        raise DiagnosticError(errors)
    chosen = contract_of(rules, contract)
    every, _ = versions(chosen, known_on)
    version = _version_on(chosen, every, as_of, known_on)
    days = days_of(version, every)
    return consolidated(chosen, version, days, parts_of(chosen, files), known_on)


def contract_of(rules: Rules, name: str | None) -> Contract:
    """Return the contract `name`, or the only one; raise `RulesFolderError` if none."""
    known = rules.contracts
    if name in known:
        return known[name]
    listed = ", ".join(known)
    if not known:
        raise RulesFolderError("there is no contract in these rules")
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None:
        raise RulesFolderError(
            f"there are {len(known)} contracts, {listed}; say which with --contract"
        )
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else f"there are {listed}"
    raise RulesFolderError(f"there is no contract {name}; {hint}")


def _version_on(
    contract: Contract, found: Sequence[Version], day: date, known_on: date | None
) -> Version:
    for version in found:
        if day in version.period:
            return version
    if not found and known_on is not None:
        raise RulesFolderError(
            f"contract {contract.id} was signed on {contract.signed}, "
            f"so on {known_on} it was not known"
        )
    days = ", ".join(map(str, contract.in_force))
    raise RulesFolderError(
        f"contract {contract.id} is not in force on {day}; it is in force {days}"
    )


def parts_of(contract: Contract, files: list[RuleFile]) -> Parts:
    """Return the documents of `files` that the text of `contract` stands on."""
    every = [document for file in files for document in documents(file)]
    by_name = {(each.kind, each.id, each.version): each for each in every}
    head = by_name["contract", contract.id, contract.version].head
    if not isinstance(head, ContractBlock):
        raise TypeError(head)
    wanted = [("catalog", each) for each in head.categories_from]
    facts = [*head.facts_from]
    for reference in head.regulations_from:
        facts.extend(_facts_of(reference, by_name.get(_key("regulation", reference))))
    for reference in head.terms_from:
        facts.extend(
            _facts_of(reference, by_name.get(_key("terms", reference)), "terms")
        )
        wanted.append(("terms", reference))
    own = {(each.id.text, each.version.text): each for each in facts}
    asked = [_key(kind, reference) for kind, reference in wanted]
    asked = list(dict.fromkeys([*asked, *_words_of(contract)]))
    for key in asked:
        block = by_name.get(key)
        if block is not None and isinstance(block.head, CatalogBlock | TermsBlock):
            facts.extend(block.head.facts_from)
    keys = dict.fromkeys([*(_key("facts", each) for each in facts), *asked])
    built_on = [by_name[key] for key in keys if key in by_name]
    built_on = [each for each in built_on if not _ships(each)]
    return Parts(head, tuple(own.values()), tuple(built_on))


def _words_of(contract: Contract) -> list[tuple[str, str, str]]:
    """Return the dictionaries of all terms that `contract` reads.

    A dictionary that the head names may build on the words of one that it does not.
    """
    found = [each.dictionary.split() for each in contract.terms]
    return [("terms", name, version) for name, version in found]


def _facts_of(
    named: Reference, document: Document | None, kind: str = "regulation"
) -> tuple[Reference, ...]:
    """Return the facts that a regulation or a dictionary (`named`) builds on.

    It is a `document` of the folder, or ships.
    """
    found = [document] if document is not None else []
    if document is None:
        name = named.id.text, named.version.text
        file = find_shipped(kind, *name)
        every = documents(file) if file is not None else ()
        found = [each for each in every if (each.id, each.version) == name]
    heads = [each.head for each in found]
    head = heads[0]
    return head.facts_from if isinstance(head, RegulationBlock | TermsBlock) else ()


def _key(kind: str, reference: Reference) -> tuple[str, str, str]:
    return kind, reference.id.text, reference.version.text


def _ships(document: Document) -> bool:
    """Tell whether the same document comes with whopays."""
    file = find_shipped(document.kind, document.id, document.version)
    if file is None:
        return False
    return any(
        each.name == document.name and digest(each) == digest(document)
        for each in documents(file)
    )
