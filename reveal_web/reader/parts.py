"""What the routes share, as one typed value in the application."""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from reveal_web.assets import Assets
from reveal_web.reader.unfinished import Unfinished
from reveal_web.reader.wrong_links import WrongLinks
from reveal_web.settings import WebSettings
from store.opened import Store


@dataclass(frozen=True)
class Parts:
    """The store, the page, and what one running server remembers."""

    store: Store
    settings: WebSettings
    assets: Assets
    wrong_links: WrongLinks = field(default_factory=WrongLinks)
    unfinished: Unfinished = field(default_factory=Unfinished)


PARTS: Final = web.AppKey("parts", Parts)
