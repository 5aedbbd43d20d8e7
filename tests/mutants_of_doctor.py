"""The named defects of doctor, backup and restore: each calls well what is not, or brings back what is gone."""

from tests.mutant import Mutant

BACKUP = "tests/doctor/test_backup.py"
DATABASE = "tests/doctor/test_database.py"
FRONT = "tests/doctor/test_front.py"
INVARIANTS = "tests/doctor/test_invariants.py"
KEYRING = "tests/doctor/test_keyring.py"
LOSING = "tests/doctor/test_losing.py"
SETTINGS = "tests/doctor/test_settings.py"
SLACK = "tests/doctor/test_slack.py"

MUTANTS_OF_DOCTOR = (
    Mutant(
        "a drop that was claimed twice is well",
        "store/verifying/invariants.py",
        "if times > 1",
        "if times > 2",
        (INVARIANTS, "-k", "I1"),
    ),
    Mutant(
        "a key that outlived its drop is well",
        "store/verifying/invariants.py",
        "if drop in ended.drops and _is_live(keyring, drop)",
        "if drop in ended.drops and not _is_live(keyring, drop)",
        (INVARIANTS, "-k", "outlived and sqlite"),
    ),
    Mutant(
        "a transition that nobody is told of is well",
        "store/verifying/entries.py",
        "        if owed != there:\n",
        "        if len(owed) > len(there):\n",
        (INVARIANTS, "-k", "I3"),
    ),
    Mutant(
        "counters may go back",
        "store/verifying/invariants.py",
        "any(after < once for once",
        "any(after < 0 for once",
        (INVARIANTS, "-k", "went_back and sqlite"),
    ),
    Mutant(
        "a wrong DATABASE_URL is taken for the default's",
        "sendsecret/doctoring/known.py",
        'None if "DATABASE_URL" in wrong else secret(places.database_url)',
        "secret(places.database_url)",
        (SETTINGS, "-k", "opens_no_other"),
    ),
    Mutant(
        "a server that loses commits is well",
        "sendsecret/doctoring/on_database.py",
        "        if found not in strong:\n",
        "        if found is None:\n",
        (DATABASE, "-k", "wait_for_the_disk and postgresql"),
    ),
    Mutant(
        "a newer schema is to be migrated",
        "sendsecret/doctoring/on_database.py",
        "    if found < CURRENT:\n",
        "    if found != CURRENT:\n",
        (DATABASE, "-k", "another_schema and sqlite"),
    ),
    Mutant(
        "a keyring of another database is well",
        "sendsecret/doctoring/on_keyring.py",
        "            if theirs != keyring.id:\n",
        "            if not theirs:\n",
        (KEYRING, "-k", "that_are_not"),
    ),
    Mutant(
        "keys that everybody can read are well",
        "sendsecret/doctoring/files.py",
        "if found.st_mode & 0o007]",
        "if found.st_mode & 0o002]",
        (KEYRING, "-k", "that_are_not"),
    ),
    Mutant(
        "one user for both programs is a wall",
        "sendsecret/doctoring/on_signing.py",
        "    if bots != webs:\n",
        "    if bots == webs:\n",
        (KEYRING, "-k", "one_user"),
    ),
    Mutant(
        "SIGNING_DIR is made for everybody to read",
        "store/log/who_may_say.py",
        "        for folder in (signing_dir, path.parent):\n",
        "        for folder in (path.parent,):\n",
        (KEYRING, "-k", "that_are_well and sqlite"),
    ),
    Mutant(
        "messages that Slack does not take are well",
        "sendsecret/doctoring/on_room.py",
        "notices.c.parked.is_not(None), notices.c.done_at.is_(None)",
        "notices.c.parked.is_not(None), notices.c.done_at.is_not(None)",
        (KEYRING, "-k", "slack_does_not_take and sqlite"),
    ),
    Mutant(
        "a drop is lost although its key is there",
        "store/lost_keys.py",
        "is KeyState.ABSENT",
        "is not KeyState.ERASED",
        (LOSING, "-k", "ends_as_lost and sqlite"),
    ),
    Mutant(
        "any word ends what has no key",
        "sendsecret/doctoring/losing.py",
        "    if typed.strip() != _WORD:\n",
        "    if typed is None:\n",
        (LOSING, "-k", "without_the_word and sqlite"),
    ),
    Mutant(
        "a token may do more than is needed, and that is well",
        "sendsecret/doctoring/on_slack.py",
        "    if beyond := sorted(granted - wanted):\n",
        "    if beyond := sorted(wanted - wanted):\n",
        (SLACK, "-k", "that_is_not"),
    ),
    Mutant(
        "a header that was eaten is well",
        "sendsecret/doctoring/on_front.py",
        "if answer.headers.get(name.lower()) != value]",
        "if answer.headers.get(name.lower(), value) != value]",
        (FRONT, "-k", "eats"),
    ),
    Mutant(
        "a page that was rewritten is well",
        "sendsecret/doctoring/on_front.py",
        "    if bodies != {pages[is_demo]}:\n",
        "    if not bodies:\n",
        (FRONT, "-k", "rewrites"),
    ),
    Mutant(
        "what is open in a backup is left open",
        "store/after_restore.py",
        "    revoked = 0 if keep_open else await _revoke(store, left)\n",
        "    revoked = 0 if keep_open or left else await _revoke(store, left)\n",
        (BACKUP, "-k", "destroyed_since and sqlite"),
    ),
    Mutant(
        "what has no key any more comes back open",
        "store/after_restore.py",
        "    lost = await lost_keys.mark(store, absent)\n",
        "    lost = 0\n",
        (BACKUP, "-k", "destroyed_since and sqlite"),
    ),
    Mutant(
        "what had begun to end is never finished",
        "store/after_restore.py",
        "        await asyncio.to_thread(store.keyring.put_back_erased, drop_id)\n",
        "        await asyncio.to_thread(store.keyring.state, drop_id)\n",
        (BACKUP, "-k", "destroyed_since and sqlite"),
    ),
    Mutant(
        "a restored log is written on",
        "sendsecret/keeping/restore.py",
        "    if why is None:\n",
        "    if why is not None:\n",
        (BACKUP, "-k", "destroyed_since and sqlite"),
    ),
    Mutant(
        "a backup that was changed is put back",
        "sendsecret/keeping/folder.py",
        "        if _facts(path) != said:\n",
        "        if not said:\n",
        (BACKUP, "-k", "was_changed"),
    ),
    Mutant(
        "a backup goes into the keyring",
        "sendsecret/keeping/folder.py",
        ".is_relative_to(forbidden.resolve()):\n",
        '.is_relative_to(forbidden.resolve() / "none"):\n',
        (BACKUP, "-k", "over_nothing"),
    ),
    Mutant(
        "secrets among the settings go along",
        "sendsecret/keeping/backup.py",
        "if SecretStr.__name__ in str(field.annotation)",
        "if SecretStr.__name__ == str(field.annotation)",
        (BACKUP, "-k", "no_secret and sqlite"),
    ),
    Mutant(
        "private keys go along",
        "sendsecret/keeping/backup.py",
        '    for path in (*sorted((signing_dir / "trusted").glob("*")), signing_dir / "log.before"):\n'
        '        if path.suffix in (".jwk", ".retired", ".before") and path.is_file():\n',
        '    for path in (*sorted((signing_dir / "trusted").glob("*")), signing_dir / "log.key"):\n'
        "        if path.is_file():\n",
        (BACKUP, "-k", "no_secret and sqlite"),
    ),
    Mutant(
        "a database is replaced unasked",
        "sendsecret/keeping/restore.py",
        "    if not over and is_there(url)",
        "    if over and is_there(url)",
        (BACKUP, "-k", "destroyed_since and sqlite"),
    ),
)
