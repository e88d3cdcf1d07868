"""Options that several commands about catalogs have."""

from __future__ import annotations

import click

catalog_option = click.option(
    "--catalog",
    metavar="NAME",
    help="A path, or a catalog that ships: 2026, 2026.1, 'STD 2026.1'.",
)
facts_option = click.option(
    "--facts",
    default="",
    metavar="TEXT",
    help="What else is known: 'claim_type professional, place_of_service 23'.",
)
user_option = click.option(
    "--user",
    envvar="WHOPAYS_USER",
    default="",
    metavar="NAME",
    help="Who reads this: a pack's wording is for its named users. [env: WHOPAYS_USER]",
)
