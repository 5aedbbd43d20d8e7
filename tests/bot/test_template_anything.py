"""A company's own template of anything: it holds wherever somebody hands something over without naming one."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import command_wording
from sandbox.fixtures import GENERAL, MAYA, MAYA_DANA, NOOR
from sandbox.running import Sandbox
from store import orders
from store.formats.order_v1 import Terms
from store.words import Verify
from tests.bot.desk import SECRET, Desk, found, working
from tests.bot.postbox import postbox, url
from tests.bot.sealing_outside import order_in, urls_in
from tests.bot.test_orders_asked import ask, token_of, why
from tests.bot.test_template_form import element
from tests.stores import Home

OWN = """
anything:
  {label: Handed over, expires: 2h, on_lock: destroy, verify: slack, unviewed_after: 3h, variable: HANDED,
  rotate_by: 30d}
"""


@pytest.fixture
async def own(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> Any:
    """A workplace where anything is handed over in the company's own way."""
    file = tmp_path / "templates.yml"
    file.write_text(OWN)
    async with postbox() as box:
        changed = {"templates_file": file, "smtp_url": url(box), "smtp_from": "a@b.example"}
        async with working(sandbox, sqlite_home, **changed) as desk:
            yield desk


def _is_as_the_file_says(terms: Terms | None) -> bool:
    assert terms is not None
    assert terms.rotate_by is not None
    told = (terms.template, terms.on_lock, terms.verify, terms.unviewed_after, terms.variable)
    return told == ("anything", "destroy", "slack", 3 * 3600, "HANDED")


async def test_what_a_client_asks_for_is_ordered_so(own: Desk) -> None:
    """And what cannot go so is refused before anything is sealed."""
    assert _is_as_the_file_says((await ask(own, await token_of(own))).terms)
    assert await why(own, await token_of(own), to="noor@example.com", anyway=True) == "needs-dm"


async def test_what_somebody_is_asked_for_is_ordered_so(own: Desk) -> None:
    """Nobody chooses how long it lives, so that the template does."""
    await own.sandbox.type(MAYA, GENERAL, "/sendsecret request @noor a key")
    [asked] = urls_in(found(await own.sandbox.wait_message(NOOR, contains="open_composer")))
    terms = (await orders.look(own.store, order_in(asked))).terms
    assert _is_as_the_file_says(terms)
    assert terms is not None
    assert terms.lives_seconds == 7200


async def test_the_form_for_a_message_is_as_the_commands(own: Desk) -> None:
    """What it offers is what can be sent."""
    posted = await own.sandbox.type(MAYA, GENERAL, SECRET)
    await own.sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
    view = found(await own.sandbox.wait_view(MAYA, "send_drop"))
    assert element(view, "label")["initial_value"] == "Handed over"
    assert element(view, "expires")["initial_option"]["value"] == "7200"
    assert [option["value"] for option in element(view, "delivery")["options"]] == ["dm", "outside"]
    await own.sandbox.fill(view["id"], {"recipients": [NOOR]})
    assert (await own.sandbox.submit(view["id"]))["outcome"] == "update"
    drop = await own.drop(await own.link(NOOR))
    assert (drop.on_lock, drop.verify, drop.variable) == ("destroy", Verify.SLACK, "HANDED")


@pytest.mark.parametrize(
    "line", ["here @dana", "here @dana canary", "dana@example.com", f"dana@example.com {'x' * 3001}"]
)
async def test_the_command_without_a_word_refuses_what_could_not_be_sent(own: Desk, line: str) -> None:
    """As it does where the template was named."""
    await own.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret {line}")
    assert "canary" not in json.dumps(await own.told(MAYA, "presses a button in their own DM"))
    assert own.view() is None


@pytest.mark.parametrize("line", ["/sendsecret @noor ", ""])
async def test_what_no_form_can_hold_is_refused_where_there_is_no_page(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path, line: str
) -> None:
    """Nobody is sent through a form to a page that it does not lead to."""
    file = tmp_path / "templates.yml"
    file.write_text("anything: {verify: slack, passphrase: none}")
    async with working(sandbox, sqlite_home, templates_file=file) as desk:
        posted = await sandbox.type(MAYA, GENERAL, f"{line}{'x' * 3001}")
        if not line:
            await sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
        assert await desk.told(MAYA, command_wording.TOO_LONG_FOR_ALL)
        assert desk.view() is None
        assert await desk.open_form(f"/sendsecret @noor stripe {'x' * 3001}")


async def test_what_is_sent_again_after_its_template_is_gone(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path
) -> None:
    """It is anything then, in the company's way."""
    file = tmp_path / "templates.yml"
    file.write_text("left: {label: Left, rotate_by: 30d}")
    async with working(sandbox, sqlite_home, templates_file=file) as desk:
        await desk.send("/sendsecret @noor left")
        await desk.press(MAYA, "revoke", contains="has the link")
        assert await desk.told(MAYA, "Revoked")
    file.write_text("anything: {expires: 2h, variable: HANDED, hint: On your badge, rotate_by: 30d}")
    async with working(sandbox, sqlite_home, templates_file=file) as desk:
        await desk.press(MAYA, "again", contains='"again"')
        view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
        assert element(view, "hint")["initial_value"] == "On your badge"
