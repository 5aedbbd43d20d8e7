"""
What the bot answers to `/sendsecret evidence`.

Each sentence is whole; what was typed is repeated in none of them, but the period that was read from it is.
"""

from typing import Final

_EXAMPLES: Final = (
    "• `/sendsecret evidence last quarter`, or `this quarter`, `last month`, `this year` and so on\n"
    "• `/sendsecret evidence 2026-q3`, or `2026-09`, `2026`\n"
    "• `/sendsecret evidence 2026-07-01 to 2026-09-30`\n"
    "• with `guest`, `external`, `email` or `member` at the end: those recipients only\n"
    "Days are UTC, and both are included."
)
WHICH_PERIOD: Final = f"*An evidence pack of which period?* Nothing was begun. Type one of these:\n{_EXAMPLES}"
BACKWARDS: Final = f"That period ends before it begins. Nothing was begun. Type one like these:\n{_EXAMPLES}"
NOT_BEGUN: Final = "That period has not begun, so there is nothing to show. Nothing was begun."
WHO_MAY: Final = (
    "Evidence packs are made for auditors and administrators of Sendsecret only. Nothing was begun. "
    "Ask one of them: {people}."
)
NOBODY_MAY: Final = (
    "Evidence packs are made for auditors and administrators of Sendsecret only, and none are named so far. Nothing "
    "was begun. Whoever runs Sendsecret must name them in AUDITORS or ADMINS."
)
MORE_PEOPLE: Final = "and {count} more"
BEGUN: Final = (
    "An evidence pack of *{period}* ({recipients}) is being made. That can take minutes; I will send you the link in "
    "our DM."
)
UNDERWAY: Final = (
    "This very pack, of *{period}* ({recipients}), is being made already. I will send you the link in our DM."
)
OTHER_UNDERWAY: Final = (
    "Another evidence pack, of *{period}* ({recipients}), is being made, and one is made at a time. Nothing was begun. "
    "Type the command again in a few minutes."
)
MADE: Final = "The pack of *{period}* ({recipients}) was made already, at {made}. I send you its link in our DM."
STORE_AWAY: Final = "The database does not answer just now. Nothing was begun. Type the command again in a moment."
