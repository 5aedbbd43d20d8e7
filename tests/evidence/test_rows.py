"""Rows and the summary, from events that are made up here: what they say, and that hostile words stay words."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.evidence import population, summary
from store.evidence.drop_row import DropRow
from store.evidence.in_database import Standing
from store.evidence.pack import Pack
from store.evidence.request import Request
from store.evidence.tallies import MOST_LISTED, Tallies

AT = 1_782_900_000  # 2026-07-01T10:00:00Z
CREATED = {"evt": "drop.created", "iat": AT, "expires_at": AT + 3600, "recipient_class": "guest", "template": "stripe"}
NOTE = f"drops.example.com/audit\n9\n{'A' * 43}=\n\n\u2014 drops.example.com/audit AAAA\n"


def told(*events: dict[str, Any], drop: str = "D" * 22, **created: Any) -> DropRow:
    row = DropRow(drop, 7)
    for number, claims in enumerate([CREATED | created, *events]):
        row.tell(7 + number, {"iat": AT + number} | claims)
    return row


def page(*rows: DropRow, **changed: Any) -> str:
    tallies = Tallies()
    for row in rows:
        tallies.add(row)
    request = Request(date(2026, 7, 1), date(2026, 9, 30))
    standing = Standing(1, "drops.example.com/audit", "key", 9, NOTE, AT * 1000, 0, 0, {})
    return summary.page(Pack(changed.get("issuer", "https://drops.example.com"), request, standing), tallies)


def destroyed(outcome: str, at: int = AT + 9) -> dict[str, Any]:
    return {"evt": "drop.destroyed", "iat": at, "outcome": outcome, "sends": 0}


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "sealed"),
        ([{"evt": "drop.not_me", "paused": True}], "paused"),
        ([{"evt": "drop.not_me", "paused": True}, {"evt": "drop.unlocked", "paused": False}], "sealed"),
        ([{"evt": "drop.locked"}], "locked"),
        ([{"evt": "drop.locked"}, {"evt": "drop.unlocked"}], "sealed"),
        ([{"evt": "drop.claimed"}], "claimed"),
        ([{"evt": "drop.revoked"}], "ending"),
        ([{"evt": "drop.revoked"}, destroyed("revoked")], "revoked"),
    ],
)
def test_states(events: list[dict[str, Any]], state: str) -> None:
    """Where a drop is, from its events alone."""
    assert told(*events).state == state


@pytest.mark.parametrize(
    "strange", [{"iat": 2**52}, {"iat": "now"}, {"expires_at": 2**52}, {"evt": "drop.invented"}, {"evt": []}]
)
def test_what_no_event_says(strange: dict[str, Any]) -> None:
    """A time that is none, or an event that is none, is refused before a row is made of it."""
    with pytest.raises((ValueError, TypeError)):
        told(**strange)


def test_half_a_character() -> None:
    """JSON can hold what UTF-8 cannot; it is written out."""
    row = told(template="\ud800")
    assert population.cells(row, with_names=False)[3] == "\\ud800"
    assert population.of(row, with_names=False)
    assert "ud800" in page(row)


def test_second_consumers_are_counted_after_the_receipt_too() -> None:
    """An event a kind and hour says how often so far; the receipt may have counted more before it."""
    again = {"evt": "drop.second_consumer", "stage": "claim", "passphrase": "right"}
    access = {"second_consumers": {"at_door": 4, "at_claim": 1, "with_right_passphrase": 1}}
    row = told(
        {**again, "count": 1},
        {"evt": "drop.second_consumer", "stage": "door", "count": 1},
        {"evt": "drop.receipt", "jti": "rc_" + "0" * 32, "access": access},
        {**again, "count": 3},
        {"evt": "drop.second_consumer", "stage": "claim", "passphrase": "unknown", "count": 2},
    )
    assert row.second_consumers == (4, 5, 3)


def test_times_to_open() -> None:
    """From creation to claim, in seconds; empty where nobody claimed it."""
    cells = dict(
        zip(population.COLUMNS, population.cells(told({"evt": "drop.claimed"}), with_names=False), strict=True)
    )
    assert (cells["seconds_to_open"], cells["claimed_at"], cells["sends"]) == ("1", "2026-07-01T10:00:01Z", "1")
    cells = dict(zip(population.COLUMNS, population.cells(told(), with_names=False), strict=True))
    assert (cells["seconds_to_open"], cells["claimed_at"], cells["receipt_id"]) == ("", "", "")


@pytest.mark.parametrize(
    "hostile",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1+1",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1+1",
        "1e5",
        "0012",
        "1-2",
        "2026-07-01",
        "1/2",
        "10:30",
        "1,5",
        "50 %",
        "\u20ac 5",
    ],
)
def test_a_spreadsheet_computes_nothing(hostile: str) -> None:
    """What begins like a formula, and what looks like a number or a day, stays the text that it is."""
    row = told(template=hostile)
    row.sender = row.recipient = row.reference = hostile
    [cells] = csv.reader(io.StringIO(population.of(row, with_names=True).decode(), newline=""))
    assert cells[3] == cells[-1] == cells[-2] == cells[-3] == f"'{hostile}"


def test_ids_stay_text() -> None:
    """A drop's id may begin with a minus, and a receipt's may be all digits."""
    row = told(
        {
            "evt": "drop.receipt",
            "jti": "rc_" + "1" * 32,
            "access": {"second_consumers": dict.fromkeys(("at_door", "at_claim", "with_right_passphrase"), 0)},
        },
        drop="-" + "A" * 21,
    )
    cells = population.cells(row, with_names=False)
    assert cells[0] == "'-" + "A" * 21
    assert "rc_" + "1" * 32 in cells


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back(value: str) -> None:
    """RFC 4180: one line a row, whatever is in it; an apostrophe in front is all that is ever changed."""
    written = population.line(["a", population.text(value)])
    assert written.endswith(b"\r\n")
    [cells] = csv.reader(io.StringIO(written.decode(), newline=""))
    assert cells[1] in (value, f"'{value}")
    assert not cells[1].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_hostile_words_in_the_summary() -> None:
    """Templates, classes and addresses are shown, not run."""
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    shown = page(told(destroyed("lost"), template=hostile, recipient_class=hostile), issuer=f"https://{hostile}")
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_the_summary_needs_nothing() -> None:
    """No script, no address that is fetched; a policy in the page forbids both."""
    shown = page(told(destroyed("viewed")))
    assert "default-src 'none'" in shown
    for word in ("<script", "src=", "@import", "url(", "<link", "http:"):
        assert word not in shown


def test_exceptions_come_first_and_are_counted() -> None:
    """Each kind with its number, the drops by their receipts; a hundred of a kind are listed."""
    rows = [told(destroyed("released"), drop=f"R{number:021}") for number in range(MOST_LISTED + 5)]
    rows.append(told({"evt": "drop.not_me"}, drop="N" * 22))
    shown = page(*rows)
    assert shown.index("Exceptions") < shown.index("Handoffs")
    assert f"Released, never confirmed: {MOST_LISTED + 5}" in shown
    assert f"The first {MOST_LISTED} of {MOST_LISTED + 5}" in shown
    assert "N" * 22 in shown
    assert shown.count("<code>R0000") == MOST_LISTED


def test_charts_say_in_words_what_they_show() -> None:
    """Bars have their figures as text beside them and as their name; median and nine of ten are of those claimed."""
    rows = [
        told({"evt": "drop.claimed", "iat": AT + seconds}, destroyed("viewed"), drop=f"{seconds:022}")
        for seconds in (60, 120, 180, 240, 300, 360, 420, 480, 540, 7200)
    ]
    shown = page(*rows, told(destroyed("expired"), drop="E" * 22))
    assert 'aria-label="10 viewed, 1 expired"' in shown
    assert 'aria-label="median 5 min 30 s, nine of ten within 9 min"' in shown
    assert "<td>2026-07</td><td>stripe</td>" in shown


def test_what_each_control_gets_and_what_is_not_claimed() -> None:
    """Every control of the mapping is there, and what the pack does not show stands beside it."""
    shown = page(told())
    for name in ("C1.2", "CC6.1", "CC6.5", "CC6.7", "CC7.2", "A.5.14", "A.8.10", "A.8.15", "A.8.24"):
        assert name in shown
    for not_claimed in ("no copy exists", "CC6.8", "Purge", "Who read a secret"):
        assert not_claimed in shown[shown.index("What is not claimed") :]


def test_durations() -> None:
    """Two units at most."""
    assert [summary.spoken(one) for one in (None, 0, 59, 60, 3661, 90_000, 86_400 * 3)] == [
        "\u2013",
        "0 s",
        "59 s",
        "1 min",
        "1 h 1 min",
        "1 d 1 h",
        "3 d",
    ]
