"""The named defects of records: each reads what it may not, reads too often, tells too much, or leaves a key behind."""

from tests.mutant import Mutant

STORE = "tests/store/test_records.py"
KEYS = "tests/store/test_record_keys.py"
VERIFY = "tests/verifying/test_records.py"
WEB = "tests/web/test_records.py"

MUTANTS_OF_RECORDS = (
    Mutant(
        "reads of a record are not counted",
        "store/record_reads.py",
        ", reads_left=records.c.reads_left - 1",
        "",
        (STORE, "-k", "last_reads and sqlite"),
    ),
    Mutant(
        "a record's key reads another record",
        "store/record_reads.py",
        "    if key is None or row is None or not is_right or not row.live:\n",
        "    if key is None or row is None or not row.live:\n",
        (STORE, "-k", "every_other and sqlite"),
    ),
    Mutant(
        "an unknown record is answered otherwise than a wrong key",
        "reveal_web/machines/record_routes.py",
        "        return _unknown()\n",
        '        return _unknown() if record_id else own_problem("no-token")\n',
        (WEB, "-k", "same_to_the_byte"),
    ),
    Mutant(
        "a record that is over is read until a sweep comes",
        "store/records.py",
        "and_(records.c.state == RecordState.LIVE, records.c.expires_at > store.clock.now())",
        "and_(records.c.state == RecordState.LIVE)",
        (STORE, "-k", "in_time and sqlite"),
    ),
    Mutant(
        "asking for a record's head is a read",
        "reveal_web/machines/record_routes.py",
        "allow_head=False",
        "allow_head=True",
        (WEB, "-k", "only_get"),
    ),
    Mutant(
        "the keyring's key outlives a rotation",
        "store/record_rotating.py",
        "    return await erase_every(store, held.id, before=name.version)\n",
        "    return True\n",
        (STORE, "-k", "dead_at_once and sqlite"),
    ),
    Mutant(
        "a rotation erases the version that the row claims",
        "store/record_rotating.py",
        "    return await erase_every(store, held.id, before=name.version)\n",
        "    return await erase(store, KeyName(held.id, held.version))\n",
        (KEYS, "-k", "lies and sqlite"),
    ),
    Mutant(
        "a rotation's key is not later than those that are there",
        "store/record_rotating.py",
        "max([present.version, *(name.version for name in await names(store, present.id))])",
        "present.version",
        (KEYS, "-k", "lies and sqlite"),
    ),
    Mutant(
        "a revocation erases the version that the row claims",
        "store/record_endings.py",
        "    return await erase_every(store, record_id)\n",
        "    return await erase(store, KeyName(record_id, row.version))\n",
        (KEYS, "-k", "revocation and sqlite"),
    ),
    Mutant(
        "a rotation erases the key of one underway",
        "store/record_keys.py",
        " if before is None or name.version < before]",
        "]",
        (KEYS, "-k", "alone and sqlite"),
    ),
    Mutant(
        "what a crash left of an ended record is never erased",
        "store/record_endings.py",
        "    if row is not None and (row.state != RecordState.LIVE or name.version < row.version):\n",
        "    if False:\n",
        (STORE, "-k", "crash and sqlite"),
    ),
    Mutant(
        "the key of a record that is being made is taken for an orphan",
        "store/record_endings.py",
        " and age >= _ORPHAN_SECONDS",
        "",
        (STORE, "-k", "crash and sqlite"),
    ),
    Mutant(
        "two rotations of a record both count",
        "store/record_rotating.py",
        "and_(records.c.id == held.id, records.c.version == held.version, is_live(store))",
        "and_(records.c.id == held.id, is_live(store))",
        (STORE, "-k", "rotations_at_once and sqlite"),
    ),
    Mutant(
        "wrong keys fill the log",
        "store/record_refusals.py",
        "    return (records.c.refused > records.c.refused_told) & is_time\n",
        "    return records.c.refused > records.c.refused_told\n",
        (STORE, "-k", "fill and sqlite"),
    ),
    Mutant(
        "whoever tries many keys of records does not wait",
        "reveal_web/machines/record_routes.py",
        "        if wait := refusals.limit.count(",
        "        if 0 and (wait := refusals.limit.count)(",
        (WEB, "-k", "many_keys"),
    ),
    Mutant(
        "the web program says that a record was revoked",
        "store/log/who_may_say.py",
        "        Event.RECORD_REFUSED,\n",
        "        Event.RECORD_REFUSED,\n        Event.RECORD_REVOKED,\n",
        (VERIFY, "-k", "its_door and revoked and sqlite"),
    ),
    Mutant(
        "an event of a record may say anything",
        "store/log/who_may_say.py",
        "    return record_event_v1.fault(signed.claims)\n",
        "    return None\n",
        (VERIFY, "-k", "blinds_nobody and sqlite"),
    ),
    Mutant(
        "one misshapen event blinds the check of records",
        "store/verifying/standing.py",
        "        except (KeyError, TypeError):",
        "        except ZeroDivisionError:",
        (VERIFY, "-k", "one_finding and sqlite"),
    ),
    Mutant(
        "a read that was given up uses up the last one",
        "store/record_reads.py",
        "        if not is_waited_for():\n",
        "        if False:\n",
        (WEB, "-k", "nobody_waits"),
    ),
    Mutant(
        "a credential that was typed slowly takes the place of a newer one",
        "store/record_rotating.py",
        "    if version not in {None, held.version}:\n",
        "    if False:\n",
        ("tests/records/test_command.py", "-k", "typed_slowly"),
    ),
    Mutant(
        "Ctrl-C behind a commit is said to have changed nothing",
        "sendsecret/records/acting.py",
        "        if has_begun.is_set() and lost != wording.NOTHING:\n",
        "        if False:\n",
        ("tests/records/test_stopped_by_hand.py", "-k", "typed_again"),
    ),
    Mutant(
        "a record is left by Ctrl-C without a word",
        "sendsecret/records/by_hand.py",
        "    except KeyboardInterrupt:\n        refuse(sentence, code)\n",
        "    finally:\n        pass\n",
        ("tests/records/test_stopped_by_hand.py", "-k", "without_a_word"),
    ),
    Mutant(
        "a record whose key went to nobody stays",
        "sendsecret/records/acting.py",
        "            _revoke_again(settings, key)\n",
        "",
        ("tests/sending/test_records.py", "-k", "went_to_nobody"),
    ),
    Mutant(
        "a record with reads put back is found in order",
        "store/verifying/standing.py",
        '_COLUMNS: Final = ("state", "version", "reads", "reads_left", "refused_told", "door")',
        '_COLUMNS: Final = ("state", "version", "reads", "refused_told", "door")',
        (VERIFY, "-k", "something_else and reads_left and sqlite"),
    ),
)
