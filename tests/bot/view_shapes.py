"""Every view of the bot: for people as they are, and for ten with the longest names and titles that Slack allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType
from typing import Any

from bot import (
    button_wording,
    composer_views,
    durations,
    form,
    leak_wording,
    mail_undelivered_wording,
    press_views,
    rotation_wording,
    sender_messages,
    sent_views,
    sent_wording,
    template_step,
    template_wording,
    templates,
    undelivered_wording,
)
from bot.composer_views import Composer
from bot.form import Expiries, Opening
from bot.mrkdwn import Markup, day, fill
from bot.original_message import Original
from bot.passphrases import make, typed
from bot.people import Kind, Person, of_address
from bot.policy import OnTheLine, Policy, Typed, Verification
from bot.secret_facts import facts
from bot.sent_views import RotateBy, Row
from bot.template import Scheme, Template
from sandbox.fixtures import DANA, NOOR, PIA, TEAM
from store.formats import base64url
from store.words import MailFault, Verify, Way
from tests.bot import looking_shapes
from tests.bot.drops import NOW_MS, every, labelled

View = tuple[str, dict[str, Any]]

TEMPLATES = templates.read(None, 14 * 86400)
EXPIRIES = Expiries(durations.offered(86400, 14 * 86400), 86400)
OUTSIDE = Policy(secrets_typed=Typed.OUTSIDE_SLACK)
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
        for name, view in (*_forms(cast), *_replacing(cast), *_outside(cast), *_sent(cast), *_let_in(cast)):
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
    yield from _forms_of_templates(cast)
    yield from _forms_for_addresses(cast)


def _forms_of_templates(cast: Cast) -> Iterator[View]:
    if cast.of:
        label, says, url = cast.label, "&<W>" * 50, "https://example.com/" + "x" * 280
        many = {f"t{n}{'x' * 38}": Template(f"t{n}{'x' * 38}", label) for n in range(90)}
    else:
        label, says, url, many = TEMPLATES["stripe"].label, TEMPLATES["stripe"].too_broad[0].says, "", {}
    yield "step before the form", template_step.view({**TEMPLATES, **many})
    ids = tuple(person.id for person in cast.people)
    stripe = replace(TEMPLATES["stripe"], label=label, rotate_url=url or TEMPLATES["stripe"].rotate_url)
    yield "form of a template", form.view(EXPIRIES, Opening(ids[:1], template=stripe))
    words = replace(stripe, passphrase=Scheme.MADE_WORDS, hint=cast.hint, expires=7200)
    yield "form of a template, with words", form.view(EXPIRIES, Opening(ids[:1], template=words))
    own = replace(words, passphrase=Scheme.OWN)
    yield "form of a template, with a passphrase of their own", form.view(EXPIRIES, Opening(ids[:1], template=own))
    bare = replace(stripe, passphrase=Scheme.NONE, verify=Verify.SLACK)
    yield "form of a template, without a passphrase", form.view(EXPIRIES, Opening(ids[:1], template=bare))
    unsure = [person for person in cast.people if person.kind is not Kind.MEMBER]
    for name, doubt in {
        "too broad a secret": fill(template_wording.TOO_BROAD, says=says),
        "another format": fill(template_wording.OTHER_FORMAT, label=label),
        "another format, unnamed": Markup(template_wording.OTHER_FORMAT_UNNAMED),
    }.items():
        asked = form.view_with_warning(EXPIRIES, unsure, ["travelled"], doubts=[doubt], template=stripe)
        yield f"form with a warning of {name}", asked


def _forms_for_addresses(cast: Cast) -> Iterator[View]:
    addresses = [person.id for person in cast.by_mail]
    known = Opening(addresses=addresses, label=cast.label, can_mail=True, way=Way.MAIL)
    yield "form for addresses", form.view(EXPIRIES, known)
    yield "form for addresses, without a mail server", form.view(EXPIRIES, replace(known, can_mail=False))
    secret = replace(known, secret=cast.secret)
    yield "form for addresses with the secret", form.view(EXPIRIES, secret)
    warned = form.view_with_warning(EXPIRIES, cast.by_mail, ["travelled"], for_addresses=True, can_mail=True)
    yield "form for addresses with warnings", warned


def _replacing(cast: Cast) -> Iterator[View]:
    about = Original(DANA, "C0GENERAL1", "1790000000.000100").details
    refuse = Policy(text_on_the_line=OnTheLine.REFUSE)
    yield "form for a message", form.view(EXPIRIES, Opening(secret=cast.secret, original=about))
    yield "form for a message, rewritten", form.view(EXPIRIES, Opening(was_rewritten=True, original=about))
    yield "form for a message, too long", form.view(EXPIRIES, Opening(was_too_long=True, original=about))
    for name, policy in (("refused", refuse), ("outside", OUTSIDE)):
        known = Opening(was_not_taken=True, original=about, policy=policy)
        yield f"form for a message, {name}", form.view(EXPIRIES, known)
    yield "form, not from the line", form.view(EXPIRIES, Opening(was_not_taken=True, policy=refuse))
    strict = Policy(passphrase_least=8, verify=Verification.REQUIRED)
    yield "form where all must press", form.view(EXPIRIES, Opening(policy=strict))


def _outside(cast: Cast) -> Iterator[View]:
    ids = tuple(person.id for person in cast.people)
    unsure = [person for person in cast.people if person.kind is not Kind.MEMBER]
    yield "form after too much", form.view(EXPIRIES, Opening(ids[:1], was_too_long=True, is_outside=True))
    yield "form without a secret", form.view(EXPIRIES, Opening(ids, policy=OUTSIDE))
    not_taken = Opening(ids[:1], was_not_taken=True, policy=OUTSIDE)
    yield "form without a secret, not taken", form.view(EXPIRIES, not_taken)
    warned = form.view_with_warning(EXPIRIES, unsure, ["not_taken"], policy=OUTSIDE)
    yield "form without a secret, with warnings", warned
    pages = [Composer(person, "A" * 22, ORDER_URL) for person in cast.people]
    yield "page outside Slack", composer_views.view(pages[:1], NOW_MS)
    yield "pages outside Slack", composer_views.view(pages, NOW_MS)
    deleting = [Markup(leak_wording.THEIRS_STANDS)]
    yield "pages outside Slack, for a message", composer_views.view(pages, NOW_MS, deleting)


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
    until = RotateBy(NOW_MS, date(2026, 12, 24))
    yield "sent, to be rotated", sent_views.view(rows[:1], one, facts(cast.secret), until)
    sent = sent_views.view(rows, several, facts(f" {cast.secret}\n"))
    yield "sent to several", sent
    assert rows[0].drop is not None
    yield "revoked", sent_views.answered(sent, rows[0].drop, Markup(button_wording.REVOKED_NOW))
    asked = sender_messages.asks_for_a_day(rows[0].drop)["block_id"]
    will_remind = fill(rotation_wording.WILL_REMIND, day=day(NOW_MS))
    yield "sent, with a day to rotate", sent_views.dated(sent, asked, will_remind, "2026-09-21")
    yield (
        "sent, with a day that is over",
        sent_views.dated(sent, asked, Markup(rotation_wording.DAY_OVER), None),
    )
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


def _let_in(cast: Cast) -> Iterator[View]:
    drop = labelled(cast.label, LONG_NAME if cast.of else "Maya Castillo")
    bare = replace(drop, header=replace(drop.header, mode="n"))
    yield "let in after a press", press_views.view(drop, URL, NOW_MS)
    yield "let in after a press, without a passphrase", press_views.view(bare, URL, NOW_MS)


def _one() -> Iterator[View]:
    person = ORDINARY.people[0]
    drop = base64url.encode(bytes(16))
    row = Row(person, sent_views.sent(Way.DM, NOW_MS), drop, is_revocable=True)
    bare = replace(TEMPLATES["stripe"], passphrase=Scheme.NONE, verify=Verify.SLACK)
    yield "sent without a passphrase", sent_views.view([row], sent_views.notes_on(None, 1, bare))
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
