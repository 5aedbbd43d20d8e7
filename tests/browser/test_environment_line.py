""" "Copy as NAME=value": what a shell and the readers of .env files take alike, and nothing where they would differ."""

import asyncio
import io
import re

import pytest
from dotenv import dotenv_values
from playwright.async_api import Browser, Page

from store.formats.payload_v1 import Text
from store.words import Way
from tests.browser.real_reader import RealReader
from tests.browser.visiting import DONE, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAFE = [
    "rk_live_51HxQ0aLk2eZvKYlo2C9t7",
    "postgres://app:p%40ss@db.example.com:5432/app?sslmode=require",
    "a b  c",
    '$HOME `id` $(id) !! "quoted" # no comment',
    "~/x:~/y",
    "=ls",
    "-n",
    "ä€ 🔑",
    " padded ",
    "c2VjcmV0Cg==",
    "{a,b}*?[x]<>|&;()",
]
UNSAFE = [
    "it's",
    "back\\slash",
    "two\nlines",
    "ends\n",
    "carriage\rreturn",
    "tab\there",
    "nul\0",
    "\u2028",
    "\x1b[0m",
    "",
]
NO_NAMES: list[object] = ["", "lower", "1ST", "A-B", "A B", "A=B", "X;id", "A" * 65, None, 7, {}, ["A"], "Ä", "A\n"]


async def _line(page: Page, name: object, value: str) -> str | None:
    line = await page.evaluate("([name, value]) => environmentLine(name, value)", [name, value])
    assert line is None or isinstance(line, str)
    return line


@pytest.mark.parametrize("shell", ["sh", "bash"])
async def test_a_shell_and_a_reader_of_env_files_take_it(formats: Page, shell: str) -> None:
    """Every character arrives, and nothing of it is expanded or run."""
    for value in SAFE:
        line = await _line(formats, "KEY_1", value)
        assert line is not None
        script = f'{line}\nprintf %s "$KEY_1"'
        done = await asyncio.create_subprocess_exec(shell, "-c", script, stdout=asyncio.subprocess.PIPE)
        assert (await done.communicate())[0].decode() == value
        assert dotenv_values(stream=io.StringIO(line)) == {"KEY_1": value}


async def test_what_they_would_read_differently_is_not_offered(formats: Page) -> None:
    """Quotes, backslashes, line breaks and other controls; and what a server calls a name and is none."""
    for value in UNSAFE:
        assert await _line(formats, "KEY_1", value) is None, value
    for name in NO_NAMES:
        assert await _line(formats, name, "value") is None, name


async def test_the_page_offers_it_where_the_drop_has_a_name(reader: RealReader, chromium: Browser) -> None:
    """The button names the variable and copies the line; without a name, or for several lines, there is none."""
    copied = "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"
    caption = re.compile("Copy as .+=value")
    for text, variable, line in (
        ("p@ss word", "DB_PASSWORD", "DB_PASSWORD='p@ss word'"),
        ("p@ss word", None, None),
        ("two\nlines", "DB_PASSWORD", None),
    ):
        drop = await reader.send(Text(text), None, "free", variable=variable, way=Way.DM)
        async with visiting(chromium, permissions=["clipboard-write"]) as visit:
            await visit.page.add_init_script(copied)
            await visit.come(drop.url)
            await visit.page.fill("#act", "open")
            await visit.page.wait_for_selector(DONE)
            offered = visit.page.get_by_role("button", name=caption)
            assert await offered.count() == (0 if line is None else 1)
            if line is not None:
                assert "DB_PASSWORD" in await offered.inner_text()
                await offered.click()
                await visit.page.wait_for_selector("text=Copied as one line")
                assert await visit.page.evaluate("copied") == line
            assert visit.console == []
