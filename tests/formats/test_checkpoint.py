"""Checkpoints: signed, verified, and refused for every byte that is not as it was signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dnsid.c2sp_tlog.checkpoint import parse_checkpoint
from tlog_scales import signing, tlog

from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError, MalformedError, UnprovenError
from tests.formats.trees import KEY, ORIGIN, PRIVATE, note, tree

SPECIFIED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"  # the example of signed-note
SPECIFIED_TEXT = "This is an example message.\n"
SPECIFIED_SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    """Body, key id and signature are what two other programs take for right."""
    text = note(369, tree())
    ours = checkpoint_v1.verify(text, KEY)
    assert (ours.origin, ours.size) == (ORIGIN, 369)
    assert parse_checkpoint(text).root_hash == ours.root
    tlog.Checkpoint.from_text(text).verify(signing.Vkey.from_string(KEY.text))
    assert text == checkpoint_v1.sign(ours, PRIVATE)


def test_keys_have_one_spelling() -> None:
    """A vkey comes back as it was, the specification's own too; with its id, kind or bytes changed it is none."""
    assert checkpoint_v1.parse_key(SPECIFIED_KEY).text == SPECIFIED_KEY
    assert checkpoint_v1.parse_key(KEY.text) == KEY
    name, key_id, public = KEY.text.split("+", 2)
    for text in [f"{name}+00000000+{public}", f"{name}+{key_id}+{public[:-4]}", name, f"x+{key_id}+{public}", ""]:
        with pytest.raises(MalformedError):
            checkpoint_v1.parse_key(text)
    for origin in ["", "a b", "a+b", "\u00e4", "a\n", "x" * 256]:
        with pytest.raises(MalformedError):
            LogKey(origin, bytes(32))


def test_the_specification_s_own_note_is_signed() -> None:
    """The example of signed-note: its key's id stands in its signature line, and that signature is right."""
    key, line = checkpoint_v1.parse_key(SPECIFIED_KEY), f"\u2014 example.com/foo {SPECIFIED_SIGNATURE}"
    name, blob = checkpoint_v1._signature(line)
    assert (name, blob[:4]) == (key.origin, key.id)
    Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], SPECIFIED_TEXT.encode())
    with pytest.raises(MalformedError):  # it is a note, and no checkpoint
        checkpoint_v1.verify(f"{SPECIFIED_TEXT}\n{line}\n", key)


def test_any_changed_character_is_noticed() -> None:
    """Whichever character of a checkpoint is changed, dropped or doubled, it is refused."""
    text = note(369, tree())
    for at, character in enumerate(text):
        for other in (chr(ord(character) ^ 1), "", character * 2):
            with pytest.raises(FormatError):
                checkpoint_v1.verify(text[:at] + other + text[at + 1 :], KEY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n369\n", "\n0369\n"),
        ("\n369\n", "\n+369\n"),
        ("\n369\n", "\n\u0663\u0666\u0669\n"),
        ("\n369\n", "\n369\nextension\n"),
        ("\n\n", "\n"),
        ("\n", "\r\n"),
        ("\u2014", "-"),
        ("\u2014 ", "\u2014  "),
    ],
)
def test_what_is_no_checkpoint_is_refused(old: str, new: str) -> None:
    """There is one spelling, without extensions."""
    with pytest.raises(MalformedError):
        checkpoint_v1.verify(note(369, tree()).replace(old, new), KEY)


def test_signatures_of_others_may_stand_beside_ours() -> None:
    """A witness's line changes nothing; without ours, or with ours twice, nothing is proven."""
    text = note(7, tree())
    line = text.splitlines()[-1]
    witness = "\u2014 witness.example.com/w AAAAAAAAAAAAAAAA\n"
    assert checkpoint_v1.verify(text + witness, KEY).size == 7
    for unproven in [text.replace(line + "\n", witness), f"{text}{line}\n"]:
        with pytest.raises(UnprovenError, match="signed, once"):
            checkpoint_v1.verify(unproven, KEY)


def test_another_log_proves_nothing() -> None:
    """A checkpoint of the same key under another origin is another log's."""
    other = checkpoint_v1.sign(Checkpoint(ORIGIN + "-2", 7, bytes(32)), PRIVATE)
    with pytest.raises(UnprovenError, match="another log"):
        checkpoint_v1.verify(other, KEY)


@pytest.mark.parametrize(
    ("url", "number", "origin"),
    [
        ("https://Drops.example.com", 1, "drops.example.com/audit"),
        ("https://drops.example.com:8443", 3, "drops.example.com:8443/audit-3"),
        ("http://localhost:8080", 1, "localhost:8080/audit"),
    ],
)
def test_origins(url: str, number: int, origin: str) -> None:
    """A log is named after where its installation is reached."""
    assert checkpoint_v1.origin_of(url, number) == origin
    assert LogKey(origin, bytes(32)).origin == origin
