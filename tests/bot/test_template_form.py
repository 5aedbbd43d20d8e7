"""A template at work: the step before the form, the form, the questions, and what is stored of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import command_wording, form, form_wording, submission, template_wording
from bot.policy import NONE
from bot.recipient_messages import PRESS
from bot.template import Template
from sandbox.fixtures import AUDIT, DANA, GENERAL, KAI, MAYA, MAYA_DANA, NOOR, SAM
from sandbox.running import Sandbox
from store import orders
from store.words import Verify
from tests.bot.desk import PASSPHRASE, Desk, Json, anyway, found, option_of, shown_passphrase, working
from tests.bot.sealing_outside import order_in, urls_in
from tests.bot.view_shapes import EXPIRIES, OUTSIDE
from tests.stores import Home

RIGHT = "rk_live_51canary8xZq0TBpwUX3d5f6"
BROAD = "sk_live_51canary8xZq0TBpwUX3d5f6"
BERLIN = 3600
OWN = """
badge: {label: Badge printer, passphrase: own, hint: On your badge, expires: 2h, on_lock: destroy, rotate_by: 30d}
words: {passphrase: made-words}
press: {label: Press, verify: slack, passphrase: none}
pressed: {label: Press, verify: slack}
"""


@pytest.fixture
async def own(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> Any:
    """A workplace with templates of its own."""
    file = tmp_path / "templates.yml"
    file.write_text(OWN)
    async with working(sandbox, sqlite_home, templates_file=file) as desk:
        yield desk


def element(view: Json, block_id: str) -> Json:
    """The element of a field; empty where there is none."""
    return next((dict(b["element"]) for b in view["blocks"] if b.get("block_id") == block_id), {})


def in_days(days: int) -> str:
    """A day as Slack writes it, by Maya's clock."""
    return (datetime.now(UTC) + timedelta(seconds=BERLIN, days=days)).date().isoformat()


async def test_one_word_fills_the_form_in(desk: Desk) -> None:
    """And what was chosen is stored, told and kept for the reader; the form remembers the name alone."""
    view = await desk.open_form("/sendsecret @noor stripe")
    assert view["private_metadata"] == "stripe"
    assert element(view, "label")["initial_value"] == "Stripe restricted key"
    said = json.dumps(view)
    assert "Match the engagement, not infinity" in said
    assert "<https://dashboard.stripe.com/apikeys|" in said
    day = in_days(40)
    await desk.sandbox.fill(view["id"], {"secret": RIGHT, "engagement_end": day})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    [picker] = [block["accessory"] for block in shown["blocks"] if block.get("block_id", "").startswith("rotate-")]
    assert picker["initial_date"] == day
    assert "I remind you to rotate it <!date^" in json.dumps(shown)
    drop = await desk.drop(await desk.link(NOOR))
    assert (drop.template, drop.variable, drop.header.label) == ("stripe", "STRIPE_API_KEY", "Stripe restricted key")
    assert drop.rotate_by is not None
    local = datetime.fromtimestamp(drop.rotate_by / 1000 + BERLIN, UTC)
    assert local.strftime("%Y-%m-%d %H:%M") == f"{day} 09:00"
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="stripe")


async def test_an_engagement_that_ends_today(desk: Desk) -> None:
    """Window and DM say at which hour the reminder comes: nine may be over."""
    view = await desk.open_form("/sendsecret @noor stripe")
    await desk.sandbox.fill(view["id"], {"secret": RIGHT, "engagement_end": in_days(0)})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    drop = await desk.drop(await desk.link(NOOR))
    assert drop.rotate_by is not None
    said = f"I remind you to rotate it <!date^{drop.rotate_by // 1000}^"
    assert said in json.dumps(shown)
    assert await desk.sandbox.wait_message(MAYA, contains=said, ephemeral=False)


async def test_the_word_alone_opens_its_form(desk: Desk) -> None:
    """With nobody chosen yet; with anything beside it, it may be a secret, and is warned about."""
    view = await desk.open_form("/sendsecret stripe")
    assert view["private_metadata"] == "stripe"
    assert "initial_users" not in element(view, "recipients")
    assert element(view, "label")["initial_value"] == "Stripe restricted key"
    await desk.sandbox.type(MAYA, GENERAL, "/sendsecret stripe canary")
    assert await desk.told(MAYA, "rotate it")


async def test_the_step_before_the_form_costs_one_press(desk: Desk) -> None:
    """Nothing secret is on the screen yet; the form takes its place."""
    await desk.sandbox.type(MAYA, GENERAL, "/sendsecret")
    step = found(await desk.sandbox.wait_view(MAYA, "choose_template"))
    options = element(step, "template")["options"]
    assert [option["value"] for option in options] == ["stripe", "aws", "github", "datadog", "database", "anything"]
    assert element(step, "template")["initial_option"] == options[-1]
    await desk.sandbox.fill(step["id"], {"template": "github"})
    assert (await desk.sandbox.submit(step["id"]))["outcome"] == "update"
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    assert element(view, "label")["initial_value"] == "GitHub fine-grained token"
    assert "initial_users" not in element(view, "recipients")


