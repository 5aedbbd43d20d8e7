"""The named defects of the handing over itself: claim, guesses, endings, signatures, and what is said of them."""

from tests.mutant import Mutant

RACES = "tests/races/test_races.py"
LIFE = "tests/store/test_life.py"
ENDINGS = "tests/store/test_endings.py"
CRASHES = "tests/store/test_crashes.py"
SIGNATURES = "tests/bot/test_signatures.py"

MUTANTS_OF_HANDOFF = (
    Mutant(
        "no state guard on the claim",
        "store/payments.py",
        '        drops.c.n == bindparam("seen"),\n        drops.c.state == State.SEALED,\n',
        "",
        (RACES, "-k", "fifty and sqlite"),
        # The numbers of events and a trigger would still refuse a second claim; this is about the statement.
        also=(
            (
                "store/migrations/versions/0001_thread.py",
                '        sa.UniqueConstraint("drop_id", "n", name="events_are_numbered_per_drop"),\n',
                "",
            ),
            (
                "store/migrations/versions/0005_months.py",
                '"OLD.claim_hash IS NOT NULL AND (NEW.claim_hash IS NULL OR NEW.claim_hash <> OLD.claim_hash)"',
                '"1 = 0"',
            ),
        ),
    ),
    Mutant(
        "a guess is compared before it is paid for",
        "store/claims.py",
        "        paid = await payments.pay(store, row, presented, drop_key, visitor)\n",
        "        if stored_v1.auth_token_verifier(drop_key, row.id, presented.auth_token) != row.v2:\n"
        "            await payments.pay(store, row, presented, drop_key, visitor)\n"
        "            raise _refusal(row)\n"
        "        paid = await payments.pay(store, row, presented, drop_key, visitor)\n",
        (RACES, "-k", "hundred and sqlite"),
    ),
    Mutant(
        "a guess is paid for that nobody waits for",
        "store/payments.py",
        "    if time.monotonic() > presented.answered_by:\n",
        "    if False:\n",
        ("tests/web/test_limits.py", "-k", "hangs_is_answered_for"),
    ),
    Mutant(
        "a claim that nobody has counts as a wrong link",
        "store/claims.py",
        "        raise NothingClaimedError\n",
        "        raise UnknownDropError\n",
        ("tests/web/test_limits.py", "-k", "look_like_a_guesser"),
        also=(("store/claims.py", "    NothingClaimedError,\n", "    UnknownDropError,\n"),),
    ),
    Mutant(
        "large envelopes are in memory without number",
        "store/large.py",
        "if is_won else MOST_LARGE",
        "if is_won else 10 * MOST_LARGE",
        ("tests/web/test_large_claims.py",),
    ),
    Mutant(
        "a claim that was won is lost to other people's first ones",
        "store/large.py",
        "MOST_LARGE + MOST_AGAIN if is_won else MOST_LARGE",
        "MOST_LARGE",
        ("tests/web/test_large_claims.py", "-k", "places_of"),
    ),
    Mutant(
        "a claim that asks again is in memory without number",
        "store/large.py",
        "MOST_LARGE + MOST_AGAIN if",
        "MOST_LARGE + 10 * MOST_AGAIN if",
        ("tests/web/test_large_claims.py", "-k", "places_of"),
    ),
    Mutant(
        "a claim that was sent all takes a place",
        "store/claims.py",
        "if is_won and row.sends >= MOST_SENDS:",
        "if False:",
        ("tests/web/test_large_claims.py", "-k", "without_sends"),
    ),
    Mutant(
        "a large envelope counts no more while it is being sent",
        "store/claims.py",
        "_release(store, paid, room.kept(envelope))",
        "_release(store, paid, envelope)",
        ("tests/web/test_large_claims.py",),
    ),
    Mutant(
        "a sender whom Slack does not name is a stranger",
        "bot/rights.py",
        "raise NobodyKnownError",
        "return False",
        ("tests/bot/test_buttons.py", "-k", "from_outside_whom"),
    ),
    Mutant(
        "no schedule of guesses",
        "store/payments.py",
        "        drops.c.next_guess_at <= PRESENT,\n",
        "",
        (RACES, "-k", "hundred and sqlite"),
        also=(("store/claims.py", "row.state != State.CLAIMED and row.next_guess_at > row.present", "False"),),
    ),
    Mutant(
        "the key is erased before the commit that decides",
        "store/endings.py",
        "    if await _begin(store, drop_id, Outcome.REVOKED, by):\n",
        "    await store.keyring_act(store.keyring.erase, drop_id)\n"
        "    if await _begin(store, drop_id, Outcome.REVOKED, by):\n",
        (CRASHES, "-k", "revoke and sqlite"),
    ),
    Mutant(
        "the event in a second transaction",
        "store/endings.py",
        "        return False\n    await events.append(tx, store, _BEGINS",
        "        return False\n    async with store.db.write() as tx:\n        await events.append(tx, store, _BEGINS",
        (CRASHES, "-k", "revoke and sqlite"),
    ),
    Mutant(
        "expiry is left to the sweeper",
        "store/payments.py",
        "        drops.c.expires_at > PRESENT,\n",
        "",
        (ENDINGS, "-k", "without_a_sweeper and sqlite"),
        also=(
            (
                "store/door.py",
                "row.state in OPEN and row.expires_at > row.present:\n",
                "row.state in OPEN:\n",
            ),
        ),
    ),
    Mutant(
        "any claim may ask again",
        "store/door.py",
        "        if claim_hash is None or row.claim_hash != claim_hash:\n",
        "        if claim_hash is None:\n",
        (LIFE, "-k", "another_claim and sqlite"),
    ),
    Mutant(
        "the claim never ends",
        "store/claims.py",
        "                    drops.c.claim_until > store.clock.now(),\n",
        "",
        (LIFE, "-k", "minute and sqlite"),
        also=(
            (
                "store/door.py",
                "row.state == State.CLAIMED and row.claim_until > row.present:\n",
                "row.state == State.CLAIMED:\n",
            ),
        ),
    ),
    Mutant(
        "the key is unlinked but not overwritten",
        "store/keyring.py",
        "            os.pwrite(descriptor, _ERASED, 0)\n",
        "",
        ("tests/store/test_keyring.py", "-k", "live_then_erased"),
    ),
    Mutant(
        "an absent key ends the drop",
        "store/keyring.py",
        '                raise KeyUnreadableError("the key is absent")\n',
        "                return None\n",
        (ENDINGS, "-k", "absent and sqlite"),
    ),
    Mutant(
        "a refused pair is paid for again",
        "store/claims.py",
        "    if row.was_refused:\n        raise _refusal(row)\n",
        "",
        (LIFE, "-k", "refused_pair and sqlite"),
    ),
    Mutant(
        "people in clear in the log",
        "store/creation.py",
        '                "template": new.template,\n                **_rules(new),\n',
        '                "template": new.template,\n                "recipient": new.recipient_id,\n'
        "                **_rules(new),\n",
        ("tests/store/test_promises.py", "-k", "erasable and sqlite"),
    ),
    Mutant(
        "strict mode sends again",
        "store/claims.py",
        "drops.c.sends < (MOST_SENDS if store.redelivery_seconds else 1),",
        "drops.c.sends < MOST_SENDS,",
        (CRASHES, "-k", "strict and sqlite"),
    ),
    Mutant(
        "an unmounted keyring counts as destroyed",
        "store/endings.py",
        "    if drop is not None and drop.state is not State.DESTROYED:\n",
        "    if False:\n",
        (ENDINGS, "-k", "unmounted and sqlite"),
    ),
    Mutant(
        "one bad key stops the sweeper",
        "store/sweeper.py",
        "        except Exception:  # noqa: BLE001 - one key or one damaged row must not",
        "        except ZeroDivisionError:  # one key or one damaged row must not",
        (ENDINGS, "-k", "keeps_no_other and sqlite"),
    ),
    Mutant(
        "a new database takes over a used keyring",
        "store/migrating.py",
        "    if known is None and (keyring.ids() or keyring.records.ids()):\n",
        "    if False:\n",
        ("tests/store/test_keyring.py", "-k", "new_database and sqlite"),
    ),
    Mutant(
        "the place of a link in a second transaction",
        "store/deliveries.py",
        "        if place is not None:\n            await _remember(tx, store, drop_id, Audience.RECIPIENT, place)\n",
        "",
        (LIFE, "-k", "recorded_twice and sqlite"),
    ),
    Mutant(
        "anybody may sign",
        "bot/signatures.py",
        "        if not is_right:\n            raise NotFromSlackError(Reason.FORGED, skew)\n",
        "",
        (SIGNATURES, "-k", "forged"),
    ),
    Mutant(
        "a request never gets old",
        "bot/signatures.py",
        "        if abs(skew) > MOST_SKEW_SECONDS:\n            raise NotFromSlackError(Reason.STALE, skew)\n",
        "",
        (SIGNATURES, "-k", "stale"),
    ),
    Mutant(
        "a request is forgotten a second too early",
        "bot/signatures.py",
        "2 * MOST_SKEW_SECONDS + 1\n",
        "2 * MOST_SKEW_SECONDS\n",
        (SIGNATURES, "-k", "twice"),
    ),
    Mutant(
        "what is forged is remembered",
        "bot/signatures.py",
        "        if not is_right:\n",
        "        if not self._is_new(given, now) or not is_right:\n",
        (SIGNATURES, "-k", "remembered"),
    ),
)
