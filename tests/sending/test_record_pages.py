"""A record for people on its way to one: link and passphrase in one drop, and what the security team reads of it."""

import secrets

import pytest

from sandbox.fixtures import AUDIT, SAM
from tests.canaries import is_in
from tests.records.test_page_of_a_program import Reader
from tests.sending.at_work import Client
from tests.sending.test_records import VALUE, handed, record

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_link_and_passphrase_are_handed_to_dana(client: Client) -> None:
    """Behind a passphrase of the drop's own; Dana reads it twice, a wrong try is told, and never what opens it."""
    before = client.now()
    done = await record(client, "make", "-l", "Vault login", "--door", "page", "--hand-to", "@dana", "--yes")
    assert (done.code, done.out) == (0, b""), done.err
    assert "Link and passphrase went to @dana" in done.err
    reader = Reader.of((await handed(client, done, before)).encode())
    assert [await reader.read() for _ in range(2)] == [VALUE] * 2
    wrong, attempt = secrets.token_bytes(32), secrets.token_bytes(32)
    assert (await reader.say("view", auth_token=wrong, attempt=attempt))[0] == 403
    record_id = reader.link.id_text
    for words in (
        f"Record `{record_id}` made by whoever runs Sendsecret: whoever has its link",
        f"Record `{record_id}` read for the first time with its present link and passphrase",
        f"A wrong passphrase was tried with the link of record `{record_id}` (so far: 1)",
    ):
        assert await client.at.sandbox.wait_message(SAM, AUDIT, contains=words)
    everywhere = str(client.at.sandbox.messages(SAM, AUDIT)).encode() + client.at.logs()
    for canary in (VALUE, reader.link.fragment()[3:46], reader.passphrase):
        assert not is_in(canary.encode(), everywhere)
