"""Ways to what is answered to `/sendsecret token`.  WALKS holds all others, too."""

import json
import re
from typing import Any

from bot import home_view, token_views, token_wording
from sandbox.fixtures import DANA, GENERAL, MAYA_DANA, NOOR, SAM
from store import tokens
from tests.bot.desk import found
from tests.e2e.acting import answer_to
from tests.e2e.reading import mark, window, words_of
from tests.e2e.sentences import SENTENCES
from tests.e2e.walks import leads_to
from tests.e2e.walks_by_mail import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

_NAMED = [
    "token_wording.MAY_NOT",
    "token_wording.NONE",
    "token_wording.USAGE",
    "token_wording.REVOKE_WHICH",
    "token_wording.MADE",
    "token_wording.YOURS",
    "token_wording.NOT_YOURS",
    "token_wording.REVOKED",
    "token_wording.TOO_MANY",
    "token_wording.REVOKED_ALL",
    "token_wording.MADE_FOR",
]
_IN_THE_WINDOW = [
    "token_wording.NO_ROWS",
    "token_wording.NO_DAYS",
    "token_wording.SHOWN",
    "token_wording.ENDED_HERE",
    "token_wording.TOO_MANY_HERE",
]


@leads_to(*_NAMED)
async def somebody_has_tokens(at: Workplace) -> list[str]:
    """A guest asks for one; then a member, until they have as many as anybody may, and ends them."""
    read = []

    async def said(words: str, sentence: str, user: str = NOOR) -> str:
        before = mark(at)
        await at.sandbox.type(user, MAYA_DANA if user == DANA else GENERAL, f"/sendsecret token {words}")
        message = await answer_to(at, user, before, SENTENCES[f"token_wording.{sentence}"])
        read.append(str(message))
        return str(message)

    await said("", "MAY_NOT", DANA)
    await said("revoke", "NONE")
    await said("please", "USAGE")
    await said("revoke read", "REVOKE_WHICH")
    await said("", "MADE")
    names = re.findall(r"`([A-Za-z0-9_-]{16})`", await said("revoke", "YOURS"))
    await said(f"revoke {'A' * 16}", "NOT_YOURS")
    await said(f"revoke {names[0]}", "REVOKED")
    for _ in range(tokens.MOST_LIVE):
        await said("", "MADE")
    await said("", "TOO_MANY")
    await said("revoke all", "REVOKED_ALL")
    await said("send read", "MADE_FOR")
    await said("revoke all", "REVOKED_ALL")
    return read


@leads_to(*_IN_THE_WINDOW)
async def somebody_opens_the_window_of_tokens(at: Workplace) -> list[str]:
    """From the Home tab: what is filled in wrongly is said there, a token is shown in the answer, and ended there."""
    read = []

    async def opened() -> dict[str, Any]:
        await at.sandbox.open_home(SAM)
        home = found(await at.sandbox.wait_view(SAM, home=True, contains=home_view.TOKENS))
        await at.sandbox.click(SAM, home_view.TOKENS, view=home["id"])
        return await window(at, SAM, token_wording.FOR, token_views.CALLBACK)

    async def made(view: dict[str, Any], scopes: list[str], days: str) -> None:
        await at.sandbox.fill(view["id"], {token_views.SCOPES: scopes, token_views.DAYS: days})
        read.append(json.dumps(await at.sandbox.submit(view["id"]), ensure_ascii=False))

    async def ended(sentence: str) -> dict[str, Any]:
        view = await opened()
        await at.sandbox.click(SAM, token_views.END, view=view["id"], block_id=_first_row(view))
        shown = await window(at, SAM, sentence, token_views.CALLBACK)
        read.append(words_of(shown))
        return shown

    view = await opened()
    read.append(words_of(view))
    await made(view, ["read"], "91")
    for _ in range(tokens.MOST_LIVE):
        await made(view, ["read", "revoke"], "7")
        read.append(words_of(await window(at, SAM, token_wording.SHOWN, token_views.CALLBACK)))
        view = await opened()
    await made(view, ["read"], "7")
    await ended(token_wording.ENDED_HERE)
    return read


def _first_row(view: dict[str, Any]) -> str:
    """The block in which the first token stands."""
    return next(str(b["block_id"]) for b in view["blocks"] if (b.get("accessory") or {}).get("type") == "button")
