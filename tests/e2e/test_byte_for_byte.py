"""Whoever seals and whoever opens: what comes out is what went in, byte for byte."""

import json
from pathlib import Path

from tests.browser.chromium import running as chromium
from tests.e2e.acting import PASSPHRASE, hand_over
from tests.e2e.contents import Content, files, texts
from tests.e2e.openers import with_command, with_page
from tests.e2e.workplace import Workplace, workplace
from tests.sending.at_work import Client, new_token
from tests.stores import Home


async def by_form(at: Workplace, content: Content) -> tuple[str, str]:
    """Maya types it into Slack's form; link and passphrase."""
    return (await hand_over(at, secret=content.bytes.decode())).url, PASSPHRASE


async def by_command(client: Client, content: Content) -> tuple[str, str]:
    """Maya pipes a text into `sendsecret send`, and names a file; link and passphrase."""
    before, named = client.now(), ("-f", content.file) if content.file else ()
    if content.file:
        (client.folder / content.file).write_bytes(content.bytes)
    done = await client.send(*named, typed=b"" if content.file else content.bytes)
    assert done.code == 0, done.err
    link = await client.newest(before)
    return link.url(client.server), json.loads(done.out)["passphrase"]


async def test_what_the_form_takes(sqlite_home: Home, tmp_path: Path) -> None:
    """Out of page and command line, by turns."""
    async with workplace(sqlite_home) as at, chromium() as browser:
        await at.start_bot()
        openers = (with_page(browser), with_command(tmp_path))
        for number, content in enumerate(one for one in texts() if one.fits_the_form):
            assert await openers[number % 2](*await by_form(at, content)) == content.bytes, content.what


async def test_what_the_command_sends(sqlite_home: Home, tmp_path: Path) -> None:
    """Out of page and command line: what is long, what is easily mended, what is a file."""
    async with workplace(sqlite_home) as at, chromium() as browser:
        await at.start_bot()
        client = Client(at, tmp_path, await new_token(at))
        assert (await client.run("login", client.server, typed=f"{client.token}\n")).code == 0
        by_what = {content.what: content for content in [*texts(), *files()]}
        for content in (by_what["an RSA-4096 key"], by_what["line breaks at both ends"], by_what["10 MiB"]):
            for opened in (with_page(browser), with_command(tmp_path)):
                assert await opened(*await by_command(client, content)) == content.bytes, content.what
