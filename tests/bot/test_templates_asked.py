"""Templates that clients name: judged as the form judges them, over what the client says and under the policy."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import zones
from sandbox.fixtures import DANA, KAI
from sandbox.running import Sandbox
from store.formats.order_v1 import Terms
from store.words import OrderState
from tests.bot.desk import Desk, working
from tests.bot.test_orders_asked import ask, token_of, why
from tests.stores import Home

OWN = """
pager: {label: Pager key, expires: 2h, rotate_by: 30d, on_lock: destroy, unviewed_after: 3h, variable: PAGER_KEY}
badge: {label: Badge key, rotate_by: none, passphrase: own, hint: The word on your badge}
made: {label: Made, rotate_by: none, hint: The word on your badge}
press: {label: Pressed, rotate_by: none, verify: slack}
bare: {label: Bare, rotate_by: none, verify: slack, passphrase: none}
nameless: {rotate_by: none}
"""
LEFT_TO_IT: dict[str, Any] = {"label": None, "hint": None, "lives_seconds": None}


@pytest.fixture
async def desk(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> AsyncIterator[Desk]:
    """A workplace with templates of its own."""
    file = tmp_path / "templates.yml"
    file.write_text(OWN)
    async with working(sandbox, sqlite_home, templates_file=file, expires_default="3d") as desk:
        yield desk


async def ordered(desk: Desk, template: str | None, **changed: Any) -> Terms:
    """The terms of an order that leaves to the template what it can."""
    seen = await ask(desk, await token_of(desk), template=template, **LEFT_TO_IT | changed)
    assert seen.state is OrderState.OPEN, seen.refusal
    assert seen.terms is not None
    return seen.terms


async def test_what_a_template_says_holds(desk: Desk) -> None:
    """Each rule of it, as in the form; a span of rotate_by is counted from asking, to the end of that day."""
    terms = await ordered(desk, "pager")
    said = (terms.template, terms.label, terms.hint, terms.lives_seconds, terms.on_lock, terms.unviewed_after)
    assert said == ("pager", "Pager key", None, 7200, "destroy", 3 * 3600)
    assert (terms.variable, terms.verify, terms.passphrase, terms.way) == ("PAGER_KEY", "none", "made", "dm")
    assert terms.rotate_by is not None
    left = terms.rotate_by - desk.store.clock.now_seconds()
    assert timedelta(days=30) <= timedelta(seconds=left) < timedelta(days=31)


async def test_what_the_client_says_stands_above_it(desk: Desk) -> None:
    """As what is typed into a form that is filled in; what has neither has the installation's time."""
    terms = await ordered(desk, "pager", label="Other", hint="phone", lives_seconds=3600)
    assert (terms.label, terms.hint, terms.lives_seconds, terms.on_lock) == ("Other", "phone", 3600, "destroy")
    usual = await ordered(desk, None, label="Key")
    assert (usual.template, usual.lives_seconds, usual.rotate_by) == ("anything", 3 * 86400, None)


async def test_the_day_on_which_an_engagement_ends(desk: Desk) -> None:
    """Asked for, held to the end of that day where the sender lives, or said to be none."""
    token = await token_of(desk)
    assert await why(desk, token, template="stripe") == "needs-engagement-end"
    day = datetime.now(ZoneInfo("UTC")).date() + timedelta(days=40)
    terms = await ordered(desk, "stripe", engagement_ends=day.isoformat())
    assert (terms.label, terms.variable, terms.lives_seconds) == ("Stripe restricted key", "STRIPE_API_KEY", 3 * 86400)
    assert terms.rotate_by is not None
    assert abs(terms.rotate_by - zones.evening_of(day, ZoneInfo("UTC"))) < 15 * 3600
    assert (await ordered(desk, "stripe", engagement_ends="none")).rotate_by is None
    for wrong in ("2020-01-01", "9999-01-01", "tomorrow", "", "31.12.2030", "20301231", "2030-W10-1"):
        assert await why(desk, token, template="stripe", engagement_ends=wrong) == "engagement-end"
    # A day that nobody keeps would be one that somebody relies on.
    assert await why(desk, token, template="pager", engagement_ends=day.isoformat()) == "engagement-end"
    assert await why(desk, token, engagement_ends=day.isoformat()) == "engagement-end"


async def test_passphrases_are_as_the_template_wants_them(desk: Desk) -> None:
    """One of the sender's own brings the template's hint; words that a client makes are not what it hints at."""
    badge = await ordered(desk, "badge")
    assert (badge.passphrase, badge.hint) == ("own", "The word on your badge")
    assert (await ordered(desk, "badge", hint="")).hint is None
    made = await ordered(desk, "made")
    assert (made.passphrase, made.hint) == ("made", None)
    assert await why(desk, await token_of(desk), template="bare") == "not-by-api"


async def test_what_is_no_template_is_said(desk: Desk) -> None:
    """By its exact name only, with some that there are; one without a label wants one."""
    token = await token_of(desk)
    for name in ("Stripe", "strip", "", " stripe"):
        seen = await ask(desk, token, template=name)
        assert seen.refusal is not None
        assert (seen.refusal.why, "anything" in seen.refusal.names) == ("unknown-template", True)
    assert await why(desk, token, template="nameless", label=None) == "needs-label"
    assert await why(desk, token, template="nameless", label=" ") == "needs-label"
    assert await why(desk, token, template="pager", lives_seconds=60) == "expires"


async def test_a_link_is_handed_back_where_nobody_must_press(desk: Desk) -> None:
    """Also for somebody whom Slack lets us write nothing, and for an address without a mail server; as in the form."""
    token = await token_of(desk)
    assert (await ordered(desk, "pager", delivery="link")).way == "shown"
    assert await why(desk, token, template="press", delivery="link") == "needs-dm"
    assert (await ordered(desk, "press")).verify == "slack"
    assert await why(desk, token, to=DANA, delivery="link") == "confirm"
    assert await why(desk, token, to=KAI, anyway=True) == "is-stranger"
    for to in (KAI, "noor@example.com"):
        terms = await ordered(desk, "pager", to=to, anyway=True, delivery="link")
        assert (terms.way, terms.recipient_id) == ("shown", to)


async def test_the_policy_stands_above_every_template(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> None:
    """Everybody must press: nothing is handed back; and only the spans of its list are ordered."""
    policy = tmp_path / "policy.yml"
    policy.write_text("{verify: required, expires: [2h, 24h]}")
    async with working(sandbox, sqlite_home, policy_file=policy) as desk:
        token = await token_of(desk)
        assert await why(desk, token, label="Key", lives_seconds=7200, delivery="link") == "needs-dm"
        assert await why(desk, token, label="Key", lives_seconds=3600, delivery="link") == "span"
        terms = await ordered(desk, "stripe", engagement_ends="none")
        assert (terms.verify, terms.lives_seconds) == ("slack", 86400)


async def test_where_nothing_is_typed_into_slack_a_client_seals_what_has_no_passphrase(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path
) -> None:
    """As the page does there: with a passphrase, and a press all the same."""
    policy, file = tmp_path / "policy.yml", tmp_path / "templates.yml"
    policy.write_text("secrets_typed: outside-slack")
    file.write_text(OWN)
    async with working(sandbox, sqlite_home, policy_file=policy, templates_file=file) as desk:
        terms = await ordered(desk, "bare")
        assert (terms.verify, terms.passphrase) == ("slack", "made")
