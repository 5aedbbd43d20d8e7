"""
The population as CSV (RFC 4180, UTF-8): one line a drop, in the order of their creation, safe to open in a spreadsheet.

A spreadsheet computes what begins with `=`, and takes `1e5` for a number and `1-2` for a day.  An apostrophe in front
keeps either a text; it is the only change that is ever made to a value.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from store.evidence.drop_row import DropRow
from store.formats.receipt_v1 import utc

FILE: Final = "population.csv"
COLUMNS: Final = (
    "drop_id",
    "created_at",
    "recipient_class",
    "template",
    "way",
    "sealed_by",
    "state",
    "outcome",
    "delivered_at",
    "door_opened_at",
    "claimed_at",
    "ended_at",
    "destroyed_at",
    "expires_at",
    "seconds_to_open",
    "failed_guesses",
    "sends",
    "passphrase",
    "recipient_verification",
    "second_consumers_at_door",
    "second_consumers_at_claim",
    "second_consumers_with_right_passphrase",
    "not_me",
    "receipt_id",
    "receipt_leaf",
    "created_leaf",
    "events",
)
NAMES: Final = ("sender", "recipient", "reference")
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_READ_AS_NUMBER: Final = re.compile(r"[\s\d.,:/%$\u20ac()+-]*(?:[eE][+-]?\d+)?\s*", re.ASCII)


def head(*, with_names: bool) -> bytes:
    """The first line."""
    return line([*COLUMNS, *(NAMES if with_names else ())])


def of(row: DropRow, *, with_names: bool) -> bytes:
    """A drop's line."""
    return line(cells(row, with_names=with_names))


def cells(row: DropRow, *, with_names: bool) -> list[str]:
    """A drop's values, in the order of the columns, as they stand in the file."""
    door, claim, right = row.second_consumers
    found = [
        text(row.drop),
        _time(row.created_at),
        text(row.recipient_class),
        text(row.template),
        text(row.way),
        text(row.sealed_by),
        text(row.state),
        text(row.outcome),
        _time(row.delivered_at),
        _time(row.door_opened_at),
        _time(row.claimed_at),
        _time(row.destroyed_at if row.ended_at is None else row.ended_at),
        _time(row.destroyed_at),
        _time(row.expires_at),
        _number(row.seconds_to_open),
        _number(row.failed_guesses),
        _number(row.sends),
        text(row.passphrase),
        text(row.verification),
        _number(door),
        _number(claim),
        _number(right),
        _number(row.not_me),
        # With its prefix: 32 hexadecimal characters alone can be a number.
        text(row.receipt),
        _number(row.receipt_leaf),
        _number(row.created_leaf),
        _number(row.events),
    ]
    return [*found, text(row.sender), text(row.recipient), text(row.reference)] if with_names else found


def text(value: str) -> str:
    """A value that a spreadsheet must neither compute nor take for a number or a day."""
    if value.startswith(_COMPUTED) or (value and _READ_AS_NUMBER.fullmatch(value)):
        return f"'{value}"
    return value


def line(values: Sequence[str]) -> bytes:
    """One line of the file, with its line break."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(values)
    return written.getvalue().encode()


def _time(seconds: int | None) -> str:
    return "" if seconds is None else utc(seconds * 1000)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
