"""
What the audit channel shows: one parent message a drop, kept up to date, and its events in the thread; and a line for
each token made or ended.

Pure.  Names, never mentions: nobody's phone rings for somebody else's drop.  The template's name, and the label only
where the operator asked for it.  Never a drop's link, never an address that somebody came from.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot import audit_wording, mail_bounced_wording, mail_undelivered_wording
from bot.block_kit import Json, context, section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from store.drops import Drop
from store.formats import base64url
from store.words import Actor, Ask, Delivery, Event, Outcome, Scope, State, Watch, Way

CHANGES_PARENT: Final = frozenset(
    {
        Event.DELIVERED,
        Event.UNDELIVERED,
        Event.DOOR_OPENED,
        Event.LOCKED,
        Event.UNLOCKED,
        Event.NOT_ME,
        Event.CLAIMED,
        Event.REVOKED,
        Event.EXPIRED,
        Event.DESTROYED,
    }
)
"""The events after which the parent reads differently."""

_SHORT: Final = 6


def parent(drop: Drop, *, show_label: bool) -> Message:
    """The message for a whole drop, as it stands."""
    about = {"short": Markup(short(drop.id)), "sender": drop.header.sender, "recipient": drop.recipient_name}
    kind = audit_wording.KINDS.get(drop.recipient_class, drop.recipient_class)
    made = fill(
        audit_wording.TEMPLATE_LABEL if show_label else audit_wording.TEMPLATE,
        template=drop.template,
        label=drop.header.label,
        sealed=audit_wording.SEALED[drop.sealed_by],
        at=moment(drop.created_at),
        until=moment(drop.expires_at),
    )
    return Message(
        text=fill(audit_wording.PARENT_TEXT, **about),
        blocks=[
            section(Markup(f"{fill(audit_wording.PARENT, kind=kind, **about)}\n{standing(drop)}")),
            context(made),
        ],
    )


def entry(
    about: Mapping[str, Any], button: Json | None = None, *, has_passphrase: bool = True, is_link_kept: bool = False
) -> Message:
    """One event, for the thread.  `about` is the notice: event, at, and the event's facts; `button` goes with it."""
    told = line(about, has_passphrase=has_passphrase, is_link_kept=is_link_kept)
    return Message(text=told, blocks=[section(told, accessory=button)])


def line(about: Mapping[str, Any], *, has_passphrase: bool = True, is_link_kept: bool = False) -> Markup:
    """The same as a line of its own, with its time; `has_passphrase` and `is_link_kept` are the drop's."""
    what = _what(about) if has_passphrase else _what_bare(about)
    if is_link_kept and about["event"] == Event.DELIVERED:
        what = Markup(audit_wording.DELIVERED_KEPT)
    return fill(audit_wording.ENTRY, at=moment(int(about["at"])), what=what)


def token(about: Mapping[str, Any], owner: str | None) -> Message:
    """One event of a token, in a message of its own; `owner` is None where nobody knows any more whose it was."""
    match about["event"]:
        case Event.TOKEN_CREATED:
            by, is_usual = str(about.get("by", Actor.SENDER)), about.get("scopes", [Scope.SEND]) == [Scope.SEND]
            is_usual &= by == Actor.SENDER
            sentence = audit_wording.TOKEN_MADE if is_usual else audit_wording.TOKEN_MADE_FOR[by]
        case Event.TOKEN_REVOKED:
            sentence = audit_wording.TOKEN_ENDED[str(about.get("why", about["by"]))]
        case _:
            sentence = audit_wording.TOKEN_FORGOTTEN
    name = Markup(str(about["token"]))
    until = moment(int(about.get("until", 0)) * 1000)
    scopes = Markup(", ".join(f"`{Scope(one)}`" for one in about.get("scopes", [Scope.SEND])))
    what = fill(sentence, token=name, owner=owner or audit_wording.NO_OWNER, until=until, scopes=scopes)
    told = fill(audit_wording.ENTRY, at=moment(int(about["at"])), what=what)
    return Message(text=told, blocks=[section(told)])


