"""The named defects of sealing outside the bot: each lets through what the bot has not ordered, or too much at once."""

from tests.mutant import Mutant

STORE = "tests/store/test_orders.py"
WEB = "tests/web/test_orders.py"

MUTANTS_OF_ORDERS = (
    Mutant(
        "the bot brings what nobody ordered",
        "bot/sealed_deliveries.py",
        "await self._opened(taken) if is_ordered else LinkFault.UNORDERED",
        "await self._opened(taken)",
        ("tests/bot/test_sealed_deliveries.py", "-k", "ordered"),
    ),
    Mutant(
        "the web program may say that anything was created",
        "store/log/who_may_say.py",
        'if speaker.program == "web" and event.event == Event.CREATED and (why',
        "if False and (why",
        ("tests/store/test_log.py", "-k", "order and sqlite"),
    ),
    Mutant(
        "an order is signed by anybody",
        "store/log/who_may_say.py",
        'signed.kind != order_v1.TYPE or speaker.program != "bot" or is_retired',
        "signed.kind != order_v1.TYPE or is_retired",
        (STORE, "-k", "vouch and sqlite"),
    ),
    Mutant(
        "an order is used twice",
        "store/orders.py",
        "orders.c.id == order_id, orders.c.state == OrderState.OPEN, orders.c.until > now)\n        .values(state",
        "orders.c.id == order_id, orders.c.until > now)\n        .values(state",
        (STORE, "-k", "twenty and sqlite"),
    ),
    Mutant(
        "an order never ends",
        "store/orders.py",
        "orders.c.id == link.id, orders.c.until > now)",
        "orders.c.id == link.id)",
        (STORE, "-k", "token and sqlite"),
    ),
    Mutant(
        "an order's token is not compared",
        "store/orders.py",
        "if not hmac.compare_digest(proof_of(link), known) or row is None:",
        "if row is None:",
        (STORE, "-k", "token and sqlite"),
    ),
    Mutant(
        "a sealer says who it is from",
        "store/handing_in.py",
        "(header.sender, header.label) != (terms.sender_name, terms.label)",
        "header.label != terms.label",
        (STORE, "-k", "sender and sqlite"),
    ),
    Mutant(
        "a sealer says how long it lives",
        "store/handing_in.py",
        "    if header.expires_at - header.created_at != terms.lives_seconds:\n",
        "    if False:\n",
        (STORE, "-k", "longer and sqlite"),
    ),
    Mutant(
        "terms that were not signed are vouched for",
        "store/vouching.py",
        " and order.is_of(terms)",
        "",
        (STORE, "-k", "vouch and sqlite"),
    ),
    Mutant(
        "a drop for somebody else is vouched for",
        "store/vouching.py",
        "return is_between and is_so and said",
        "return is_so and said",
        (STORE, "-k", "vouch and sqlite"),
    ),
    Mutant(
        "what the page will say is not vouched for",
        "store/vouching.py",
        "return is_between and is_so and said == (terms.sender_name, terms.label, terms.lives_seconds)",
        "return is_between and is_so",
        (STORE, "-k", "vouch and sqlite"),
    ),
    Mutant(
        "a drop is vouched for by the database's clock",
        "store/vouching.py",
        " and store.clock.now_seconds() <= order.until + _WAIT",
        "",
        (STORE, "-k", "vouch and sqlite"),
    ),
    Mutant(
        "the same drop twice at once is refused once",
        "store/handing_in.py",
        "    except (OrderUsedError, DuplicateDropError):\n",
        "    except OrderUsedError:\n",
        (STORE, "-k", "same_drop_at_once and sqlite"),
        also=(("store/creation.py", "None if new.order is None else await", "None and await"),),
    ),
    Mutant(
        "a slower request takes the key of a faster one",
        "store/creation.py",
        "        if is_ours and not await _is_live(store, new.id):\n",
        "        if True:\n",
        (STORE, "-k", "another_drops_id and sqlite"),
    ),
    Mutant(
        "orders of a retired key stay open",
        "store/keys/retiring.py",
        "            await orders.end_signed_by(tx, kid)\n",
        "",
        ("tests/keys/test_retiring.py", "-k", "ordered and sqlite"),
    ),
    Mutant(
        "a large body is forgotten when its request is answered",
        "reveal_web/machines/drop_bodies.py",
        "        with self:\n            return await act()\n",
        "        return await act()\n",
        (WEB, "-k", "until_the_act"),
    ),
    Mutant(
        "anybody's large body takes room",
        "reveal_web/machines/order_routes.py",
        "    await orders.look(parts.store, link)\n    with",
        "    with",
        (WEB, "-k", "no_token"),
    ),
    Mutant(
        "any number of large bodies at once",
        "reveal_web/machines/drop_bodies.py",
        "if is_large and self.underway >= MOST_LARGE:",
        "if False:",
        (WEB, "-k", "eight"),
    ),
    Mutant(
        "another site's page may hand in",
        "reveal_web/machines/order_routes.py",
        "            bodies.require_own_page(request, parts.settings.origin)\n",
        "",
        (WEB, "-k", "our_page"),
    ),
)
