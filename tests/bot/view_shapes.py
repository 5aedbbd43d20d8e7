"""Every view of the bot: for people as they are, and for ten with the longest names and titles that Slack allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from bot import (
    button_wording,
    composer_views,
    durations,
    form,
    mail_undelivered_wording,
    sent_views,
    sent_wording,
    undelivered_wording,
)
from bot.composer_views import Composer
from bot.form import Expiries, Opening
from bot.mrkdwn import Markup, fill
from bot.passphrases import make, typed
from bot.people import Kind, Person, of_address
from bot.secret_facts import facts
from bot.sent_views import Row
from sandbox.fixtures import DANA, NOOR, PIA, TEAM
from store.formats import base64url
from store.words import MailFault, Way
from tests.bot import looking_shapes
from tests.bot.drops import NOW_MS, every

View = tuple[str, dict[str, Any]]

EXPIRIES = Expiries(durations.offered(86400, 14 * 86400), 86400)
LONG_LABEL = "&<W>" * (form.MOST_IN_LABEL // 4)
LONG_NAME = "&<N>" * 20
RECEIPT_URL = "https://drops.example.com/receipts/" + "0" * 32 + "#" + "A" * 28
ORDER_URL = "https://drops.example.com/c/" + "A" * 22 + "#1." + "A" * 43 + ".AAAA"
URL = "https://drops.example.com/s/" + "A" * 22 + "#1p." + "A" * 43 + ".AAAA"


@dataclass(frozen=True)
class Cast:
    """The people of a picture, what they send each other, and what is said before their names in its name."""

    people: Sequence[Person]
    label: str
    secret: str
    hint: str
    by_mail: Sequence[Person]
    of: str = ""


_KINDS = (Kind.MEMBER, Kind.GUEST, Kind.EXTERNAL, *([Kind.GUEST] * 7))
ORDINARY = Cast(
    [
        Person(DANA, TEAM, "Dana Okafor", "Contractor, data pipelines", Kind.GUEST),
        Person(NOOR, TEAM, "Noor Haddad", "", Kind.MEMBER),
        Person(PIA, "T0PARTNER1", "Pia Moreau", "Partner engineer", Kind.EXTERNAL),
    ],
    "Stripe restricted key",
    "rk_live_51Nx8Zq0TBpwUX3d",
    "last four digits of your company phone",
    [of_address("dana@example.com"), of_address("sam@mail.example.org")],
)
LONGEST = Cast(
    [Person(f"U0PERSON{n}", TEAM, LONG_NAME, LONG_NAME, kind) for n, kind in enumerate(_KINDS)],
    LONG_LABEL,
    "s" * 3000,
    "h" * form.MOST_IN_HINT,
    [of_address(f"{n}{'*' * 62}@{'b' * 63}.{'c' * 63}.{'d' * 50}.com") for n in range(10)],
    ", longest",
)


def views() -> Iterator[View]:
    """A name and the JSON of each."""
    for cast in (ORDINARY, LONGEST):
        for name, view in (*_forms(cast), *_outside(cast), *_sent(cast)):
            yield name + cast.of, view
    yield from _one()
    yield from looking_shapes.views(LONG_LABEL, LONG_NAME, RECEIPT_URL)


def _forms(cast: Cast) -> Iterator[View]:
    ids = tuple(person.id for person in cast.people)
    unsure = [person for person in cast.people if person.kind is not Kind.MEMBER]
    yield "form", form.view(EXPIRIES, Opening())
    yield "form for several", form.view(EXPIRIES, Opening(ids))
    yield "form with the secret", form.view(EXPIRIES, Opening(ids[:1], secret=cast.secret))
    yield "form after rewriting", form.view(EXPIRIES, Opening(ids[:1], was_rewritten=True))
    yield "form with warnings", form.view_with_warning(EXPIRIES, unsure, ["travelled"])
    yield "form for a conversation", form.view(EXPIRIES, Opening(ids[:1], here=True))
    yield "form for a conversation, with a warning", form.view_with_warning(EXPIRIES, unsure[:1], here=True)
    known = Opening(ids[:1], label=cast.label, hint=cast.hint, way=Way.SHOWN)
    yield "form again", form.view(EXPIRIES, known)
    yield from _forms_for_addresses(cast)


def _forms_for_addresses(cast: Cast) -> Iterator[View]:
    addresses = [person.id for person in cast.by_mail]
    known = Opening(addresses=addresses, label=cast.label, can_mail=True, way=Way.MAIL)
    yield "form for addresses", form.view(EXPIRIES, known)
    yield "form for addresses, without a mail server", form.view(EXPIRIES, replace(known, can_mail=False))
    secret = replace(known, secret=cast.secret)
    yield "form for addresses with the secret", form.view(EXPIRIES, secret)
    warned = form.view_with_warning(EXPIRIES, cast.by_mail, ["travelled"], for_addresses=True, can_mail=True)
    yield "form for addresses with warnings", warned


def _outside(cast: Cast) -> Iterator[View]:
    ids = tuple(person.id for person in cast.people)
    unsure = [person for person in cast.people if person.kind is not Kind.MEMBER]
    yield "form after too much", form.view(EXPIRIES, Opening(ids[:1], was_too_long=True, is_outside=True))
    yield "form without a secret", form.view(EXPIRIES, Opening(ids, outside_only=True))
    not_taken = Opening(ids[:1], was_not_taken=True, outside_only=True)
    yield "form without a secret, not taken", form.view(EXPIRIES, not_taken)
    warned = form.view_with_warning(EXPIRIES, unsure, ["not_taken"], outside_only=True)
    yield "form without a secret, with warnings", warned
    pages = [Composer(person, "A" * 22, ORDER_URL) for person in cast.people]
    yield "page outside Slack", composer_views.view(pages[:1], NOW_MS)
    yield "pages outside Slack", composer_views.view(pages, NOW_MS)


def _sent(cast: Cast) -> Iterator[View]:
    rows = [
        Row(person, sent_views.sent(Way.DM, NOW_MS), base64url.encode(bytes([n] * 16)), make().text, is_revocable=True)
        for n, person in enumerate(cast.people)
    ]
    several, one = sent_views.notes_on(None, len(rows)), sent_views.notes_on(None, 1)
    sending = [replace(row, status=Markup(sent_wording.SENDING), is_revocable=False) for row in rows]
    yield "sending", sent_views.view(sending[:1], one, facts(cast.secret))
    yield "sending to several", sent_views.view(sending, several, facts(cast.secret))
    yield "sent", sent_views.view(rows[:1], one, facts(cast.secret))
    sent = sent_views.view(rows, several, facts(f" {cast.secret}\n"))
    yield "sent to several", sent
    assert rows[0].drop is not None
    yield "revoked", sent_views.answered(sent, rows[0].drop, Markup(button_wording.REVOKED_NOW))
    shown = [replace(row, status=sent_views.sent(Way.SHOWN, NOW_MS), link=URL) for row in rows]
    yield "link shown", sent_views.view(shown[:1], one, facts("a\nb\n"))
    yield "links shown to several", sent_views.view(shown, several, facts("key"))
    mailed = [
        replace(row, person=person, status=sent_views.sent(Way.MAIL, NOW_MS))
        for row, person in zip(rows, cast.by_mail, strict=False)
    ]
    yield "mailed", sent_views.view(mailed, [*one, Markup(sent_wording.NOT_BY_MAIL)], facts(cast.secret))
    put_off = [replace(row, status=fill(sent_wording.SLOWED_MAIL, seconds=15), is_revocable=False) for row in mailed]
    yield "mail put off", sent_views.view(put_off, one, facts(cast.secret))


def _one() -> Iterator[View]:
    person = ORDINARY.people[0]
    drop = base64url.encode(bytes(16))
    for words in ("1234", "correct horse", "Tr0ub4dor&3"):
        row = Row(person, sent_views.sent(Way.HERE, NOW_MS), drop, is_revocable=True)
        yield f"sent with {words}", sent_views.view([row], sent_views.notes_on(typed(words), 1))
    known = _sentences_of(undelivered_wording)
    for number, sentence in enumerate((*undelivered_wording.BY_CODE.values(), *known, sent_wording.NOT_STORED)):
        for name, of in ((person.name, ""), (LONG_NAME, ", longest")):
            row = Row(replace(person, name=name), fill(sentence, name=name, code="a_code"))
            yield f"not sent {number}{of}", sent_views.view([row], [Markup(sent_wording.ALREADY_SENT)])
    for number, code in enumerate((*MailFault, "smtp_rcpt_550", "smtp_data_554", "smtp_mail_530", "smtp_rcpt_452")):
        for whom, of in ((ORDINARY.by_mail[0], ""), (LONGEST.by_mail[0], ", longest")):
            for outside_only, where in ((False, ""), (True, " outside")):
                row = Row(whom, mail_undelivered_wording.why(code, whom.name, outside_only=outside_only))
                yield f"not mailed {number}{where}{of}", sent_views.view([row], [])
    for number, sentence in enumerate(_sentences_of(mail_undelivered_wording)):
        for whom, of in ((ORDINARY.by_mail[0], ""), (LONGEST.by_mail[0], ", longest")):
            row = Row(whom, fill(sentence, name=whom.name, code="550"))
            yield f"mail in doubt {number}{of}", sent_views.view([row], [])
    for name, earlier in every().items():
        row = Row(person, sent_views.status_of(earlier), drop, is_revocable=True)
        yield f"sent before, {name}", sent_views.view([row], [])


def _sentences_of(catalogue: ModuleType) -> list[str]:
    named = [(name, value) for name, value in vars(catalogue).items() if name.isupper() and not name.startswith("_")]
    return [value for _, value in named if isinstance(value, str)]
