"""
Mozilla's HTTP Observatory, over an address on this machine.

Its scanner needs a name with a dot, a port and a certificate that it can trust; everything else is as in production. It
wants the browsers' list of preloaded hosts, which installation would fetch: an empty one stands in its place, and this
address is on none.

135 is the most this version gives to a page without cookies and preloading: 100, and for the policy that begins with
nothing 10, the referrer policy 5, frames forbidden by the policy 5, the resource policy 10, scripts with integrity 5.
Cookies that are all set right (5) and a preloaded host (5) are not the program's to have.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any, Final

from tests.browser.page_checks import node, package

BEST: Final = 135
WITHOUT_SCRIPTS: Final = BEST - 5
"""What loads no script has none whose integrity could count."""


async def scan(address: str, pem: Path) -> dict[str, Any]:
    """What the scanner says about `address`, host and path."""
    scanner = package("@mdn/mdn-http-observatory")
    preloaded = scanner / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        preloaded.write_text("{}")
    # Its own command would replace the authorities that node trusts.
    scanning = await asyncio.create_subprocess_exec(
        node(), scanner / "src" / "scan.js", address,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(pem)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(90):
            said, _ = await scanning.communicate()
    finally:
        if scanning.returncode is None:
            scanning.kill()
            await scanning.wait()
    answer: dict[str, Any] = json.loads(said)
    assert "error" not in answer, answer
    return answer
