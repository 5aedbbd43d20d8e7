"""The views of an incident and a dispute: with nothing, one, a page and thousands; ordinary words and the longest."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot import dispute_views, dispute_wording, incident_views, incident_wording, token_views, token_wording
from bot.dispute_views import Choice
from bot.incident_links import Links
from bot.incident_views import MOST_RECORDS, MOST_ROWS, Handed, Row
from bot.mrkdwn import Markup, fill
from store.drops import Drop
from store.formats import base64url
from store.handed import After, Counts, Erased, Need, need_of
from store.history import Step
from store.revoking import Tally
from store.tokens import MOST_LIVE, Held
from store.words import Event, Outcome, Scope, SealedBy, Verify
from tests.bot import record_shapes
from tests.bot.drops import DAY_MS, NOW_MS, ended, every, labelled

View = tuple[str, dict[str, Any]]

MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
NOBODY = Handed("U0DANA", "Dana Okafor", [], Counts(0, 0, 0), 0, None, None, Erased([], 0), 0, is_own_only=False)
ISSUER = "https://secrets.example.com"
URL = "https://dashboard.stripe.com/apikeys?a=1&b=2"


def views(long_label: str, long_name: str, receipt: str) -> Iterator[View]:
    """A name and the JSON of each."""
    yield from _incidents(long_label, long_name)
    yield from _disputes(long_label, long_name, receipt)
    yield from _tokens()
    yield from record_shapes.views(long_label, long_name)


def handed_of(count: int, drops: Sequence[Drop], **changed: Any) -> Handed:
    """The first page of so many."""
    rows = [Row(drop, is_named=True, may_rotate=True, rotate_url=URL) for drop in drops[: min(count, MOST_ROWS)]]
    by_need = [sum(need_of(row.drop) is need for row in rows) for need in Need]
    counts = Counts(by_need[0] + count - len(rows), by_need[1], by_need[2])
    last = After(Need.NOTHING, NOW_MS, bytes(16)) if count > MOST_ROWS else None
    return replace(NOBODY, rows=rows, counts=counts, next=last, revocable=by_need[1], **changed)


def _incidents(long_label: str, long_name: str) -> Iterator[View]:
    known = [*every().values()]
    seen = ended(Outcome.VIEWED, rotate_by=NOW_MS + DAY_MS)
    known[1:1] = [seen, ended(Outcome.VIEWED, rotated_at=NOW_MS)]
    long = labelled(
        long_label, long_name, recipient_name=long_name, template="t" * 60, claimed_at=NOW_MS, rotate_by=NOW_MS
    )
    assert len(known) >= MOST_ROWS
    for count in (0, 1, 20, 45, 5000):
        yield f"incident of {count}", incident_views.view(handed_of(count, known))
        told = handed_of(
            count,
            [replace(long, id=bytes([number] * 16)) for number in range(20)],
            person="d" * 64 + "@" + "e" * 186 + ".com",
            name=long_name,
            before=20,
            begins=After(Need.ROTATE, NOW_MS, bytes(16)),
            erased=Erased(MONTHS, 4000),
            is_own_only=True,
            ask=[f"U0PERSON{number}" for number in range(12)],
            foreign=3,
        )
        yield f"incident of {count}, longest", incident_views.view(told, incident_views.news_of(Tally(9, 8, 7, 6, 5)))
    few = handed_of(2, known)
    auditor = replace(few, revocable=0, ask=["U0SAM"], rows=[replace(row, is_named=False) for row in few.rows])
    yield "incident for an auditor", incident_views.view(auditor)
    yield "incident for an auditor, nobody to ask", incident_views.view(replace(auditor, ask=[]))
    yield "incident for a sender", incident_views.view(replace(few, ask=["U0SAM"], is_own_only=True))
    yield "incident for a sender, none", incident_views.view(replace(NOBODY, ask=[], is_own_only=True))
    links = Links(f"{ISSUER}/incident/{'l' * 2400}", f"{ISSUER}/incident/{'l' * 2400}.csv", NOW_MS)
    yield "incident, to take", incident_views.view(replace(few, may_take=True))
    yield "incident, taken", incident_views.view(replace(few, may_take=True, links=links))
    audited = replace(links, is_told=True)
    yield "incident, taken and told", incident_views.view(replace(few, may_take=True, links=audited))
    yield "incident, not to take", incident_views.view(few, [Markup(incident_wording.NOT_TO_TAKE)])
    theirs = replace(few, tokens=[Held(bytes(12), NOW_MS, NOW_MS, None, frozenset(Scope))] * MOST_LIVE)
    yield "incident, tokens", incident_views.view(theirs)
    yield "incident, tokens, to ask", incident_views.view(replace(theirs, enders=["U0SAM", "U0LEE"]))
    yield "incident, tokens to end", incident_views.view(replace(theirs, enders=None))
    over = fill(incident_wording.TOKENS_ENDED, count=MOST_LIVE)
    yield "incident, tokens ended", incident_views.view(few, [over])
    yield "incident, records", incident_views.view(replace(few, records=record_shapes.ALL))
    yield (
        "incident, records for an auditor",
        incident_views.view(
            replace(few, records=record_shapes.ALL, more_records=True, may_act=False, shows_labels=False)
        ),
    )
    yield "incident, records alone", incident_views.view(replace(NOBODY, records=record_shapes.ALL))
    most = handed_of(45, known, records=record_shapes.longest(long_label)[:MOST_RECORDS], more_records=True)
    yield "incident, records, longest", incident_views.view(most)
    yield "incident, erased", incident_views.view(replace(few, erased=Erased(MONTHS[:3], 1)))
    yield "incident, revoking", incident_views.revoking("U0DANA", 300, 5000)
    cut = incident_views.news_of(Tally(revoked=20, is_cut=True))
    yield "incident, cut", incident_views.said(Markup(incident_wording.STORE_AWAY), "U0DANA", cut)
    yield "incident, nothing to revoke", incident_views.view(few, incident_views.news_of(Tally()))
    rotated = Markup("Noted that it was rotated")
    shown = incident_views.view(handed_of(5, known))
    yield "incident, rotated", incident_views.answered(shown, base64url.encode(known[1].id), rotated)
    for name in ("LOOKING", "STORE_AWAY", "WHO_ASKS"):
        yield f"incident, {name}", incident_views.said(Markup(getattr(incident_wording, name)))


def _disputes(long_label: str, long_name: str, receipt: str) -> Iterator[View]:
    known = [Choice(drop, is_named=True) for drop in every().values()]
    long = labelled(long_label, long_name, recipient_name=long_name, template="t" * 60, recipient_class="external")
    longest = [Choice(replace(long, id=bytes([number] * 16)), is_named=bool(number % 2)) for number in range(100)]
    yield "dispute, choose", dispute_views.choose(known)
    yield "dispute, choose one", dispute_views.choose(known[:1])
    yield "dispute, choose, longest", dispute_views.choose(longest)
    for name, drop in every().items():
        address = receipt if drop.receipt else None
        yield f"dispute, {name}", dispute_views.page(Choice(drop, is_named=False), steps(drop), address)
    viewed = replace(every()["viewed"], verify=Verify.SLACK, sealed_by=SealedBy.PAGE)
    verified = [*steps(viewed), *troubles()]
    yield "dispute, verified", dispute_views.page(Choice(viewed, is_named=True), verified, receipt)
    yield "dispute, not verified", dispute_views.page(Choice(viewed, is_named=True), steps(viewed), receipt)
    bare = replace(viewed, header=replace(viewed.header, mode="n"))
    yield "dispute, no passphrase", dispute_views.page(Choice(bare, is_named=True), steps(bare), receipt)
    expired, late = every()["expired"], [step for step in troubles() if step.event is Event.SECOND_CONSUMER]
    for never in (expired, replace(expired, header=replace(expired.header, mode="n"))):
        mode = never.header.mode
        yield f"dispute, came too late, {mode}", dispute_views.page(Choice(never, is_named=True), late, receipt)
    many = [replace(step, network="2001:db8:ffff::/48", browser="b" * 60) for step in troubles() * 700]
    yield "dispute, long", dispute_views.page(longest[1], many, None)
    for name in ("LOOKING", "UNKNOWN", "ERASED", "STORE_AWAY", "WHO_ASKS", "NONE_SENT"):
        yield f"dispute, {name}", dispute_views.said(Markup(getattr(dispute_wording, name)))


def steps(drop: Drop) -> list[Step]:
    """What every drop goes through that is opened."""
    made = [Step(Event.CREATED, 1, NOW_MS, {}), Step(Event.DELIVERED, 2, NOW_MS, {"way": drop.way})]
    if drop.claimed_at is not None:
        made.append(Step(Event.DOOR_OPENED, 3, NOW_MS, {}, "198.51.100.0/24", "Firefox"))
        made.append(Step(Event.CLAIMED, 4, drop.claimed_at, {"guesses": 1}, None, None))
    return made


def troubles() -> list[Step]:
    """Whatever can go wrong beside it."""
    seen = ("203.0.113.0/24", "Chrome")
    return [
        Step(Event.RECIPIENT_VERIFIED, 5, NOW_MS, {}),
        Step(Event.RECIPIENT_REFUSED, 6, NOW_MS, {"count": 1}),
        Step(Event.PASSPHRASE_FAILED, 7, NOW_MS, {"tries_left": 4}, *seen),
        Step(Event.DOOR_OPENED, 8, NOW_MS, {}, None, "Chrome"),
        Step(Event.CLAIMED, 9, NOW_MS, {"guesses": 2}, "203.0.113.0/24", None),
        Step(Event.SECOND_CONSUMER, 10, NOW_MS, {"stage": "door", "count": 1}),
        Step(Event.SECOND_CONSUMER, 11, NOW_MS, {"stage": "door", "count": 3}),
        Step(Event.SECOND_CONSUMER, 12, NOW_MS, {"stage": "claim", "passphrase": "right", "count": 1}),
        Step(Event.SECOND_CONSUMER, 13, NOW_MS, {"stage": "claim", "passphrase": "wrong", "count": 2}),
        Step(Event.SECOND_CONSUMER, 14, NOW_MS, {"stage": "claim", "passphrase": "unknown", "count": 2}),
        Step(Event.NOT_ME, 15, NOW_MS, {"count": 1}),
        Step(Event.NOT_ME, 16, NOW_MS, {"by": "recipient", "count": 1}),
    ]


def _tokens() -> Iterator[View]:
    held = [
        Held(bytes([number] * 12), NOW_MS, NOW_MS + DAY_MS, NOW_MS if number else None, frozenset(Scope))
        for number in range(MOST_LIVE)
    ]
    name = Markup("`AAAAAAAAAAAAAAAA`")
    yield "tokens, none", token_views.window([], may_make=True)
    yield "tokens, all", token_views.window(held, may_make=True, said=fill(token_wording.ENDED_HERE, name=name))
    yield "tokens of a guest", token_views.window(held[:1], may_make=False)
    yield "token shown", token_views.shown("sst_" + "A" * 64, frozenset(Scope), NOW_MS, ISSUER)
    yield "tokens, looking", token_views.said(token_wording.LOOKING)
