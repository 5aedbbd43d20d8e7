"""The named defects of records that clients ask for: each makes one that nobody asked for, or keeps too much."""

from tests.mutant import Mutant

STORE = "tests/store/test_asked_records.py"
BOT = "tests/bot/test_records_asked.py"
PAGES = "tests/store/test_asked_pages.py"
WEB = "tests/web/test_record_making.py"

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
        "the commitment of a client's page can be exchanged on its way to the bot",
        "store/formats/asked_page_v1.py",
        "        proofs = (derived.link_proof, derived.auth_token, derived.commit)\n",
        "        proofs = (derived.link_proof, derived.auth_token)\n",
        (PAGES, "-k", "not_sealed_to_the_bot and sqlite"),
    ),
    Mutant(
        "a client's page names another label than its owner's list",
        "store/asked_doors.py",
        "    if header.label != asked.wanted.label:\n",
        "    if False:\n",
        (PAGES, "-k", "says_something_else and label"),
    ),
    Mutant(
        "a client's page is sealed under the header of another id",
        "store/asked_doors.py",
        "    if header.id != asked.id:\n",
        "    if False:\n",
        (PAGES, "-k", "says_something_else and id"),
    ),
    Mutant(
        "what a client has sealed waits in clear",
        "store/asked_doors.py",
        '        "wrapped_key": personal.seal_asked(month_key, asked.id, kept),\n',
        '        "wrapped_key": kept,\n',
        (STORE, "-k", "holds_no_value and sqlite"),
        also=(
            (
                "store/asked_doors.py",
                "    kept = personal.asked_of(months, row.month, row.id, row.wrapped_key)\n",
                "    kept = row.wrapped_key\n",
            ),
        ),
    ),
    Mutant(
        "a page that was taken in once is judged by the clock again",
        "store/asked_records.py",
        "            if not await _is_known(tx, store, token, asked):\n                await _insert",
        "            asked_doors.require_fitting(asked, store.clock.now_seconds() * 1000)\n"
        "            if not await _is_known(tx, store, token, asked):\n                await _insert",
        (PAGES, "-k", "stays_the_same"),
    ),
    Mutant(
        "a token has a page say that somebody else shares it",
        "bot/records_asked.py",
        "            elif not self._may_name(one, sender):\n",
        "            elif False:\n",
        (BOT, "-k", "names_whoever"),
    ),
    Mutant(
        "a key's proof passes for a page's",
        "reveal_web/machines/record_bodies.py",
        "        raise unacceptable(_OTHER_DOOR)\n",
        "        pass\n",
        (WEB, "-k", "is_no_page"),
    ),
    Mutant(
        "the passphrase of a page stands in its label",
        "sendsecret/records/page_passphrase.py",
        "        refuse(wording.PASSPHRASE_TELLS, 2)\n",
        "        pass\n",
        ("tests/records/test_pages.py", "-k", "of_ones_own and sqlite"),
    ),
    Mutant(
        "somebody else's token is told of a record that waits",
        "store/asked_records.py",
        "    if row.token_id != token.id or not hmac.compare_digest(row.asked, _digest(asked)):\n",
        "    if not hmac.compare_digest(row.asked, _digest(asked)):\n",
        (STORE, "-k", "id_is_one and sqlite"),
    ),
    Mutant(
        "a record that was made seems to be another one's",
        "store/asked_records.py",
        "        if not is_it or not hmac.compare_digest(before.asked, _digest(asked)):\n",
        "        if not is_it:\n",
        (STORE, "-k", "id_is_one and sqlite"),
    ),
    Mutant(
        "the key of a record that came to nothing stays in the keyring",
        "store/asked_records.py",
        "            await erase(store, name)\n        raise\n",
        "            pass\n        raise\n",
        (STORE, "-k", "ends_meanwhile and sqlite"),
    ),
    Mutant(
        "the key of a record that broke off before its commit stays in the keyring",
        "store/asked_records.py",
        "        if not (is_whole and isinstance(error, StoreUnavailableError)):\n",
        "        if not isinstance(error, StoreUnavailableError):\n",
        (STORE, "-k", "breaks_off and sqlite"),
    ),
    Mutant(
        "whoever makes a record takes the token's row before the pace, and whoever orders the other way round",
        "store/asked_records.py",
        "            await sending_bounds.require_pace(tx, store, owner.user_id)\n",
        "",
        ("tests/store/test_asked_at_once.py",),
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
        "            if isinstance(sender, Refusal):\n",
        "            if False:\n",
        (BOT, "-k", "its_owners"),
    ),
    Mutant(
        "an id that is asked about as a drop ends a record",
        "store/formats/asked_revoke_v1.py",
        "hashlib.sha256(_LABELS[what] + which)",
        "hashlib.sha256(_LABELS[Revocable.DROP] + which)",
        ("tests/store/test_asked_revokes.py", "-k", "as_a_drop and sqlite"),
    ),
    Mutant(
        "the bot revokes anybody's record",
        "store/asked_revokes.py",
        "    if not await own_records.is_own(store, owner.user_id, owner.team_id, one.drop_id):\n",
        "    if False:\n",
        ("tests/store/test_asked_revokes.py", "-k", "its_owners_token and sqlite"),
    ),
    Mutant(
        "a token reads of anybody's records",
        "store/own_records.py",
        "    if held.named is None or held.named.owner != owner or ",
        "    if held.named is None or ",
        ("tests/web/test_api_access.py", "-k", "not_there and records"),
    ),
    Mutant(
        "a server's answer stands in the line that somebody pastes",
        "sendsecret/sending/record_routes.py",
        "is_plain(url) and _SHELL_SAFE.fullmatch(url) and url.startswith",
        "url.startswith",
        ("tests/sending/test_own_records.py",),
    ),
    Mutant(
        "a lost answer to a commit erases the key of a record that is there",
        "store/asked_records.py",
        "        if not (is_whole and isinstance(error, StoreUnavailableError)):\n",
        "        if True:\n",
        (STORE, "-k", "lost_answer and sqlite"),
    ),
    Mutant(
        "a name that cannot be read is somebody else's",
        "store/own_records.py",
        "    if held.is_unreadable:\n",
        "    if False:\n",
        (STORE, "-k", "told_just_now and sqlite"),
    ),
    Mutant(
        "what was handed in is forgotten at the next refusal",
        "sendsecret/sending/own_records.py",
        "            if may_be and found.word not in _FINAL:\n",
        "            if False:\n",
        ("tests/sending/test_own_records.py", "-k", "stays_unsure"),
    ),
)
