"""`/sendsecret dana@example.com`: from the command to a letter that opens once, over a real mail server."""

import json
import re

from sandbox.fixtures import AUDIT, MAYA, SAM
from sandbox.running import Sandbox
from store.formats import link_v1
from store.words import Delivery, Outcome, State, Way
from tests.bot.desk import SECRET, found, shown_passphrase, working
from tests.bot.postbox import Arrived, postbox, url
from tests.stores import PUBLIC_URL, Home

LINE = "/sendsecret dana@Example.com"
DANA = "dana@example.com"
FROM = "drops@sendsecret.example"


def link_of(letter: Arrived) -> link_v1.Link:
    """The link in a letter, which is the same wherever it stands in it."""
    pattern = re.escape(PUBLIC_URL) + r"/s/([\w-]{22})#([\w.-]+)"
    found_in = {match for kind in ("plain", "html") for match in re.findall(pattern, letter.part(kind))}
    [(drop, fragment)] = found_in
    return link_v1.parse(drop, fragment)


async def test_a_secret_goes_to_an_address_and_opens_once(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Typed, confirmed, mailed, opened from the letter alone, and told to sender and security team in true words."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.send(LINE)
        assert "Handed to the mail server" in json.dumps(view["blocks"])
        assert "Never by e-mail either" in json.dumps(view["blocks"])
        letter = await box.wait()
        assert (letter.sender, letter.recipients) == (FROM, (DANA,))
        link = link_of(letter)
        drop = await desk.drop(link)
        assert (drop.way, drop.recipient_class, drop.delivery) == (Way.MAIL, "email", Delivery.DELIVERED)
        assert (drop.recipient_id, drop.recipient_name) == (DANA, DANA)
        assert await desk.sandbox.wait_message(MAYA, contains="The mail server took the link for *dana@example.com*")
        assert "Link handed to the mail server" in " ".join(await desk.audit_thread("Link handed"))
        assert await desk.read(link, shown_passphrase(view)) == SECRET
        assert await desk.sandbox.wait_message(MAYA, contains="confirmed by the page, and destroyed")
        assert await desk.sandbox.wait_message(SAM, AUDIT, contains="confirmed, destroyed")
        ended = await desk.drop(link)
        assert (ended.state, ended.outcome) == (State.DESTROYED, Outcome.VIEWED)
        assert len(box.arrived) == 1


async def test_each_address_gets_a_link_of_its_own(sandbox: Sandbox, sqlite_home: Home) -> None:
    """One form, three addresses, however they were typed: three letters to one address each."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(f"{LINE}, sam@example.org")
        assert found(desk.view())["id"] == view["id"]
        await desk.fill(
            view, addresses="dana@example.com\n sam@example.org,\n\nnoor@b\u00fccher.example ; dana@EXAMPLE.com"
        )
        assert (await desk.submit(view))["outcome"] == "update"
        await box.wait(3)
        assert sorted(letter.recipients for letter in box.arrived) == [
            ("dana@example.com",),
            ("noor@xn--bcher-kva.example",),
            ("sam@example.org",),
        ]
        assert len({link_of(letter).id for letter in box.arrived}) == 3
