"""
What the other hosts have in common: `python -m tests.hosts.data_host ADDRESS [PORT]`.

PostgreSQL listens on ADDRESS, and where a PORT is named the pretend Slack on that one of loopback.  Writes one line of
JSON when they can be reached: `local` and `elsewhere` are a new database's URL on the socket and over the network.
Ends when its input does.
"""

import asyncio
import json
import sys
from pathlib import Path

from sqlalchemy import make_url

from sandbox.running import Sandbox
from sandbox.workspace import Workspace
from tests.hosts.held import PATIENT_SECONDS
from tests.postgres import running


async def _serve_slack(told: dict[str, str], port: int) -> None:
    workspace = Workspace()
    workspace.app.ping_seconds = 10
    workspace.app.ack_seconds = workspace.app.trigger_seconds = PATIENT_SECONDS
    async with Sandbox(workspace, port=port) as sandbox:
        told |= {"bot_token": sandbox.bot_token, "app_token": sandbox.app_token, "api_url": sandbox.api_url}
        await asyncio.to_thread(_serve, told)


def _serve(told: dict[str, str]) -> None:
    print(json.dumps(told), flush=True)
    sys.stdin.read()


def main() -> None:
    """Serve until nobody writes any more."""
    address, *port = sys.argv[1:]
    with running() as server:
        local = server.new_database()
        with (Path(server.folder) / "pg_hba.conf").open("a") as file:
            file.write("host all all samenet trust\n")
        server.listen(address)
        elsewhere = make_url(local).set(host=address, port=5432, query={})
        told = {"local": local, "elsewhere": elsewhere.render_as_string(hide_password=False)}
        if port:
            asyncio.run(_serve_slack(told, int(port[0])))
        else:
            _serve(told)


if __name__ == "__main__":
    main()
