"""Every published limit of Block Kit: the value at the edge is taken, the one beyond is refused by name."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.block_kit import blocks, elements, objects, surfaces
from sandbox.block_kit.shapes import Shape
from sandbox.fixtures import GENERAL, MAYA
from sandbox.rules import RULES, Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import BROKEN, breaks, refusal
from tests.sandbox.limits import MEMBERS, REQUIRED, RIGHT, WHOLE
from tests.sandbox.parts import Json, button, field, form, plain, section

SHAPES: dict[str, Shape] = {
    shape.name: shape
    for module in (objects, elements, blocks, surfaces)
    for shape in vars(module).values()
    if isinstance(shape, Shape)
}


def broken(shape: str, value: Json) -> set[str]:
    """The names of the rules that the object breaks."""
    return {breach.rule.name for breach in SHAPES[shape].breaches(value, "")}


def rule_of(shape: str, member: str) -> str:
    """The rule about a member's value."""
    (name,) = [n for n in RULES if n.startswith(f"{shape}.{member}: ") and not n.endswith(": required")]
    BROKEN.add(name)
    return name


CASES = {f"{shape}.{member}": (shape, member, rule_of(shape, member)) for shape, member in MEMBERS}
BROKEN.update(WHOLE)
BROKEN.update(f"{shape}.{member}: required" for shape, members in REQUIRED.items() for member in members)
BROKEN.update(f"{shape}: no unknown member" for shape in RIGHT)


@pytest.mark.parametrize("shape", RIGHT)
def test_a_right_object_is_taken_and_an_unknown_member_refused(shape: str) -> None:
    """The examples break nothing; one member that Slack does not know is refused."""
    assert broken(shape, RIGHT[shape]) == set()
    assert broken(shape, {**RIGHT[shape], "surprise": 1}) == {f"{shape}: no unknown member"}


@pytest.mark.parametrize(("shape", "member", "rule"), CASES.values(), ids=CASES.keys())
def test_a_member_is_taken_up_to_its_limit_and_refused_beyond(shape: str, member: str, rule: str) -> None:
    """Each value at the edge is right, each one beyond breaks exactly the rule about this member."""
    good, bad = MEMBERS[(shape, member)]
    alone = {name for name in WHOLE if name.startswith(f"{shape}:")}
    for value in good:
        assert broken(shape, {**RIGHT[shape], member: value}) - alone == set(), value
    for value in bad:
        assert rule in broken(shape, {**RIGHT[shape], member: value}), value


@pytest.mark.parametrize("name", WHOLE)
def test_an_object_as_a_whole_is_refused(name: str) -> None:
    """Members that are right one by one may be wrong together."""
    shape, value = WHOLE[name]
    assert name in broken(shape, value)


@pytest.mark.parametrize(
    ("shape", "member"), [(shape, member) for shape, members in REQUIRED.items() for member in members]
)
def test_a_required_member_is_missed(shape: str, member: str) -> None:
    """Without it the object is refused."""
    value = copy.deepcopy(RIGHT[shape])
    del value[member]
    assert f"{shape}.{member}: required" in broken(shape, value)


def refused(judge: Any, value: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        judge(value)
    return caught.value


@breaks("blocks: block_id unique", "blocks: one focus_on_load", "blocks: a JSON list", "view: a JSON object")
def test_blocks_are_judged_together() -> None:
    """Two blocks may not share an id, two elements may not both want the focus, and a list is a list."""
    twice = [section(block_id="same"), section(block_id="same")]
    assert refused(surfaces.message_blocks, twice).rule == "blocks: block_id unique"
    focused = form(field("a", {"focus_on_load": True}), field("b", {"focus_on_load": True}))
    assert refused(surfaces.modal, focused).rule == "blocks: one focus_on_load"
    assert refused(surfaces.message_blocks, "[]").error == "invalid_blocks_format"
    assert refused(surfaces.modal, "{").rule == "view: a JSON object"


@breaks("view: at most 250 kB", "modal: type is modal", "home: type is home")
def test_views_have_a_size_and_a_type() -> None:
    """A view over 250 kB, and one of the wrong type for its method, are refused."""
    large = form(*[section("x" * 3000) for _ in range(90)])
    assert refused(surfaces.modal, large).error == "view_too_large"
    assert refused(surfaces.modal, {"type": "home", "blocks": [section()]}).rule == "modal: type is modal"
    assert refused(surfaces.home, form()).rule == "home: type is home"


@pytest.mark.parametrize("strange", [None, 1, [], [None], [[]], {"type": None}, [{"type": []}], [{"type": {}}]])
def test_nonsense_is_refused_and_not_a_crash(strange: Any) -> None:
    """Whatever stands where blocks or a view should be, the answer is a refusal."""
    assert refused(surfaces.modal, {"type": "modal", "title": plain(), "blocks": strange}).error == "invalid_arguments"
    if strange != []:
        assert refused(surfaces.message_blocks, strange).error in ("invalid_blocks", "invalid_blocks_format")


async def test_slacks_client_is_told_what_is_wrong_and_where(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Refusals travel with Slack's code and a JSON pointer, for views and for messages."""
    trigger = sandbox.workspace.triggers.issue(MAYA)
    view = form(title=plain("x" * 25))
    assert await refusal(client.views_open(trigger_id=trigger, view=view)) == "invalid_arguments"
    told = sandbox.calls("views.open")[0]["answer"]["response_metadata"]["messages"]
    assert told == ["[ERROR] must be 1 to 24 characters [json-pointer:/view/title]"]
    sandbox.invite_bot(GENERAL)
    wrong = [{"type": "actions", "elements": [button(text=plain("x" * 76))]}]
    assert await refusal(client.chat_postMessage(channel=GENERAL, text="x", blocks=wrong)) == "invalid_blocks"
    assert "/blocks/0/elements/0/text" in sandbox.calls("chat.postMessage")[0]["answer"]["errors"][0]


def test_ids_are_given_where_the_app_gave_none() -> None:
    """Blocks and elements without ids get some, as Slack gives them."""
    (block,) = surfaces.message_blocks([{"type": "actions", "elements": [{"type": "button", "text": plain()}]}])
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
