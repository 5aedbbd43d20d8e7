"""The form for e-mail addresses: how it opens, what it refuses, what it asks, and how it opens again."""

import json
from typing import Any

from sandbox.fixtures import MAYA, MAYA_DANA
from sandbox.running import Sandbox
from store.words import Outcome, Way
from tests.bot.desk import Desk, Json, anyway, found, link_in, option_of, shown_passphrase, working
from tests.bot.postbox import postbox, url
from tests.bot.sealing_outside import seal_outside, urls_in
from tests.bot.test_mail_happy_path import DANA, FROM, LINE, link_of
from tests.stores import Home


def _element(view: Json, block: str) -> Json:
    [element] = [one["element"] for one in view["blocks"] if one.get("block_id") == block]
    return dict(element)


def _ways(view: Json) -> list[str]:
    return [option["value"] for option in _element(view, "delivery")["options"]]


async def test_the_form_has_addresses_in_place_of_people(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Those of the line are filled in, a secret behind them too, with the same warning as for people."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(f"{LINE} sam@example.org sk_live_canary")
        assert _element(view, "addresses")["initial_value"] == "dana@Example.com\nsam@example.org"
        assert _element(view, "secret")["initial_value"] == "sk_live_canary"
        assert "it has been through Slack" in json.dumps(view["blocks"])
        assert "recipients" not in {block.get("block_id") for block in view["blocks"]}
        assert _ways(view) == ["mail", "shown", "outside"]
        assert _element(view, "delivery")["initial_option"]["value"] == "mail"


async def test_an_address_is_confirmed_letter_for_letter(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Each is named; the tick for one address says nothing about another."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(LINE)
        await desk.fill(view)
        assert (await sandbox.submit(view["id"]))["outcome"] == "update"
        asked = found(desk.view())
        box_id = str(anyway(asked))
        assert f"*{DANA}* is an e-mail address" in json.dumps(asked["blocks"])
        assert _ways(asked) == ["mail", "shown", "outside"]
        assert "Send anyway" in (await sandbox.submit(view["id"]))["errors"][box_id]
        await sandbox.fill(view["id"], {box_id: [option_of(asked, box_id)], "addresses": "dana@example.org"})
        assert (await sandbox.submit(view["id"]))["outcome"] == "update"
        again = found(desk.view())
        assert anyway(again) not in (None, box_id)
        assert "*dana@example.org*" in json.dumps(again["blocks"])
        assert box.said == []


async def test_what_is_no_address_is_refused_beside_its_field(sandbox: Sandbox, sqlite_home: Home) -> None:
    """By its number, for what was pasted there may be anything; none, and more than ten, as well."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(LINE)
        await desk.fill(view)
        for typed, said in (
            ("dana@example.com\nsk_live_canary", "Number 2 is not an e-mail address"),
            (" , ", "Give at least one address"),
            ("\n".join(f"d{n}@example.com" for n in range(11)), "at most ten"),
        ):
            await sandbox.fill(view["id"], {"addresses": typed})
            answer = await sandbox.submit(view["id"])
            assert said in answer["errors"]["addresses"]
            assert "canary" not in json.dumps(answer["errors"])
        assert box.said == []


async def test_ten_of_the_longest_addresses_are_asked_about(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Slack bounds a field, an option's value and a view; the sandbox holds the bot to it."""
    longest = [f"{n}{'a' * 62}@{'b' * 63}.{'c' * 63}.{'d' * 50}.com" for n in range(10)]
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(LINE)
        await desk.fill(view, addresses="\n".join(longest))
        assert (await sandbox.submit(view["id"]))["outcome"] == "update"
        asked = found(desk.view())
        assert len(option_of(asked, str(anyway(asked)))) <= 150
        assert all(f"*{address}*" in json.dumps(asked["blocks"]) for address in longest)


async def test_without_a_mail_server_the_link_is_shown(desk: Desk) -> None:
    """The form says why, and has only that way; the drop is for that address all the same."""
    view = await desk.open_form(LINE)
    assert "Sending e-mail is not set up here" in json.dumps(view["blocks"])
    assert _ways(view) == ["shown"]
    await desk.fill(view)
    await desk.submit(view)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Nobody has it yet"))
    [line] = [part for part in json.dumps(shown["blocks"]).split("```") if part.startswith("http")]
    link = link_in({"blocks": [{"url": line}]})
    drop = await desk.drop(link)
    assert (drop.way, drop.recipient_class, drop.recipient_id) == (Way.SHOWN, "email", DANA)
    assert await desk.read(link, shown_passphrase(shown))


async def test_a_form_of_before_is_not_mailed_without_a_server(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Opened while there was a mail server, submitted when there is none: refused, and the way out is named."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(LINE)
        await desk.fill(view)
    async with working(sandbox, sqlite_home) as desk:
        answer: Any = await sandbox.submit(view["id"])
        assert 'Choose "Show me the link"' in answer["errors"]["delivery"]


async def test_what_is_typed_outside_slack_is_mailed(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Chosen in the form: a page for the address, whose link goes by e-mail under the bot's order."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        view = await desk.open_form(LINE)
        await sandbox.fill(view["id"], {"label": "Stripe restricted key", "delivery": "outside"})
        await desk.submit(view)
        shown = found(await sandbox.wait_view(MAYA, "composers", contains="I mail the link"))
        [page] = urls_in(shown)
        sealed = await seal_outside(desk, page)
        letter = await box.wait()
        assert (link_of(letter), letter.recipients) == (sealed.link, (DANA,))
        assert (sealed.terms.way, sealed.terms.recipient_class) == (Way.MAIL, "email")
        assert await sandbox.wait_message(MAYA, contains="The mail server took the link")


async def test_what_could_reach_no_address_is_not_asked_for(desk: Desk) -> None:
    """Without a mail server nobody is sent to a page whose link could go nowhere."""
    await desk.sandbox.type(MAYA, MAYA_DANA, f"{LINE} {'x' * 3001}")
    assert await desk.told(MAYA, "could not reach an address without it")
    assert desk.view() is None


async def test_people_and_addresses_do_not_mix(desk: Desk) -> None:
    """Said on the line; nothing opens."""
    for line in ("@dana sam@example.org", "sam@example.org @dana", "here sam@example.org"):
        await desk.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret {line}")
        assert await desk.told(MAYA, "E-mail addresses go by themselves")
    assert desk.view() is None


async def test_a_lost_passphrase_starts_again_for_the_address(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The mailed link is dead before the form is open, and the sender is told of no tombstone that is not there."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        await desk.send(LINE)
        link = link_of(await box.wait())
        await desk.press(MAYA, "lost_passphrase", contains="The mail server took the link")
        view = found(await sandbox.wait_view(MAYA, "send_drop"))
        assert (await desk.drop(link)).outcome is Outcome.REVOKED
        assert _element(view, "addresses")["initial_value"] == DANA
        assert _element(view, "label")["initial_value"] == "Stripe restricted key"
        assert _element(view, "delivery")["initial_option"]["value"] == "mail"
        await desk.fill(view)
        assert (await desk.submit(view))["outcome"] == "update"
        assert link_of(await box.wait(2)).id != link.id
