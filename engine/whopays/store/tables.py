"""The tables of the store. Migrations make them; a test compares.

Times are UTC as text, so that both databases keep, compare and hash them alike.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

DIGEST = 64  # characters of a SHA-256 in hex

metadata = MetaData()

#: The settings, and how far the trail goes. Whoever writes takes this row first.
facility = Table(
    "facility",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("fully_enabled", Boolean, nullable=False),
    Column("secondary_only", Boolean, nullable=False),
    Column("second_person", Boolean, nullable=False, server_default=false()),
    Column("reports", Boolean, nullable=False),
    Column("ad_hoc", Boolean, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(DIGEST), nullable=False),
    CheckConstraint("id = 1", name="one_facility"),
)

rights = Table(
    "rights",
    metadata,
    Column("person", Text, primary_key=True),
    Column("right_to", Text, primary_key=True),
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("current", Integer, nullable=False),
    UniqueConstraint("name", name="one_name"),
)

contents = Table(
    "contents",
    metadata,
    Column("digest", String(DIGEST), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("item", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", ForeignKey("contents.digest"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("approved_by", Text),
    Column("difference", Text, nullable=False),
    Column("checks", Text, nullable=False),
)

#: One row an item: a check-out is exclusive. `draft` is a text that was sent back.
check_outs = Table(
    "check_outs",
    metadata,
    Column("item", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("draft", String(DIGEST)),
)

proposals = Table(
    "proposals",
    metadata,
    Column("item", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("digest", ForeignKey("contents.digest"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("difference", Text, nullable=False),
    Column("checks", Text, nullable=False),
    Column("base", Integer, nullable=False),
)

trail = Table(
    "trail",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("item", Text),
    Column("version", Integer),
    Column("more", Text, nullable=False),
    Column("before", String(DIGEST), nullable=False),
    Column("digest", String(DIGEST), nullable=False),
)
#: Rows of these are written once; triggers of the database refuse all else.
WRITTEN_ONCE = ("contents", "versions", "trail")
