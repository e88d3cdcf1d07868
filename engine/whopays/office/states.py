"""Which report an account is on: the truth table of the three reports, and its reasons.

Each account with a second payer is on one report. It is on the favorable or unfavorable one
where its profile has a method, that category, and `reprice: yes`, and an amount was found.
All else is an exception, with every reason that holds, in the order of the table (notes of
coordination, 8.3). A setting that is none wins over whatever else is set.
"""

from __future__ import annotations

from dataclasses import dataclass

from whopays.office.profile import FAVORABLE, NO, NONE, UNFAVORABLE, YES

EXCEPTION = "exception"
REPORTS = (FAVORABLE, UNFAVORABLE, EXCEPTION)

NO_PRODUCT_MATCH = "NO_PRODUCT_MATCH"
METHOD_NONE, LANGUAGE_NONE = "METHOD_NONE", "LANGUAGE_NONE"
REPRICE_NO, REPRICE_NONE = "REPRICE_NO", "REPRICE_NONE"
REPRICE_FAILED = "REPRICE_FAILED"
#: Each reason in the order in which they are told, with what it means.
REASONS = {
    NO_PRODUCT_MATCH: "no profile is for this plan on the service date",
    METHOD_NONE: "the profile has no method for this position",
    LANGUAGE_NONE: "the profile has no language category",
    REPRICE_NO: "the profile says reprice: no",
    REPRICE_NONE: "the profile does not say whether to reprice",
    REPRICE_FAILED: "no amount could be worked out",
}


@dataclass(frozen=True)
class State:
    """What decides the report of one payer of an account.

    `matched`: a profile is for its plan; None where it is not known which plan stands
    second. `method`: the profile has one for the position. `category` and `reprice` are
    those of the profile. `ran`: an amount was found; a method by hand and $0.00 are found.
    """

    matched: bool | None
    method: bool = False
    category: str = NONE
    reprice: str = NONE
    ran: bool = False

    @property
    def is_tried(self) -> bool:
        """Whether an amount is worked out at all: where there is a method, and it is asked."""
        return bool(self.matched) and self.method and self.reprice == YES

    @property
    def reasons(self) -> tuple[str, ...]:
        """All reasons why this is an exception; none where it is not."""
        if self.matched is None:
            return (REPRICE_FAILED,)
        if not self.matched:
            return (NO_PRODUCT_MATCH,)
        holds = {
            METHOD_NONE: not self.method,
            LANGUAGE_NONE: self.category == NONE,
            REPRICE_NO: self.reprice == NO,
            REPRICE_NONE: self.reprice == NONE,
            REPRICE_FAILED: self.is_tried and not self.ran,
        }
        return tuple(reason for reason, so in holds.items() if so)

    @property
    def report(self) -> str:
        """The report: favorable, unfavorable or exception."""
        return EXCEPTION if self.reasons else self.category
