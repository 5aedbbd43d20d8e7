"""
Ways to the bot's answers, through the real programs: each walk says which sentences it leads to, and returns what was
read.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

from bot.form_ways import OUTSIDE
from sandbox import payloads
from sandbox.fixtures import AUDIT, DANA, GENERAL, KAI, LEE, MAYA, MAYA_DANA, NOOR, OLD, ROBOT, SAM, TEAM
from sandbox.people import Person
from store.words import Way
from tests.bot.desk import SECRET, Json, anyway, found
from tests.e2e.acting import (
    PASSPHRASE,
    answer_to,
    open_form,
    press_send,
)
from tests.e2e.reading import mark
from tests.e2e.sentences import SENTENCES
from tests.e2e.workplace import Workplace

Walk = Callable[[Workplace], Awaitable[list[str]]]
WALKS: Final[dict[str, tuple[Walk, tuple[str, ...]]]] = {}


def leads_to(*names: str) -> Callable[[Walk], Walk]:
    """Say which sentences a walk leads to."""

    def listed(walk: Walk) -> Walk:
        WALKS[walk.__name__] = (walk, names)
        return walk

    return listed


LINES: Final = {
    "command_wording.USAGE": "help",
    "command_wording.NO_ADDRESSEE": "just some words",
    "evidence_wording.WHO_MAY": "evidence last quarter",
    "command_wording.MIXED": "@dana sam@example.com",
    "command_wording.ONE_HERE": "here @dana @sam",
    "command_wording.TOO_LONG": "here @dana " + "x" * 3001,
}


@leads_to(*LINES, "command_wording.TOO_MANY", "command_wording.EVIDENCE", "command_wording.MAY_NOT_SEND")
async def typed_lines(at: Workplace) -> list[str]:
    """What is typed after the command, by Maya, an administrator, and a guest."""
    everybody = " ".join(f"@{person.handle}" for person in at.sandbox.workspace.people.values())
    read = [
        await typed(at, MAYA, line, name) for name, line in {**LINES, "command_wording.TOO_MANY": everybody}.items()
    ]
    before = mark(at)
    await at.sandbox.type(SAM, AUDIT, "/sendsecret help")
    read.append(await answer_to(at, SAM, before, SENTENCES["command_wording.EVIDENCE"]))
    return [*read, await typed(at, DANA, "@maya", "command_wording.MAY_NOT_SEND")]


async def typed(at: Workplace, user: str, line: str, name: str) -> str:
    """Somebody types the command; what they read."""
    before = mark(at)
    await at.sandbox.type(user, MAYA_DANA, f"/sendsecret {line}")
    return await answer_to(at, user, before, SENTENCES[name])


@leads_to("command_wording.TRIGGER_MISSED", "command_wording.FORM_NOT_OPENED")
async def a_form_that_does_not_open(at: Workplace) -> list[str]:
    """Slack refuses to open the form: too late, and for another reason."""
    at.sandbox.fault("views.open", "error", error="expired_trigger_id")
    read = [await typed(at, MAYA, "@dana", "command_wording.TRIGGER_MISSED")]
    at.sandbox.fault("views.open", "http_500")
    return [*read, await typed(at, MAYA, "@dana", "command_wording.FORM_NOT_OPENED")]


REFUSED: Final[Mapping[str, Mapping[str, Any]]] = {
    "form_wording.IS_BOT": {"recipients": [ROBOT]},
    "form_wording.IS_GONE": {"recipients": [OLD]},
    "form_wording.IS_STRANGER": {"recipients": [KAI]},
    "form_wording.NO_LABEL": {"label": "  "},
    "form_wording.NO_SECRET": {"secret": "  "},
    "form_wording.TYPED_ANYWAY": {"delivery": OUTSIDE},
    "form_wording.PASSPHRASE_ANYWAY": {"delivery": OUTSIDE, "secret": ""},
    "form_wording.HALF_CHARACTER": {"label": "half \ud800"},
    "form_wording.TELLS_SECRET": {"label": f"key {SECRET}"},
    "form_wording.TELLS_PASSPHRASE": {"hint": f"it is {PASSPHRASE}"},
    "form_wording.PASSPHRASE_IS_SECRET": {"passphrase": SECRET},
    "form_wording.PASSPHRASE_SHORT": {"passphrase": "abc"},
    "form_wording.PASSPHRASE_FAULTS[surrogate]": {"passphrase": "half \ud800"},
    "form_wording.PASSPHRASE_FAULTS[unassigned]": {"passphrase": "abcd\u0378"},
    "form_wording.PASSPHRASE_FAULTS[unprintable]": {"passphrase": "abcd\u0007"},
    "form_wording.PASSPHRASE_FAULTS[empty]": {"passphrase": "\u200b\u200b"},
    "form_wording.PASSPHRASE_FAULTS[too-long]": {"passphrase": "\u00e9" * 200},
}
GOOD: Final[Mapping[str, Any]] = {
    "recipients": [NOOR],
    "label": "key",
    "secret": SECRET,
    "passphrase": PASSPHRASE,
    "hint": "",
}


@leads_to(*REFUSED, "form_wording.TICK_TO_SEND", "form_wording.STORE_AWAY", "form_wording.IS_UNKNOWN")
async def a_form_that_is_wrong(at: Workplace) -> list[str]:
    """One form, refused for one reason after another, and at the end for none that is the sender's."""
    view = await open_form(at, "/sendsecret")
    read = []
    for values in REFUSED.values():
        await at.sandbox.fill(view["id"], {**GOOD, "delivery": Way.DM, **values})
        read.append(refusal(await at.sandbox.submit(view["id"])))
    with drops_away(at):
        await at.sandbox.fill(view["id"], {**GOOD, "delivery": Way.DM})
        read.append(refusal(await press_send(at, view)))
    with newcomer(at) as somebody:
        await at.sandbox.fill(view["id"], {"recipients": [somebody]})
        read.append(refusal(await at.sandbox.submit(view["id"])))
    await at.sandbox.fill(view["id"], {"recipients": [LEE]})
    assert (await at.sandbox.submit(view["id"]))["outcome"] == "update"
    assert anyway(found(at.desk.view())) is not None
    return [*read, refusal(await at.sandbox.submit(view["id"]))]


