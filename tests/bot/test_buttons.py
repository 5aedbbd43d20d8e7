"""Revoke and unlock, by those who may and by those who may not."""

import json

import pytest

from bot import button_wording
from bot.buttons import Buttons
from bot.people import Kind, People, Person
from bot.rights import Clicker, Rights
from bot.slack_calls import Slack
from sandbox.fixtures import AUDIT, DANA, KAI, MAYA, NOOR, OTHER_TEAM, SAM, TEAM
from store.drops import find
from store.errors import DropEndedError
from store.formats import base64url
from store.words import Outcome, State
from tests.bot.desk import SECRET, Desk, found, shown_passphrase
from tests.store.living import created
from tests.stores import Home


async def test_revoke_in_the_modal_ends_the_drop(desk: Desk) -> None:
    """The modal says so, the link opens nothing any more, and its message becomes a tombstone."""
    view = await desk.send()
    link = await desk.link()
    await desk.sandbox.click(MAYA, "revoke", view=view["id"])
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoked. The secret is destroyed"))
    assert "Passphrase: " not in json.dumps(shown["blocks"])
    with pytest.raises(DropEndedError) as ended:
        await desk.read(link, shown_passphrase(view))
    assert ended.value.outcome is Outcome.REVOKED
    assert await desk.sandbox.wait_message(DANA, contains="took it back", lacks="open_drop")
    await desk.audit_thread("Revoked by the sender")


async def test_revoking_one_of_several_keeps_the_others_passphrases(desk: Desk) -> None:
    """The paragraph of the revoked one changes and no other."""
    view = await desk.send("/sendsecret @noor @sam")
    [first, second] = [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("drop-")]
    await desk.sandbox.click(MAYA, "revoke", view=view["id"], block_id=first)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoked. The secret is destroyed"))
    before = {block["block_id"]: block for block in view["blocks"] if "block_id" in block}
    after = {block["block_id"]: block for block in shown["blocks"] if "block_id" in block}
    assert after[second] == before[second]
    assert "accessory" not in after[first]


async def test_revoke_after_it_was_opened_is_too_late(desk: Desk) -> None:
    """The sender is told when it was opened; pressing again says the same."""
    view = await desk.send()
    await desk.read(await desk.link(), shown_passphrase(view))
    await desk.sandbox.click(MAYA, "revoke", view=view["id"])
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Too late: it was opened <!date^")


async def test_nobody_else_may_revoke_and_an_administrator_may(desk: Desk) -> None:
    """The button's value is no right: who pressed decides."""
    await desk.send()
    link = await desk.link()
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    place = desk.sandbox.workspace.conversations[status["conversation"]]
    place.members |= {NOOR, SAM}
    await desk.sandbox.click(NOOR, "revoke", status["conversation"], status["ts"])
    assert await desk.sandbox.wait_message(NOOR, contains="Only the person who sent this", ephemeral=True)
    assert (await desk.drop(link)).state is State.SEALED
    await desk.sandbox.click(SAM, "revoke", status["conversation"], status["ts"])
    assert await desk.sandbox.wait_message(SAM, contains="Revoked.", ephemeral=True)
    assert (await desk.drop(link)).ended_by == "admin"
    assert await desk.sandbox.wait_message(MAYA, contains="An administrator revoked")


async def test_somebody_of_another_team_with_the_same_id_may_not(desk: Desk) -> None:
    """User and team together say who pressed."""
    await desk.send()
    link = await desk.link()
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    desk.sandbox.workspace.people[MAYA].team_id = "T0ELSEWHERE"
    await desk.sandbox.click(MAYA, "revoke", status["conversation"], status["ts"])
    assert await desk.sandbox.wait_message(MAYA, contains="Only the person who sent this", ephemeral=True)
    assert (await desk.drop(link)).state is State.SEALED


