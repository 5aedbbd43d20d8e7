"""Alembic's entry: `store.migrating` hands over the connection, with its transaction already begun."""

from alembic import context

from store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