@leads_to("template_wording.ENGAGEMENT_DAY")
async def an_engagement_that_is_over(at: Workplace) -> list[str]:
    """The form of a template asks for a day to come."""
    view = await open_form(at, "/sendsecret @noor stripe")
    await at.sandbox.fill(view["id"], {"secret": "rk_test_0123456789abcdef", "engagement_end": "2020-02-29"})
    return [refusal(await at.sandbox.submit(view["id"]))]


@leads_to("form_wording.IS_STRANGER_HERE", "form_wording.NO_SECRET_HERE")
async def a_stranger_in_a_conversation(at: Workplace) -> list[str]:
    """The form for a conversation sends them to the other one."""
    view = await open_form(at, "/sendsecret here")
    await at.sandbox.fill(view["id"], {**GOOD, "recipients": [KAI]})
    read = [refusal(await at.sandbox.submit(view["id"]))]
    await at.sandbox.fill(view["id"], {**GOOD, "secret": "  "})
    return [*read, refusal(await at.sandbox.submit(view["id"]))]


@leads_to("command_wording.SENDER_UNKNOWN", "form_wording.NOBODY_KNOWN")
async def a_sender_whom_slack_does_not_know(at: Workplace) -> list[str]:
    """The form opens for somebody who is not looked up in time, and is refused when that lasts, whatever the reason."""
    with newcomer(at) as somebody:
        await at.sandbox.type(somebody, GENERAL, "/sendsecret @maya")
        view = found(await at.sandbox.wait_view(somebody, "send_drop"))
        await at.sandbox.fill(view["id"], {"label": "key", "secret": SECRET})
        read = [refusal(await at.sandbox.submit(view["id"]))]
        at.sandbox.clear_faults("users.info")
        # As long as it lasts: the audit channel's entries ask for people, too, and would take a single refusal.
        at.sandbox.fault("users.info", "error", times=None, error="missing_scope")
        read.append(refusal(await at.sandbox.submit(view["id"])))
        at.sandbox.clear_faults("users.info")
        # One good answer, and the bot knows that the reason is gone.
        after = len(at.sandbox.calls("users.info"))
        await at.sandbox.type(somebody, GENERAL, "/sendsecret @maya")
        assert len(at.sandbox.calls("users.info")) > after
        return read


