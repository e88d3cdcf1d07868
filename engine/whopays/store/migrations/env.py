"""Run by alembic: brings the database of the connection handed over to a revision.

The transaction is the caller's: an upgrade that fails in the middle leaves nothing behind.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True
)
context.run_migrations()