async def test_a_broader_key_is_asked_about_once(desk: Desk) -> None:
    """With the guest in the same question; nothing of the key is repeated, and a tick for one doubt is for no other."""
    view = await desk.open_form("/sendsecret @dana stripe")
    await desk.sandbox.fill(view["id"], {"secret": BROAD})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    asked = found(desk.view())
    said = json.dumps(asked["blocks"], ensure_ascii=False)
    assert "whole Stripe account" in said
    assert "is a guest" in said
    assert "canary" not in said
    assert asked["private_metadata"] == "stripe"
    box = anyway(asked)
    assert box is not None
    assert (await desk.sandbox.submit(view["id"]))["errors"].keys() == {box}
    await desk.sandbox.fill(view["id"], {box: [option_of(asked, box)], "secret": "canary of another kind"})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    again = found(desk.view())
    assert anyway(again) not in (None, box)
    assert "does not look like this: Stripe restricted key" in json.dumps(again)
    await desk.sandbox.fill(view["id"], {str(anyway(again)): [option_of(again, str(anyway(again)))]})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    assert (await desk.drop(await desk.link())).template == "stripe"


@pytest.mark.parametrize("day", [-1, 366 * 12])
async def test_a_day_that_is_none_is_refused_beside_its_field(desk: Desk, day: int) -> None:
    """And nothing is sent; without a day there is nothing to be reminded of."""
    view = await desk.open_form("/sendsecret @noor stripe")
    await desk.sandbox.fill(view["id"], {"secret": RIGHT, "engagement_end": in_days(day)})
    answer = await desk.sandbox.submit(view["id"])
    assert answer["errors"] == {"engagement_end": template_wording.ENGAGEMENT_DAY}
    await desk.sandbox.fill(view["id"], {"engagement_end": ""})


async def test_rules_of_ones_own(own: Desk) -> None:
    """A passphrase that must be theirs, an expiry that nobody offers else, an end by guesses, a span to rotate in."""
    view = await own.open_form("/sendsecret @noor badge")
    assert element(view, "expires")["initial_option"]["value"] == "7200"
    assert element(view, "hint")["initial_value"] == "On your badge"
    assert element(view, "engagement_end") == {}
    await own.sandbox.fill(view["id"], {"secret": "canary"})
    assert (await own.sandbox.submit(view["id"]))["errors"] == {"passphrase": template_wording.PASSPHRASE_NEEDED}
    await own.sandbox.fill(view["id"], {"passphrase": PASSPHRASE})
    assert (await own.sandbox.submit(view["id"]))["outcome"] == "update"
    drop = await own.drop(await own.link(NOOR))
    assert (drop.on_lock, drop.header.expires_at - drop.header.created_at) == ("destroy", 7200)
    assert drop.rotate_by is not None
    assert drop.rotate_by > drop.created_at + 29 * 86_400_000


async def test_three_words_are_made_and_open_it(own: Desk) -> None:
    """As the window shows them; a template that says nothing of the key's end has the form ask for it."""
    view = await own.open_form("/sendsecret @noor words")
    assert element(view, "engagement_end")["type"] == "datepicker"
    assert "Match the engagement, not infinity" in json.dumps(view)
    await own.sandbox.fill(view["id"], {"label": "key", "secret": "canary"})
    await own.sandbox.submit(view["id"])
    shown = json.dumps(found(await own.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)")))
    passphrase = shown.split("Passphrase: `")[1].split("`")[0]
    assert len(passphrase.split()) == 3
    assert await own.read(await own.link(NOOR), passphrase) == "canary"


async def test_without_a_passphrase_the_link_alone_seals_it(own: Desk) -> None:
    """There is no field for one and none to pass on; it goes by DM only, and its reader must press first."""
    view = await own.open_form("/sendsecret @noor press")
    assert element(view, "passphrase") == element(view, "hint") == {}
    assert [option["value"] for option in element(view, "delivery")["options"]] == ["dm"]
    await own.sandbox.fill(view["id"], {"secret": "canary"})
    assert (await own.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = json.dumps(found(await own.sandbox.wait_view(MAYA, "sent_drop", contains="no passphrase to pass on")))
    assert "Passphrase: `" not in shown
    link = await own.link(NOOR)
    drop = await own.drop(link)
    assert (link.mode, drop.verify, drop.header.mode) == ("n", Verify.SLACK, "n")
    assert "Only your own Slack account can let you" in json.dumps(await own.sandbox.wait_message(NOOR, contains=PRESS))


@pytest.mark.parametrize("line", ["here @dana press", "here @dana pressed canary", "dana@example.com pressed"])
async def test_what_needs_a_press_goes_by_dm_only(own: Desk, line: str) -> None:
    """Said before a form opens that could not be sent."""
    await own.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret {line}")
    assert command_wording.NEEDS_DM.partition("`")[0] in (await own.told(MAYA, "presses a button"))["text"]
    assert own.view() is None


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"delivery": {"a": {"selected_option": {"value": "shown"}}}}, "delivery"),
        ({"conversation": {"a": {}}}, "conversation"),
        ({"addresses": {"a": {"value": "dana@example.com"}}}, "addresses"),
    ],
)
def test_a_form_of_before_goes_no_other_way(chosen: dict[str, Any], field: str) -> None:
    """It was opened when the template asked for no press, or made by hand."""
    press = Template("press", verify=Verify.SLACK)
    given = submission.read(chosen, [{"block_id": "conversation", "response_url": "https://hooks.example"}])
    checked, errors = submission.check(given, {}, EXPIRIES, template=press)
    assert checked is None
    assert errors[field] == template_wording.NEEDS_DM
    assert template_wording.NEEDS_DM not in submission.check(given, {}, EXPIRIES)[1].values()


