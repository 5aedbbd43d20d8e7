"""Filling and submitting: the client's own checks, the app's answers, closing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.control import forms
from sandbox.fixtures import DANA, GENERAL, MAYA, MAYA_DANA, SAM
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks
from tests.sandbox.parts import Json, field, form, option, section
from tests.sandbox.rawsocket import RawSocket, raw_socket


async def opened(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> str:
    trigger = sandbox.workspace.triggers.issue(MAYA)
    return str((await client.views_open(trigger_id=trigger, view=view))["view"]["id"])


async def submitted(sandbox: Sandbox, socket: RawSocket, view: str, answer: Any = None) -> tuple[Json, Json]:
    """The payload of the submission, and what the person saw after the app's answer."""
    pressing = asyncio.create_task(sandbox.submit(view))
    envelope = await socket.next()
    await socket.ack(envelope, answer)
    return envelope["payload"], await pressing


@breaks("submit: a required input is not empty", "submit: min_length is kept", "submit: max_length is kept")
async def test_the_client_refuses_before_the_app_is_asked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Empty, too short and too long stay on the screen with words; the app hears nothing."""
    sizes = {"min_length": 3, "max_length": 5}
    view = await opened(sandbox, client, form(field("a", sizes), field("b", sizes, optional=True)))
    for given, words in (("", "required"), ("xx", "at least 3"), ("xxxxxx", "at most 5")):
        await sandbox.fill(view, {"a": given})
        told = await sandbox.submit(view)
        assert told["outcome"] == "refused"
        assert words in told["errors"]["a"]
        assert set(told["errors"]) == {"a"}
    assert sandbox.envelopes() == []


async def test_every_kind_of_input_arrives_as_slack_sends_it(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The state object of each element has Slack's member names, line breaks of a multiline text untouched."""
    options = [option("one"), option("two")]
    view = form(
        field("text", {"multiline": True}),
        field("line"),
        field("people", {"type": "multi_users_select", "max_selected_items": 2}),
        field("who", {"type": "users_select", "initial_user": DANA}),
        field("pick", {"type": "static_select", "options": options}),
        field("ticks", {"type": "checkboxes", "options": options}),
        field("radio", {"type": "radio_buttons", "options": options, "initial_option": options[0]}),
        field("day", {"type": "datepicker"}),
        field("place", {"type": "conversations_select", "response_url_enabled": True}),
    )
    view_id = await opened(sandbox, client, view)
    await sandbox.fill(
        view_id,
        {
            "text": "-----BEGIN\r\nKEY\n",
            "line": "one\nline",
            "people": [DANA, SAM],
            "pick": "two",
            "ticks": ["one"],
            "day": "2026-12-01",
            "place": MAYA_DANA,
        },
    )
    async with raw_socket(sandbox) as socket:
        payload, told = await submitted(sandbox, socket, view_id)
    assert told["outcome"] == "closed"
    assert sandbox.views(MAYA) == []
    values = {block: state[block] for block, state in payload["view"]["state"]["values"].items()}
    assert values["text"] == {"type": "plain_text_input", "value": "-----BEGIN\r\nKEY\n"}
    assert values["line"]["value"] == "one line"
    assert values["people"]["selected_users"] == [DANA, SAM]
    assert values["who"]["selected_user"] == DANA
    assert values["pick"]["selected_option"] == options[1]
    assert values["ticks"]["selected_options"] == [options[0]]
    assert values["radio"]["selected_option"] == options[0]
    assert values["day"]["selected_date"] == "2026-12-01"
    assert values["place"]["selected_conversation"] == MAYA_DANA
    (response,) = payload["response_urls"]
    assert (response["channel_id"], response["block_id"]) == (MAYA_DANA, "place")
    assert payload["user"]["id"] == MAYA


@pytest.mark.parametrize(
    ("block", "given"), [("pick", "three"), ("people", [DANA, SAM, MAYA]), ("day", "tomorrow"), ("nothing", "x")]
)
async def test_nobody_can_enter_the_impossible(
    sandbox: Sandbox, client: AsyncWebClient, block: str, given: Any
) -> None:
    """An unknown option, too many people, a date that is none and a missing input are refused."""
    view = await opened(
        sandbox,
        client,
        form(
            field("pick", {"type": "static_select", "options": [option()]}),
            field("people", {"type": "multi_users_select", "max_selected_items": 2}),
            field("day", {"type": "datepicker"}),
        ),
    )
    with pytest.raises(Refused):
        await sandbox.fill(view, {block: given})


