"""What stands beside a checkpoint in the channel of anchors, and what administrators read when none gets there."""

from typing import Final

TEXT: Final = "Audit log checkpoint: {log}, size {size}, root {root}"
TITLE: Final = "Audit log checkpoint · {size} entries (+{grown})"
FIRST: Final = "Audit log checkpoint · {size} entries, the first of this log to be posted here"
HEARTBEAT: Final = "Audit log checkpoint · {size} entries, none since the last one"
KEYS: Final = "*The keys with which it is checked:* the log's, then those that sign events (RFC 7638 thumbprints)."
PIN: Final = "Pin this message. Nobody who checks the log later needs to take a key from us."
AWAY: Final = (
    ":warning: I cannot post checkpoints through ANCHOR_WEBHOOK_URL: {why}. The log goes on; what is not anchored "
    "meanwhile is covered by the next checkpoint that is. Look whether the webhook and its channel are still there."
)
REFUSED: Final = "it answers with status {status}"
BUSY: Final = "it asks to be left alone for a while"
UNANSWERED: Final = "it does not answer"
BACK: Final = "Checkpoints are posted through ANCHOR_WEBHOOK_URL again."
