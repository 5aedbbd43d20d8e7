"""What `evidence …` asks for: whole UTC days, and classes of recipients."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.periods import BackwardsError, NotBegunError, PeriodError, UnreadableError, read
from store.evidence.request import Request

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("this quarter", "2026-10-01", "2026-11-24"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("this month", "2026-11-01", "2026-11-24"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-11-24"),
        ("  LAST   Quarter ", "2026-07-01", "2026-09-30"),
        ("for the last quarter", "2026-07-01", "2026-09-30"),
        ("2026-q3", "2026-07-01", "2026-09-30"),
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2026-q4", "2026-10-01", "2026-11-24"),
        ("2026-09", "2026-09-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", None, None),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026", "2026-01-01", "2026-11-24"),
        ("2026-07-01 2026-09-30", "2026-07-01", "2026-09-30"),
        ("2026-07-01 to 2026-09-30", "2026-07-01", "2026-09-30"),
        ("from 2026-07-01 until 2026-09-30", "2026-07-01", "2026-09-30"),
        ("2026-07-01 \u2013 2026-09-30", "2026-07-01", "2026-09-30"),
        ("2026-07-01, 2030-01-01", "2026-07-01", "2026-11-24"),
        ("2026-11-24", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_period(words: str, first: str | None, last: str | None) -> None:
    """Its first and its last day; one that is not over ends today, and one that has not begun is none."""
    if first is None or last is None:
        with pytest.raises(NotBegunError):
            read(words, TODAY)
    else:
        assert read(words, TODAY) == Request(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("today", "words", "first", "last"),
    [
        ("2026-01-01", "last quarter", "2025-10-01", "2025-12-31"),
        ("2026-01-01", "this quarter", "2026-01-01", "2026-01-01"),
        ("2026-03-31", "last month", "2026-02-01", "2026-02-28"),
        ("2026-01-31", "last month", "2025-12-01", "2025-12-31"),
        ("2024-12-31", "this month", "2024-12-01", "2024-12-31"),
        ("2024-12-31", "this year", "2024-01-01", "2024-12-31"),
    ],
)
def test_at_the_edges_of_a_year(today: str, words: str, first: str, last: str) -> None:
    """The quarter before January is in another year."""
    assert read(words, date.fromisoformat(today)) == Request(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("words", "recipients"),
    [
        ("2025 guest", ("guest",)),
        ("guests 2025", ("guest",)),
        ("2025 member, guest external email", ("email", "external", "guest", "member")),
        ("2025 for guests and members", ("guest", "member")),
        ("2025 guest guest", ("guest",)),
    ],
)
def test_recipients(words: str, recipients: tuple[str, ...]) -> None:
    """Classes in any order, before or behind the period; each once, sorted, so that the same is the same."""
    assert read(words, TODAY) == Request(date(2025, 1, 1), date(2025, 12, 31), recipients)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "guest",
        "quarter",
        "next quarter",
        "last",
        "last week",
        "2026-q5",
        "2026-13",
        "2026-00",
        "2026-02-30 2026-03-01",
        "2026-07-01 2026-09-30 2026-10-01",
        "2026-07 2026-09",
        "26-q3",
        "0000",
        "9999",
        "last quarter last month",
        "2025 friends",
        "\u0662\u0660\u0662\u0665",
        "<@U0DANA>",
        "\ud800",
    ],
)
def test_what_is_no_period(words: str) -> None:
    """It is asked again; nothing is guessed."""
    with pytest.raises(UnreadableError):
        read(words, TODAY)


def test_backwards() -> None:
    """The last day before the first."""
    with pytest.raises(BackwardsError):
        read("2026-09-30 2026-07-01", TODAY)


@given(st.text(max_size=40), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_no_words_are_an_error(words: str, today: date) -> None:
    """Whatever is typed is a period up to today or is refused."""
    try:
        request = read(words, today)
    except PeriodError:
        return
    assert request.first <= request.last <= today


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.sampled_from(["month", "quarter", "year"]))
def test_the_last_one_ends_where_this_one_begins(today: date, unit: str) -> None:
    """No day is in both, and none between them."""
    assert read(f"last {unit}", today).last + timedelta(days=1) == read(f"this {unit}", today).first
    assert read(f"this {unit}", today).last == today
