"""The named defects of sending: each orders in somebody's name what they have not asked for, or tells too much."""

from tests.mutant import Mutant

TOKENS = "tests/store/test_tokens.py"
ASKED = "tests/store/test_asked_orders.py"
BOT = "tests/bot/test_orders_asked.py"
WEB = "tests/web/test_asking.py"

MUTANTS_OF_SENDING = (
    Mutant(
        "a token that nobody gave is believed",
        "store/tokens.py",
        "    if grant.id != token.id or not grant.is_of(owner, token.proof) or grant.until",
        "    if grant.until",
        (TOKENS, "-k", "(signed or hash) and sqlite"),
    ),
    Mutant(
        "a token asks for what somebody else wrote",
        "store/formats/asked_order_v1.py",
        "    if not now <= until <= now + WAITS_SECONDS or not hmac.compare_digest(str(digest), wishes.digest):\n",
        "    if not now <= until <= now + WAITS_SECONDS:\n",
        (ASKED, "-k", "changed and sqlite"),
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
        "return person if person is not None and person.may_send else",
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
        "reveal_web/machines/ask_routes.py",
        "        if wait := request.app[WRONG_TOKENS].count(address):\n",
        "        if wait := 0 * len(address):\n",
        (WEB, "-k", "limited"),
    ),
)
