"""
The page on which people read a record, over and over: its shell and its files.

Its modules are its own, and the reader's where they do the same; the words are all its own, for what the reader's page
promises of a drop is not true of a record.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from aiohttp import web

from reveal_web import assets
from reveal_web.assets import Assets
from reveal_web.machines import shells

NAME: Final = "viewer"
PAGE: Final = web.AppKey("viewer", Assets)
_BROWSER: Final = files("reveal_web.machines.viewer")


@cache
def load(public_url: str, *, demo: bool = False) -> Assets:
    """Build the page for people who reach us at `public_url`.  Raises MissingLibrariesError."""
    return shells.build(public_url, NAME, ("page.css", "controls.css"), demo=demo, source=source)


def source(name: str) -> str:
    """The text of one of the page's own files, else of one that it has in common with the reader's page."""
    own = _BROWSER.joinpath(name)
    return own.read_text("utf-8") if own.is_file() else assets.source(name)


def routes() -> list[web.RouteDef]:
    """Shell and files."""
    return shells.routes(PAGE, NAME, "v")
