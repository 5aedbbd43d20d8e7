"""The named defects of webhooks: sent where they must not go, out of order, lost, or not to be believed."""

from tests.mutant import Mutant

CALL = "tests/bot/test_webhook_call.py"
ADDRESSES = "tests/bot/test_webhook_addresses.py"
FILE = "tests/bot/test_webhook_file.py"
STORE = "tests/store/test_webhooks.py"
LOOPS = "tests/bot/test_webhooks.py"
HOME = "tests/bot/test_home_webhooks.py"

MUTANTS_OF_WEBHOOKS = (
    Mutant(
        "a name that leads to this computer is connected to",
        "bot/webhook_connections.py",
        "        if not self._is_private and not webhook_addresses.is_public(address):",
        "        if False:",
        (CALL, "-k", "own_network or forbidden or judged"),
    ),
    Mutant(
        "an address in a URL is connected to unjudged",
        "bot/webhook_connections.py",
        "        self._require(str(address[0]))\n        return socket.socket",
        "        return socket.socket",
        (CALL, "-k", "own_network"),
    ),
    Mutant(
        "of a name's addresses one that is allowed is enough",
        "bot/webhook_connections.py",
        '        for result in results:\n            self._require(result["host"])\n',
        "",
        (CALL, "-k", "forbidden"),
    ),
    Mutant(
        "a name is looked up once more to connect",
        "bot/webhook_connections.py",
        "    text = str(address[0])\n",
        "    text = host\n",
        (CALL, "-k", "looked_up"),
    ),
    Mutant(
        "an IPv4 address in IPv6's clothes is public",
        "bot/webhook_addresses.py",
        '_GLOBAL_UNICAST: Final = ip_network("2000::/3")',
        '_GLOBAL_UNICAST: Final = ip_network("::/0")',
        (ADDRESSES,),
    ),
    Mutant(
        "a cloud's metadata is public",
        "bot/webhook_addresses.py",
        '        "169.254.0.0/16",',
        '        "192.0.2.0/24",',
        (ADDRESSES,),
    ),
    Mutant(
        "an endpoint leads elsewhere by a redirect",
        "bot/webhook_call.py",
        "allow_redirects=False",
        "allow_redirects=True",
        (CALL, "-k", "redirect"),
    ),
    Mutant(
        "a redirect is taken for an answer",
        "bot/webhook_call.py",
        "if 200 <= status < 300:",
        "if 200 <= status < 400:",
        (CALL, "-k", "redirect"),
    ),
    Mutant(
        "a proxy of the environment is asked",
        "bot/webhook_connections.py",
        "trust_env=False",
        "trust_env=True",
        (CALL, "-k", "proxy"),
    ),
    Mutant(
        "while a secret is replaced only the new one signs",
        "bot/webhook_body.py",
        '" ".join(Webhook(secret).sign(message_id, at, text) for secret in secrets)',
        "Webhook(secrets[0]).sign(message_id, at, text)",
        (CALL, "-k", "both_are_good"),
    ),
    Mutant(
        "an address of the own network may stand in the file",
        "bot/webhook_file.py",
        "    if address is not None and not is_private and not webhook_addresses.is_public(host):",
        "    if False:",
        (FILE,),
    ),
    Mutant(
        "an event overtakes the one before it",
        "store/webhooks.py",
        "_is_waiting(store), ~is_overtaking)",
        "_is_waiting(store))",
        (STORE, "-k", "wait_for_each_other and sqlite"),
    ),
    Mutant(
        "what was given up holds up its drop for ever",
        "store/webhooks.py",
        "            earlier.c.id < owed.c.id,\n            earlier.c.failed_at.is_(None),\n",
        "            earlier.c.id < owed.c.id,\n",
        (STORE, "-k", "no_later_one and sqlite"),
    ),
    Mutant(
        "one endpoint's trouble holds up another's",
        "store/webhooks.py",
        "            earlier.c.endpoint == owed.c.endpoint,\n",
        "",
        (STORE, "-k", "dead_endpoint and sqlite"),
    ),
    Mutant(
        "an event is told before it is published",
        "store/webhooks.py",
        "    shown = and_(log_published.c.log == log_leaves.c.log, log_published.c.size > log_leaves.c.leaf_index)\n",
        "    shown = log_published.c.log == log_leaves.c.log\n",
        ("tests/store/test_webhooks_unpublished.py", "-k", "sqlite"),
    ),
    Mutant(
        "two bots owe an event twice",
        "store/webhooks.py",
        "        await tx.execute(further.values(log=leaves[-1].log, leaf_index=leaves[-1].leaf_index + 1))\n",
        "",
        (STORE, "-k", "two_bots and sqlite"),
    ),
    Mutant(
        "whoever was slow undoes what a later lease did",
        "store/webhooks.py",
        "        owed.c.tries == delivery.tries,\n        owed.c.lease_until == delivery.lease_until,\n",
        "",
        (STORE, "-k", "one_programs_hands and sqlite"),
    ),
    Mutant(
        "a lease never ends",
        "store/webhooks.py",
        "(owed.c.lease_until <= now)",
        "(owed.c.lease_until == 0)",
        (STORE, "-k", "one_programs_hands and sqlite"),
    ),
    Mutant(
        "an endpoint is tried for ever",
        "store/webhooks.py",
        '"failed_at": case((end <= now, now)),',
        '"failed_at": None,',
        (STORE, "-k", "dead_endpoint and sqlite"),
    ),
    Mutant(
        "the three days are counted from when it happened",
        "store/webhooks.py",
        '"first_at": func.coalesce(owed.c.first_at, now),',
        '"first_at": func.coalesce(owed.c.first_at, owed.c.not_before),',
        (STORE, "-k", "dead_endpoint and sqlite"),
    ),
    Mutant(
        "Replay is one try",
        "store/webhooks.py",
        '"failed_at": None, "first_at": None,',
        '"failed_at": None,',
        (STORE, "-k", "no_later_one and sqlite"),
    ),
    Mutant(
        "what is taken stays owed",
        "store/webhooks.py",
        "        await tx.execute(delete(owed).where(is_it))\n",
        "        await tx.execute(delete(owed).where(is_it, owed.c.tries > delivery.tries))\n",
        (STORE, "-k", "in_its_order and sqlite"),
    ),
    Mutant(
        "Gone is tried for three days",
        "bot/webhook_call.py",
        "is_final=status == _GONE",
        "is_final=False",
        (CALL, "-k", "answer_means"),
    ),
    Mutant(
        "the digests of what is personal go along",
        "bot/webhook_body.py",
        '"evt", "_sd", "_sd_alg"}',
        '"evt"}',
        (LOOPS, "-k", "what_is_said and sqlite"),
    ),
    Mutant(
        "an error of ours ends an endpoint's loop",
        "bot/webhooks.py",
        "        except Exception as error:  # noqa: BLE001 - a loop that stopped",
        "        except ValueError as error:  # a loop that stopped",
        (LOOPS, "-k", "ends_no_loop and sqlite"),
    ),
    Mutant(
        "anybody reads of webhooks and can press Replay",
        "bot/rights.py",
        'sent again."""\n        return bool(self.offices(clicker))',
        'sent again."""\n        return True',
        (HOME, "-k", "nobody_else or office_of_this"),
    ),
    Mutant(
        "a press on Replay is not asked who made it",
        "bot/home_webhooks.py",
        "        if not self.rights.tends_webhooks(clicker):\n            return Markup(wording.MAY_NOT_REPLAY)\n",
        "",
        (HOME, "-k", "nobody_else"),
    ),
)
