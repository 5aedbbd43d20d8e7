"""What a record may be called, and within which bounds it lives."""

from typing import Final

MOST_IN_LABEL: Final = 100
MOST_SECONDS: Final = 3650 * 86_400
"""The longest that a record can live: one that whoever runs the server makes."""
MOST_SECONDS_OF_ONE: Final = 365 * 86_400
"""The longest for one that somebody makes in Slack, or with a token: the key of its month is kept for as long."""
MOST_READS: Final = 1_000_000


def is_label(text: str) -> bool:
    """One line of 1 to 100 characters, none of which plays tricks with those around it."""
    return 0 < len(text) <= MOST_IN_LABEL and text == text.strip() and text.isprintable()
