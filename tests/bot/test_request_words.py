"""What a request asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request_words import Asked, Fault, read

DANA = "<@U0DANA|dana>"
MAIL = "<mailto:dana@example.com|dana@example.com>"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (f"{DANA} Stripe key", Asked("U0DANA", None, "Stripe key")),
        (f"{DANA}, Stripe   key\nfor you", Asked("U0DANA", None, "Stripe key for you")),
        (f"{DANA} R&amp;D &lt;prod&gt;", Asked("U0DANA", None, "R&D <prod>")),
        (f"{DANA} <http://stripe.com|stripe.com> key", Asked("U0DANA", None, "stripe.com key")),
        (f"{DANA} <https://stripe.com/a> key", Asked("U0DANA", None, "https://stripe.com/a key")),
        (f"{DANA} R&amp;amp;D", Asked("U0DANA", None, "R&amp;D")),
        (f"{DANA}; Stripe key", Asked("U0DANA", None, "Stripe key")),
        (f"{DANA} half \ud800 key", Asked("U0DANA", None, "half key")),
        ("Stripe key", Asked(None, None, "Stripe key")),
        ("dana@example.com Stripe key", Asked(None, "dana@example.com", "Stripe key")),
        (f"{MAIL}, Stripe key", Asked(None, "dana@example.com", "Stripe key")),
        ("dana@example.com; Stripe key", Asked(None, "dana@example.com", "Stripe key")),
        ("<mailto:r&amp;d@example.com|r&amp;d@example.com> key", Asked(None, "r&d@example.com", "key")),
        ("Stripe key dana@example.com", Asked(None, None, "Stripe key dana@example.com")),
        (f"Stripe key of {MAIL}", Asked(None, None, "Stripe key of dana@example.com")),
        (f"{DANA} password of {MAIL}", Asked("U0DANA", None, "password of dana@example.com")),
        ("root@db1.internal password", Asked(None, None, "root@db1.internal password")),
        ("<mailto:root@db1.LAN|root@db1.LAN> password", Asked(None, None, "root@db1.LAN password")),
        ("root@db1.local password", Asked(None, None, "root@db1.local password")),
        (f"{DANA} <mailto:root@db1.internal|root@db1.internal>", Asked("U0DANA", None, "root@db1.internal")),
        ("root@db1.internal dana@example.com", Asked(None, None, "root@db1.internal dana@example.com")),
        ("postgres://app@db.example.com/prod", Asked(None, None, "postgres://app@db.example.com/prod")),
        ("", Fault.NO_LABEL),
        (DANA, Fault.NO_LABEL),
        (MAIL, Fault.NO_LABEL),
        (f"{DANA} <@U0SAM> key", Fault.SEVERAL),
        (f"{DANA} key for <@U0SAM>", Fault.SEVERAL),
        (f"{DANA} {MAIL} key", Fault.SEVERAL),
        (f"{MAIL} sam@example.com key", Fault.SEVERAL),
        (f"{MAIL}; sam@example.com key", Fault.SEVERAL),
        (f"{MAIL};", Fault.NO_LABEL),
        ("key for <@U0SAM>", Fault.NOBODY),
        ("<!subteam^S0TEAM> key", Fault.NOBODY),
        ("<#C0GENERAL|general> key", Fault.NOBODY),
        ("@danna key", Fault.NOBODY),
        (f"{DANA} " + "x" * 80, Asked("U0DANA", None, "x" * 80)),
        (f"{DANA} " + "x" * 81, Fault.LONG_LABEL),
    ],
)
def test_each_line_has_one_meaning(words: str, meant: object) -> None:
    """One person, one address or nobody, and a label in one line."""
    assert read(words) == meant


@given(st.text(max_size=120))
def test_whatever_is_typed_means_something_and_can_be_logged(words: str) -> None:
    """No line is an error, and what it means shows no label by accident."""
    meant = read(f"{DANA} {words}")
    if isinstance(meant, Asked):
        assert len(meant.label) <= 80
        assert "\n" not in meant.label
        assert len(meant.label) < 12 or meant.label not in repr(meant)
