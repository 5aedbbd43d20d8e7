"""What administrators read when the audit log needs them."""

from typing import Final

STOPPED: Final = (
    ":rotating_light: *The audit log stands still:* {why}. Secrets are sent and opened as before, and what happens is "
    "recorded; it goes into the log when this is mended."
)
REFUSED: Final = (
    ":rotating_light: *The audit log refused {count} events* ({what}). If you have just set up another server, put its "
    "key into SIGNING_DIR/trusted and restart the bot. Otherwise somebody may be using a program's key or writing into "
    "the database: treat that server as taken over."
)
GOES_ON: Final = "The audit log goes on; nothing was lost."
