"""The named defects of the API: each shows or ends what is somebody else's, or believes the database."""

from tests.mutant import Mutant

ACCESS = "tests/web/test_api_access.py"
OWN = "tests/store/test_api_tokens.py"
REVOKES = "tests/store/test_asked_revokes.py"

MUTANTS_OF_API = (
    Mutant(
        "tokens of a retired key read on",
        "store/keys/retiring.py",
        "            await tokens_of_a_key.end(tx, store, kid)\n",
        "",
        ("tests/web/test_retired_keys.py", "-k", "reads_no_more"),
    ),
    Mutant(
        "a key that is retired ends the tokens of every other",
        "store/tokens_of_a_key.py",
        "            if jws_v1.parse(row.signed.encode()).kid == kid:\n",
        "            if jws_v1.parse(row.signed.encode()).kid:\n",
        ("tests/web/test_retired_keys.py", "-k", "reads_no_more"),
    ),
    Mutant(
        "what a token is for is not judged on a route",
        "reveal_web/machines/bearer.py",
        "    if scope is not None and scope not in held.scopes:\n",
        "    if scope is not None and not held.scopes:\n",
        (ACCESS, "-k", "something_else"),
    ),
    Mutant(
        "the bot does not judge what a token is for",
        "store/tokens_granted.py",
        "    if scope not in grant.scopes:\n",
        "    if not grant.scopes:\n",
        (OWN, "-k", "was_signed and sqlite"),
    ),
    Mutant(
        "whoever writes the table makes a token read",
        "store/tokens.py",
        'token_id + proof + " ".join(sorted(scopes)).encode()',
        "token_id + proof",
        ("tests/store/test_tokens.py", "-k", "hash and sqlite"),
    ),
    Mutant(
        "somebody else's drop is shown",
        "store/own_drops.py",
        "(drop.team_id, drop.sender_id) == (owner.team_id, owner.user_id)",
        "drop.team_id == owner.team_id",
        (ACCESS, "-k", "somebody_elses"),
    ),
    Mutant(
        "another workspace's drop is shown",
        "store/own_drops.py",
        "(drop.team_id, drop.sender_id) == (owner.team_id, owner.user_id)",
        "drop.sender_id == owner.user_id",
        (OWN, "-k", "(own_drops or pages) and sqlite"),
    ),
    Mutant(
        "a drop is revoked without the sealed token",
        "store/asked_revokes.py",
        "    if token.id != one.token_id:\n        raise UnknownTokenError\n"
        "    return await tokens_granted.granted(store, token, speakers, Scope.REVOKE)\n",
        '    return (await tokens.whose(store, one.token_id)) or Owner("", "", "")\n',
        (REVOKES, "-k", "(sealed_token or meanwhile) and sqlite"),
        also=(
            (
                "store/asked_revokes.py",
                "    except FormatError:\n        raise UnknownTokenError from None\n",
                "    except FormatError:\n        pass\n",
            ),
        ),
    ),
    Mutant(
        "a token revokes what it was not sealed with",
        "store/formats/asked_revoke_v1.py",
        "hashlib.sha256(_LABELS[what] + which)",
        "hashlib.sha256(_LABELS[what])",
        (REVOKES, "-k", "sealed_token and sqlite"),
    ),
    Mutant(
        "the bot revokes anybody's drop",
        "store/asked_revokes.py",
        "    if not await is_own(store, owner, one.drop_id):\n",
        "    if not owner.user_id:\n",
        (REVOKES, "-k", "somebody_elses and sqlite"),
    ),
    Mutant(
        "a token that has just ended revokes",
        "store/asked_revokes.py",
        "        raise UnknownTokenError  # it ended between two lines",
        "        return  # it ended between two lines",
        (REVOKES, "-k", "meanwhile and sqlite"),
    ),
    Mutant(
        "the web program's key says that a token revoked",
        "store/log/who_may_say.py",
        'claims.get("what") not in list(Read):\n',
        'claims.get("what") == "nothing":\n',
        (OWN, "-k", "web_programs_key and sqlite"),
    ),
    Mutant(
        "a client that polls fills the log",
        "store/token_reads.py",
        "        elif at - before.since < MINUTE_MS:\n",
        "        elif at < before.since:\n",
        (OWN, "-k", "once_a_minute and sqlite"),
    ),
    Mutant(
        "what was looked at is not on record",
        "reveal_web/machines/own_drop_routes.py",
        "    await token_reads.record(parts.store, known.token.id, what)\n",
        "",
        ("tests/web/test_own_drops.py", "-k", "polls"),
    ),
    Mutant(
        "one token keeps the server busy",
        "reveal_web/machines/own_drop_routes.py",
        "            if wait := request.app[limit].count(known.token.id_text):\n",
        '            if wait := request.app[limit].count("") and 0:\n',
        ("tests/web/test_own_drops.py", "-k", "busy"),
    ),
    Mutant(
        "a token is ended by whoever knows its name",
        "bot/token_window.py",
        "by=Actor.SENDER, user_id=user_id)",
        "by=Actor.SENDER)",
        ("tests/bot/test_token_window.py", "-k", "somebody_elses"),
    ),
    Mutant(
        "a guest is given a token by the window's form",
        "bot/token_window.py",
        "        if not self.policy.may_send(person):\n            return wording.MAY_NOT_NOW\n",
        "",
        ("tests/bot/test_token_window.py", "-k", "guest"),
    ),
    Mutant(
        "a form that failed is locked",
        "bot/token_window.py",
        "                if isinstance(made, str):  #",
        "                if made:  #",
        ("tests/bot/test_token_window.py", "-k", "foresaw"),
    ),
    Mutant(
        "whoever wants a token ended is given another",
        "bot/token_desk.py",
        '            case ["revoke", *some] if all(',
        '            case ["revoke", *some] if not some and all(',
        ("tests/bot/test_token_window.py", "-k", "what_is_named"),
    ),
    Mutant(
        "the document leaves out that an order is used",
        "reveal_web/machines/described/order_paths.py",
        '"not-found", "order-used", "unacceptable"',
        '"not-found", "unacceptable"',
        ("tests/web/test_api_schema.py", "-k", "orders and drop"),
    ),
    Mutant(
        "two at once have more tokens than anybody may",
        "store/tokens.py",
        "        await _one_at_a_time(tx, store, pseudonym)\n",
        "",
        ("tests/store/test_tokens.py", "-k", "two_at_once and postgres"),
    ),
    Mutant(
        "a form that comes twice makes two tokens",
        "bot/token_window.py",
        "        elif view_id in self._made:\n",
        "        elif not view_id:\n",
        ("tests/bot/test_token_window.py", "-k", "twice"),
    ),
)
