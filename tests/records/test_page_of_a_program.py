"""The whole way of a record for people with the real programs: what opens it is nowhere that anybody looks."""

import asyncio
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store.formats import base64url, derivation_v1, link_v1, passphrase_v1, record_page_v1
from store.formats.link_v1 import Link
from tests.canaries import is_in
from tests.programs import web
from tests.records.test_with_curl import record
from tests.stores import Home

VALUE = 'sk_live_canary-7f3e9d "ä\u2028"\n'


@dataclass(frozen=True)
class Reader:
    """Somebody with the two lines that the command printed, and a client of their own."""

    link: Link
    base: str
    passphrase: str = field(repr=False)

    @classmethod
    def of(cls, printed: bytes) -> "Reader":
        """Out of standard output."""
        address, passphrase = printed.decode().splitlines()
        before, _, fragment = address.partition("#")
        base, _, id_text = before.rpartition("/v/")
        return cls(link_v1.parse(id_text, fragment, link_v1.RECORD), base, passphrase.removeprefix("Passphrase: "))

    async def say(self, route: str, **said: bytes) -> tuple[int, Any]:
        """One request."""
        body = {"link_proof": derivation_v1.link_proof(self.link), **said}
        raw = json.dumps({name: base64url.encode(value) for name, value in body.items()}).encode()
        url = f"{self.base}/api/v1/records/{self.link.id_text}/{route}"
        asked = urllib.request.Request(url, raw, {"Content-Type": "application/json"})

        def ask() -> tuple[int, Any]:
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    return answer.status, json.loads(answer.read())
            except urllib.error.HTTPError as error:
                return error.code, json.loads(error.read())

        return await asyncio.to_thread(ask)

    @property
    def keys(self) -> record_page_v1.PageKeys:
        """What follows from both lines."""
        return record_page_v1.derive(self.link, passphrase_v1.canon("words", self.passphrase))

    async def read(self) -> str:
        """Door and view."""
        status, seen = await self.say("door")
        assert (status, seen["state"]) == (200, "live")
        keys = self.keys
        status, given = await self.say("view", auth_token=keys.auth_token, attempt=secrets.token_bytes(32))
        assert status == 200
        sealed = base64url.decode(given["sealed"])
        return record_page_v1.open_(self.link, keys, seen["header"], given["version"], sealed)


async def test_made_read_rotated_and_revoked(home: Home) -> None:
    """Each by the command and the server as people run them; nothing that opens it is written down anywhere."""
    async with web(home) as program:
        made = await record(home, program.port, "make", "-l", "A key", "--door", "page", typed=VALUE)
        assert made.code == 0, made.err
        reader = Reader.of(made.out)
        assert [await reader.read() for _ in range(2)] == [VALUE] * 2
        wrong = secrets.token_bytes(32)
        status, refused = await reader.say("view", auth_token=wrong, attempt=secrets.token_bytes(32))
        assert (status, refused["tries_left"]) == (403, 4)
        rotated = await record(home, program.port, "rotate", reader.link.id_text, typed="new")
        assert rotated.code == 0, rotated.err
        assert (await reader.say("door"))[0] == 404
        new = Reader.of(rotated.out)
        assert await new.read() == "new"
        assert (await record(home, program.port, "revoke", reader.link.id_text)).code == 0
        status, ended = await new.say("door")
        assert (status, ended["state"]) == (410, "revoked")
        assert await program.stop() == 0
        written = program.written().encode() + made.err.encode() + rotated.err.encode()
        _found_nowhere(home, written, reader, new)


def _found_nowhere(home: Home, written: bytes, *readers: Reader) -> None:
    assert b"record-view" in written
    assert b"Traceback" not in written
    files = b"".join(path.read_bytes() for path in Path(home.path).rglob("*") if path.is_file())
    canaries = [VALUE.partition(" ")[0].encode()]
    for reader in readers:
        keys = reader.keys
        raw = (reader.link.key, keys.auth_token, keys.root, derivation_v1.link_proof(reader.link))
        canaries += [reader.passphrase.encode(), reader.passphrase.replace(" ", "-").encode(), *raw]
        canaries += [base64url.encode(one).encode() for one in raw]
    for canary in canaries:
        assert not is_in(canary, written + files)
