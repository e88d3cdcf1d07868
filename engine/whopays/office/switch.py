"""The facility, and what its switch "coordination fully enabled" brings.

Each consequence is said once, here. Before the switch, settings are loaded over many
profiles at once and results stand in reports alone. After it, each profile is changed by
check-out and check-in, because a change moves what accounts are expected to pay.
"""

from __future__ import annotations

from dataclasses import dataclass

from whopays.office.profile import Profile

PRIMARY = "primary"
ON, OFF = "on", "off"


@dataclass(frozen=True)
class Facility:
    """A hospital and its settings.

    `fully_enabled` is the switch. `secondary_only`: no tertiary methods although they are
    available. `second_person`: a check-in counts when another person has approved it.
    `reports`: the reports are made. `ad_hoc`: ad hoc calculation before the switch.
    """

    name: str
    fully_enabled: bool = False
    secondary_only: bool = False
    second_person: bool = False
    reports: bool = True
    ad_hoc: bool = False

    @property
    def has_tertiary(self) -> bool:
        """Whether profiles may have a tertiary method, and accounts use it."""
        return self.fully_enabled and not self.secondary_only

    @property
    def has_bulk_update(self) -> bool:
        """Whether many profiles may be changed at once, without a check-out."""
        return not self.fully_enabled

    @property
    def has_worklist(self) -> bool:
        """Whether there is a worklist with a filter by language category."""
        return self.fully_enabled

    @property
    def shows_on_accounts(self) -> bool:
        """Whether results are shown beside the reports: on accounts and in worklists."""
        return self.fully_enabled

    def method_of(self, profile: Profile, position: str) -> str | None:
        """Return the method of a plan with `profile` in `position`, if there is one."""
        if position == "tertiary" and not self.has_tertiary:
            return None
        return profile.method_in(position)

    def against_tertiary(self) -> str:
        """Return why a profile may have no tertiary method, or nothing where it may."""
        if not self.fully_enabled:
            return "tertiary methods come with coordination fully enabled"
        return (
            "this facility chose secondary methods only" if self.secondary_only else ""
        )

    def against_bulk_update(self) -> str:
        """Return why many profiles can't be changed at once, or nothing where they can."""
        if self.has_bulk_update:
            return ""
        return (
            "coordination is fully enabled, so profiles are changed one at a time: "
            "check out, edit, check in"
        )

    def against_worklist(self) -> str:
        """Return why there is no worklist, or nothing where there is one."""
        if self.has_worklist:
            return ""
        return "the worklist comes with coordination fully enabled"

    def against_reports(self) -> str:
        """Return why there are no reports, or nothing where there are."""
        return "" if self.reports else "this facility does not make the reports"

    def against_results(self) -> str:
        """Return why no result is shown on an account, or nothing where it is."""
        if self.shows_on_accounts:
            return ""
        return (
            "results are shown on accounts with coordination fully enabled; before that "
            "they stand in the reports alone: whopays cob report"
        )

    def against_ad_hoc(self, *, may_calculate: bool, viewing: str) -> str:
        """Return why there is no ad hoc calculation, or nothing where there is.

        `may_calculate`: the person has the right to. `viewing`: the position of the payer
        whose reprice it begins from.
        """
        if not self.fully_enabled and not self.ad_hoc:
            return "this facility has not enabled ad hoc calculation"
        if not may_calculate:
            return "ad hoc calculation needs the right `calculate`"
        if self.fully_enabled and viewing != PRIMARY:
            return (
                "with coordination fully enabled, an ad hoc calculation begins from the "
                f"reprice of a primary payer, and this one is {viewing}"
            )
        return ""
