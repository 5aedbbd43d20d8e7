"""Token v1 and what the bot signs for it: pinned to the byte, and read without forgiveness."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import api_token_v1, asked_order_v1, base64url, token_grant_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Asked, Refusal, Wishes
from store.formats.errors import MalformedError
from store.formats.token_grant_v1 import Grant, Owner

ID, SECRET = bytes(range(12)), bytes(range(100, 132))
TEXT = "sst_AAECAwQFBgcICQoLZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1-f4CBgoMCe4Pn"
WISHES = Wishes("@dana", "Deploy key", None, 3600, "OPS-7", anyway=False)


def test_a_token_is_pinned() -> None:
    """By hand: other programs must make and read the same text."""
    check = hashlib.sha256(b"sendsecret/api-token/v1/chk\0" + ID + SECRET).digest()[:4]
    token = ApiToken(ID, SECRET)
    assert token.text == "sst_" + base64url.encode(ID + SECRET + check) == TEXT
    assert token.proof == hashlib.sha256(b"sendsecret/api-token/v1\0" + ID + SECRET).digest()
    assert api_token_v1.parse(TEXT) == token
    assert (token.id_text, "ZGVm" in repr(token)) == ("AAECAwQFBgcICQoL", False)


@given(st.integers(4, len(TEXT) - 1), st.sampled_from("Aa0-_.= \n"))
def test_no_other_character_is_taken(at: int, other: str) -> None:
    """One changed, cut or added character is told here, before anything is sent."""
    changed = TEXT[:at] + other + TEXT[at + 1 :]
    for text in (changed if changed != TEXT else "", TEXT[:at], TEXT + other, TEXT.replace("sst_", "ssk_")):
        with pytest.raises(MalformedError):
            api_token_v1.parse(text)


def test_a_grant_is_of_one_token_and_one_person() -> None:
    """Another owner, or another token's hash, and it is no grant of theirs."""
    owner = Owner("T1", "U1", "salt")
    proof = ApiToken(ID, SECRET).proof
    signed = token_grant_v1.payload("https://d.example", 1_000, Grant(ID, 7, proof, owner.digest))
    grant = token_grant_v1.of_claims(json.loads(signed))
    assert (grant.id, grant.until, grant.is_of(owner, proof)) == (ID, 7, True)
    assert "U1" not in signed.decode()
    for other in (replace(owner, user_id="U2"), replace(owner, team_id="T2"), replace(owner, salt="x")):
        assert not grant.is_of(other, proof)
    assert not grant.is_of(owner, bytes(32))
    assert Owner.parse(owner.encode()) == owner


@pytest.mark.parametrize("changed", [{"until": "7"}, {"jti": "or_x"}, {"proof": "AA"}, {"owner": 1}, {"more": 1}])
def test_what_is_no_grant_is_refused(changed: dict[str, object]) -> None:
    """Other members, types and lengths."""
    grant = Grant(ID, 7, bytes(32), "x")
    claims = json.loads(token_grant_v1.payload("https://d.example", 1_000, grant))
    with pytest.raises(MalformedError):
        token_grant_v1.of_claims(claims | changed)


def test_a_sealed_question_is_just_that_question() -> None:
    """The same token asks for nothing else, and for nothing when its time is over."""
    token = ApiToken(ID, SECRET)
    sealed = asked_order_v1.to_seal(token, WISHES, 100)
    assert asked_order_v1.token_in(sealed, WISHES, 100) == token
    for wishes, now in ((replace(WISHES, to="@mallory"), 100), (replace(WISHES, anyway=True), 100), (WISHES, 101)):
        with pytest.raises(MalformedError):
            asked_order_v1.token_in(sealed, wishes, now)
    for nonsense in ("", "{}", "[]", json.dumps({"token": TEXT, "wishes": WISHES.digest})):
        with pytest.raises(MalformedError):
            asked_order_v1.token_in(nonsense, WISHES, 100)


def test_what_waits_is_read_as_it_was_written() -> None:
    """And nothing else is."""
    asked = Asked(WISHES, ID, b"sealed")
    assert Asked.parse(asked.encode()) == asked
    for refusal in (Refusal("ambiguous", ["Dana", "Dana"]), Refusal("sent-too-often", ["5 minutes"], 299)):
        assert Refusal.parse(refusal.encode()) == refusal
    for nonsense in ("", "[]", "{}", '{"why": 1, "more": 2}', "null"):
        with pytest.raises(MalformedError):
            Asked.parse(nonsense)
        with pytest.raises(MalformedError):
            Refusal.parse(nonsense)
