"""
Everything that the bot ever shows in Slack, with ordinary words and with the longest that can occur.

An independent check reads these: the sandbox's rules and the bot come from the same hands.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from bot import (
    audit_messages,
    audit_wording,
    button_wording,
    durations,
    form,
    recipient_messages,
    sender_messages,
    sender_news,
    sent_views,
    sent_wording,
    undelivered_wording,
)
from bot.block_kit import section
from bot.form import Expiries, Opening
from bot.message import Message
from bot.mrkdwn import Markup, fill
from bot.passphrases import make, typed
from bot.people import Kind, Person
from bot.recipient_messages import Arrival
from bot.secret_facts import facts
from bot.sent_views import Row
from sendsecret.manifest import for_http, for_socket_mode
from store.drops import Drop
from store.formats import base64url
from store.guesses import PER_ROUND
from store.words import Ask, Event, Outcome, State, Way
from tests.bot import manifest
from tests.bot.drops import NOW_MS, every, labelled

Shape = tuple[str, Literal["view", "message", "manifest"], dict[str, Any]]

EXPIRIES = Expiries(durations.offered(86400, 14 * 86400), 86400)
LONG_LABEL = "&<W>" * (form.MOST_IN_LABEL // 4)
LONG_NAME = "&<N>" * 20
URL = "https://drops.example.com/s/" + "A" * 22 + "#1p." + "A" * 43 + ".AAAA"


def shapes() -> Iterator[Shape]:
    """A name, a kind and the JSON of each."""
    yield "manifest", "manifest", manifest.read(for_socket_mode())
    yield "manifest for HTTP", "manifest", manifest.read(for_http("https://drops.example.com"))
    yield from _forms()
    yield from _sent()
    yield from _several()
    for name, drop in _drops():
        yield from _messages(name, drop)
    for name, message in _alone():
        yield name, "message", _json(message)


def _json(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _people() -> list[Person]:
    kinds = (Kind.MEMBER, Kind.GUEST, Kind.EXTERNAL, *([Kind.GUEST] * 7))
    return [Person(f"U0PERSON{n}", "T0TEAM", LONG_NAME, LONG_NAME, kind) for n, kind in enumerate(kinds)]


def _forms() -> Iterator[Shape]:
    people = tuple(person.id for person in _people())
    yield "form", "view", form.view(EXPIRIES, Opening())
    yield "form for ten", "view", form.view(EXPIRIES, Opening(people))
    yield "form with the secret", "view", form.view(EXPIRIES, Opening(people[:1], secret="s" * 3000))
    yield "form after rewriting", "view", form.view(EXPIRIES, Opening(people[:1], was_rewritten=True))
    yield "form with warnings", "view", form.view_with_warning(EXPIRIES, _people()[1:])
    yield "form for a conversation", "view", form.view(EXPIRIES, Opening(people[:1], secret="s" * 3000, here=True))
    yield "form for a conversation with a warning", "view", form.view_with_warning(EXPIRIES, _people()[1:2], here=True)
    known = Opening(people[:1], label=LONG_LABEL, hint="h" * form.MOST_IN_HINT, way=Way.SHOWN)
    yield "form again", "view", form.view(EXPIRIES, known)


def _sent() -> Iterator[Shape]:
    drop = base64url.encode(bytes(16))
    ids = [base64url.encode(bytes([number] * 16)) for number in range(10)]
    sending = [Row(p, Markup(sent_wording.SENDING), i, make().text) for p, i in zip(_people(), ids, strict=True)]
    arrived = [_arrived(person, i) for person, i in zip(_people(), ids, strict=True)]
    yield "sending to ten", "view", sent_views.view(sending, sent_views.notes_on(None, 10))
    sent = sent_views.view(arrived, sent_views.notes_on(None, 10), facts(" key\n"))
    yield "sent to ten", "view", sent
    shown = [replace(row, status=sent_views.sent(Way.SHOWN, NOW_MS), link=URL) for row in arrived]
    yield "links shown to the sender", "view", sent_views.view(shown, sent_views.notes_on(None, 10), facts("key"))
    yield "revoked", "view", sent_views.answered(sent, ids[0], Markup(button_wording.REVOKED_NOW))
    for words in ("1234", "correct horse", "Tr0ub4dor&3"):
        row = Row(_people()[0], sent_views.sent(Way.HERE, NOW_MS), drop, is_revocable=True)
        yield f"sent with {words}", "view", sent_views.view([row], sent_views.notes_on(typed(words), 1))
    refusals = [sentence for sentence in vars(undelivered_wording).values() if isinstance(sentence, str)]
    known = [sentence for sentence in refusals if sentence.startswith("Not sent")]
    for number, sentence in enumerate((*undelivered_wording.BY_CODE.values(), *known, sent_wording.NOT_STORED)):
        row = Row(_people()[1], fill(sentence, name=LONG_NAME, code="a_code"))
        yield f"not sent {number}", "view", sent_views.view([row], [Markup(sent_wording.ALREADY_SENT)])
    for name, earlier in every().items():
        row = Row(_people()[0], sent_views.status_of(earlier), drop, is_revocable=True)
        yield f"sent before, {name}", "view", sent_views.view([row], [])


def _several() -> Iterator[Shape]:
    long = labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME, state=State.LOCKED, paused_at=NOW_MS)
    ten = [replace(long, recipient_id=f"U0PERSON{number}") for number in range(10)]
    about = {"event": Event.SECOND_CONSUMER.value, "stage": "door", "at": NOW_MS}
    yield "status of ten", "message", _json(sender_messages.status(ten, about, ten[0]))
    all_ways = [replace(drop, recipient_id=name) for name, drop in list(every().items())]
    yield "status of all", "message", _json(sender_messages.status(all_ways, about, ten[0]))


def _arrived(person: Person, drop: str) -> Row:
    return Row(person, sent_views.sent(Way.DM, NOW_MS), drop, make().text, is_revocable=True)


def _drops() -> Iterator[tuple[str, Drop]]:
    yield from every().items()
    yield "long", labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME)


def _messages(name: str, drop: Drop) -> Iterator[Shape]:
    for where, addressee in (("in a DM", None), ("in a conversation", "U0DANA")):
        arrived = recipient_messages.arrived(
            Arrival(drop.id, drop.header.sender, drop.header.label, drop.expires_at, URL, addressee)
        )
        yield f"arrived {where}, {name}", "message", _json(arrived)
    yield f"tombstone, {name}", "message", _json(recipient_messages.tombstone(drop))
    for show_label in (False, True):
        yield f"parent, {name}, {show_label}", "message", _json(audit_messages.parent(drop, show_label=show_label))
    for number, about in enumerate(abouts(drop)):
        yield f"entry {number}, {name}", "message", _json(audit_messages.entry(about))
        yield f"status {number}, {name}", "message", _json(sender_messages.status([drop], about, drop))
        for whom, news in (
            ("sender", sender_news.news(drop, about, is_first=False)),
            ("recipient", recipient_messages.news(drop, about)),
        ):
            if news is not None:
                yield f"news {number} for the {whom}, {name}", "message", _json(news)


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
    resumed = {**facts, "event": Event.UNLOCKED.value, "paused": False}
    return [*events, *asked, *second, *denied, *delivered, resumed]


def _alone() -> Iterator[tuple[str, Message]]:
    channel = Markup("<#C0AUDIT>")
    for name, told in (
        ("audit away", fill(audit_wording.AUDIT_AWAY, channel=channel, code="is_archived")),
        ("keys absent", fill(audit_wording.KEYS_ABSENT, count=3)),
        ("clock wrong", fill(audit_wording.CLOCK_WRONG, seconds=301)),
    ):
        yield name, Message(text=told, blocks=[section(told)])
