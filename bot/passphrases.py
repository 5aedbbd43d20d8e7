"""
The passphrase of a drop: made here, or typed by the sender, and what its odds are.

Pure but for the randomness.  Odds are for somebody who holds the link and makes the five tries of one round; the
sender is told them in words, because "strong" and "weak" say nothing.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.template import Scheme
from store.formats import passphrase_v1
from store.formats.header_v1 import Form
from store.guesses import PER_ROUND
from store.passphrase_form import FEWEST_CHARACTERS, form_of

DIGITS: Final = 8
WORDS: Final = 3
WORDS_OF_PAGE: Final = 4


@dataclass(frozen=True)
class Passphrase:
    """A passphrase, how it is to be typed, and its canonical bytes.  `was_made`: by us, so that it must be shown."""

    text: str = field(repr=False)
    form: Form
    canonical: bytes = field(repr=False)
    was_made: bool

    @property
    def tries_for_one(self) -> int | None:
        """ "1 in N within five tries", where that can be said: for digits."""
        return 10 ** len(self.canonical) // PER_ROUND if self.form == "digits" else None


class TooShortError(ValueError):
    """A typed passphrase of fewer characters than it must have."""


def make() -> Passphrase:
    """Eight random digits, grouped for reading aloud: 1 in 20,000,000 within five tries."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return Passphrase(f"{digits[:4]} {digits[4:]}", "digits", digits.encode("ascii"), was_made=True)


def make_words(count: int = WORDS) -> Passphrase:
    """Random words of 2,048; three of them are 1 in 1,700,000,000 within five tries."""
    # Late: the list is read from a file, which only those need who want words.
    from mnemonic import Mnemonic

    words = Mnemonic("english").wordlist
    text = " ".join(secrets.choice(words) for _ in range(count))
    return Passphrase(text, "words", passphrase_v1.canon("words", text), was_made=True)


def made(scheme: Scheme) -> Passphrase | None:
    """One as a template wants it: digits where the sender was to bring one of their own and has not."""
    if scheme is Scheme.NONE:
        return None
    return make_words() if scheme is Scheme.MADE_WORDS else make()


def typed(text: str, least: int = FEWEST_CHARACTERS) -> Passphrase:
    """
    What the sender typed.

    Raises UnusablePassphraseError for what nobody could type again, TooShortError under `least` characters.
    """
    form = form_of(text)
    canonical = passphrase_v1.canon(form, text)
    if len(canonical.decode("utf-8")) < least:
        raise TooShortError
    return Passphrase(text, form, canonical, was_made=False)
