"""The whole way with the real programs: the printed line is run as it is, and the key is nowhere that anybody looks."""

import asyncio
import json
import os
import shutil
from pathlib import Path

from tests.canaries import is_in
from tests.opening.seat import Done, alone
from tests.programs import web
from tests.stores import Home

VALUE = 'sk_live_canary-7f3e9d "ä\u2028"\n'
UNKNOWN = (
    '{"error":"Authentication required",'
    '"message":"Please provide your token in the X-API-Key header to decrypt the content."}'
)


async def record(home: Home, port: int, *words: str, typed: str = VALUE) -> Done:
    """The command as a program of its own."""
    settings = home.environment() | {"PUBLIC_URL": f"http://localhost:{port}"}
    return await alone(home.path, *words, typed=typed, settings=settings, verb="record")


async def shell(script: str) -> bytes:
    """What a script writes; it must not look at anybody's curl settings."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        script.replace("curl ", "curl -q -sS -w '%{http_code}' "),
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    return out


async def test_the_line_of_the_article_works(home: Home) -> None:
    """With only host and id changed; then rotated, and revoked: each time the documented answer, byte for byte."""
    assert shutil.which("curl")
    async with web(home) as program:
        made = await record(home, program.port, "make", "-l", "Stripe restricted key")
        assert made.code == 0, made.err
        script = made.out.decode()
        value = json.dumps({"data": VALUE}, ensure_ascii=False, separators=(",", ":")).encode()
        assert await shell(script) == value + b"200"
        key, record_id = script.split("\n")[0].removeprefix("SENDSECRET_KEY="), script.split("/r/")[1].strip()
        # As it stands in the article, with the name of its variable, on two lines.
        article = (
            f'SALTING_KEY={key}\ncurl -H "X-API-Key: $SALTING_KEY" \\\nhttp://localhost:{program.port}/r/{record_id}'
        )
        assert await shell(article) == value + b"200"
        for wrong in ("", "ssk_x", key[:-1], key.replace("ssk_", "sst_")):
            assert await shell(script.replace(key, wrong)) == UNKNOWN.encode() + b"401"
        rotated = await record(home, program.port, "rotate", record_id, typed="new")
        assert rotated.code == 0, rotated.err
        assert await shell(script) == UNKNOWN.encode() + b"401"
        assert await shell(rotated.out.decode()) == b'{"data":"new"}200'
        assert (await record(home, program.port, "revoke", record_id)).code == 0
        assert await shell(rotated.out.decode()) == UNKNOWN.encode() + b"401"
        assert await shell(script.replace(record_id, "A" * 22)) == UNKNOWN.encode() + b"401"
        assert await program.stop() == 0
        new = rotated.out.decode().split("\n")[0].removeprefix("SENDSECRET_KEY=")
        _found_nowhere(home, program.written().encode() + made.err.encode() + rotated.err.encode(), key, new)


def _found_nowhere(home: Home, written: bytes, *keys: str) -> None:
    assert b"answered" in written
    assert b"Traceback" not in written
    files = b"".join(path.read_bytes() for path in Path(home.path).rglob("*") if path.is_file())
    for canary in (VALUE.partition(" ")[0], *keys, *(key[30:60] for key in keys)):
        assert not is_in(canary.encode(), written + files), canary
