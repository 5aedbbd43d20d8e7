"""The named defects of escrow: each opens what it may not, loses a key that a record needs, or keeps one too long."""

from tests.mutant import Mutant

COMMAND = "tests/records/test_escrow.py"
CRASHES = "tests/keys/test_master_crashes.py"
FORMAT = "tests/formats/test_record_escrow.py"
KEYS = "tests/keys/test_master.py"
MEANWHILE = "tests/keys/test_master_meanwhile.py"
STORE = "tests/store/test_record_escrow.py"

MUTANTS_OF_ESCROW = (
    Mutant(
        "an escrow opens without the keyring",
        "store/formats/record_escrow_v1.py",
        "    return _FIRST + outer + _cipher(place, _OUTER, ring_key)",
        "    return _FIRST + outer + _cipher(place, _OUTER, bytes(KEY_BYTES))",
        (STORE, "-k", "takes_the_keyrings and sqlite"),
        also=(
            (
                "store/formats/record_escrow_v1.py",
                "_opened(place, _OUTER, ring_key, escrow[1:])",
                "_opened(place, _OUTER, bytes(KEY_BYTES), escrow[1:])",
            ),
        ),
    ),
    Mutant(
        "an escrow is bound to no version",
        "store/formats/record_escrow_v1.py",
        "self.label(which) + self.version.to_bytes(4",
        "self.label(which) + (7).to_bytes(4",
        (FORMAT, "-k", "nothing_else"),
    ),
    Mutant(
        "an escrow is bound to no master key",
        "store/formats/record_escrow_v1.py",
        "self.number.to_bytes(4",
        "(3).to_bytes(4",
        (FORMAT, "-k", "nothing_else"),
    ),
    Mutant(
        "an ended record keeps its escrow",
        "store/record_endings.py",
        "sealed=null(), **no_columns(), ended_at",
        "sealed=null(), ended_at",
        (STORE, "-k", "old_copy and revoked and sqlite"),
    ),
    Mutant(
        "a record that leaves escrow keeps it",
        "store/record_rotating.py",
        "        escrowed = record_escrow.no_columns()\n",
        "        escrowed = {}\n",
        (STORE, "-k", "old_copy and rotated and sqlite"),
    ),
    Mutant(
        "every record is in escrow",
        "store/records.py",
        "own.data_key) if escrow else {}",
        "own.data_key)",
        (STORE, "-k", "without_being_told and sqlite"),
    ),
    Mutant(
        "the web program gets the master keys",
        "store/opened.py",
        'MasterKeys(event_key.parent) if program == "bot" else None',
        "MasterKeys(event_key.parent)",
        (STORE, "-k", "web_program and sqlite"),
    ),
    Mutant(
        "a start makes a master key in the place of one that is absent",
        "store/program_keys.py",
        "    if is_new and not masters.numbers():\n",
        "    if not masters.numbers():\n",
        (STORE, "-k", "never_made_again and sqlite"),
    ),
    Mutant(
        "a number is given to a second master key",
        "store/keys/master.py",
        "max(named or 0, *masters.numbers(), 0) + 1",
        "max(0, *masters.numbers(), 0) + 1",
        (KEYS, "-k", "cannot_be_wrapped and sqlite"),
    ),
    Mutant(
        "which master key is present is asked too early",
        "store/records.py",
        "    async with store.db.write() as tx:\n        present: int",
        "    async with store.db.write() as tx:\n"
        "        early = await record_escrow.columns(tx, store, name, ring_key, own.data_key) if escrow else {}\n"
        "    async with store.db.write() as tx:\n        present: int",
        (MEANWHILE, "-k", "within_the_transaction and sqlite"),
        also=(("store/records.py", "escrowed = await record_escrow", "escrowed = early or await record_escrow"),),
    ),
    Mutant(
        "a row that is being made holds no master key",
        "store/record_escrow.py",
        "    await tx.execute(select(installation.c.one).with_for_update(read=True))\n",
        "",
        (MEANWHILE, "-k", "not_committed and postgresql"),
    ),
    Mutant(
        "an erasure waits for no row that is being made",
        "store/keys/master.py",
        "        await tx.execute(select(installation.c.one).with_for_update())\n",
        "",
        (MEANWHILE, "-k", "not_committed and postgresql"),
    ),
    Mutant(
        "an erasure waits for nobody who writes",
        "store/keys/master.py",
        "    async with store.db.write() as tx:\n        await tx.execute(select(installation",
        "    async with store.db.read() as tx:\n        await tx.execute(select(installation",
        (MEANWHILE, "-k", "not_committed and sqlite"),
    ),
    Mutant(
        "a master key that root makes is root's",
        "store/master_keys.py",
        "        key_files.leave_to_its_program(new)\n",
        "",
        ("tests/keys/test_owners.py", "-k", "master"),
    ),
    Mutant(
        "a master key goes that a record still names",
        "store/keys/master.py",
        "if one < number and one not in named]",
        "if one < number]",
        (KEYS, "-k", "cannot_be_wrapped and sqlite"),
    ),
    Mutant(
        "an old master key stays",
        "store/keys/master.py",
        "        await asyncio.to_thread(masters.erase, one)\n",
        "        pass\n",
        (KEYS, "-k", "under_the_new_key and sqlite"),
    ),
    Mutant(
        "an old master key is unlinked and not overwritten",
        "store/master_keys.py",
        "        key_files.erase(self._path(number))\n",
        "        self._path(number).unlink()\n",
        (KEYS, "-k", "under_the_new_key and sqlite"),
    ),
    Mutant(
        "an escrow is put back over that of a rotated record",
        "store/keys/master.py",
        "        records.c.version == row.version,\n",
        "",
        (MEANWHILE, "-k", "rotated_meanwhile and sqlite"),
    ),
    Mutant(
        "one batch of escrows is enough",
        "store/keys/master.py",
        "            after = batch[-1].id\n",
        "            return\n",
        (KEYS, "-k", "under_the_new_key and sqlite"),
    ),
    Mutant(
        "what comes under an old master key meanwhile is left there",
        "store/keys/master.py",
        '        elif has_tried:\n            after, has_tried = b"", False\n',
        "",
        (MEANWHILE, "-k", "comes_late and sqlite"),
    ),
    Mutant(
        "a rotation of the master key is begun anew each time",
        "store/keys/master.py",
        "        turn = _underway(masters)\n",
        "        turn = None\n",
        (CRASHES, "-k", "stops_anywhere and after and sqlite"),
    ),
    Mutant(
        "a rotation whose key was damaged is gone on with for ever",
        "store/keys/master.py",
        "            masters.read(int(written[1]))",
        "            pass",
        (KEYS, "-k", "begun_anew and sqlite"),
    ),
    Mutant(
        "a kill's second name takes the key in use with it",
        "store/master_keys.py",
        "            if made.exists() and new.samefile(made):\n",
        "            if False:\n",
        (KEYS, "-k", "kill_left and sqlite"),
    ),
    Mutant(
        "half of a master key is taken for one",
        "store/master_keys.py",
        "        if len(key) != KEY_BYTES:\n",
        "        if False:\n",
        (KEYS, "-k", "damaged_key and sqlite"),
    ),
    Mutant(
        "zeros are taken for a master key",
        "store/master_keys.py",
        "        if not any(key):\n",
        "        if False:\n",
        (STORE, "-k", "takes_the_keyrings and sqlite"),
    ),
    Mutant(
        "a value is lost to a rotation of the master key just then",
        "store/record_escrow.py",
        "            if row.master == known:\n",
        "            if True:\n",
        (MEANWHILE, "-k", "goes_meanwhile and sqlite"),
    ),
    Mutant(
        "an absent master key raises no alarm",
        "bot/sweeping.py",
        "            await self._look_at_masters()\n",
        "",
        ("tests/keys/test_keyring_away.py", "-k", "master_key and sqlite"),
    ),
    Mutant(
        "the security team is not told that our keyring can open it",
        "bot/record_messages.py",
        "        what = fill(record_wording.IN_ESCROW, what=what)\n",
        "        pass\n",
        ("tests/bot/test_record_audit.py", "-k", "our_keyring"),
    ),
    Mutant(
        "two rotations of the master key at once",
        "store/keys/master.py",
        "    with key_files.alone(signing_dir):\n",
        "    if signing_dir:\n",
        (MEANWHILE, "-k", "two_at_once and sqlite"),
    ),
    Mutant(
        "another host makes a third master key",
        "store/keys/master.py",
        "        if turn is None and (left := await _do_what_is_left(store, masters)):\n",
        "        if turn is None and (left := None):\n",
        (KEYS, "-k", "another_host and sqlite"),
    ),
    Mutant(
        "an empty pipe keeps the credential",
        "sendsecret/records/acting.py",
        "value_in.is_given() and not keep else None",
        "False else None",
        (COMMAND, "-k", "empty_pipe"),
    ),
    Mutant(
        "it is not said that our keyring can open it",
        "sendsecret/records/acting.py",
        "    if escrow:\n        say(wording.ESCROWED)\n    _warn",
        "    _warn",
        (COMMAND, "-k", "without_its_credential and sqlite"),
    ),
    Mutant(
        "what cannot be rewrapped is not said",
        "sendsecret/keys.py",
        "    if done.failed:\n        sys.exit(1)\n",
        "",
        (COMMAND, "-k", "nobody_has"),
    ),
)
