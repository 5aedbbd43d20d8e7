"""A message as chat.postMessage and chat.update take it."""

from dataclasses import dataclass

from bot.block_kit import Json


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers use; it never holds a link."""

    text: str
    blocks: list[Json]