@pytest.mark.parametrize("word", ["press", "pressed"])
async def test_a_refusal_names_no_way_that_the_form_has_not(own: Desk, word: str) -> None:
    """Where a press is required no link is shown, and where there is no passphrase there is no page either."""
    view = await own.open_form(f"/sendsecret @noor {word}")
    await own.sandbox.fill(view["id"], {"recipients": [KAI], "secret": "   "})
    errors = (await own.sandbox.submit(view["id"]))["errors"]
    assert errors["recipients"] == form_wording.IS_STRANGER_OUTSIDE.format(name="Kai Ito")
    assert errors["secret"] == (form_wording.NO_SECRET if word == "pressed" else form_wording.NO_SECRET_HERE)


async def test_what_no_form_can_hold_is_refused_where_the_form_leads_to_no_page(own: Desk) -> None:
    """With the way that there is for it; a template that has the page opens its form."""
    await own.sandbox.type(MAYA, GENERAL, f"/sendsecret @noor press {'x' * 3001}")
    assert await own.told(MAYA, command_wording.TOO_LONG)
    assert own.view() is None
    assert await own.open_form(f"/sendsecret @noor pressed {'x' * 3001}")


async def test_a_page_outside_slack_is_ordered_with_the_same_rules(own: Desk) -> None:
    """What is sealed there is held against them; the page makes a passphrase."""
    view = await own.open_form("/sendsecret @noor badge")
    await own.sandbox.fill(view["id"], {"delivery": "outside"})
    assert (await own.sandbox.submit(view["id"]))["outcome"] == "update"
    [url] = urls_in(found(await own.sandbox.wait_view(MAYA, "composers")))
    terms = (await orders.look(own.store, order_in(url))).terms
    assert terms is not None
    assert (terms.template, terms.on_lock, terms.unviewed_after) == ("badge", "destroy", 86_400)
    assert terms.rotate_by is not None
    assert terms.hint is None  # "On your badge" is of a passphrase that the page does not make


async def test_a_hint_of_ones_own_goes_outside(own: Desk) -> None:
    """Whoever wrote it knows the page."""
    view = await own.open_form("/sendsecret @noor badge")
    await own.sandbox.fill(view["id"], {"delivery": "outside", "hint": "I call you"})
    assert (await own.sandbox.submit(view["id"]))["outcome"] == "update"
    [url] = urls_in(found(await own.sandbox.wait_view(MAYA, "composers")))
    terms = (await orders.look(own.store, order_in(url))).terms
    assert terms is not None
    assert terms.hint == "I call you"


def test_a_hint_is_not_filled_in_where_all_is_typed_outside() -> None:
    """It is the template's for its own passphrase."""
    badge = Template("badge", hint="On your badge")
    for policy, hint in ((NONE, "On your badge"), (OUTSIDE, None)):
        shown = form.view(EXPIRIES, form.Opening(template=badge, policy=policy))
        assert element(shown, "hint").get("initial_value") == hint


async def test_a_template_that_is_gone_is_said(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> None:
    """The bot was started with another file while the form was open: nothing is sent by rules that nobody saw."""
    file = tmp_path / "templates.yml"
    file.write_text(OWN)
    async with working(sandbox, sqlite_home, templates_file=file) as desk:
        view = await desk.open_form("/sendsecret @noor words")
    async with working(sandbox, sqlite_home) as desk:
        await desk.fill(view)
        assert (await desk.sandbox.submit(view["id"]))["errors"] == {"recipients": template_wording.GONE}


async def test_without_a_word_it_is_anything(desk: Desk) -> None:
    """The form is as it always was, and asks about no format."""
    view = await desk.open_form("/sendsecret @noor")
    assert "private_metadata" not in view or not view["private_metadata"]
    assert element(view, "engagement_end") == {}
    shown = await desk.send("/sendsecret @dana")
    assert await desk.read(await desk.link(), shown_passphrase(shown))
    drop = await desk.drop(await desk.link(DANA))
    assert (drop.template, drop.variable, drop.rotate_by) == ("anything", None, None)
