"""Keys that programs show, tokens in addresses, and base64url under all of them: one spelling for each."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from store.formats import api_token_v1, base64url, names_token_v1, record_key_v1
from store.formats.errors import MalformedError, UnprovenError
from tests.fuzz.target import ACCEPTED, Target, as_it_is, asks_to_mend, b64url, is_base64url, mended, refused, text_of

_PEPPER: Final = bytes(range(32))
_RID: Final = bytes(range(16))


def _raw(text: str) -> bytes | None:
    """What a text spells by its alphabet, however long."""
    length = len(text) * 6 // 8
    return base64url.decode(text) if length and is_base64url(text, length) else None


def _judge_key(
    prefix: str, label: str, id_bytes: int, parse: Callable[[str], api_token_v1.ApiToken | record_key_v1.RecordKey]
) -> Callable[[bytes], str]:
    def judge(raw: bytes) -> str:
        mend, rest = asks_to_mend(raw)
        text = text_of(rest)
        spelled = _raw(text[len(prefix) :])
        whole = b"" if spelled is None else spelled[:-4]
        right = whole + hashlib.sha256(f"{label}/chk\x00".encode() + whole).digest()[:4]
        if mend and spelled is not None:
            text = text[: len(prefix)] + b64url(right)
        is_one = len(whole) == id_bytes + 32 and text == prefix + b64url(right)
        try:
            key = parse(text)
        except MalformedError as error:
            assert not is_one, "a whole key is refused"
            return refused(error)
        assert is_one, "what is no key is taken for one"
        assert key.text == text, "a key with two spellings"
        assert key.id + key.secret == whole
        return ACCEPTED

    return judge


def _judge_names(raw: bytes) -> str:
    mend, rest = asks_to_mend(raw)
    text = text_of(rest)
    spelled = _raw(text)
    if mend and spelled is not None:
        text = b64url(spelled[:5] + hmac.digest(_PEPPER, b"rn" + _RID + spelled[:5], "sha256")[:16])
    try:
        grant = names_token_v1.decode(_PEPPER, _RID, text)
    except (MalformedError, UnprovenError) as error:
        return refused(error)
    assert names_token_v1.encode(_PEPPER, _RID, grant) == text, "a token with two spellings"
    try:
        names_token_v1.decode(_PEPPER, bytes(16), text)
    except UnprovenError:
        return ACCEPTED
    raise AssertionError("a token of one receipt serves for another")


def _judge_base64url(raw: bytes) -> str:
    text = text_of(raw)
    assert base64url.decode(base64url.encode(raw), len(raw)) == raw
    try:
        read = base64url.decode(text)
    except MalformedError as error:
        assert not text or not is_base64url(text, len(text) * 6 // 8), "a canonical spelling is refused"
        return refused(error)
    assert base64url.encode(read) == text, "bytes with two spellings"
    assert not text or is_base64url(text, len(read)), "another spelling is taken"
    return ACCEPTED


_TOKEN: Final = api_token_v1.ApiToken(bytes(range(12)), _PEPPER).text.encode()
_RECORD: Final = record_key_v1.RecordKey(_RID, _PEPPER).text.encode()
_NAMES: Final = names_token_v1.encode(_PEPPER, _RID, names_token_v1.Grant(2_000_000_000, with_label=True)).encode()
_UNDER_ALL: Final = "store.formats.base64url"

API_TOKEN: Final = Target(
    "api-token",
    _judge_key("sst_", "sendsecret/api-token/v1", 12, api_token_v1.parse),
    (_UNDER_ALL, "store.formats.checked_key", "store.formats.api_token_v1"),
    (mended(_TOKEN), as_it_is(_TOKEN)),
    (b"sst_", b"ssk_", b"=", b"-_"),
    128,
)
RECORD_KEY: Final = Target(
    "record-key",
    _judge_key("ssk_", "sendsecret/record-key/v1", 16, record_key_v1.parse),
    (_UNDER_ALL, "store.formats.checked_key", "store.formats.record_key_v1"),
    (mended(_RECORD), as_it_is(_RECORD)),
    (b"sst_", b"ssk_", b"=", b"-_"),
    128,
)
NAMES_TOKEN: Final = Target(
    "names-token",
    _judge_names,
    (_UNDER_ALL, "store.formats.names_token_v1"),
    (mended(_NAMES), as_it_is(_NAMES)),
    (b"=",),
    64,
)
BASE64URL: Final = Target(
    "base64url",
    _judge_base64url,
    (_UNDER_ALL,),
    (b"", b"AA", b"_-8", b"Zm9vYg"),
    (b"=", b"+/"),
    64,
    browser="base64url",
)
