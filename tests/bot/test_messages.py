"""What views and messages never hold, whatever people are called and whatever their labels say."""

import json
import re
from typing import Any

import pytest

from bot import audit_messages, button_wording, recipient_messages, sender_messages, sender_news, sent_views
from bot.mrkdwn import Markup
from bot.people import Kind, Person
from bot.recipient_messages import Arrival
from bot.sent_views import Row
from sandbox.fixtures import DANA
from store.drops import Drop
from store.words import Ask, Event, Outcome, State, Way
from tests.bot.drops import ENDS_IN_STEPS, NOW_MS, ended, ending, every, labelled, sealed
from tests.bot.shapes import PRESS_VALUE, abouts, shapes
from tests.bot.view_shapes import LONG_LABEL, LONG_NAME, RECEIPT_URL, URL

HOSTILE = "<!channel> <https://evil.example|click> <@U0SAM> &lt;!here&gt;\n*x*"


def _status(drop: Drop, about: dict[str, Any]) -> list[Any]:
    receipts = {drop.id: RECEIPT_URL} if drop.receipt is not None else {}
    return sender_messages.status([drop], about, drop, receipts).blocks


def marked_up(part: Any) -> list[str]:
    """Every text that Slack reads as markup: mrkdwn objects, and the text of messages."""
    if isinstance(part, list):
        return [text for inner in part for text in marked_up(inner)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "mrkdwn" or ("blocks" in part and "text" in part) else []
    return own + [text for inner in part.values() for text in marked_up(inner)]


def test_no_markup_but_our_own() -> None:
    """
    Of everything between angle brackets only dates are left, the audit channel in words to administrators, channel and
    address of a message to be deleted, a template's page in the form, and the one person whom a link in a conversation
    is for.
    """
    for name, kind, body in shapes():
        if kind != "manifest":
            for text in marked_up(body):
                for tag in re.findall(r"<[^>]*>?", text):
                    assert (
                        tag.startswith("<!date^")
                        or tag in ("<#C0AUDIT>", "<#C0GENERAL1>")
                        # The provider's page, out of the file of templates.
                        or (tag.startswith("<https://") and name.startswith(("form", "incident")))
                        or (tag.startswith("<https://pretend.slack.com/archives/") and name == "leak of one's own")
                        # A view rings no bell, and only whoever asked sees it.
                        or (tag.startswith("<@") and name.startswith(("incident", "record")))
                        or (tag == f"<@{DANA}>" and name.startswith("arrived in a conversation"))
                    ), (name, tag)


def test_slack_makes_no_links_of_its_own() -> None:
    """Every mrkdwn object is verbatim: an address in a name stays text."""
    for _, kind, body in shapes():
        if kind != "manifest":
            assert json.dumps(body).count('"type": "mrkdwn"') == json.dumps(body).count('"verbatim": true')


def test_hostile_words_stay_words() -> None:
    """A label and names full of markup mention nobody and link nowhere."""
    drop = labelled(HOSTILE, HOSTILE, recipient_name=HOSTILE)
    for about in abouts(drop):
        for message in (
            audit_messages.parent(drop, show_label=True),
            sender_messages.status([drop], about, drop),
            sender_news.news(drop, about, is_first=False),
            recipient_messages.tombstone(drop),
        ):
            if message is not None:
                for text in marked_up({"text": message.text, "blocks": message.blocks}):
                    assert "<!channel" not in text
                    assert "<https" not in text
                    assert "<@" not in text


def test_the_link_stands_in_the_button_alone() -> None:
    """Not in the notification's text, and in no other message."""
    drop = sealed()
    message = recipient_messages.arrived(Arrival(drop.id, "Maya", "key", drop.expires_at, URL))
    assert message.text == "Maya sent you a credential"
    assert json.dumps(message.blocks).count(URL) == 1
    for name, _, body in shapes():
        has_link = name.startswith(("arrived", "let in", "link shown", "links shown")) and "for a press" not in name
        assert (URL in json.dumps(body)) == has_link, name
        assert (PRESS_VALUE in json.dumps(body)) == (has_link or "for a press" in name), name


def test_a_receipt_stands_in_a_button_alone() -> None:
    """Where a drop has ended, for its sender; where its receipt is told, for the security team; nowhere else."""
    for name, _, body in shapes():
        text = json.dumps(body)
        assert text.count("/receipts/") == text.count(f'"url": "{RECEIPT_URL}"'), name
        if RECEIPT_URL in text:
            assert name.startswith(("status", "entry", "home", "dispute")), name
    for outcome in Outcome:
        drop = ended(outcome)
        assert RECEIPT_URL in json.dumps(_status(drop, {"event": Event.DESTROYED, "at": NOW_MS}))


@pytest.mark.parametrize("drop", every().values(), ids=every().keys())
def test_the_audit_channel_has_labels_only_where_asked(drop: Any) -> None:
    """Free text leaks; the template's name does not."""
    assert "Stripe" not in json.dumps(audit_messages.parent(drop, show_label=False).blocks)
    assert "anything" in json.dumps(audit_messages.parent(drop, show_label=False).blocks)
    assert "Stripe" in json.dumps(audit_messages.parent(drop, show_label=True).blocks)


@pytest.mark.parametrize("outcome", ENDS_IN_STEPS)
def test_destroyed_is_said_only_of_what_is_destroyed(outcome: Outcome) -> None:
    """While the key is not erased, sender and auditors read that it is being destroyed, and not that it was."""
    for drop, is_over in ((ending(outcome), False), (ended(outcome), True)):
        status = sender_messages.status([drop], {"event": Event.CREATED, "at": NOW_MS}, drop)
        parent = audit_messages.parent(drop, show_label=False)
        for said in (json.dumps(status.blocks), json.dumps(parent.blocks), sent_views.status_of(drop)):
            assert ("being destroyed" in said) != is_over
            assert ("estroyed" in said.replace("being destroyed", "")) == is_over
    assert "destroyed" not in json.dumps(recipient_messages.tombstone(ending(Outcome.UNDELIVERED)).blocks)


@pytest.mark.parametrize(("kind", "said"), [("guest", "guest"), ("external", "outside this company"), ("member", None)])
def test_the_sender_reads_who_is_not_of_the_house(kind: str, said: str | None) -> None:
    """The message repeats what the form asked about: guest, or from outside."""
    status = json.dumps(_status(sealed(recipient_class=kind), {"event": Event.DELIVERED}))
    assert (f"*Dana Okafor* \\u00b7 {said}" in status) == (said is not None)


def test_an_answer_that_asks_to_press_again_leaves_something_to_press() -> None:
    """Passphrase and button stay, however often it is pressed; a final answer takes both away."""
    person = Person("U0DANA", "T0TEAM", "Dana", "", Kind.MEMBER)
    shown = sent_views.view([Row(person, sent_views.sent(Way.DM, NOW_MS), "id", "1234 5678", is_revocable=True)], [])
    for _ in range(2):
        shown = sent_views.answered(shown, "id", Markup(button_wording.REVOKE_UNFINISHED))
        assert shown["blocks"][0]["text"]["text"] == (
            f"*Dana*\nPassphrase: `1234 5678`\n{button_wording.REVOKE_UNFINISHED}"
        )
        assert shown["blocks"][0]["accessory"]["action_id"] == "revoke"
    [block] = sent_views.answered(shown, "id", Markup(button_wording.REVOKED_NOW))["blocks"][:1]
    assert block["text"]["text"] == f"*Dana*\n{button_wording.REVOKED_NOW}"
    assert "accessory" not in block


def test_only_what_needs_somebody_has_a_siren() -> None:
    """A second reader with the right passphrase, a denial, a lost key and a foreign click: nothing else."""
    loud = set()
    for about in abouts(ended(Outcome.VIEWED)):
        if ":rotating_light:" in audit_messages.entry(about).text:
            loud.add((about["event"], about.get("passphrase", "")))
    assert loud == {
        (Event.SECOND_CONSUMER, "right"),
        (Event.NOT_ME, ""),
        (Event.RECIPIENT_REFUSED, ""),
    }


@pytest.mark.parametrize(
    ("event", "drop", "is_told"),
    [
        (Event.CREATED, sealed(), False),
        (Event.DELIVERED, sealed(), False),
        (Event.CLAIMED, sealed(state=State.CLAIMED, claimed_at=NOW_MS), False),
        (Event.UNLOCKED, sealed(), False),
        (Event.LOCKED, sealed(state=State.LOCKED), True),
        (Event.NOT_ME, sealed(), True),
        (Event.DESTROYED, ended(Outcome.VIEWED), True),
        (Event.DESTROYED, ended(Outcome.RELEASED), True),
        (Event.DESTROYED, ended(Outcome.EXPIRED), True),
        (Event.DESTROYED, ended(Outcome.LOST), True),
        (Event.DESTROYED, ended(Outcome.LOCKED_OUT), True),
        (Event.DESTROYED, ended(Outcome.REVOKED, ended_by="sender"), False),
        (Event.DESTROYED, ended(Outcome.REVOKED, ended_by="admin"), True),
        (Event.DESTROYED, ended(Outcome.UNDELIVERED), False),
        (Event.UNDELIVERED, ended(Outcome.UNDELIVERED), True),
    ],
)
def test_what_rings_the_senders_bell(event: Event, drop: Any, is_told: bool) -> None:
    """What they must notice, once; what they did by themselves, and what is only a step, is edited in."""
    about = {"event": event, "at": NOW_MS, "n": 4}
    assert (sender_news.news(drop, about, is_first=False) is not None) == is_told


@pytest.mark.parametrize(
    ("about", "drop", "said", "buttons"),
    [
        (
            {"event": Event.LOCKED},
            sealed(state=State.LOCKED, unlocks=2),
            "Fifteen wrong",
            {"lost_passphrase", "revoke"},
        ),
        (
            {"event": Event.ASKED, "what": Ask.TRIES},
            sealed(state=State.LOCKED, unlocks=2),
            "no more can be allowed",
            {"lost_passphrase", "revoke"},
        ),
        ({"event": Event.ASKED, "what": Ask.AGAIN}, ended(Outcome.VIEWED), "asks for a new one", {"again"}),
        ({"event": Event.NOT_ME}, sealed(), "if it went to the wrong person, revoke", {"lost_passphrase", "revoke"}),
        ({"event": Event.NOT_ME}, ended(Outcome.EXPIRED), "before you send anything", set()),
        ({"event": Event.NOT_ME}, ended(Outcome.VIEWED), "if it was opened, rotate it", {"rotated"}),
        (
            {"event": Event.NOT_ME, "by": "recipient", "paused": True},
            sealed(paused_at=NOW_MS),
            "let them open it",
            {"resume", "lost_passphrase", "revoke"},
        ),
        ({"event": Event.NOT_ME, "by": "recipient", "paused": True}, ended(Outcome.REVOKED), "gone since", set()),
        (
            {"event": Event.NOT_ME, "by": "recipient", "paused": True},
            ended(Outcome.VIEWED),
            "which was opened",
            {"rotated"},
        ),
    ],
)
def test_news_is_true_of_the_drop_as_it_stands(about: dict[str, Any], drop: Drop, said: str, buttons: set[str]) -> None:
    """Slack may have been away for hours; what is offered then can still be done."""
    message = sender_news.news(drop, {"at": NOW_MS, "n": 4, **about}, is_first=False)
    assert message is not None
    assert said in message.text
    offered = {e["action_id"] for b in message.blocks if b["type"] == "actions" for e in b["elements"]}
    assert offered == buttons


def test_a_lock_that_is_over_is_no_news() -> None:
    """The news of its end says all."""
    late = {"event": Event.LOCKED, "at": NOW_MS, "n": 4}
    assert sender_news.news(ended(Outcome.EXPIRED), late, is_first=False) is None


def test_the_recipient_reads_who_took_it_back() -> None:
    """An administrator is not the sender."""
    by_admin = recipient_messages.tombstone(ended(Outcome.REVOKED, ended_by="admin"))
    assert "An administrator took it back" in json.dumps(by_admin.blocks)
    by_sender = recipient_messages.tombstone(ended(Outcome.REVOKED, ended_by="sender"))
    assert "*Maya Castillo* took it back" in json.dumps(by_sender.blocks)


def test_a_locked_drop_can_be_unlocked_twice() -> None:
    """After that the button is gone and the words say why."""
    locked = sealed(state=State.LOCKED, unlocks=1)
    about = {"event": Event.LOCKED, "at": NOW_MS}
    assert "unlock" in json.dumps(_status(locked, about))
    for_good = _status(sealed(state=State.LOCKED, unlocks=2), about)
    assert '"unlock"' not in json.dumps(for_good)
    assert "Locked for good" in json.dumps(for_good)


def test_long_words_are_whole() -> None:
    """The longest label and name that the form and Slack allow are shown whole."""
    drop = labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME)
    assert LONG_LABEL in recipient_messages.tombstone(drop).blocks[0]["text"]["text"]
