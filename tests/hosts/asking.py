"""
More readers at once than a program has connections to its database, on the host itself: the line between is intact.

`python -m tests.hosts.asking ADDRESS PORT` writes one line of JSON: the status of each answer.
"""

import asyncio
import json
import secrets
import subprocess
import sys
from typing import Final

from store.formats import base64url
from tests.hosts.network import ROOT, Host
from tests.programs import Call

READERS: Final = 24
_PATIENCE_SECONDS: Final = 60.0


def answers(host: Host, port: int) -> list[str]:
    """What they are told there; blocks."""
    words = [*host.within, sys.executable, "-m", "tests.hosts.asking", host.address, str(port)]
    told: list[str] = json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout)
    return told


async def _answer(address: str, port: int) -> str:
    body = json.dumps({"link_proof": base64url.encode(secrets.token_bytes(32))}).encode()
    drop_id = base64url.encode(secrets.token_bytes(16))
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return str((await Call(port, "POST", f"/api/v1/drops/{drop_id}/door", body, host=address).answer()).status)
    except (OSError, TimeoutError) as error:
        return type(error).__name__


async def _all(address: str, port: int) -> list[str]:
    return list(await asyncio.gather(*(_answer(address, port) for _ in range(READERS))))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all(sys.argv[1], int(sys.argv[2])))))
