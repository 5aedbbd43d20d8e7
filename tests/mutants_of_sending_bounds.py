"""The named defects of how much one person may send."""

from tests.mutant import Mutant

BOUNDS = "tests/store/test_sending_bounds.py"
TOO_MUCH = "tests/bot/test_too_much.py"

MUTANTS_OF_SENDING_BOUNDS = (
    Mutant(
        "one person sends without end",
        "store/sending_bounds.py",
        "    if excess > 0:\n",
        "    if False:\n",
        (BOUNDS, "-k", "ten_minutes and sqlite"),
    ),
    Mutant(
        "what one person has open is not counted",
        "store/sending_bounds.py",
        "+ count > MOST_OPEN:",
        "+ count > MOST_OPEN + 1000:",
        (BOUNDS, "-k", "open_at_once and sqlite"),
    ),
    Mutant(
        "of two bots each finds room for a drop",
        "store/sending_bounds.py",
        "    if not store.db.is_sqlite:\n",
        "    if False:\n",
        (BOUNDS, "-k", "two_at_once and postgresql"),
    ),
    Mutant(
        "two forms at once are counted before either is stored",
        "store/creation.py",
        "            await sending_bounds.require_pace(tx, store, new.sender_id)\n",
        "            pass\n",
        (BOUNDS, "-k", "two_at_once and sqlite"),
    ),
    Mutant(
        "a request counts for whoever is asked",
        "store/orders.py",
        "terms.recipient_id if terms.kind == OrderKind.REQUEST else terms.sender_id",
        "terms.sender_id",
        (BOUNDS, "-k", "everybody_asks and sqlite"),
    ),
    Mutant(
        "what others asked keeps somebody from sending",
        "store/sending_bounds.py",
        "        .where(is_open, orders.c.place.is_(None)),\n",
        "        .where(is_open),\n",
        (BOUNDS, "-k", "everybody_asks and sqlite"),
    ),
    Mutant(
        "half of a form is sent, and the rest was too much",
        "bot/sending.py",
        "            await sending_bounds.require_room(self._store, sender.id, len(new))\n",
        "            pass\n",
        (TOO_MUCH, "-k", "a_form"),
    ),
    Mutant(
        "half of the pages are made, and the rest was too much",
        "bot/composing.py",
        "    await sending_bounds.require_room(store, sender.id, len(checked.recipients))\n",
        "",
        (TOO_MUCH, "-k", "a_form"),
    ),
    Mutant(
        "a client waits in vain for a word that it sent too much",
        "bot/orders_asked.py",
        "            except SendingTooOftenError as error:\n",
        "            except ZeroDivisionError as error:\n",
        (TOO_MUCH, "-k", "client"),
    ),
    Mutant(
        "a record is made whose key is too much to be handed over",
        "bot/record_desk.py",
        "        if more:\n",
        "        if False:\n",
        (TOO_MUCH, "-k", "record_whose_key"),
    ),
)
