"""A contract profile: how payments of one product are expected behind other payers.

A profile is used in the position that its plan holds on the account: the second plan pays
by its secondary method, later ones by their tertiary method. The language category says
how collectable a payment is; it never changes an amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

SECONDARY, TERTIARY = "secondary", "tertiary"
FAVORABLE, UNFAVORABLE, NONE = "favorable", "unfavorable", "none"
YES, NO = "yes", "no"
CATEGORIES = (FAVORABLE, UNFAVORABLE, NONE)
REPRICE = (YES, NO, NONE)


@dataclass(frozen=True)
class Profile:
    """The settings of one product of a payer.

    `plans` are the ids by which accounts name it. `effective` and `termination` are its
    first and last day, None where it has no such end. `secondary` and `tertiary` are ids
    of methods, None where there is none.
    """

    id: str
    title: str = ""
    payer: str = ""
    plans: tuple[str, ...] = ()
    effective: date | None = None
    termination: date | None = None
    secondary: str | None = None
    tertiary: str | None = None
    language_category: str = NONE
    reprice: str = NONE

    def method_in(self, position: str) -> str | None:
        """Return the method of a plan in `position` (secondary, tertiary), if any."""
        return {SECONDARY: self.secondary, TERTIARY: self.tertiary}.get(position)

    def is_for(self, plan: str, day: date | None) -> bool:
        """Tell whether `plan` is one of its plans, on `day` if that is known."""
        if plan not in self.plans:
            return False
        if day is None:
            return self.effective is None and self.termination is None
        return (self.effective or date.min) <= day <= (self.termination or date.max)


def profile_for(
    profiles: Iterable[Profile], plan: str, day: date | None
) -> Profile | None:
    """Return the profile of `plan` on `day`; None where there is none, or several."""
    found = [each for each in profiles if each.is_for(plan, day)]
    return found[0] if len(found) == 1 else None


def overlapping(profiles: Iterable[Profile]) -> Iterator[tuple[Profile, Profile, str]]:
    """Yield pairs of profiles that are for the same plan on the same day, and the plan."""
    by_plan: dict[str, list[Profile]] = {}
    for each in profiles:
        for plan in each.plans:
            for other in by_plan.setdefault(plan, []):
                first = max(other.effective or date.min, each.effective or date.min)
                last = min(other.termination or date.max, each.termination or date.max)
                if first <= last:
                    yield other, each, plan
            by_plan[plan].append(each)


def changes(before: Profile | None, after: Profile) -> tuple[str, ...]:
    """Return what `after` says otherwise than `before`, a line a setting.

    Of a profile that is new, only what it sets.
    """
    old = settings(before) if before is not None else settings(Profile(after.id))
    new = settings(after)
    return tuple(
        f"{name}: {old[name]} → {said}" if before is not None else f"{name}: {said}"
        for name, said in new.items()
        if said != old[name]
    )


def settings(profile: Profile) -> dict[str, str]:
    """Return what a profile says, as its file writes it; `none` for what it does not."""
    return {
        "title": profile.title or NONE,
        "payer": profile.payer or NONE,
        "plans": ", ".join(profile.plans) or NONE,
        "effective": _day(profile.effective),
        "termination": _day(profile.termination),
        "secondary": profile.secondary or NONE,
        "tertiary": profile.tertiary or NONE,
        "language_category": profile.language_category,
        "reprice": profile.reprice,
    }


def _day(day: date | None) -> str:
    return NONE if day is None else day.isoformat()
