"""Notices when Slack is busy, broken, or has lost the audit channel: nothing is lost and the order holds."""

from sandbox.fixtures import AUDIT, MAYA, SAM
from sandbox.running import Sandbox
from store import asks
from store.formats import derivation_v1
from store.words import Ask
from tests.bot.desk import Desk, found, shown_passphrase, working
from tests.stores import Home

STORY = ["Link delivered", "looked at", "Right passphrase", "confirmed that it decrypted", "Destroyed: viewed"]


def in_order(texts: list[str]) -> list[str]:
    """Which word of the story each entry of a thread is; the receipt may have followed the last one already."""
    return [word for text in texts[1:] for word in STORY if word in text]


async def test_an_archived_audit_channel_gets_everything_later_in_order(desk: Desk) -> None:
    """Entries are parked, an administrator is told once, and all is delivered when the channel is back."""
    desk.sandbox.archive(AUDIT)
    view = await desk.send()
    await desk.read(await desk.link(), shown_passphrase(view))
    told = found(await desk.sandbox.wait_message(SAM, contains="I cannot write to the audit channel"))
    assert "is_archived" in told["text"]
    assert await desk.sandbox.wait_message(MAYA, contains="has “Stripe restricted key”")
    desk.sandbox.archive(AUDIT, archived=False)
    assert in_order(await desk.audit_thread("Destroyed: viewed")) == STORY
    alarms = [m for m in desk.sandbox.messages(SAM, str(desk.sandbox.bot_dm(SAM))) if "cannot write" in m["text"]]
    assert len(alarms) == 1


async def test_a_removed_bot_gets_everything_in_after_its_return(desk: Desk) -> None:
    """The same for a bot that was kicked out of the channel."""
    desk.sandbox.kick_bot(AUDIT)
    await desk.send()
    assert await desk.sandbox.wait_message(SAM, contains="I cannot write to the audit channel")
    desk.sandbox.invite_bot(AUDIT)
    assert in_order(await desk.audit_thread("Link delivered")) == STORY[:1]


async def test_a_slack_that_says_slow_down_gets_everything_in_order(desk: Desk) -> None:
    """Retry-After is honoured, for posts and for edits."""
    view = await desk.send()
    desk.sandbox.fault("chat.postMessage", "ratelimited", times=2, retry_after=1)
    desk.sandbox.fault("chat.update", "ratelimited", times=1, retry_after=1)
    await desk.read(await desk.link(), shown_passphrase(view))
    assert in_order(await desk.audit_thread("Destroyed: viewed")) == STORY


async def test_a_failing_slack_is_asked_again(desk: Desk) -> None:
    """Server errors and half answers delay entries and lose none."""
    view = await desk.send()
    desk.sandbox.fault("chat.update", "http_500", times=1)
    desk.sandbox.fault("chat.update", "malformed", times=1)
    await desk.read(await desk.link(), shown_passphrase(view))
    assert in_order(await desk.audit_thread("Destroyed: viewed")) == STORY


async def test_a_bot_that_was_away_tells_what_happened_meanwhile(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A link opened while no bot runs is told when one does, and the message becomes a tombstone."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.send("/sendsecret @noor")
        link = await desk.link("U0NOOR0001")
    async with sqlite_home.open() as store:
        desk.store = store
        await desk.read(link, shown_passphrase(view))
    async with working(sandbox, sqlite_home) as desk:
        assert in_order(await desk.audit_thread("Destroyed: viewed")) == STORY
        assert await sandbox.wait_message("U0NOOR0001", contains="and destroyed", lacks="open_drop")


async def test_what_a_holder_says_reaches_sender_and_auditors(desk: Desk) -> None:
    """ "That was not me" is an alarm in both places; a question reaches the sender with what to do."""
    await desk.send()
    link = await desk.link()
    proof = derivation_v1.link_proof(link)
    await asks.not_me(desk.store, link.id, proof)
    await asks.ask(desk.store, link.id, proof, Ask.PASSPHRASE)
    assert await desk.sandbox.wait_message(MAYA, contains=":rotating_light: Somebody with the link")
    assert await desk.sandbox.wait_message(MAYA, contains="asks for the passphrase. Call Dana Okafor")
    texts = await desk.audit_thread("asked for the passphrase")
    assert any(":rotating_light:" in text for text in texts)


async def test_a_deleted_parent_silences_nothing(desk: Desk) -> None:
    """Its thread goes on under a new parent, alarms included."""
    await desk.send()
    link = await desk.link()
    await desk.audit_thread("Link delivered")
    for message in desk.sandbox.workspace.conversations[AUDIT].messages:
        message.deleted = True
    await desk.guess_wrong(link, 5)
    texts = await desk.audit_thread("*Locked* after 5 wrong")
    assert [text for text in texts if "Wrong passphrase" in text]
    parents = [m for m in desk.sandbox.messages(SAM, AUDIT) if m.get("thread_ts") in (None, m["ts"])]
    assert len(parents) == 1


async def test_a_deleted_status_message_is_posted_again(desk: Desk) -> None:
    """An edit of what is gone does not stop the story."""
    view = await desk.send()
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    kept = desk.sandbox.workspace.conversations[status["conversation"]].find(status["ts"])
    assert kept is not None
    kept.deleted = True
    await desk.sandbox.click(MAYA, "revoke", view=view["id"])
    again = await desk.sandbox.wait_message(
        MAYA, status["conversation"], contains="Revoked <!date^", after=status["ts"]
    )
    assert again is not None
