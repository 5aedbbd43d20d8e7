"""
What people do in a workplace where many drops are under way: send, press, guess.

A loaded machine makes the bot say "press Send again"; they press it again, as people do.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from bot import command_wording, form_wording
from sandbox import payloads
from sandbox.fixtures import DANA, MAYA, MAYA_DANA
from store.drops import Drop
from store.formats import base64url, derivation_v1
from store.formats.link_v1 import Link
from tests.bot.desk import SECRET, Json, anyway, found, link_in, option_of
from tests.e2e.reading import mark, reads, seen_by, words_of
from tests.e2e.workplace import Workplace
from tests.programs import Call

PASSPHRASE = "7777 8888"
_AGAIN = (form_wording.TOO_BUSY, command_wording.SENDER_UNKNOWN, form_wording.IS_UNKNOWN)


@dataclass
class Handover:
    """One drop of one test, found again among the others by its label."""

    at: Workplace
    label: str
    window: Json
    message: Json
    """The recipient's message, with the link in it."""
    url: str
    link: Link

    @property
    def value(self) -> str:
        """What the drop's buttons carry."""
        return base64url.encode(self.link.id)

    async def now(self) -> Drop:
        """The drop as the store has it."""
        return await self.at.desk.drop(self.link)


def new_label() -> str:
    """A label that no other drop has."""
    return f"case {secrets.token_hex(5)}"


async def open_form(at: Workplace, line: str = "/sendsecret @dana", place: str = MAYA_DANA) -> Json:
    """Maya types the command; the form that opens."""
    before = {view["id"] for view in at.sandbox.views(MAYA)}
    assert (await at.sandbox.type(MAYA, place, line))["outcome"] == "acked"
    if line == "/sendsecret":
        step = found(await at.sandbox.wait_view(MAYA, "choose_template"))
        assert (await at.sandbox.submit(step["id"]))["outcome"] == "update"
    return await fresh_form(at, before)


async def fresh_form(at: Workplace, before: set[str]) -> Json:
    """The form that opens on Maya's screen, once it is none of the views that were there `before`."""

    def look() -> Json | None:
        shown = at.desk.view()
        is_new = shown is not None and shown["callback_id"] == "send_drop" and shown["id"] not in before
        return shown if is_new else None

    return found(await at.sandbox.workspace.changes.until(look, 25))


async def press_send(at: Workplace, view: Json) -> Json:
    """Maya presses Send until nobody is too busy, and confirms whom she means when she is asked."""
    for _ in range(5):
        answer: Json = await at.sandbox.submit(view["id"])
        shown = at.desk.view()
        box = anyway(shown) if shown is not None else None
        if answer["outcome"] == "update" and shown is not None and box is not None:
            await at.sandbox.fill(view["id"], {box: [option_of(shown, box)]})
        elif not any(sentence in answer["errors"].values() for sentence in _AGAIN):
            return answer
    raise AssertionError("the bot was too busy five times")


async def hand_over(
    at: Workplace, line: str = "/sendsecret @dana", *, to: str = DANA, place: str = MAYA_DANA, **values: Any
) -> Handover:
    """Maya sends; the drop, once its window says that it is sent and the recipient has the message."""
    label = new_label()
    view = await open_form(at, line, place)
    await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET, "passphrase": PASSPHRASE, **values})
    answer = await press_send(at, view)
    assert answer["outcome"] == "update", answer
    shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)", seconds=60))
    await reads(at, MAYA, "opens once, until", about=label)
    return handed(at, label, shown, to)


def handed(at: Workplace, label: str, shown: Json, to: str = DANA) -> Handover:
    """The drop whose link somebody has in a message with this label."""
    message = max(
        (one for one in seen_by(at, to, about=label) if "open_drop" in json.dumps(one)), key=lambda one: str(one["ts"])
    )
    link = link_in(message)
    return Handover(at, label, shown, message, link.url(f"http://localhost:{at.web.port}"), link)


async def press(at: Workplace, user: str, action: str, message: Json, **how: Any) -> str:
    """Somebody presses a button in a message; the moment before."""
    before = mark(at)
    clicked = await at.sandbox.click(user, action, message["conversation"], message["ts"], **how)
    assert clicked["outcome"] in ("acked", "not_confirmed"), clicked
    return before


async def press_by_hand(at: Workplace, user: str, action: str, message: Json, value: str) -> str:
    """
    A press that the message on the screen does not offer; the moment before.

    A screen that is older than the drop's end, or somebody who has made the request by hand.
    """
    workspace, before = at.sandbox.workspace, mark(at)
    place = workspace.conversations[message["conversation"]]
    stands = place.find(message["ts"])
    assert stands is not None
    made = {"type": "button", "action_id": action, "block_id": "b", "action_ts": mark(at), "value": value}
    payload = payloads.block_actions_in_message(workspace, workspace.people[user], place, stands, made)
    assert (await at.sandbox.road.deliver("interactive", payload)).outcome == "acked"
    return before


async def answer_to(at: Workplace, user: str, after: str, sentence: str) -> str:
    """What only somebody who pressed or typed reads, younger than `after`."""
    message = await reads(at, user, sentence, after=after)
    assert message["seen_by"] == user
    return words_of(message)


async def guess(at: Workplace, link: Link, times: int = 1) -> int:
    """Somebody with the link types wrong passphrases, as far apart as the schedule asks; the last answer's status."""
    status = 0
    for _ in range(times):
        at.home.advance_clock(301)
        body = {
            "link_proof": base64url.encode(derivation_v1.link_proof(link)),
            "auth_token": base64url.encode(secrets.token_bytes(32)),
            "claim": base64url.encode(secrets.token_bytes(32)),
        }
        path = f"/api/v1/drops/{link.id_text}/claim"
        status = (await Call(at.web.port, "POST", path, json.dumps(body).encode()).answer()).status
    return status
