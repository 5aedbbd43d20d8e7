"""The windows of records, and what is said of one: live and over, read and unread; ordinary words and the longest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot import record_acts, record_form, record_form_wording, record_messages, record_views
from bot import record_window_wording as wording
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.people import Kind, Person
from bot.policy import Policy, Verification
from bot.record_form import Offer
from bot.secret_facts import facts
from bot.template import AS_USUAL, Scheme
from store.formats import link_v1
from store.formats.link_v1 import Link
from store.listing import After
from store.own_records import Page
from store.record_doors import RecordDoor
from store.record_lines import MOST_IN_URL, lines, lines_of_page
from store.records import Held, Named, new_key
from store.words import Event, RecordEnd, RecordState
from tests.bot.drops import DAY_MS, NOW_MS

View = tuple[str, dict[str, Any]]

ISSUER = "https://secrets.example.com"
URL = "https://dashboard.stripe.com/apikeys?a=1&b=2"
LIVE = Held(
    id=bytes(16),
    state=RecordState.LIVE,
    named=Named("Stripe restricted key", URL, owner="U0MAYA0001", recipient="U0DANA0001"),
    version=1,
    reads=0,
    reads_left=None,
    refused=0,
    expires_at=NOW_MS + 90 * DAY_MS,
    read_at=None,
    ended_at=None,
    is_unreadable=False,
    created_at=NOW_MS,
    rotated_at=None,
    renewed_at=None,
    door=RecordDoor.API,
    master=None,
)
READ = replace(LIVE, id=bytes([1] * 16), reads=1, read_at=NOW_MS, reads_left=2, refused=3)
OVER = replace(READ, id=bytes([2] * 16), reads=1234, state=RecordState.EXPIRED, ended_at=NOW_MS)
RENEWED = replace(OVER, id=bytes([3] * 16), state=RecordState.REVOKED, renewed_at=NOW_MS)
NAMELESS = replace(READ, id=bytes([4] * 16), reads=7, named=None, is_unreadable=True)
SHOWN = replace(LIVE, id=bytes([5] * 16), named=Named("Deploy key"))
PAGE = replace(LIVE, id=bytes([6] * 16), door=RecordDoor.PAGE, master=1)
LOCKED = replace(PAGE, id=bytes([7] * 16), reads=1, read_at=NOW_MS, refused=5)
LOCKED_FOR_GOOD = replace(LOCKED, id=bytes([8] * 16), reads=12, refused=15, reads_left=3, master=None)
LOCKS = {LOCKED.id: 2, LOCKED_FOR_GOOD.id: 0}
ALL = [LIVE, READ, OVER, RENEWED, NAMELESS, SHOWN, PAGE, LOCKED, LOCKED_FOR_GOOD]


def longest(long_label: str) -> list[Held]:
    """As many as a page takes, with the longest label and page; as many blocks and words as a row can have."""
    url = f"https://example.com/{'&' * (MOST_IN_URL - 20)}"
    named = Named(long_label, url, owner="U0MAYA0001", recipient="U0DANA0001")
    long = replace(OVER, named=named, reads=2**31, refused=2**31, reads_left=2**31)
    return [replace(long, id=bytes([16 + number] * 16)) for number in range(record_views.MOST_ROWS)]


def views(long_label: str, long_name: str) -> Iterator[View]:
    """A name and the JSON of each."""
    guest = Person("U0DANA0001", "T0", "Dana Okafor", "Contractor", Kind.GUEST)
    yield from _forms(long_label, replace(guest, name=long_name, title=long_name), guest)
    yield from _shown()
    notes = [fill(record_form_wording.MADE, label="Stripe restricted key", until=moment(NOW_MS))]
    key = Markup(lines(new_key(bytes(16)), ISSUER).rstrip())
    shown = [fill(record_form_wording.SHOWN, lines=key), *notes, record_acts.not_at_provider(LIVE.named)]
    yield "record, its key shown", record_form.shown(shown, facts("rk_live_51Nx8Zq0TBpwUX3d\n"))
    yield "record, opening", record_form.said(record_form_wording.OPENING)
    yield "record, not theirs", record_form.said(record_form_wording.NOT_YOURS)
    yield "records, none", record_views.window(Page([], None), may_act=True)
    said = Markup(wording.RENEWED_BEFORE)
    yield "records, all", record_views.window(Page(ALL, None), may_act=True, said=said, locked=LOCKS)
    locked = [replace(one, door=RecordDoor.PAGE, state=RecordState.LIVE, master=1) for one in longest(long_label)]
    page = record_views.window(Page(locked, None), may_act=True, said=said, locked={one.id: 1 for one in locked})
    yield "records, longest and locked", page
    begins, long = After(NOW_MS, bytes(16)), longest(long_label)
    revoked = fill(wording.REVOKED_KEY_LEFT, label=long_label, provider=record_acts.not_at_provider(long[0].named))
    page = record_views.window(Page(long, begins), may_act=True, begins=begins, said=revoked)
    yield "records, longest", page
    yield "records of a guest", record_views.window(Page(ALL[:2], None), may_act=False)
    yield "records, looking", record_views.said(wording.LOOKING)
    yield "records, away", record_views.said(wording.AWAY)


def _forms(long_label: str, longest_name: Person, guest: Person) -> Iterator[View]:
    record = "A" * 22
    own = replace(AS_USUAL, passphrase=Scheme.OWN)
    bare = replace(AS_USUAL, passphrase=Scheme.NONE)
    pressed = Policy(verify=Verification.REQUIRED)
    yield "record form", record_form.view(Offer("U0DANA0001"))
    yield "record form for nobody", record_form.view(Offer(was_not_taken=True))
    yield "record form for a guest", record_form.view(Offer("U0DANA0001"), [guest])
    yield "record form, longest", record_form.view(Offer("U0DANA0001"), [longest_name], [Markup("d" * 300)])
    yield "record form where all must press", record_form.view(Offer("U0DANA0001", policy=pressed, template=bare))
    yield "record form, another key", record_form.view(Offer("U0DANA0001", record=record, label="Stripe key"))
    kept = Offer("U0DANA0001", record=record, label="Stripe key", is_escrowed=True)
    yield "record form, another key in escrow", record_form.view(kept)
    yield "record form, another link", record_form.view(replace(kept, door=RecordDoor.PAGE, is_escrowed=False))
    yield "record form, another link in escrow", record_form.view(replace(kept, door=RecordDoor.PAGE), [guest])
    yield "record form, another key, longest", record_form.view(Offer(record=record, label=long_label, template=own))


def _shown() -> Iterator[View]:
    label, until = "Stripe restricted key", moment(NOW_MS)
    text = lines_of_page(Link(bytes(16), bytes(32), "p", link_v1.RECORD), "amber tiger lemon canary", ISSUER).rstrip()
    shown = fill(record_form_wording.SHOWN_PAGE, lines=Markup(text))
    made = fill(record_form_wording.MADE_PAGE, label=label, until=until)
    bounded = fill(record_form_wording.MADE_PAGE_BOUNDED, label=label, until=until, most="1,000,000")
    rotated = fill(record_form_wording.ROTATED_PAGE, label=label)
    escrowed, kept = Markup(record_form_wording.IN_ESCROW), Markup(record_form_wording.KEPT)
    yield "record, its page shown", record_form.shown([shown, made, escrowed], facts("rk_live_51Nx8Zq0TBpwUX3d"))
    yield "record, its page shown, so many reads", record_form.shown([shown, bounded])
    provider = record_acts.not_at_provider(PAGE.named)
    yield "record, another page shown", record_form.shown([shown, rotated, kept, escrowed, provider])


def messages(long_label: str) -> Iterator[tuple[str, Message]]:
    """What whoever made one is told."""
    over = [replace(one, named=replace(LIVE.named or Named(""), label=long_label)) for one in (LIVE, OVER)]
    for held in (LIVE, OVER, PAGE, *over):
        size = ", longest" if held in over else ""
        about = {"record": "A" * 22, "count": 1_000_000, "why": RecordEnd.TIME}
        for event in (Event.RECORD_READ, Event.RECORD_REFUSED, Event.RECORD_EXPIRED):
            told = record_messages.news({**about, "event": event}, held)
            assert told is not None
            yield f"news of a record, {event}, {held.door}, {held.state}{size}", told
    for unlocks in (0, 2):
        for size, held in (("", PAGE), (", longest", over[0])):
            told = record_messages.news({"event": Event.RECORD_LOCKED, "guesses": 9, "unlocks": unlocks}, held)
            assert told is not None
            yield f"news of a record, locked, unlocked {unlocks} times{size}", told
    for why in RecordEnd:
        told = record_messages.news({"event": Event.RECORD_EXPIRED, "why": why}, OVER)
        assert told is not None
        yield f"news of a record, over: {why}", told
