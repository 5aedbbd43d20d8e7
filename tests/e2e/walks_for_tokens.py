"""Ways to what is answered to `/sendsecret token`.  WALKS holds all others, too."""

import re

from sandbox.fixtures import DANA, GENERAL, MAYA_DANA, NOOR
from store import tokens
from tests.e2e.acting import answer_to
from tests.e2e.reading import mark
from tests.e2e.sentences import SENTENCES
from tests.e2e.walks import leads_to
from tests.e2e.walks_by_mail import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

_NAMED = [
    "token_wording.MAY_NOT",
    "token_wording.NONE",
    "token_wording.USAGE",
    "token_wording.MADE",
    "token_wording.YOURS",
    "token_wording.NOT_YOURS",
    "token_wording.REVOKED",
    "token_wording.TOO_MANY",
    "token_wording.REVOKED_ALL",
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
    await said("", "MADE")
    names = re.findall(r"`([A-Za-z0-9_-]{16})`", await said("revoke", "YOURS"))
    await said(f"revoke {'A' * 16}", "NOT_YOURS")
    await said(f"revoke {names[0]}", "REVOKED")
    for _ in range(tokens.MOST_LIVE):
        await said("", "MADE")
    await said("", "TOO_MANY")
    await said("revoke all", "REVOKED_ALL")
    return read
