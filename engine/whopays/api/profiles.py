"""Contract profiles for callers: read from a file, and put to use on accounts.

Profiles name methods of the rules that ship and of own rule files, both at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from whopays.api.rulefiles import RulesFolderError, read_rules, shipped_rules
from whopays.batch.folder import file_digest
from whopays.coordinate.ordering import Ranked
from whopays.diagnostics import DiagnosticError
from whopays.model.account import Account, Coverage
from whopays.model.payments import Method
from whopays.model.rules import Rules
from whopays.model.values import UNKNOWN
from whopays.office import Facility, Profile, load_profiles
from whopays.office.profile import SECONDARY, TERTIARY, YES, profile_for

_SERVICE_DATE = "service_date"


def methods_of(own: Iterable[str | Path] = ()) -> dict[str, Method]:
    """Return the methods that profiles may name: those that ship, and those of `own`.

    DiagnosticError with all that is wrong with rule files; RulesFolderError if there are
    none at a place, or two methods have one id.
    """
    found = dict(_shipped())
    for place in own:
        for name, method in _methods(_read(Path(place))).items():
            if name in found and found[name] != method:
                raise RulesFolderError(
                    f"the method {name} is in {place} and in other rules, and they "
                    "differ: give it another id"
                )
            found[name] = method
    return found


@cache
def _shipped() -> Mapping[str, Method]:
    """Return the methods that ship: they are the same for as long as a process lives."""
    shipped = shipped_rules("cob")
    return _methods(_read(shipped)) if shipped.is_dir() else {}


def _read(place: Path) -> Rules:
    rules, found = read_rules(place)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    return rules


def _methods(rules: Rules) -> dict[str, Method]:
    return {
        name: method
        for each in rules.methods.values()
        for name, method in each.methods.items()
    }


def positions_of(methods: Mapping[str, Method]) -> dict[str, tuple[str, ...]]:
    """Return for which positions each of `methods` is, by its id."""
    return {name: method.positions for name, method in methods.items()}


def read_profiles(
    path: str | Path, own: Iterable[str | Path] = ()
) -> tuple[Profile, ...]:
    """Return the profiles of the file at `path`; `own` are rule files with methods.

    DiagnosticError with all that is wrong with it, unknown methods among it.
    """
    return load_profiles(path, positions_of(methods_of(own)))


def profiles_of_file(path: Path, own: Iterable[str | Path] = ()) -> Profiles:
    """Return the profiles of the file at `path` ready to be used; see `read_profiles`."""
    sources = ((path.name, file_digest(path)),)
    return Profiles(read_profiles(path, own), sources=sources)


@dataclass(frozen=True)
class Profiles:
    """The profiles of a facility, ready to be used on accounts.

    Without a facility, as if coordination were fully enabled. `sources` are names and
    digests of what the profiles were read from.
    """

    profiles: tuple[Profile, ...]
    facility: Facility = field(default=Facility("", fully_enabled=True))
    sources: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _by_plan(self) -> dict[str, list[Profile]]:
        """The profiles of each plan."""
        found: dict[str, list[Profile]] = {}
        for each in self.profiles:
            for plan in each.plans:
                found.setdefault(plan, []).append(each)
        return found

    def of(self, account: Account, plan: str) -> Profile | None:
        """Return the profile of `plan` on the service date of `account`, if there is one.

        None, too, where the account has several days and they differ in the profile.
        """
        those = self._by_plan.get(plan, ())
        found = {profile_for(those, plan, day) for day in service_days(account)}
        return found.pop() if len(found) == 1 else None

    def against(self, account: Account, plan: str) -> str:
        """Return why `plan` has no profile on `account`, or nothing where it has one."""
        if self.of(account, plan) is not None:
            return ""
        days = service_days(account)
        named = sorted(each.id for each in self._by_plan.get(plan, ()))
        if not named:
            return f"no profile is for the plan {plan}"
        are = "is" if len(named) == 1 else "are"
        said = f"{', '.join(named)} {are} for the plan {plan}, and"
        if None in days:
            return f"{said} the service date is missing"
        if len(days) > 1 and any(
            profile_for(self.profiles, plan, day) is not None for day in days
        ):
            return f"{said} not for all service dates of the account"
        return f"{said} not on {min(each for each in days if each)}"

    def applied(self, account: Account, order: Ranked) -> Account:
        """Return `account` with each plan's method by its profile and its position.

        A plan without a profile keeps the method that the account gives it. One whose
        profile does not say `reprice: yes` has none, and says why.
        """
        places = positions(order)
        coverages = tuple(
            self._applied(account, each, places[each.plan])
            if each.plan in places
            else each
            for each in account.coverages
        )
        return replace(account, coverages=coverages)

    def _applied(self, account: Account, plan: Coverage, position: str) -> Coverage:
        profile = self.of(account, plan.plan)
        if profile is None:
            return plan
        method = self.facility.method_of(profile, position)
        why = ""
        if method is None:
            why = f"its profile {profile.id} has no method for that"
        elif profile.reprice != YES:
            method = None
            why = f"its profile {profile.id} says `reprice: {profile.reprice}`"
        return replace(plan, method=method, no_method=why)


def positions(order: Ranked) -> dict[str, str]:
    """Return the position of each plan that stands alone behind the first."""
    found = {}
    before = 0
    for plans in order.places:
        if before and len(plans) == 1:
            found[plans[0]] = SECONDARY if before == 1 else TERTIARY
        before += len(plans)
    return found


def service_days(account: Account) -> set[date | None]:
    """Return the service dates of an account; None among them where one is not known."""
    whole = account.claim.get(_SERVICE_DATE, UNKNOWN)
    if isinstance(whole, date):
        return {whole}
    days = [line.get(_SERVICE_DATE, UNKNOWN) for line in account.lines]
    return {day if isinstance(day, date) else None for day in days} or {None}
