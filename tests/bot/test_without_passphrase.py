"""What people read of a drop without a passphrase, and of one that opens after a press: of neither what is not so."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot import (
    access_log,
    audit_messages,
    delivery,
    dispute_views,
    drop_buttons,
    form,
    recipient_messages,
    sender_messages,
    sender_news,
    undelivered_wording,
)
from bot.form import Expiries, Opening
from bot.policy import Policy, Verification
from bot.slack_calls import SlackRefusedError, SlackUnansweredError
from bot.template import Scheme, Template
from store.drops import Drop
from store.history import Step
from store.words import Event, Verify, Way
from tests.bot import drops, test_opened_all_the_same
from tests.bot.drops import NOW_MS, every
from tests.bot.test_opened_all_the_same import Meanwhile
from tests.store.living import created
from tests.stores import Home

EXPIRIES = Expiries((3600,), 3600)
RIGHT = {"event": Event.SECOND_CONSUMER, "stage": "claim", "passphrase": "right", "count": 1, "at": NOW_MS, "n": 5}
CLAIMED = {"event": Event.CLAIMED, "guesses": 1, "at": NOW_MS, "n": 3}


def bare(drop: Drop) -> Drop:
    """The same without a passphrase, behind a press."""
    return replace(drop, header=replace(drop.header, mode="n"), verify=Verify.SLACK)


def told_of(drop: Drop) -> Iterator[Any]:
    """What sender, security team and a dispute read of it, and the buttons."""
    yield sender_messages.standing(drop)
    yield audit_messages.standing(drop)
    yield drop_buttons.buttons_of(drop)
    yield audit_messages.entry(CLAIMED, has_passphrase=drop.has_passphrase).text
    yield audit_messages.entry(RIGHT, has_passphrase=drop.has_passphrase).text
    news = sender_news.news(drop, RIGHT, is_first=False)
    yield news and news.blocks
    kind = "digits" if drop.has_passphrase else "none"
    made = Step(Event.CREATED, 1, NOW_MS, {"passphrase": kind})
    verified = Step(Event.RECIPIENT_VERIFIED, 2, NOW_MS, {})
    seen = [Step(Event.CLAIMED, 3, NOW_MS, CLAIMED), Step(Event.SECOND_CONSUMER, 5, NOW_MS, RIGHT)]
    yield access_log.lines([made, verified, *seen])
    if drop.claimed_at is not None:
        page = dispute_views.page(dispute_views.Choice(drop, is_named=True), [made, verified, *seen], None)
        yield json.dumps(page).replace("there was no passphrase", "").replace("without a passphrase", "")


@pytest.mark.parametrize("name", ["waiting", "claimed", "viewed", "released", "revoked", "expired"])
def test_nobody_reads_of_a_passphrase_that_there_is_not(name: str) -> None:
    """And of one that there is they do."""
    drop = drops.sealed() if name == "waiting" else every()[name]
    said = json.dumps([*told_of(bare(drop))], default=str).replace("without a passphrase", "")
    assert "assphrase" not in said.replace("lost_passphrase", "")
    usual = json.dumps([*told_of(drop)], default=str)
    assert "right passphrase" in usual


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"event": Event.REMINDED}, "is waiting for you"),
        ({"event": Event.UNLOCKED, "paused": False}, "is right, and that it is for you"),
        ({"event": Event.UNLOCKED}, "five more tries"),
    ],
)
def test_whoever_must_press_reads_where(about: dict[str, Any], said: str) -> None:
    """There is no link above; and of no passphrase where there is none."""
    for drop in (bare(drops.sealed()), drops.sealed(verify=Verify.SLACK), drops.sealed()):
        news = recipient_messages.news(drop, about)
        assert news is not None
        assert said in news.text
        assert ("ress Open in the message above" in news.text) == (drop.verify is Verify.SLACK)
        assert ("link above" in news.text) == (drop.verify is not Verify.SLACK)
        assert drop.has_passphrase or "passphrase" not in news.text


def test_the_form_says_that_they_press_first() -> None:
    """Once: a template without a passphrase says it in that field's place."""
    press = Template("press", verify=Verify.SLACK)
    none = replace(press, passphrase=Scheme.NONE)
    required = Policy(verify=Verification.REQUIRED)
    for opening, is_said in (
        (Opening(), False),
        (Opening(template=press), True),
        (Opening(policy=required), True),
        (Opening(template=none), False),
    ):
        shown = json.dumps(form.view(EXPIRIES, opening))
        assert ("they press Open in my message" in shown) is is_said
    assert "pressed the button in Slack themselves" in json.dumps(form.view(EXPIRIES, Opening(template=none)))


@pytest.mark.parametrize(("meanwhile", "said"), [("claimed", "is opening it now"), ("released", "opened it")])
async def test_a_link_that_arrived_all_the_same(home: Home, meanwhile: str, said: str) -> None:
    """Slack did not say so, and a quick reader did."""
    done: Meanwhile = getattr(test_opened_all_the_same, meanwhile)
    async with home.open("bot") as store:
        sealed = await created(store)
        await done(store, home, sealed)
        outgoing = test_opened_all_the_same.outgoing(sealed, sealed.new.way)
        told = await delivery.give_up(store, outgoing, SlackUnansweredError("no answer"))
    assert told is not None
    assert f"somebody with it {said}" in told
    assert "passphrase" not in told


async def test_nobody_is_told_to_show_a_link_that_needs_a_press(sqlite_home: Home) -> None:
    """By whomever it was sealed: it opens in the recipient's DM only."""
    async with sqlite_home.open("bot") as store:
        sealed = await created(store, verify=Verify.SLACK)
        outgoing = replace(test_opened_all_the_same.outgoing(sealed, Way.DM), verify=Verify.SLACK)
        told = await delivery.give_up(store, outgoing, SlackRefusedError("user_not_visible"))
    assert told == undelivered_wording.NO_SHARED_CHANNEL_OUTSIDE.format(name="Dana")
