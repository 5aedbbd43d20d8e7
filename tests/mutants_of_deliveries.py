"""The named defects of sealed links: each keeps one too long, loses one, or lets us post what is not the drop's own."""

from tests.mutant import Mutant

LINKS = "tests/store/test_sealed_links.py"
BYTES = "tests/store/test_sealed_links_bytes.py"
BOT = "tests/bot/test_sealed_deliveries.py"
LEASED = "tests/bot/test_sealed_links_leased.py"
KEY = "tests/keys/test_delivery_key.py"
POSTED = "tests/bot/test_slack_again.py"
OPENED = "tests/bot/test_opened_all_the_same.py"

MUTANTS_OF_DELIVERIES = (
    Mutant(
        "a clock that was set back prolongs the wait for a message's place",
        "bot/telling.py",
        "max(0, int(notice.about",
        "min(0, int(notice.about",
        ("tests/bot/test_absences.py", "-k", "prolong"),
    ),
    Mutant(
        "a delivered link stays in the database",
        "store/deliveries.py",
        "        await sealed_links.remove(tx, drop_id)\n",
        "",
        (BYTES, "-k", "deliver"),
    ),
    Mutant(
        "a link outlives the beginning of its drop's end",
        "store/endings.py",
        "facts=facts)\n    await sealed_links.remove(tx, drop_id)\n",
        "facts=facts)\n",
        (LINKS, "-k", "crash and revoked and sqlite"),
    ),
    Mutant(
        "a link outlives a drop that was opened",
        "store/endings.py",
        "for table in (refusals, deliveries)",
        "for table in (refusals,)",
        (BYTES, "-k", "viewed"),
    ),
    Mutant(
        "a sealed link has the bot's three minutes",
        "store/creation.py",
        "(sealed_links.WAIT_MS if new.waits_for_bot else DELIVERY_LEASE_MS)",
        "DELIVERY_LEASE_MS",
        (LINKS, "-k", "fifteen_minutes and sqlite"),
    ),
    Mutant(
        "anything may be handed in as a sealed link",
        "store/creation.py",
        "        if len(new.sealed_link) != delivery_v1.sealed_bytes(store.issuer):\n",
        "        if False:\n",
        (LINKS, "-k", "is_refused and sqlite"),
    ),
    Mutant(
        "two bots take the same link",
        "store/sealed_links.py",
        "            .where(deliveries.c.drop_id == row.drop_id, deliveries.c.lease_until == row.lease_until)\n",
        "            .where(deliveries.c.drop_id == row.drop_id)\n",
        (LINKS, "-k", "two_bots and postgresql"),
    ),
    Mutant(
        "a link with another key is posted",
        "store/sealed_links.py",
        "    except UnknownDropError:\n        raise ForeignLinkError from None\n",
        "    except UnknownDropError:\n        return link\n",
        (BOT, "-k", "not_posted"),
    ),
    Mutant(
        "a link of another mode is posted",
        "store/sealed_links.py",
        "    if header_v1.parse(of_row(store.months, row).header).mode != link.mode:\n",
        "    if False:\n",
        (LINKS, "-k", "own_link and sqlite"),
    ),
    Mutant(
        "a link to another server is posted",
        "store/sealed_links.py",
        "    before = f\"{store.issuer.rstrip('/')}/s/{base64url.encode(drop_id)}#\"\n",
        "    before = text.partition('#')[0] + '#'\n",
        (LINKS, "-k", "own_link and sqlite"),
    ),
    Mutant(
        "what was sealed for one drop opens for another",
        "store/formats/delivery_v1.py",
        "    return _LABEL + drop_id\n",
        "    return _LABEL\n",
        ("tests/formats/test_delivery.py",),
    ),
    Mutant(
        "a bot ends what another could open",
        "bot/sealed_deliveries.py",
        "            if missing:\n",
        "            if False:\n",
        (LEASED, "-k", "without_the_key and sqlite"),
    ),
    Mutant(
        "what is posted and not recorded is posted again and again",
        "bot/sealed_deliveries.py",
        "                taken = await sealed_links.renew(self._store.db, taken)\n",
        "                await asyncio.sleep(0)\n",
        (LEASED, "-k", "for_as_long_as_that_takes"),
    ),
    Mutant(
        "an old delivery key is erased while links wait",
        "store/keys/delivery.py",
        "            if old.samefile(path) or _kid(old) in needed:\n",
        "            if old.samefile(path):\n",
        (KEY, "-k", "on_its_way and sqlite"),
    ),
    Mutant(
        "the sweep takes the delivery key in use",
        "store/keys/delivery.py",
        "            if old.samefile(path) or _kid(old) in needed:\n",
        "            if _kid(old) in needed:\n",
        (KEY, "-k", "loses_no_link"),
    ),
    Mutant(
        "an old delivery key is kept for ever",
        "store/delivery_keys.py",
        "        if number == len(known) - 1 or known[number + 1].since > now - SEALING_MS - WAIT_MS\n",
        "",
        (KEY, "-k", "on_its_way and sqlite"),
    ),
    Mutant(
        "a key that is coming opens nothing",
        "store/link_opener.py",
        "        for path in (next_of(self._path), self._path):\n",
        "        for path in (self._path,):\n",
        (KEY, "-k", "in_the_midst and sqlite"),
    ),
    Mutant(
        "a lost answer is forgotten when Slack refuses the second post",
        "bot/ways.py",
        "if is_post and unanswered:",
        "if False:",
        (POSTED, "-k", "may_have_been_posted"),
    ),
    Mutant(
        "what was opened while an answer was lost is called destroyed",
        "bot/delivery.py",
        "return drop if is_alive or drop.claimed_at is not None else None",
        "return drop if is_alive else None",
        (OPENED, "-k", "called_destroyed"),
    ),
)
