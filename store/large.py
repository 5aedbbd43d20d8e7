"""
Large envelopes in memory: so many at once in one program, and as many on their way in as on their way out.

Whoever comes when there is no room is told to come back before anything is paid: each is in memory as a whole until it
has been stored or sent, and a few hundred slow people would otherwise end the program, and with it everybody's claims.
A claim that was won has little time to ask again: when all places are taken there are as many more for such claims
alone, so that it is not lost to other people's first ones.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from store.errors import TooManyLargeError

LARGE_BYTES: Final = 256 * 1024
MOST_LARGE: Final = 8
MOST_AGAIN: Final = 8

T = TypeVar("T")


class Large:
    """How many large envelopes are in memory."""

    def __init__(self) -> None:
        self.underway = 0

    def room_for(self, size: int, *, is_won: bool = False) -> "Room":
        """
        Room for an envelope of so many bytes, to be entered at once.  Raises TooManyLargeError.

        `is_won`: for a claim that was won and asks again.
        """
        most = MOST_LARGE + MOST_AGAIN if is_won else MOST_LARGE
        if size > LARGE_BYTES and self.underway >= most:
            raise TooManyLargeError
        return Room(self, size > LARGE_BYTES)


class Room:
    """Taken for as long as anybody is in it, and then for as long as what was kept is in memory."""

    def __init__(self, large: Large, is_large: bool) -> None:
        self._large = large
        self._is_large = is_large
        self._inside = 0

    def __enter__(self) -> "Room":
        self._come()
        return self

    def __exit__(self, *_: object) -> None:
        self._go()

    async def during(self, act: Callable[[], Awaitable[T]]) -> T:
        """What the act returns; the room is taken until its end, also when its request was answered long before."""
        with self:
            return await act()

    def kept(self, envelope: bytes) -> bytes:
        """The same bytes: the room is theirs until `give_back`, or until they are in memory no more."""
        if not self._is_large:
            return envelope
        kept = _Kept(envelope)
        self._come()
        kept.go = self._go
        return kept

    def _come(self) -> None:
        self._large.underway += self._is_large and not self._inside
        self._inside += 1

    def _go(self) -> None:
        self._inside -= 1
        self._large.underway -= self._is_large and not self._inside


class _Kept(bytes):
    """Bytes that say when they are gone; Python allows no weak references to bytes."""

    go: Callable[[], None] | None = None

    def give_back(self) -> None:
        """Once, however often it is called."""
        go, self.go = self.go, None
        if go is not None:
            go()

    def __del__(self) -> None:
        self.give_back()


def give_back(body: object) -> None:
    """
    The room of an envelope that has been sent, or will not be; any other body has none.

    Not left to Python: where a reader hung up, an error and its frames keep the envelope until somebody collects them.
    """
    if isinstance(body, _Kept):
        body.give_back()
