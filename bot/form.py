"""
The form in which a secret is entered.

Pure.  No element tells us of a change and no button stands beside the secret: Slack would send every field along
with each click.  Nothing is kept in `private_metadata`.  Block ids are action ids.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot import durations
from bot import form_wording as wording
from bot import mail_form_wording as mail_wording
from bot.block_kit import Json, context, entry, plain, section
from bot.grammar import MOST_CHARACTERS, MOST_RECIPIENTS
from bot.mrkdwn import Markup, fill
from bot.people import Kind, Person
from store.words import Way

CALLBACK: Final = "send_drop"
RECIPIENTS: Final = "recipients"
ADDRESSES: Final = "addresses"
LABEL: Final = "label"
SECRET: Final = "secret"
PASSPHRASE: Final = "passphrase"
HINT: Final = "hint"
EXPIRES: Final = "expires"
DELIVERY: Final = "delivery"
CONVERSATION: Final = "conversation"
ANYWAY: Final = "anyway"

_TRAVELLED: Final = "travelled"
_REWRITTEN: Final = "rewritten"
_NOTES: Final = {_TRAVELLED: wording.TRAVELLED, _REWRITTEN: wording.REWRITTEN}

MOST_IN_LABEL: Final = 80
MOST_IN_HINT: Final = 150
MOST_IN_PASSPHRASE: Final = 256
MOST_IN_ADDRESSES: Final = 3000


@dataclass(frozen=True)
class Expiries:
    """The spans to choose from, in seconds, and the one that is chosen at first."""

    offered: Sequence[int]
    default: int


@dataclass(frozen=True)
class Opening:
    """
    How the form is opened: whom it is for, what is known already, and what to say about a secret on the line.

    `here`: the form for a link that is posted into a conversation, for one person.  `addresses`: the form for e-mail
    addresses in place of people, also where there are none; without `can_mail` the links are shown to the sender.
    """

    recipients: Sequence[str] = ()
    label: str = ""
    secret: str = field(default="", repr=False)
    was_rewritten: bool = False
    hint: str = ""
    lives_seconds: int | None = None
    way: Way = Way.DM
    here: bool = False
    addresses: Sequence[str] | None = None
    can_mail: bool = False


def view(expiries: Expiries, opening: Opening) -> Json:
    """The form as `views.open` takes it."""
    return _view(_blocks(expiries, opening))


def notes_in(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the notes on the command line in a form that Slack says is shown, for `view_with_warning`."""
    return tuple(block["block_id"] for block in shown.get("blocks", []) if block.get("block_id") in _NOTES)


def view_with_warning(
    expiries: Expiries,
    people: Sequence[Person],
    notes: Sequence[str] = (),
    *,
    here: bool = False,
    for_addresses: bool = False,
    can_mail: bool = False,
) -> Json:
    """
    The same form again, with the same notes, asking whether these guests and outside people are meant.

    Slack keeps what was entered where ids are the same, so that the secret does not travel back.
    """
    warned = anyway_id(people)
    # Not their ids: a value takes 150 characters, and ten addresses may be longer.
    tick = {"text": plain(wording.SEND_ANYWAY), "value": warned}
    element = {"type": "checkboxes", "options": [tick]}
    return _view(
        [
            *(_note(note) for note in notes),
            *_blocks(expiries, Opening(here=here, addresses=() if for_addresses else None, can_mail=can_mail)),
            *(section(_warning(person)) for person in people),
            entry(warned, wording.SEND_ANYWAY_LABEL, element, optional=True),
        ]
    )


def anyway_id(people: Sequence[Person]) -> str:
    """The id of the checkbox for just these people: ticked for some, it says nothing about others."""
    named = ",".join(sorted(person.id for person in people))
    return f"{ANYWAY}-{hashlib.sha256(named.encode()).hexdigest()[:8]}"


def _warning(person: Person) -> Markup:
    who = f"{person.name} ({person.title})" if person.title else person.name
    if person.kind is Kind.EMAIL:
        return fill(mail_wording.IS_IT_RIGHT, who=who)
    return fill(wording.GUEST if person.kind is Kind.GUEST else wording.OUTSIDER, who=who)


def _view(blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.FORM_TITLE),
        "submit": plain(wording.SEND),
        "close": plain(wording.CANCEL),
        "blocks": blocks,
    }