UNCHECKED: Final[Mapping[str, Mapping[str, Json]]] = {
    "form_wording.NO_RECIPIENT": {"recipients": {"selected_users": []}},
    "form_wording.TOO_MANY_CHOSEN": {"recipients": {"selected_users": [f"U0NOBODY{n:02}" for n in range(11)]}},
    "form_wording.NO_EXPIRY": {"expires": {"selected_option": {"value": "7"}}},
}


@leads_to(*UNCHECKED, "form_wording.ONE_CHOSEN", "form_wording.NO_CONVERSATION")
async def a_client_without_checks(at: Workplace) -> list[str]:
    """What Slack's own client does not let anybody send."""
    view = await open_form(at, "/sendsecret @noor")
    await at.sandbox.fill(view["id"], {"label": "key", "secret": SECRET})
    read = [await submit_unchecked(at, view["id"], values) for values in UNCHECKED.values()]
    view = await open_form(at, "/sendsecret here @noor")
    await at.sandbox.fill(view["id"], {"label": "key", "secret": SECRET})
    read.append(await submit_unchecked(at, view["id"], {"recipients": {"selected_users": [NOOR, MAYA]}}))
    return [*read, await submit_unchecked(at, view["id"], {}, response_urls=[])]


async def submit_unchecked(at: Workplace, view_id: str, values: Mapping[str, Json], **members: object) -> str:
    """Submit a form whose elements hold what no client sends; the refusals."""
    workspace = at.sandbox.workspace
    shown = workspace.modals.find(view_id)
    assert shown is not None
    payload = payloads.view_submission(workspace, workspace.people[shown.user], shown) | members
    for block, state in values.items():
        [element] = payload["view"]["state"]["values"][block].values()
        payload["view"]["state"]["values"][block] = {block: {**element, **state}}
    reply = await at.sandbox.road.deliver("interactive", payload)
    return "\n".join(reply.payload["errors"].values())


def refusal(answer: Json) -> str:
    """The sentences beside the fields."""
    assert answer["outcome"] == "errors", answer
    return "\n".join(answer["errors"].values())


@contextlib.contextmanager
def newcomer(at: Workplace) -> Iterator[str]:
    """Within, there is somebody whom the bot has never met, and Slack does not say who that is; their id."""
    somebody = f"U0{secrets.token_hex(4).upper()}"
    workspace = at.sandbox.workspace
    workspace.people[somebody] = Person(somebody, "newcomer", "New Comer", TEAM)
    workspace.conversations[GENERAL].members.add(somebody)
    at.sandbox.fault("users.info", "http_500", times=None)
    try:
        yield somebody
    finally:
        at.sandbox.clear_faults("users.info")
        workspace.conversations[GENERAL].members.discard(somebody)
        del workspace.people[somebody]


@contextlib.contextmanager
def drops_away(at: Workplace) -> Iterator[None]:
    """Within, the folder of the drops' keys is not mounted."""
    drops = at.home.keyring / "drops"
    away = drops.rename(at.home.keyring / "away")
    try:
        yield
    finally:
        away.rename(drops)


@contextlib.contextmanager
def busy_store(at: Workplace) -> Iterator[None]:
    """Within, another program holds the database's one right to write."""
    with contextlib.closing(sqlite3.connect(at.home.path / "store.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        yield
