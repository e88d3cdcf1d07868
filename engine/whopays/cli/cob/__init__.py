"""`whopays cob`: who pays first, how much each, and what is left."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy


class _Commands(Lazy):
    """The commands about the coordination of benefits."""

    package = "whopays.cli.cob"
    commands_of = {  # noqa: RUF012 - never changed
        "settle": "Explain one account: the order of its plans, each payment, the balance.",
        "calculate": "Show every method side by side for a plan of one account.",
        "reprice": "Settle files of accounts and write results and rejects.",
        "report": "Make the favorable, unfavorable or exception report.",
        "worklist": "List what payers behind others are expected to pay, the most first.",
        "prove": "Prove what methods keep whatever the amounts are.",
        "profiles": "Contract profiles: the methods and settings of each product.",
    }


@click.group("cob", cls=_Commands)
def command() -> None:
    """Coordinate benefits: who pays first, how much each, and the account that balances.

    An account is the lines of one claim, the patient, and all plans that cover the patient
    (`whopays schema account`). Without --rules the rules that ship are used.
    """
