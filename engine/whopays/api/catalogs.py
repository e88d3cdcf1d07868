"""Catalogs and contracts by the names that people give them: a path, a year, an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from whopays.analyse.catalogs.listing import listing, systems_looked_at
from whopays.analyse.catalogs.lookup import Lookup, fact_of, lookup
from whopays.analyse.catalogs.stated import Stated, stated
from whopays.api.rulefiles import RulesFolderError, read_rules, shipped_rules
from whopays.codes.said import CodeError, said_code
from whopays.diagnostics import Diagnostic, DiagnosticError, nearest, nearest_file
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract
from whopays.model.rules import Rules
from whopays.model.values import Value
from whopays.resolve.conditions import Scope
from whopays.resolve.report import Report
from whopays.resolve.testgiven import Given
from whopays.syntax.given import parse_given

_CATALOG = re.compile(r'^\s*catalog\s+([\w.\-]+)\s+"', re.MULTILINE)
_CONTRACT = re.compile(r'^\s*contract\s+([\w.\-]+)\s+"', re.MULTILINE)
_VERSION = re.compile(r"^\s*version\s+([\d.]+)", re.MULTILINE)
_DRAFT = "draft"


def find_catalog(name: str | None) -> Catalog:
    """Return the catalog that `name` names; without a name, the latest that ships.

    A name is a path of a rule file or folder, the folder of a shipped catalog (`2026`),
    its version (`2026.1`), or its id and version (`STD 2026.1`). Raise
    `RulesFolderError` where there is none or more than one, `DiagnosticError` where it
    has errors.
    """
    path = _path_of(name)
    return _only(_good(path), str(path), name)


def _path_of(name: str | None) -> Path:
    if name is not None and Path(name).exists():
        return Path(name)
    shipped = list(_shipped())
    if name is None:
        finished = [each for each in shipped if _DRAFT not in each[0]] or shipped
        return max(finished, key=lambda each: _numbers(each[2]))[3]
    wanted = " ".join(name.split())
    fits = [
        (folder, label, version, path)
        for folder, label, version, path in shipped
        if wanted in {folder, version, f"{label} {version}", path.stem}
        or version.startswith(f"{wanted}.")
    ]
    if fits:
        return max(fits, key=lambda each: _numbers(each[2]))[3]
    known = {each for f, label, v, _ in shipped for each in (f, f"{label} {v}") if each}
    near = nearest(wanted, sorted(known)) or nearest_file(Path(name))
    hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(known))}"
    raise RulesFolderError(
        f"there is no catalog {name}: no such file or folder, and none that ships; {hint}"
    )


def _shipped() -> Iterator[tuple[str, str, str, Path]]:
    """Yield folder, id, version and path of each shipped catalog."""
    root = shipped_rules("catalog")
    for path in sorted(root.rglob("*.rules")):
        text = path.read_text(encoding="utf-8")
        head, version = _CATALOG.search(text), _VERSION.search(text)
        if head is not None:
            folder = path.parent.name if path.parent != root else ""
            yield folder, head[1], version[1] if version else "", path


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _good(path: Path) -> Rules:
    rules, found = read_rules(path)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    return rules


def _only(rules: Rules, where: str, name: str | None) -> Catalog:
    found = list(rules.catalogs.values())
    if len(found) == 1:
        return found[0]
    if not found:
        raise RulesFolderError(f"there is no catalog in {where}")
    listed = ", ".join(f"{each.id} {each.version}" for each in found)
    raise RulesFolderError(
        f"{name or where} has several catalogs ({listed}); name the file of one of them"
    )


def find_contract(rules: Path | None, name: str | None) -> Contract | None:
    """Return the contract `name` in `rules`, or among those that ship; None for neither.

    Without a name, `rules` has to have one contract; a catalog alone has none.
    """
    if rules is None:
        return None if name is None else _shipped_contract(name)
    found = _good(rules).contracts
    if name is None:
        if len(found) > 1:
            raise RulesFolderError(
                f"{rules} has several contracts; choose one by --contract: "
                f"{', '.join(found)}"
            )
        return next(iter(found.values()), None)
    if name not in found:
        raise RulesFolderError(_no_contract(name, found, f" in {rules}"))
    return found[name]


def _shipped_contract(name: str) -> Contract:
    ids: dict[str, Path] = {}
    for folder in shipped_contracts():
        for path in sorted(folder.rglob("*.rules")):
            for head in _CONTRACT.finditer(path.read_text(encoding="utf-8")):
                ids.setdefault(head[1], folder)
    if name not in ids:
        hint = _no_contract(name, ids, " among those that ship")
        raise RulesFolderError(f"{hint} (--rules names the rules of another)")
    return _good(ids[name]).contracts[name]


def _no_contract(name: str, known: Iterable[str], where: str) -> str:
    near = nearest(name, known)
    hint = (
        f"did you mean {near}?" if near else f"there are {', '.join(known) or 'none'}"
    )
    return f"there is no contract {name}{where}; {hint}"


def shipped_contracts() -> list[Path]:
    """Return the folders of the contracts that ship."""
    root = shipped_rules("contracts")
    return sorted(each for each in root.iterdir() if each.is_dir())


def given_facts(
    text: str, catalog: Catalog, contract: Contract | None
) -> dict[str, Value]:
    """Return the facts of `text`, written as in a `given` line; codes need no system.

    Raise `DiagnosticError` with all that is wrong with it.
    """
    if not text.strip():
        return {}
    items, problems = parse_given("--facts", text)
    report = Report()
    known = catalog.facts if contract is None else contract.facts
    people: dict[str, object] = {}
    if contract is not None:
        people.update((each.id, each) for each in contract.text.parties)
    scope = Scope(dict(known), report, people)
    found, _ = Given(scope, report, bare=True).facts(items)
    wrong: list[Diagnostic] = [*problems, *report.found]
    if any(each.is_error for each in wrong):
        raise DiagnosticError(wrong)
    return found


def catalog_and_contract(
    catalog: str | None, rules: Path | None, contract: str | None
) -> tuple[Catalog, Contract | None]:
    """Return the catalog and the contract that are meant; see `find_catalog`.

    Where no catalog is named it is that of the contract, or the one in `rules`.
    """
    chosen = find_contract(rules, contract)
    if catalog is not None:
        return find_catalog(catalog), chosen
    if chosen is not None:
        return chosen.catalog, chosen
    return find_catalog(None if rules is None else str(rules)), None


def explain_code(  # noqa: PLR0913 - one for each thing to ask by
    code: str,
    *,
    catalog: str | None = None,
    rules: Path | None = None,
    contract: str | None = None,
    facts: str = "",
    as_of: date | None = None,
) -> Lookup:
    """Return what becomes of `code` in a catalog, or in that of a contract.

    `facts` are written as in a `given` line. The contract is read as it stands on
    `as_of`, else on the day that governs among the facts, else at last. Raise
    `CodeError` for what is no code, `RulesFolderError` for what is not there,
    `DiagnosticError` for rules or facts with errors.
    """
    found, chosen = catalog_and_contract(catalog, rules, contract)
    said = said_code(code, systems_looked_at(found), partial(_is_claimed, found))
    given = given_facts(facts, found, chosen)
    own = fact_of(found, said.system)
    if own is not None and given.get(own, said.code) != said.code:
        raise CodeError(f"--facts give another {own}, and {said.text} is looked up")
    text = as_it_stands(chosen, given, as_of)
    looked = lookup(found, said.system, said.code, given, text)
    return replace(looked, also=said.also, short_of=said.short_of)


def _is_claimed(catalog: Catalog, system: str, code: str) -> bool:
    return bool(listing(catalog, system, code))


def as_it_stands(
    contract: Contract | None, given: dict[str, Value], as_of: date | None
) -> Stated | None:
    """Return the contract as it stands on `as_of`, or on the day that governs in `given`."""
    if contract is None:
        return None
    governing = [given.get(by.facts[0]) for by in contract.decide_by]
    day = as_of or next((each for each in governing if isinstance(each, date)), None)
    found = stated(contract, day)
    if found is None:
        when = f" on {day}" if day is not None else ""
        raise RulesFolderError(f"contract {contract.id} is not in force{when}")
    return found
