"""The named defects of records that clients ask for: each makes one that nobody asked for, or keeps too much."""

from tests.mutant import Mutant

STORE = "tests/store/test_asked_records.py"
BOT = "tests/bot/test_records_asked.py"

MUTANTS_OF_ASKED_RECORDS = (
    Mutant(
        "what a client sealed can be exchanged on its way to the bot",
        "store/formats/asked_record_v1.py",
        "self.inside.wrapped_key, self.inside.box, self.wanted",
        "self.inside.wrapped_key, b'', self.wanted",
        (STORE, "-k", "sealed_token and sqlite"),
    ),
    Mutant(
        "where a record's key is rotated can be exchanged on its way to the bot",
        "store/formats/asked_record_v1.py",
        'self.wanted.encode().encode("ascii"))',
        'self.wanted.label.encode("utf-8"))',
        (STORE, "-k", "sealed_token and sqlite"),
    ),
    Mutant(
        "somebody else's token is told of a record that waits",
        "store/asked_records.py",
        "    if row.token_id != token.id or not hmac.compare_digest(row.proof, asked.proof):\n",
        "    if not hmac.compare_digest(row.proof, asked.proof):\n",
        (STORE, "-k", "id_is_one and sqlite"),
    ),
    Mutant(
        "a record that was made seems to be another one's",
        "store/asked_records.py",
        "        if made.proof is None or not hmac.compare_digest(made.proof, asked.proof):\n",
        "        if made.proof is None:\n",
        (STORE, "-k", "id_is_one and sqlite"),
    ),
    Mutant(
        "the key of a record that came to nothing stays in the keyring",
        "store/asked_records.py",
        "        if not is_made and not await _may_be_there(store, one):\n",
        "        if False:\n",
        (STORE, "-k", "ends_meanwhile and sqlite"),
    ),
    Mutant(
        "a record is made with a token that has ended",
        "store/asked_records.py",
        "        raise UnknownTokenError  # it ended between two lines, and nothing of this is kept\n",
        "        pass\n",
        (STORE, "-k", "ends_meanwhile and sqlite"),
    ),
    Mutant(
        "whoever may not send makes records",
        "bot/records_asked.py",
        "            if isinstance(await self._judging.sender(owner.user_id), Refusal):\n",
        "            if False:\n",
        (BOT, "-k", "its_owners"),
    ),
)
