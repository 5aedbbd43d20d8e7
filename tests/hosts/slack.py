"""What people do and see in the pretend Slack on its host, over `/control/{verb}`."""

from types import TracebackType
from typing import Any, Final, Self

import aiohttp

_SECONDS: Final = 70.0
"""The longest wait of the control is a minute."""


class Slack:
    """Each verb of sandbox/control.  Use as an async context manager."""

    def __init__(self, api_url: str) -> None:
        self._control = api_url.removesuffix("api/") + "control/"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def do(self, verb: str, **arguments: Any) -> Any:
        """What the verb answers; RuntimeError where the workspace does not allow it."""
        async with self._session.post(self._control + verb, json=arguments) as response:
            told = await response.json()
        if "answer" not in told:
            raise RuntimeError(f"{verb}: {told}")
        return told["answer"]