async def test_the_app_answers_with_errors_update_push_or_clear(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Each response_action does what Slack's does, and what was typed survives errors and update."""
    view = await opened(sandbox, client, form())
    await sandbox.fill(view, {"label": "typed"})
    async with raw_socket(sandbox) as socket:
        errors = {"response_action": "errors", "errors": {"label": "No."}}
        assert (await submitted(sandbox, socket, view, errors))[1]["errors"] == {"label": "No."}
        update = {"response_action": "update", "view": form(callback_id="second")}
        assert (await submitted(sandbox, socket, view, update))[1]["outcome"] == "update"
        shown = sandbox.views(MAYA)[0]
        assert (shown["callback_id"], shown["state"]["values"]["label"]["label"]["value"]) == ("second", "typed")
        push = {"response_action": "push", "view": form(callback_id="third")}
        assert (await submitted(sandbox, socket, view, push))[1]["outcome"] == "push"
        top = sandbox.views(MAYA)[-1]
        await sandbox.fill(top["id"], {"label": "x"})
        assert (await submitted(sandbox, socket, top["id"], {"response_action": "clear"}))[1]["outcome"] == "clear"
    assert sandbox.views(MAYA) == []


@breaks("response_action: errors, update, push or clear", "response_action errors: keys are ids of input blocks")
@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "explode"},
        {"response_action": "errors", "errors": {"text": "Not an input block."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"label": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "update"},
    ],
)
async def test_an_impossible_answer_is_trouble_for_the_person(
    sandbox: Sandbox, client: AsyncWebClient, answer: Json
) -> None:
    """The view stays with "We had some trouble connecting", and the complaint is recorded."""
    view = await opened(sandbox, client, form(section(block_id="text"), field("label")))
    await sandbox.fill(view, {"label": "x"})
    async with raw_socket(sandbox) as socket:
        assert (await submitted(sandbox, socket, view, answer))[1]["outcome"] == "invalid_response_action"
    assert "trouble connecting" in sandbox.views(MAYA)[0]["trouble"]
    assert sandbox.complaints(MAYA)[0]["error"] == "invalid_response_action"


async def test_submitting_twice_and_after_a_timeout_reaches_the_app_twice(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Both payloads carry the same view.id: the app must tell them apart from two forms."""
    view = await opened(sandbox, client, form())
    await sandbox.fill(view, {"label": "x"})
    async with raw_socket(sandbox) as socket:
        twice = [asyncio.create_task(sandbox.submit(view)) for _ in range(2)]
        both = [await socket.next() for _ in range(2)]
        for envelope in both:
            await socket.ack(envelope, {"response_action": "update", "view": form()})
        await asyncio.gather(*twice)
        assert {e["payload"]["view"]["id"] for e in both} == {view}
        sandbox.set("ack_seconds", 0.05)
        assert (await sandbox.submit(view))["outcome"] == "operation_timeout"
        late = await socket.next()
        sandbox.set("ack_seconds", 10)
        again, told = await submitted(sandbox, socket, view)
        assert (again["view"]["id"], late["payload"]["view"]["id"], told["outcome"]) == (view, view, "closed")


@breaks("view_closed: carries no input state")
async def test_closing_sends_no_input(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """view_closed comes only when asked for, without what was typed; ✕ names the root view and clears all."""
    silent = await opened(sandbox, client, form())
    assert await sandbox.close_view(silent) == {"outcome": "closed"}
    assert sandbox.envelopes() == []
    view = await opened(sandbox, client, form(notify_on_close=True))
    await sandbox.fill(view, {"label": "secret"})
    async with raw_socket(sandbox) as socket:
        for everything in (False, True):
            closing = asyncio.create_task(sandbox.close_view(view, everything=everything))
            envelope = await socket.next()
            await socket.ack(envelope)
            await closing
            payload = envelope["payload"]
            assert (payload["type"], payload["is_cleared"]) == ("view_closed", everything)
            assert payload["view"]["state"]["values"] == {}
            assert "secret" not in str(payload)
            view = await opened(sandbox, client, form(notify_on_close=True))
    with pytest.raises(RuntimeError):
        forms.NO_INPUTS.keep({"blocks": [field("a")], "state": {"values": {"a": {}}}})


async def test_an_open_form_belongs_to_one_person(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Dana sees nothing of Maya's modal; a view without submit cannot be submitted."""
    info = {"type": "modal", "title": form()["title"], "blocks": [section()]}
    view = await opened(sandbox, client, info)
    assert sandbox.views(DANA) == []
    with pytest.raises(Refused, match="no submit button"):
        await sandbox.submit(view)
    with pytest.raises(Refused):
        await sandbox.click(DANA, "press", view=view)
    assert sandbox.conversations(MAYA)[0]["id"] == GENERAL