def short(drop_id: bytes) -> str:
    """The first characters of a drop's id, or a token's: enough to tell drops apart, and it opens nothing."""
    return base64url.encode(drop_id)[:_SHORT]


def _what_bare(about: Mapping[str, Any]) -> Markup:
    """The same of a drop without a passphrase: nobody has tried one, or had the right one."""
    if about["event"] == Event.CLAIMED:
        return Markup(audit_wording.CLAIMED_BARE)
    if about["event"] == Event.SECOND_CONSUMER and about.get("passphrase") == "right":
        return fill(audit_wording.SECOND_BARE, count=about["count"])
    return _what(about)


def _what(about: Mapping[str, Any]) -> Markup:
    facts = {name: value for name, value in about.items() if name not in ("event", "at", "n")}
    match about["event"]:
        case Event.REVOKED:
            sentence = audit_wording.REVOKED.get(str(about.get("by")), audit_wording.REVOKED["admin"])
        case Event.DESTROYED:
            sentence = audit_wording.DESTROYED[Outcome(about["outcome"])]
        case Event.DELIVERED:
            sentence = audit_wording.DELIVERED[Way(about.get("way", Way.DM))]
        case Event.NOT_ME if about.get("by") == Actor.RECIPIENT:
            sentence = audit_wording.PAUSED_BY_RECIPIENT if about.get("paused") else audit_wording.DENIED
        case Event.UNLOCKED if about.get("paused") is False:
            sentence = audit_wording.RESUMED
        case Event.UNDELIVERED if about.get("why"):
            why = str(about["why"])
            by_mail = mail_undelivered_wording.audited(why) or mail_bounced_wording.audited(why)
            sentence = audit_wording.LINK_FAULTS.get(why, by_mail or audit_wording.UNDELIVERED_BECAUSE)
        case Event.UNVIEWED if about.get("watch") == Watch.HOUR_LEFT:
            sentence = audit_wording.HOUR_LEFT
        case Event.ROTATED:
            sentence = audit_wording.ROTATED.get(str(about.get("by")), audit_wording.ROTATED["admin"])
        case Event.PERSON_FORGOTTEN:
            sentence = audit_wording.FORGOTTEN[str(about["who"])]
        case Event.ASKED:
            sentence = audit_wording.ASKED[Ask(about["what"])]
        case Event.SECOND_CONSUMER if about.get("stage") == "door":
            sentence = audit_wording.SECOND_AT_DOOR
        case Event.SECOND_CONSUMER:
            is_right = about.get("passphrase") == "right"
            sentence = audit_wording.SECOND_RIGHT if is_right else audit_wording.SECOND_WRONG
        case known if known in audit_wording.EVENTS:
            sentence = audit_wording.EVENTS[Event(known)]
        case unknown:
            return fill(audit_wording.OTHER, event=unknown)
    return fill(sentence, **facts)


def standing(drop: Drop) -> Markup:
    """How a drop stands, in a few words."""
    if drop.outcome is not None:
        at = moment(drop.claimed_at or drop.ended_at or drop.expires_at)
        # The outcome stands from the moment nobody can claim; "destroyed" is true only after the key is gone.
        is_over = drop.state is State.DESTROYED
        return fill((audit_wording.ENDED if is_over else audit_wording.ENDING)[drop.outcome], at=at)
    if drop.state is State.CLAIMED:
        return fill(audit_wording.CLAIMED, at=moment(drop.claimed_at or 0))
    if drop.paused_at is not None:
        return fill(audit_wording.PAUSED, at=moment(drop.paused_at))
    if drop.state is State.LOCKED:
        return fill(audit_wording.LOCKED, guesses=drop.guesses)
    if drop.delivery is Delivery.PENDING:
        return Markup(audit_wording.PENDING)
    if drop.door_opened_at is not None:
        return fill(audit_wording.LOOKED_AT, at=moment(drop.door_opened_at))
    return Markup(audit_wording.WAITING_KEPT if drop.is_link_kept else audit_wording.WAITING[drop.way])
