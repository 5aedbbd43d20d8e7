"""The named defects of rotation: each loses a key, keeps one that should be gone, or lets a retired one speak."""

from tests.mutant import Mutant

CRASHES = "tests/keys/test_crashes.py"
EVENT_KEYS = "tests/keys/test_event_keys.py"
LOG_KEY = "tests/keys/test_log_key.py"
OWNERS = "tests/keys/test_owners.py"
PEPPER = "tests/keys/test_pepper.py"
PUBLISHING = "tests/keys/test_publishing.py"
RETIRING = "tests/keys/test_retiring.py"

MUTANTS_OF_KEYS = (
    Mutant(
        "the old key is erased before the new one is in place",
        "store/key_files.py",
        "    new.replace(path)\n    sync_directory(path.parent)\n    erase(old)\n",
        "    erase(old)\n    new.replace(path)\n    sync_directory(path.parent)\n",
        (CRASHES, "-k", "leaves_a_key and before-event-bot"),
    ),
    Mutant(
        "what a crash left takes the key in use with it",
        "store/key_files.py",
        "    if old.samefile(path):\n",
        "    if False:\n",
        (CRASHES, "-k", "leaves_a_key and after-event-bot"),
    ),
    Mutant(
        "an old key is unlinked and not overwritten",
        "store/key_files.py",
        "    overwrite(path, 0, path.stat().st_size)\n    path.unlink()\n",
        "    path.unlink()\n",
        (EVENT_KEYS, "-k", "overwritten and sqlite"),
    ),
    Mutant(
        "a rotation is said twice",
        "store/keys/saying.py",
        "        if fault(row, speakers) is None and said.items()",
        "        if False and said.items()",
        (CRASHES, "-k", "leaves_a_key and after-event-web"),
    ),
    Mutant(
        "a forged event stands in for ours",
        "store/keys/saying.py",
        "        if fault(row, speakers) is None and said.items()",
        "        if said.items()",
        (RETIRING, "-k", "forged"),
    ),
    Mutant(
        "a new key signs before it is believed",
        "store/keys/event_keys.py",
        "        trust(signing_dir, new)\n        if only_prepare:",
        "        if only_prepare:",
        (EVENT_KEYS, "-k", "running_programs and sqlite"),
    ),
    Mutant(
        "a program signs with the key of its start",
        "store/signer.py",
        "        return self.key.sign(payload, kind)\n",
        "        self.__dict__.setdefault('_first', self.key)\n        return self._first.sign(payload, kind)\n",
        (EVENT_KEYS, "-k", "running_programs and sqlite"),
    ),
    Mutant(
        "what is read during a rotation is taken for a key",
        "store/watched.py",
        "        if _mark(path) == before:\n",
        "        if True:\n",
        ("tests/store/test_watched.py", "-k", "in_the_midst"),
    ),
    Mutant(
        "the pepper is read before the row",
        "store/drops.py",
        "    row = (await tx.execute(select(drops, _present(",
        "    peppers = store.keyring.peppers.live\n    row = (await tx.execute(select(drops, _present(",
        (PEPPER, "-k", "whenever_its_row and sqlite"),
        also=(("store/drops.py", "    peppers = store.keyring.peppers.live\n    # A list", "    # A list"),),
    ),
    Mutant(
        "the time tells under which pepper a link was made",
        "store/drops.py",
        "    if not any(is_proven) or row is None:\n",
        "    if not any(hmac.compare_digest(stored_v1.link_proof_verifier(p, drop_id, link_proof), known)"
        " for p in peppers) or row is None:\n",
        (PEPPER, "-k", "same_work and sqlite"),
        also=(("store/drops.py", " for pepper in peppers\n", " for pepper in ()\n"),),
    ),
    Mutant(
        "an old pepper is erased while links hang on it",
        "store/keys/pepper.py",
        "        if is_over and not is_needed:\n",
        "        if is_over:\n",
        (PEPPER, "-k", "nothing_hangs and sqlite"),
    ),
    Mutant(
        "an old pepper is erased within the hour",
        "store/keys/pepper.py",
        "        if is_over and not is_needed:\n",
        "        if not is_needed:\n",
        (PEPPER, "-k", "is_not_forgotten and sqlite"),
    ),
    Mutant(
        "a restored backup takes a key out of jwks.json",
        "store/keys/publishing.py",
        "            for kid, speaker in speakers.items():\n",
        "            for kid, speaker in list(speakers.items())[:0]:\n",
        (PUBLISHING, "-k", "out_of_jwks"),
    ),
    Mutant(
        "a clock that goes wrong ends links",
        "store/keys/pepper.py",
        "    return max(now, newest or 0)\n",
        "    return int(now)\n",
        (PEPPER, "-k", "goes_wrong and sqlite"),
    ),
    Mutant(
        "a key of a rotation that was cut short signs the log after a damage",
        "sendsecret/audit_log.py",
        "        for key in (path, *key_files.unfinished(path)):\n",
        "        for key in (path,):\n",
        ("tests/e2e/test_log_commands.py", "-k", "cut_short"),
    ),
    Mutant(
        "the sequencer holds on to the log's key",
        "store/log/sequencer.py",
        "to_thread(signer_of, self._signing_dir, opening.origin, opening.vkey)",
        "to_thread(lambda: self._signer)",
        (LOG_KEY, "-k", "running_sequencer and sqlite"),
    ),
    Mutant(
        "a key that was rotated away signs later logs",
        "store/log/log_key.py",
        "            if checkpoint_v1.number_of(origin) <= checkpoint_v1.number_of(last.origin):\n",
        "            if True:\n",
        (LOG_KEY, "-k", "signs_no_later_log and sqlite"),
    ),
    Mutant(
        "a log that is not well gets another key",
        "store/log/another.py",
        "    await guard.require_unbroken(tx, signer, before, known)\n    last =",
        "    last =",
        (LOG_KEY, "-k", "backup_from_before"),
    ),
    Mutant(
        "a key of somebody else is taken for none",
        "store/log/log_key.py",
        "    except NotOursError:\n        raise\n",
        "",
        (OWNERS, "-k", "called_damaged"),
    ),
    Mutant(
        "a lock is asked for that NFS refuses",
        "store/key_files.py",
        "os.O_WRONLY | os.O_CREAT, 0o600)",
        "os.O_RDONLY | os.O_CREAT, 0o600)",
        (OWNERS, "-k", "opened_for_writing"),
    ),
    Mutant(
        "a retired key speaks on",
        "store/log/who_may_say.py",
        "    if speaker.retired is not None and event.position > speaker.retired:\n",
        "    if False:\n",
        (RETIRING, "-k", "is_refused and sqlite"),
    ),
    Mutant(
        "a retired key gets more time",
        "store/log/who_may_say.py",
        "    if speaker.retired is None or speaker.retired > position:\n",
        "    if True:\n",
        (RETIRING, "-k", "never_moves and sqlite"),
    ),
    Mutant(
        "a key in use is retired",
        "store/keys/retiring.py",
        "            if EventKey.read(PROGRAMS[name], path).kid == kid:\n",
        "            if False:\n",
        (RETIRING, "-k", "in_use and sqlite"),
    ),
    Mutant(
        "a key that was retired comes into use",
        "store/keys/event_keys.py",
        " and speakers[known.kid].retired is None:\n",
        ":\n",
        (RETIRING, "-k", "never_comes_into_use and sqlite"),
    ),
    Mutant(
        "a rotation goes on while its key is retired",
        "store/keys/retiring.py",
        "alone(signing_dir, *(path.parent for path in files.values())):",
        "alone(signing_dir):",
        (RETIRING, "-k", "waits_for_a_rotation and sqlite"),
    ),
    Mutant(
        "a key that somebody uses is retired unasked",
        "store/keys/retiring.py",
        "            if not force:\n",
        "            if False:\n",
        (RETIRING, "-k", "in_use and sqlite"),
    ),
    Mutant(
        "a retirement does not wait for who was before it",
        "store/keys/retiring.py",
        "            await _wait_for_writers(tx, store)\n",
        "",
        (RETIRING, "-k", "earlier_position"),
    ),
    Mutant(
        "the log calls a key retired that is believed",
        "store/keys/retiring.py",
        "            refuse_from(signing_dir, kid, position)\n",
        "        refuse_from(signing_dir, kid, position)\n",
        (CRASHES, "-k", "retirement"),
    ),
    Mutant(
        "what a retired key had said before comes in behind its end",
        "store/log/sequencer.py",
        "            is_asked = and_(log_refused.c.why == UNKNOWN_KEY, log_refused.c.position.not_in(theirs))\n",
        "            is_asked = and_(log_refused.c.why == UNKNOWN_KEY, theirs is not None)\n",
        (RETIRING, "-k", "stays_out and sqlite"),
    ),
    Mutant(
        "a pack does not know who is retired",
        "store/verifying/pack_leaves.py",
        "        if leaf.kid in self._retired:\n",
        "        if False:\n",
        (RETIRING, "-k", "store_and_pack"),
    ),
    Mutant(
        "nobody notices a host that believes a retired key",
        "store/verifying/signatures.py",
        "        if end is None or end > position:\n",
        "        if False:\n",
        (RETIRING, "-k", "store_and_pack"),
    ),
)
