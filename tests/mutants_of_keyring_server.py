"""The named defects of a keyring on a server (KEYRING_URL)."""

from tests.mutant import Mutant

SERVER = "tests/faults/test_keyring_server.py"

MUTANTS_OF_KEYRING_SERVER = (
    Mutant(
        "keyring's server: an absent key is a lost one",
        "store/keys_on_server.py",
        '        return row["is_it"], row["is_old"]\n',
        '        return True, row["is_old"]\n',
        (SERVER, "-k", "loses_what_was_open"),
    ),
    Mutant(
        "keyring's server: a crash is never found out",
        "store/keys_on_server.py",
        'AND EXISTS (SELECT FROM begun)"',
        'AND NOT EXISTS (SELECT FROM begun)"',
        (SERVER, "-k", "loses_what_was_open"),
    ),
    Mutant(
        "keyring's server: a promoted one has crashed",
        "store/keys_on_server.py",
        'f"AND timeline = {TIMELINE} ON CONFLICT',
        '"ON CONFLICT',
        (SERVER, "-k", "taken_for_a_crash"),
    ),
    Mutant(
        "keyring's server: a promoted one is given new keys",
        "store/keys_on_server.py",
        '            f"AND timeline = {TIMELINE} "\n',
        "",
        (SERVER, "-k", "taken_for_a_crash"),
    ),
    Mutant(
        "keyring's server: a host without a bot gets a bot's keys",
        "sendsecret/programs.py",
        "if is_elsewhere and not new_bot_keys:",
        "if False:",
        (SERVER, "-k", "once_he_may"),
    ),
    Mutant(
        "keyring's server: deleted keys that somebody still sees are tidied away",
        "store/keys_on_server.py",
        "            if not table.has_dead():\n",
        "            if True:\n",
        (SERVER, "-k", "taken_for_tidy"),
    ),
    Mutant(
        "keyring's server: a key that is there is put down as emptied",
        "store/keys_on_server.py",
        " AND NOT EXISTS (SELECT FROM {self._table} WHERE id = one) ",
        " ",
        (SERVER, "-k", "loses_what_was_open"),
    ),
    Mutant(
        "keyring's server: a receipt says that we deleted what a crash took",
        "store/keys_on_server.py",
        'return FOUND_EMPTIED if rows and rows[0]["emptied"] else ON_SERVER',
        "return ON_SERVER if rows else FOUND_EMPTIED",
        (SERVER, "-k", "loses_what_was_open or no_file_of_either"),
    ),
    Mutant(
        "keyring's server: any server will do while a program runs",
        "store/keys_on_server.py",
        '            "WHERE keyring_id = $1",\n            key_id,\n        )\n        if not rows:\n',
        "            \"WHERE $1 <> ''\",\n            key_id,\n        )\n        if not rows:\n",
        (SERVER, "-k", "believed_by_no_program"),
    ),
    Mutant(
        "keyring's server: a program starts beside any server",
        "store/keyring_kinds.py",
        "        keyring.require_there()\n",
        "",
        (SERVER, "-k", "believed_by_no_program"),
    ),
    Mutant(
        "keyring's server: the last key of a page stays in its file",
        "store/keys_on_server.py",
        'f"VACUUM (FULL) {DROPS}", ',
        "",
        (SERVER, "-k", "no_file_of_either"),
    ),
    Mutant(
        "keyring's server: drop keys are in its WAL",
        "store/keyring_making.py",
        "CREATE UNLOGGED TABLE",
        "CREATE TABLE",
        (SERVER, "-k", "no_file_of_either"),
    ),
    Mutant(
        "keyring's server: what another program deleted and left stays",
        "store/keys_on_server.py",
        "if is_due or (look and one.has_dead()):",
        "if is_due:",
        (SERVER, "-k", "another_program_left"),
    ),
    Mutant(
        "keyring's server: a program waits for one that hangs",
        "store/keyring_server.py",
        "PATIENCE_SECONDS: Final = 1.5",
        "PATIENCE_SECONDS: Final = 15",
        (SERVER, "-k", "hangs"),
    ),
    Mutant(
        "keyring's server: the database itself will do",
        "store/keyring_apart.py",
        "    if ours.has_store if is_same is None else is_same:\n",
        "    if is_same is None and ours.has_store:\n",
        (SERVER, "-k", "not_in_its_own"),
    ),
)
