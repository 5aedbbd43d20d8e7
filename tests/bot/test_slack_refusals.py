"""Each of Slack's refusals in words: to the sender, to administrators, in the audit channel; and the outcome."""

from collections.abc import Iterable

import pytest

from bot.slack_calls import SlackRefusedError
from store import creation, deliveries
from store.deliveries import Place
from store.opened import Store
from tests.bot import counted_slack
from tests.bot.behind import ADMIN, Office, always, owed
from tests.stores import Home, seal

AWAY = f"I cannot write to the audit channel <#{counted_slack.AUDIT}>: Slack says"
BACK = f"I can write to the audit channel <#{counted_slack.AUDIT}> again. Entries posted late, in order:"
DMS_AWAY = ":rotating_light: I cannot write to people in their DMs: Slack says"
DMS_WAIT = "Nothing is lost: every message waits and will be posted in order."
WAITS = "Nothing is lost: every entry waits and will be posted in order."
INVITE = "Invite me with `/invite @sendsecret`, or set AUDIT_CHANNEL to another."
POSTING = "Let me post there, in the channel's posting permissions, or set AUDIT_CHANNEL to another."
TOKEN = "Put a token that Slack accepts into SLACK_BOT_TOKEN and start me again."
SCOPES = "Install me again with the scopes of manifest.yml."

AUDIT_CURES = {
    "not_in_channel": INVITE,
    "channel_not_found": INVITE,
    "is_archived": "Unarchive it, or set AUDIT_CHANNEL to another.",
    "restricted_action": POSTING,
    "restricted_action_read_only_channel": POSTING,
    "restricted_action_thread_only_channel": POSTING,
    "restricted_action_non_threadable_channel": POSTING,
    "missing_scope": SCOPES,
    "token_expired": TOKEN,
}
"""How an administrator mends it, when only the audit channel refuses."""

TO_SENDER = {
    "not_in_channel": "Invite me with `/invite @sendsecret`, or tell whoever runs Sendsecret.",
    "is_archived": "Unarchive it, or tell whoever runs Sendsecret.",
    "restricted_action": "Tell whoever runs Sendsecret.",
}

DM_CURES = {
    "messages_tab_disabled": "Turn on the Messages tab in my app's settings, under App Home.",
    "missing_scope": SCOPES,
    "restricted_action": "Let me post, in the workspace's settings.",
    "token_revoked": TOKEN,
}


async def sent(store: Store, sender: str = "U0MAYA") -> None:
    """A drop whose link went out."""
    sealed = seal(sender_id=sender)
    await creation.create(store, sealed.new)
    await deliveries.record_delivered(store, sealed.new.id, Place("DRECIPIENT", "1.0"))


async def test_every_refusal_of_the_audit_channel_has_its_sentence(sqlite_home: Home) -> None:
    """Administrators read what it is and how to mend it, once, and once that it is over; senders read nothing of it."""
    async with sqlite_home.open("bot") as store:
        for code, cure in AUDIT_CURES.items():
            office = Office(sqlite_home)
            office.slack.trouble = always(SlackRefusedError(code), only=counted_slack.AUDIT)
            dispatcher = office.dispatcher(store)
            await sent(store)
            await sent(store)
            for _ in range(6):
                await dispatcher.once()
            assert await owed(store) == 4
            office.slack.trouble = None
            await office.drain(store, dispatcher)
            await dispatcher.once()
            [[away, back]] = office.stories()["admin"]
            assert away == f":rotating_light: {AWAY} `{code}`. {WAITS} {cure}"
            assert back == f":white_check_mark: {BACK} 4."
            assert len(office.stories()["audit"]) == 2
            assert not [text for told in office.stories()["sender"] for text in told if "audit channel" in text]


@pytest.mark.parametrize(
    ("admins", "codes"),
    [((), TO_SENDER), ((ADMIN,), ["is_archived"])],
    ids=["no administrator", "an administrator out of reach"],
)
async def test_where_no_administrator_can_be_told_the_sender_is(
    sqlite_home: Home, admins: tuple[str, ...], codes: Iterable[str]
) -> None:
    """Each sender once, after the link went out, however many they send; and again at the next absence."""
    async with sqlite_home.open("bot") as store:
        for code in codes:
            office = Office(sqlite_home, admins)
            dispatcher = office.dispatcher(store)
            refused = SlackRefusedError(code)
            for absence in (1, 2):
                office.slack.trouble = lambda _method, channel, refused=refused: (
                    refused if channel in (counted_slack.AUDIT, f"D{ADMIN}") else None
                )
                for sender in ("U0MAYA", "U0MAYA", "U0RUI"):
                    await sent(store, sender)
                    for _ in range(3):
                        await dispatcher.once()
                for told in office.stories()["sender"]:
                    words = [text for text in told if "audit channel" in text]
                    assert words == [f"Sent. {AWAY} `{code}`. {WAITS} {TO_SENDER[code]}"] * absence
                office.slack.trouble = None
                await office.drain(store, dispatcher)
                await dispatcher.once()
            assert len(office.stories()["audit"]) == 6
            assert office.stories()["admin"] == []


