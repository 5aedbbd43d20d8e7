"""`verify: slack`: the recipient presses Open in Slack, and what a link opens before, within and after ten minutes."""

import asyncio
import io
import json

import pytest

from bot import press_wording
from bot.drop_rules import Rules
from bot.passphrases import typed
from bot.people import Kind, Person
from bot.recipient_messages import PRESS
from bot.sealing import Order, SealingPool
from bot.slack_calls import Slack
from bot.ways import Couriers, Turn, send_out
from sandbox.fixtures import AUDIT, DANA, KAI, MAYA, NOOR, OTHER_TEAM, PIA, SAM, TEAM
from sandbox.running import Sandbox
from store import creation, recipient_verification
from store.errors import NotVerifiedError
from store.words import Event, Outcome, Verify, Way
from tests.bot.desk import SECRET, Desk, Json, found, link_in, working
from tests.bot.pressed import delivered, press
from tests.bot.pressing import press_by_hand
from tests.canaries import is_in
from tests.sealed_elsewhere import PASSPHRASE
from tests.store.reading import words_of
from tests.stores import Home, Sealed

TYPED = PASSPHRASE.decode()


async def refused(desk: Desk, sealed: Sealed) -> None:
    """The right passphrase opens nothing, and no try is used up."""
    with pytest.raises(NotVerifiedError):
        await desk.read(sealed.link, TYPED)
    assert (await desk.drop(sealed.link)).guesses == 0


def value_in(message: Json) -> str:
    """What the message's button holds."""
    [value] = [one["value"] for block in message["blocks"] for one in block.get("elements", ())
               if one.get("action_id") == PRESS]  # fmt: skip
    return str(value)


async def press_of_another(desk: Desk, user: str, message: Json, value: str) -> None:
    """Somebody who sees the recipient's message, in whichever way, presses in it."""
    desk.sandbox.workspace.conversations[message["conversation"]].members.add(user)
    await press_by_hand(desk, user, PRESS, message, value)


async def test_a_press_opens_a_window_with_the_link(desk: Desk) -> None:
    """No address stands in the message; the window has the drop's own, and the page opens after it and not before."""
    sealed, message = await delivered(desk)
    assert "http" not in json.dumps(message["blocks"])
    assert '"not_expected"' in json.dumps(message["blocks"])
    await refused(desk, sealed)
    window = await press(desk, message)
    assert link_in(window) == sealed.link
    assert "within ten minutes" in json.dumps(window["blocks"])
    opened = await desk.sandbox.click(DANA, "open_drop", view=window["id"])
    assert (opened["outcome"], opened["opens"]) == ("acked", sealed.link.url(desk.store.issuer))
    assert await desk.read(sealed.link, TYPED) == sealed.secret
    assert await desk.sandbox.wait_message(DANA, contains="and destroyed. It came from", lacks=PRESS)
    thread = await desk.audit_thread("Destroyed: viewed")
    assert len([text for text in thread if "own Slack account pressed Open" in text]) == 1


async def test_a_link_copied_out_of_the_window_opens_nothing_by_itself(desk: Desk) -> None:
    """After ten minutes it is what it was before the press; each press gives ten minutes and no more."""
    sealed, message = await delivered(desk)
    for _ in range(2):
        copied = link_in(await press(desk, message))
        assert copied == sealed.link
        desk.home.advance_clock(recipient_verification.VERIFIED_MS / 1000)
        await refused(desk, sealed)
        desk.sandbox.workspace.modals.clear(DANA)
    await press(desk, message)
    assert await desk.read(sealed.link, TYPED) == sealed.secret


