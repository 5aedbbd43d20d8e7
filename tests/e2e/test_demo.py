"""`sendsecret demo`, walked by hand in a browser."""

from pathlib import Path

from tests.browser.chromium import running as chromium
from tests.canaries import is_in
from tests.e2e.by_hand import SECRET, demonstration, no_picture, walk


async def test_a_newcomer_walks_the_demonstration(tmp_path: Path) -> None:
    """Maya sends, Dana mistypes and then reads, the page clears, Sam sees it; it all stops when told."""
    async with chromium() as browser, demonstration(tmp_path) as demo:
        read, _, reader = await walk(demo, browser, no_picture, viewport={"width": 1280, "height": 800})
        assert read == SECRET
        assert "#" not in reader.url
        await reader.go_back()
        assert SECRET not in await reader.content()
    assert demo.program.process.returncode == 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not is_in(SECRET.encode(), path.read_bytes()), path.name
