"""`sendsecret send` from a template, with the link kept here, and once for several: through the real programs."""

import asyncio
import json
import re
import secrets

import pytest

from sandbox.fixtures import DANA, MAYA, NOOR
from store import endings
from store.creation import reminded_at
from store.drops import Drop, find
from store.formats import base64url, link_v1
from tests.canaries import is_in
from tests.opening.seat import Done, seated
from tests.sending.at_work import LABEL, Client
from tests.sending.between import between

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = "canary-kept-7f3e9d"


def link_of(url: str) -> link_v1.Link:
    """The link in an address."""
    path, fragment = url.split("#")
    return link_v1.parse(path.rsplit("/", 1)[1], fragment)


async def drop_of(client: Client, said: dict[str, str]) -> Drop:
    """The drop that the object for programs names."""
    drop = await find(client.at.desk.store, base64url.decode(said["drop"], 16))
    assert drop is not None
    return drop


async def send(client: Client, *words: str, typed: str = SECRET, **settings: str) -> Done:
    """To Noor, with the object for programs."""
    return await client.run("send", NOOR, "--json", *words, typed=typed, **settings)


async def test_a_template_is_named(client: Client) -> None:
    """What it says is in the drop, and told to whoever sends."""
    done = await send(client, "-t", "stripe", "--engagement-ends", "2030-12-31", "--expires", "2h")
    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert [said[name] for name in ("state", "label", "template", "variable", "link")] == [
        "delivered", "Stripe restricted key", "stripe", "STRIPE_API_KEY", None
    ]  # fmt: skip
    drop = await drop_of(client, said)
    morning = reminded_at(said["rotate_by"] * 1000, drop.created_at)
    assert (drop.template, drop.variable, drop.rotate_by) == ("stripe", "STRIPE_API_KEY", morning)
    for line in ("Template:   stripe", "Can be opened for 2 hours.", "Rotate by:  20"):
        assert line in done.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("-t", "gone"), "unknown-template"),
        (("-t", "stripe"), "needs-engagement-end"),
        (("-t", "stripe", "--engagement-ends", "2001-01-01"), "engagement-end"),
        (("-l", LABEL, "--engagement-ends", "2030-01-01"), "engagement-end"),
        (("-t", "anything"), "needs-label"),
    ],
)
async def test_what_does_not_fit_a_template_is_said(client: Client, words: tuple[str, ...], why: str) -> None:
    """A word for programs, and a sentence that says what to do."""
    done = await send(client, *words)
    said = json.loads(done.out)
    assert (done.code, said["problem"], said["why"]) == (5, "refused", why), done.err
    assert said["sentence"].endswith("Nothing was sent.")
    assert "{" not in said["sentence"]


@pytest.mark.parametrize("words", [("--engagement-ends", "31.12.2030"), ("--idempotency-key", "a b")])
async def test_wrong_options_are_refused_here(client: Client, words: tuple[str, ...]) -> None:
    """By a sentence, before anything is asked for."""
    done = await send(client, "-l", LABEL, *words)
    assert (done.code, "Traceback" in done.err) == (2, False)


async def test_a_kept_link_is_nowhere_but_here(client: Client) -> None:
    """Alone on standard output; not in what is sent, a log, the database, or anybody's Slack; and it opens once."""
    (client.folder / "token").write_text(client.token)
    before = client.now()
    async with between(client.at.web.port) as wire:
        settings = {"SENDSECRET_URL": wire.url, "SENDSECRET_TOKEN_FILE": str(client.folder / "token")}
        done = await client.run("send", NOOR, "-l", "Kept here", "--show-link", typed=SECRET, **settings)
        sent = wire.sent()
    assert done.code == 0, done.err
    assert re.fullmatch(rf"http://localhost:{client.at.web.port}/s/\S+\n", done.out.decode())
    link = link_of(done.out.decode().strip())
    assert await client.at.sandbox.wait_message(MAYA, contains="to pass on; it never came to me", after=before)
    at = client.at
    slack = json.dumps([at.sandbox.calls(method) for method in ("chat.postMessage", "chat.update")]).encode()
    kept = b"".join(path.read_bytes() for path in at.home.path.glob("store.db*"))
    for canary in (link.key, link.fragment().encode(), SECRET.encode()):
        assert not is_in(canary, sent + slack + kept + at.logs() + done.err.encode()), canary
    [shown] = [line.split(": ")[1] for line in done.err.splitlines() if line.startswith("Passphrase, shown only here")]
    opened = await client.run("open", done.out.decode().strip(), "--passphrase-stdin", typed=f"{shown}\n")
    assert (opened.code, opened.out) == (0, SECRET.encode()), opened.err
    assert not await at.sandbox.wait_message(NOOR, contains="Kept here", after=before, seconds=0.1)


