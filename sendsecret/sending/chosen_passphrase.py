"""
The passphrase of a drop: four words made here, or one that the sender and the recipient agreed on.

Four words of BIP-39's English list are 44 bits: made on this computer and sent to nobody.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sendsecret.sending import wording
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking import terminal
from store.formats import passphrase_v1
from store.formats.errors import UnusablePassphraseError
from store.formats.header_v1 import Form
from store.passphrase_form import FEWEST_CHARACTERS, form_of

WORDS: Final = 4
_MOST_BYTES: Final = 4096


@dataclass(frozen=True)
class Passphrase:
    """Its canonical bytes, and its form; `shown` is what the sender must be shown, None where they `typed` it."""

    form: Form
    canonical: bytes = field(repr=False)
    shown: str | None = field(repr=False)
    typed: str = field(default="", repr=False)


def make() -> Passphrase:
    """Four random words."""
    # Late: the list is read from a file that `sendsecret --help` does not need.
    from mnemonic import Mnemonic

    words = Mnemonic("english").wordlist
    text = " ".join(secrets.choice(words) for _ in range(WORDS))
    return Passphrase("words", passphrase_v1.canon("words", text), text)


def asked() -> Passphrase:
    """One that is typed twice. Raises StoppedError."""
    text = terminal.hidden(wording.ASK_PASSPHRASE)
    chosen = of_text(text)
    if terminal.hidden(wording.ASK_AGAIN) != text:
        raise StoppedError("unusable-passphrase", wording.NOT_THE_SAME)
    return chosen


def of_file(path: Path) -> Passphrase:
    """One that stands in a file, without the line break at its end. Raises StoppedError."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES)
        return of_text(raw.decode().removesuffix("\n").removesuffix("\r"))
    except OSError as error:
        sentence = f"--passphrase-file cannot be read ({error.strerror}). {wording.NOTHING}"
        raise StoppedError("unreadable", sentence) from None
    except UnicodeDecodeError:
        sentence = f"--passphrase-file is not UTF-8. {wording.NOTHING}"
        raise StoppedError("unusable-passphrase", sentence) from None


def of_text(text: str) -> Passphrase:
    """One that was chosen. Raises StoppedError for what nobody could type again, and under four characters."""
    form = form_of(text)
    try:
        canonical = passphrase_v1.canon(form, text)
    except UnusablePassphraseError as error:
        raise StoppedError("unusable-passphrase", wording.UNUSABLE[error.reason]) from None
    if len(canonical.decode()) < FEWEST_CHARACTERS:
        raise StoppedError("unusable-passphrase", wording.SHORT)
    return Passphrase(form, canonical, None, text)