async def test_a_link_that_is_still_on_its_way_is_not_called_sent(sqlite_home: Home) -> None:
    """The sender hears of the audit channel when the link has gone out, not before."""
    office = Office(sqlite_home, ())
    office.slack.trouble = always(SlackRefusedError("is_archived"), only=counted_slack.AUDIT)
    async with sqlite_home.open("bot") as store:
        sealed = seal()
        await creation.create(store, sealed.new)
        dispatcher = office.dispatcher(store)
        for _ in range(3):
            await dispatcher.once()
        assert not office.slack.posts
        await deliveries.record_delivered(store, sealed.new.id, Place("DRECIPIENT", "1.0"))
        for _ in range(3):
            await dispatcher.once()
        assert [text for _, _, text in office.slack.posts if text.startswith("Sent. I cannot write")]


async def test_where_no_dm_can_be_written_the_audit_channel_is_told(sqlite_home: Home) -> None:
    """Administrators have DMs as well; what senders are owed waits, and arrives."""
    async with sqlite_home.open("bot") as store:
        for code, cure in DM_CURES.items():
            office = Office(sqlite_home)
            refused = SlackRefusedError(code)
            office.slack.trouble = lambda _method, channel, refused=refused: (
                None if channel == counted_slack.AUDIT else refused
            )
            dispatcher = office.dispatcher(store)
            await sent(store)
            for _ in range(6):
                await dispatcher.once()
            alarms = [text for channel, _, text in office.slack.posts if channel == counted_slack.AUDIT]
            assert [text for text in alarms if "DMs" in text] == [f"{DMS_AWAY} `{code}`. {DMS_WAIT} {cure}"]
            office.slack.trouble = None
            await office.drain(store, dispatcher)
            assert [text for channel, _, text in office.slack.posts if channel == "DU0MAYA"]


async def test_a_sender_who_is_gone_holds_nothing_up(sqlite_home: Home) -> None:
    """There is nobody to tell: the notice is settled, and the audit channel has everything."""
    office = Office(sqlite_home)
    office.slack.trouble = always(SlackRefusedError("user_disabled"), only="DU0MAYA")
    async with sqlite_home.open("bot") as store:
        await sent(store)
        await office.drain(store, office.dispatcher(store))
    assert len(office.stories()["audit"]) == 1


async def test_a_word_of_slacks_that_nobody_knows_is_waited_out(sqlite_home: Home) -> None:
    """A refusal that names nothing to mend is tried again later, and stops nobody else's."""
    office = Office(sqlite_home)
    office.slack.trouble = always(SlackRefusedError("brand_new_code"), only="DU0MAYA")
    async with sqlite_home.open("bot") as store:
        await sent(store)
        await sent(store, "U0RUI")
        dispatcher = office.dispatcher(store)
        for _ in range(4):
            await dispatcher.once()
        assert len(office.stories()["sender"]) == 1
        office.slack.trouble = None
        await office.drain(store, dispatcher)
        assert len(office.stories()["sender"]) == 2


async def test_an_audit_entry_that_slack_never_takes_is_told(sqlite_home: Home) -> None:
    """Administrators read which drop's is missing, once; the entries of others are posted."""
    office = Office(sqlite_home)
    refused = SlackRefusedError("brand_new_code")
    async with sqlite_home.open("bot") as store:
        await sent(store)
        dispatcher = office.dispatcher(store)
        office.slack.trouble = always(refused, only=counted_slack.AUDIT)
        for _ in range(5):
            await dispatcher.once()
            office.home.advance_clock(901)
        office.slack.trouble = None
        await sent(store)
        await dispatcher.once()
        await office.drain(store, dispatcher)
    [told] = [text for channel, _, text in office.slack.posts if channel == f"D{ADMIN}"]
    assert "Slack does not take an entry for the audit channel" in told
    assert "`brand_new_code`" in told
    assert len(office.stories()["audit"]) == 2
