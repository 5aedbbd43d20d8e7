"""
Links of drops, records and orders: one spelling each, and whatever else is refused with one of two errors.

An input is the id, "#" and the fragment.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Final

from store.formats import link_v1, order_link_v1
from store.formats.errors import CutLinkError, MalformedError
from store.formats.link_v1 import DROP, RECORD, Kind
from tests.fuzz.target import ACCEPTED, Target, as_it_is, asks_to_mend, b64url, is_base64url, mended, refused, text_of

_ID: Final = bytes(range(16))
_KEY: Final = bytes(range(100, 132))


def _checksum(check: bytes, id_text: str, mode: str, key: bytes) -> str:
    """By the protocol's page, not by the product."""
    return b64url(hashlib.sha256(check + f"{id_text}1{mode}".encode("utf-8", "replace") + key).digest()[:3])


def _of_order(order_id: bytes, token: bytes) -> str:
    return b64url(hashlib.sha256(b"sendsecret/order/v1/chk\x00" + order_id + token).digest()[:3])


def _raw(text: str, length: int) -> bytes | None:
    return base64.urlsafe_b64decode(text + "==") if is_base64url(text, length) else None


def _is_link(kind: Kind, id_text: str, fragment: str) -> bool:
    key = _raw(fragment[3:46], 32)
    if _raw(id_text, 16) is None or key is None or len(fragment) != 51:
        return False
    mode = fragment[1]
    shape = fragment[0] == "1" and mode in kind.modes and fragment[2] == fragment[46] == "."
    return shape and fragment[47:] == _checksum(kind.check.encode(), id_text, mode, key)


def link_of(raw: bytes, kind: Kind = DROP) -> tuple[str, str]:
    """The id and the fragment that an input stands for."""
    mend, rest = asks_to_mend(raw)
    id_text, _, fragment = text_of(rest).partition("#")
    key = _raw(fragment[3:46], 32)
    if mend and key is not None:
        fragment = fragment[:47] + _checksum(kind.check.encode(), id_text, fragment[1:2], key)
    return id_text, fragment


def order_link_of(raw: bytes) -> tuple[str, str]:
    """The same of an order's link."""
    mend, rest = asks_to_mend(raw)
    id_text, _, fragment = text_of(rest).partition("#")
    order_id, token = _raw(id_text, 16), _raw(fragment[2:45], 32)
    if mend and order_id is not None and token is not None:
        fragment = fragment[:46] + _of_order(order_id, token)
    return id_text, fragment


def _judge_link(kind: Kind) -> Callable[[bytes], str]:
    def judge(raw: bytes) -> str:
        id_text, fragment = link_of(raw, kind)
        try:
            link = link_v1.parse(id_text, fragment, kind)
        except (CutLinkError, MalformedError) as error:
            assert not _is_link(kind, id_text, fragment), "a whole link is refused"
            assert isinstance(error, CutLinkError) or len(id_text) == 22, "cut short, and not called so"
            return refused(error)
        assert _is_link(kind, id_text, fragment), "what is no link is taken for one"
        assert (link.id_text, link.fragment()) == (id_text, fragment), "a link with two spellings"
        assert link_v1.parse(link.id_text, link.fragment(), kind) == link
        return ACCEPTED

    return judge


def _judge_order(raw: bytes) -> str:
    id_text, fragment = order_link_of(raw)
    order_id, token = _raw(id_text, 16), _raw(fragment[2:45], 32)
    checksum = None if order_id is None or token is None else _of_order(order_id, token)
    shape = fragment[:2] == "1." and fragment[45:46] == "." and len(fragment) == 50
    is_whole = checksum is not None and shape and fragment[46:] == checksum
    try:
        link = order_link_v1.parse(id_text, fragment)
    except (CutLinkError, MalformedError) as error:
        assert not is_whole, "a whole link is refused"
        return refused(error)
    assert is_whole, "what is no link is taken for one"
    assert link.url("https://a") == f"https://a/c/{id_text}#{fragment}", "a link with two spellings"
    assert (link.id, link.token) == (order_id, token)
    return ACCEPTED


def _seeds(kind: Kind) -> tuple[bytes, ...]:
    links = [link_v1.Link(_ID, _KEY, mode, kind) for mode in kind.modes]
    whole = [f"{one.id_text}#{one.fragment()}".encode() for one in links]
    return (*map(mended, whole), *map(as_it_is, whole))


_ORDER: Final = order_link_v1.OrderLink(_ID, _KEY).url("").removeprefix("/c/").encode()
_WORDS: Final = (b"#", b"1p.", b"1n.", b"1.", b".", b"=", b"%23", b"\xc3\xa9", b"2p.")
_MODULES: Final = ("store.formats.base64url",)

LINK: Final = Target(
    "link", _judge_link(DROP), (*_MODULES, "store.formats.link_v1"), _seeds(DROP), _WORDS, 128, browser="link"
)
RECORD_LINK: Final = Target(
    "record-link", _judge_link(RECORD), (*_MODULES, "store.formats.link_v1"), _seeds(RECORD), _WORDS, 128
)
ORDER_LINK: Final = Target(
    "order-link",
    _judge_order,
    (*_MODULES, "store.formats.order_link_v1"),
    (mended(_ORDER), as_it_is(_ORDER)),
    _WORDS,
    128,
    browser="order-link",
)
