"""The named defects of sending: each orders in somebody's name what they have not asked for, or tells too much."""

from tests.mutant import Mutant

TOKENS = "tests/store/test_tokens.py"
ASKED = "tests/store/test_asked_orders.py"
BOT = "tests/bot/test_orders_asked.py"
ENDS = "tests/sending/test_ends.py"
WEB = "tests/web/test_asking.py"

MUTANTS_OF_SENDING = (
    Mutant(
        "nobody is told of a token that was made",
        "store/tokens.py",
        "personal=who, about=token.id)",
        "personal=who)",
        ("tests/bot/test_token_audit.py", "-k", "given"),
    ),
    Mutant(
        "nobody is told of a token that ended",
        "store/tokens.py",
        "facts=facts, about=token_id)",
        "facts=facts)",
        ("tests/bot/test_token_audit.py", "-k", "given"),
    ),
    Mutant(
        "a token that ended long ago is told to end",
        "store/forgetting_owners.py",
        "token_id if was_live else None",
        "token_id",
        ("tests/bot/test_token_audit.py", "-k", "ended_before"),
    ),
    Mutant(
        "a token that nobody gave is believed",
        "store/tokens_granted.py",
        "    if grant.id != token.id or not grant.is_of(owner, token.proof) or grant.until",
        "    if grant.until",
        (TOKENS, "-k", "(signed or hash) and sqlite"),
    ),
    Mutant(
        "a token asks for what somebody else wrote",
        "store/formats/sealed_question_v1.py",
        "    if not hmac.compare_digest(str(asked).encode(), digest.encode()):\n",
        "    if not asked:\n",
        (ASKED, "-k", "changed and sqlite"),
    ),
    Mutant(
        "a question is kept for ever",
        "store/formats/sealed_question_v1.py",
        "    if not now <= until <= now + WAITS_SECONDS + _SKEW_SECONDS:\n",
        "    if not now <= until:\n",
        (BOT, "-k", "kept_for_later"),
    ),
    Mutant(
        "a missing scope makes nobody of a member",
        "bot/asked_recipients.py",
        "            if error.code not in ABOUT_ONE_PERSON:\n",
        "            if not error.code:\n",
        (BOT, "-k", "about_our_app"),
    ),
    Mutant(
        "a login that others can read is used",
        "sendsecret/sending/login_file.py",
        "not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077 or",
        "not stat.S_ISREG(found.st_mode) or",
        (ENDS, "-k", "read_by_others"),
    ),
    Mutant(
        "a token of the environment goes to the file's server",
        "sendsecret/sending/login_file.py",
        "    if not (url or token or token_file):\n",
        "    if not url:\n",
        (ENDS, "-k", "half_an_environment"),
    ),
    Mutant(
        "an order for something else is sealed under",
        "sendsecret/sending/ordering.py",
        "    is_so = all(wish in (None, found) for wish, found in asked)\n",
        "    is_so = bool(asked)\n",
        (ENDS, "-k", "something_else"),
    ),
    Mutant(
        "an endless pipe is read to its end",
        "sendsecret/sending/secret_in.py",
        "    raw = source.read(MOST_BYTES + 1)\n",
        "    raw = source.read()\n",
        (ENDS, "-k", "endless"),
    ),
    Mutant(
        "the first of several pasted lines passes for the secret",
        "sendsecret/talking/terminal.py",
        "    if not is_one:\n",
        "    if is_one is None:\n",
        (ENDS, "-k", "pasted"),
    ),
    Mutant(
        "a token's secret is not compared",
        "store/tokens.py",
        "    if not hmac.compare_digest(token.proof, known) or row is None:\n",
        "    if row is None:\n",
        (TOKENS, "-k", "unknown and sqlite"),
    ),
    Mutant(
        "a guest of yesterday orders today",
        "bot/asked_recipients.py",
        "return person if person is not None and self.policy.may_send(person) else",
        "return person if person is not None else",
        (BOT, "-k", "member_any_more"),
    ),
    Mutant(
        "an ambiguous name is the first one's",
        "bot/asked_recipients.py",
        "        if len(found) > 1:\n",
        "        if len(found) > 9:\n",
        (BOT, "-k", "two_people"),
    ),
    Mutant(
        "wrong tokens are tried without end",
        "reveal_web/machines/bearer.py",
        "        if wait := request.app[WRONG_TOKENS].count(address):\n",
        "        if wait := 0 * len(address):\n",
        (WEB, "-k", "limited"),
    ),
)
