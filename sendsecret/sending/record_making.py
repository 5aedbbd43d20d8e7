"""
A record made with a login, from any computer: its key is drawn and its value sealed here, and the server has neither.

The same request is the same record, so that a lost answer is asked for again.
"""

import asyncio
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import urlsplit

from sendsecret.sending import answers, wording
from sendsecret.sending.login_file import Login
from sendsecret.sending.ordering import tell, turn_away
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking.addresses import is_plain
from sendsecret.talking.exchange import NoAnswerError, Reply, Request, ask
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused, number_of, text_of
from sendsecret.talking.strangers_text import harmless
from store.formats import base64url, record_key_v1, record_v1
from store.formats.asked_record_v1 import Wanted
from store.formats.record_key_v1 import RecordKey

Say = Callable[[str], None]

MOST_BYTES: Final = 16 * 1024
ASK_SECONDS: Final = 20
WAIT_SECONDS: Final = 60
_EVERY_SECONDS: Final = 1.0
_AGENT: Final = "sendsecret-record"
_HOPELESS: Final = ("certificate", "proxy", "redirected")
_REFUSALS: Final = {
    "unacceptable-record": wording.RECORD_UNACCEPTABLE,
    "id-taken": wording.RECORD_TAKEN,
    "may-not-send": wording.MAY_NOT_SEND,
}
# It is printed into a line that somebody pastes into a shell.
_SHELL_SAFE: Final = re.compile(r"[A-Za-z0-9:/._\[\]-]+")


@dataclass(frozen=True, slots=True)
class Made:
    """A record that is there: its key, where the server is reached, and until when it is read (Unix seconds)."""

    key: RecordKey = field(repr=False)
    public_url: str
    until: int


@dataclass(frozen=True, slots=True)
class _NotYet:
    """No bot has answered so far."""


def make(login: Login, wanted: Wanted, value: str, say: Say) -> Made:
    """Draw, seal, hand in, and wait until it is there.  Raises StoppedError, and MalformedError for what is no text."""
    key = RecordKey(secrets.token_bytes(record_key_v1.ID_BYTES), secrets.token_bytes(record_key_v1.SECRET_BYTES))
    body = _body(key, wanted, value)
    with asyncio.Runner() as runner:

        def attempt() -> Made | _NotYet | Refused:
            request = Request(_AGENT, body, bearer=login.token.text)
            asked = ask(
                f"{login.url}/api/v1/records", request, MOST_BYTES, _unfollowed, through_proxy=not login.is_local
            )
            try:
                return _read(runner.run(asked), key, login)
            except NoAnswerError as error:
                return Refused("unavailable", why=error.why)

        say(wording.RECORD_HANDED_IN.format(host=harmless(urlsplit(login.url).netloc)))
        began = time.monotonic()
        while time.monotonic() < began + WAIT_SECONDS:
            found = until_answered(attempt, tell(say), ASK_SECONDS, _HOPELESS)
            match found:
                case Made():
                    return found
                case Refused():
                    _turn_away(found, key)
            time.sleep(_EVERY_SECONDS)
    raise StoppedError("unsure", wording.RECORD_NO_BOT.format(record=key.id_text))


def _body(key: RecordKey, wanted: Wanted, value: str) -> bytes:
    nonces = (secrets.token_bytes(record_v1.NONCE_BYTES) for _ in range(3))
    chance = record_v1.Chance(secrets.token_bytes(record_v1.KEY_BYTES), *nonces)
    sealed = record_v1.inside(key, 1, value, chance)
    parts = {"id": key.id, "proof": key.proof, "wrapped_key": sealed.wrapped_key, "box": sealed.box}
    said = {name: base64url.encode(part) for name, part in parts.items()} | asdict(wanted)
    return json.dumps(said, ensure_ascii=False).encode()


def _read(reply: Reply, key: RecordKey, login: Login) -> Made | _NotYet | Refused:
    said = answers.members_of(reply)
    if isinstance(said, Refused):
        return said
    if reply.status == 202:
        return _NotYet()
    url = text_of(said.get("url")).removesuffix(f"/r/{key.id_text}")
    is_good = (
        is_plain(url) and _SHELL_SAFE.fullmatch(url) and url.startswith(("https://", "http://localhost", login.url))
    )
    return Made(key, url if is_good else login.url, number_of(said.get("expires_at")))


def _turn_away(refused: Refused, key: RecordKey) -> None:
    if refused.word in _REFUSALS:
        sentence = _REFUSALS[refused.word].format(why=harmless(refused.objection))
        raise StoppedError("refused", sentence, why=refused.word)
    # A request whose answer was lost may have arrived; one that never left has not.
    if refused.word == "unavailable" and refused.why not in _HOPELESS:
        raise StoppedError("unsure", wording.RECORD_UNSURE.format(record=key.id_text))
    turn_away(refused)


def _unfollowed(_done: int, _of: int) -> None:
    """The answer is small."""
