"""
The least that a server can do which gives something to one reader: `python -I bench/floor.py KIND PORT PLACE`.

It stands alone and knows nothing of the product, so that it runs in an environment of its own, under uvloop where that
has it.  KIND is `bare` (no database), `postgresql` (PLACE is a DSN) or `sqlite` (PLACE is a file).  What it lacks is
the product: no link proof, no guesses, no signature, no names, no notices, no key outside the database, no receipt.
"""

import asyncio
import base64
import importlib
import json
import queue
import secrets
import sqlite3
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import asyncpg
from aiohttp import web
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY = AESGCM(bytes(32))
_SECRET = b"x" * 256
_CONNECTIONS = 16

Take = Callable[[bytes], Awaitable[bytes | None]]
Put = Callable[[bytes, bytes], Awaitable[None]]

_TAKE = """
WITH taken AS (DELETE FROM floor_secrets WHERE id = $1 RETURNING id, sealed),
     told AS (INSERT INTO floor_events (secret_id, event, at) SELECT id, 'claimed', $2 FROM taken)
SELECT sealed FROM taken
"""
_PUT = """
WITH put AS (INSERT INTO floor_secrets (id, sealed) VALUES ($1, $2) RETURNING id)
INSERT INTO floor_events (secret_id, event, at) SELECT id, 'created', $3 FROM put
"""


def sealed() -> bytes:
    """256 bytes as they are stored."""
    nonce = secrets.token_bytes(12)
    return nonce + _KEY.encrypt(nonce, _SECRET, None)


async def bare() -> tuple[Take, Put]:
    """Everything but a database."""
    one = sealed()

    async def take(_: bytes) -> bytes:
        return one

    async def put(_: bytes, __: bytes) -> None:
        return None

    return take, put


async def on_postgresql(dsn: str) -> tuple[Take, Put]:
    """One statement, which asyncpg keeps prepared: deleted and recorded, or neither."""
    pool = await asyncpg.create_pool(dsn, min_size=_CONNECTIONS, max_size=_CONNECTIONS)
    serial = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    await pool.execute("CREATE TABLE IF NOT EXISTS floor_secrets (id bytea PRIMARY KEY, sealed bytea NOT NULL)")
    await pool.execute(
        f"CREATE TABLE IF NOT EXISTS floor_events (n {serial}, secret_id bytea, event text, at double precision)"
    )

    async def take(secret_id: bytes) -> bytes | None:
        found: bytes | None = await pool.fetchval(_TAKE, secret_id, time.time())
        return found

    async def put(secret_id: bytes, content: bytes) -> None:
        await pool.execute(_PUT, secret_id, content, time.time())

    return take, put


async def on_sqlite(path: str) -> tuple[Take, Put]:
    """One thread that writes, a transaction for each, on the disk before it is answered."""
    loop = asyncio.get_running_loop()
    waiting: queue.SimpleQueue[tuple[asyncio.Future[bytes | None], bytes, bytes | None]] = queue.SimpleQueue()

    def settle(future: asyncio.Future[bytes | None], found: bytes | None) -> None:
        if not future.done():
            future.set_result(found)

    def write() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 2000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS floor_secrets (id BLOB PRIMARY KEY, sealed BLOB NOT NULL)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS floor_events (n INTEGER PRIMARY KEY, secret_id BLOB, event TEXT, at REAL)"
        )
        while True:
            future, secret_id, content = waiting.get()
            connection.execute("BEGIN IMMEDIATE")
            found, event = None, "created"
            if content is None:
                event = "claimed"
                rows = connection.execute("DELETE FROM floor_secrets WHERE id = ? RETURNING sealed", (secret_id,))
                found = next((row[0] for row in rows.fetchall()), None)
            else:
                connection.execute("INSERT INTO floor_secrets VALUES (?, ?)", (secret_id, content))
            if found is not None or content is not None:
                connection.execute(
                    "INSERT INTO floor_events (secret_id, event, at) VALUES (?, ?, ?)", (secret_id, event, time.time())
                )
            connection.execute("COMMIT")
            loop.call_soon_threadsafe(settle, future, found)

    threading.Thread(target=write, daemon=True).start()

    async def said(secret_id: bytes, content: bytes | None) -> bytes | None:
        future: asyncio.Future[bytes | None] = loop.create_future()
        waiting.put((future, secret_id, content))
        return await future

    async def take(secret_id: bytes) -> bytes | None:
        return await said(secret_id, None)

    async def put(secret_id: bytes, content: bytes) -> None:
        await said(secret_id, content)

    return take, put


def app(take: Take, put: Put) -> web.Application:
    """`POST /claim/{id}` and `POST /create/{id}`, with the body that a claim of the product's has."""

    async def claim(request: web.Request) -> web.Response:
        json.loads(await request.read())
        found = await take(bytes.fromhex(request.match_info["id"]))
        if found is None:
            return web.Response(status=410)
        envelope = base64.b64encode(_KEY.decrypt(found[:12], found[12:], None)).decode()
        return web.json_response({"envelope": envelope, "sends_left": 0, "seconds_left": 0})

    async def create(request: web.Request) -> web.Response:
        await put(bytes.fromhex(request.match_info["id"]), sealed())
        return web.json_response({})

    made = web.Application()
    made.add_routes([web.post("/claim/{id}", claim), web.post("/create/{id}", create)])
    return made


async def serve(kind: str, port: int, place: str) -> None:
    """For ever; says on which loop once it listens."""
    made = {"postgresql": on_postgresql, "sqlite": on_sqlite}
    take, put = await made[kind](place) if kind in made else await bare()
    runner = web.AppRunner(app(take, put), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"listening on {type(asyncio.get_running_loop()).__module__.split('.')[0]}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Under uvloop where it is installed."""
    kind, port, place = sys.argv[1:4]
    try:
        new_loop = importlib.import_module("uvloop").new_event_loop
    except ImportError:
        new_loop = asyncio.new_event_loop
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve(kind, int(port), place))


if __name__ == "__main__":
    main()
