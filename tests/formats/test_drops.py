"""Whole drops: what is frozen opens and is sealed again to the same bytes; what is broken is refused in order."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats import envelope_v1, header_v1, link_v1, payload_v1, seal_v1
from store.formats.derivation_v1 import derive
from store.formats.errors import DamagedEnvelopeError, MalformedError, WrongHeaderError
from store.formats.header_v1 import Header, Kind
from store.formats.link_v1 import Link
from store.formats.passphrase_v1 import canon
from store.formats.payload_v1 import File, Text
from tests.formats.frozen import case_name, vectors

LINK = Link(id=bytes(range(16)), key=bytes(range(32)), mode="n")
KEYS = derive(LINK, None)


def header(kind: Kind, link: Link = LINK) -> str:
    return header_v1.encode(Header(link.id, link.mode, "free", kind, 1, 2, "Maya", "Stripe key"))


def content_of(case: dict[str, Any]) -> Text | File:
    if "text" in case["content"]:
        return Text(case["content"]["text"])
    file = case["content"]["file"]
    return File(file["name"], file["type"], bytes.fromhex(file["body"]))


@pytest.mark.parametrize("case", vectors("drop")["good"], ids=case_name)
def test_good_vectors_open(case: dict[str, Any]) -> None:
    """A frozen drop opens, with the passphrase as a person types it, to exactly what was sealed."""
    link = link_v1.parse(case["id_text"], case["fragment"])
    parsed = seal_v1.check_header(link, case["header"])
    passphrase = canon(parsed.form, case["typed"]) if case["typed"] is not None else None
    assert (passphrase.hex() if passphrase is not None else None) == case["passphrase"]
    opened = seal_v1.open_sealed(link, case["header"], passphrase, bytes.fromhex(case["envelope"]))
    assert opened == content_of(case)


@pytest.mark.parametrize("case", vectors("drop")["good"], ids=case_name)
def test_good_vectors_are_sealed_the_same(case: dict[str, Any]) -> None:
    """Sealing the frozen header and payload under the frozen keys and nonce gives the frozen envelope."""
    link = link_v1.parse(case["id_text"], case["fragment"])
    keys = derive(link, bytes.fromhex(case["passphrase"]) if case["passphrase"] is not None else None)
    nonce, payload = bytes.fromhex(case["nonce"]), bytes.fromhex(case["payload"])
    assert envelope_v1.seal(keys, case["header"], payload, nonce).hex() == case["envelope"]
    if not case["name"].endswith("by a stranger"):
        assert payload_v1.encode(content_of(case)) == payload
        assert header_v1.encode(header_v1.parse(case["header"])) == case["header"]


@pytest.mark.parametrize("case", vectors("drop")["bad"], ids=case_name)
def test_bad_vectors(case: dict[str, Any]) -> None:
    """A broken drop is refused at the step that names its fault, whatever is broken after that."""
    link = link_v1.parse(case["id_text"], case["fragment"])
    passphrase = bytes.fromhex(case["passphrase"]) if case["passphrase"] is not None else None
    envelope = bytes.fromhex(case["envelope"])
    if case["expect"] == "header":
        with pytest.raises(WrongHeaderError):
            seal_v1.open_sealed(link, case["header"], passphrase, envelope)
    else:
        with pytest.raises(DamagedEnvelopeError) as caught:
            seal_v1.open_sealed(link, case["header"], passphrase, envelope)
        assert caught.value.step == case["step"]


CONTENT = st.builds(Text, st.text(st.characters(codec="utf-8"))) | st.builds(
    File, st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), st.binary(max_size=5000)
)


@given(CONTENT, st.binary(min_size=12, max_size=12))
def test_round_trip(content: Text | File, nonce: bytes) -> None:
    """Whatever is sealed comes out byte for byte, in an envelope of a size that the server takes."""
    text = header("text" if isinstance(content, Text) else "file")
    sealed = seal_v1.seal(LINK, text, None, content, nonce)
    assert envelope_v1.is_legal(sealed.envelope)
    assert len(sealed.envelope) == envelope_v1.sealed_size(len(payload_v1.encode(content)))
    assert seal_v1.open_sealed(LINK, text, None, sealed.envelope) == content


@settings(max_examples=10)
@given(st.text("abcdefghij 0123456789", min_size=1, max_size=20))
def test_only_the_right_passphrase_opens(typed: str) -> None:
    """Another passphrase gives "damaged", and another auth token."""
    link = Link(id=LINK.id, key=LINK.key, mode="p")
    text, right = header("text", link), canon("free", "x" + typed)
    sealed = seal_v1.seal(link, text, right, Text("s"), bytes(12))
    assert seal_v1.open_sealed(link, text, right, sealed.envelope) == Text("s")
    wrong = canon("free", "y" + typed)
    assert derive(link, wrong).auth_token != sealed.auth_token
    with pytest.raises(DamagedEnvelopeError):
        seal_v1.open_sealed(link, text, wrong, sealed.envelope)


@given(st.binary(max_size=600), st.text(max_size=200))
def test_any_bytes_are_refused_in_words(envelope: bytes, text: str) -> None:
    """No bytes as envelope and no text as header lead to anything but the two known errors."""
    with pytest.raises(DamagedEnvelopeError):
        seal_v1.open_with_keys(LINK, header("text"), KEYS, envelope)
    with pytest.raises(WrongHeaderError):
        seal_v1.check_header(LINK, text)


@given(st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    """A change of any one byte of an envelope is found."""
    sealed = bytearray(seal_v1.seal(LINK, header("text"), None, Text("s"), bytes(12)).envelope)
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DamagedEnvelopeError):
        seal_v1.open_with_keys(LINK, header("text"), KEYS, bytes(sealed))


def test_sealing_refuses_what_would_not_open() -> None:
    """A foreign header, a header of another kind, half a character and a short nonce are refused at sealing."""
    stranger = Link(id=bytes(16), key=LINK.key, mode="n")
    with pytest.raises(WrongHeaderError):
        seal_v1.seal(stranger, header("text"), None, Text("s"), bytes(12))
    with pytest.raises(MalformedError):
        seal_v1.seal(LINK, header("file"), None, Text("s"), bytes(12))
    with pytest.raises(MalformedError):
        seal_v1.seal(LINK, header("text"), None, Text("\ud83d"), bytes(12))
    with pytest.raises(MalformedError):
        seal_v1.seal(LINK, header("text"), None, Text("s"), bytes(11))


def test_secrets_are_not_shown() -> None:
    """No repr of what is sealed or of what was opened holds a secret."""
    sealed = seal_v1.seal(LINK, header("text"), None, Text("canary"), bytes(12))
    assert repr(sealed) == "Sealed()"
    assert "canary" not in repr(Text("canary")) + repr(File("canary", "canary", b"canary"))
