"""A sandbox that listens, for tests and for the command line.

`async with Sandbox() as sandbox:` picks a free port; `sandbox.api_url`, `.bot_token` and `.app_token` are
what the bot needs, and everything in sandbox/control is a method of it.
"""

from __future__ import annotations

from types import TracebackType

from aiohttp import web

from sandbox.app import LOOPBACK, build_app
from sandbox.control.everything import Control
from sandbox.workspace import Workspace


class Sandbox(Control):
    """Listens on `host` (loopback only, ValueError otherwise) and `port` (0 = any free one)."""

    def __init__(self, workspace: Workspace | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"the sandbox listens on this computer only, not on {host}")
        super().__init__(workspace or Workspace())
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The page, without a slash at the end."""
        return self.workspace.base_url

    @property
    def api_url(self) -> str:
        """The Web API's base, with a slash at the end, as slack_sdk wants it."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.app.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app.app_token

    async def __aenter__(self) -> Sandbox:
        runner = web.AppRunner(
            build_app(self.workspace, self), access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await runner.setup()
        site = web.TCPSite(runner, self.host, self.port)
        await site.start()
        self._runner = runner
        self.port = runner.addresses[0][1]
        shown = f"[{self.host}]" if ":" in self.host else self.host
        self.workspace.base_url = f"http://{shown}:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.workspace.close()
        if self._runner is not None:
            await self._runner.cleanup()
