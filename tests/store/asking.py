"""Somebody with a token who asks for orders, without a server or Slack between."""

from dataclasses import replace
from typing import Any

from sqlalchemy import update

from store import asked_orders, tokens
from store.asked_orders import Waiting
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Wishes
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.opened import Store
from store.schema_of_tokens import tokens as table
from store.words import OrderKind
from tests.sealed_elsewhere import published
from tests.store.sealing_under_orders import terms
from tests.stores import Home

WISHES = Wishes("@dana", "Stripe restricted key", "your phone", 86_400, "OPS-7", anyway=True)
TERMS = replace(terms(), kind=OrderKind.CLIENT)


async def given(bot: Store, user_id: str = "UMAYA") -> ApiToken:
    """A token of Maya's."""
    token, _ = await tokens.make(bot, "TWORKSPACE", user_id)
    return token


async def damaged(bot: Store, token: ApiToken) -> None:
    """What is kept of its owner cannot be read any more; its pseudonym can."""
    async with bot.db.write() as tx:
        await tx.execute(update(table).where(table.c.id == token.id).values(personal=b"damaged"))


async def asked(bot: Store, web: Store, home: Home, token: ApiToken, **changed: Any) -> tuple[Any, Waiting]:
    """An order that the web program has taken in, and as the bot finds it."""
    await published(bot, home)
    link = await asked_orders.ask(web, token, replace(WISHES, **changed))
    [one] = [one for one in await asked_orders.waiting(bot) if one.id == link.id]
    return link, one


async def owner_of(bot: Store, home: Home, one: Waiting) -> str:
    """Who asks, as the bot finds out.  Raises UnknownTokenError."""
    opened = LinkOpener(home.signing).open(one.id, one.asked.proof)
    owner = await asked_orders.owner_of(bot, one, opened or "", believed(home.signing))
    return owner.user_id
