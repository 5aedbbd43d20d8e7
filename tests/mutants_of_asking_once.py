"""The named defects of what clients ask for: a template that does not hold, a link too many, a key that sends twice."""

from tests.mutant import Mutant

TEMPLATES = "tests/bot/test_templates_asked.py"
ONCE = "tests/store/test_asked_once.py"
MEANWHILE = "tests/store/test_asked_again_meanwhile.py"
KEPT = "tests/store/test_links_kept.py"
BOT = "tests/bot/test_links_kept.py"
ENDS = "tests/sending/test_ends.py"

MUTANTS_OF_ASKING_ONCE = (
    Mutant(
        "a client's template is anything",
        "bot/orders_asked.py",
        "        rules = of_template(chosen.template, engagement",
        "        rules = of_template(self._judging.bounds.templates['anything'], engagement",
        (TEMPLATES, "-k", "template_says"),
    ),
    Mutant(
        "a client's template gives way to no policy",
        "bot/orders_asked.py",
        "self._judging.policy.over(rules))",
        "rules)",
        (TEMPLATES, "-k", "policy_stands"),
    ),
    Mutant(
        "what can be sealed in the form alone is sealed by a client",
        "bot/asked_template.py",
        "    if not form_ways.has_page(template, bounds.policy, for_addresses=False, can_mail=False):\n",
        "    if False:\n",
        (TEMPLATES, "-k", "wants_them"),
    ),
    Mutant(
        "nobody is asked until when a client's key is needed",
        "bot/asked_template.py",
        '        return Refusal("needs-engagement-end", [template.name])\n',
        "        return None\n",
        (TEMPLATES, "-k", "engagement_ends"),
    ),
    Mutant(
        "a hint goes with words that a client made",
        "bot/asked_template.py",
        "template.hint if template.passphrase is Scheme.OWN else None",
        "template.hint",
        (TEMPLATES, "-k", "wants_them"),
    ),
    Mutant(
        "a link is handed back where everybody must press",
        "bot/asked_recipients.py",
        " or (self.policy.dm_only and way is not Way.DM)",
        "",
        (TEMPLATES, "-k", "policy_stands"),
    ),
    Mutant(
        "a link is handed back where the template asks for a press",
        "bot/asked_recipients.py",
        "template_checks.wrong_way(chosen.template, way) or",
        "False or",
        (TEMPLATES, "-k", "must_press"),
    ),
    Mutant(
        "a link that its sealer keeps is sealed to the bot as well",
        "store/handing_in.py",
        "    if (handed.sealed_link is None) != (terms.way == Way.SHOWN):\n",
        "    if False:\n",
        (KEPT, "-k", "only_there and sqlite"),
        also=(("store/creation.py", "or new.way not in (Way.DM, Way.MAIL):", "or False:"),),
    ),
    Mutant(
        "a link that nobody ordered is one that its sender has",
        "bot/links_kept.py",
        "        if terms is None:\n            return LinkFault.UNORDERED\n",
        "        if terms is None:\n            return None\n",
        (BOT, "-k", "nobody_ordered"),
    ),
    Mutant(
        "what has not arrived is called sent",
        "docs/examples/onboarding.py",
        '(now, delivery) == ("sealed", "delivered")',
        'now == "sealed"',
        ("tests/sending/test_onboarding.py", "-k", "not_delivered"),
    ),
    Mutant(
        "a reminder says that its sender has what a program keeps",
        "bot/sender_news.py",
        "    if drop.is_link_kept:\n",
        "    if False:\n",
        ("tests/bot/test_watching.py", "-k", "told_late"),
    ),
    Mutant(
        "one damaged row holds up all kept links",
        "bot/links_kept.py",
        "        except Exception as error:  # noqa: BLE001 - it is looked at again\n",
        "        except KeyboardInterrupt as error:\n",
        (BOT, "-k", "damaged"),
    ),
    Mutant(
        "kept links that are stuck fill the batch",
        "bot/links_kept.py",
        "links_kept.waiting(self._store.db, self._stuck.ids())",
        "links_kept.waiting(self._store.db)",
        (BOT, "-k", "damaged"),
    ),
    Mutant(
        "a kept link is held against no policy",
        "bot/links_kept.py",
        "        if not self._policy.still_allows(terms):\n",
        "        if False:\n",
        (BOT, "-k", "policy_of_now"),
    ),
    Mutant(
        "a client delivers what it was told to keep",
        "sendsecret/sending/ordering.py",
        "    is_kept = (terms.way == Way.SHOWN) == (wishes.delivery == LINK_BACK)\n",
        "    is_kept = True\n",
        (ENDS, "-k", "fills_in or something_else"),
    ),
    Mutant(
        "words are made where the template wants a passphrase that they know",
        "sendsecret/sending/from_secret_to_delivery.py",
        '    if terms.passphrase != "own":\n',
        "    if terms.passphrase:\n",
        ("tests/sending/test_kept_and_once.py", "-k", "ones_own"),
    ),
    Mutant(
        "a link that only this command knows is lost with it",
        "sendsecret/sending/ending.py",
        '        click.echo(str(said["link"]))\n',
        "        pass\n",
        (ENDS, "-k", "loses_the_passphrase"),
    ),
    Mutant(
        "another question passes for the same",
        "store/asked_once.py",
        "    if not hmac.compare_digest(row.asked, one.asked[row.id]):\n",
        "    if False:\n",
        (ONCE, "-k", "another_question and sqlite"),
    ),
    Mutant(
        "a key sends again what it has sent",
        "store/orders.py",
        "    await asked_once.settle(tx, order_id, drop_id)\n",
        "",
        (ONCE, "-k", "not_made_again and sqlite"),
    ),
    Mutant(
        "a key is everybody's",
        "store/formats/asked_once_v1.py",
        'b"ik" + token_id + key',
        'b"ik" + key',
        (ONCE, "-k", "one_tokens and sqlite"),
    ),
    Mutant(
        "of those who find a key free everybody gets it",
        "store/asked_once.py",
        "        .where(table.c.id == row.id, table.c.order_id == row.order_id)\n",
        "        .where(table.c.id == row.id)\n",
        (ONCE, "-k", "twelve and postgres"),
    ),
    Mutant(
        "a key is free before its order's last commit",
        "store/asked_once.py",
        "        await _end(tx, store, row.order_id)\n        row = await _found(tx, one)\n",
        "        pass\n",
        (MEANWHILE,),
        also=(
            (
                "store/asked_once.py",
                "    if _is_free(row):\n",
                "    if _is_free(row) or (row.drop_id is None and row.order_until <= present):\n",
            ),
        ),
    ),
    Mutant(
        "whoever asks again ends what is being done",
        "store/asked_once.py",
        ".where(orders.c.id == order_id, is_unused, is_over)",
        ".where(orders.c.id == order_id, is_unused)",
        (ONCE, "-k", "not_made_again and sqlite"),
    ),
    Mutant(
        "a key is forgotten with the pepper of its day",
        "store/asked_once.py",
        "    peppers = store.keyring.peppers.live\n",
        "    peppers = [store.keyring.peppers.current]\n",
        (ONCE, "-k", "rotated_pepper and sqlite"),
    ),
    Mutant(
        "a pepper goes while a key hangs on it",
        "store/keys/pepper.py",
        "needs = (hangs_on, is_named, is_linked)",
        "needs = (hangs_on, is_linked)",
        (ONCE, "-k", "rotated_pepper and sqlite"),
    ),
)
