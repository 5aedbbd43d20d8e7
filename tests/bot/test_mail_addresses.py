"""E-mail addresses: one spelling each, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail_addresses import NotAnAddressError, listed, normalised


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dana@example.com", "dana@example.com"),
        (" Dana.O'Kafor+keys@EXAMPLE.Com\t", "Dana.O'Kafor+keys@example.com"),
        ("mailto:dana@example.com", "dana@example.com"),
        ("dana@b\u00fccher.example", "dana@xn--bcher-kva.example"),
        ("dana@\uff45xample.com", "dana@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_has_one_spelling(typed: str, meant: str) -> None:
    """The domain in lower case and ASCII; what stands before the @ is its owner's."""
    assert normalised(typed) == meant
    assert normalised(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "dana",
        "dana@",
        "@example.com",
        "dana@localhost",
        "dana@@example.com",
        "a@example.com@example.org",
        "Dana <dana@example.com>",
        "<dana@example.com>",
        '"dana okafor"@example.com',
        "dana@[127.0.0.1]",
        "dana@127.0.0.1",
        "dana@example.com\r\nBcc: everybody@example.com",
        "dana\n@example.com",
        "dana\x00@example.com",
        "dana@exam ple.com",
        "dana@example..com",
        "dana.@example.com",
        "d\u00e4na@example.com",
        "d\u0430na@example.com",
        "dana\u202e@example.com",
        "a" * 65 + "@example.com",
        "a@" + ".".join(["b" * 63] * 4),
        "dana@example.com>",
        "dana@example.com SIZE=1",
    ],
)
def test_what_is_not_plainly_one_address_is_refused(typed: str) -> None:
    """No name, no bracket, no second address, no control character, no letter that only looks like one."""
    with pytest.raises(NotAnAddressError) as error:
        normalised(typed)
    assert typed == "" or typed not in str(error.value)


def test_a_list_has_one_on_each_line_or_commas() -> None:
    """Each once, in the order in which they stand there."""
    assert listed("b@example.com, a@example.com\n\n b@EXAMPLE.com;c@example.com\r\n") == (
        "b@example.com",
        "a@example.com",
        "c@example.com",
    )
    assert listed("Dana@example.com\ndana@example.com; b@example.com") == ("Dana@example.com", "b@example.com")
    assert listed(" \n, ; ") == ()
    with pytest.raises(NotAnAddressError, match="number 2"):
        listed("a@example.com\nDana <b@example.com>\nc")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_taken_fits_a_command_and_a_header(text: str) -> None:
    """ASCII that can be seen, without what ends an address in either."""
    try:
        taken = normalised(text)
    except NotAnAddressError:
        return
    assert taken.isascii()
    assert taken.isprintable()
    assert not set(' <>()[],;:\\"') & set(taken)
    assert len(taken) <= 254
