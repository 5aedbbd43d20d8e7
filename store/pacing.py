"""
Work that can wait, at a pace that leaves room for those who cannot: a reader who claims shares its program with it.

After each piece of it comes a rest, thrice as long as the piece took: a quarter of the time goes into it.  The rest has
an end, because everything takes longer on a busy machine, and whatever is due must get done there too, steadily.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_RESTS: Final = 3
LONGEST_REST: Final = 0.03
"""Seconds."""
_NICE: Final = 10


@asynccontextmanager
async def unhurried(*, is_last: bool = False) -> AsyncIterator[None]:
    """A piece of work, and the rest after it; none after the last, or after one that failed."""
    began = time.perf_counter()
    yield
    if not is_last:
        await asyncio.sleep(min(LONGEST_REST, _RESTS * (time.perf_counter() - began)))


def give_way() -> None:
    """Once, for a process that works for minutes on its own: whoever else wants a processor is served first."""
    os.nice(_NICE)
