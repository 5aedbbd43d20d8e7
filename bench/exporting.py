"""
An auditor who takes all that there is over the web program, in a process of its own, again and again until it is ended:
`python -m bench.exporting PORT LEAVES PACK`.

The checkpoint, every tile under it, and the zip of the evidence pack, as fast as they come.
"""

import asyncio
import sys
from collections.abc import Iterator

from bench.open_loop import read_answer
from store.formats import tiles_v1
from store.formats.tiles_v1 import Tile


def paths(leaves: int, pack_id: str) -> Iterator[str]:
    """Everything once."""
    yield "/log/checkpoint"
    level = 0
    while tiles_v1.width(level, 0, leaves):
        n = 0
        while width := tiles_v1.width(level, n, leaves):
            yield f"/log/{Tile(level, n, width).path}"
            n += 1
        level += 1
    yield f"/evidence/{pack_id}.zip"


async def main(port: int, leaves: int, pack_id: str) -> None:
    """One connection, one request after the other; a line on standard output each time that everything was had."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    while True:
        for path in paths(leaves, pack_id):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            status = await read_answer(reader)
            assert status == 200, (path, status)
        print("all of it", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
