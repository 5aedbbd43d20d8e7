"""
A logger for Slack's libraries that repeats nothing of what they say.

slack_bolt puts bodies into its messages, slack_sdk puts answers into its exceptions; both format before they log, so
that nothing downstream can tell their words from somebody's secret.  What remains is where in the library it
happened: enough to look it up.
"""

import logging
from typing import Final

_NAME: Final = "slack_bolt.sendsecret"


def library_logger() -> logging.Logger:
    """The logger that every client and app is given; at ERROR, with each record reduced to its place."""
    logger = logging.getLogger(_NAME)
    logger.setLevel(logging.ERROR)
    if not any(isinstance(one, _PlaceOnly) for one in logger.filters):
        logger.addFilter(_PlaceOnly())
    return logger


class _PlaceOnly(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = f"a Slack library reported an error at {record.module}:{record.lineno}"
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True
