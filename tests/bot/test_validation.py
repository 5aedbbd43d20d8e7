"""What the form refuses, over the real sockets; each refusal stands beside its field and nothing is sent."""

import json
from typing import Any

import pytest

from sandbox.fixtures import DANA, KAI, LEE, MAYA, MAYA_DANA, NOOR, OLD, PIA, ROBOT, SLACKBOT
from sandbox.running import Sandbox
from tests.bot.desk import PASSPHRASE, SECRET, Desk, anyway, found, option_of, working
from tests.stores import Home


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"recipients": [ROBOT]}, "recipients", "is an app"),
        ({"recipients": [SLACKBOT]}, "recipients", "is an app"),
        ({"recipients": [OLD]}, "recipients", "deactivated"),
        ({"recipients": [KAI]}, "recipients", "shares no channel"),
        ({"secret": "   "}, "secret", "Paste the secret"),
        ({"label": f"key {SECRET}"}, "label", "holds the secret"),
        ({"hint": SECRET.upper()}, "hint", "holds the secret"),
        ({"passphrase": PASSPHRASE, "hint": f"it is {PASSPHRASE.title()}"}, "hint", "holds the passphrase"),
        ({"passphrase": "correct horse", "hint": "say Correct-Horse, please"}, "hint", "holds the passphrase"),
        ({"passphrase": "correct horse", "label": "CORRECT  horse"}, "label", "holds the passphrase"),
        ({"passphrase": "12-34", "hint": "like 1 2 3 4"}, "hint", "holds the passphrase"),
        ({"passphrase": "abc"}, "passphrase", "4 characters at least"),
        ({"passphrase": "\u200b\u200b"}, "passphrase", "Nothing visible"),
        ({"passphrase": SECRET}, "passphrase", "the secret itself"),
    ],
)
async def test_the_form_refuses(desk: Desk, values: dict[str, Any], field: str, said: str) -> None:
    """The sentence stands beside the field, repeats nothing that was entered, and nothing is posted."""
    view = await desk.open_form("/sendsecret")
    await desk.fill(view, **{"recipients": [NOOR], **values})
    answer = await desk.sandbox.submit(view["id"])
    assert answer["outcome"] == "errors"
    assert said in answer["errors"][field]
    assert SECRET not in json.dumps(answer)
    assert not desk.sandbox.calls("chat.postMessage")


async def test_guests_and_outside_people_need_a_second_look(desk: Desk) -> None:
    """They are named; unticked nothing is sent; ticked it is; a tick for some is none for others."""
    view = await desk.open_form("/sendsecret")
    await desk.fill(view, recipients=[LEE, NOOR])
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    asked = found(desk.view())
    assert "Lee Fontaine (Agency designer)" in json.dumps(asked["blocks"])
    assert "Noor" not in json.dumps(asked["blocks"])
    box = str(anyway(asked))
    assert "Send anyway" in (await desk.sandbox.submit(view["id"]))["errors"][box]

    await desk.sandbox.fill(view["id"], {box: [option_of(asked, box)], "recipients": [LEE, PIA]})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    asked = found(desk.view())
    assert "*Pia Moreau (Partner engineer)* is from outside this company" in json.dumps(asked["blocks"])
    assert anyway(asked) != box
    assert not desk.sandbox.calls("chat.postMessage")


async def test_the_warning_does_not_send_the_secret_back(desk: Desk) -> None:
    """The answer to the submission repeats nothing that was entered; Slack keeps it on the screen."""
    view = await desk.open_form(f"/sendsecret @dana {SECRET}")
    await desk.sandbox.fill(view["id"], {"label": "key"})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = found(desk.view())
    assert SECRET not in json.dumps(shown["blocks"])
    assert shown["state"]["values"]["secret"]["secret"]["value"] == SECRET


@pytest.mark.parametrize(
    ("line", "said"), [(f"@dana {SECRET}", "it has been through Slack"), ("@dana key <x> @sam", "paste it here")]
)
async def test_the_warning_keeps_what_the_form_said_of_the_command_line(desk: Desk, line: str, said: str) -> None:
    """That the secret has travelled is as true beside "Send anyway" as before, however often the form asks."""
    view = await desk.open_form(f"/sendsecret {line}")
    await desk.sandbox.fill(view["id"], {"label": "key", "secret": SECRET})
    for recipients in ([DANA], [DANA, LEE]):
        await desk.sandbox.fill(view["id"], {"recipients": recipients})
        assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
        shown = found(desk.view())
        assert anyway(shown) is not None
        assert json.dumps(shown["blocks"]).count(said) == 1


async def test_a_guest_cannot_send(desk: Desk) -> None:
    """Dana, a guest, is told so at the command, before she types a secret anywhere."""
    await desk.sandbox.type(DANA, MAYA_DANA, "/sendsecret @maya")
    assert await desk.sandbox.wait_message(DANA, contains="Your account here", ephemeral=True)
    assert desk.view(DANA) is None


async def test_a_sender_is_judged_by_the_submission(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A form that was opened before somebody became a guest sends nothing afterwards."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view)
    sandbox.workspace.people[MAYA].is_restricted = True
    async with working(sandbox, sqlite_home):
        answer = await sandbox.submit(view["id"])
    assert "Your account here" in answer["errors"]["recipients"]
    assert not sandbox.calls("chat.postMessage")


async def test_nobody_is_sent_anything_while_slack_does_not_say_who_they_are(desk: Desk) -> None:
    """A failed look-up is a refusal in words, and pressing Send again works."""
    view = await desk.open_form("/sendsecret")
    await desk.fill(view, recipients=[NOOR])
    desk.sandbox.fault("users.info", "http_500", times=1)
    answer = await desk.sandbox.submit(view["id"])
    assert "Press Send again" in answer["errors"]["recipients"]
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
