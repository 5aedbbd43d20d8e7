"""What is said to somebody who has sent as much as anybody may: how much that is, and when to try again.  Pure."""

from store import sending_bounds
from store.errors import SendingTooMuchError, SendingTooOftenError


def told(error: SendingTooMuchError, too_often: str, too_many_open: str) -> str:
    """The sentence of the two that fits."""
    if isinstance(error, SendingTooOftenError):
        return too_often.format(most=f"{sending_bounds.MOST_IN_WINDOW:,}", wait=minutes(error))
    return too_many_open.format(most=most_open())


def minutes(error: SendingTooOftenError) -> str:
    """In how long there is room again, as one says it."""
    count = -(-error.retry_after_seconds // 60)
    return "a minute" if count <= 1 else f"{count} minutes"


def most_open() -> str:
    """How many of one person's may be open at once."""
    return f"{sending_bounds.MOST_OPEN:,}"
