"""`sendsecret record --with-login`: from any computer, in the name of whoever is logged in there."""

import pytest

from sandbox.fixtures import AUDIT, MAYA, SAM, TEAM
from store import records
from store.formats import header_v1
from store.formats.payload_v1 import Text
from store.records import Named
from store.words import RecordState
from tests.bot.desk import found
from tests.canaries import is_in
from tests.e2e.workplace import Workplace
from tests.records.test_page_of_a_program import Reader
from tests.sending.at_work import TOKEN, Client, slack_says
from tests.sending.test_records import curl

pytestmark = pytest.mark.asyncio(loop_scope="session")

VALUE = "sk_live_canary-from-elsewhere"


async def test_a_record_from_a_clients_computer(client: Client) -> None:
    """No setting of an installation is there; what is printed can be pasted and works, and nobody else has it."""
    words = ("make", "--with-login", "-l", "Deploy credential", "--reads", "2")
    done = await client.run("record", *words, typed=VALUE)
    assert done.code == 0, done.err
    script = done.out.decode()
    assert await curl(script) == b'{"data":"sk_live_canary-from-elsewhere"}'
    record_id = script.split("/r/")[1].strip()
    [held] = [one for one in await records.everything(client.at.desk.store) if one.named and one.reads_left == 1]
    assert held.named is not None
    assert (held.named.label, held.named.owner) == ("Deploy credential", MAYA)
    entry = found(await client.at.sandbox.wait_message(SAM, AUDIT, contains=f"`{record_id}`"))
    assert "Deploy credential" not in entry["text"]
    key = script.split("\n")[0].removeprefix("SENDSECRET_KEY=")
    everywhere = str(client.at.sandbox.messages(SAM, AUDIT)).encode() + client.at.logs() + done.err.encode()
    for canary in (VALUE, key, key[30:60]):
        assert not is_in(canary.encode(), everywhere)


async def test_its_key_goes_to_dana(client: Client) -> None:
    """With the same login."""
    before = client.now()
    words = ("make", "--with-login", "-l", "Deploy credential", "--hand-to", "@dana", "--yes")
    done = await client.run("record", *words, typed=VALUE)
    assert (done.code, done.out) == (0, b""), done.err
    [said] = [line.partition(": ")[2] for line in done.err.splitlines() if line.startswith("Passphrase, shown only")]
    opened = await client.read(said.replace(" ", "-"), before)
    assert isinstance(opened, Text)
    assert await curl(opened.text) == b'{"data":"sk_live_canary-from-elsewhere"}'
    assert "ssk_" not in done.err


async def test_a_page_from_a_clients_computer(client: Client) -> None:
    """Read twice with the two printed lines, which the server never had; listed with its door, and revoked."""
    [token] = TOKEN.findall(await slack_says(client.at, MAYA, "token send read revoke"))
    whole = {"SENDSECRET_URL": client.server, "SENDSECRET_TOKEN": token}
    name = client.at.sandbox.workspace.people[MAYA].real_name
    words = ("make", "--with-login", "--door", "page", "-l", "Vault login")
    done = await client.run("record", *words, "--from", "Sam Wright", typed=VALUE, **whole)
    assert (done.code, done.out) == (2, b"")
    assert "its page names whoever made it as Slack does, or as localhost" in done.err
    done = await client.run("record", *words, "--from", name, typed=VALUE, **whole)
    assert done.code == 0, done.err
    reader = Reader.of(done.out)
    assert [await reader.read() for _ in range(2)] == [VALUE] * 2
    _, seen = await reader.say("door")
    assert header_v1.parse(seen["header"]).sender == name
    record_id, passphrase = reader.link.id_text, reader.passphrase
    assert await client.at.sandbox.wait_message(SAM, AUDIT, contains=f"`{record_id}` read for the first time")
    listed = await client.run("record", "list", "--with-login", **whole)
    [line] = [line for line in listed.out.decode().splitlines() if record_id in line]
    assert line.startswith(f"{record_id}  page  until ")
    assert "read 2 times" in line
    files = [path.read_bytes() for path in client.at.desk.home.path.rglob("*") if path.is_file()]
    everywhere = client.at.logs() + done.err.encode() + b"".join(files)
    everywhere += str(client.at.sandbox.messages(SAM, AUDIT)).encode()
    for canary in (VALUE.encode(), reader.link.fragment()[3:46].encode(), reader.link.key, passphrase.encode()):
        assert not is_in(canary, everywhere)
    revoked = await client.run("record", "revoke", "--with-login", record_id, **whole)
    assert revoked.code == 0, revoked.err
    assert (await reader.say("door"))[0] == 410


async def test_what_is_refused_is_a_sentence(client: Client) -> None:
    """Without a login, with a token that does not serve, and with one that is for something else."""
    line = ("make", "--with-login", "-l", "Deploy credential")
    nobody = Client(client.at, client.folder / "nobody", client.token)
    nobody.folder.mkdir(exist_ok=True)
    done = await nobody.run("record", *line, typed=VALUE)
    assert (done.code, done.out) == (2, b"")
    assert "You are not logged in here" in done.err
    wrong = {"SENDSECRET_URL": client.server, "SENDSECRET_TOKEN": client.token[:-8] + "AAAAAAAA"}
    done = await client.run("record", *line, typed=VALUE, **wrong)
    assert (done.code, done.out) == (2, b"")
    assert "no whole token" in done.err


async def test_listed_and_revoked_with_the_login(client: Client, at: Workplace) -> None:
    """One's own alone; what it does not change is said; a token for something else is told so."""
    [token] = TOKEN.findall(await slack_says(at, MAYA, "token read revoke"))
    reads = {"SENDSECRET_URL": client.server, "SENDSECRET_TOKEN": token}
    store = client.at.desk.store
    named = Named("Deploy credential", "https://dashboard.stripe.com/apikeys", owner=MAYA, team=TEAM)
    own, _ = await records.make(store, named, VALUE, lives_seconds=3600)
    others, _ = await records.make(store, Named("Another's", owner=SAM, team=TEAM), VALUE, lives_seconds=3600)
    listed = await client.run("record", "list", "--with-login", **reads)
    assert listed.code == 0, listed.err
    [line] = [line for line in listed.out.decode().splitlines() if own.id_text in line]
    assert "never read  Deploy credential" in line
    assert others.id_text not in listed.out.decode()
    revoked = await client.run("record", "revoke", "--with-login", own.id_text, **reads)
    assert revoked.code == 0, revoked.err
    assert revoked.out.decode().splitlines() == [
        f"Record {own.id_text} revoked. Nobody reads it any more.",
        "This does not change the key at its provider; rotate it there: https://dashboard.stripe.com/apikeys",
    ]
    assert (await records.find(store, own.id)).state is RecordState.REVOKED
    for record in (others.id_text, "A" * 22):
        done = await client.run("record", "revoke", "--with-login", record, **reads)
        assert (done.code, done.out) == (2, b"")
        assert "You have no such record there" in done.err
    done = await client.run("record", "revoke", "--with-login", own.id_text)
    assert done.code == 2
    assert "is not for this" in done.err
