"""Which conversations a conversations_select offers to somebody, and which it takes as a choice.

A menu lists where the person is; its filter takes kinds, channels shared with another company, and the
DMs of apps away. It does not know the app: whether that may post there is no question of the menu.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.conversations import Conversation
from sandbox.rules import Rule, when
from sandbox.wire import Json

KINDS = {"channel": "public", "private": "private", "im": "im", "bot_im": "im", "mpim": "mpim"}
"""Kind of a conversation to the word that a filter's `include` has for it."""


@dataclass(frozen=True)
class Choice:
    """`user` picks `conversation` (None = there is no such one) in the menu `element`."""

    element: Json
    user: str
    conversation: Conversation | None


def offers(element: Json, conversation: Conversation) -> bool:
    """Whether the menu lists this conversation for those who are in it."""
    chosen = element.get("filter", {})
    shared = chosen.get("exclude_external_shared_channels") and conversation.is_ext_shared
    bots = chosen.get("exclude_bot_users") and conversation.kind == "bot_im"
    kind = KINDS[conversation.kind] in chosen.get("include", KINDS.values())
    return kind and not shared and not bots and not conversation.archived


OFFERED = Rule(
    "conversations_select: only what the menu offers to this person",
    "reference/block-kit/composition-objects/conversation-filter-object",
    "impossible_entry",
    when(
        lambda choice: (
            choice.conversation is None
            or choice.user not in choice.conversation.members
            or not offers(choice.element, choice.conversation)
        ),
        "the menu does not offer that conversation",
    ),
)


def first_choice(element: Json, current: Conversation | None) -> str | None:
    """What is chosen before anybody touched the menu: its own choice wins over the current conversation."""
    named: str | None = element.get("initial_conversation")
    if named or not element.get("default_to_current_conversation"):
        return named
    # Somewhere that the filter takes away cannot be chosen by hand, so it is not chosen for anybody either.
    return current.id if current is not None and offers(element, current) else None
