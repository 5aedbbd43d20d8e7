"""Orders and their links: what is read back, what counts as cut, what is refused, and what a hash hides."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import order_link_v1, order_v1
from store.formats.errors import CutLinkError, MalformedError
from store.formats.order_link_v1 import OrderLink
from store.formats.order_v1 import Order, Terms
from tests.store.sealing_under_orders import terms

LINK = OrderLink(bytes(range(16)), bytes(range(32)))
FRAGMENT = "1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.WUQU"
CLAIMS = json.loads(order_v1.payload("host", 5_000, Order(bytes(16), 905, "page", "digest")))


def test_a_link_is_spelt_as_it_was_frozen() -> None:
    """Whoever seals in another language writes and reads the same."""
    expected = f"https://drop.example/c/AAECAwQFBgcICQoLDA0ODw#{FRAGMENT}"
    assert LINK.url("https://drop.example") == LINK.url("https://drop.example/") == expected
    assert order_link_v1.parse(LINK.id_text, FRAGMENT) == LINK


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
def test_a_link_is_read_from_its_own_text(order_id: bytes, token: bytes) -> None:
    """Whichever bytes they are."""
    link = OrderLink(order_id, token)
    assert order_link_v1.parse(link.id_text, link.url("").partition("#")[2]) == link


@pytest.mark.parametrize("length", range(50))
def test_every_shorter_fragment_is_cut(length: int) -> None:
    """The page then asks for the whole link."""
    with pytest.raises(CutLinkError):
        order_link_v1.parse(LINK.id_text, FRAGMENT[:length])


@pytest.mark.parametrize("fragment", ["2" + FRAGMENT[1:], FRAGMENT.replace(".", "-"), FRAGMENT[:49] + "+"])
def test_what_is_no_fragment_is_told_apart(fragment: str) -> None:
    """Another version, or characters that none holds."""
    with pytest.raises(MalformedError):
        order_link_v1.parse(LINK.id_text, fragment)


def test_a_changed_character_is_noticed() -> None:
    """Of the id and of the token, by the checksum."""
    with pytest.raises(CutLinkError):
        order_link_v1.parse("B" + LINK.id_text[1:], FRAGMENT)
    with pytest.raises(CutLinkError):
        order_link_v1.parse(LINK.id_text, FRAGMENT.replace("AAEC", "AAED"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_refused_in_words(id_text: str, fragment: str) -> None:
    """No text leads to anything but the two known errors."""
    with pytest.raises((CutLinkError, MalformedError)):
        order_link_v1.parse(id_text, fragment)


def test_a_link_tells_no_token_by_accident() -> None:
    """A log may have its `repr`."""
    assert LINK.token_text not in repr(LINK)
    assert LINK.token.hex() not in repr(LINK)


def test_terms_are_read_from_their_own_text() -> None:
    """Names in any script too."""
    wanted = terms(label="Ключ 🗝", recipient_name="دانا", hint=None)
    assert Terms.parse(wanted.encode()) == wanted
    for text in ("", "[]", "{}", wanted.encode()[:-1], json.dumps({**json.loads(wanted.encode()), "more": 1})):
        with pytest.raises(MalformedError):
            Terms.parse(text)


def test_terms_of_before_keep_their_hash() -> None:
    """Of an order that was placed before there were these rules, and is used after."""
    before = terms(salt="AAAAAAAAAAAAAAAAAAAAAA")
    assert before.digest == "sMUELjTtTDyZ4ZaP6fdThqlT9j_TinqQeauRRTBQt9Q"
    assert not {"verify", "unviewed_after", "rotate_by", "variable"} & json.loads(before.encode()).keys()
    with_rules = replace(before, verify="slack", unviewed_after=3600, rotate_by=9000, variable="KEY")
    assert Terms.parse(with_rules.encode()) == with_rules


@pytest.mark.parametrize("name", [field.name for field in fields(Terms)])
def test_each_term_is_in_the_hash(name: str) -> None:
    """What was signed fits no other terms."""
    wanted = terms()
    order = Order(bytes(16), 1, "page", wanted.digest)
    assert order.is_of(wanted)
    assert not order.is_of(replace(wanted, **{name: 7}))  # type: ignore[arg-type]


def test_an_order_says_nothing_of_people() -> None:
    """It is public for ever as a part of a leaf: a hash, and times."""
    wanted = terms()
    text = order_v1.payload("host", 5_000, Order(bytes(16), 905, "page", wanted.digest)).decode()
    for value in (wanted.sender_id, wanted.sender_name, wanted.recipient_id, wanted.label, wanted.hint, wanted.salt):
        assert str(value) not in text


@pytest.mark.parametrize(
    "changed",
    [
        {"until": "905"},
        {"until": True},
        {"until": ...},
        {"jti": "or_short"},
        {"jti": "ev_" + CLAIMS["jti"][3:]},
        {"jti": 5},
        {"sealed_by": None},
        {"terms": 5},
        {"more": 1},
    ],
    ids=str,
)
def test_claims_that_are_no_order(changed: dict[str, Any]) -> None:
    """Exactly its members, of their types."""
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not ...}
    assert order_v1.of_claims(CLAIMS).until == 905
    with pytest.raises(MalformedError):
        order_v1.of_claims(claims)
