"""What a target is: a reader of strangers' bytes, and a judge that demands more of it than that it does not crash."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

ACCEPTED: Final = "accepted"
_MENDED: Final = 1


@dataclass(frozen=True)
class Target:
    """
    One reader under test.

    `judge` gives ACCEPTED or the name of the documented refusal, and raises whatever is neither: AssertionError where
    what was read is not what was written, another error where the reader raised one that it does not document.
    `modules` are instrumented for coverage.  `seeds` are where the fuzzer begins, `words` what it may put in.
    `mutate` changes an input as its format is built, where bytes that were changed at random are nearly always refused.
    `browser` names the reader of the page that must judge alike, see `browser`.
    """

    name: str
    judge: Callable[[bytes], str]
    modules: tuple[str, ...]
    seeds: tuple[bytes, ...] = field(repr=False)
    words: tuple[bytes, ...] = ()
    most_bytes: int = 512
    mutate: Callable[[bytes, Random], bytes] | None = None
    browser: str | None = None


def refused(error: Exception) -> str:
    """The verdict for a documented refusal."""
    return type(error).__name__


def text_of(raw: bytes) -> str:
    """
    Any text: UTF-8, halves of characters too, else one character a byte.

    Two halves that stand together are one character here, as they are to a browser.
    """
    try:
        text = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def asks_to_mend(raw: bytes) -> tuple[bool, bytes]:
    """
    Whether the checksum or signature of an input is to be put right, and the rest of the input.

    No fuzzer finds a checksum by chance: without this, nothing behind it would ever be reached.
    """
    return bool(raw[:1] and raw[0] & _MENDED), raw[1:]


def mended(raw: bytes) -> bytes:
    """An input that asks for it."""
    return bytes([_MENDED]) + raw


def as_it_is(raw: bytes) -> bytes:
    """An input that does not."""
    return b"\x00" + raw


def is_base64url(text: str, length: int) -> bool:
    """Whether a text is the one spelling of `length` bytes, by the alphabet alone: nothing of the product is asked."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = -(length * 8) % 6
    if len(text) != -(-length * 8 // 6) or any(character not in alphabet for character in text):
        return False
    return alphabet.index(text[-1]) % (1 << spare) == 0


def b64url(raw: bytes) -> str:
    """The spelling, by the standard library."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
