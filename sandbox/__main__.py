"""`python -m sandbox`: the pretend workspace on its own."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

from sandbox.running import Sandbox
from sandbox.workspace import Workspace


async def listen(host: str, port: int, *, is_quiet: bool, has_home: bool = False) -> None:
    """Run until interrupted. Tokens come from the environment so that a bot elsewhere can know them."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    workspace = Workspace()
    workspace.app.bot_token = os.environ.get("SLACK_BOT_TOKEN") or workspace.app.bot_token
    workspace.app.app_token = os.environ.get("SLACK_APP_TOKEN") or workspace.app.app_token
    workspace.app.home_tab = has_home
    workspace.app.subscribed = {"app_home_opened"} if has_home else set()
    async with Sandbox(workspace, host=host, port=port) as sandbox:
        if not is_quiet:
            sys.stdout.write(f"Pretend workspace at {sandbox.url}\n")
            sys.stdout.flush()
        await stop.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="this computer only")
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--home", action="store_true", help="the app's manifest turns on its Home tab")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    given = parser.parse_args()
    try:
        asyncio.run(listen(given.host, given.port, is_quiet=given.quiet, has_home=given.home))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"The sandbox did not start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