def _blocks(expiries: Expiries, opening: Opening) -> list[Json]:
    blocks = [
        _recipients(opening),
        entry(
            LABEL,
            wording.LABEL,
            {**_text(MOST_IN_LABEL, least=1, known=opening.label), "placeholder": plain(wording.LABEL_EXAMPLE)},
            hint=wording.LABEL_HINT,
        ),
        entry(SECRET, wording.SECRET, _secret(opening)),
        entry(
            PASSPHRASE,
            wording.PASSPHRASE,
            _text(MOST_IN_PASSPHRASE),
            hint=wording.PASSPHRASE_HINT,
            optional=True,
        ),
        entry(
            HINT,
            wording.HINT,
            {**_text(MOST_IN_HINT, known=opening.hint), "placeholder": plain(wording.HINT_EXAMPLE)},
            hint=wording.HINT_HINT,
            optional=True,
        ),
        entry(EXPIRES, wording.EXPIRES, _expires(expiries, opening.lives_seconds)),
        _way(opening),
        context(Markup(_promise(opening))),
    ]
    if opening.addresses is not None and not opening.can_mail:
        blocks.insert(0, context(Markup(mail_wording.NOT_SET_UP)))
    if opening.was_rewritten:
        blocks.insert(0, _note(_REWRITTEN))
    elif opening.secret:
        blocks.insert(0, _note(_TRAVELLED))
    return blocks


def _note(block_id: str) -> Json:
    return {**context(Markup(_NOTES[block_id])), "block_id": block_id}


def _text(most: int, *, least: int = 0, known: str = "") -> Json:
    element: Json = {"type": "plain_text_input", "min_length": least, "max_length": most}
    return {**element, "initial_value": known} if known else element


def _promise(opening: Opening) -> str:
    if opening.addresses is not None:
        return mail_wording.PROMISE
    return wording.PROMISE_HERE if opening.here else wording.PROMISE


def _recipients(opening: Opening) -> Json:
    if opening.addresses is not None:
        lines = {**_text(MOST_IN_ADDRESSES, least=1, known="\n".join(opening.addresses)), "multiline": True}
        lines["placeholder"] = plain(mail_wording.ADDRESSES_EXAMPLE)
        return entry(ADDRESSES, wording.RECIPIENTS, lines, hint=mail_wording.ADDRESSES_HINT)
    most = 1 if opening.here else MOST_RECIPIENTS
    element: Json = {"type": "multi_users_select", "max_selected_items": most}
    if opening.recipients:
        element["initial_users"] = list(opening.recipients)
    hint = wording.RECIPIENT_HERE if opening.here else wording.RECIPIENTS_HINT
    return entry(RECIPIENTS, wording.RECIPIENTS, element, hint=hint)


def _secret(opening: Opening) -> Json:
    return {**_text(MOST_CHARACTERS, least=1, known=opening.secret), "multiline": True}


def _way(opening: Opening) -> Json:
    if opening.here:
        # Only by this the bot may post where it is no member.  A shared channel has readers of another company.
        where = {
            "type": "conversations_select",
            "default_to_current_conversation": True,
            "response_url_enabled": True,
            "filter": {
                "include": ["im", "mpim", "private", "public"],
                "exclude_external_shared_channels": True,
                "exclude_bot_users": True,
            },
        }
        return entry(CONVERSATION, wording.CONVERSATION, where, hint=wording.CONVERSATION_HINT)
    options = [{"text": plain(text), "value": way.value} for way, text in _ways(opening).items()]
    chosen = next((option for option in options if option["value"] == opening.way), options[0])
    element = {"type": "static_select", "options": options, "initial_option": chosen}
    return entry(DELIVERY, wording.DELIVERY, element)


def _ways(opening: Opening) -> Mapping[Way, str]:
    if opening.addresses is None:
        return wording.WAYS
    return {way: text for way, text in mail_wording.WAYS.items() if way is not Way.MAIL or opening.can_mail}


def _expires(expiries: Expiries, known: int | None) -> Json:
    chosen = known if known in expiries.offered else expiries.default
    options = [{"text": plain(durations.spoken(span)), "value": str(span)} for span in expiries.offered]
    default = next(option for option in options if option["value"] == str(chosen))
    return {"type": "static_select", "options": options, "initial_option": default}
