"""What is looked at before anything is sealed: the composer's shell and its files."""

from typing import Final

from aiohttp import web

from reveal_web.assets import Assets
from reveal_web.machines import composer_assets, shells

PAGE: Final = web.AppKey("composer", Assets)


def routes() -> list[web.RouteDef]:
    """Shell and files."""
    return shells.routes(PAGE, composer_assets.NAME, "c")
