""" "I was not expecting this": what the recipient's one button does, and who may press it."""

import pytest

from bot.buttons import Buttons
from bot.people import People
from bot.rights import Clicker, Rights
from bot.slack_calls import Slack
from sandbox.fixtures import AUDIT, BOT_USER, DANA, MAYA, NOOR, SAM, TEAM
from store import endings
from store.errors import DropPausedError
from store.formats import base64url
from tests.bot.desk import Desk, shown_passphrase

NOBODY_ASKED = People(Slack("xoxb-none", "http://127.0.0.1:9"), TEAM)


async def test_it_pauses_until_the_sender_says_that_it_is_right(desk: Desk) -> None:
    """Nobody can open it meanwhile; the sender, the security team and the recipient read what happens."""
    passphrase = shown_passphrase(await desk.send())
    link = await desk.link()
    await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.told(DANA, "Paused. Nobody can open it until Maya")
    with pytest.raises(DropPausedError):
        await desk.read(link, passphrase)
    assert (await desk.drop(link)).guesses == 0
    assert any("was not expecting this" in text for text in await desk.audit_thread("was not expecting this"))
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="Paused")
    await desk.press(MAYA, "resume", contains="and paused it")
    assert await desk.told(MAYA, "can be opened again")
    assert await desk.sandbox.wait_message(DANA, contains="The link above can be opened again")
    await desk.audit_thread("The sender says that it is right")
    assert await desk.read(link, passphrase) == "sk_live_canary_51H8x"


async def test_a_drop_that_is_locked_as_well_is_not_called_open(desk: Desk) -> None:
    """Each word of the sender's says what it leaves; the recipient hears when both are said."""
    await desk.send()
    link = await desk.link()
    await desk.guess_wrong(link, 5)
    await desk.press(DANA, "not_expected", contains="open_drop")
    await desk.told(DANA, "Paused.")
    await desk.press(MAYA, "resume", contains="and paused it")
    assert await desk.told(MAYA, "No longer paused. It is still locked")
    assert await desk.sandbox.wait_message(MAYA, contains="*Locked:*")
    await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.sandbox.wait_message(MAYA, contains="*Paused ")
    await desk.press(MAYA, "unlock", contains='"unlock"')
    assert await desk.told(MAYA, "It is still paused until you say that it is right")
    assert not await desk.sandbox.wait_message(DANA, contains="again", author=BOT_USER, ephemeral=False, seconds=0.3)
    await desk.press(MAYA, "resume", contains='"resume"')
    assert await desk.sandbox.wait_message(DANA, contains="The link above can be opened again")


async def test_the_sender_may_revoke_instead(desk: Desk) -> None:
    """Nobody opened it, and the recipient's message says so."""
    await desk.send()
    link = await desk.link()
    await desk.press(DANA, "not_expected", contains="open_drop")
    await desk.press(MAYA, "revoke", contains="and paused it")
    assert await desk.sandbox.wait_message(DANA, contains="took it back")
    assert (await desk.drop(link)).outcome == "revoked"


async def test_pressing_twice_pauses_once(desk: Desk) -> None:
    """The second press says that it is paused already, and tells nobody again."""
    await desk.send()
    link = await desk.link()
    for _ in range(2):
        await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.told(DANA, "paused already")
    entries = [text for text in await desk.audit_thread("was not expecting") if "was not expecting" in text]
    assert len(entries) == 1
    assert (await desk.drop(link)).paused_at is not None


async def test_only_the_recipients_word_counts(desk: Desk) -> None:
    """A link posted into a conversation stands before others, who cannot stop it."""

    await desk.send()
    link = await desk.link()
    value = base64url.encode(link.id)
    buttons = Buttons(desk.store, Rights(NOBODY_ASKED, TEAM))
    drop = await desk.drop(link)
    for clicker in (
        Clicker(NOOR, drop.team_id),
        Clicker(MAYA, drop.team_id),
        Clicker(DANA, "T0OTHERTEAM"),
    ):
        assert "Only the person that it is for" in await buttons.not_expected(value, clicker)
    assert "I do not know this one" in await buttons.not_expected("nonsense", Clicker(DANA, drop.team_id))
    assert (await desk.drop(link)).paused_at is None


async def test_after_the_opening_it_is_an_alarm(desk: Desk) -> None:
    """The recipient says that it was not them: sender and security team must know at once."""

    passphrase = shown_passphrase(await desk.send())
    link = await desk.link()
    await desk.read(link, passphrase)
    drop = await desk.drop(link)
    buttons = Buttons(desk.store, Rights(NOBODY_ASKED, TEAM))
    said = await buttons.not_expected(base64url.encode(link.id), Clicker(DANA, drop.team_id))
    assert "has been told that you did not expect it" in said
    assert await desk.sandbox.wait_message(MAYA, contains="were not expecting")
    await desk.audit_thread("The recipient says of the opened drop")


async def test_of_what_nobody_opened_there_is_nothing_to_deny(desk: Desk) -> None:
    """Revoked before: the answer is calm, and nobody is alarmed."""

    await desk.send()
    link = await desk.link()
    drop = await desk.drop(link)
    await endings.revoke(desk.store, link.id)
    said = await Buttons(desk.store, Rights(NOBODY_ASKED, TEAM)).not_expected(
        base64url.encode(link.id), Clicker(DANA, drop.team_id)
    )
    assert said.startswith("It is gone already")
