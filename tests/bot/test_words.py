"""The pure parts: passphrases and their odds, what a label tells, spans, escaping, people."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import durations, passphrases, people
from bot.mrkdwn import Markup, escape, fill, moment
from bot.passphrases import TooShortError
from bot.people import Kind
from bot.policy import NONE
from store.formats.errors import UnusablePassphraseError
from store.formats.passphrase_v1 import canon
from store.tells import tells


def test_made_passphrases_are_eight_digits_with_their_odds() -> None:
    """What is shown opens the drop when it is typed as shown, and the odds are those that the form states."""
    made = passphrases.make()
    assert made.was_made
    assert canon(made.form, made.text) == made.canonical
    assert len(made.canonical) == 8
    assert made.tries_for_one == 20_000_000
    assert made.text not in repr(made)


@pytest.mark.parametrize(
    ("typed", "form", "odds"),
    [
        ("1234", "digits", 2_000),
        ("12 34-56", "digits", 200_000),
        ("\uff11\uff12\uff13\uff14", "digits", 2_000),
        ("correct horse", "words", None),
        (" Correct-horse  battery ", "words", None),
        ("correct", "free", None),
        ("correct horse 7", "free", None),
        ("\u00e9t\u00e9 chaud", "free", None),
        ("12ab", "free", None),
        ("\u00e9t\u00e9 1976", "free", None),
    ],
)
def test_a_typed_passphrase_gets_the_form_that_fits(typed: str, form: str, odds: int | None) -> None:
    """Digits and what stands between them are digits, plain words are words; everything else is taken as it is."""
    passphrase = passphrases.typed(typed)
    assert (passphrase.form, passphrase.tries_for_one) == (form, odds)
    assert passphrase.canonical == canon(passphrase.form, typed)
    assert typed not in repr(passphrase)


@pytest.mark.parametrize("typed", ["123", "abc", "1-2-3", "\u200babc"])
def test_under_four_characters_is_refused(typed: str) -> None:
    """What cannot be seen does not count."""
    with pytest.raises(TooShortError):
        passphrases.typed(typed)


@pytest.mark.parametrize("typed", ["\ud800aaaa", "   ", "a\u0007bcd", "\u00a0", "x" * 257])
def test_what_nobody_can_type_again_is_refused(typed: str) -> None:
    """Half characters, nothing, control characters and too much of it."""
    with pytest.raises(UnusablePassphraseError):
        passphrases.typed(typed)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("the key is sk_live_1", "sk_live_1"),
        ("SK_LIVE_1", "sk_live_1"),
        ("\uff53\uff4b_live_1", "sk_live_1"),
        ("sk_\u200blive_1", "sk_live_1"),
        ("token abcdefgh", "NAME=abcdefgh"),
        ("second line here", "first\nsecond line here\n"),
        ("call 12-34", "1234"),
        ("call 1234", "12 34"),
        ("ab", "ab"),
    ],
)
def test_a_text_that_holds_the_secret_tells_it(text: str, secret: str) -> None:
    """Whatever case, width or invisible characters it came in."""
    assert tells(text, secret)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Stripe restricted key", "sk_live_1"),
        ("a key", "a"),
        ("", "sk_live_1"),
        ("key", ""),
        ("STRIPE_KEY", "STRIPE_KEY=x"),
    ],
)
def test_other_words_tell_nothing(text: str, secret: str) -> None:
    """A name is not its value, and of a secret of one letter only the whole counts."""
    assert not tells(text, secret)


@given(
    st.text(st.characters(categories=["L", "N", "P"]), min_size=4, max_size=40),
    st.text(st.characters(codec="ascii"), max_size=20),
)
def test_a_pasted_copy_is_always_found(secret: str, before: str) -> None:
    """Whatever stands before it."""
    assert tells(f"{before}{secret}", secret)


def test_spans() -> None:
    """What settings and the form say about time."""
    assert [durations.seconds(text) for text in ("30m", "24h", "14d")] == [1800, 86400, 1209600]
    assert [durations.spoken(span) for span in (1800, 3600, 86400, 90000)] == [
        "30 minutes",
        "1 hour",
        "1 day",
        "25 hours",
    ]
    assert durations.offered(1800, 90000) == [1800, 3600, 14400, 86400, 90000]
    for wrong in ("", "0h", "24", "1w", "-1h", "1.5h", "24 h"):
        with pytest.raises(ValueError, match="must be a number"):
            durations.seconds(wrong)


@given(st.text(max_size=60))
def test_nobodys_words_become_markup(text: str) -> None:
    """No mention, no link and no new line comes out of a name or a label."""
    for said in (escape(text), fill("{x}", x=text)):
        assert "<" not in said
        assert ">" not in said
        assert "\n" not in said


_BOLD = r"(?<![\w*])\*[^*]+\*(?![\w*])"
_ITALIC = r"(?<![A-Za-z0-9_])_[^_]+_(?![A-Za-z0-9_])"
_STRIKE = r"(?<![\w~])~[^~]+~(?![\w~])"
_FORMATTED = re.compile(rf"{_BOLD}|{_ITALIC}|{_STRIKE}|`|:[\w+-]+:", re.ASCII)


@pytest.mark.parametrize(
    "name",
    [
        "Noor :rotating_light: *A second page gave the right passphrase*",
        "Noor* :x: *x",
        "~Noor~",
        "_Noor_ __x__ _a_b_",
        "`Noor` ```x```",
        "*\u2060Noor\u2060* :\u200bx:",
    ],
)
def test_a_name_forges_neither_format_nor_alarm(name: str) -> None:
    """Bold, italics, strike, code and emoji come from our own sentences alone, wherever the name stands in them."""
    for sentence in ("{name}", "a {name} b", "({name})", "“{name}”"):
        assert _FORMATTED.search(fill(sentence, name=name)) is None
    bold = fill("*{name}* sent", name=name)
    assert bold.count("*") == 2
    assert not set("~`:") & set(bold)


@given(st.text(st.sampled_from("ab1 *_~`:\u2060\u200b-."), max_size=30))
def test_no_words_forge_a_format(text: str) -> None:
    """Whatever marks stand beside each other."""
    assert _FORMATTED.search(escape(text)) is None


def test_words_without_marks_are_left_as_they_are() -> None:
    """A variable's name and one of Slack's words are copied as they stand."""
    for text in ("STRIPE_API_KEY", "messages_tab_disabled", "Dana O'Hara-Å (ops)", "a\u2060b"):
        assert escape(text) == text


def test_a_time_is_left_as_it_is_and_falls_back_to_utc() -> None:
    """Slack shows it in the reader's zone."""
    assert fill("at {at}", at=moment(1_790_000_000_000)) == (
        "at <!date^1790000000^{date_short_pretty} {time}|2026-09-21 14:13 UTC>"
    )
    assert isinstance(fill("{x}", x=Markup("<!date>")), Markup)


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({}, Kind.MEMBER),
        ({"is_restricted": True}, Kind.GUEST),
        ({"is_ultra_restricted": True}, Kind.GUEST),
        ({"team_id": "T0OTHER"}, Kind.EXTERNAL),
        ({"team_id": "T0OTHER", "is_stranger": True}, Kind.STRANGER),
        ({"deleted": True, "is_restricted": True}, Kind.GONE),
        ({"is_bot": True}, Kind.BOT),
        ({"id": "USLACKBOT", "is_bot": False}, Kind.BOT),
    ],
)
def test_who_somebody_is(flags: dict[str, Any], kind: Kind) -> None:
    """Of Slack's flags; only full members of this workspace may send."""
    person = people.of_slack({"id": "U0X", "team_id": "T0US", "profile": {"real_name": "X"}, **flags}, "T0US")
    assert person.kind is kind
    assert NONE.may_send(person) == (kind is Kind.MEMBER)


def test_a_name_is_one_line_of_whole_characters() -> None:
    """It stands in a header that is signed and shown."""
    person = people.of_slack({"id": "U0X", "profile": {"real_name": "Ma\nya\ud800 \u2028 C" + "x" * 99}}, "T0US")
    assert person.name == ("Ma ya C" + "x" * 99)[:80]
