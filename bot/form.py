"""
The form in which a secret is entered.

Pure.  No element tells us of a change and no button stands beside the secret: Slack would send every field along
with each click.  Nothing is kept in `private_metadata`.  Block ids are action ids.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot import durations, form_notes
from bot import form_wording as wording
from bot import mail_form_wording as mail_wording
from bot.block_kit import Json, context, entry, plain, section
from bot.form_notes import Note
from bot.form_ways import OUTSIDE, ways
from bot.grammar import MOST_CHARACTERS, MOST_RECIPIENTS
from bot.mrkdwn import Markup, fill
from bot.person import Kind, Person
from bot.policy import NONE, OnTheLine, Policy
from bot.template import ANYTHING, AS_USUAL, Scheme, Template
from bot.template_fields import engagement, passphrase_field
from store.words import Verify, Way

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

MOST_IN_LABEL: Final = 80
MOST_IN_HINT: Final = 150
MOST_IN_PASSPHRASE: Final = 256
MOST_IN_ADDRESSES: Final = 3000


@dataclass(frozen=True)
class Expiries:
    """The spans to choose from, in seconds, and the one that is chosen at first."""

    offered: Sequence[int]
    default: int

    def of(self, template: Template) -> "Expiries":
        """The same with what a template says, which is chosen then; a policy has been asked when that was read."""
        if template.expires is None:
            return self
        return Expiries(sorted({*self.offered, template.expires}), template.expires)


@dataclass(frozen=True)
class Opening:
    """
    How the form is opened: whom it is for, what is known already, and what to say about a secret on the line.

    `here`: the form for a link that is posted into a conversation, for one person.  `is_outside`: at first it is the
    page outside Slack that is chosen; where the policy has secrets typed there only, there is no field for one.
    `addresses`: the form for e-mail addresses in place of people, also where there are none; without `can_mail` the
    links are shown to the sender.  `template` says what is filled in, and what is asked.  `original` is not empty where
    the secret stood in a message: whose and where, as its note is to carry it.
    """

    recipients: Sequence[str] = ()
    label: str = ""
    secret: str = field(default="", repr=False)
    was_rewritten: bool = False
    was_too_long: bool = False
    was_not_taken: bool = False
    hint: str = ""
    lives_seconds: int | None = None
    way: Way = Way.DM
    here: bool = False
    is_outside: bool = False
    policy: Policy = NONE
    addresses: Sequence[str] | None = None
    can_mail: bool = False
    template: Template = AS_USUAL
    original: str = ""


def view(expiries: Expiries, opening: Opening) -> Json:
    """The form as `views.open` takes it."""
    return _view(_blocks(expiries, opening), opening.template)


def has_page(opening: Opening) -> bool:
    """Whether it may be typed outside Slack: nothing from there goes into a conversation."""
    return not opening.here and OUTSIDE in _ways(opening)


def view_with_warning(
    expiries: Expiries,
    people: Sequence[Person],
    notes: Sequence[str] = (),
    *,
    doubts: Sequence[Markup] = (),
    template: Template = AS_USUAL,
    here: bool = False,
    policy: Policy = NONE,
    for_addresses: bool = False,
    can_mail: bool = False,
) -> Json:
    """
    The same form again, with the same notes, asking whether these guests and outside people are meant, and a secret
    about which there are these doubts.

    Slack keeps what was entered where ids are the same, so that the secret does not travel back.
    """
    bare = Opening(
        here=here,
        policy=policy,
        addresses=() if for_addresses else None,
        can_mail=can_mail,
        template=template,
    )
    warned = anyway_id(people, doubts)
    # Not their ids: a value takes 150 characters, and ten addresses may be longer.
    tick = {"text": plain(wording.SEND_ANYWAY), "value": warned}
    element = {"type": "checkboxes", "options": [tick]}
    return _view(
        [
            *(form_notes.block(note) for note in notes),
            *_blocks(expiries, bare),
            *(section(warning(person)) for person in people),
            *(section(doubt) for doubt in doubts),
            entry(warned, wording.SEND_ANYWAY_LABEL, element, optional=True),
        ],
        template,
    )


def anyway_id(people: Sequence[Person], doubts: Sequence[str] = ()) -> str:
    """The id of the checkbox for just these people and doubts: ticked for some, it says nothing about others."""
    named = ",".join([*sorted(person.id for person in people), *doubts])
    return f"{ANYWAY}-{hashlib.sha256(named.encode()).hexdigest()[:8]}"


def warning(person: Person) -> Markup:
    """The question whether it is this guest, or this person from outside, who is meant."""
    who = f"{person.name} ({person.title})" if person.title else person.name
    if person.kind is Kind.EMAIL:
        return fill(mail_wording.IS_IT_RIGHT, who=who)
    return fill(wording.GUEST if person.kind is Kind.GUEST else wording.OUTSIDER, who=who)


def _view(blocks: list[Json], template: Template) -> Json:
    # The name alone: what the template says is looked up again when the form comes back.
    remembered = {} if template.name == ANYTHING else {"private_metadata": template.name}
    return {
        **remembered,
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
            {
                **_text(MOST_IN_LABEL, least=1, known=opening.label or opening.template.label),
                "placeholder": plain(wording.LABEL_EXAMPLE),
            },
            hint=wording.LABEL_HINT,
        ),
        *([] if opening.policy.outside_only else _secrets(opening)),
        *_hint(opening),
        entry(EXPIRES, wording.EXPIRES, _expires(expiries.of(opening.template), opening.lives_seconds)),
        *engagement(opening.template),
        _way(opening),
        context(Markup(_promise(opening))),
        *form_notes.for_code(is_offered=opening.addresses is None and not opening.here, policy=opening.policy),
        *_press_first(opening),
    ]
    if opening.addresses is not None and not opening.can_mail:
        blocks.insert(0, context(Markup(mail_wording.NOT_SET_UP)))
    note = _note_for(opening)
    return blocks if note is None else [form_notes.block(form_notes.id_of(note, opening.original)), *blocks]


def _hint(opening: Opening) -> list[Json]:
    if opening.template.passphrase is Scheme.NONE and not opening.policy.outside_only:
        return []
    # Where all is typed outside Slack it is not the template's passphrase that is hinted at.
    usual = "" if opening.policy.outside_only else opening.template.hint
    text = _text(MOST_IN_HINT, known=opening.hint or usual)
    text["placeholder"] = plain(wording.HINT_EXAMPLE)
    return [entry(HINT, wording.HINT, text, hint=wording.HINT_HINT, optional=True)]


def _note_for(opening: Opening) -> Note | None:
    is_leak = bool(opening.original)
    if opening.was_not_taken and opening.policy.outside_only:
        return Note.LEAKED_OUTSIDE if is_leak else Note.NOT_TAKEN
    if opening.was_not_taken:
        return Note.LEAKED_NOT_TAKEN if is_leak else Note.NOT_FROM_LINE
    if opening.was_too_long:
        return Note.LEAKED_TOO_LONG if is_leak else Note.TOO_LONG
    if opening.was_rewritten:
        return Note.LEAKED_REWRITTEN if is_leak else Note.REWRITTEN
    if is_leak:
        return Note.LEAKED
    return Note.TRAVELLED if opening.secret and opening.policy.text_on_the_line is OnTheLine.WARN else None


def _text(most: int, *, least: int = 0, known: str = "") -> Json:
    element: Json = {"type": "plain_text_input", "min_length": least, "max_length": most}
    return {**element, "initial_value": known} if known else element


def _promise(opening: Opening) -> str:
    if opening.policy.outside_only:
        return wording.PROMISE_OUTSIDE
    if opening.addresses is not None:
        return mail_wording.PROMISE if opening.can_mail else mail_wording.PROMISE_SHOWN
    return wording.PROMISE_HERE if opening.here else wording.PROMISE


def _press_first(opening: Opening) -> list[Json]:
    # A template without a passphrase says it in that field's place.
    is_said = opening.template.passphrase is Scheme.NONE and not opening.policy.outside_only
    is_asked = opening.template.verify is Verify.SLACK or opening.policy.dm_only
    return [context(Markup(wording.PRESS_FIRST))] if is_asked and not is_said else []


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


def _secrets(opening: Opening) -> list[Json]:
    # What is typed outside Slack leaves the first of them empty.
    may_be_empty = has_page(opening)
    secret = {**_text(MOST_CHARACTERS, least=int(not may_be_empty), known=opening.secret), "multiline": True}
    hint = wording.SECRET_HINT if may_be_empty else None
    return [
        entry(SECRET, wording.SECRET, secret, hint=hint, optional=may_be_empty),
        *passphrase_field(opening.template, PASSPHRASE, _text(MOST_IN_PASSPHRASE), opening.policy.passphrase_least),
    ]


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
    options = [{"text": plain(text), "value": way} for way, text in _ways(opening).items()]
    value = OUTSIDE if opening.is_outside or opening.policy.outside_only else opening.way
    chosen = next((option for option in options if option["value"] == value), options[0])
    element = {"type": "static_select", "options": options, "initial_option": chosen}
    return entry(DELIVERY, wording.DELIVERY, element, hint=wording.OUTSIDE_HINT if has_page(opening) else None)


def _ways(opening: Opening) -> dict[str, str]:
    return ways(
        opening.template,
        opening.policy,
        for_addresses=opening.addresses is not None,
        can_mail=opening.can_mail,
    )


def _expires(expiries: Expiries, known: int | None) -> Json:
    chosen = known if known in expiries.offered else expiries.default
    options = [{"text": plain(durations.spoken(span)), "value": str(span)} for span in expiries.offered]
    default = next(option for option in options if option["value"] == str(chosen))
    return {"type": "static_select", "options": options, "initial_option": default}
