"""JSON without forgiveness, by itself: what two readers could take in two ways is refused."""

import pytest

from store.formats.errors import MalformedError
from store.formats.strict_json import is_text, parse_object


@pytest.mark.parametrize(
    "number",
    [
        *("1.0", "1e0", "1E2", "-1", "-0", "01", "+1", "NaN", "Infinity", "-Infinity", "1."),
        *("9007199254740992", "1" * 17, "9" * 4000),
    ],
)
def test_numbers_other_than_plain_integers(number: str) -> None:
    """A number that languages spell or round differently is refused, wherever it stands."""
    for text in (f'{{"a":{number}}}', f'{{"a":[{number}]}}'):
        with pytest.raises(MalformedError):
            parse_object(text)


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"a":{"b":1,"b":1}}', "[]", "1", "", "{}{}"])
def test_ambiguous_or_other_text(text: str) -> None:
    """A member that stands twice, at any depth, and anything but one object is refused."""
    with pytest.raises(MalformedError):
        parse_object(text)


def test_members_are_read() -> None:
    """The largest integer, escapes and nested objects come out as they were meant."""
    assert parse_object(' {"a":9007199254740991,"b":"\\ud83d\\ude00","c":{"a":0}}\n') == {
        "a": 2**53 - 1,
        "b": "\U0001f600",
        "c": {"a": 0},
    }


def test_half_a_character_is_no_text() -> None:
    """A string that hides half of a character is told apart from text."""
    assert is_text("\U0001f600")
    assert not is_text("a\ud83d")
    assert not is_text(1)
