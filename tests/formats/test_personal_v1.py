"""What is kept of people opens under its month's key, for its own row and use, and not otherwise."""

import pytest

from store.formats import personal_v1, submission_v1
from store.formats.errors import MalformedError

KEY = bytes(range(32))
NONCE = bytes(range(12))
SEALED = personal_v1.seal(KEY, "people", b"row", b"Dana", NONCE)


def test_what_was_sealed_opens() -> None:
    """The format is pinned: what an older release wrote must open in every later one."""
    assert personal_v1.unseal(KEY, "people", b"row", SEALED) == b"Dana"
    assert SEALED.hex() == "000102030405060708090a0b5acd382a03044467745af9614dc74af7dca1428c"


@pytest.mark.parametrize(
    ("key", "what", "whose", "sealed"),
    [
        (bytes(32), "people", b"row", SEALED),
        (KEY, "hint", b"row", SEALED),
        (KEY, "people", b"other", SEALED),
        (KEY, "people", b"row", SEALED[:-1] + bytes([SEALED[-1] ^ 1])),
        (KEY, "people", b"row", SEALED[:11]),
        (KEY, "people", b"row", b""),
    ],
    ids=["another key", "another use", "another row", "a bit", "cut", "empty"],
)
def test_nothing_else_opens(key: bytes, what: str, whose: bytes, sealed: bytes) -> None:
    """Nobody can put one person's name into another drop's row by exchanging bytes."""
    with pytest.raises(MalformedError):
        personal_v1.unseal(key, what, whose, sealed)


def test_a_nonce_has_twelve_bytes() -> None:
    """A caller that gives something else has made a mistake that must not be sealed."""
    with pytest.raises(MalformedError):
        personal_v1.seal(KEY, "people", b"row", b"Dana", bytes(11))


def test_a_pseudonym_is_of_one_person_role_and_month() -> None:
    """It is found again by whoever has the key, and links nothing for whoever has not."""
    one = personal_v1.pseudonym(KEY, "sender", "UDANA")
    assert one == personal_v1.pseudonym(KEY, "sender", "UDANA")
    others = {
        personal_v1.pseudonym(KEY, "recipient", "UDANA"),
        personal_v1.pseudonym(KEY, "sender", "UMAYA"),
        personal_v1.pseudonym(bytes(32), "sender", "UDANA"),
    }
    assert len(others | {one}) == 4
    assert len(one) == 16


def test_a_form_and_its_sendings_are_told_apart_without_a_name() -> None:
    """Pinned, because a form that is sent again after an upgrade must be known again."""
    assert submission_v1.form(KEY, "V1").hex() == "7535384824ee2ac95c38dfd09753d5db"
    once = {
        submission_v1.once(KEY, submission, recipient)
        for submission, recipient in (("V1", "UDANA"), ("V1", "UMAYA"), ("V1/1", "UDANA"), ("V", "1UDANA"))
    }
    assert len(once) == 4
