"""
What people are advised can be done where they are: with and without a mail server, and where no secret may be typed
into Slack.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import (
    command_wording,
    form,
    form_ways,
    grammar,
    mail_undelivered_wording,
    submission,
    templates,
    undelivered_wording,
)
from bot.command import Command
from bot.evidence_desk import EvidenceDesk
from bot.form import Opening
from bot.mail_errors import MailError, MailRefusedError
from bot.people import Kind, Person
from bot.policy import NONE
from bot.sealed_deliveries import SealedDeliveries
from bot.slack_calls import SlackError, SlackRefusedError
from sandbox.fixtures import DANA, KAI, MAYA, MAYA_DANA, NOOR
from sandbox.running import Sandbox
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.words import MailFault, Outcome, Way
from tests.bot import manifest
from tests.bot.counted_slack import CountedSlack
from tests.bot.desk import Desk, Json, found, working
from tests.bot.postbox import postbox, url
from tests.bot.test_mail_happy_path import DANA as ADDRESS
from tests.bot.test_mail_happy_path import FROM, LINE, link_of
from tests.bot.test_mail_trouble import ADDRESSED
from tests.bot.test_policy import OUTSIDE_ONLY
from tests.bot.test_sealed_links_leased import PEOPLE
from tests.bot.view_shapes import EXPIRIES, OUTSIDE
from tests.sealed_elsewhere import handed_in
from tests.stores import Home

SITUATIONS = pytest.mark.parametrize(
    ("outside_only", "can_mail"), [(False, True), (False, False), (True, True), (True, False)]
)
TYPED_INTO_SLACK = re.compile(
    "show me the link|put the secret there|paste|sendsecret here|slack sees what you", re.IGNORECASE
)


def command(*, outside_only: bool, can_mail: bool) -> Command:
    """The command where only its sentences are asked for."""
    nothing: Any = None
    return Command(
        nothing,
        nothing,
        EXPIRIES,
        nothing,
        EvidenceDesk(nothing, (NOOR,)),
        nothing,
        nothing,
        nothing,
        nothing,
        templates=templates.read(None, 86400),
        opens_here_only=False,
        policy=OUTSIDE if outside_only else NONE,
        can_mail=can_mail,
    )


async def answer(there: Command, line: str, by: str = MAYA) -> str:
    """What is answered at once, without a form."""
    said: list[str] = []

    async def ack(**answered: str) -> None:
        said.append(answered["text"])

    await there.answer(ack, {"text": line, "user_id": by})
    return said[0]


@SITUATIONS
async def test_the_help_shows_only_what_can_be_done_here(outside_only: bool, can_mail: bool) -> None:
    """Each of its examples is taken; e-mail stands there if there is a mail server."""
    there = command(outside_only=outside_only, can_mail=can_mail)
    told = await answer(there, "help")
    assert ("e-mail" in told) == can_mail
    assert (TYPED_INTO_SLACK.search(told) is None) == outside_only
    assert ("a page outside Slack" in told) == outside_only
    examples = re.findall("`/sendsecret ?([^`]*)`", told)
    assert len(examples) == 10 + can_mail - 2 * outside_only
    for example in examples:
        typed = grammar.read(example.replace("@person", f"<@{DANA}>"))
        known = grammar.OpenForm | grammar.Choose | grammar.Request | grammar.Token | grammar.Evidence
        assert isinstance(typed, known | grammar.Incident | grammar.Dispute | grammar.Code)
        assert there._sentence(typed) is None, example


async def test_the_help_names_evidence_to_those_who_may_have_it() -> None:
    """Behind all that is for everybody, and to nobody else."""
    there = command(outside_only=False, can_mail=False)
    plain = await answer(there, "help")
    assert "evidence" not in plain
    assert await answer(there, "help", NOOR) == f"{plain}\n{command_wording.EVIDENCE}"


def test_slacks_own_hint_names_what_is_understood() -> None:
    """While somebody types, in one short line: Slack cuts it off in its list."""
    read = manifest.read(manifest.MANIFEST.read_text())
    [slash] = read["features"]["slash_commands"]
    hint = str(slash["usage_hint"])
    assert len(hint) <= 80
    assert "e-mail" in hint
    assert {"templates", "incident", "dispute"} <= set(re.findall(r"\w+", hint))
    for example in re.split(r"\s+or\s{2}|, ", hint.strip("[]").replace("[", "").replace("]", "")):
        typed = grammar.read(example.replace("@person", f"<@{DANA}>"))
        assert not isinstance(typed, grammar.NoAddressee), example


@pytest.mark.parametrize("code", undelivered_wording.BY_CODE)
def test_nobody_is_sent_to_a_form_that_refuses_them(code: str) -> None:
    """Why Slack did not take a link, where no secret may be typed into Slack; elsewhere the other way is named."""
    assert TYPED_INTO_SLACK.search(undelivered_wording.why(code, outside_only=True)) is None
    assert undelivered_wording.why(code, outside_only=False) == undelivered_wording.BY_CODE[code]


@pytest.mark.parametrize("code", [*MailFault, "smtp_rcpt_550", "smtp_data_554", "smtp_mail_530", "smtp_data_452"])
def test_nor_by_what_a_mail_server_said(code: str) -> None:
    """The same for letters."""
    strict = mail_undelivered_wording.why(code, "dana@example.com", outside_only=True)
    assert TYPED_INTO_SLACK.search(strict) is None
    usual = mail_undelivered_wording.why(code, "dana@example.com")
    assert (usual != strict) == (code in (MailFault.NOT_SET_UP, "smtp_data_554"))


def _refused(failure: SlackError | MailError) -> Callable[..., Any]:
    async def refuse(*_: object, **__: object) -> None:
        raise failure

    return refuse


@pytest.mark.parametrize("outside_only", [True, False])
@pytest.mark.parametrize(
    ("people", "failure"),
    [
        ({}, SlackRefusedError("user_not_visible")),
        ({**ADDRESSED, "way": Way.MAIL}, MailRefusedError(MailFault.NOT_SET_UP)),
        ({**ADDRESSED, "way": Way.MAIL}, MailRefusedError("smtp_data_554")),
    ],
)
async def test_whoever_sealed_outside_slack_reads_what_they_may_do(
    sqlite_home: Home,
    monkeypatch: pytest.MonkeyPatch,
    outside_only: bool,
    people: Json,
    failure: SlackError | MailError,
) -> None:
    """A link that a page or a client sealed is not taken: its sender reads of another way only if there is one."""
    monkeypatch.setattr("bot.sealed_deliveries.send_out", _refused(failure))
    there: Any = (slack := CountedSlack())
    home = sqlite_home
    async with home.open("bot") as store:
        await handed_in(store, home, **{**PEOPLE, **people})
        opener, speakers = LinkOpener(home.signing), partial(believed, home.signing)
        policy = OUTSIDE if outside_only else NONE
        assert await SealedDeliveries(store, there, opener, speakers, False, policy=policy).once()
    [(_, _, told)] = slack.posts
    assert "The secret was destroyed" in told
    assert (TYPED_INTO_SLACK.search(told) is None) == outside_only


@SITUATIONS
@pytest.mark.parametrize("addresses", [None, ("dana@example.com",)])
def test_the_form_advises_only_what_it_offers(
    outside_only: bool, can_mail: bool, addresses: tuple[str, ...] | None
) -> None:
    """Where nothing can be typed outside Slack the secret is required; where all is, no field and no word is for it."""
    if addresses and outside_only and not can_mail:
        return  # refused before a form opens; see test_a_form_that_could_not_be_sent_is_not_opened
    policy = OUTSIDE if outside_only else NONE
    view = form.view(EXPIRIES, Opening(addresses=addresses, can_mail=can_mail, policy=policy))
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    offered = [option["value"] for option in inputs["delivery"]["element"]["options"]]
    has_page = "outside" in offered
    assert has_page == (addresses is None or can_mail)
    assert ("outside Slack" in json.dumps(view)) == has_page
    assert ("that mailbox" in json.dumps(view)) == (addresses is not None and not outside_only and can_mail)
    assert ("secret" in inputs) == (not outside_only)
    assert (TYPED_INTO_SLACK.search(json.dumps(view)) is None) == outside_only
    if not outside_only:
        assert inputs["secret"]["optional"] == has_page
        assert inputs["secret"]["element"]["min_length"] == int(not has_page)


@pytest.mark.parametrize("can_mail", [True, False])
def test_a_missing_secret_is_asked_for_where_it_can_be_given(can_mail: bool) -> None:
    """Without a mail server there is no page for an address."""
    given = submission.read(
        {form.ADDRESSES: {"a": {"value": "dana@example.com"}}, form.SECRET: {"a": {"value": " "}}}, ()
    )
    _, errors = submission.check(given, {}, EXPIRIES, can_mail=can_mail)
    assert ("outside Slack" in errors[form.SECRET]) == can_mail


@pytest.mark.parametrize("outside_only", [True, False])
def test_a_stranger_is_refused_with_a_way_that_is_open(outside_only: bool) -> None:
    """Whom the bot cannot write to; the link of what it did not seal it cannot show."""
    kai = Person(KAI, "T0OTHER", "Kai", "", Kind.STRANGER)
    chosen = {form.RECIPIENTS: {"a": {"selected_users": [KAI]}}}
    way = {form.DELIVERY: {"a": {"selected_option": {"value": form_ways.OUTSIDE}}}}
    _, errors = submission.check(
        submission.read({**chosen, **way}, ()), {KAI: kai}, EXPIRIES, policy=OUTSIDE if outside_only else NONE
    )
    assert "shares no channel with me" in errors[form.RECIPIENTS]
    assert (TYPED_INTO_SLACK.search(errors[form.RECIPIENTS]) is None) == outside_only


@pytest.fixture
def strict(tmp_path: Path) -> Json:
    """The setting by which no secret is typed into Slack."""
    file = tmp_path / "policy.yml"
    file.write_text(OUTSIDE_ONLY)
    return {"policy_file": file}


async def _press(desk: Desk, action: str, message: Json) -> None:
    await desk.sandbox.click(MAYA, action, message["conversation"], message["ts"])


async def test_a_form_that_could_not_be_sent_is_not_opened(sandbox: Sandbox, sqlite_home: Home, strict: Json) -> None:
    """For an address, where there is no mail server any more; with one, the form opens and leads to a page."""
    async with postbox() as box:
        mails = {"smtp_url": url(box), "smtp_from": FROM}
        async with working(sandbox, sqlite_home, **mails) as desk:
            await desk.send(LINE)
            link = link_of(await box.wait())
            status = found(await sandbox.wait_message(MAYA, contains="The mail server took the link"))
            sandbox.workspace.modals.clear(MAYA)
        async with working(sandbox, sqlite_home, **strict) as desk:
            await _press(desk, "lost_passphrase", status)
            assert await desk.told(MAYA, "Revoked; nobody opened it. It was for an e-mail address")
            assert (await desk.drop(link)).outcome is Outcome.REVOKED
            ended = found(await sandbox.wait_message(MAYA, contains='"again"'))
            await _press(desk, "again", ended)
            assert await desk.told(MAYA, "set it up (SMTP_URL). Nothing was changed")
            assert desk.view() is None
        async with working(sandbox, sqlite_home, **strict, **mails) as desk:
            await _press(desk, "again", ended)
            view = found(await sandbox.wait_view(MAYA, "send_drop"))
            assert ADDRESS in json.dumps(view["blocks"])
            await sandbox.fill(view["id"], {"label": "key"})
        async with working(sandbox, sqlite_home, **strict):
            refused: Any = await sandbox.submit(view["id"])
            assert "Ask whoever runs Sendsecret to set it up" in refused["errors"]["delivery"]


async def test_what_stood_in_a_conversation_is_not_posted_there_again(
    sandbox: Sandbox, sqlite_home: Home, strict: Json
) -> None:
    """A link for a conversation needs a secret in the form: the form that opens is the one for a page."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret here @dana")
        await desk.fill(view)
        await desk.submit(view)
        assert await sandbox.wait_message(DANA, MAYA_DANA, contains="open_drop")
        status = found(await sandbox.wait_message(MAYA, contains="stands in the conversation"))
        sandbox.workspace.modals.clear(MAYA)
    async with working(sandbox, sqlite_home, **strict) as desk:
        await _press(desk, "lost_passphrase", status)
        view = found(await sandbox.wait_view(MAYA, "send_drop"))
        blocks = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        assert blocks == {"recipients", "label", "hint", "expires", "delivery"}


async def test_the_program_knows_its_policy_where_links_fail(sandbox: Sandbox, sqlite_home: Home, strict: Json) -> None:
    """What was sealed outside Slack and not taken is not to be typed into Slack afterwards."""
    async with working(sandbox, sqlite_home, **strict):
        sandbox.fault("conversations.open", "error", times=1, error="user_not_visible")
        async with sqlite_home.open("bot") as store:
            await handed_in(store, sqlite_home, **PEOPLE)
        told = found(await sandbox.wait_message(MAYA, contains="shares no channel with me"))
        assert TYPED_INTO_SLACK.search(told["text"]) is None
