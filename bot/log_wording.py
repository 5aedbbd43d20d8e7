"""What people read when the audit log needs them: administrators, or the audit channel where none can be reached."""

from typing import Final

STOPPED: Final = (
    ":rotating_light: *The audit log stands still:* {why}. Secrets are sent and opened as before, and what happens is "
    "recorded; it goes into the log when this is mended."
)
FAILS: Final = (
    "for a minute nothing could be put into it ({what}). The database may be away, somebody may hold the log's lock in "
    "it, or its tables were changed: `sendsecret verify --store` and the bot's log say more"
)
_REFUSED_WHY: Final = (
    "({what}). If you have just set up another server, put its key into SIGNING_DIR/trusted and restart the bot. "
    "Otherwise somebody may be using a program's key or writing into the database: treat that server as taken over."
)
REFUSED_ONE: Final = f":rotating_light: *The audit log refused an event* {_REFUSED_WHY}"
REFUSED: Final = f":rotating_light: *The audit log refused {{count}} events* {_REFUSED_WHY}"
GOES_ON: Final = "The audit log goes on; what waited is in it."
