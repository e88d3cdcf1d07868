"""The facility, rights, items with versions, check-outs, and the trail.

What is written once is guarded by triggers: they refuse every update and delete.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

_WRITTEN_ONCE = ("contents", "versions", "trail")
_REFUSAL = "is written once and never changed"


def upgrade() -> None:
    """Make the tables and their guards."""
    _people()
    _items()
    op.create_table(
        "trail",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("version", sa.Integer),
        sa.Column("more", sa.Text, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _people() -> None:
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fully_enabled", sa.Boolean, nullable=False),
        sa.Column("secondary_only", sa.Boolean, nullable=False),
        sa.Column("reports", sa.Boolean, nullable=False),
        sa.Column("ad_hoc", sa.Boolean, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="one_facility"),
    )
    op.create_table(
        "rights",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("right_to", sa.Text, primary_key=True),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", name="one_name"),
    )
    op.create_table(
        "contents",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "versions",
        _of_item(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column(
            "digest", sa.String(64), sa.ForeignKey("contents.digest"), nullable=False
        ),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("difference", sa.Text, nullable=False),
        sa.Column("checks", sa.Text, nullable=False),
    )
    op.create_table(
        "check_outs",
        _of_item(),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
    )


def _of_item() -> sa.Column[int]:
    return sa.Column(
        "item",
        sa.Integer,
        sa.ForeignKey("items.id"),
        primary_key=True,
        autoincrement=False,
    )


def _guard_sqlite() -> None:
    for table in _WRITTEN_ONCE:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {_REFUSAL}'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_REFUSAL}', TG_TABLE_NAME; END $$"
    )
    for table in _WRITTEN_ONCE:
        op.execute(
            f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION written_once()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION written_once()"
        )
