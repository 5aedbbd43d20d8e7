"""What a program would write into its log, as the program formats it: JSON, a line each."""

import io
import logging

from store import logs


def log_stream(level: str = "DEBUG") -> io.StringIO:
    """A stream that gets every line of every logger from here on, ours and the libraries'."""
    logs.configure(level, "json")
    stream = io.StringIO()
    [own] = logging.getLogger().handlers
    assert isinstance(own, logging.StreamHandler)
    own.setStream(stream)
    return stream
