"""A second person: proposals that wait, who approved a version, texts that were sent back."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Make the table of proposals, and columns beside those that there are."""
    op.add_column(
        "facility",
        sa.Column(
            "second_person", sa.Boolean, nullable=False, server_default=sa.false()
        ),
    )
    op.add_column("versions", sa.Column("approved_by", sa.Text))
    op.add_column("check_outs", sa.Column("draft", sa.String(64)))
    op.create_table(
        "proposals",
        sa.Column(
            "item",
            sa.Integer,
            sa.ForeignKey("items.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "digest", sa.String(64), sa.ForeignKey("contents.digest"), nullable=False
        ),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("difference", sa.Text, nullable=False),
        sa.Column("checks", sa.Text, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
    )
