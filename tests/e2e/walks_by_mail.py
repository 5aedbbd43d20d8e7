"""Ways to what is said about e-mail, over a real mail server.  WALKS holds those of the other walks too."""

from typing import Final

from bot import mail_undelivered_wording
from sandbox.fixtures import MAYA
from store.words import MailFault
from tests.bot.desk import SECRET
from tests.bot.postbox import BREAK
from tests.e2e.acting import PASSPHRASE, new_label, open_form, press_send
from tests.e2e.reading import window, words_of
from tests.e2e.walks import leads_to, refusal
from tests.e2e.walks_for_requests import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

WRONG: Final = {
    "mail_form_wording.NO_ADDRESS": ",",
    "mail_form_wording.TOO_MANY_ADDRESSES": "\n".join(f"dana{number}@example.com" for number in range(11)),
    "mail_form_wording.NOT_AN_ADDRESS": "Dana <dana@example.com>",
}


@leads_to(*WRONG)
async def a_form_with_wrong_addresses(at: Workplace) -> list[str]:
    """One form, refused for one reason after another."""
    view = await open_form(at, "/sendsecret dana@example.com")
    read = []
    for typed in WRONG.values():
        await at.sandbox.fill(view["id"], {"label": "key", "secret": SECRET, "addresses": typed})
        read.append(refusal(await at.sandbox.submit(view["id"])))
    return read


REFUSED: Final = {verb: [f"{code} no"] for verb, code in (("rcpt", 550), ("data", 554), ("mail", 530))}
UNANSWERED: Final = MailFault.UNANSWERED


@leads_to(
    *(f"mail_undelivered_wording.BY_VERB[{verb}]" for verb in REFUSED),
    f"mail_undelivered_wording.BY_FAULT[{UNANSWERED}]",
)
async def letters_that_are_not_taken(at: Workplace) -> list[str]:
    """Refused for good at each command, and twice without an answer."""
    read = []
    for verb, answers in {**REFUSED, "": [BREAK, BREAK]}.items():
        sentence = mail_undelivered_wording.BY_VERB.get(verb, mail_undelivered_wording.BY_FAULT[UNANSWERED])
        at.mail.answers[verb.upper() or "DATA"] += answers
        view = await open_form(at, "/sendsecret dana@example.com")
        await at.sandbox.fill(view["id"], {"label": new_label(), "secret": SECRET, "passphrase": PASSPHRASE})
        assert (await press_send(at, view))["outcome"] == "update"
        read.append(words_of(await window(at, MAYA, sentence)))
    return read
