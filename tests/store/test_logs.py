"""The log: our own lines and the libraries', on one stream, in one form, at the level that was asked for."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.log_stream import log_stream


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What a program would write at INFO."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    yield log_stream("INFO")
    root.handlers = before
    root.setLevel(level)


def test_ours_and_the_libraries_say_the_same_things(stream: io.StringIO) -> None:
    """Who, how bad, when: the same members, whichever way a line came."""
    structlog.get_logger("ours").warning("said", number=1)
    logging.getLogger("theirs").warning("said")
    ours, theirs = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert ours == theirs | {"logger": "ours", "number": 1, "timestamp": ours["timestamp"]}


def test_the_level_holds_for_ours_too(stream: io.StringIO) -> None:
    """Below it nothing is written, for one name where one was set, and for all."""
    ours = structlog.get_logger("ours")
    ours.debug("not said")
    ours.info("said")
    logging.getLogger("ours").setLevel(logging.ERROR)
    try:
        ours.info("not said")
    finally:
        logging.getLogger("ours").setLevel(logging.NOTSET)
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["said"]


def test_an_exception_is_its_place(stream: io.StringIO) -> None:
    """Never its text, in which drivers and parsers put what they choked on."""
    try:
        int("kanarienvogel")
    except ValueError:
        structlog.get_logger("ours").exception("broke")
    assert "kanarienvogel" not in stream.getvalue()
    assert json.loads(stream.getvalue())["error"].startswith("ValueError at test_logs.py:")


class Full(io.StringIO):
    """A stream on a full disk."""

    def flush(self) -> None:
        """Where a real one says so."""
        raise OSError


def test_a_disk_full_of_lines_breaks_nothing(stream: io.StringIO) -> None:
    """A claim that is logged is a claim all the same."""
    [own] = [one for one in logging.getLogger().handlers if getattr(one, "stream", None) is stream]
    assert isinstance(own, logging.StreamHandler)
    own.stream = full = Full()
    structlog.get_logger("ours").info("said")
    assert "said" in full.getvalue()
