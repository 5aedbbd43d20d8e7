"""The Home tab and the access log: for somebody new, with one drop, in every way a drop can stand, with thousands."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from bot import access_log, home_view, home_wording, webhook_wording
from bot.home_rows import Reader
from bot.home_view import ON_OVERVIEW, ON_PAGE, Home, Listed, Place
from bot.mrkdwn import Markup, fill
from bot.rights import Role
from store.attention import Why
from store.drops import Drop
from store.history import Step
from store.listing import After, Counts, Section
from store.webhooks_standing import Failed, Stuck
from store.words import Event, WebhookFault
from tests.bot import record_shapes
from tests.bot.drops import NOW_MS, every, labelled
from tests.bot.view_shapes import LONG_LABEL, LONG_NAME, RECEIPT_URL

NOBODY = Counts(0, 0, 0, 0, None)
THOUSANDS = Counts(1234, 2345, 5000, 321, 840)
Named = Iterator[tuple[str, dict[str, Any]]]


def homes() -> Named:
    """A name and the JSON of each state of the tab."""
    yield "home of somebody new", home_view.view(Home(Place(), [Listed(one, []) for one in Section], NOBODY))
    yield "home of a guest", home_view.view(Home(Place(), [Listed(one, []) for one in Section], NOBODY, may_send=False))
    yield "home with one drop", _overview([next(iter(every().values()))], replace(NOBODY, outstanding=1))
    yield "home with all", _overview(list(every().values()), THOUSANDS)
    rules = [Markup("Members may send; guests may not.")]
    long = labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME, recipient_class="external")
    given_up = [Failed("siem", 1, NOW_MS, "answered_410"), Failed("billing", 12, NOW_MS, "answered_302")]
    untold = [*given_up, Stuck("tickets", 1_234, 56, NOW_MS, "answered_400")]
    said = fill(webhook_wording.REPLAYED, endpoint="siem", count="12")
    yield "home with webhooks", _overview(list(every().values()), THOUSANDS, untold=untold, said=said)
    many = [Stuck("e" * 40, 9_999_999, 9_999_999, NOW_MS, fault) for fault in WebhookFault]
    yield "home with webhooks, longest", _overview([long], THOUSANDS, rules=rules * 100, untold=many, said=said)
    due = record_shapes.longest(LONG_LABEL)
    yield "home with records", _overview(list(every().values()), THOUSANDS, due=[record_shapes.OVER], due_count=1)
    yield (
        "home with records, longest",
        _overview([long], THOUSANDS, rules=rules * 100, untold=many, said=said, due=due, due_count=len(due)),
    )
    yield "home, longest", _overview([long], THOUSANDS, rules=rules * 100)
    yield "home, longest address", _overview(_asked_about("d" * 64 + "@" + "e" * 185 + ".com"), THOUSANDS)
    for number, role in enumerate(Role):
        name = f"home page as {role}"
        yield name, _page(list(every().values()), Section.ATTENTION, Place(number > 0), role)
        yield f"{name}, longest", _page([long], Section.HISTORY, Place(number > 0, None), role)
    one_persons = replace(_later(), of_all=True, sender="U0MAYA0001")
    nothing = [Listed(Section.HISTORY, [])]
    yield "home page of one person's, nothing more", home_view.view(Home(one_persons, nothing, THOUSANDS, True))
    yield "home page, nothing more", home_view.view(Home(_later(), [Listed(Section.HISTORY, [])], THOUSANDS, True))
    yield "home without the store", home_view.failed(Place(), home_wording.STORE_AWAY)


def logs() -> Named:
    """A name and the JSON of each access log."""
    drop = every()["viewed"]
    where = {"network": "198.51.100.0/24", "browser": "Firefox"}
    steps = [Step(event, n, NOW_MS, _facts(), **where) for n, event in enumerate(Event) if event.startswith("drop.")]
    yield "access log", access_log.view(drop, [*steps, replace(steps[0], browser=None)], show_label=True)
    long = labelled(LONG_LABEL, LONG_NAME, recipient_name=LONG_NAME)
    yield "access log, longest", access_log.view(long, steps * 200, show_label=False)
    yield "access log, looking", access_log.said(Markup(home_wording.LOG_LOOKING))


def _facts() -> dict[str, Any]:
    return {
        "by": "sender",
        "count": 2,
        "sends": 2,
        "guesses": 5,
        "tries_left": 2,
        "who": "recipient",
        "outcome": "viewed",
        "what": "again",
        "stage": "door",
        "_sd": ["A" * 43],
    }


def _overview(drops: list[Drop], counts: Counts, **changed: Any) -> dict[str, Any]:
    lists = []
    for number, (one, most) in enumerate(ON_OVERVIEW.items()):
        some = _numbered(islice(cycle(drops), min(most, counts.opened or 1)), number * 100)
        lists.append(Listed(one, [(drop, _reader(drop, Role.SENDER)) for drop in some]))
    more = [replace(one, after=After(NOW_MS, bytes(16))) if counts.opened else one for one in lists]
    return home_view.view(Home(Place(), more, counts, sees_everybodys=True, **changed))


def _page(drops: list[Drop], section: Section, place: Place, role: Role) -> dict[str, Any]:
    rows = [(drop, _reader(drop, role)) for drop in _numbered(islice(cycle(drops), ON_PAGE))]
    answered = (rows[0][0].id, Markup("Revoked. The secret is destroyed; nobody opened it."))
    listed = Listed(section, rows, After(NOW_MS, bytes(16)), answered)
    return home_view.view(Home(replace(_later(), of_all=place.of_all, section=section), [listed], THOUSANDS, True))


def _asked_about(address: str) -> list[Drop]:
    """An address takes 254 characters (RFC 5321, 4.5.3.1.3), and a question before a press names who has no other."""
    return [replace(every()[name], recipient_name=address) for name in ("locked", "paused")]


def _later() -> Place:
    return Place(section=Section.HISTORY, after=After(NOW_MS, bytes(16)))


def _numbered(drops: Iterator[Drop], first: int = 0) -> Iterator[Drop]:
    """Every block of a view has an id of its own."""
    return (replace(drop, id=number.to_bytes(16, "big")) for number, drop in enumerate(drops, first))


def _reader(drop: Drop, role: Role) -> Reader:
    receipts = {drop.id: RECEIPT_URL} if drop.receipt else {}
    return Reader(role, show_labels=role is Role.AUDITOR, receipts=receipts, reasons=tuple(Why))
