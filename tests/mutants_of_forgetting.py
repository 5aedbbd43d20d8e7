"""The named defects of forgetting: somebody can still be named, or it was done and nobody was told."""

from tests.mutant import Mutant

FORGETTING = "tests/store/test_forgetting.py"
RETENTION = "tests/store/test_retention.py"
MONTHS = "tests/store/test_months.py"
PERSONAL = "tests/formats/test_personal_v1.py"
TAMPERING = "tests/verifying/test_tampering.py"

MUTANTS_OF_FORGETTING = (
    Mutant(
        "a record that is made while it asks keeps the name",
        "sendsecret/forget.py",
        "    records = await forgetting_records.find(store, person)\n    for",
        "    for",
        ("tests/sending/test_forgetting_tokens.py", "-k", "while_it_asks and sqlite"),
    ),
    Mutant(
        "a token that is made while it asks goes on",
        "sendsecret/forget.py",
        "    owned = await forgetting_owners.find(store, person)\n",
        "",
        ("tests/sending/test_forgetting_tokens.py", "-k", "while_it_asks and sqlite"),
    ),
    Mutant(
        "forgetting: disclosures stay",
        "store/forgetting.py",
        "        await tx.execute(delete(disclosures).where(of_person))\n",
        "",
        (FORGETTING, "-k", "recipient_is_forgotten and sqlite"),
    ),
    Mutant(
        "forgetting: an address in other letters is somebody else",
        "store/known_as.py",
        'person.casefold() if "@" in person else person',
        "person",
        (FORGETTING, "-k", "however_it_is_typed and sqlite"),
    ),
    Mutant(
        "forgetting: the pseudonym stays",
        "store/forgetting.py",
        "_COLUMNS[role]: None, ",
        "",
        (FORGETTING, "-k", "nothing_in_the_database and sqlite"),
    ),
    Mutant(
        "forgetting: a live drop loses its people",
        "store/forgetting.py",
        "(other.c.state != State.DESTROYED) | exists().where(is_owed)",
        "exists().where(is_owed)",
        (FORGETTING, "-k", "whole_form and sqlite"),
    ),
    Mutant(
        "forgetting: whoever has a link in a message is told nothing more",
        "store/forgetting.py",
        "(other.c.state != State.DESTROYED) | exists().where(is_owed)",
        "other.c.state != State.DESTROYED",
        (FORGETTING, "-k", "message_is_owed and sqlite"),
    ),
    Mutant(
        "forgetting: a slow teller brings a place back",
        "store/deliveries.py",
        "    if whose.get(audience, drop.month) is None or key is None:\n",
        "    if key is None:\n",
        (FORGETTING, "-k", "recipient_is_forgotten and sqlite"),
    ),
    Mutant(
        "forgetting: the label stays",
        "store/personal.py",
        "replace(header, sender=name, label=ERASED)",
        "replace(header, sender=name)",
        (FORGETTING, "-k", "recipient_is_forgotten and sqlite"),
    ),
    Mutant(
        "forgetting: nobody is told",
        "store/forgetting.py",
        "        await events.append(tx, store, Event.PERSON_FORGOTTEN, drop_id=drop_id, n=n, at=at, facts=facts)\n",
        "",
        (FORGETTING, "-k", "recipient_is_forgotten and sqlite"),
    ),
    Mutant(
        "forgetting: two at once bring one back",
        "store/forgetting.py",
        "of_drop.with_for_update()",
        "of_drop",
        (FORGETTING, "-k", "both_people and postgresql"),
    ),
    Mutant(
        "months: the key is put aside and not erased",
        "store/months.py",
        "            overwrite(self._directory / month, 0, KEY_BYTES)\n",
        '            (self._directory / month).rename(self._directory / f".{month}")\n',
        (MONTHS, "-k", "zeros"),
    ),
    Mutant(
        "months: an erased month gets another key",
        "store/months.py",
        "            if not (self._directory / month).exists():\n",
        "            if not (self._directory / month).exists() or not any((self._directory / month).read_bytes()):\n"
        "                (self._directory / month).unlink(missing_ok=True)\n",
        (MONTHS, "-k", "zeros"),
    ),
    Mutant(
        "months: a key is there before it is whole",
        "store/months.py",
        '        unnamed = self._directory / f".{month}.{secrets.token_hex(8)}"\n',
        "        unnamed = self._directory / month\n",
        (MONTHS, "-k", "everybody_reads"),
    ),
    Mutant(
        "personal: a name may stand in another row",
        "store/formats/personal_v1.py",
        "decrypt(nonce, rest, whose)",
        "decrypt(nonce, rest, None)",
        (PERSONAL,),
        also=(
            (
                "store/formats/personal_v1.py",
                "encrypt(nonce, plain, whose)",
                "encrypt(nonce, plain, None)",
            ),
        ),
    ),
    Mutant(
        "retention: the key stays",
        "store/retention.py",
        "            await asyncio.to_thread(store.months.erase, month)\n",
        "            pass\n",
        (RETENTION, "-k", "over_for_long_enough and sqlite"),
    ),
    Mutant(
        "retention: a month with a live drop is forgotten",
        "store/retention.py",
        "            if await _lives(store, month):\n",
        "            if not month:\n",
        (RETENTION, "-k", "last_drop and sqlite"),
    ),
    Mutant(
        "retention: one clock is believed",
        "store/retention.py",
        "    return min(now, store.clock.now_seconds() * 1000, (newest or 0) + _QUIET_MS)\n",
        "    return min(store.clock.now_seconds() * 1000, (newest or 0) * 9)\n",
        (RETENTION, "-k", "ahead and sqlite"),
    ),
    Mutant(
        "retention: it is said twice",
        "store/retention.py",
        "        if (await tx.execute(is_said)).first() is not None:\n            return False\n",
        "        await tx.execute(is_said)\n",
        (RETENTION, "-k", "over_for_long_enough and sqlite"),
        also=(
            (
                "store/retention.py",
                "        if (await tx.execute(say)).first() is None:\n            return False\n",
                "        await tx.execute(say)\n",
            ),
        ),
    ),
    Mutant(
        "verify: whoever deletes disclosures is believed",
        "store/verifying/stored_disclosures.py",
        " - ({_SOMETIMES} if in_all == OF_A_DROP else set())",
        "",
        (FORGETTING, "-k", "goes_with_them"),
    ),
    Mutant(
        "verify: people of a drop may be gone",
        "store/verifying/people.py",
        "        if name not in roles and name not in there:\n",
        "        if False:\n",
        (TAMPERING, "-k", "personal"),
    ),
    Mutant(
        "a month and a person of it are forgotten in two orders",
        "store/retention.py",
        "        await _take_away(tx, ids, {column.name",
        "        await tx.execute(delete(disclosures).where(disclosures.c.digest.in_(digests)))\n"
        "        await _take_away(tx, ids, {column.name",
        ("tests/store/test_forgetting_meanwhile.py",),
    ),
)
