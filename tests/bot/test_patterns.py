"""Patterns: they fit what Python's own fit, in a time that grows with the length alone, and are refused in words."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.patterns import MOST_STATES, Pattern, UnusablePatternError, compiled

LETTERS = st.text("ab", max_size=8)
MANY_LETTERS = st.text("abcz019_.-\n \u4e00\u3042\U0001f511", max_size=12)
LONG = 3000
PATTERNS = [
    "a",
    "a+b*",
    "(a|b)+",
    "(a|ab)(b|a)?",
    "a{2}b{1,3}",
    "(ab){2,}",
    "[^a]+a",
    r"(?:a+)*b",
    "a?b?a?",
    "((a?)+b)+",
    r"[a\]]b|.{3}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=LETTERS)
def test_it_fits_what_pythons_own_fit(pattern: str, text: str) -> None:
    """As a whole."""
    assert compiled(pattern).fits(text) == bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize("pattern", [".*", "[^a]*b?", r"\w+[\s.]?.", "[a-c\u4e00]+|.", r"(\d|[^\d])*z", r"[^\s]{2,}-?"])
@given(text=MANY_LETTERS)
def test_a_set_is_of_the_characters_that_pythons_own_is_of(pattern: str, text: str) -> None:
    """Of few of a text's characters or of most, also of a line break and of what no keyboard has."""
    assert compiled(pattern).fits(text) == bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize("pattern", ["(a|b)*a(a|b){148}", "([ab]*a[ab]{140}|[ab]*b[ab]{139}c)", "[ab]{0,290}"])
def test_a_long_text_fits_as_a_short_one_does(pattern: str) -> None:
    """Also where almost every state goes on at once, and in another way with each character."""
    seeded = random.Random(7)  # noqa: S311 - not a secret
    for length in (0, 140, 149, 150, 290, 291, LONG):
        text = "".join(seeded.choice("ab") for _ in range(length))
        for tried in (text, text[:-141] + "a" + text[-140:], text[:-141] + "b" + text[-140:], text + "c"):
            assert compiled(pattern).fits(tried) == bool(re.fullmatch(pattern, tried))


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "a*a*a*a*a*a*b", "((a?){15}){15}b"])
def test_none_runs_away(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a backtracking engine busy for years takes one look at each set of states that it comes to."""
    looks, look = [0], Pattern._reached

    def counted(self: Pattern, taken: int, eights: list[list[int]]) -> int:
        looks[0] += 1
        return look(self, taken, eights)

    monkeypatch.setattr(Pattern, "_reached", counted)
    made = compiled(pattern)
    assert not made.fits("a" * LONG)
    assert 0 < looks[0] <= MOST_STATES / 2


def test_nothing_of_a_text_stays() -> None:
    """It is somebody's secret, and the pattern stands in memory for as long as the bot runs."""
    used = compiled("[a-z]+-(a|b)*c")
    assert used.fits("canary-abbac")
    assert not used.fits("canary-abbad")
    assert vars(used) == vars(compiled("[a-z]+-(a|b)*c"))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "no or more than"),
        ("a" * 301, "no or more than"),
        ("(a", "not closed"),
        ("a)", "too many"),
        (r"(a)\1", "do not know"),
        ("(?=a)b", "looks ahead"),
        ("(?i)a", "looks ahead"),
        ("(?P<n>a)", "looks ahead"),
        ("^a", "without ^ and $"),
        ("a$", "without ^ and $"),
        ("a**", "repeats a repetition"),
        ("a+?", "repeats a repetition"),
        ("*a", "do not know"),
        ("a{3,2}", "repeats nothing, or less"),
        ("a{0}", "repeats nothing, or less"),
        ("[a", "do not know"),
        ("[b-a]", "is none"),
        ("a|", "is empty"),
        ("(){999}", "is empty"),
        ("a{999}", str(MOST_STATES)),
        ("((a{99}){99}){99}", str(MOST_STATES)),
    ],
)
def test_what_is_none_is_refused_in_words(pattern: str, said: str) -> None:
    """When the file is read, before anybody waits for it."""
    with pytest.raises(UnusablePatternError, match=re.escape(said)):
        compiled(pattern)
