"""Patterns: they fit what Python's own fit, in a time that grows with the length alone, and are refused in words."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.patterns import MOST_STATES, UnusablePatternError, compiled

LETTERS = st.text("ab", max_size=8)
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


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "a*a*a*a*a*a*b", "((a?){15}){15}b"])
def test_none_runs_away(pattern: str) -> None:
    """What keeps a backtracking engine busy for years is answered at once."""
    begun = time.process_time()
    assert not compiled(pattern).fits("a" * 3000)
    assert time.process_time() - begun < 10


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
