"""views.open, push, update and publish: trigger ids, the stack, hashes, what was entered."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import DANA, MAYA, OLD
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking
from tests.sandbox.parts import field, form, section

HOME = {"type": "home", "blocks": [section("first")]}


async def test_a_trigger_id_opens_one_view_within_three_seconds(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """An invented, a used and an old trigger id are refused, each with its own code."""
    triggers = sandbox.workspace.triggers
    await breaking(sandbox, "trigger_id: one that Slack issued", client.views_open(trigger_id="1.2.abc", view=form()))
    used = triggers.issue(MAYA)
    await client.views_open(trigger_id=used, view=form())
    await breaking(sandbox, "trigger_id: single use", client.views_open(trigger_id=used, view=form()))
    old = triggers.issue(MAYA)
    sandbox.move_clock(3.1)
    await breaking(sandbox, "trigger_id: three seconds", client.views_open(trigger_id=old, view=form()))


async def test_each_person_has_one_stack_of_three(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A fourth view does not fit, another person's stack is apart, and a push needs a modal to stand on."""
    triggers = sandbox.workspace.triggers
    first = await client.views_open(trigger_id=triggers.issue(MAYA), view=form())
    below = first["view"]["id"]
    for _ in range(2):
        pushed = await client.views_push(trigger_id=triggers.issue(MAYA, below), view=form())
        assert (pushed["view"]["previous_view_id"], pushed["view"]["root_view_id"]) == (below, first["view"]["id"])
        below = pushed["view"]["id"]
    fourth = client.views_push(trigger_id=triggers.issue(MAYA, below), view=form())
    await breaking(sandbox, "views: at most three in a stack", fourth)
    nowhere = client.views_push(trigger_id=triggers.issue(DANA), view=form())
    await breaking(sandbox, "views.push: a trigger_id that came from an open modal", nowhere)
    assert (len(sandbox.views(MAYA)), len(sandbox.views(DANA))) == (3, 0)


async def test_an_update_keeps_what_was_entered_and_an_old_hash_nothing(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Where both ids stay the same the text stays; a hash from before is a conflict; a closed view is gone."""
    opened = await client.views_open(trigger_id=sandbox.workspace.triggers.issue(MAYA), view=form())
    view_id, first_hash = opened["view"]["id"], opened["view"]["hash"]
    await sandbox.fill(view_id, {"label": "typed"})
    more = form(field("label"), field("hint", optional=True))
    updated = await client.views_update(view_id=view_id, hash=first_hash, view=more)
    assert updated["view"]["state"]["values"]["label"]["label"]["value"] == "typed"
    stale = client.views_update(view_id=view_id, hash=first_hash, view=form())
    await breaking(sandbox, "views: an old hash changes nothing", stale)
    await sandbox.close_view(view_id)
    await breaking(sandbox, "views.update: a view that is open", client.views_update(view_id=view_id, view=form()))


async def test_an_external_id_names_one_view(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Two open views cannot share it, and it finds the view for an update."""
    triggers = sandbox.workspace.triggers
    await client.views_open(trigger_id=triggers.issue(MAYA), view=form(external_id="mine"))
    again = client.views_open(trigger_id=triggers.issue(DANA), view=form(external_id="mine"))
    await breaking(sandbox, "views: external_id is unique", again)
    updated = await client.views_update(external_id="mine", view=form(callback_id="second"))
    assert updated["view"]["callback_id"] == "second"


async def test_home_is_published_for_people_who_exist(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The tab must be on, the person must exist, and an old hash is a conflict."""
    first = await client.views_publish(user_id=MAYA, view=HOME)
    await client.views_publish(user_id=MAYA, view=HOME, hash=first["view"]["hash"])
    stale = client.views_publish(user_id=MAYA, view=HOME, hash=first["view"]["hash"])
    await breaking(sandbox, "views: an old hash changes nothing", stale)
    gone = client.views_publish(user_id=OLD, view=HOME)
    await breaking(sandbox, "views.publish: somebody who exists", gone)
    sandbox.set("home_tab", False)
    await breaking(sandbox, "views.publish: the Home tab is on", client.views_publish(user_id=MAYA, view=HOME))
