"""Somebody seals under an order as its page does, through the real routes, and knows nothing but the page's address."""

import json

from store.formats import base64url
from store.formats.link_v1 import Link
from store.formats.order_link_v1 import OrderLink
from tests.bot.desk import Json
from tests.bot.sealing_outside import SECRET, order_in
from tests.e2e.workplace import Workplace
from tests.programs import Call
from tests.store.sealing_under_orders import seal_under, terms


async def look(at: Workplace, order: OrderLink) -> Json:
    """What the page is told."""
    body = json.dumps({"token": order.token_text}).encode()
    answer = await Call(at.web.port, "POST", f"/api/v1/orders/{order.id_text}/look", body).answer()
    return {"status": answer.status, **json.loads(answer.body)}


async def seal_outside(at: Workplace, url: str, *, secret: str = SECRET) -> Link:
    """Look, seal on the terms that were told, hand in; the link that only the bot and this caller know."""
    order = order_in(url)
    told = await look(at, order)
    assert told["state"] == "open", told
    on = terms(sender_name=told["sender"], label=told["label"], lives_seconds=told["lives_seconds"])
    public = base64url.decode(told["delivery_key"], 65)
    link, handed = seal_under(public, on, told["now"], secret=secret, public_url=told["public_url"], form="free")
    said = {
        "token": order.token_text,
        "header": handed.header,
        "link_proof": base64url.encode(handed.link_proof),
        "auth_token": base64url.encode(handed.auth_token),
        "sealed_link": base64url.encode(handed.sealed_link or b""),
    }
    front = json.dumps(said).encode()
    body = len(front).to_bytes(4) + front + handed.envelope
    path = f"/api/v1/orders/{order.id_text}/drop"
    answer = await Call(at.web.port, "POST", path, body, content_type="application/octet-stream").answer()
    assert answer.status == 201, answer.body
    return link
