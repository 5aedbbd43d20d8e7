"""Turns what a person typed into what Slack sends: mentions, channels and addresses in angle brackets.

With `should_escape` a slash command's text is rewritten the same way as a message
(messaging/formatting-message-text). A name that nobody has stays as it was typed.
"""

from __future__ import annotations

import re

from sandbox.workspace import Workspace

PIECES = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<at>(?<![\w@])@[\w.-]+)"
    r"|(?P<hash>(?<![\w#&])#[\w-]+)"
    r"|(?P<entity>[&<>])"
)
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(workspace: Workspace, text: str) -> str:
    """The text as it travels."""
    handles = {person.handle: person.id for person in workspace.people.values()}
    channels = {c.name: c.id for c in workspace.conversations.values() if c.kind in ("channel", "private")}

    def rewrite(found: re.Match[str]) -> str:
        piece = found.group(0)
        if found.lastgroup == "url":
            return f"<{_entities(piece)}>"
        if found.lastgroup == "mail":
            return f"<mailto:{piece}|{piece}>"
        if found.lastgroup == "entity":
            return ENTITIES[piece]
        names = handles if found.lastgroup == "at" else channels
        name = piece[1:]
        after = ""
        # A full stop or hyphen at the end belongs to the sentence unless somebody is called that.
        while name and name not in names and name[-1] in ".-":
            name, after = name[:-1], name[-1] + after
        if name not in names:
            return piece
        return f"<{piece[0]}{names[name]}|{name}>{after}"

    return PIECES.sub(rewrite, text)


def _entities(text: str) -> str:
    return "".join(ENTITIES.get(c, c) for c in text)
