"""Somebody who seals under an order that the bot placed: the page of a composer, in as far as the bot sees it."""

import json
import re
from dataclasses import dataclass

from store import orders
from store.formats import link_v1, order_link_v1
from store.formats.order_link_v1 import OrderLink
from store.formats.order_v1 import Terms
from store.handing_in import hand_in
from tests.bot.desk import Desk, Json
from tests.sealed_elsewhere import published
from tests.store.sealing_under_orders import seal_under

SECRET = "sk_live_outside_canary_7Hq"


@dataclass(frozen=True)
class SealedOutside:
    """The drop's link, and the terms under which it was sealed."""

    link: link_v1.Link
    terms: Terms


def urls_in(shown: Json) -> list[str]:
    """The addresses of the pages, in the order of their buttons or wherever else they stand in a message or a view."""
    return re.findall(r"http[^\"`\s]+/c/[^\"`\s\\]+", json.dumps(shown["blocks"]))


def order_in(url: str) -> OrderLink:
    """The order behind such an address."""
    path, fragment = url.split("#")
    return order_link_v1.parse(path.rsplit("/", 1)[1], fragment)


async def seal_outside(desk: Desk, url: str, *, secret: str = SECRET) -> SealedOutside:
    """What the page does: look, seal, hand in."""
    link = order_in(url)
    async with desk.home.open() as web:
        seen = await orders.look(web, link)
        assert seen.terms is not None
        public = await published(web, desk.home)
        its, handed = seal_under(public, seen.terms, web.clock.now_seconds(), secret=secret, form="free")
        await hand_in(web, link, handed)
    return SealedOutside(its, seen.terms)
