"""The named defects of records that people read: guesses given away, doors that open each other, links that live on."""

from tests.mutant import Mutant

STORE = "tests/store/test_record_pages.py"
GUESSES = "tests/store/test_record_guesses.py"
FORMAT = "tests/formats/test_record_page.py"
VERIFY = "tests/verifying/test_record_pages.py"
WEB = "tests/web/test_record_pages.py"
PAGE = "tests/viewer/test_whole_way.py"
VECTORS = "tests/viewer/test_formats.py"

MUTANTS_OF_RECORD_PAGES = (
    Mutant(
        "a key reads a record that has a page",
        "store/record_reads.py",
        "    return and_(is_live(store), records.c.door == RecordDoor.API)\n",
        "    return is_live(store)\n",
        (STORE, "-k", "key_that_fits and sqlite"),
        also=(
            ("store/record_reads.py", "is_live(store), records.c.door == door, has_reads", "is_live(store), has_reads"),
        ),
    ),
    Mutant(
        "whoever has the id of a page makes it look attacked",
        "store/record_refusals.py",
        "and_(records.c.id == record_id, records.c.door == RecordDoor.API)",
        "and_(records.c.id == record_id)",
        (STORE, "-k", "neither_door and sqlite"),
    ),
    Mutant(
        "a wrong link opens a record's door",
        "store/record_views.py",
        "    if not any(is_proven) or row is None:\n",
        "    if row is None:\n",
        (STORE, "-k", "wrong_link and sqlite"),
    ),
    Mutant(
        "guesses at a record are not paid for",
        "store/record_views.py",
        "round_guesses=case((is_right, 0), else_=record_pages.c.round_guesses + 1)",
        "round_guesses=case((is_right, 0), else_=1)",
        (GUESSES, "-k", "schedule and sqlite"),
    ),
    Mutant(
        "a right guess at a record forgives the wrong ones",
        "store/record_views.py",
        "guesses=record_pages.c.guesses + case((is_right, 0), else_=1)",
        "guesses=case((is_right, 0), else_=record_pages.c.guesses + 1)",
        (GUESSES, "-k", "forgives_nothing and sqlite"),
    ),
    Mutant(
        "a record's guesses do not wait",
        "store/record_views.py",
        "            record_pages.c.next_guess_at <= now,\n",
        "",
        (GUESSES, "-k", "fifty and sqlite"),
    ),
    Mutant(
        "a right guess at a record does not wait",
        "store/record_views.py",
        "    if row.next_guess_at > row.present:\n",
        "    if False:\n",
        (GUESSES, "-k", "schedule and sqlite"),
    ),
    Mutant(
        "a lost answer to a wrong guess at a record costs another",
        "store/record_views.py",
        "    if was_refused:\n",
        "    if False:\n",
        (GUESSES, "-k", "paid_for_once and sqlite"),
    ),
    Mutant(
        "a record is unlocked as often as anybody likes",
        "store/record_pages.py",
        "            record_pages.c.unlocks < MOST_UNLOCKS,\n",
        "",
        (GUESSES, "-k", "unlocked_twice and sqlite"),
        also=(("store/record_pages.py", "            record_pages.c.guesses < MOST_GUESSES,\n", ""),),
    ),
    Mutant(
        "an unlocking promises guesses that a link has no more",
        "store/record_pages.py",
        "    return Unlocked(tries, is_last=left == 0 or row.guesses + tries >= MOST_GUESSES)\n",
        "    return Unlocked(PER_ROUND, is_last=left == 0)\n",
        (GUESSES, "-k", "what_is_left and sqlite"),
    ),
    Mutant(
        "a leaked link lives where its page cannot be read",
        "store/record_pages.py",
        "    before = await _said_by(store, record_id) or instead\n",
        "    before = await _said_by(store, record_id)\n",
        ("tests/records/test_pages.py", "-k", "leaked_link and sqlite"),
    ),
    Mutant(
        "a credential stands in what a page is called anew",
        "sendsecret/records/acting.py",
        "for one in (label, held.named and held.named.label) if one]",
        "for one in (held.named and held.named.label,) if one]",
        ("tests/records/test_pages.py", "-k", "leaked_link and sqlite"),
    ),
    Mutant(
        "a view that was given up uses up the last read",
        "store/record_views.py",
        "            if not is_waited_for():\n",
        "            if False:\n",
        (STORE, "-k", "given_up and sqlite"),
    ),
    Mutant(
        "a guess at a link of before a rotation is one at the new link",
        "store/record_views.py",
        "and_(records.c.id == row.id, records.c.version == row.version, is_live(store), has_reads)",
        "and_(records.c.id == row.id, is_live(store), has_reads)",
        (GUESSES, "-k", "counts_for_neither and sqlite"),
    ),
    Mutant(
        "a late sweep changes when a record ended",
        "store/record_views.py",
        "min(row.ended_at or row.expires_at, row.expires_at)",
        "row.ended_at or row.expires_at",
        (STORE, "-k", "dead_link and sqlite"),
    ),
    Mutant(
        "an ended record keeps what its page said",
        "store/record_endings.py",
        "        await tx.execute(bare)\n",
        "",
        (STORE, "-k", "dead_link and sqlite"),
    ),
    Mutant(
        "refusals of a rotated link stay",
        "store/record_pages.py",
        "        await tx.execute(delete(refusals).where(refusals.c.drop_id == self.id))\n",
        "",
        (STORE, "-k", "rotated_link and sqlite"),
    ),
    Mutant(
        "a pepper goes while a record's link hangs on it",
        "store/keys/pepper.py",
        "needs = (hangs_on, is_named, is_linked)",
        "needs = (hangs_on, is_named)",
        (STORE, "-k", "pepper and sqlite"),
    ),
    Mutant(
        "what a record's page shows is not bound to its header",
        "store/formats/record_page_v1.py",
        '    return hashlib.sha256(header.encode("utf-8")).digest()\n',
        '    return b""\n',
        (FORMAT,),
    ),
    Mutant(
        "a record's page opens without its commitment",
        "store/formats/record_page_v1.py",
        "    if not hmac.compare_digest(commit, keys.commit):\n",
        "    if False:\n",
        (FORMAT, "-k", "bad_vectors"),
    ),
    Mutant(
        "a drop's link opens a record",
        "store/formats/link_v1.py",
        'Kind("v", "sendsecret/record/v1", "sendsecret/record/v1/chk", ("p",))',
        'Kind("v", "sendsecret/record/v1", "chk", ("p",))',
        (FORMAT,),
    ),
    Mutant(
        "the page of a record takes a drop's link",
        "reveal_web/machines/viewer/record_link.js",
        'check: "sendsecret/record/v1/chk"',
        'check: "chk"',
        (VECTORS, "-k", "links"),
    ),
    Mutant(
        "the page of a record opens what was made for other keys",
        "reveal_web/machines/viewer/record_page_v1.js",
        '  if (!sameBytes(received.subarray(0, INNER_AT), keys.commit)) throw new DamagedEnvelopeError("commit");\n',
        "",
        (VECTORS, "-k", "bad_vectors"),
    ),
    Mutant(
        "guesses given back are found in order",
        "store/verifying/standing.py",
        '_PAGE_COLUMNS: Final = ("guesses", "unlocks")',
        '_PAGE_COLUMNS: Final = ("unlocks",)',
        (VERIFY, "-k", "something_else and sqlite"),
    ),
    Mutant(
        "the web program says that a record was unlocked",
        "store/log/who_may_say.py",
        "        Event.RECORD_LOCKED,\n",
        "        Event.RECORD_LOCKED,\n        Event.RECORD_UNLOCKED,\n",
        (VERIFY, "-k", "unlocks_nothing and sqlite"),
    ),
    Mutant(
        "other sites' pages try passphrases of a record",
        "reveal_web/machines/record_page_routes.py",
        "            bodies.require_own_page(request, parts.settings.origin)\n",
        "",
        (WEB, "-k", "nonsense"),
    ),
    Mutant(
        "wrong links of records are not limited",
        "reveal_web/machines/record_page_routes.py",
        'problem("slow-down", retry_after=wait) if wait else problem("not-found")',
        'problem("not-found")',
        (WEB, "-k", "limited"),
    ),
    Mutant(
        "the key of a record that was read for the last time stays",
        "reveal_web/machines/record_page_routes.py",
        "        request.app[REFUSALS].erase(given.over)\n",
        "        pass\n",
        (WEB, "-k", "given_what"),
    ),
    Mutant(
        "each sending of a try at a record is another one",
        "reveal_web/machines/viewer/viewing.js",
        "untilAnswered(() => record.server.view(keys.authToken, attempt), progress.onTrouble)",
        "untilAnswered(() => record.server.view(keys.authToken, crypto.getRandomValues(attempt)), progress.onTrouble)",
        (PAGE, "-k", "lost_answer"),
    ),
)
