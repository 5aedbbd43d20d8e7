"""
Everything that the bot ever shows in Slack, with ordinary words and with the longest that can occur.

An independent check reads these: the sandbox's rules and the bot come from the same hands.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from bot import (
    anchor_messages,
    audit_messages,
    audit_wording,
    incident_links,
    leak_messages,
    pack_messages,
    recipient_messages,
    record_messages,
    request_messages,
    sender_messages,
    sender_news,
    webhook_wording,
)
from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.original_message import Original
from bot.people import Kind, Person
from bot.receipt_buttons import receipt_button
from bot.recipient_messages import Arrival
from bot.request_messages import Request as Asked
from sandbox.fixtures import DANA, TEAM
from sendsecret.manifest import for_http, for_socket_mode
from store.drops import Drop
from store.evidence.owed import Owed
from store.evidence.request import CLASSES, Request
from store.guesses import PER_ROUND
from store.tokens import WhyEnded
from store.words import Ask, Event, MailFault, Outcome, PackFailure, RecordEnd, Scope, State, Watch, Way
from tests.bot import home_shapes, manifest, record_shapes
from tests.bot.drops import NOW_MS, every, labelled, sealed
from tests.bot.view_shapes import LONG_LABEL, LONG_NAME, LONGEST, ORDER_URL, ORDINARY, RECEIPT_URL, URL, views

PRESS_VALUE = URL.rpartition("/")[2]

BOUNCED = tuple(f"bounced_{status}" for status in ("5.1.1", "5.2.2", "4.4.7", "5.7.1", "5.1.8", "5.0.0"))
"""A letter that came back for each reason that has words of its own."""

Shape = tuple[str, Literal["view", "home", "message", "manifest"], dict[str, Any]]
PROVIDER_URL = "https://dashboard.stripe.com/apikeys"


def shapes() -> Iterator[Shape]:
    """A name, a kind and the JSON of each."""
    yield "manifest", "manifest", manifest.read(for_socket_mode())
    yield "manifest for HTTP", "manifest", manifest.read(for_http("https://drops.example.com"))
    for name, view in views():
        yield name, "view", view
    for name, view in home_shapes.logs():
        yield name, "view", view
    for name, view in home_shapes.homes():
        yield name, "home", view
    yield from _several()
    for name, drop in _drops():
        yield from _messages(name, drop)
    for name, message in _alone():
        yield name, "message", _json(message)


def _json(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _several() -> Iterator[Shape]:
    long = labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME, state=State.LOCKED, paused_at=NOW_MS)
    ten = [replace(long, recipient_id=f"U0PERSON{number}") for number in range(10)]
    about = {"event": Event.SECOND_CONSUMER.value, "stage": "door", "at": NOW_MS}
    three = [
        sealed(recipient_id="U1"),
        sealed(recipient_id="U2", recipient_name="Noor Haddad", recipient_class="member", unlocks=1),
        sealed(recipient_id="U3", recipient_name="Pia Moreau", recipient_class="external", paused_at=NOW_MS),
    ]
    yield "status of three", "message", _json(sender_messages.status(three, about, three[0]))
    yield "status of ten", "message", _json(sender_messages.status(ten, about, ten[0]))
    all_ways = [replace(drop, recipient_id=name) for name, drop in every().items()]
    for first in range(0, len(all_ways), 10):
        some = all_ways[first : first + 10]
        shown = sender_messages.status(some, about, ten[0], _receipts(some))
        yield f"status of all, from {first}", "message", _json(shown)


def _drops() -> Iterator[tuple[str, Drop]]:
    yield from every().items()
    yield "long", labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME)


def _messages(name: str, drop: Drop) -> Iterator[Shape]:
    for where, addressee in (("in a DM", None), ("in a conversation", DANA)):
        arrived = recipient_messages.arrived(
            Arrival(drop.id, drop.header.sender, drop.header.label, drop.expires_at, URL, addressee)
        )
        yield f"arrived {where}, {name}", "message", _json(arrived)
    for has_passphrase in (True, False):
        arrival = Arrival(drop.id, drop.header.sender, drop.header.label, drop.expires_at, "", None, PRESS_VALUE)
        pressing = recipient_messages.arrived(replace(arrival, has_passphrase=has_passphrase))
        yield f"arrived in a DM for a press, {has_passphrase}, {name}", "message", _json(pressing)
    bare = Arrival(drop.id, drop.header.sender, drop.header.label, drop.expires_at, URL, has_passphrase=False)
    yield f"arrived in a DM without a passphrase, {name}", "message", _json(recipient_messages.arrived(bare))
    yield f"tombstone, {name}", "message", _json(recipient_messages.tombstone(drop))
    taken = recipient_messages.taken_back(drop.header.sender, drop.header.label)
    yield f"tombstone taken back, {name}", "message", _json(taken)
    for show_label in (False, True):
        yield f"parent, {name}, {show_label}", "message", _json(audit_messages.parent(drop, show_label=show_label))
    for number, about in enumerate(abouts(drop)):
        button = receipt_button(drop.id, RECEIPT_URL) if about["event"] == Event.RECEIPT else None
        yield f"entry {number}, {name}", "message", _json(audit_messages.entry(about, button))
        status = sender_messages.status([drop], about, drop, _receipts([drop]))
        yield f"status {number}, {name}", "message", _json(status)
        for whom, news in (
            ("sender", sender_news.news(drop, about, is_first=False, rotate_url=PROVIDER_URL)),
            ("recipient", recipient_messages.news(drop, about)),
        ):
            if news is not None:
                yield f"news {number} for the {whom}, {name}", "message", _json(news)


def _receipts(drops: list[Drop]) -> dict[bytes, str]:
    return {drop.id: RECEIPT_URL for drop in drops if drop.receipt is not None}


def abouts(drop: Drop) -> list[dict[str, Any]]:
    """A notice for each event, with its facts, in every variant."""
    facts = {
        "at": NOW_MS,
        "n": 3,
        "by": "sender",
        "count": 2,
        "sends": 2,
        "guesses": PER_ROUND,
        "tries_left": 2,
        "who": "recipient",
        "outcome": drop.outcome or Outcome.VIEWED,
    }
    events = [{**facts, "event": event.value, "stage": "door", "what": Ask.AGAIN.value} for event in Event]
    asked = [{**facts, "event": Event.ASKED.value, "what": ask.value} for ask in Ask]
    second = [
        {**facts, "event": Event.SECOND_CONSUMER.value, "stage": "claim", "passphrase": passphrase}
        for passphrase in ("right", "wrong", "unknown")
    ]
    denied = [{**facts, "event": Event.NOT_ME.value, "by": "recipient", "paused": paused} for paused in (True, None)]
    delivered = [{**facts, "event": Event.DELIVERED.value, "way": way.value} for way in Way]
    unmailed = [
        {**facts, "event": Event.UNDELIVERED.value, "why": why}
        for why in (*MailFault, "smtp_rcpt_550", "smtp_data_451", *BOUNCED)
    ]
    late = [
        {**facts, "event": Event.UNVIEWED.value, "watch": watch.value} for watch in (Watch.UNVIEWED, Watch.HOUR_LEFT)
    ]
    rotated = {**facts, "event": Event.ROTATED.value, "by": "admin"}
    forgotten = {**facts, "event": Event.PERSON_FORGOTTEN.value, "who": "sender"}
    resumed = {**facts, "event": Event.UNLOCKED.value, "paused": False}
    return [*events, *asked, *second, *denied, *delivered, *unmailed, *late, rotated, forgotten, resumed]


def _anchors() -> Iterator[tuple[str, Message]]:
    vkey, kids = "drops.example.com/audit+530d903a+" + "A" * 44, ["k" * 43, "l" * 43]
    earlier = f"drops.example.com/audit\n1240\n{'A' * 43}=\n\n— drops.example.com/audit {'B' * 92}\n"
    later = earlier.replace("1240", "1369", 1)
    anchor = anchor_messages.anchor
    yield "anchor, the first", anchor(earlier, "", vkey, kids)
    yield "anchor, a later one", anchor(later, earlier, vkey, kids)
    yield "anchor, a day without entries", anchor(later, later, vkey, kids)


def owed(recipients: tuple[str, ...] = (), **changed: Any) -> Owed:
    """A pack of a quarter that was made for somebody, with forty drops in it."""
    request = Request(date(2026, 7, 1), date(2026, 9, 30), recipients)
    given = {"failure": None, "until": NOW_MS, "made_at": NOW_MS, "drops": 40, "faults": 0, "tries": 1, **changed}
    return Owed(pack_id=bytes(16), whom="U0SAM", asked_by="U0SAM", request=request, **given)


def _packs() -> Iterator[tuple[str, Message]]:
    issuer = "https://drops.example.com"
    yield "pack ready", pack_messages.ready(owed(), issuer)
    yield "pack ready, none", pack_messages.ready(owed(drops=0), issuer)
    yield "pack ready, one", pack_messages.ready(owed(("guest",), drops=1), issuer)
    yield "pack ready, faulty, longest", pack_messages.ready(owed(CLASSES, drops=10**6, faults=20), issuer)
    for failure in PackFailure:
        yield f"pack failed, {failure}", pack_messages.failed(owed(failure=failure), failure)
    yield "pack audited", pack_messages.audited(owed(), "Sam Lindqvist")
    yield "pack audited, longest", pack_messages.audited(owed(CLASSES), LONG_NAME)
    yield "list audited", incident_links.audited("Sam Lindqvist", "Dana Okafor")
    yield "list audited, longest", incident_links.audited(LONG_NAME, LONG_NAME)


def _requests() -> Iterator[tuple[str, Message]]:
    for cast, asker in ((ORDINARY, "Maya Castillo"), (LONGEST, LONG_NAME)):
        usual = Asked("A" * 22, ORDER_URL, asker, None, None, cast.label, NOW_MS)
        for person in cast.people[:3]:
            asked = replace(usual, person=person)
            yield f"request waiting, {person.kind}{cast.of}", request_messages.waiting(asked)
        yield f"request asks{cast.of}", request_messages.asks(usual)
        yield f"request over{cast.of}", request_messages.over(asker)
        yield f"request by link{cast.of}", request_messages.waiting(usual)
    mailed = Asked("A" * 22, ORDER_URL, "Maya Castillo", None, "dana@example.com", ORDINARY.label, NOW_MS)
    yield "request by mail", request_messages.waiting(mailed)
    longest = f"{'d' * 64}@{'e' * 186}.com"
    yield "request by mail, longest", request_messages.waiting(replace(mailed, address=longest))
    yield "request taken back", request_messages.taken_back()


def _tokens() -> Iterator[tuple[str, Message]]:
    about = {"token": "A" * 16, "at": NOW_MS, "until": NOW_MS // 1000, "who": "token"}
    for event, by in ((Event.TOKEN_CREATED, "sender"), (Event.TOKEN_REVOKED, "sender"), (Event.TOKEN_REVOKED, "admin")):
        for owner in ("Maya Castillo", LONG_NAME, None):
            yield f"token, {event} {by}, {owner}", audit_messages.token({**about, "event": event, "by": by}, owner)
    for by in ("sender", "admin"):
        made = {**about, "event": Event.TOKEN_CREATED, "by": by, "scopes": sorted(Scope)}
        yield f"token for all, {by}", audit_messages.token(made, LONG_NAME)
    for why in WhyEnded:
        ended = {**about, "event": Event.TOKEN_REVOKED, "by": "admin", "why": why}
        yield f"token, ended: {why}", audit_messages.token(ended, "Maya Castillo")
    yield "token, forgotten", audit_messages.token({**about, "event": Event.PERSON_FORGOTTEN, "by": "admin"}, None)


def _records() -> Iterator[tuple[str, Message]]:
    about = {"record": "A" * 22, "at": NOW_MS, "expires_at": NOW_MS // 1000, "count": 1_000_000, "most_reads": None}
    about |= {"tries_left": 4, "guesses": 15}
    for event in (one for one in Event if one.startswith("record.")):
        for label in (None, "Stripe restricted key", LONG_LABEL):
            said = {**about, "event": event, "why": RecordEnd.TIME}
            yield f"record, {event}, {label}", record_messages.line(said, label)
            yield f"record with a page, {event}, {label}", record_messages.line({**said, "door": "page"}, label)
    bounded = {**about, "event": Event.RECORD_CREATED, "most_reads": 3}
    yield "record, so many reads", record_messages.line(bounded)
    for event in (Event.RECORD_CREATED, Event.RECORD_ROTATED):
        for kept in (False, True):
            said = {**bounded, "event": event, "escrow": True, "kept": kept}
            yield f"record in escrow, {event}, {kept}", record_messages.line(said, LONG_LABEL)
    yield "record with a page, so many reads", record_messages.line({**bounded, "door": "page"})
    for why in RecordEnd:
        yield f"record, over: {why}", record_messages.line({**about, "event": Event.RECORD_EXPIRED, "why": why})
    for event in (Event.RECORD_CREATED, Event.RECORD_ROTATED, Event.RECORD_REVOKED, Event.RECORD_RENEWED):
        for name in ("Maya Castillo", LONG_NAME, None):
            said = {**about, "event": event, "by": "sender"}
            yield f"record, {event} by {name}", record_messages.line(said, owner=name, recipient=name)
    yield from record_shapes.messages(LONG_LABEL)


def _leaks() -> Iterator[tuple[str, Message]]:
    maya = Person("U0MAYA0001", TEAM, "Maya Castillo", "", Kind.MEMBER)
    url = "https://pretend.slack.com/archives/C0GENERAL1/p1764000000000100"
    for of, sender in (("", maya), (", longest", replace(maya, name=LONG_NAME))):
        for channel in ("C0GENERAL1", "D0MAYADANA", ""):
            original = Original(DANA, channel, f"{NOW_MS // 1000}.000100")
            yield f"leak in {channel}{of}", leak_messages.please_delete(original, sender.id, sender.name)
    own = Original(maya.id, "C0GENERAL1", "1.1")
    yield "leak of one's own", leak_messages.please_delete(own, maya.id, maya.name, url)
    yield "leak, not asked", leak_messages.not_asked()


def _alone() -> Iterator[tuple[str, Message]]:
    yield from _anchors()
    yield from _packs()
    yield from _requests()
    yield from _tokens()
    yield from _records()
    yield from _leaks()
    channel = Markup("<#C0AUDIT>")
    webhook = {"endpoint": "siem", "since": moment(NOW_MS), "why": Markup(webhook_wording.why("answered_503"))}
    for name, told in (
        ("audit away", fill(audit_wording.AUDIT_AWAY, channel=channel, code="is_archived")),
        ("keys absent", fill(audit_wording.KEYS_ABSENT, count=3)),
        ("keyring away", fill(audit_wording.KEYRING_AWAY)),
        ("keyring emptied", fill(audit_wording.KEYRING_EMPTIED)),
        ("keyring untidy", fill(audit_wording.KEYRING_UNTIDY)),
        ("masters absent", fill(audit_wording.MASTERS_ABSENT, numbers="2, 3")),
        ("clock wrong", fill(audit_wording.CLOCK_WRONG, seconds=301)),
        ("webhook failing", fill(webhook_wording.TELL_FAILING, count="1,234", **webhook)),
        ("webhook given up", fill(webhook_wording.TELL_GIVEN_UP, count="12", **webhook)),
        ("webhook over", fill(webhook_wording.TELL_OVER, endpoint="siem")),
        ("webhook forgotten", fill(webhook_wording.TELL_FORGOTTEN, endpoint="siem")),
    ):
        yield name, Message(text=told, blocks=[section(told)])