async def test_a_kept_link_for_programs(client: Client) -> None:
    """As `link`, also where nobody waits; not where output takes nothing: then it is told on the other."""
    for words, state in (((), "delivered"), (("--no-wait",), "sealed")):
        said = json.loads((await send(client, "-l", LABEL, "--show-link", *words)).out)
        assert (said["state"], link_of(said["link"]).id_text) == (state, said["drop"])
    for words in ((), ("--json",)):
        done = await client.run("send", NOOR, "-l", LABEL, "--show-link", *words, typed="x", line="exec %s > /dev/full")
        assert "The link, shown only here: http" in done.err
        assert "Traceback" not in done.err


async def test_a_passphrase_of_ones_own_where_a_template_wants_it(client: Client) -> None:
    """Refused where nobody can be asked, asked for at a terminal; its hint goes along."""
    done = await send(client, "-t", "badge")
    said = json.loads(done.out)
    assert (done.code, said["problem"], said["sentence"].endswith("Nothing was sent.")) == (2, "needs-passphrase", True)
    (client.folder / "agreed").write_text("the owl\n")
    done = await send(client, "-t", "badge", "--passphrase-file", "agreed")
    assert (done.code, json.loads(done.out)["passphrase"]) == (0, None), done.err
    assert "Hint:       The word on your badge" in done.err
    async with seated(client.folder, NOOR, "-t", "badge", verb="send") as seat:
        await seat.answers("The secret", SECRET)
        await seat.answers("Passphrase that they know", "the owl")
        await seat.answers("The same once more", "the owl")
        await seat.sees("Delivered: Noor Haddad has the link.")
        await seat.ends(0)


async def test_a_label_of_a_template_that_holds_the_secret_is_refused(client: Client) -> None:
    """Whoever wrote it: the recipient's message would show it."""
    async with seated(client.folder, NOOR, "-t", "hinted", verb="send") as seat:
        await seat.answers("The secret", "Canary in the label")
        await seat.sees("The label holds the secret, and others read it. Nothing was sent.")
        await seat.ends(2)


async def test_two_commands_with_one_key_send_once(client: Client) -> None:
    """Started at once, one sends; later, both are told, and what it is by then."""
    key = f"test-{secrets.token_hex(8)}"
    words = ("-l", "Sent once", "--idempotency-key", key)
    done = await asyncio.gather(*(send(client, *words) for _ in range(2)))
    said = [json.loads(one.out) for one in done]
    [first] = [one for one in said if one["state"] == "delivered"]
    [other] = [one for one in said if one is not first]
    assert other.get("problem") == "running" or other["state"] == "sent-before", other
    again = await send(client, *words)
    later = json.loads(again.out)
    assert again.code == 0, again.err
    assert [later[name] for name in ("state", "drop", "now", "delivery", "passphrase", "link")] == [
        "sent-before", first["drop"], "sealed", "delivered", None, None
    ]  # fmt: skip
    await endings.revoke(client.at.desk.store, base64url.decode(first["drop"], 16))
    assert json.loads((await send(client, *words)).out)["now"] == "revoked"
    mismatch = await send(client, "-l", "Something else", "--idempotency-key", key)
    said = json.loads(mismatch.out)
    assert (mismatch.code, said["problem"], said["why"]) == (5, "refused", "idempotency-mismatch")


async def test_a_key_whose_order_was_refused_sends_later(client: Client) -> None:
    """A guest who was not meant at first; the same key serves the command that says so."""
    words = ("send", DANA, "-l", LABEL, "--json", "--idempotency-key", f"test-{secrets.token_hex(8)}")
    assert json.loads((await client.run(*words, typed="x")).out)["why"] == "confirm"
    assert json.loads((await client.run(*words, "--yes", typed="x")).out)["state"] == "delivered"


async def test_a_lost_answer_is_given_once_more(client: Client) -> None:
    """The server has the question; the same command goes on with the order that came of it, and one thing is sent."""
    (client.folder / "token").write_text(client.token)
    words = ("-l", "Answer lost", "--idempotency-key", secrets.token_hex(8))
    async with between(client.at.web.port) as wire:
        wire.losing = b"POST /api/v1/orders "
        settings = {"SENDSECRET_URL": wire.url, "SENDSECRET_TOKEN_FILE": str(client.folder / "token")}
        done = await send(client, *words, **settings)
        asked = [one for one in wire.requests if one.startswith(b"POST /api/v1/orders ")]
    said = json.loads(done.out)
    assert (done.code, said["state"], wire.losing, len(asked)) == (0, "delivered", b"", 2), done.err
    other = json.loads((await send(client, *words)).out)
    assert (other["state"], other["drop"]) == ("sent-before", said["drop"])


async def test_without_a_key_nothing_is_attempted(client: Client) -> None:
    """Each question makes an order of its own, and a server would refuse an attempt at none."""
    (client.folder / "token").write_text(client.token)
    async with between(client.at.web.port) as wire:
        settings = {"SENDSECRET_URL": wire.url, "SENDSECRET_TOKEN_FILE": str(client.folder / "token")}
        assert (await send(client, "-l", "No key", **settings)).code == 0
        assert b"idempotency" not in wire.sent().lower()