async def test_pressing_twice_is_one_press(desk: Desk) -> None:
    """Two windows with one link, one event, and the ten minutes begin with the first."""
    sealed, message = await delivered(desk)
    presses = (desk.sandbox.click(DANA, PRESS, message["conversation"], message["ts"]) for _ in range(2))
    await asyncio.gather(*presses)
    asked = desk.sandbox.workspace.changes.until(lambda: len(desk.sandbox.calls("views.open")) == 2 or None, 25)
    assert await asked
    assert link_in(found(desk.view(DANA))) == sealed.link
    first = (await desk.drop(sealed.link)).verified_until
    desk.sandbox.workspace.modals.clear(DANA)
    await press(desk, message)
    assert first == (await desk.drop(sealed.link)).verified_until
    words = await words_of(desk.store, sealed.new.id)
    assert words.count("recipient_verified") == 1


@pytest.mark.parametrize("team", [TEAM, "T0ELSEWHERE"], ids=["another person", "the same id of another team"])
async def test_nobody_else_is_let_in(desk: Desk, team: str) -> None:
    """They read for whom it is; sender and security team are told, once; and the link opens as little as before."""
    sealed, message = await delivered(desk, NOOR)
    who = NOOR if team != TEAM else SAM
    desk.sandbox.workspace.people[who].team_id = team
    for _ in range(2):
        await press_of_another(desk, who, message, value_in(message))
    told = await desk.told(who, "This is for Dana Petrov, who alone can open it")
    assert "http" not in json.dumps(told)
    assert desk.sandbox.views(who) == []
    await refused(desk, sealed)
    news = found(await desk.sandbox.wait_message(MAYA, contains="Somebody else pressed Open in Dana Petrov's message"))
    assert '"revoke"' in json.dumps(news["blocks"])
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains=":rotating_light: *Somebody else pressed Open")
    words = await words_of(desk.store, sealed.new.id)
    assert (words.count("recipient_refused"), words.count("recipient_verified")) == (1, 0)


async def test_somebody_of_another_company_presses_with_their_own_team(desk: Desk) -> None:
    """Slack Connect: their id means them with their company's team, and with ours it means nobody."""
    sealed, message = await delivered(desk, PIA, recipient_team=OTHER_TEAM, recipient_class="external")
    pia = desk.sandbox.workspace.people[PIA]
    pia.team_id = TEAM
    await press_by_hand(desk, PIA, PRESS, message, value_in(message))
    await desk.told(PIA, "This is for Dana Petrov")
    await refused(desk, sealed)
    pia.team_id = OTHER_TEAM
    await press(desk, message, PIA)
    assert await desk.read(sealed.link, TYPED) == sealed.secret


async def test_a_message_that_could_not_be_edited_is_buried_by_a_press(desk: Desk) -> None:
    """A press on a drop that is gone says how it went, and its message becomes a tombstone."""
    sealed, message = await delivered(desk, NOOR)
    desk.sandbox.fault("chat.update", "error", times=None, error="edit_window_closed")
    await desk.press(MAYA, "revoke", contains="has the link")
    await desk.audit_thread("Destroyed: revoked")
    assert await desk.sandbox.wait_message(NOOR, contains=PRESS)
    await desk.sandbox.click(NOOR, PRESS, message["conversation"], message["ts"])
    assert await desk.told(NOOR, "*Maya Okafor* took it back")
    assert await desk.sandbox.wait_message(NOOR, contains="took it back", lacks=PRESS, ephemeral=False)
    assert (await desk.drop(sealed.link)).outcome is Outcome.REVOKED
    assert desk.sandbox.views(NOOR) == []


async def test_a_window_that_slack_does_not_open_is_said(desk: Desk) -> None:
    """Nothing is used up, and the next press opens it."""
    sealed, message = await delivered(desk)
    desk.sandbox.fault("views.open", "error", times=1, error="expired_trigger_id")
    await desk.sandbox.click(DANA, PRESS, message["conversation"], message["ts"])
    assert await desk.told(DANA, press_wording.AGAIN)
    assert link_in(await press(desk, message)) == sealed.link


