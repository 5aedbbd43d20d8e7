"""
Whether this program is alive (it answers) and ready (database, schema and keyring are there and belong together, and
there is room for another act).
Anybody may ask: one check runs at a time, and what it finds holds for a second.
"""

import asyncio
import time
from typing import Final

from aiohttp import web

from reveal_web.reader.answers import Answer, as_json, problem
from reveal_web.reader.parts import PARTS, Parts
from store import readiness

FRESH_SECONDS: Final = 1


class Health:
    """What was found last, and until when it holds."""

    def __init__(self) -> None:
        self._is_ready, self._until = False, 0.0
        self._one_at_a_time = asyncio.Lock()

    async def ready(self, request: web.Request) -> Answer:
        """Whether requests can be honoured."""
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                self._is_ready = await _is_ready(request.app[PARTS])
                self._until = time.monotonic() + FRESH_SECONDS
        return as_json(200, ready=True) if self._is_ready else problem("unavailable", retry_after=1)


async def alive(request: web.Request) -> Answer:
    """That the process answers."""
    return as_json(200, alive=True)


async def _is_ready(parts: Parts) -> bool:
    return not parts.unfinished.is_full and not await readiness.missing(parts.store, parts.settings.keyring_dir)