class Told(People):
    """What Slack says of whoever is looked up; None where it does not answer."""

    def __init__(self, person: Person | None) -> None:
        super().__init__(Slack("xoxb-none", "http://127.0.0.1:9"), TEAM)
        self._person = person

    async def find(self, _user_id: str) -> Person | None:
        """The same for everybody."""
        return self._person


async def test_a_sender_from_outside_whom_slack_does_not_name_is_not_called_a_stranger(sqlite_home: Home) -> None:
    """Whether their team is the one that pressed is not known just then: nothing is changed, and nobody is refused."""
    async with sqlite_home.open("bot") as store:
        sealed = await created(store, sender_id=KAI)
        value, kai = base64url.encode(sealed.new.id), Clicker(KAI, OTHER_TEAM)
        silent = Buttons(store, Rights(Told(None), TEAM))
        for pressed in (silent.unlock, silent.resume):
            assert await pressed(value, kai) == button_wording.WHO_PRESSED
        assert await silent.revoke(value, kai) == button_wording.WHO_PRESSED
        for other in (Clicker(KAI + "X", OTHER_TEAM), Clicker(DANA, OTHER_TEAM)):
            assert await silent.unlock(value, other) == button_wording.NOT_YOURS
        drop = await find(store, sealed.new.id)
        assert drop is not None
        assert (drop.state, drop.outcome) == (State.SEALED, None)
        known = Buttons(store, Rights(Told(Person(KAI, OTHER_TEAM, "Kai Ito", "", Kind.EXTERNAL)), TEAM))
        assert await known.unlock(value, Clicker(KAI, "T0ELSEWHERE")) == button_wording.NOT_YOURS
        assert await known.revoke(value, kai) == button_wording.REVOKED_NOW


async def test_a_revoke_that_cannot_be_finished_says_so(desk: Desk) -> None:
    """Nobody can open it any more, its key is out of reach: neither "nothing was changed" nor "destroyed" is said."""
    view = await desk.send("/sendsecret @noor")
    link = await desk.link(NOOR)
    await desk.sandbox.wait_message(MAYA, contains="has the link")
    drops = desk.home.keyring / "drops"
    away = drops.rename(desk.home.keyring / "away")
    drops.mkdir(mode=0o700)
    await desk.sandbox.click(MAYA, "revoke", view=view["id"])
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="could not finish that just now"))
    assert "Nothing was changed" not in json.dumps(shown["blocks"])
    assert shown_passphrase(shown) == shown_passphrase(view)
    assert (await desk.drop(link)).state is State.ENDING
    told = found(await desk.sandbox.wait_message(MAYA, desk.sandbox.bot_dm(MAYA), contains="being destroyed"))
    assert "and destroyed" not in json.dumps(told["blocks"])
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="being destroyed")
    drops.rmdir()
    away.rename(drops)
    await desk.sandbox.click(MAYA, "revoke", view=view["id"])
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="It was revoked already")
    await desk.audit_thread("Destroyed: revoked")


async def test_a_locked_drop_is_told_and_unlocked(desk: Desk) -> None:
    """Five wrong passphrases lock it, the sender is told with buttons, and five more are allowed."""
    view = await desk.send()
    link = await desk.link()
    await desk.guess_wrong(link, 5)
    told = found(await desk.sandbox.wait_message(MAYA, contains="Five wrong passphrases in a row for"))
    assert found(await desk.sandbox.wait_message(MAYA, contains="*Locked:*"))
    await desk.audit_thread("*Locked* after 5 wrong")
    await desk.sandbox.click(MAYA, "unlock", told["conversation"], told["ts"])
    assert await desk.sandbox.wait_message(MAYA, contains="Five more tries allowed", ephemeral=True)
    assert found(await desk.sandbox.wait_message(MAYA, contains="can try again; you allowed more tries"))
    assert await desk.read(link, shown_passphrase(view)) == SECRET
    await desk.sandbox.click(MAYA, "unlock", told["conversation"], told["ts"])
    assert await desk.sandbox.wait_message(MAYA, contains="Too late: it was opened", ephemeral=True)
