"""The named defects of `verify: slack`: each lets somebody in without the press of the recipient's own account."""

from tests.mutant import Mutant

WEB = "tests/web/test_verification.py"
REFUSED = "tests/bot/test_press_refused.py"
PRESS = "tests/bot/test_press_to_open.py"
STORE = "tests/store/test_verified_claims.py"

MUTANTS_OF_PRESSING = (
    Mutant(
        "a payment forgets the press",
        "store/payments.py",
        "        recipient_verification.is_verified(PRESENT),\n",
        "",
        (STORE, "-k", "between and sqlite"),
    ),
    Mutant(
        "a look forgets the press",
        "store/claims.py",
        "    recipient_verification.require(row)\n",
        "",
        (WEB, "-k", "opens_nothing"),
    ),
    Mutant(
        "a press is good for ever",
        "store/recipient_verification.py",
        "VERIFIED_MS: Final = 600_000",
        "VERIFIED_MS: Final = 600_000_000",
        (PRESS, "-k", "copied"),
    ),
    Mutant(
        "anybody's press counts",
        "bot/press_to_open.py",
        "            if (clicker.user_id, clicker.team_id) != (drop.recipient_id, drop.recipient_team):\n",
        "            if not clicker.user_id:\n",
        (REFUSED, "-k", "user_and_team"),
    ),
    Mutant(
        "the recipient's id counts with any team",
        "bot/press_to_open.py",
        "            if (clicker.user_id, clicker.team_id) != (drop.recipient_id, drop.recipient_team):\n",
        "            if clicker.user_id != drop.recipient_id:\n",
        (REFUSED, "-k", "user_and_team"),
    ),
    Mutant(
        "the message brings the link all the same",
        "bot/ways.py",
        "            press=press_values.of_link(link) if wants_press else None,\n",
        "",
        (PRESS, "-k", "opens_a_window"),
        also=(
            (
                "bot/ways.py",
                '            url="" if wants_press else link.url(public_url),\n',
                "            url=link.url(public_url),\n",
            ),
        ),
    ),
)