async def test_what_makes_the_link_goes_to_slack_and_back_and_nowhere_else(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """In the message, in a press and in the window; in no log, no file, no channel of others, no notification."""
    async with working(sandbox, sqlite_home, log_level="DEBUG") as desk:
        sealed, message = await delivered(desk)
        value, key = value_in(message), sealed.link.key
        await press_of_another(desk, SAM, message, value)
        await desk.told(SAM, "This is for Dana Petrov")
        await press_by_hand(desk, DANA, PRESS, message, f"{value[:-1]}{'A' if value[-1] != 'A' else 'B'}")
        await desk.told(DANA, "I do not know this one any more")
        await press(desk, message)
        assert await desk.read(sealed.link, TYPED) == sealed.secret
        await desk.audit_thread("Destroyed: viewed")
        assert await sandbox.wait_message(DANA, contains="and destroyed. It came from", lacks=PRESS)
        carried = {str(envelope["payload"].get("type", envelope["kind"])) for envelope in sandbox.envelopes()
                   if is_in(key, json.dumps(envelope["payload"], default=str).encode())}  # fmt: skip
        called = {call["method"] for call in sandbox.calls() if is_in(key, json.dumps(call["arguments"]).encode())}
        assert (carried, called) == ({"block_actions"}, {"chat.postMessage", "views.open"})
        for call in sandbox.calls():
            assert not is_in(key, str(call["arguments"].get("text", "")).encode())
        for user in (MAYA, SAM):
            assert not is_in(key, json.dumps(sandbox.screen(user)).encode())
        logged = everything_logged.getvalue().encode()
        assert b"a press came with a link that is not its drop's own" in logged
        for secret in (key, value.encode(), sealed.link.fragment().encode()):
            assert not is_in(secret, logged)
            assert not any(is_in(secret, file.read_bytes()) for file in sqlite_home.path.rglob("*") if file.is_file())


async def test_what_the_bot_seals_asks_for_the_press_too(desk: Desk) -> None:
    """Its rules say so: to the store, on the record, and in the message that brings it."""
    maya, dana = (
        Person(MAYA, TEAM, "Maya Castillo", "", Kind.MEMBER),
        Person(DANA, TEAM, "Dana Okafor", "", Kind.GUEST),
    )
    order = Order(
        sender=maya,
        recipient=dana,
        team_id=TEAM,
        label="Stripe restricted key",
        secret=SECRET,
        passphrase=typed("7777 8888"),
        hint=None,
        created_at=desk.store.clock.now_seconds(),
        lives_seconds=3600,
        submission="V1",
        way=Way.DM,
        response_url="",
        rules=Rules(verify=Verify.SLACK),
    )
    pool, loop = SealingPool(1), asyncio.get_running_loop()
    sealed = await pool.seal(order, start_by=loop.time() + 30)
    pool.close()
    async with desk.home.open("bot") as store:
        await creation.create(store, sealed.new)

    async def nobody(_seconds: float) -> None:
        pass

    async with Slack(desk.sandbox.bot_token, desk.sandbox.api_url) as slack:
        turn = Turn(asyncio.Semaphore(), loop.time() + 30, nobody)
        await send_out(Couriers(slack, None), sealed.outgoing, desk.store.issuer, turn)
    message = found(await desk.sandbox.wait_message(DANA, contains=PRESS))
    assert "http" not in json.dumps(message["blocks"])
    with pytest.raises(NotVerifiedError):
        await desk.read(sealed.link, "77778888")
    assert link_in(await press(desk, message)) == sealed.link
    assert await desk.read(sealed.link, "77778888") == SECRET
    assert Event.RECIPIENT_VERIFIED.removeprefix("drop.") in await words_of(desk.store, sealed.new.id)


async def test_a_strangers_press_counts_for_nothing(desk: Desk) -> None:
    """Somebody who shares no channel with us, with an id and a team that fit no drop."""
    sealed, message = await delivered(desk)
    await press_of_another(desk, KAI, message, value_in(message))
    await desk.told(KAI, "This is for Dana Petrov")
    await refused(desk, sealed)
    assert desk.sandbox.views(KAI) == []
