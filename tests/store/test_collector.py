"""Python's collector does not look through a whole program again and again while people wait."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from bot import program as bot_program
from reveal_web import program as web_program


@pytest.mark.parametrize(("program", "work"), [(bot_program, "serve"), (web_program, "_serve")], ids=["bot", "web"])
async def test_what_a_program_consists_of_is_looked_through_once(
    monkeypatch: pytest.MonkeyPatch, program: Any, work: str
) -> None:
    """By the time that it serves, its code and its classes are out of the collector's rounds."""
    spared: list[int] = []

    async def served(*_: object, **__: object) -> None:
        spared.append(gc.get_freeze_count())

    monkeypatch.setattr(program, work, served)
    monkeypatch.setattr(program.logs, "configure", _nothing)
    before = gc.get_freeze_count()
    handlers: dict[int, Callable[..., Any]] = {}
    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", handlers.__setitem__)
    try:
        await program.run(_Settings())
        assert spared[0] - before > 10_000
    finally:
        gc.unfreeze()


class _Settings:
    log_level = log_format = ""


def _nothing(*_: object) -> None:
    """The log of this process stays as it is."""
